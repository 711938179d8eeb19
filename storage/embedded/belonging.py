"""Which home processes and a database outside belong to: a copy of the home names them too.

Both name the place of their home. Where that is not here, this home was copied, and what stands there
still claims them: they are let alone. Or it was moved, nothing there claims them, and they are its own.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ErrorCode, HosoError
from storage.embedded import process
from storage.embedded.home import Home, write_private
from storage.embedded.process import ProcessRecord


@dataclass(frozen=True, kw_only=True)
class _Elsewhere:
    """Something that this home names and that names a home at another ``place``."""

    what: str
    place: Path
    is_claimed: bool


def require_own(home: Home) -> None:
    """Raises ``home_copied`` where the database or a running process is of the home that this one copies."""
    for one in _elsewhere(home):
        if one.is_claimed:
            raise HosoError(
                ErrorCode.HOME_COPIED,
                home=str(home.path),
                original=str(one.place),
                belonging=one.what,
            )


def moved_from(home: Home) -> Path | None:
    """Where this home was when its database or its running processes were started last, if not here."""
    return next((one.place for one in _elsewhere(home) if not one.is_claimed), None)


def database_folder(home: Home) -> Path | None:
    """The folder outside that holds the database; ``None`` where it lies in the home, or is not made yet."""
    try:
        return Path(home.database_pointer.read_text(encoding="utf-8").strip())
    except (FileNotFoundError, NotADirectoryError):
        return None


def take_database(home: Home, folder: Path) -> None:
    """From now on ``folder`` belongs to ``home``. Raises ``home_copied`` where another claims it."""
    require_own(home)
    here = os.fsencode(home.path.resolve())
    if _name_of_home(folder) != here:
        # beside it: the folder itself belongs to the server's user, whom root does not follow
        write_private(_name_file(folder), here)


def _elsewhere(home: Home) -> Iterator[_Elsewhere]:
    folder = database_folder(home)
    named = None if folder is None else _name_of_home(folder)
    if folder is not None and named is not None:
        place = Path(os.fsdecode(named))
        if not _is_same(place, home.path):
            claimed = _is_so(lambda: database_folder(Home(path=place)) == folder)
            yield _Elsewhere(what=str(folder), place=place, is_claimed=claimed)
    for name in process.recorded_names(home):
        record = process.read_record(home, name)
        if record is not None and record.home is not None and process.is_alive(record):
            place = Path(record.home)
            if not _is_same(place, home.path):
                what = f"{name} (pid {record.pid})"
                yield _Elsewhere(what=what, place=place, is_claimed=_is_recorded(place, record))


def _is_recorded(place: Path, record: ProcessRecord) -> bool:
    return _is_so(lambda: process.read_record(Home(path=place), record.name) == record)


def _is_so(claims: Callable[[], bool]) -> bool:
    """What may not be looked into is there, and counts; what is not there, or is no home, does not."""
    try:
        return claims()
    except PermissionError:
        return True
    except OSError:
        return False


def _is_same(place: Path, here: Path) -> bool:
    try:
        return place == here.resolve() or place.samefile(here)
    except OSError:
        return False


def _name_file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.home")


def _name_of_home(folder: Path) -> bytes | None:
    """``None`` for a folder that an earlier release made, and for who is not root: only root starts it."""
    try:
        return _name_file(folder).read_bytes()
    except (FileNotFoundError, PermissionError):
        return None
