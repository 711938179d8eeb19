"""Make a backup; see the package for the order and its reasons."""

import fcntl
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.backup import private
from storage.backup.archive import (
    MANIFEST,
    ArchiveWriter,
    Part,
    sha256_of,
    sync_folder,
)
from storage.backup.dump import Snapshot, dump_chunks, snapshot
from storage.backup.examining import IN_MEMORY, look_at_all, open_shelf
from storage.backup.manifest import BucketCount, DatabaseDump, Flaw, Manifest
from storage.backup.objects import ObjectShelf
from storage.backup.references import PageKey, References, references
from storage.backup.stage import Stage, Watch
from storage.disk import full_disk_told, require_space
from storage.embedded.home import Home
from storage.embedded.supervisor import with_servers
from storage.settings import Settings
from storage.stores import database_url, s3_endpoint

DUMP = "database/"
"""Parts of the dump: their bytes in a row are one file of pg_dump's custom format."""
REMEMBERED = ("agency", "regime", "public_url", "retention_days", "bucket_prefix")
"""Settings kept in the manifest for the person who restores."""
_PART_OVERHEAD = 2048
"""Bytes of headers and padding per part, at most."""
_MOST_FLAWS = 10_000


@dataclass(kw_only=True)
class _Work:
    """A backup being made."""

    archive: ArchiveWriter
    shelf: ObjectShelf
    spool: IO[bytes]
    watch: Watch
    total: int
    done: int = 0
    counts: dict[Bucket, BucketCount] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


def make_backup(
    settings: Settings,
    out: Path,
    *,
    page_key: PageKey,
    watch: Watch,
    note: Callable[[Path, Manifest], None],
) -> tuple[Path, Manifest]:
    """Write a backup of this installation to ``out``, or under a dated name where it is a folder.

    The file is 0600 and appears under its name only when it is whole. Servers that do not run are
    started for the time it takes. ``note`` is called when the file is there.
    Raises ``not_running`` where nothing was ever started, ``file_not_writable``, ``disk_space_short``,
    ``tool_missing``, ``tool_failed``, ``database_unavailable``, ``object_store_unavailable``.
    """
    database_url(settings), s3_endpoint(settings)  # never started: nothing to keep
    now = datetime.now(UTC).replace(microsecond=0)
    target = _target(out, now)
    with full_disk_told(settings.home), with_servers(settings), _draft(target) as (file, draft):
        shelf = open_shelf(settings)
        manifest = _write(settings, file, draft, shelf, page_key=page_key, at=now, watch=watch)
        file.flush()
        os.fsync(file.fileno())
        draft.replace(target)
        sync_folder(target.parent)
        note(target, manifest)
    return target, manifest


def _write(
    settings: Settings,
    file: IO[bytes],
    draft: Path,
    shelf: ObjectShelf,
    *,
    page_key: PageKey,
    at: datetime,
    watch: Watch,
) -> Manifest:
    url = database_url(settings)
    archive = ArchiveWriter(file, made_at=at.timestamp())
    folder = draft.parent
    with (
        references(draft.with_suffix(".references")) as named,
        tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(folder)) as spool,
    ):
        keys = _add_private(archive, Home(path=settings.home))
        with snapshot(url) as taken:
            if not taken.schema:
                raise HosoError(ErrorCode.NOT_RUNNING, server="postgres", problem="no tables yet")
            total = _require_room(folder, shelf, taken)
            database = _add_database(archive, settings, url, taken, watch)
            named.load(taken, page_key)
        work = _Work(archive=archive, shelf=shelf, spool=spool, watch=watch, total=total)
        _add_objects(work, named)
    manifest = Manifest(
        made_at=at,
        release=version("hoso"),
        settings={name: str(getattr(settings, name)) for name in REMEMBERED},
        database=database,
        objects=work.counts,
        private=keys,
        flaws=tuple(work.flaws),
        parts=archive.parts.count,
        parts_sha256=archive.parts.sha256,
    )
    text = io.BytesIO(manifest.to_json())
    sha256, size = sha256_of(text)
    text.seek(0)
    archive.finish(text, Part(name=MANIFEST, size=size, sha256=sha256))
    return manifest


def _add_private(archive: ArchiveWriter, home: Home) -> dict[str, str]:
    hashes: dict[str, str] = {}
    for name, path in private.private_files(home):
        data = path.read_bytes()
        hashes[name] = hashlib.sha256(data).hexdigest()
        part = Part(name=private.part_name(name), size=len(data), sha256=hashes[name])
        archive.add(part, io.BytesIO(data))
    return hashes


def _add_database(
    archive: ArchiveWriter, settings: Settings, url: str, taken: Snapshot, watch: Watch
) -> DatabaseDump:
    digest, size = hashlib.sha256(), 0
    for number, chunk in enumerate(dump_chunks(settings, url, taken), start=1):
        digest.update(chunk)
        size += len(chunk)
        part = Part(
            name=f"{DUMP}{number:06}", size=len(chunk), sha256=hashlib.sha256(chunk).hexdigest()
        )
        archive.add(part, io.BytesIO(chunk))
        watch(Stage.DATABASE, size, 0)
    return DatabaseDump(
        schema=taken.schema,
        server=taken.server,
        tables=taken.tables,
        sha256=digest.hexdigest(),
        size=size,
        live_size=taken.live_size,
    )


def _add_objects(work: _Work, named: References) -> None:
    """Damaged and missing ones are named, and all the others kept."""
    work.counts.update({bucket: BucketCount(objects=0, size=0) for bucket in Bucket})
    for looked in look_at_all(work.shelf, named, work.spool):
        if looked.flaw is not None and len(work.flaws) < _MOST_FLAWS:
            flaw = Flaw(code=str(looked.flaw), bucket=str(looked.bucket), key=looked.key)
            work.flaws.append(flaw)
        if looked.part is not None:
            _add_object(work, looked.bucket, looked.part)


def _add_object(work: _Work, bucket: Bucket, part: Part) -> None:
    work.archive.add(part, work.spool)
    before = work.counts[bucket]
    work.counts[bucket] = BucketCount(objects=before.objects + 1, size=before.size + part.size)
    work.done += part.size
    work.watch(Stage.OBJECTS, work.done, max(work.total, work.done))


def _require_room(folder: Path, shelf: ObjectShelf, taken: Snapshot) -> int:
    """Bytes of all objects. Raises ``disk_space_short`` where they and the database will not fit."""
    size, count = 0, 0
    for bucket in Bucket:
        for stored in shelf.listing(bucket):
            size += stored.size
            count += 1
    # the dump is compressed and without indexes: smaller than the live database
    require_space(folder, size + count * _PART_OVERHEAD + taken.live_size)
    return size


def _target(out: Path, now: datetime) -> Path:
    """Never an existing file: an older backup is not replaced by accident."""
    target = out.absolute()
    if target.is_dir():
        target /= f"hoso-{now:%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=str(target), problem="it exists already")
    return target


@contextmanager
def _draft(target: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A private file beside ``target``, and its path; deleted unless it was renamed meanwhile."""
    draft = target.with_name(f".{target.name}.part")
    try:
        with full_disk_told(target.parent):
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600)
        with full_disk_told(target.parent), open(descriptor, "wb", buffering=1024 * 1024) as file:  # noqa: PTH123  # 0600 from its first moment
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # one backup at a time writes it
            file.truncate(0)
            try:
                yield file, draft
            finally:
                draft.unlink(missing_ok=True)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise HosoError(
            ErrorCode.FILE_NOT_WRITABLE, file=str(target), problem=f"{error.strerror}{where}"
        ) from error
