"""A file that a command makes: whole under its name or not there, and never in the place of another."""

import os
from pathlib import Path

from api.cli.jsonl import is_stream
from domain.errors import ErrorCode, HosoError


def save(path: Path, data: bytes) -> None:
    """Write beside ``path`` and put it in place at the end; what a pipe or device is, gets it as it comes.

    A file that holds the same already is left as it is. Raises ``file_not_writable``, also where another
    file has the name.
    """
    try:
        if is_stream(path):
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() == data:
            return
        _place(path, data)
    except OSError as error:
        taken = isinstance(error, FileExistsError)
        problem = "another file has this name" if taken else error.strerror
        raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=str(path), problem=problem) from error


def _place(path: Path, data: bytes) -> None:
    if path.exists():
        raise FileExistsError
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
