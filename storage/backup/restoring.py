"""Check a backup, and restore it into an empty installation; see the package for the order."""

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage import revision, schema
from storage.backup import private
from storage.backup.archive import (
    MANIFEST,
    Part,
    PartsDigest,
    damage_told,
    damaged,
    read_manifest,
    read_parts,
    sha256_of,
)
from storage.backup.clearing import clear, require_clearable
from storage.backup.dump import (
    CHUNK,
    check_dump,
    counts_of,
    name_versions,
    restore_dump,
    schema_of,
)
from storage.backup.examining import look, open_shelf
from storage.backup.making import DUMP
from storage.backup.manifest import Manifest
from storage.backup.objects import BYTES, ObjectShelf, is_corrupt, place_of, require_place
from storage.backup.outcome import Outcome, Sought
from storage.backup.stage import Stage, Watch
from storage.disk import full_disk_told, require_space
from storage.embedded.home import Home, write_private
from storage.embedded.servers import external_servers, start_servers
from storage.embedded.supervisor import alone
from storage.settings import Settings
from storage.stores import database_url

_UNFINISHED = "restore.json"
"""In ``HOSO_HOME/run`` from the first change until everything is verified."""
_BELONGINGS = ("document", "certificate", "population")
"""An installation with a row in any of these is not empty. What the first ``hoso up`` makes (agencies,
first accounts, their sign-ins) is nobody's work and gives way to the backup's."""
_IN_MEMORY = 16 * 1024 * 1024


def check_backup(path: Path, *, watch: Watch) -> Manifest:
    """Read the whole file and compare every hash. Raises ``backup_damaged``, ``backup_too_new``."""
    total, done = _size(path), 0

    def compare(part: Part, data: BinaryIO) -> None:
        nonlocal done
        if sha256_of(data) != (part.sha256, part.size):
            raise damaged(path, part=part.name, problem="its bytes were changed")
        done += part.size
        watch(Stage.CHECK, done, total)

    manifest = _read_through(path, compare)
    watch(Stage.CHECK, total, total)
    return manifest


def check_outline(path: Path) -> Manifest:
    """Compare the headers of all parts with the manifest, and leave their bytes unread.

    What a header says of its part, its hash above all, is true then. Raises ``backup_damaged``,
    ``backup_too_new``.
    """
    return _read_through(path, lambda _part, _data: None)


def _read_through(path: Path, look_at: Callable[[Part, BinaryIO], None]) -> Manifest:
    digest, manifest = PartsDigest(), None
    with damage_told(path):
        for part, data in read_parts(path):
            if manifest is not None:
                raise damaged(path, part=part.name, problem="stands after the manifest")
            if part.name == MANIFEST:
                manifest = _manifest(path, part, data)
                continue
            look_at(part, data)
            digest.add(part)
    if manifest is None:
        raise damaged(path, part=MANIFEST, problem="the end of the file is missing")
    if (digest.count, digest.sha256) != (manifest.parts, manifest.parts_sha256):
        raise damaged(path, problem="parts are missing, or were added or changed")
    return manifest


def restore_backup(
    settings: Settings,
    path: Path,
    *,
    watch: Watch,
    tell: Callable[[Sought], None],
    note: Callable[[Manifest], None],
) -> Manifest:
    """Restore into this installation, which must be down and empty; verify all of it.

    Runs to the end or can be run again with the same file. ``tell`` hears of objects that the store held
    damaged, which are replaced, and of those that the backup holds damaged, which replace nothing. ``note``
    is called when everything is there and the servers still run; they are stopped at the end.
    Raises what :func:`check_backup` raises,
    ``restore_target_not_empty``, ``restore_incomplete`` (what was put is not what is found),
    ``already_running``, ``disk_space_short``, ``tool_missing``, ``tool_failed`` and what servers raise.
    """
    with alone(settings) as home, full_disk_told(settings.home):
        if _was_ever_started(settings) and _begun(home) is None:
            start_servers(home, settings)
            _require_no_work(database_url(settings))  # now, not after hours of checking
        manifest = check_backup(path, watch=watch)
        if manifest.database.schema not in revision.known():
            raise HosoError(ErrorCode.BACKUP_TOO_NEW, file=str(path), release=manifest.release)
        check_dump(settings, _dump(path))
        _require_room(settings, manifest)
        _place_server_secrets(home, path)
        start_servers(home, settings)
        if _begun(home) != manifest.parts_sha256:
            _require_no_work(database_url(settings))
            _require_own_tables(database_url(settings), manifest)
        _begin(home, manifest)
        if schema_of(database_url(settings)) not in {None, manifest.database.schema}:
            clear(database_url(settings))
        _put_everything(settings, home, path, manifest, watch, tell)
        note(manifest)
        (home.run / _UNFINISHED).unlink()
    return manifest


