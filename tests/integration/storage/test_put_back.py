"""What a house lacks or holds damaged comes back out of a backup, into a house that works or an empty one."""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.office import agencies, office_actor
from api.safekeeping import Outcome, Sought, back_up, put_back, restore
from api.stores import open_stores
from api.trust import verify_file
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Bucket
from storage.backup import mending
from storage.backup.examining import Looked
from storage.object_store import S3ObjectStore
from storage.s3 import connect
from storage.settings import Settings
from storage.stores import database_url, open_object_store, s3_endpoint
from tests.fakes.house import sample_document
from tests.integration.conftest import damage
from tests.integration.storage.conftest import DOCUMENT, ORIGINAL, Kept, copy_of, silent
from workflow.pictures import page_key

PAGE = page_key(hashlib.sha256(ORIGINAL).hexdigest(), 2)


@dataclass(frozen=True, kw_only=True)
class Orphan:
    """An original that no row names: what happens to it hurts no other test."""

    data: bytes
    key: str
    version: str | None


def put_orphan(settings: Settings, data: bytes, *, key: str | None = None) -> Orphan:
    key = key or hashlib.sha256(data).hexdigest()
    version = open_object_store(settings).put(Bucket.ORIGINALS, key, data, media_type="image/png")
    return Orphan(data=data, key=key, version=version)


def client_of(settings: Settings) -> Any:
    return connect(s3_endpoint(settings))


def bucket_of(settings: Settings, bucket: Bucket) -> str:
    return f"{settings.bucket_prefix}-{bucket}"


def remove(settings: Settings, *keys: str) -> None:
    name = bucket_of(settings, Bucket.ORIGINALS)
    for key in keys:
        for one in open_object_store(settings).versions(Bucket.ORIGINALS, key):
            client_of(settings).remove_object(name, key, one.version_id)


def rot(settings: Settings, orphan: Orphan) -> str | None:
    """Other bytes in its place, as many: as if the store had given out what is wrong and not noticed."""
    remove(settings, orphan.key)
    return put_orphan(settings, b"x" * len(orphan.data), key=orphan.key).version


@pytest.fixture
def orphan(source: Settings) -> Iterator[Orphan]:
    made = put_orphan(source, secrets.token_bytes(3000))
    yield made
    remove(source, made.key)


@pytest.fixture
def failed(source: Settings, orphan: Orphan) -> Iterator[Document]:
    """A document of another office that could not be read for want of the orphan."""
    made = sample_document(
        "of the orphan",
        state=DocumentState.FAILED,
        problem="object_corrupt",
        agency=agencies(source)[0],
        sha256=orphan.key,
    )
    with open_stores(source, pool_size=1).database.transaction() as tx:
        assert tx.documents.add(made)
    yield made
    with psycopg.connect(database_url(source)) as connection:
        connection.execute("delete from document where id = %s", [made.id])
        connection.execute(
            "delete from procrastinate_jobs where args ->> 'document_id' = %s", [made.id]
        )


def outcomes(settings: Settings, file: Path) -> dict[tuple[str, str], Outcome]:
    found = put_back(settings, file, watch=silent)
    return {(str(one.bucket), one.key): one.outcome for one in found}


def all_versions(settings: Settings) -> set[tuple[str, str, str]]:
    return {
        (str(bucket), str(one.object_name), str(one.version_id))
        for bucket in (Bucket.ORIGINALS, Bucket.ECOPIES)
        for one in client_of(settings).list_objects(
            bucket_of(settings, bucket), recursive=True, include_version=True
        )
    }


