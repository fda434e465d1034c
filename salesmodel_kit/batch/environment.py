"""What a notebook's process sees of the caller's environment: what it needs, and nothing that is secret."""

from __future__ import annotations

import os
from pathlib import Path

from salesmodel_kit.client.kept import FOLDER_VARIABLE

#: Names that are passed on; every other one stays with the caller.
KEPT_VARIABLES: tuple[str, ...] = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX",
    "MPLCONFIGDIR", "LD_LIBRARY_PATH",
    "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "WINDIR", "APPDATA", "LOCALAPPDATA", "USERPROFILE",
    "TEMP", "TMP",
)  # fmt: skip
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def make_environment(folder: Path | None = None, *, kept: Path | None = None) -> dict[str, str]:
    """Return the environment of a process that runs notebooks.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The notebook's own; the user's start-up files have no part in a report.
    kept : pathlib.Path, optional
        Where the run keeps what it has computed for the notebook's client.

    Returns
    -------
    dict of str to str
        One thread for numerical libraries.
    """
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment |= dict.fromkeys(_THREADS, "1")
    if folder is not None:
        environment["IPYTHONDIR"] = str(folder)
    if kept is not None:
        environment[FOLDER_VARIABLE] = str(kept)
    return environment
