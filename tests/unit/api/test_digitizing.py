"""``hoso digitize``: what it says of scans that are known already, and of batch names."""

import hashlib
import json
import shutil
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from api.cli import digitizing, main
from api.cli.messages import tell_held
from api.scan_files import name_of
from api.stores import Stores
from domain.actor import Role
from domain.document import DocumentState
from domain.event import EventName
from domain.record_json import from_json, to_json
from storage.embedded.home import prepare_home
from tests.fakes.house import (
    COMMUNE,
    ROOT,
    FixedClock,
    SharedDatabase,
    sample_document,
    sample_record,
)
from tests.fakes.objects import MemoryObjectStore
from tests.unit.workflow.conftest import actor
from workflow.matching import match_record


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Stores:
    opened = Stores(
        database=SharedDatabase(),
        objects=MemoryObjectStore(),
        clock=FixedClock(),  # type: ignore[arg-type]
    )
    with opened.database.transaction() as tx:
        for agency in (ROOT, COMMUNE):
            tx.agencies.add(agency)
    monkeypatch.setattr(digitizing, "open_stores", lambda _: opened)
    monkeypatch.setattr(digitizing, "office_actor", lambda _: actor(Role.OPERATOR))
    monkeypatch.setenv("HOSO_LANG", "en")
    return opened


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for shade in (200, 210, 220):
        Image.new("L", (620, 877), shade).save(folder / f"{shade}.png", dpi=(75, 75))
    return folder


