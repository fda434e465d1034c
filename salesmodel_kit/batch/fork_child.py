"""The child of the template: an IPython shell that runs one notebook's cells and returns their outputs."""

from __future__ import annotations

import json
import os
import random
import socket
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from salesmodel_kit.batch.limits import limit_memory

Output = dict[str, Any]


class TooMuchOutput(RuntimeError):
    """A notebook put out more than it may."""


class Outputs:
    """The outputs of a notebook's cells, in the order in which they came.

    Streams of one name that follow one another are one output. An update of a display
    changes it wherever it stands, in earlier cells too.
    """

    def __init__(self, most_bytes: int = sys.maxsize) -> None:
        self.current: list[Output] = []
        self.updates: list[Output] = []
        self._shown: dict[str, list[Output]] = {}
        self._clears = False
        self._n_bytes, self._most_bytes = 0, most_bytes

    @property
    def is_full(self) -> bool:
        """Return whether the notebook has put out more than it may."""
        return self._n_bytes > self._most_bytes

    def _count(self, n_bytes: int) -> None:
        self._n_bytes += n_bytes
        if self.is_full:
            raise TooMuchOutput

    def begin(self) -> None:
        """Begin the next cell."""
        self.current, self.updates, self._clears = [], [], False

    def add(self, output: Output, *, display_id: str | None = None) -> None:
        """Add an output to the cell."""
        self._count(sum(len(value) if isinstance(value, str) else len(repr(value))
                        for value in output.get("data", {}).values()))
        if self._clears:
            self.current.clear()
            self._clears = False
        if display_id is not None:
            self._shown.setdefault(display_id, []).append(output)
            output["display_id"] = display_id
        self.current.append(output)

    def write(self, name: str, text: str) -> None:
        """Add text of a stream."""
        self._count(len(text))
        last = self.current[-1] if self.current and not self._clears else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self.add({"output_type": "stream", "name": name, "text": text})

    def update(self, display_id: str, data: Mapping[str, object], metadata: Mapping[str, object]) -> None:
        """Change every display of this id."""
        self._count(sum(len(str(value)) for value in data.values()))
        for output in self._shown.get(display_id, ()):
            output["data"], output["metadata"] = dict(data), dict(metadata)
        self.updates.append({"display_id": display_id, "data": dict(data), "metadata": dict(metadata)})

    def clear(self, *, wait: bool) -> None:
        """Take the cell's outputs away, now or with the next one."""
        if wait:
            self._clears = True
        else:
            self.current.clear()


class _Stream:
    """A text stream that writes into the outputs."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        self._outputs.write(self._name, text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError("an output of a notebook has no file number")


class _Hook(DisplayHook):
    """Results of cells."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Write nothing: notebooks have no prompt in their outputs."""

    def write_format_data(self, format_dict: Mapping[str, Any], md_dict: Mapping[str, Any] | None = None) -> None:
        data, metadata = _to_json(format_dict), dict(md_dict or {})
        self.outputs.add({"output_type": "execute_result", "data": data, "metadata": metadata,
                          "execution_count": self.prompt_count})

    def finish_displayhook(self) -> None:
        """Do nothing: the outputs are there already."""


class _Publisher(DisplayPublisher):
    """Displays of cells and their updates."""

    outputs: Outputs

    def publish(self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None, **settings: object) -> None:
        transient = settings.get("transient") or {}
        display_id, shown = transient.get("display_id"), _to_json(data)
        if settings.get("update"):
            self.outputs.update(display_id, shown, metadata or {})
        else:
            self.outputs.add({"output_type": "display_data", "data": shown, "metadata": dict(metadata or {})},
                             display_id=display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear(wait=wait)


def _to_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a bundle as notebooks hold it: pictures in base64."""
    import base64

    return {kind: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
            for kind, value in data.items()}


class _Shell(InteractiveShell):
    """A shell without terminal and without history."""

    displayhook_class = _Hook
    display_pub_class = _Publisher
    outputs: Outputs

    def init_history(self) -> None:
        self.config.HistoryManager.enabled = False
        super().init_history()

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.current.append({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue),
                                     "traceback": stb})


def run_cells(connection: socket.socket) -> None:
    """Serve one connection: settings first, then a cell a line; the answer holds what came of it.

    Parameters
    ----------
    connection : socket.socket
        Lines of JSON both ways.
    """
    with connection.makefile("rw", encoding="utf-8", newline="\n") as channel:
        settings = json.loads(channel.readline())
        _isolate(settings)
        outputs, shell = _make_shell(settings.get("output") or sys.maxsize)
        _send(channel, {"pid": os.getpid()})
        for line in channel:
            _send(channel, _run_cell(shell, outputs, json.loads(line)["source"]))


def _run_cell(shell: _Shell, outputs: Outputs, source: str) -> dict[str, object]:
    outputs.begin()
    count = shell.execution_count
    result = shell.run_cell(source, store_history=True)
    failure = result.error_before_exec or result.error_in_exec or (TooMuchOutput() if outputs.is_full else None)
    if outputs.is_full:
        outputs.current.clear()
        outputs.updates.clear()
    if failure is not None and not any(output["output_type"] == "error" for output in outputs.current):
        kind = TooMuchOutput if outputs.is_full else type(failure)
        outputs.current.append({"output_type": "error", "ename": kind.__name__, "evalue": str(failure),
                                "traceback": []})
    return {"outputs": outputs.current, "updates": outputs.updates, "execution_count": count,
            "failed": failure is not None}


def _send(channel: TextIO, answer: Mapping[str, object]) -> None:
    channel.write(json.dumps(answer, ensure_ascii=True, allow_nan=True) + "\n")
    channel.flush()


def _isolate(settings: Mapping[str, Any]) -> None:
    """Give the child its folder, its environment, its limits and a random state of its own."""
    import numpy as np

    os.chdir(settings["folder"])
    os.environ.clear()
    os.environ.update(settings["environment"])
    if settings.get("memory"):
        limit_memory(settings["memory"])
    random.seed()
    np.random.seed()


def _make_shell(most_bytes: int) -> tuple[Outputs, _Shell]:
    outputs = Outputs(most_bytes)
    shell = _Shell()
    shell.outputs = shell.displayhook.outputs = shell.display_pub.outputs = outputs
    InteractiveShell._instance = shell
    for kind in type(shell).mro():
        if issubclass(kind, InteractiveShell):
            kind._instance = shell
    sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)
    shell.enable_matplotlib("inline")
    return outputs, shell
