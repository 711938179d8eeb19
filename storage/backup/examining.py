"""Read every object and compare with what the rows name: for a backup, or to know how the objects are."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.backup.archive import Part
from storage.backup.dump import snapshot
from storage.backup.objects import ObjectShelf, Stored, is_corrupt
from storage.backup.references import PageKey, References, references
from storage.backup.stage import Stage, Watch
from storage.embedded.supervisor import with_servers
from storage.settings import Settings
from storage.stores import database_url, s3_endpoint

IN_MEMORY = 16 * 1024 * 1024
"""Bytes of an object that are held in memory; larger ones go through a file."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One object looked at. ``part`` describes its bytes, ``None`` where they cannot be had."""

    bucket: Bucket
    key: str
    part: Part | None
    flaw: ErrorCode | None


def examine(settings: Settings, *, page_key: PageKey, watch: Watch) -> Iterator[Looked]:
    """Every object of this installation, and every one that it lacks.

    Servers that do not run are started for the time it takes. Raises ``not_running`` where nothing was ever
    started, ``database_unavailable``, ``object_store_unavailable``.
    """
    database_url(settings), s3_endpoint(settings)
    with with_servers(settings):
        yield from examine_running(settings, open_shelf(settings), page_key=page_key, watch=watch)


def examine_running(
    settings: Settings, shelf: ObjectShelf, *, page_key: PageKey, watch: Watch
) -> Iterator[Looked]:
    """The same, where the servers run already and ``shelf`` is open."""
    with (
        tempfile.TemporaryDirectory(prefix="hoso-") as folder,
        references(Path(folder) / "references") as named,
        tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=folder) as spool,
    ):
        with snapshot(database_url(settings)) as taken:
            named.load(taken, page_key)
        done = 0
        for looked in look_at_all(shelf, named, spool):
            done += looked.part.size if looked.part else 0
            watch(Stage.OBJECTS, done, 0)
            yield looked


def look_at_all(shelf: ObjectShelf, named: References, spool: IO[bytes]) -> Iterator[Looked]:
    """Each object, its bytes in ``spool`` until the next is asked for; last, those that are missing."""
    for bucket in Bucket:
        for stored in shelf.listing(bucket):
            yield _look_at(shelf, stored, spool)
            named.cross_off(bucket, stored.key)
    # what rows name and no listing showed is asked for by name before it is called missing
    for bucket, key in named.left():
        yield look(shelf, bucket, key, spool)


def look(shelf: ObjectShelf, bucket: Bucket, key: str, spool: IO[bytes]) -> Looked:
    """One object, asked for by name."""
    found = shelf.find(bucket, key)
    if found is None:
        return Looked(bucket=bucket, key=key, part=None, flaw=ErrorCode.OBJECT_MISSING)
    return _look_at(shelf, found, spool)


def open_shelf(settings: Settings) -> ObjectShelf:
    """The objects of this installation. Raises ``not_running``."""
    return ObjectShelf(s3_endpoint(settings), bucket_prefix=settings.bucket_prefix)


def _look_at(shelf: ObjectShelf, stored: Stored, spool: IO[bytes]) -> Looked:
    try:
        part = shelf.copy_out(stored, spool)
    except HosoError as error:
        if error.code is not ErrorCode.OBJECT_CORRUPT:
            raise
        return Looked(bucket=stored.bucket, key=stored.key, part=None, flaw=error.code)
    flaw = ErrorCode.OBJECT_CORRUPT if is_corrupt(part) else None
    return Looked(bucket=stored.bucket, key=stored.key, part=part, flaw=flaw)
