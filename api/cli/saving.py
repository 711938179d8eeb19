"""A file that a command makes: whole under its name, or what stood there before."""

import os
from pathlib import Path

from api.cli.jsonl import is_stream
from domain.errors import ErrorCode, HosoError


def save(path: Path, data: bytes) -> None:
    """Write beside ``path`` and put it in place at the end; what a pipe or device is, gets it as it comes.

    A file of that name gives way, as everywhere, but only to a whole one. Raises ``file_not_writable``.
    """
    try:
        if is_stream(path):
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _place(path.resolve(), data)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        problem = getattr(error, "strerror", None) or str(error)
        raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=str(path), problem=problem) from error


def _place(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
