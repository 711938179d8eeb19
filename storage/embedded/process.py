"""Processes that outlive the command that started them: records, logs, graceful stop then kill.

A record holds the pid together with the kernel's start time and boot id, so that after a crash or a
reboot a recycled pid is never mistaken for ours (Linux ``/proc``).
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from storage.embedded.home import Home, write_private

_POLL = 0.05
_LOG_LIMIT = 20 * 1024 * 1024
_START_TIME_FIELD = 19  # of /proc/<pid>/stat after the command name: field 22 of proc(5)


@dataclass(frozen=True, kw_only=True)
class ManagedProcess:
    """A process that the supervisor starts and keeps alive (web server, workers).

    ``env`` is added to the environment of the supervisor. ``ready_url``, where given, must answer 200
    before ``up`` returns.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProcessRecord:
    """One running process, as remembered in ``HOSO_HOME/run/<name>.json``."""

    name: str
    pid: int
    start_ticks: int
    boot_id: str
    started_at: float
    """Unix time, for people."""
    home: str | None = None
    """Where the home was, links resolved; ``None`` in records of earlier releases."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who a spawned process runs as; ``None`` in :func:`spawn` means the caller itself."""

    uid: int
    gid: int


def boot_id() -> str:
    """Changes with every start of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def start_ticks(pid: int) -> int | None:
    """Start time of ``pid`` in clock ticks since boot; ``None`` where it does not run (or is a zombie)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[_START_TIME_FIELD])


def is_alive(record: ProcessRecord | None) -> bool:
    """Whether exactly this process still runs."""
    return (
        record is not None
        and record.boot_id == boot_id()
        and start_ticks(record.pid) == record.start_ticks
    )


def read_record(home: Home, name: str) -> ProcessRecord | None:
    """The record of ``name``; ``None`` where there is none or it is unreadable after a crash."""
    try:
        return ProcessRecord(**json.loads(_record_path(home, name).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def remember(home: Home, name: str, pid: int) -> ProcessRecord | None:
    """Record the running process ``pid`` under ``name``; ``None`` when it has already ended."""
    ticks = start_ticks(pid)
    if ticks is None:
        return None
    record = ProcessRecord(
        name=name,
        pid=pid,
        start_ticks=ticks,
        boot_id=boot_id(),
        started_at=time.time(),
        home=str(home.path.resolve()),
    )
    write_private(_record_path(home, name), json.dumps(asdict(record)).encode())
    return record


def forget(home: Home, name: str) -> None:
    """Drop the record of ``name``."""
    _record_path(home, name).unlink(missing_ok=True)


def environment_of(record: ProcessRecord | None) -> dict[str, str]:
    """What the process was started with; empty where it does not run or is another user's."""
    if record is None or not is_alive(record):
        return {}
    try:
        pairs = Path(f"/proc/{record.pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return {}
    split = (os.fsdecode(pair).partition("=") for pair in pairs if pair)
    return {name: value for name, _, value in split}


def recorded_names(home: Home) -> tuple[str, ...]:
    """Names of all records, sorted."""
    return tuple(
        sorted(path.name.removesuffix(".pid.json") for path in home.run.glob("*.pid.json"))
    )


def log_path(home: Home, name: str) -> Path:
    """The log file of the process ``name``."""
    return home.logs / f"{name}.log"


def bound_log(path: Path) -> None:
    """Keep one older log beside a full one and empty it, which its process need not notice: it appends.

    What is written between the copy and the cut is lost, and where the disk is full, the older log too.
    """
    try:
        if path.stat().st_size <= _LOG_LIMIT:
            return
    except FileNotFoundError:
        return
    older = path.with_name(f"{path.name}.1")
    try:
        descriptor = os.open(older, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with path.open("rb") as full, os.fdopen(descriptor, "wb") as kept:
            shutil.copyfileobj(full, kept, 1024 * 1024)
    except OSError:
        older.unlink(missing_ok=True)
    os.truncate(path, 0)


def log_tail(home: Home, name: str, *, lines: int = 12) -> str:
    """The last lines of a log, for the message of a failed start."""
    try:
        with log_path(home, name).open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 8192))
            text = file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def spawn(
    home: Home,
    name: str,
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    identity: Identity | None = None,
    pass_fds: Sequence[int] = (),
) -> "subprocess.Popen[bytes]":
    """Start ``argv`` in a session of its own, output to its log, and record it.

    ``env`` replaces the environment where given. The caller decides how long to wait for readiness.
    Raises :class:`OSError` when the program cannot be started.
    """
    path = log_path(home, name)
    bound_log(path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as log:
        process = subprocess.Popen(  # noqa: S603  # argv comes from our own code, never from a request
            list(argv),
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(pass_fds),
            user=None if identity is None else identity.uid,
            group=None if identity is None else identity.gid,
            extra_groups=None if identity is None else [],
            umask=0o077,
        )
    remember(home, name, process.pid)
    return process


def stop(record: ProcessRecord, *, steps: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn and wait its seconds; true when the process has ended."""
    for signal_number, seconds in steps:
        if not is_alive(record):
            return True
        try:
            os.kill(record.pid, signal_number)
        except ProcessLookupError:
            return True
        if wait_ended(record, seconds=seconds):
            return True
    return not is_alive(record)


def wait_ended(record: ProcessRecord, *, seconds: float) -> bool:
    """Wait until the process has ended, at most ``seconds``; reaps it where it is our own child."""
    deadline = time.monotonic() + seconds
    while is_alive(record):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _record_path(home: Home, name: str) -> Path:
    return home.run / f"{name}.pid.json"
