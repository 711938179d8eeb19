"""Up, down and status of everything that one machine runs.

``up`` takes the lock of the home, starts servers and children, and leaves a watcher behind that holds
the lock and restarts what dies. The lock lives as long as the watcher does: after kill -9, a power cut
or a recycled pid it is simply free, and the next ``up`` adopts what still runs and starts the rest.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import ErrorCode, HosoError
from storage import schema
from storage.embedded import children as children_
from storage.embedded import process
from storage.embedded.belonging import moved_from, require_own
from storage.embedded.home import Home, prepare_home
from storage.embedded.process import ManagedProcess
from storage.embedded.servers import (
    SERVERS,
    WATCHER,
    database_url,
    external_servers,
    s3_endpoint,
    start_servers,
    stop_servers,
)
from storage.object_store import S3ObjectStore
from storage.settings import Settings

_WATCHER_STOP = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))
_CODE_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class ProcessStatus:
    """One line of ``hoso status``."""

    name: str
    running: bool
    pid: int | None
    since: datetime | None
    log: Path


@dataclass(frozen=True, kw_only=True)
class Status:
    """``up`` is true while a watcher guards the home. ``external`` names servers run by others."""

    up: bool
    processes: tuple[ProcessStatus, ...]
    external: tuple[str, ...]


def up(
    settings: Settings,
    children: Sequence[ManagedProcess] = (),
    *,
    prepare: Callable[[], None] | None = None,
) -> Status:
    """Start servers, bring schema and buckets to this release, start ``children``, leave a watcher.

    ``prepare`` runs when the servers answer and before the first child starts.
    Returns when everything answers. On failure what was started is taken down again.
    Raises ``already_running`` (with the watcher's pid), ``home_copied``, ``server_start_failed``,
    ``tool_missing``, ``config_invalid``, ``database_unavailable``, ``object_store_unavailable``.
    """
    home = _own_home(settings)
    lock = _take_lock(home)
    try:
        try:
            if moved_from(home) is not None:  # what still runs has the former place for its home
                _stop_everything(home)
            _retire(home, keep=[child.name for child in children])
            start_servers(home, settings)
            schema.upgrade(database_url(settings))
            objects = S3ObjectStore(s3_endpoint(settings), bucket_prefix=settings.bucket_prefix)
            objects.ensure_buckets()
            if prepare is not None:
                prepare()
            children_.remember_children(home, children)
            for child in children:
                children_.start_child(home, child)
            for child in children:
                children_.await_ready(home, child)
            _start_watcher(home, settings, lock)
        except BaseException:
            _stop_everything(home)
            raise
    finally:
        os.close(lock)  # the watcher has inherited it and keeps it held
    return status(settings)


def down(settings: Settings) -> tuple[str, ...]:
    """Stop watcher, children and servers, in that order; returns the names of what was stopped.

    Safe to repeat. Raises ``already_running`` where another ``up`` or ``down`` is at work, ``home_copied``.
    """
    home = Home(path=settings.home)
    if not home.run.is_dir():
        return ()
    require_own(home)
    watcher = process.read_record(home, WATCHER)
    if watcher is not None:
        process.stop(watcher, steps=_WATCHER_STOP)
        process.forget(home, WATCHER)
    lock = _take_lock(home)
    try:
        return _stop_everything(home)
    finally:
        os.close(lock)


def status(settings: Settings) -> Status:
    """What runs now; needs no lock and changes nothing. Raises ``home_copied``."""
    home = Home(path=settings.home)
    require_own(home)
    external = external_servers(settings)
    expected = [name for name in SERVERS if name not in external]
    expected += [child.name for child in children_.remembered_children(home)]
    lines = tuple(_line(home, name) for name in (*expected, WATCHER))
    return Status(up=lines[-1].running, processes=lines, external=external)


def in_force(settings: Settings) -> Mapping[str, str]:
    """``HOSO_*`` as the running watcher, and so all that it started, has them; else those of ``settings``."""
    watcher = process.read_record(Home(path=settings.home), WATCHER)
    started = process.environment_of(watcher)
    return {n: v for n, v in started.items() if n.startswith("HOSO_")} or _as_environment(settings)


def differing(settings: Settings, running: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the settings that are not as in ``running``; how much is logged is each command's own."""
    here = _as_environment(settings)
    names = (f"HOSO_{name.upper()}" for name in type(settings).model_fields if name != "log_level")
    return tuple(name for name in names if here.get(name) != running.get(name))


@contextmanager
def with_servers(settings: Settings) -> Iterator[None]:
    """Servers that run are used as they are; else they run for as long as the block does, alone.

    Raises ``already_running`` where an ``up`` or ``down`` is at work, ``home_copied``, and what starting
    raises.
    """
    home = _own_home(settings)
    if any(process.is_alive(process.read_record(home, n)) for n in process.recorded_names(home)):
        yield
        return
    with alone(settings):
        start_servers(home, settings)
        yield


@contextmanager
def alone(settings: Settings) -> Iterator[Home]:
    """The home for oneself: no ``up`` may begin before the block ends.

    The block may start the servers; they are stopped at its end. Raises ``already_running`` where
    anything but servers runs in the home, ``home_copied``.
    """
    home = _own_home(settings)
    lock = _take_lock(home)
    try:
        busy = [name for name in process.recorded_names(home) if name not in SERVERS]
        if any(process.is_alive(process.read_record(home, name)) for name in busy):
            raise HosoError(ErrorCode.ALREADY_RUNNING, home=str(home.path))
        try:
            yield home
        finally:
            stop_servers(home)
    finally:
        os.close(lock)


def _own_home(settings: Settings) -> Home:
    home = prepare_home(settings.home)
    require_own(home)
    return home


def _take_lock(home: Home) -> int:
    """Descriptor of the held lock. Waits a moment, because a stopped watcher frees it asynchronously."""
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(20):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if process.is_alive(process.read_record(home, WATCHER)):
                break
            time.sleep(0.1)
        else:
            return descriptor
    os.close(descriptor)
    watcher = process.read_record(home, WATCHER)
    raise HosoError(
        ErrorCode.ALREADY_RUNNING, home=str(home.path), pid=None if watcher is None else watcher.pid
    )


def _start_watcher(home: Home, settings: Settings, lock: int) -> None:
    """The watcher gets the settings by its environment: overrides of this process included."""
    environment = {
        **os.environ,
        **_as_environment(settings),
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(_CODE_ROOT), os.environ.get("PYTHONPATH", "")])
        ),
    }
    process.spawn(
        home,
        WATCHER,
        [sys.executable, "-m", "storage.embedded.watch", str(lock)],
        cwd=Path.cwd(),
        env=environment,
        pass_fds=[lock],
    )


def _as_environment(settings: Settings) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is not None:
            plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
            values[f"HOSO_{name.upper()}"] = str(plain)
    return values


def _retire(home: Home, *, keep: Sequence[str]) -> None:
    """Stop children of an earlier ``up`` (its watcher was killed) that are not wanted any more."""
    known = {*keep, *SERVERS, WATCHER}
    children_.stop_children(home, [n for n in process.recorded_names(home) if n not in known])


def _stop_everything(home: Home) -> tuple[str, ...]:
    names = process.recorded_names(home)
    running = [name for name in names if process.is_alive(process.read_record(home, name))]
    stuck = children_.stop_children(home, [name for name in names if name not in SERVERS])
    stuck += stop_servers(home)
    if stuck:
        raise HosoError(ErrorCode.INTERNAL, problem="would not end", processes=stuck)
    return tuple(running)


def _line(home: Home, name: str) -> ProcessStatus:
    record = process.read_record(home, name)
    alive = record is not None and process.is_alive(record)
    return ProcessStatus(
        name=name,
        running=alive,
        pid=record.pid if record is not None and alive else None,
        since=datetime.fromtimestamp(record.started_at, UTC) if record and alive else None,
        log=process.log_path(home, name),
    )
