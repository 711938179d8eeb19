"""``hoso backup`` and ``hoso restore`` used wrongly; an installation that a restore left half done."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.safekeeping import Outcome, Sought, Watch
from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.settings import Settings
from tests.unit.api.test_commands import said_by


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOSO_DATABASE_URL", "HOSO_S3_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("HOSO_LANG", "en")
    return tmp_path / "var"


@pytest.mark.parametrize("arguments", [(), ("--out", "a.tar", "--check", __file__)])
def test_a_backup_is_made_or_checked(
    arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    code, words = said_by(capfd, "backup", *arguments)
    assert code == 2
    assert "--check FILE to verify one" in words


def test_where_nothing_was_ever_started_there_is_nothing_to_keep(
    home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, words = said_by(capfd, "backup", "--out", str(tmp_path))
    assert code == 2
    assert "not_running" in words
    assert not home.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("out", "is_made"), [("new/backup/", True), ("new.tar", False)])
@pytest.mark.usefixtures("home")
def test_a_slash_at_the_end_means_a_folder(
    out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_made: bool
) -> None:
    asked: list[Path] = []

    def back_up(_settings: Settings, target: Path, *, watch: Watch) -> None:
        asked.append(target)
        raise HosoError(ErrorCode.NOT_RUNNING, watch=bool(watch))

    monkeypatch.setattr("api.cli.safekeeping.back_up", back_up)
    monkeypatch.setattr(sys, "argv", ["hoso", "backup", "--out", f"{tmp_path}/{out}"])
    with pytest.raises(SystemExit):
        main()
    assert asked == [tmp_path / out]
    assert asked[0].is_dir() is is_made


@pytest.mark.usefixtures("home")
def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    code, words = said_by(capfd, "backup", "--out", f"{tmp_path}/file/backup/")
    assert code == 2
    assert "file_not_writable" in words


@pytest.mark.parametrize("words", [("backup", "--check"), ("restore", "--check"), ("restore",)])
@pytest.mark.usefixtures("home")
def test_what_is_no_backup_is_refused(
    words: tuple[str, ...], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.tar").write_text("x" * 5000)
    code, said = said_by(capfd, *words, str(tmp_path / "notes.tar"))
    assert code == 2
    assert "backup_damaged" in said


def test_an_installation_half_restored_does_not_start(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (home / "run").mkdir(parents=True)
    (home / "run" / "restore.json").write_text(json.dumps({"parts_sha256": "0"}))
    code, words = said_by(capfd, "up")
    assert code == 2
    assert "restore_unfinished" in words
    assert not (home / "pki").exists()


@pytest.mark.parametrize(
    ("outcomes", "code", "sum_"),
    [
        ((), 0, "Nothing is missing or damaged."),
        ((Outcome.PUT_BACK, Outcome.SOUND_AGAIN), 0, "1 objects put back, 0 still missing"),
        ((Outcome.PUT_BACK, Outcome.NOT_IN_BACKUP), 1, "1 objects put back, 1 still missing"),
        ((Outcome.DAMAGED_IN_BACKUP, Outcome.STILL_DAMAGED), 1, "0 objects put back, 2 still"),
    ],
)
@pytest.mark.usefixtures("home")
def test_of_each_damaged_object_it_is_said_what_became_of_it(
    outcomes: tuple[Outcome, ...],
    code: int,
    sum_: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def put_back(*_given: Any, **_named: Any) -> Iterator[Sought]:
        for outcome in outcomes:
            yield Sought(bucket=Bucket.ECOPIES, key=outcome.value, outcome=outcome)

    monkeypatch.setattr("api.cli.safekeeping.put_back", put_back)
    monkeypatch.setattr(sys, "argv", ["hoso", "restore", __file__, "--damaged"])
    ended = 0
    try:
        main()
    except SystemExit as end:
        ended = int(end.code or 0)
    said = capfd.readouterr()
    assert ended == code
    assert sum_ in said.out
    for outcome in outcomes:
        assert f"ecopies/{outcome}" in (said.out if outcome.is_well else said.err)


@pytest.mark.usefixtures("home")
def test_a_restore_that_leaves_something_damaged_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def restore(*_given: Any, tell: Any, **_named: Any) -> Any:
        for outcome in (Outcome.PUT_BACK, Outcome.DAMAGED_IN_BACKUP):
            tell(Sought(bucket=Bucket.ORIGINALS, key=outcome.value, outcome=outcome))

    monkeypatch.setattr("api.cli.safekeeping.restore", restore)
    monkeypatch.setattr("api.cli.safekeeping._print_contents", lambda _: None)
    monkeypatch.setattr("api.cli.safekeeping.differing_settings", lambda *_: {})
    monkeypatch.setattr(sys, "argv", ["hoso", "restore", __file__])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capfd.readouterr()
    assert ended.value.code == 1
    assert "originals/put_back" in said.out
    assert "originals/damaged_in_backup" in said.err


@pytest.mark.usefixtures("home")
def test_a_file_is_checked_or_searched_for_what_is_damaged(
    capfd: pytest.CaptureFixture[str],
) -> None:
    code, words = said_by(capfd, "restore", __file__, "--check", "--damaged")
    assert code == 2
    assert "not both" in words
