"""The kernel behind the page: started before the server, taken over when the page is first asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from jupyter_client.launcher import launch_kernel
from jupyter_client.provisioning import LocalProvisioner
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager

from salesmodel_kit.client.decisions import READ_ONLY


class WarmKernels:
    """Kernel processes that load and open before they are needed.

    Parameters
    ----------
    client : str
        Folder or workbook.
    is_read_only : bool
        The kernel refuses to write the client's journal.
    """

    def __init__(self, client: str, *, is_read_only: bool) -> None:
        self._command = [sys.executable, "-m", "salesmodel_kit.workshop.warm_kernel", client]
        self._is_read_only = is_read_only
        self._waiting: subprocess.Popen | None = None

    def start(self) -> None:
        """Start a process that waits to be taken, unless one does."""
        if self._waiting is None:
            quiet = {} if os.environ.get("SALESMODEL_DEBUG") else {"stderr": subprocess.DEVNULL}
            settings = {READ_ONLY: "1"} if self._is_read_only else {}
            self._waiting = launch_kernel(self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                          env={**os.environ, **settings}, **quiet)

    def find_failure(self) -> int | None:
        """Return the exit code of a waiting process that has ended."""
        return None if self._waiting is None else self._waiting.poll()

    def take(self, arguments: list[str], environment: dict[str, str]) -> subprocess.Popen:
        """Return the waiting process, or a new one, with its order given.

        Parameters
        ----------
        arguments : list of str
            What a kernel gets on its command line.
        environment : dict of str to str
            What it gets beside its environment.
        """
        self.start()
        process, self._waiting = self._waiting, None
        process.stdin.write(json.dumps({"arguments": arguments, "env": environment}).encode() + b"\n")
        process.stdin.close()
        return process

    def end(self) -> None:
        """End a process that still waits."""
        process, self._waiting = self._waiting, None
        if process is not None:
            process.kill()
            process.wait()


class WarmProvisioner(LocalProvisioner):
    """Gives Jupyter a process that waits instead of a new one."""

    warm: WarmKernels

    async def launch_kernel(self, cmd: list[str], **settings: object) -> dict[str, object]:
        """Return where the kernel listens, once it has its order."""
        arguments = cmd[cmd.index("-f"):]
        environment = {name: value for name, value in settings["env"].items() if os.environ.get(name) != value}
        self.process = self.warm.take(arguments, environment)
        self.pid = self.process.pid
        self.pgid = os.getpgid(self.pid) if hasattr(os, "getpgid") else None
        self.cwd = os.getcwd()
        return self.connection_info


class WarmKernelManager(ServerKernelManager):
    """One kernel of the server; it is never started anew by itself: it would come back without what it had."""

    async def start_kernel(self, **settings: object) -> None:
        """Start the kernel in the process that waits."""
        self.autorestart = False
        if self.provisioner is None:
            self.provisioner = WarmProvisioner(
                kernel_id=settings.get("kernel_id", ""), kernel_spec=self.kernel_spec, parent=self)
            self.provisioner.warm = self.parent.parent.warm
        await super().start_kernel(**settings)


class WarmKernelManagers(AsyncMappingKernelManager):
    """The kernels of the server; none ends because nobody looked at it for a while."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self.kernel_manager_class = f"{WarmKernelManager.__module__}.{WarmKernelManager.__name__}"
        self.cull_idle_timeout = 0
