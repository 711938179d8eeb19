"""Put what is missing or damaged back out of a backup, while the house runs.

Nothing that can be read is touched: each object is looked at once more right before it is put. What is put
proves itself, originals and e-copies by their hash in the register, page pictures by the one in the backup.
"""

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO

from domain.ports import Bucket
from storage.backup.archive import Part, damage_told, read_parts, sha256_of
from storage.backup.dump import name_versions
from storage.backup.examining import IN_MEMORY, examine_running, look, open_shelf
from storage.backup.objects import ObjectShelf, is_corrupt, place_of
from storage.backup.outcome import Outcome, Sought
from storage.backup.references import PageKey
from storage.backup.restoring import check_outline, refuse_unfinished
from storage.backup.stage import Stage, Watch
from storage.disk import full_disk_told
from storage.embedded.supervisor import with_servers
from storage.settings import Settings
from storage.stores import database_url, s3_endpoint


def put_back_damaged(
    settings: Settings,
    path: Path,
    *,
    page_key: PageKey,
    watch: Watch,
    note: Callable[[int], None],
) -> Iterator[Sought]:
    """Every object of this installation that is missing or damaged, put back where the backup holds it whole.

    Safe to repeat and to break off. A backup whose bytes are damaged elsewhere serves all the same; one that
    is cut short, or whose headers were changed, does not. Servers that do not run are started for the time it
    takes. ``note`` is told at the end how many were put back, where any was.
    Raises ``backup_damaged``, ``backup_too_new``, ``restore_unfinished``, ``not_running``,
    ``disk_space_short``, ``database_unavailable``, ``object_store_unavailable``.
    """
    database_url(settings), s3_endpoint(settings)  # never started: nothing to mend
    refuse_unfinished(settings)
    check_outline(path)
    with (
        full_disk_told(settings.home),
        with_servers(settings),
        tempfile.TemporaryDirectory(prefix="hoso-") as folder,
        tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=folder) as spool,
    ):
        shelf = open_shelf(settings)
        examined = examine_running(settings, shelf, page_key=page_key, watch=watch)
        lacking = {(one.bucket, one.key) for one in examined if one.flaw is not None}
        count = 0
        for sought in _sought(settings, shelf, path, lacking, spool, watch):
            count += sought.outcome is Outcome.PUT_BACK
            yield sought
        if count:
            note(count)


def _sought(
    settings: Settings,
    shelf: ObjectShelf,
    path: Path,
    lacking: set[tuple[Bucket, str]],
    spool: IO[bytes],
    watch: Watch,
) -> Iterator[Sought]:
    left, done = set(lacking), 0
    with damage_told(path):
        for part, data in read_parts(path) if lacking else ():
            place = place_of(part)
            if place is None or place not in left:
                continue
            left.remove(place)
            outcome = _put_back(settings, shelf, part, data, spool)
            done += part.size
            watch(Stage.MENDING, done, 0)
            yield Sought(bucket=place[0], key=place[1], outcome=outcome)
    for bucket, key in sorted(left):
        yield Sought(bucket=bucket, key=key, outcome=Outcome.NOT_IN_BACKUP)


def _put_back(
    settings: Settings, shelf: ObjectShelf, part: Part, data: BinaryIO, spool: IO[bytes]
) -> Outcome:
    place = place_of(part)
    if place is None or is_corrupt(part) or not _is_whole(part, data):
        return Outcome.DAMAGED_IN_BACKUP
    # whoever brings the same file again mends it too, and an hour may have gone since it was looked at
    if look(shelf, *place, spool).flaw is None:
        return Outcome.SOUND_AGAIN
    data.seek(0)
    version = shelf.replace(part, data)
    if shelf.differs(part, version, spool) is not None:
        return Outcome.STILL_DAMAGED
    bucket, key = place
    if bucket is Bucket.ECOPIES and version is not None:
        # the damaged version is read in vain before another one stands in for it
        name_versions(database_url(settings), io.StringIO(f"{key}\t{version}\n"))
    return Outcome.PUT_BACK


def _is_whole(part: Part, data: BinaryIO) -> bool:
    try:
        return sha256_of(data) == (part.sha256, part.size)
    except OSError:  # the medium of the backup is damaged there
        return False
