"""``hoso digitize``: what it says of scans that are known already, and of batch names."""

import json
import sys
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from api.cli import digitizing, main
from api.stores import Stores
from domain.actor import Role
from domain.document import DocumentState
from storage.embedded.home import prepare_home
from tests.fakes.house import COMMUNE, ROOT, FixedClock, SharedDatabase
from tests.fakes.objects import MemoryObjectStore
from tests.unit.workflow.conftest import actor


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


def batches(stores: Stores) -> list[str | None]:
    with stores.database.transaction() as tx:
        return [one.batch for one in tx.documents.page(within=ROOT.path).documents]


def test_known_scans_stay_in_their_batch_and_that_is_told(
    stores: Stores, scans: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    digitize(capfd, str(scans / "200.png"), "--batch", "B1")
    digitize(capfd, str(scans / "210.png"))
    code, words = digitize(capfd, str(scans), "--batch", "B2")
    assert code == 0
    assert "3 files registered, 2 of them known already" in words
    assert "1 of them stay in batch “B1”, where they came first: they are not in “B2”." in words
    assert "1 of them came first without a batch: they are not in “B2”." in words
    assert sorted(batches(stores), key=str) == ["B1", "B2", None]
    _, words = digitize(capfd, str(scans / "200.png"), "--batch", " B1 ")
    assert "stay in batch" not in words


def test_records_say_in_which_batch_they_are(
    stores: Stores,
    scans: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(digitizing, "_UNDER_WAY", frozenset[DocumentState]())
    sink = tmp_path / "out.jsonl"
    name = unicodedata.normalize("NFD", "Hộp 7")
    digitize(capfd, str(scans / "200.png"), "--batch", name, "--jsonl", str(sink))
    assert json.loads(sink.read_text(encoding="utf-8"))["batch"] == "Hộp 7"
    assert batches(stores) == ["Hộp 7"]


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
