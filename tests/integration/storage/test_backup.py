"""A backup is whole or refused; restored, it is the same installation on other servers."""

import errno
import hashlib
import json
import os
import random
import secrets
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from api.first_start import prepare_office
from api.logins import first_logins
from api.office import agencies, office_actor
from api.safekeeping import back_up, differing_settings, examined_objects, restore
from api.stores import open_stores
from api.trust import verify_file
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Bucket
from storage import revision, schema
from storage.backup import restoring
from storage.backup.archive import read_parts
from storage.backup.references import References
from storage.backup.restoring import check_backup, refuse_unfinished
from storage.backup.stage import Stage
from storage.embedded.home import prepare_home
from storage.s3 import connect
from storage.settings import Settings
from storage.stores import database_url, open_object_store, s3_endpoint
from tests.fakes.house import page_jpeg
from tests.integration.conftest import damage
from tests.integration.storage.conftest import DOCUMENT, ORIGINAL, Kept, copy_of, silent
from workflow.login import sign_in
from workflow.pictures import page_key


class UnpluggedError(Exception):
    pass


@pytest.fixture(scope="module")
def restored(elsewhere: Callable[[], Settings], kept: Kept) -> Settings:
    """Restored at the second try: the first breaks off when the last object is in."""
    made = elsewhere()

    def unplug(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.OBJECTS and done == total:
            raise UnpluggedError

    with pytest.raises(UnpluggedError):
        restore(made, kept.path, watch=unplug)
    with pytest.raises(HosoError) as refused:
        refuse_unfinished(made)
    assert refused.value.code is ErrorCode.RESTORE_UNFINISHED
    restore(made, kept.path, watch=silent)
    refuse_unfinished(made)
    return made


def test_the_file_is_private_dated_and_leaves_nothing_beside_it(kept: Kept) -> None:
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert kept.path.name.startswith("hoso-20")
    assert list(kept.path.parent.iterdir()) == [kept.path]
    assert check_backup(kept.path, watch=silent) == kept.manifest
    assert not kept.manifest.flaws


def test_a_copy_fetched_after_the_restore_is_the_same_and_genuine(
    source: Settings, restored: Settings
) -> None:
    pdf = copy_of(restored)
    assert pdf == copy_of(source)
    assert verify_file(restored, pdf).exit_code == 0


def test_rows_are_the_same_and_sign_ins_are_made_anew(restored: Settings, kept: Kept) -> None:
    with psycopg.connect(database_url(restored)) as connection:
        for table, count in kept.manifest.database.tables.items():
            query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            row = connection.execute(query).fetchone()
            # the fetch and the restore itself are in the trail already
            assert row is not None
            assert row[0] == count or (table == "event" and row[0] > count), table
        assert connection.execute("select count(*) from session").fetchone() == (0,)
    stores = open_stores(restored, pool_size=1)
    with stores.database.transaction() as tx:
        sign_in("admin", first_logins(restored)["admin"], tx=tx, clock=stores.clock)
        events = tx.events.named(
            [EventName.BACKUP_RESTORED], within=office_actor(restored).agency_path
        )
        assert tx.certificates.next_number(
            agency_id=agencies(restored)[-1].id, year=datetime.now(UTC).year
        ) == 2  # fmt: skip
    assert events[0].facts["documents"] == 2


def test_locks_are_as_long_and_versions_are_those_of_the_new_store(
    source: Settings, restored: Settings
) -> None:
    versions = []
    for settings in (source, restored):
        stores = open_stores(settings, pool_size=1)
        with stores.database.transaction() as tx:
            certificate = tx.certificates.by_document(DOCUMENT)
        assert certificate is not None
        name = f"{settings.bucket_prefix}-{Bucket.ECOPIES}"
        found = connect(s3_endpoint(settings)).get_object_retention(
            name, certificate.sha256, version_id=certificate.object_version
        )
        assert found is not None
        assert found.mode == "COMPLIANCE"
        versions.append((certificate.object_version, found.retain_until_date))
    assert versions[0][0] != versions[1][0]
    assert versions[0][1] == versions[1][1]


def test_secrets_and_keys_are_the_same_and_private(source: Settings, restored: Settings) -> None:
    names = [
        *(path.relative_to(source.home) for path in (source.home / "pki").glob("*.pem")),
        Path("secrets/logins.json"),
    ]
    assert len(names) > 5
    for name in names:
        assert (restored.home / name).read_bytes() == (source.home / name).read_bytes()
        assert stat.S_IMODE((restored.home / name).stat().st_mode) == 0o600


def test_settings_that_differ_are_told(restored: Settings, kept: Kept) -> None:
    assert set(differing_settings(restored, kept.manifest)) == {"HOSO_BUCKET_PREFIX"}


def test_a_place_with_documents_is_refused_before_the_file_is_read(
    restored: Settings, tmp_path: Path
) -> None:
    (tmp_path / "x.tar").write_bytes(b"no backup at all")
    with pytest.raises(HosoError) as refused:
        restore(restored, tmp_path / "x.tar", watch=silent)
    assert refused.value.code is ErrorCode.RESTORE_TARGET_NOT_EMPTY
    assert "2 rows in document" in str(refused.value.facts["problem"])


def test_a_backup_of_a_later_release_is_refused(
    elsewhere: Callable[[], Settings], kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring.revision, "known", lambda: ("0000",))
    with pytest.raises(HosoError) as refused:
        restore(elsewhere(), kept.path, watch=silent)
    assert refused.value.code is ErrorCode.BACKUP_TOO_NEW


@pytest.fixture
def older(elsewhere: Callable[[], Settings], tmp_path: Path) -> Path:
    """A backup of tables as an earlier release had them."""
    made = elsewhere()
    prepare_home(made.home)
    schema.upgrade(database_url(made), "0003")
    open_object_store(made).ensure_buckets()
    with psycopg.connect(database_url(made)) as connection:
        connection.execute("insert into agency (id, name, level, path) values ('x', '', '', 'x')")
    return back_up(made, tmp_path / "older.tar", watch=silent)[0]


def test_a_backup_of_an_earlier_release_is_restored_where_accounts_were_made(
    elsewhere: Callable[[], Settings], older: Path
) -> None:
    target = elsewhere()
    prepare_home(target.home)
    schema.upgrade(database_url(target))
    prepare_office(target)
    restore(target, older, watch=silent)
    with psycopg.connect(database_url(target)) as connection:
        agencies_ = connection.execute("select id from agency").fetchall()
        accounts = connection.execute("select count(*) from account").fetchone()
        applied = connection.execute("select version_num from alembic_version").fetchone()
    assert (agencies_, accounts) == ([("x",)], (0,))
    assert applied == (revision.known()[-1],)
    refuse_unfinished(target)


def test_tables_of_others_stay(elsewhere: Callable[[], Settings], older: Path) -> None:
    target = elsewhere()
    schema.upgrade(database_url(target))
    with psycopg.connect(database_url(target)) as connection:
        connection.execute("create table theirs (x int)")
    with pytest.raises(HosoError) as refused:
        restore(target, older, watch=silent)
    assert refused.value.code is ErrorCode.RESTORE_TARGET_NOT_EMPTY
    assert "theirs" in str(refused.value.facts["problem"])
    with psycopg.connect(database_url(target)) as connection:
        connection.execute("select * from theirs, document")


def refusal_of(path: Path) -> HosoError:
    with pytest.raises(HosoError) as refused:
        check_backup(path, watch=silent)
    assert refused.value.code is ErrorCode.BACKUP_DAMAGED
    return refused.value


def test_any_changed_byte_is_noticed(kept: Kept, tmp_path: Path) -> None:
    whole = kept.path.read_bytes()
    told = [position for position, byte in enumerate(whole) if byte]  # the rest pads blocks
    chance = random.Random(7)  # noqa: S311  # repeatable
    headers = [whole.index(text) for text in (b"HOSO.retain_until=", b"HOSO.media_type=", b"PGDMP")]
    for position in (*headers, *(chance.choice(told) for _ in range(25))):
        changed = bytearray(whole)
        changed[position] ^= 1
        (tmp_path / "changed.tar").write_bytes(changed)
        refusal_of(tmp_path / "changed.tar")


def _links(tar: tarfile.TarFile) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
        link = tarfile.TarInfo("private/secrets/a")
        link.type, link.linkname = kind, "/etc/passwd"
        tar.addfile(link)


def _holes(tar: tarfile.TarFile) -> None:
    hollow = tarfile.TarInfo("private/secrets/a")
    size = {"GNU.sparse.map": "0,0", "GNU.sparse.size": str(2**50)}
    hollow.pax_headers = size
    tar.addfile(hollow)


def _headers_of_headers(tar: tarfile.TarFile) -> None:
    header = tarfile.TarInfo("x")
    header.type = tarfile.XHDTYPE
    for _ in range(3000):
        tar.addfile(header)


@pytest.mark.parametrize("make", [_links, _holes, _headers_of_headers])
def test_a_tar_made_to_do_harm_is_refused(
    tmp_path: Path, make: Callable[[tarfile.TarFile], None]
) -> None:
    with tarfile.open(tmp_path / "x.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        make(tar)
    refusal_of(tmp_path / "x.tar")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 1.0])
