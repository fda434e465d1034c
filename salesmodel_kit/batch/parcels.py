"""What travels between a batch and a worker of a cluster: a client's input there, its results back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from salesmodel_kit.batch.limits import Limits
from salesmodel_kit.batch.remote import RemoteOut
from salesmodel_kit.batch.results import ClientResult


@dataclass(frozen=True)
class Parcel:
    """A client on its way to a worker of the cluster.

    Parameters
    ----------
    result : ClientResult
        As it waits; its input travels in ``files``.
    name : str
        Of its folder or workbook.
    files : mapping of str to bytes
        Its input, names seen from the folder that holds folder or workbook.
    notebooks : mapping of str to str
        Name -> content, outputs left out.
    kit : str
        Hash of what results depend on beside the input.
    code : str
        That of the kit alone: a worker with another one must not run the client.
    limits : Limits
        Of one notebook.
    language : {"en", "fr"}, optional
        Instead of the client's own.
    forks : bool
        Whether notebooks run in children of a preloaded process, where the worker's system has them.
    remote : RemoteOut, optional
        Where the worker writes the results; they travel home by default.
    """

    result: ClientResult
    name: str
    files: dict[str, bytes]
    notebooks: dict[str, str]
    kit: str
    code: str
    limits: Limits
    language: Literal["en", "fr"] | None
    forks: bool
    remote: RemoteOut | None = None


@dataclass(frozen=True)
class Answer:
    """What came of a client on a worker.

    Parameters
    ----------
    result : ClientResult
        Done, failed or refused.
    files : mapping of str to bytes
        Its results, or only ``run.json`` where the worker has written them elsewhere.
    """

    result: ClientResult
    files: dict[str, bytes]


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return relative path -> content of every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def write_tree(files: dict[str, bytes], folder: Path) -> None:
    """Write files below a folder; a name that leads out of it is an error."""
    for name, content in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
