"""``hoso doctor``: what would be for ever is told before there is one, and what is lost is named."""

import hashlib
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from api.bootstrap import make_desk
from api.cli import doctor, main
from api.safekeeping import Looked
from api.trust import open_authority
from domain.document import DocumentState
from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.backup.archive import Part
from storage.settings import Settings, load_settings
from tests.fakes.house import TestHouse, make_test_house, sample_document
from workflow.pictures import page_key

LOCAL = ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000", "http://0.0.0.0"]
PUBLIC = ["http://hoso.example.vn", "https://hoso.example.vn", "http://10.0.0.5:8000"]


@pytest.mark.parametrize("url", LOCAL)
def test_an_address_of_this_machine_is_told_and_refused_where_copies_count(
    tmp_path: Path, url: str
) -> None:
    demo = load_settings(home=tmp_path, public_url=url)
    assert isinstance(doctor._public_address(demo), doctor.Caution)
    own = load_settings(home=tmp_path, public_url=url, signing=tmp_path / "signing.toml")
    for look in (doctor._public_address, make_desk):
        with pytest.raises(HosoError) as refused:
            look(own)
        assert refused.value.code is ErrorCode.PUBLIC_URL_LOCAL
        assert refused.value.facts == {"url": url}


@pytest.mark.parametrize("url", PUBLIC)
def test_an_address_that_others_can_open_is_well(tmp_path: Path, url: str) -> None:
    settings = load_settings(
        home=tmp_path,
        public_url=url,
        signing=tmp_path / "signing.toml",
        trusted_proxies="10.0.0.9",
    )
    assert doctor._public_address(settings) == url
    with pytest.raises(HosoError) as refused:
        make_desk(settings)  # gets as far as the keys, which are not there
    assert refused.value.code is not ErrorCode.PUBLIC_URL_LOCAL


def test_https_without_a_named_proxy_is_told(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, public_url="https://hoso.example.vn")
    told = doctor._public_address(settings)
    assert isinstance(told, doctor.Caution)
    assert "HOSO_TRUSTED_PROXIES" in told.words


@pytest.mark.parametrize(
    ("days", "found"),
    [(100, str), (1080, doctor.Caution), (1200, HosoError)],
)
def test_the_end_of_the_demonstration_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, found: type
) -> None:
    settings = load_settings(home=tmp_path / "var")
    assert "made at the first start" in str(doctor._signatures(settings))
    open_authority(settings)
    later = datetime.now(UTC) + timedelta(days=days)
    monkeypatch.setattr(doctor.SystemClock, "now", lambda _: later)
    try:
        told: object = doctor._signatures(settings)
    except HosoError as error:
        told = error
    assert type(told) is found
    assert ("hoso down, then hoso up" in str(told)) == (found is not str)


def test_a_demonstration_that_has_not_begun_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(home=tmp_path / "var")
    begins = open_authority(settings).begins()[1]
    monkeypatch.setattr(doctor.SystemClock, "now", lambda _: begins - timedelta(days=1))
    with pytest.raises(HosoError) as refused:
        doctor._signatures(settings)
    assert refused.value.code is ErrorCode.CONFIG_INVALID
    assert f"from {begins.date()}" in str(refused.value.facts["problems"])


@pytest.mark.parametrize(("days", "found"), [(-2, doctor.Caution), (1, str), (400, doctor.Caution)])
def test_a_clock_far_from_the_trail_is_told(
    kept: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, found: type
) -> None:
    settings = load_settings(home=tmp_path, agency="vn=Việt Nam;24=Bắc Ninh;07777=Việt Yên")
    assert type(doctor._clock(settings)) is str, "an empty trail says nothing"
    noted = kept.put(sample_document("another")).created_at
    kept.clock.at = noted + timedelta(days=days)
    monkeypatch.setenv("HOSO_LANG", "en")
    told = doctor._clock(settings)
    assert type(told) is found
    assert (f"{noted:%Y-%m-%d}" in str(told)) == (found is doctor.Caution)