def test_a_copy_a_picture_and_an_original_come_back_while_the_house_runs(
    source: Settings, settings: Settings, orphan: Orphan, failed: Document, tmp_path: Path
) -> None:
    pdf = copy_of(source)
    copy = hashlib.sha256(pdf).hexdigest()
    file, _ = back_up(source, tmp_path / "b.tar", watch=silent)
    mark = pdf.rindex(b"/ID")  # in the middle lies the picture of a page, which is kept apart too
    damage(settings, pdf[mark : mark + 96])
    rot(source, orphan)
    before = all_versions(source)
    client_of(source).remove_object(bucket_of(source, Bucket.PAGES), PAGE)
    with pytest.raises(HosoError) as refused:
        copy_of(source)
    assert refused.value.code is ErrorCode.OBJECT_CORRUPT

    assert outcomes(source, file) == {
        ("ecopies", copy): Outcome.PUT_BACK,
        ("originals", orphan.key): Outcome.PUT_BACK,
        ("pages", PAGE): Outcome.PUT_BACK,
    }
    started = time.monotonic()
    assert copy_of(source) == pdf
    assert time.monotonic() - started < 5, "the register names the version that is sound"
    assert verify_file(source, pdf).exit_code == 0
    objects = open_object_store(source)
    assert objects.get(Bucket.ORIGINALS, orphan.key) == orphan.data
    assert objects.exists(Bucket.PAGES, PAGE)
    anew = all_versions(source) - before
    assert {(bucket, key) for bucket, key, _ in anew} == {
        ("ecopies", copy),
        ("originals", orphan.key),
    }
    assert before < all_versions(source), "what is damaged stays under its lock"
    assert locks_of(source, objects, copy)[0] >= max(locks_of(source, objects, copy))

    assert outcomes(source, file) == {}, "once more: nothing to do"
    stores = open_stores(source, pool_size=1)
    with stores.database.transaction() as tx:
        goes_on = tx.documents.get(failed.id, within=agencies(source)[0].path)
    assert goes_on is not None
    assert (goes_on.state, goes_on.problem) == (DocumentState.RECEIVED, None)
    with stores.database.transaction() as tx:
        noted = tx.events.named(
            [EventName.BACKUP_PUT_BACK], within=office_actor(source).agency_path
        )
    assert [event.facts["objects"] for event in noted] == [3]


def locks_of(settings: Settings, objects: S3ObjectStore, copy: str) -> list[datetime]:
    """Ends of the locks of all versions of a copy, the newest first."""
    name = bucket_of(settings, Bucket.ECOPIES)
    ends = [
        objects.retention(name, copy, one.version_id)
        for one in objects.versions(Bucket.ECOPIES, copy)
    ]
    assert len(ends) > 1
    return [end for end in ends if end is not None]


def test_what_the_backup_lacks_or_holds_damaged_is_named(
    source: Settings, orphan: Orphan, tmp_path: Path
) -> None:
    file, _ = back_up(source, tmp_path / "b.tar", watch=silent)
    later = put_orphan(source, secrets.token_bytes(3000))
    changed = bytearray(file.read_bytes())
    changed[changed.index(orphan.data) + 1000] ^= 1
    file.write_bytes(changed)
    rotten = rot(source, orphan)
    rot(source, later)
    assert outcomes(source, file) == {
        ("originals", orphan.key): Outcome.DAMAGED_IN_BACKUP,
        ("originals", later.key): Outcome.NOT_IN_BACKUP,
    }
    assert [one.version_id for one in versions(source, orphan.key)] == [rotten]
    remove(source, later.key)


def versions(settings: Settings, key: str) -> list[Any]:
    return open_object_store(settings).versions(Bucket.ORIGINALS, key)


@pytest.mark.parametrize("where", [b"HOSO.retain_until=", b"HOSO.sha256=", None])
def test_a_file_whose_headers_were_changed_or_that_is_none_is_refused_before_all_is_read(
    source: Settings,
    kept: Kept,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: bytes | None,
) -> None:
    changed = bytearray(kept.path.read_bytes() if where else b"x" * 5000)
    if where:
        changed[changed.index(where) + len(where) + 1] ^= 1
    (tmp_path / "changed.tar").write_bytes(changed)
    monkeypatch.setattr(
        mending, "examine_running", lambda *_, **__: pytest.fail("hours of reading")
    )
    with pytest.raises(HosoError) as refused:
        outcomes(source, tmp_path / "changed.tar")
    assert refused.value.code is ErrorCode.BACKUP_DAMAGED


