"""JSON Lines in and out: UTF-8, one object per line, written whole or not at all."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TextIO

import typer

from domain.errors import ErrorCode, HosoError


def refuse_overwriting(out: Path, read: Iterable[Path]) -> None:
    """Ends the command as misused where ``out`` is one of the files it is to ``read``, by whatever name."""
    if out.is_file() and any(path.exists() and out.samefile(path) for path in read):
        msg = f"{out} is what is to be read; name another file to write to"
        raise typer.BadParameter(msg, param_hint="--jsonl")


class Sink(Protocol):
    """Takes one object per line."""

    def __call__(self, line: Mapping[str, Any], /) -> None:
        """Write ``line``."""
        ...


_STREAMS = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")


def is_stream(path: Path) -> bool:
    """Whether ``path`` is a pipe, a terminal or another device, or what the shell has opened."""
    return path.exists() and (not path.is_file() or str(path).startswith(_STREAMS))


@contextmanager
def writing(path: Path) -> Iterator[Sink]:
    """Write beside ``path`` and put it in place at the end, so that readers never see half a file.

    A link is followed, not replaced; a pipe, a terminal or another device is written to as it comes.
    Raises ``file_not_writable`` before any work is done where ``path`` cannot be written, and in the midst of
    it where the disk is full; lines finished until then stay beside ``path``.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError
        streaming = is_stream(path)
        target = path if streaming else path.resolve()
        unfinished = path if streaming else target.with_name(f"{target.name}.part")
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        opened = unfinished.open("a" if streaming else "w", encoding="utf-8")
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=str(path)) from error
    with _closing(opened) as file:
        if streaming:
            yield _sink(file, path)
            return
        try:
            yield _sink(file, path)
            with _refusing(path):
                os.fsync(file.fileno())
                unfinished.replace(target)
        except BaseException:
            # finished lines stay: they may be hours of reading
            if unfinished.exists() and unfinished.stat().st_size == 0:
                unfinished.unlink()
            raise


@contextmanager
def _closing(file: TextIO) -> Iterator[TextIO]:
    """Close at the end; after a failure closing may fail for the same reason, which has been told."""
    try:
        yield file
    except BaseException:
        with suppress(OSError):
            file.close()
        raise
    file.close()


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """A disk that is full or gone is told as ``file_not_writable``; a reader that went away is not."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise HosoError(
            ErrorCode.FILE_NOT_WRITABLE, file=str(path), problem=error.strerror
        ) from error


def _sink(file: TextIO, path: Path) -> Sink:
    def sink(line: Mapping[str, Any], /) -> None:
        with _refusing(path):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()

    return sink


def lines_of(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | HosoError]]:
    """Line number and object, or ``record_invalid`` for a line that is no JSON object.

    Bytes that are no UTF-8 come as lone surrogates, which no record takes: better refused than guessed.
    """
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        for number, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                data = json.loads(text)
            except (ValueError, RecursionError) as error:
                yield number, HosoError(ErrorCode.RECORD_INVALID, line=number, problem=str(error))
                continue
            if isinstance(data, dict):
                yield number, data
            else:
                yield (
                    number,
                    HosoError(ErrorCode.RECORD_INVALID, line=number, problem="not an object"),
                )
