"""``hoso backup`` and ``hoso restore`` used wrongly; an installation that a restore left half done."""

import json
import sys
from pathlib import Path

import pytest

from api.cli import main
from api.safekeeping import Watch
from domain.errors import ErrorCode, HosoError
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
