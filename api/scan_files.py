"""Finding the files a person means by the paths they give."""

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from domain.errors import ErrorCode, HosoError

SCAN_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".webp"})
"""What is picked out of folders; a file named outright is tried whatever it is called."""


def scans(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as named, and the scans below each folder in the order of their names.

    Raises ``not_found`` for a path that does not exist, before anything is done.
    """
    named = list(paths)
    for path in named:
        if not path.exists():
            raise HosoError(ErrorCode.NOT_FOUND, path=str(path))
    for path in named:
        if not path.is_dir():
            yield path
            continue
        for inside in sorted(path.rglob("*")):
            if inside.is_file() and inside.suffix.lower() in SCAN_SUFFIXES:
                yield inside


def name_of(path: Path) -> str:
    """What records call the file: NFC; a byte of its name that is no UTF-8 stands as ``?``."""
    return unicodedata.normalize("NFC", str(path).encode("utf-8", "replace").decode("utf-8"))


def bytes_of(path: Path) -> bytes:
    """The content of a file. Raises ``file_broken`` where it cannot be read (permissions, bad disk)."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise HosoError(ErrorCode.FILE_BROKEN, problem=error.strerror) from error