def refuse_unfinished(settings: Settings) -> None:
    """Raises ``restore_unfinished`` where a restore into this home began and did not end."""
    home = Home(path=settings.home)
    if (home.run / _UNFINISHED).exists():
        raise HosoError(ErrorCode.RESTORE_UNFINISHED, home=str(home.path))


def _put_everything(
    settings: Settings,
    home: Home,
    path: Path,
    manifest: Manifest,
    watch: Watch,
    tell: Callable[[Sought], None],
) -> None:
    url = database_url(settings)
    shelf = open_shelf(settings)
    shelf.store.ensure_buckets()
    with tempfile.TemporaryFile(mode="w+", dir=home.run) as versions:
        _put_objects(shelf, path, manifest, versions, folder=home.run, watch=watch, tell=tell)
        _place_private(home, path, manifest)
        restore_dump(settings, url, _dump(path, watch))
        versions.seek(0)
        name_versions(url, versions)
    _require_same_counts(url, manifest)
    schema.upgrade(url)


def _put_objects(
    shelf: ObjectShelf,
    path: Path,
    manifest: Manifest,
    versions: IO[str],
    *,
    folder: Path,
    watch: Watch,
    tell: Callable[[Sought], None],
) -> None:
    """Put each object, read it back, compare bytes and lock. Notes the version ids of e-copies."""
    total = sum(count.size for count in manifest.objects.values())
    done = 0
    with (
        damage_told(path),
        tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder)) as spool,
    ):
        for part, data in read_parts(path):
            place = place_of(part)
            if place is None:
                continue
            bucket, key = place
            if is_corrupt(part):
                if not _keep_or_put_as_found(shelf, part, data, spool):
                    tell(Sought(bucket=bucket, key=key, outcome=Outcome.DAMAGED_IN_BACKUP))
                continue
            version, was_damaged = _put_sound(shelf, part, data, spool)
            if was_damaged:
                tell(Sought(bucket=bucket, key=key, outcome=Outcome.PUT_BACK))
            if bucket is Bucket.ECOPIES and version is not None:
                versions.write(f"{key}\t{version}\n")
            done += part.size
            watch(Stage.OBJECTS, done, total)


def _put_sound(
    shelf: ObjectShelf, part: Part, data: BinaryIO, spool: IO[bytes]
) -> tuple[str | None, bool]:
    """Version id, and whether the store held the object damaged. Raises ``restore_incomplete``."""
    version = shelf.put_back(part, data)
    problem = shelf.differs(part, version, spool)
    was_damaged = problem == BYTES
    if was_damaged:
        data.seek(0)
        version = shelf.replace(part, data)
        problem = shelf.differs(part, version, spool)
    if problem is not None:
        raise HosoError(ErrorCode.RESTORE_INCOMPLETE, part=part.name, problem=f"{problem} differ")
    return version, was_damaged


def _keep_or_put_as_found(shelf: ObjectShelf, part: Part, data: BinaryIO, spool: IO[bytes]) -> bool:
    """What the backup holds damaged is put where there is nothing; whether the store holds it sound."""
    flaw = look(shelf, *require_place(part), spool).flaw
    if flaw is ErrorCode.OBJECT_MISSING:
        shelf.put_back(part, data)
    return flaw is None


