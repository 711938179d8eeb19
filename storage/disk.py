"""Room on the disk, looked at before it is used up."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import ErrorCode, HosoError

_SPARE = 64 * 1024 * 1024
"""Bytes that must stay free on the disk."""
_MEGABYTE = 1024 * 1024
STORE_FILE = "store-file-megabytes"
"""In the folder of the embedded object store: how large the files are that it begins."""
_STORE_FILE_MEGABYTES = 1024
"""Where nothing is noted: what stores of earlier releases began."""
_STORE_FILES = 6
"""Room for so many lets the store begin one for certain: each bucket's begun file, and that of its own
notes, counts as if it were full, and one must fit beside the new one."""


def require_space(folder: Path, needed: int) -> None:
    """Raises ``disk_space_short``; ``needed`` in bytes, ``folder`` must exist."""
    require_free(folder, needed + _SPARE)


def require_store_space(folder: Path, needed: int) -> None:
    """As :func:`require_space`, for the embedded object store, which leaves a hundredth of the disk free."""
    require_free(folder, needed + _SPARE + shutil.disk_usage(folder).total // 100)


def require_new_store_file(folder: Path, needed: int) -> None:
    """As :func:`require_store_space`, where the store would have to begin another of its files."""
    try:
        megabytes = int((folder / STORE_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        megabytes = _STORE_FILE_MEGABYTES
    require_store_space(folder, needed + _STORE_FILES * megabytes * _MEGABYTE)


def require_free(folder: Path, needed: int) -> None:
    """Raises ``disk_space_short`` where fewer than ``needed`` bytes are free; ``folder`` must exist."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise HosoError(
            ErrorCode.DISK_SPACE_SHORT,
            folder=str(folder),
            needed=f"{needed // _MEGABYTE + 1} MiB",
            free=f"{free // _MEGABYTE} MiB",
        )


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """A disk that fills up on the way becomes ``disk_space_short``."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise HosoError(
            ErrorCode.DISK_SPACE_SHORT,
            folder=str(folder),
            needed=f"{_SPARE // _MEGABYTE} MiB",
            free="0 MiB",
        ) from error