def test_a_file_cut_short_is_refused(kept: Kept, tmp_path: Path, share: float) -> None:
    whole = kept.path.read_bytes().rstrip(b"\0")[:-1]
    (tmp_path / "cut.tar").write_bytes(whole[: int(len(whole) * share)])
    refusal_of(tmp_path / "cut.tar")


def test_nothing_is_restored_from_a_damaged_file(
    elsewhere: Callable[[], Settings], kept: Kept, tmp_path: Path
) -> None:
    changed = bytearray(kept.path.read_bytes())
    changed[changed.index(ORIGINAL[:200]) + 100] ^= 1
    (tmp_path / "changed.tar").write_bytes(changed)
    target = elsewhere()
    with pytest.raises(HosoError) as refused:
        restore(target, tmp_path / "changed.tar", watch=silent)
    assert refused.value.code is ErrorCode.BACKUP_DAMAGED
    assert not list((target.home / "secrets").iterdir())
    assert not connect(s3_endpoint(target)).bucket_exists(f"{target.bucket_prefix}-originals")
    refuse_unfinished(target)


def test_a_full_disk_and_a_taken_name_are_told_and_leave_nothing(
    source: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken.tar").write_text("an older backup")
    with pytest.raises(HosoError) as refused:
        back_up(source, tmp_path / "taken.tar", watch=silent)
    assert refused.value.code is ErrorCode.FILE_NOT_WRITABLE
    usage = shutil.disk_usage(tmp_path)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(HosoError) as refused:
        back_up(source, tmp_path / "new.tar", watch=silent)
    assert refused.value.code is ErrorCode.DISK_SPACE_SHORT
    assert [path.name for path in tmp_path.iterdir()] == ["taken.tar"]


@pytest.mark.parametrize("where", ["opening", "counting"])
def test_a_disk_that_is_full_already_is_told_as_such(
    source: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    really = os.open

    def full(path: Path, *how: int) -> int:
        if path.name.endswith(".part"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return really(path, *how)

    def full_of_rows(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    if where == "opening":
        monkeypatch.setattr("storage.backup.making.os.open", full)
    else:
        monkeypatch.setattr(References, "load", full_of_rows)
    with pytest.raises(HosoError) as refused:
        back_up(source, tmp_path / "new.tar", watch=silent)
    assert refused.value.code is ErrorCode.DISK_SPACE_SHORT
    assert not list(tmp_path.iterdir())


@pytest.fixture
def flawed(source: Settings) -> Iterator[str]:
    """A page picture is lost, and bytes that are not theirs stand under the key of another original."""
    objects = open_object_store(source)
    client = connect(s3_endpoint(source))
    sha256 = hashlib.sha256(ORIGINAL).hexdigest()
    lost = page_key(sha256, 2)
    client.remove_object(f"{source.bucket_prefix}-{Bucket.PAGES}", lost)
    corrupt = secrets.token_hex(32)
    version = objects.put(Bucket.ORIGINALS, corrupt, b"rotten", media_type="image/png")
    yield corrupt
    objects.put(Bucket.PAGES, lost, page_jpeg(2), media_type="image/jpeg")
    client.remove_object(f"{source.bucket_prefix}-{Bucket.ORIGINALS}", corrupt, version)


def test_what_the_installation_itself_lacks_is_named_and_the_rest_is_kept(
    source: Settings, flawed: str, tmp_path: Path
) -> None:
    path, manifest = back_up(source, tmp_path / "b.tar", watch=silent)
    sha256 = hashlib.sha256(ORIGINAL).hexdigest()
    assert {(flaw.code, flaw.bucket, flaw.key) for flaw in manifest.flaws} == {
        ("object_missing", "pages", page_key(sha256, 2)),
        ("object_corrupt", "originals", flawed),
    }
    assert check_backup(path, watch=silent) == manifest
    names = [part.name for part, _ in read_parts(path)]
    assert f"objects/originals/{sha256}" in names
    assert names[-1] == "manifest.json"
    assert json.loads(manifest.to_json())["format"] == "hoso-backup"
    looked = list(examined_objects(source, watch=silent))
    assert {(one.flaw, one.key) for one in looked if one.flaw} == {
        (ErrorCode.OBJECT_MISSING, page_key(sha256, 2)),
        (ErrorCode.OBJECT_CORRUPT, flawed),
    }
    assert sha256 in {one.key for one in looked}


def test_a_version_that_does_not_match_its_hash_is_passed_over_for_one_that_does(
    source: Settings,
) -> None:
    data = secrets.token_bytes(3000)
    sha256 = hashlib.sha256(data).hexdigest()
    objects = open_object_store(source)
    sound = objects.put(Bucket.ECOPIES, sha256, data, media_type="application/pdf")
    other = objects.put(Bucket.ECOPIES, sha256, b"other bytes", media_type="application/pdf")
    looked = {one.key: one for one in examined_objects(source, watch=silent)}
    client = connect(s3_endpoint(source))
    for version in (sound, other):
        client.remove_object(f"{source.bucket_prefix}-{Bucket.ECOPIES}", sha256, version)
    assert (looked[sha256].flaw, looked[sha256].part and looked[sha256].part.sha256) == (
        None,
        sha256,
    )


def test_what_the_disk_has_damaged_is_named_and_the_rest_is_kept(
    source: Settings, settings: Settings, tmp_path: Path
) -> None:
    rotten = secrets.token_bytes(3000)
    sha256 = hashlib.sha256(rotten).hexdigest()
    objects = open_object_store(source)
    version = objects.put(Bucket.ORIGINALS, sha256, rotten, media_type="image/png")
    damage(settings, rotten)
    path, manifest = back_up(source, tmp_path / "b.tar", watch=silent)
    assert [(flaw.code, flaw.bucket, flaw.key) for flaw in manifest.flaws] == [
        ("object_corrupt", "originals", sha256)
    ]
    names = [part.name for part, _ in read_parts(path)]
    assert f"objects/originals/{sha256}" not in names
    assert f"objects/originals/{hashlib.sha256(ORIGINAL).hexdigest()}" in names
    # mended, the newest version is read, and the damaged one no more than passed over
    assert objects.mend(Bucket.ORIGINALS, sha256, rotten, media_type="image/png")
    path, manifest = back_up(source, tmp_path / "c.tar", watch=silent)
    assert not manifest.flaws
    client = connect(s3_endpoint(source))
    name = f"{source.bucket_prefix}-{Bucket.ORIGINALS}"
    mended = client.stat_object(name, sha256).version_id
    for one in (mended, version):
        client.remove_object(name, sha256, one)
