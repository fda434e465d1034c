"""A kernel that loads the kit and opens its client before it is asked for: ``python -m ... CLIENT``.

It waits on its standard input for the command line that Jupyter gives a kernel.
A client that cannot be opened ends it at once.
"""

from __future__ import annotations

import json
import os
import sys

#: Exit code where the client cannot be opened; who started the process opens it once more and says why.
CANNOT_OPEN = 2


def skip_slow_imports() -> None:
    """Spare the second that jsonschema takes to compile a grammar of addresses, for formats that no notebook has."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def main() -> int:
    """Load, open, wait, then be the kernel; return the exit code."""
    skip_slow_imports()
    from salesmodel_kit.errors import SalesModelError

    try:
        names = _load(sys.argv[1])
    except SalesModelError:
        return CANNOT_OPEN
    order = sys.stdin.buffer.readline()
    if not order:  # the server has gone
        return 0
    _become_kernel(json.loads(order), names)
    return 0


def _load(client: str) -> dict[str, object]:
    """Return what the page's cell finds in its namespace."""
    import ipykernel.kernelapp  # noqa: F401

    from salesmodel_kit.workshop.opening import open_page, prepare_model

    return {"open_page": open_page, "model": prepare_model(client)}


def _become_kernel(order: dict[str, object], names: dict[str, object]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.environ.update(order["env"])
    kernel = IPKernelApp.instance()
    kernel.initialize([*order["arguments"], "--HistoryManager.enabled=False"])
    kernel.shell.push(names)
    kernel.start()


if __name__ == "__main__":
    sys.exit(main())