def digitize(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["hoso", "digitize", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    written = capfd.readouterr()
    return ended.value.code, " ".join((written.out + written.err).split())


def batches(stores: Stores) -> list[tuple[str, ...]]:
    with stores.database.transaction() as tx:
        return [one.batches for one in tx.documents.page(within=ROOT.path).documents]


def test_known_scans_join_the_batch_they_are_given_with(
    stores: Stores, scans: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    digitize(capfd, str(scans / "200.png"), "--batch", "B1")
    digitize(capfd, str(scans / "210.png"))
    code, words = digitize(capfd, str(scans), "--batch", "B2")
    assert code == 0
    assert "3 files registered, 2 of them known already" in words
    assert sorted(batches(stores)) == [("B1", "B2"), ("B2",), ("B2",)]
    with stores.database.transaction() as tx:
        assert tx.documents.counts(within=ROOT.path, batch="B2") == {DocumentState.RECEIVED: 3}


def test_scans_of_an_agency_that_nobody_started_yet(
    stores: Stores, scans: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commune = "vn.24.07778"
    monkeypatch.setenv("HOSO_AGENCY", "vn=Việt Nam;24=Bắc Ninh;07778=Phường Khác")
    clerk = actor(Role.OPERATOR, agency=commune)
    monkeypatch.setattr(digitizing, "office_actor", lambda _: clerk)
    code, words = digitize(capfd, str(scans / "200.png"))
    assert code == 0, words
    with stores.database.transaction() as tx:
        assert tx.documents.counts(within=commune) == {DocumentState.RECEIVED: 1}


@pytest.fixture
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digitizing, "_UNDER_WAY", frozenset[DocumentState]())


def records(capfd: pytest.CaptureFixture[str], sink: Path, *arguments: str) -> list[dict[str, Any]]:
    digitize(capfd, *arguments, "--jsonl", str(sink))
    return [json.loads(line) for line in sink.read_text(encoding="utf-8").splitlines()]


@pytest.mark.usefixtures("_no_waiting")
def test_records_say_in_which_batches_they_are(
    stores: Stores, scans: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    name = unicodedata.normalize("NFD", "Hộp 7")
    scan, sink = str(scans / "200.png"), tmp_path / "out.jsonl"
    (line,) = records(capfd, sink, scan, "--batch", name)
    assert (line["batch"], line["batches"]) == ("Hộp 7", ["Hộp 7"])
    assert batches(stores) == [("Hộp 7",)]
    (line,) = records(capfd, sink, scan, "--batch", "B2")
    assert (line["batch"], line["batches"]) == ("Hộp 7", ["Hộp 7", "B2"])


@pytest.mark.usefixtures("_no_waiting")
def test_what_is_handed_out_was_looked_at(
    stores: Stores, scans: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scan, sink = str(scans / "200.png"), tmp_path / "out.jsonl"
    digitize(capfd, scan)
    (unread,) = records(capfd, sink, scan)
    with stores.database.transaction() as tx:
        found = tx.documents.get(unread["document"], within=ROOT.path)
        assert found is not None
        read = replace(found, state=DocumentState.REVIEW, record=sample_record())
        assert tx.documents.move(found, changed=read)
    digitize(capfd, scan)
    assert len(records(capfd, sink, scan, scan)) == 2
    with stores.database.transaction() as tx:
        trail = tx.events.of_document(found.id)
    looks = [event for event in trail if event.name is EventName.DOCUMENT_VIEWED]
    assert [(look.actor_id, look.facts) for look in looks] == [
        ("operator", {"command": "hoso digitize"})
    ]


@pytest.mark.usefixtures("stores", "_no_waiting")
def test_every_file_given_is_named_as_it_was_given(
    scans: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sink = tmp_path / "out.jsonl"
    (known,) = records(capfd, sink, str(scans / "200.png"))
    given = tmp_path / unicodedata.normalize("NFD", "hộp 7")
    given.mkdir()
    for name in ("một.png", "hai.png"):
        shutil.copy(scans / "200.png", given / name)
    lines = records(capfd, sink, str(given), str(scans / "210.png"))
    folder = name_of(given)
    assert [line["file"] for line in lines] == [
        f"{folder}/hai.png",
        f"{folder}/một.png",
        str(scans / "210.png"),
    ]
    assert [line["document"] == known["document"] for line in lines] == [True, True, False]


def test_whoever_waits_is_told_once_what_the_documents_wait_for(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_LANG", "en")
    away = {"state": DocumentState.RECEIVED, "problem": "object_store_unavailable"}
    looked = [sample_document(**away), sample_document(state=DocumentState.FAILED)]
    told: set[str] = set()
    for _ in range(2):
        tell_held(looked, told)
    said = capfd.readouterr().err
    assert said.count("Waiting because of: Object store unavailable") == 1
    assert "file_broken" not in said


@pytest.mark.usefixtures("_no_waiting")
def test_a_failed_document_has_a_whole_record_that_match_takes(
    stores: Stores, scans: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scan, sink = scans / "200.png", tmp_path / "out.jsonl"
    (line,) = records(capfd, sink, str(scan))
    with stores.database.transaction() as tx:
        found = tx.documents.get(line["document"], within=ROOT.path)
        assert found is not None
        failed = replace(found, state=DocumentState.FAILED, problem="file_too_slow")
        assert tx.documents.move(found, changed=failed)
        (line,) = [digitizing._line(failed)]
    assert to_json(sample_record()).keys() <= line.keys()
    assert (line["state"], line["problem"]) == ("failed", "file_too_slow")
    assert (line["form"], line["form_confidence"], line["quality"]["usable"]) == ("other", 0, False)
    assert line["sha256"] == hashlib.sha256(scan.read_bytes()).hexdigest()
    assert (line["pages"], line["lines"], line["fields"], line["checks"]) == ([], [], {}, [])
    with stores.database.transaction() as tx:
        assert match_record(from_json(line), population=tx.population) == ()


@pytest.mark.usefixtures("stores")
def test_pictures_that_cannot_be_taken_are_refused_by_name(
    scans: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Image.new("L", (40, 60), 255).save(scans / "khai-tu-05.bmp")
    (scans / "khai-tu-08.pdf").symlink_to("/mnt/nas/khai-tu-08.pdf")
    for number in range(6):
        (scans / f"{number}.docx").touch()
    code, words = digitize(capfd, str(scans))
    assert code == 1
    assert "khai-tu-05.bmp: Unsupported file type (file_type_unsupported)" in words
    assert "khai-tu-08.pdf: Broken file (file_broken)" in words
    assert "a link to /mnt/nas/khai-tu-08.pdf, where nothing is" in words
    assert "3 files registered, 0 of them known already, 2 refused" in words
    assert "Skipped, no scans (6): *.docx (6)" in words


@pytest.mark.parametrize("taken", ["folder", "file/out.jsonl"])
def test_where_nothing_can_be_written_nothing_is_registered(
    stores: Stores, scans: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path, taken: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    code, words = digitize(capfd, str(scans), "--jsonl", str(tmp_path / taken))
    assert code == 2
    assert words.count("file_not_writable") == 1
    assert batches(stores) == []


@pytest.mark.usefixtures("_no_waiting")
def test_what_stood_there_stays_until_all_is_read(
    stores: Stores,
    scans: Path,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink = tmp_path / "out.jsonl"
    sink.write_text("of yesterday\n")

    def interrupted(*_: object, **__: object) -> None:
        assert len(batches(stores)) == 3
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(digitizing, "_wait", interrupted)
        digitize(capfd, str(scans), "--jsonl", str(sink))
    assert sink.read_text() == "of yesterday\n"
    assert list(tmp_path.glob("*.part")) == []
    assert len(records(capfd, sink, str(scans))) == 3


@pytest.mark.parametrize("name", ["  ", "x" * 300, "a\nb"])
def test_what_is_no_batch_name_is_refused_before_anything_is_registered(
    stores: Stores, scans: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    code, words = digitize(capfd, str(scans), "--batch", name)
    assert code == 2
    assert words.count("batch_name_invalid") == 1
    assert batches(stores) == []


def test_where_nothing_runs_that_is_told_once_and_not_for_every_file(
    scans: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = prepare_home(tmp_path / "home")
    # it was up once, and is down
    home.ports.write_text(json.dumps({"postgres": 9, "objects.s3": 9}))
    monkeypatch.delenv("HOSO_DATABASE_URL", raising=False)
    monkeypatch.setenv("HOSO_HOME", str(home.path))
    monkeypatch.setenv("HOSO_LANG", "en")
    code, words = digitize(capfd, str(scans))
    assert code == 2
    assert words.count("not_running") == 1
    assert "hoso up" in words
    assert "unavailable" not in words
