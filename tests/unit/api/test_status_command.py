"""``hoso status``: what people see of a batch, programs see too."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from api.cli import main
from domain.document import DocumentState
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
    assert said["listed"] == [
        {
            "document": document.id,
            "file": document.file,
            "form": str(document.record and document.record.form),
            "state": "review",
            "reasons": list(document.reasons),
            "problem": None,
        }
    ]


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
