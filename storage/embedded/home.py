"""Layout of ``HOSO_HOME``: where secrets, process records, logs and data of the embedded servers lie."""

import errno
import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ErrorCode, HosoError

_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})


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
    def database_pointer(self) -> Path:
        """Names the folder of the database where that lies outside; elsewhere there is none."""
        return self.path / "postgres.location"

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
        raise _refusal(error, Path(error.filename or path)) from error
    return home


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below ``folder``, which need not exist.

    Raises :class:`OSError` where it may not be looked into: a glob passes over such as if it were empty.
    """

    def told(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    for place, _, names in os.walk(folder, onerror=told):
        yield from (Path(place) / name for name in names)


def unusable(home: Path, error: OSError) -> HosoError | None:
    """``config_invalid`` where ``error`` says that a file of the home is closed to us; else ``None``.

    Any command may meet such a file, at any step: whoever tells errors to people asks here.
    """
    if error.errno not in _CLOSED or not isinstance(error.filename, str | bytes):
        return None
    file = Path(os.path.abspath(os.fsdecode(error.filename)))  # noqa: PTH100  # as HOSO_HOME is read: links keep their names
    below = file.is_relative_to(home) or file.is_relative_to(home.resolve())
    above = home.is_relative_to(file) and not os.path.lexists(home)
    return _refusal(error, file) if below or above else None


def _refusal(error: OSError, file: Path) -> HosoError:
    problem = f"HOSO_HOME: {file}: {error.strerror}; {_remedy(error, file)}"
    return HosoError(ErrorCode.CONFIG_INVALID, problems=[problem])


def _remedy(error: OSError, file: Path) -> str:
    if error.errno == errno.EROFS:
        return "make that file system writable, or set HOSO_HOME to a folder that is"
    seen = next(path for path in (file, *file.parents) if _owner(path) is not None)
    owner, us = _owner(seen), os.geteuid()
    if owner is None or us in {owner, 0}:
        return "put a folder that can be written in its place, or set HOSO_HOME to another"
    return (
        f"{seen} belongs to {_name(owner)}, and this command runs as {_name(us)}: "
        f"run it as {_name(owner)}, or set HOSO_HOME to a folder of {_name(us)}"
    )


def _owner(path: Path) -> int | None:
    """``None`` where the path is not there, or hidden from us."""
    try:
        return path.lstat().st_uid
    except OSError:
        return None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container's user without a name
        return f"user id {uid}"


def write_private(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` with mode 0600, whole or not at all (a crash leaves the old file)."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
