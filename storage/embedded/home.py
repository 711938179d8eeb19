"""Layout of ``HOSO_HOME``: where secrets, process records, logs and data of the embedded servers lie."""

import os
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ErrorCode, HosoError


@dataclass(frozen=True, kw_only=True)
class Home:
    """Folders of one installation; several homes live side by side on one machine."""

    path: Path

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys; 0700."""
        return self.path / "secrets"

    @property
    def run(self) -> Path:
        """Lock, process records, remembered ports; 0700."""
        return self.path / "run"

    @property
    def logs(self) -> Path:
        """One log per process; 0700."""
        return self.path / "logs"

    @property
    def objects(self) -> Path:
        """Configuration and data of the object store; 0700."""
        return self.path / "objects"

    @property
    def lock(self) -> Path:
        """Held (``flock``) for as long as a supervisor runs."""
        return self.run / "supervisor.lock"

    @property
    def ports(self) -> Path:
        """Ports chosen at the first start."""
        return self.run / "ports.json"

    @property
    def children(self) -> Path:
        """The processes that ``hoso up`` was asked to keep alive beside the servers."""
        return self.run / "children.json"


def prepare_home(path: Path) -> Home:
    """Create the folders. Raises ``config_invalid`` where the home cannot be written.

    As root the home itself is 0711: PostgreSQL runs as another user and must pass through it to its
    own folder; everything below is 0700.
    """
    home = Home(path=path)
    try:
        if not path.exists():
            path.mkdir(parents=True)
            path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for folder in (home.secrets, home.run, home.logs, home.objects):
            folder.mkdir(exist_ok=True, mode=0o700)
            folder.chmod(0o700)
    except OSError as error:
        raise HosoError(
            ErrorCode.CONFIG_INVALID, problems=[f"HOSO_HOME: {error.strerror}: {error.filename}"]
        ) from error
    return home


def write_private(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` with mode 0600, whole or not at all (a crash leaves the old file)."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
