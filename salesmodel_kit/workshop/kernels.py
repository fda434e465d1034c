"""The kernel behind the page: started before the server, taken over when the page is first asked for."""

from __future__ import annotations

import os

from jupyter_client.provisioning import LocalProvisioner
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager

from salesmodel_kit.workshop.waiting import WarmKernels


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

    #: Id of the kernel that is started next: the page that waits for it holds it already.
    next_id = ""

    def new_kernel_id(self, **_: object) -> str:
        """Return the id under which the page looks for the kernel."""
        return self.next_id

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self.kernel_manager_class = f"{WarmKernelManager.__module__}.{WarmKernelManager.__name__}"
        self.cull_idle_timeout = 0
