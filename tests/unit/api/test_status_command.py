"""``hoso status``: what people see of a batch, programs see too."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from api.cli import main
from api.cli.standing import full_disk
from domain.document import DocumentState
from storage.settings import load_settings
from tests.fakes.house import TestHouse, sample_document


def test_documents_of_a_batch_are_in_the_json_too(
    test_house: TestHouse,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = sample_document(state=DocumentState.REVIEW, batch="box[7]")
    test_house.put(document)
    house = test_house.house
    monkeypatch.setattr("api.cli.standing.open_stores", lambda *_args, **_named: house)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / "var"))
    monkeypatch.setattr(sys, "argv", ["hoso", "status", "--json", "--batch", "box[7]"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1, "nothing runs here"
    said = json.loads(capfd.readouterr().out)
    assert said["documents"] == {"review": 1}
    assert said["problems"] == {}
    assert said["listed"] == [
        {
            "document": document.id,
            "file": document.file,
            "pages": list(document.pages),
            "form": str(document.record and document.record.form),
            "state": "review",
            "reasons": list(document.reasons),
            "problem": None,
        }
    ]


def test_what_waits_and_what_failed_is_told_by_its_cause(
    test_house: TestHouse,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = {"state": DocumentState.RECEIVED, "problem": "object_store_unavailable"}
    for number in range(3):
        test_house.put(sample_document(f"waits-{number}", **away))
    test_house.put(sample_document("lost", state=DocumentState.FAILED, problem="worker_lost"))
    for state in (DocumentState.VERIFIED, DocumentState.REVIEW):  # the latter matched again since
        test_house.put(sample_document(f"unsigned-{state}", state=state, problem="signing_failed"))
    house = test_house.house
    monkeypatch.setattr("api.cli.standing.open_stores", lambda *_args, **_named: house)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("HOSO_LANG", "en")
    said = []
    for arguments in (["hoso", "status", "--json"], ["hoso", "status"]):
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit):
            main()
        said.append(capfd.readouterr().out)
    assert json.loads(said[0])["problems"] == {
        "received": {"object_store_unavailable": 3},
        "failed": {"file_broken": 1, "worker_lost": 1},
        "verified": {"signing_failed": 1},
        "review": {"signing_failed": 1},
    }
    lines = [line.strip() for line in said[1].splitlines()]
    assert (
        "3 waiting: Object store unavailable (object_store_unavailable); "
        "they go on by themselves once that is over" in lines
    )
    assert any(line.endswith("hoso retry --code worker_lost") for line in lines)
    assert not any("signing_failed" in line for line in lines)


@pytest.mark.parametrize(
    ("outside", "free", "problem"),
    [
        ((), 15 * 10**9, "disk_space_short"),  # the embedded store leaves a hundredth free
        (("s3",), 15 * 10**9, None),
        (("s3",), 10_000_000, "disk_space_short"),  # the embedded database writes here
        (("s3", "database"), 10_000_000, None),
    ],
)
def test_only_a_disk_that_takes_scans_can_be_too_full_for_them(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    outside: tuple[str, ...],
    free: int,
    problem: str | None,
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(total=2 * 10**12, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    settings = {
        "s3": {"s3_endpoint": "s3.vn", "s3_access_key": "a", "s3_secret_key": "b"},
        "database": {"database_url": "postgresql://h@db/h"},
    }
    chosen = {name: value for part in outside for name, value in settings[part].items()}
    told = full_disk(load_settings(home=tmp_path, **chosen))
    assert (told and str(told.code)) == problem


def test_a_full_disk_is_told_though_everything_runs(
    test_house: TestHouse,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr("api.cli.standing.open_stores", lambda *_args, **_named: test_house.house)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["hoso", "status", "--json"])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capfd.readouterr().out)["problem"] == "disk_space_short"


def test_a_full_disk_is_told_where_the_database_is_down_because_of_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["hoso", "status", "--json"])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capfd.readouterr().out)["problem"] == "disk_space_short"
