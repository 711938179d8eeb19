"""The processes that live beside the servers (web, workers): their list on disk, start and stop."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from domain.errors import ErrorCode, HosoError
from storage.embedded import process
from storage.embedded.home import Home, write_private
from storage.embedded.process import ManagedProcess, ProcessRecord

_READY_SECONDS = 90.0
_STOP = ((signal.SIGTERM, 30.0), (signal.SIGKILL, 5.0))


def remember_children(home: Home, children: Sequence[ManagedProcess]) -> None:
    """Write the list that the watcher reads; 0600, because environments may hold secrets."""
    write_private(home.children, json.dumps([asdict(child) for child in children]).encode())


def remembered_children(home: Home) -> tuple[ManagedProcess, ...]:
    """The list as last written; empty before the first ``up``, and where a bad disk spoiled it."""
    try:
        items = json.loads(home.children.read_bytes())
    except (FileNotFoundError, ValueError):
        return ()
    return tuple(ManagedProcess(**{**item, "argv": tuple(item["argv"])}) for item in items)


def start_child(home: Home, child: ManagedProcess) -> ProcessRecord:
    """Start ``child`` unless it runs. Raises ``server_start_failed``."""
    running = process.read_record(home, child.name)
    if running is not None and process.is_alive(running):
        return running
    environment = {**os.environ, **child.env, "HOSO_HOME": str(home.path)}
    try:
        process.spawn(home, child.name, child.argv, cwd=Path.cwd(), env=environment)
    except OSError as error:
        raise HosoError(
            ErrorCode.SERVER_START_FAILED, server=child.name, problem=str(error)
        ) from error
    record = process.read_record(home, child.name)
    if record is None:
        raise _failed(home, child)
    return record


def await_ready(home: Home, child: ManagedProcess) -> None:
    """Wait until ``ready_url`` answers 200. Raises ``server_start_failed`` with the end of the log."""
    deadline = time.monotonic() + _READY_SECONDS
    while child.ready_url is not None and not _answers(child.ready_url):
        alive = process.is_alive(process.read_record(home, child.name))
        if not alive or time.monotonic() > deadline:
            raise _failed(home, child)
        time.sleep(0.2)


def stop_children(home: Home, names: Sequence[str]) -> list[str]:
    """Ask all to end at once, then wait for each; returns the names of those that did not end."""
    records = [record for name in names if (record := process.read_record(home, name))]
    for record in records:
        if process.is_alive(record):
            process.stop(record, steps=((signal.SIGTERM, 0.0),))
    stuck = [record.name for record in records if not process.stop(record, steps=_STOP)]
    for record in records:
        if record.name not in stuck:
            process.forget(home, record.name)
    return stuck


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as response:  # noqa: S310  # our own loopback address
            return bool(response.status == 200)  # noqa: PLR2004  # HTTP OK
    except (urllib.error.URLError, OSError):
        return False


def _failed(home: Home, child: ManagedProcess) -> HosoError:
    return HosoError(
        ErrorCode.SERVER_START_FAILED,
        server=child.name,
        log=process.log_tail(home, child.name),
    )
