"""Files read by several processes: what befalls one of them is told of that one, and the others are read."""

import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from api import reading_pool
from api.cli import main
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.page import LostPage
from domain.record_json import from_json
from workflow.reading import FileReading

PICTURE = b"\x89PNG\r\n\x1a\n"


def read_as_told(data: bytes, *, name: str, reader: object) -> FileReading:
    """What the file says is done: the reader of these tests."""
    assert reader == "the reader"
    match data.removeprefix(PICTURE):
        case b"raise":
            raise ValueError(name)
        case b"refuse":
            raise HosoError(ErrorCode.FILE_BROKEN)
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"die once":
            Path(name).write_bytes(PICTURE)
            os.kill(os.getpid(), signal.SIGKILL)
    record = from_json({"file": name, "form": str(FormCode.OTHER), "fields": {}})
    torn = HosoError(ErrorCode.FILE_BROKEN, page=2)
    lost = (LostPage(number=2, error=torn),) if data == PICTURE + b"lose page 2" else ()
    return FileReading(records=(record,), lost=lost)


def inspect_as_told(data: bytes, **_: object) -> None:
    """The door."""
    if data == PICTURE + b"refuse":
        raise HosoError(ErrorCode.FILE_BROKEN)


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_pool, "make_reader", lambda _settings: "the reader")
    monkeypatch.setattr(reading_pool, "read_file", read_as_told)
    monkeypatch.setattr("api.cli.reading.inspect", inspect_as_told)
    monkeypatch.setenv("HOSO_LANG", "en")


def folder(tmp_path: Path, *contents: str) -> list[Path]:
    """One file each, named by its place and content."""
    made = tmp_path / "scans"
    made.mkdir()
    for number, content in enumerate(contents):
        (made / f"{number}.png").write_bytes(PICTURE + content.encode())
    return sorted(made.iterdir())


def told(outcome: Any) -> str:
    return str(outcome.code) if isinstance(outcome, HosoError) else "read"


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_what_befalls_one_file_is_told_of_that_one_only(tmp_path: Path, processes: int) -> None:
    files = folder(tmp_path, "", "raise", "die", "", "refuse", "", "die", "")
    found = list(reading_pool.outcomes(files, processes))
    assert [path for path, _ in found] == files
    assert [told(outcome) for _, outcome in found] == [
        "read", "internal", "worker_lost", "read", "file_broken", "read", "worker_lost", "read",
    ]  # fmt: skip


def test_a_file_whose_reader_was_killed_by_chance_is_read_by_another(tmp_path: Path) -> None:
    files = folder(tmp_path, "die once", "")
    assert [told(outcome) for _, outcome in reading_pool.outcomes(files, 1)] == ["read", "read"]


def test_what_was_not_foreseen_is_logged_with_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    handler = logging.FileHandler(log)
    monkeypatch.setattr(logging.getLogger("hoso.read"), "handlers", [handler])
    files = folder(tmp_path, "raise")
    ((_, outcome),) = reading_pool.outcomes(files, 1)
    handler.close()
    assert isinstance(outcome, HosoError)
    assert outcome.facts == {"problem": "ValueError"}
    logged = log.read_text()
    assert f"{files[0]} could not be read" in logged
    assert "Traceback" in logged


def test_without_models_nothing_is_read_and_that_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_settings: object) -> None:
        raise HosoError(ErrorCode.MODELS_MISSING)

    monkeypatch.setattr(reading_pool, "make_reader", missing)
    with pytest.raises(HosoError) as refused:
        list(reading_pool.outcomes(folder(tmp_path, "", "", ""), 2))
    assert refused.value.code is ErrorCode.MODELS_MISSING


def test_the_command_writes_the_others_and_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files, out = folder(tmp_path, "refuse", "", "die", "raise", ""), tmp_path / "out.jsonl"
    monkeypatch.setattr(sys, "argv", ["hoso", "read", str(files[0].parent), "--jsonl", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["file"] for line in lines] == [str(files[1]), str(files[4])]
    said = capfd.readouterr().err
    assert f"{files[0]}: Broken file (file_broken)" in said
    assert f"{files[2]}: Document could not be processed (worker_lost)" in said
    assert f"{files[3]}: Internal error (internal)" in said
    assert f"3 of 5 files were refused; the others are in {out}" in said


def test_a_lost_page_is_told_by_its_number_and_the_others_are_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files, out = folder(tmp_path, "lose page 2", ""), tmp_path / "out.jsonl"
    monkeypatch.setattr(sys, "argv", ["hoso", "read", *map(str, files), "--jsonl", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["file"] for line in lines] == [str(file) for file in files]
    said = capfd.readouterr().err
    assert f"{files[0]}: Broken page (file_broken). Page 2 of the file cannot be read" in said
    assert "Scan page 2 again and bring it" in said
    assert f"Pages that could not be read, each named above: 1; the others are in {out}" in said
    assert "refused" not in said


@pytest.mark.parametrize("contents", [["refuse"], ["refuse", "refuse"]])
def test_where_all_are_refused_no_others_are_spoken_of(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    contents: list[str],
) -> None:
    files, out = folder(tmp_path, *contents), tmp_path / "out.jsonl"
    monkeypatch.setattr(sys, "argv", ["hoso", "read", *map(str, files), "--jsonl", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert out.read_text() == ""
    said = capfd.readouterr().err
    assert f"Nothing was read: there are no records in {out}" in said
    assert "the others" not in said
