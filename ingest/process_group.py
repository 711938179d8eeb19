"""What the processes of a group have used of the processor, and whether any is at work: /proc tells."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
# fields of /proc/PID/stat behind the name, which may hold anything
_STATE, _GROUP, _TIMES = 0, 2, slice(11, 15)
_AT_REST = frozenset("SZX")
"""Asleep until something comes, or ended. Who waits for the processor, a disk or a signal to go on is not."""


@dataclass(frozen=True, kw_only=True)
class GroupAtWork:
    """One look at all processes of a group."""

    seconds: float
    """Of the processor, those of ended children included."""
    at_rest: bool
    """Whether every process sleeps until something comes."""


def look_at(group: int) -> GroupAtWork:
    """The group as it stands; one that has ended is at rest and has used nothing."""
    members = [fields for fields in _every_process() if int(fields[_GROUP]) == group]
    return GroupAtWork(
        seconds=sum(map(_seconds, members)),
        at_rest=all(fields[_STATE] in _AT_REST for fields in members),
    )


def seconds_of(pid: int) -> float | None:
    """Processor seconds of one process and its ended children; ``None`` where it has ended itself."""
    try:
        return _seconds(_fields(_PROC / str(pid)))
    except OSError:
        return None


def _every_process() -> Iterator[list[str]]:
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # it has ended meanwhile
                yield _fields(folder)


def _fields(folder: Path) -> list[str]:
    return (
        (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    )


def _seconds(fields: list[str]) -> float:
    return sum(map(int, fields[_TIMES])) / _TICKS
