"""JSON Lines in and out: UTF-8, one object per line, written whole or not at all."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from domain.errors import ErrorCode, HosoError


class Sink(Protocol):
    """Takes one object per line."""

    def __call__(self, line: Mapping[str, Any], /) -> None:
        """Write ``line``."""
        ...


@contextmanager
def writing(path: Path) -> Iterator[Sink]:
    """Write beside ``path`` and put it in place at the end, so that readers never see half a file.

    Raises ``file_not_writable`` before any work is done where ``path`` cannot be written.
    """
    unfinished = path.with_name(f"{path.name}.part")
    if path.is_dir():
        raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = unfinished.open("w", encoding="utf-8")
    except OSError as error:
        raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=str(path)) from error
    with opened as file:

        def sink(line: Mapping[str, Any], /) -> None:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()

        yield sink
        os.fsync(file.fileno())
    unfinished.replace(path)


def lines_of(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | HosoError]]:
    """Line number and object, or ``record_invalid`` for a line that is no JSON object."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                data = json.loads(text)
            except ValueError as error:
                yield number, HosoError(ErrorCode.RECORD_INVALID, line=number, problem=str(error))
                continue
            if isinstance(data, dict):
                yield number, data
            else:
                yield (
                    number,
                    HosoError(ErrorCode.RECORD_INVALID, line=number, problem="not an object"),
                )
