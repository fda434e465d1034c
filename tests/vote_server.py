"""A vote in a process of its own, as a consultant starts it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path


def find_port() -> str:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class Server:
    """``salesmodel workshop CLIENT --vote`` on a free port; ends with :meth:`end`."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [str(Path(sys.executable).with_name("salesmodel")), "workshop", str(folder), "--vote", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line)
            if "Ctrl-C" in line:
                break
        found = re.search(r"(http://[\d.]+:\d+)(/room\?key=\w+)", "".join(self.said))
        assert found is not None, "".join(self.said)
        self.address, self.room = found[1], found[1] + found[2]

    def end(self) -> str:
        """Interrupt it, and return everything that it said since."""
        if self.process.stdout.closed:
            return ""
        self.process.terminate()
        rest, _ = self.process.communicate(timeout=20)
        return rest
