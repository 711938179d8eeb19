"""Finding the files a person means by the paths they give, and what is in them."""

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ErrorCode, HosoError
from ingest.media import HEAD_BYTES, sniff

SCAN_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".webp"})
"""Files in folders called so are taken whatever they hold: what is empty or torn is refused, not missed."""

OTHER_PICTURES = frozenset(
    ".avif .bmp .dib .djv .djvu .dng .emf .eps .gif .heic .heif .j2k .jb2 .jp2 .jpe .jpf .jpx .jxl .jxr .pbm "
    ".pcx .pgm .pnm .ppm .ps .psd .raw .svg .tga .wdp .wmf .xps".split()
)
"""Suffixes of pictures and printed pages in other formats: in a box they are meant, and refused by name."""

_OPENED = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")


@dataclass(frozen=True, kw_only=True)
class Scans:
    """The files meant, in their order, and what lies in the folders named and is none of them.

    Meant is also what was meant to be a scan and cannot be taken; whoever reads it refuses it by name.
    """

    files: tuple[Path, ...]
    skipped: tuple[Path, ...]


def scans(paths: Iterable[Path]) -> Scans:
    """Files as named, and the scans below each folder in the order of their names.

    In folders, scans are told by their content or their suffix, also that of a picture in another format or
    of a link that leads nowhere; hidden files (``._scan.jpg`` beside each scan that a Mac has copied) are
    none. Raises, before anything is done, ``file_not_found`` for a path that does not exist, and
    ``file_unreadable`` for one that cannot be looked at.
    """
    named = list(paths)
    for path in named:
        with _unopened_told(path):
            path.stat()
    files: list[Path] = []
    skipped: list[Path] = []
    for path in named:
        for inside in sorted(_below(path)) if path.is_dir() else ():
            (files if _is_scan(inside, folder=path) else skipped).append(inside)
        if not path.is_dir():
            files.append(path)
    return Scans(files=tuple(files), skipped=tuple(skipped))


def _below(folder: Path) -> Iterator[Path]:
    """All that lies below ``folder`` and is no folder that was looked into."""
    closed: list[Path] = []
    for here, folders, files in os.walk(folder, onerror=lambda e: closed.append(Path(e.filename))):
        yield from (Path(here, name) for name in files)
        # links to folders are not followed: they may lead in circles
        yield from (link for name in folders if (link := Path(here, name)).is_symlink())
    yield from closed


def _is_scan(path: Path, *, folder: Path) -> bool:
    if any(part.startswith(".") for part in path.relative_to(folder).parts):
        return False
    if path.is_dir():
        return False
    if path.suffix.lower() in SCAN_SUFFIXES | OTHER_PICTURES:
        return True
    return path.is_file() and _holds_scan(path)


def _holds_scan(path: Path) -> bool:
    """By its first bytes; what cannot be read may be one, and is refused by whoever reads it."""
    try:
        with path.open("rb") as file:
            return sniff(file.read(HEAD_BYTES)) is not None
    except OSError:
        return True


def name_of(path: Path) -> str:
    """What records call the file: NFC; a byte of its name that is no UTF-8 stands as ``?``."""
    return unicodedata.normalize("NFC", str(path).encode("utf-8", "replace").decode("utf-8"))


def refuse_irregular(path: Path) -> None:
    """Raises ``file_not_regular`` for pipes and devices: opening or reading one may never end.

    Not for what the shell has opened for us and will close (``| … /dev/stdin``, ``<(…)``).
    """
    if not stat.S_ISREG(path.stat().st_mode) and not str(path).startswith(_OPENED):
        raise HosoError(ErrorCode.FILE_NOT_REGULAR, file=str(path))


def bytes_of(path: Path) -> bytes:
    """The content of a file.

    Raises ``file_not_regular``, ``file_not_found``, and ``file_unreadable`` where it cannot be read
    (permissions, a name too long, bad disk).
    """
    with _unopened_told(path):
        if path.is_symlink() and not path.exists():
            problem = f"a link to {_aim(path)}, where nothing is"
            raise HosoError(ErrorCode.FILE_BROKEN, problem=problem)
        refuse_irregular(path)
        return path.read_bytes()


@contextmanager
def _unopened_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise HosoError(ErrorCode.FILE_NOT_FOUND, file=str(path)) from error
    except OSError as error:
        raise HosoError(
            ErrorCode.FILE_UNREADABLE, file=str(path), problem=error.strerror
        ) from error


def _aim(link: Path) -> str:
    return name_of(link.readlink())
