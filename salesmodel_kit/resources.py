"""Where the kit's own notebooks, templates and demo clients lie."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def find_resource(*parts: str) -> Path:
    """Return the path of a file or folder that ships with the kit.

    Parameters
    ----------
    *parts : str
        Path below the project's top level, ``"templates", "report"`` for one.

    Returns
    -------
    pathlib.Path
        Inside the package when installed from a wheel, beside it in a checkout.
    """
    installed = _PACKAGE / "resources"
    root = installed if installed.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
