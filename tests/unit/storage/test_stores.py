"""What was stopped is told apart from what is away for a moment."""

import json
import os
from pathlib import Path

import pytest

from domain.errors import ErrorCode, HosoError
from storage.embedded import postgres, process
from storage.embedded.home import Home, prepare_home
from storage.embedded.servers import WATCHER
from storage.settings import Settings, load_settings
from storage.stores import open_database


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home that was up once and is down: its port is remembered."""
    monkeypatch.delenv("HOSO_DATABASE_URL", raising=False)
    home = prepare_home(tmp_path / "home")
    home.ports.write_text(json.dumps({postgres.NAME: 9}))
    return load_settings(home=home.path)


def test_a_database_that_was_stopped_is_not_running(settings: Settings) -> None:
    with pytest.raises(HosoError) as refused:
        open_database(settings)
    assert refused.value.code is ErrorCode.NOT_RUNNING


def test_a_record_left_behind_by_a_power_cut_does_not_say_that_it_runs(settings: Settings) -> None:
    home = Home(path=settings.home)
    for name in (postgres.NAME, WATCHER):
        process.remember(home, name, os.getpid())
        left = json.loads((home.run / f"{name}.pid.json").read_text()) | {"boot_id": "another"}
        (home.run / f"{name}.pid.json").write_text(json.dumps(left))
    with pytest.raises(HosoError) as refused:
        open_database(settings)
    assert refused.value.code is ErrorCode.NOT_RUNNING


@pytest.mark.parametrize("alive", [postgres.NAME, WATCHER])
def test_a_database_that_runs_or_is_watched_over_is_opened(settings: Settings, alive: str) -> None:
    process.remember(Home(path=settings.home), alive, os.getpid())
    open_database(settings).close()


def test_the_database_of_others_is_asked_whatever_runs_here(settings: Settings) -> None:
    elsewhere = load_settings(home=settings.home, database_url="postgresql://u:p@127.0.0.1:9/hoso")
    open_database(elsewhere).close()