def _dump(path: Path, watch: Watch | None = None) -> Iterator[bytes]:
    done = 0
    with damage_told(path):
        for part, data in read_parts(path):
            if part.name.startswith(DUMP):
                while chunk := data.read(CHUNK):
                    yield chunk
                    done += len(chunk)
                    if watch is not None:
                        watch(Stage.DATABASE, done, 0)
            elif place_of(part) is not None:
                return  # the dump stands before the objects


def _private_parts(path: Path) -> Iterator[tuple[str, bytes]]:
    with damage_told(path):
        for part, data in read_parts(path):
            if part.name.startswith(DUMP):
                return  # private files stand before the dump
            name = private.private_name(part)
            if name is None:
                raise damaged(path, part=part.name, problem="unknown kind")
            yield name, data.read()


def _place_server_secrets(home: Home, path: Path) -> None:
    """Before the first start, so that new servers take the old passwords; never over those in use."""
    for name, data in _private_parts(path):
        if name in private.SERVER_SECRETS and not (home.path / name).exists():
            private.place(home, name, data)


def _place_private(home: Home, path: Path, manifest: Manifest) -> None:
    """Keys and secrets as they were; those of the empty installation that are not among them go."""
    for name, data in _private_parts(path):
        if name not in private.SERVER_SECRETS:
            private.place(home, name, data)
    for name, file in tuple(private.private_files(home)):
        if name not in private.SERVER_SECRETS and name not in manifest.private:
            file.unlink()


def _was_ever_started(settings: Settings) -> bool:
    try:
        database_url(settings)
    except HosoError as error:
        if error.code is not ErrorCode.NOT_RUNNING:
            raise
        return False
    return True


def _require_own_tables(url: str, manifest: Manifest) -> None:
    """Raises ``database_too_new``, and ``restore_target_not_empty`` for what is of other programs.

    Where an empty installation has tables of another release than the backup, all of them go.
    """
    present = schema_of(url)
    if present not in {None, manifest.database.schema}:
        revision.refuse_newer(str(present))
        require_clearable(url)


def _require_no_work(url: str) -> None:
    schema_of(url)  # refuses where the house has its tables in another schema
    counts = counts_of(url)
    found = [f"{counts[table]} rows in {table}" for table in _BELONGINGS if counts.get(table)]
    if found:
        raise HosoError(ErrorCode.RESTORE_TARGET_NOT_EMPTY, problem=", ".join(found))


def _begin(home: Home, manifest: Manifest) -> None:
    facts = {"parts_sha256": manifest.parts_sha256, "made_at": manifest.made_at.isoformat()}
    write_private(home.run / _UNFINISHED, json.dumps(facts).encode())


def _begun(home: Home) -> str | None:
    try:
        facts: dict[str, Any] = json.loads((home.run / _UNFINISHED).read_bytes())
    except FileNotFoundError:
        return None
    return str(facts["parts_sha256"])


def _require_room(settings: Settings, manifest: Manifest) -> None:
    external = external_servers(settings)
    needed = 0 if "postgres" in external else manifest.database.live_size
    if "objects" not in external:
        needed += sum(count.size for count in manifest.objects.values())
    require_space(settings.home, needed)


def _require_same_counts(url: str, manifest: Manifest) -> None:
    found = counts_of(url)
    differing = {
        table: found.get(table)
        for table, count in manifest.database.tables.items()
        if found.get(table) != count
    }
    if differing:
        raise HosoError(
            ErrorCode.RESTORE_INCOMPLETE,
            part="database",
            problem=", ".join(f"{count} rows in {table}" for table, count in differing.items()),
        )


def _manifest(path: Path, part: Part, data: IO[bytes]) -> Manifest:
    text = read_manifest(data, path)
    if sha256_of(io.BytesIO(text)) != (part.sha256, part.size):
        raise damaged(path, part=MANIFEST, problem="its bytes were changed")
    return Manifest.from_json(text)


def _size(path: Path) -> int:
    with damage_told(path):
        return path.stat().st_size
