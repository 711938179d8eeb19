"""The watcher: restarts what died. Started by ``up`` as ``python -m storage.embedded.watch LOCK``.

It never stops anything on its own end: ``down`` ends the watcher first and then the rest, and after
kill -9 of the watcher everything runs on until the next ``up`` or ``down``.
"""

import logging
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field

from domain.errors import HosoError
from storage.embedded import process
from storage.embedded.children import remembered_children, start_child, stop_children
from storage.embedded.home import Home
from storage.embedded.ports import remembered_ports
from storage.embedded.process import ManagedProcess
from storage.embedded.servers import SERVERS, WATCHER, external_servers, start_servers
from storage.settings import Settings, load_settings

logger = logging.getLogger("hoso.watcher")

_LOOK_SECONDS = 1.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_STEADY_SECONDS = 60.0
"""A process that ran this long has recovered; its next death is restarted at once again."""


@dataclass
class Patience:
    """How long to wait before the next restart of one process: doubles with every quick death."""

    wait: float = 0.0
    not_before: float = 0.0
    started: float = field(default_factory=time.monotonic)
    last_seen: float = 0.0

    def note_alive(self, now: float) -> None:
        """Remember that the process runs."""
        self.last_seen = now

    def may_start(self, now: float) -> bool:
        """Whether the wait is over."""
        return now >= self.not_before

    def note_start(self, now: float) -> None:
        """Remember a restart and set the wait before a further one."""
        steady = self.last_seen - self.started >= _STEADY_SECONDS
        self.wait = _FIRST_WAIT if steady else min(_LONGEST_WAIT, max(_FIRST_WAIT, self.wait * 2))
        self.started = now
        self.not_before = now + (0.0 if steady else self.wait)


class Watcher:
    """Looks once a second; servers first, because the children need them."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._home = home
        self._settings = settings
        self._patience: dict[str, Patience] = {}
        self._ports = remembered_ports(home)
        self.stopping = False

    def run(self) -> None:
        """Until told to stop."""
        while not self.stopping:
            reap()
            self.look()
            time.sleep(_LOOK_SECONDS)

    def look(self) -> None:
        """One round."""
        external = external_servers(self._settings)
        due = [name for name in SERVERS if name not in external and self._is_due(name)]
        if due:
            self._restart_servers()
        for child in remembered_children(self._home):
            if self._is_due(child.name):
                self._restart_child(child)
        for log in self._home.logs.glob("*.log"):
            with suppress(OSError):  # the next round tries again
                process.bound_log(log)

    def _is_due(self, name: str) -> bool:
        now = time.monotonic()
        patience = self._patience.setdefault(name, Patience())
        if process.is_alive(process.read_record(self._home, name)):
            patience.note_alive(now)
            return False
        if not patience.may_start(now):
            return False
        patience.note_start(now)
        logger.warning("%s is not running, starting it", name)
        return True

    def _restart_servers(self) -> None:
        try:
            start_servers(self._home, self._settings)
        except HosoError:
            logger.exception("a server did not start")
            return
        ports = remembered_ports(self._home)
        if ports != self._ports:
            # somebody took a port while its server was down: children know only the old one
            logger.warning("a server has a new port, restarting the children")
            self._ports = ports
            names = [child.name for child in remembered_children(self._home)]
            stop_children(self._home, names)

    def _restart_child(self, child: ManagedProcess) -> None:
        try:
            start_child(self._home, child)
        except HosoError:
            logger.exception("%s did not start", child.name)


def reap() -> None:
    """Collect our own dead children, so that they do not stay as zombies."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def main(lock: int) -> None:
    """``lock`` is the inherited descriptor; it stays open, and thereby locked, until this process ends."""
    os.set_inheritable(lock, False)
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    home = Home(path=settings.home)
    process.remember(home, WATCHER, os.getpid())
    watcher = Watcher(home, settings)

    def stop(_signal: int, _frame: object) -> None:
        watcher.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    watcher.run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