def test_a_caution_leaves_the_exit_code_alone(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = doctor.Examination(name="x", look=lambda _: doctor.Caution(words="be careful"))
    monkeypatch.setattr(doctor, "EXAMINATIONS", (look,))
    doctor.doctor(objects=False)
    assert capfd.readouterr().out == "! x: be careful\n"


def test_a_full_disk_is_told_whatever_meets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_settings: Settings) -> str:
        Path("/dev/full").write_bytes(b"x")
        return ""

    usage = shutil.disk_usage(tmp_path)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    looks = (doctor._disk, full)
    monkeypatch.setattr(
        doctor, "EXAMINATIONS", [doctor.Examination(name="x", look=look) for look in looks]
    )
    found = [finding for _, finding in doctor._examined(load_settings(home=tmp_path))]
    codes = [finding.code for finding in found if isinstance(finding, HosoError)]
    assert codes == [ErrorCode.DISK_SPACE_SHORT, ErrorCode.DISK_SPACE_SHORT]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> TestHouse:
    """A document whose original and page pictures are there."""
    house, scan = make_test_house(), b"the scan"
    sha256 = hashlib.sha256(scan).hexdigest()
    document = sample_document(state=DocumentState.REVIEW, sha256=sha256)
    with house.database.transaction() as tx:
        tx.documents.add(document)
    house.objects.put(Bucket.ORIGINALS, sha256, scan, media_type="image/png")
    for number in document.pages:
        key = page_key(sha256, number)
        house.objects.put(Bucket.PAGES, key, b"picture", media_type="image/jpeg")
    stores = SimpleNamespace(database=house.database, objects=house.objects, clock=house.clock)
    monkeypatch.setattr(doctor, "open_stores", lambda *_args, **_named: stores)
    return house


def test_what_the_newest_documents_stand_on_is_looked_at(kept: TestHouse, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, agency="vn=Việt Nam;24=Bắc Ninh;07777=Việt Yên")
    assert "1 newest" in doctor._newest_objects(settings)
    for key in list(kept.objects.versions):
        before = kept.objects.versions.pop(key)
        with pytest.raises(HosoError) as refused:
            doctor._newest_objects(settings)
        assert refused.value.code is ErrorCode.OBJECT_MISSING
        kept.objects.versions[key] = before


def test_what_stands_still_for_our_own_reasons_is_told(
    kept: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_LANG", "en")
    settings = load_settings(home=tmp_path, agency="vn=Việt Nam;24=Bắc Ninh;07777=Việt Yên")
    broken = {"state": DocumentState.FAILED, "problem": "file_broken"}
    kept.put(sample_document("broken", **broken))
    assert isinstance(doctor._trouble(settings), str)
    away = {"state": DocumentState.RECEIVED, "problem": "object_store_unavailable"}
    kept.put(sample_document("waits", **away))
    kept.put(sample_document("lost", state=DocumentState.FAILED, problem="worker_lost"))
    told = doctor._trouble(settings)
    assert isinstance(told, doctor.Caution)
    assert "1 waiting: Object store unavailable" in told.words
    assert "hoso retry --code worker_lost" in told.words
    assert "file_broken" not in told.words


def test_every_object_is_read_where_that_is_asked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked(*_args: Any, **_named: Any) -> Iterator[Looked]:
        part = Part(name="x", size=1_000_000, sha256="")
        yield Looked(bucket=Bucket.ORIGINALS, key="sound", part=part, flaw=None)
        yield Looked(bucket=Bucket.ECOPIES, key="rotten", part=None, flaw=ErrorCode.OBJECT_CORRUPT)

    monkeypatch.setattr(doctor, "examined_objects", looked)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["hoso", "doctor", "--objects"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capfd.readouterr()
    assert ended.value.code == 1
    assert "ecopies/rotten" in said.err
    assert "1 objects read (1.0 MB), 1 missing or damaged" in said.out