def test_what_somebody_mended_meanwhile_is_left_alone(
    source: Settings, orphan: Orphan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _ = back_up(source, tmp_path / "b.tar", watch=silent)
    flaw = Looked(bucket=Bucket.ORIGINALS, key=orphan.key, part=None, flaw=ErrorCode.OBJECT_CORRUPT)
    monkeypatch.setattr(mending, "examine_running", lambda *_, **__: iter([flaw]))
    assert outcomes(source, file) == {("originals", orphan.key): Outcome.SOUND_AGAIN}
    assert [one.version_id for one in versions(source, orphan.key)] == [orphan.version]


def test_what_comes_back_is_kept_as_long_as_the_damaged_version_and_held_as_it_was(
    source: Settings, tmp_path: Path
) -> None:
    data = secrets.token_bytes(3000)
    orphan = put_orphan(source, data)
    file, _ = back_up(source, tmp_path / "b.tar", watch=silent)
    name, client = bucket_of(source, Bucket.ORIGINALS), client_of(source)
    remove(source, orphan.key)
    until = datetime.now(UTC) + timedelta(minutes=5)
    # since the backup it was locked and held, and then the disk went bad
    rotten = open_object_store(source).put(
        Bucket.ORIGINALS, orphan.key, b"rotten", media_type="image/png", retain_until=until
    )
    client.enable_object_legal_hold(name, orphan.key, version_id=rotten)
    assert outcomes(source, file) == {("originals", orphan.key): Outcome.PUT_BACK}
    newest = versions(source, orphan.key)[0].version_id
    assert newest != rotten
    lock = client.get_object_retention(name, orphan.key, version_id=newest)
    assert abs((lock.retain_until_date - until).total_seconds()) < 2
    assert client.is_object_legal_hold_enabled(name, orphan.key, version_id=newest)


def test_a_restore_replaces_what_the_store_holds_damaged_and_goes_on(
    source: Settings,
    settings: Settings,
    elsewhere: Callable[[], Settings],
    orphan: Orphan,
    tmp_path: Path,
) -> None:
    pdf = copy_of(source)
    copy = hashlib.sha256(pdf).hexdigest()
    file, _ = back_up(source, tmp_path / "b.tar", watch=silent)
    target = elsewhere()
    objects = open_object_store(target)
    objects.ensure_buckets()
    put_orphan(target, orphan.data)
    damage(settings, orphan.data)
    objects.put(Bucket.ECOPIES, copy, b"x" * len(pdf), media_type="application/pdf")
    told: list[Sought] = []
    restore(target, file, watch=silent, tell=told.append)
    assert {(one.key, one.outcome) for one in told} == {
        (orphan.key, Outcome.PUT_BACK),
        (copy, Outcome.PUT_BACK),
    }
    assert objects.get(Bucket.ORIGINALS, orphan.key) == orphan.data
    assert copy_of(target) == pdf
    stores = open_stores(target, pool_size=1)
    with stores.database.transaction() as tx:
        certificate = tx.certificates.by_document(DOCUMENT)
    assert certificate is not None
    assert certificate.object_version == objects.versions(Bucket.ECOPIES, copy)[0].version_id


@pytest.mark.parametrize("store_has_it", [True, False])
def test_what_the_backup_holds_damaged_replaces_nothing_sound(
    source: Settings, elsewhere: Callable[[], Settings], tmp_path: Path, *, store_has_it: bool
) -> None:
    data = secrets.token_bytes(3000)
    key = hashlib.sha256(data).hexdigest()
    put_orphan(source, b"x" * len(data), key=key)
    file, manifest = back_up(source, tmp_path / "b.tar", watch=silent)
    remove(source, key)
    assert [flaw.key for flaw in manifest.flaws] == [key]
    target = elsewhere()
    objects = open_object_store(target)
    objects.ensure_buckets()
    if store_has_it:
        put_orphan(target, data)
    told: list[Sought] = []
    restore(target, file, watch=silent, tell=told.append)
    if store_has_it:
        assert objects.get(Bucket.ORIGINALS, key) == data
        assert len(versions(target, key)) == 1
        assert not told
    else:
        assert [(one.key, one.outcome) for one in told] == [(key, Outcome.DAMAGED_IN_BACKUP)]
