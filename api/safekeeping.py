"""Wiring of backup and restore: this installation's settings, its page keys, its audit trail."""

from collections.abc import Callable, Iterator
from pathlib import Path

from api.office import office_actor
from api.stores import open_stores
from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.backup.examining import Looked, examine
from storage.backup.making import make_backup
from storage.backup.manifest import Manifest
from storage.backup.mending import put_back_damaged
from storage.backup.outcome import Outcome, Sought
from storage.backup.restoring import check_backup, refuse_unfinished, restore_backup
from storage.backup.stage import Stage, Watch
from storage.settings import Settings
from workflow.pictures import page_key
from workflow.retrying import go_on_with_original
from workflow.safekeeping import note_backup, note_put_back, note_restore

__all__ = [
    "Looked",
    "Manifest",
    "Outcome",
    "Sought",
    "Stage",
    "Watch",
    "back_up",
    "check_backup",
    "differing_settings",
    "examined_objects",
    "put_back",
    "refuse_unfinished",
    "restore",
]


def back_up(settings: Settings, out: Path, *, watch: Watch) -> tuple[Path, Manifest]:
    """Make a backup of this installation and note it in the trail. Raises like ``make_backup``.

    Tables of another release are taken as they are, and their trail stays as it is.
    """

    def note(file: Path, manifest: Manifest) -> None:
        stores = open_stores(settings, pool_size=1)
        try:
            with stores.database.transaction() as tx:
                facts = {"file": file.name, **_facts(manifest)}
                note_backup(office_actor(settings), tx=tx, clock=stores.clock, **facts)
        except HosoError as error:
            if error.code not in {ErrorCode.DATABASE_TOO_OLD, ErrorCode.DATABASE_TOO_NEW}:
                raise

    return make_backup(settings, out, page_key=page_key, watch=watch, note=note)


def examined_objects(settings: Settings, *, watch: Watch) -> Iterator[Looked]:
    """Every stored object read whole, and those that the rows name and that are missing."""
    return examine(settings, page_key=page_key, watch=watch)


def put_back(settings: Settings, file: Path, *, watch: Watch) -> Iterator[Sought]:
    """Put what is missing or damaged here back out of a backup; noted in the trail where it helped.

    What failed for want of an original that is back is tried again.
    """
    originals: list[str] = []

    def note(count: int) -> None:
        stores, actor = open_stores(settings, pool_size=1), office_actor(settings)
        with stores.database.transaction() as tx:
            facts = {"file": file.name, "objects": count}
            note_put_back(actor, tx=tx, clock=stores.clock, **facts)
            for sha256 in originals:
                go_on_with_original(tx, actor, sha256, at=stores.clock.now())

    for sought in put_back_damaged(settings, file, page_key=page_key, watch=watch, note=note):
        if sought.bucket is Bucket.ORIGINALS and sought.outcome is Outcome.PUT_BACK:
            originals.append(sought.key)
        yield sought


def restore(
    settings: Settings, file: Path, *, watch: Watch, tell: Callable[[Sought], None] = lambda _: None
) -> Manifest:
    """Restore into this empty installation and note it in the restored trail.

    ``tell`` hears of damaged objects, in the store and in the backup.
    """

    def note(manifest: Manifest) -> None:
        stores = open_stores(settings, pool_size=1)
        with stores.database.transaction() as tx:
            facts = {"made_at": manifest.made_at.isoformat(), **_facts(manifest)}
            note_restore(office_actor(settings), tx=tx, clock=stores.clock, **facts)

    return restore_backup(settings, file, watch=watch, tell=tell, note=note)


def differing_settings(settings: Settings, manifest: Manifest) -> dict[str, tuple[str, str]]:
    """``HOSO_*`` → (in the backup, here), for remembered settings that differ."""
    return {
        f"HOSO_{name.upper()}": (there, here)
        for name, there in manifest.settings.items()
        if (here := str(getattr(settings, name, ""))) != there
    }


def _facts(manifest: Manifest) -> dict[str, object]:
    return {
        "documents": manifest.database.tables.get("document", 0),
        "objects": sum(count.objects for count in manifest.objects.values()),
        "sha256": manifest.parts_sha256,
    }
