"""``hoso up`` where everything runs already: what is in force, and which release it is of."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.cli import lifecycle, main, standing
from domain.errors import ErrorCode, HosoError
from storage.embedded import process, supervisor
from storage.embedded.home import prepare_home
from storage.embedded.process import spawn
from storage.embedded.servers import WATCHER
from storage.settings import load_settings


class _Tables:
    """A database that refuses, or none that does."""

    def __init__(self, refusal: ErrorCode | None) -> None:
        self._refusal = refusal

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._refusal is not None:
            raise HosoError(self._refusal, tables="0001", here="0007")
        yield


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home whose watcher runs, started with an address of its own."""
    for name in ("HOSO_DATABASE_URL", "HOSO_S3_ENDPOINT", "HOSO_WEB_PORT"):
        monkeypatch.delenv(name, raising=False)
    home = prepare_home(tmp_path / "var")
    monkeypatch.setenv("HOSO_HOME", str(home.path))
    monkeypatch.setenv("HOSO_LANG", "en")
    settings = load_settings(public_url="https://in-force.vn")
    nap = [sys.executable, "-c", "import time; time.sleep(60)"]
    started = spawn(home, WATCHER, nap, cwd=tmp_path, env=supervisor._as_environment(settings))
    yield home.path
    started.kill()
    started.wait()


def run(monkeypatch: pytest.MonkeyPatch, *argv: str, tables: ErrorCode | None = None) -> object:
    opened = SimpleNamespace(database=_Tables(tables))
    monkeypatch.setattr(lifecycle, "open_stores", lambda *_args, **_named: opened)
    monkeypatch.setattr(sys, "argv", ["hoso", *argv])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_the_address_in_force_is_told(
    running: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOSO_PUBLIC_URL", "https://another.vn")
    assert run(monkeypatch, "up") == 0
    said = capfd.readouterr()
    assert "https://in-force.vn" in said.out
    assert "another.vn" not in said.out + said.err
    assert "HOSO_PUBLIC_URL" in said.err
    assert "hoso down" in said.err
    assert running.is_dir()


def test_the_same_settings_are_nothing_to_tell(
    running: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOSO_PUBLIC_URL", "https://in-force.vn")
    monkeypatch.setenv("HOSO_LOG_LEVEL", "DEBUG")
    assert run(monkeypatch, "up") == 0
    assert capfd.readouterr().err == ""
    assert running.is_dir()


def test_status_tells_it_too(running: Path) -> None:
    here = load_settings(public_url="https://another.vn", database_url="postgresql://u:word@h/d")
    in_force = supervisor.in_force(here)
    assert in_force["HOSO_PUBLIC_URL"] == "https://in-force.vn"
    assert supervisor.differing(here, in_force) == ("HOSO_DATABASE_URL", "HOSO_PUBLIC_URL")
    assert standing.print_in_force is lifecycle.print_in_force
    assert running.is_dir()


def test_where_nothing_runs_the_settings_of_here_would_be_in_force(tmp_path: Path) -> None:
    here = load_settings(home=tmp_path / "var", public_url="https://here.vn")
    in_force = supervisor.in_force(here)
    assert in_force["HOSO_PUBLIC_URL"] == "https://here.vn"
    assert supervisor.differing(here, in_force) == ()
    assert process.environment_of(None) == {}


@pytest.mark.parametrize("code", [ErrorCode.DATABASE_TOO_OLD, ErrorCode.DATABASE_TOO_NEW])
def test_what_runs_of_another_release_is_no_success(
    running: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    code: ErrorCode,
) -> None:
    assert run(monkeypatch, "up", tables=code) == 2
    assert str(code) in capfd.readouterr().err
    assert running.is_dir()


def test_a_database_that_is_being_started_again_is_let_be(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, "up", tables=ErrorCode.DATABASE_UNAVAILABLE) == 0
    assert running.is_dir()


@pytest.mark.parametrize("right", [False, True])
def test_a_start_tells_of_a_moved_home_and_of_a_doubtful_clock(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    *,
    right: bool,
) -> None:
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("HOSO_LANG", "en")
    monkeypatch.delenv("HOSO_SIGNING", raising=False)
    done: list[str] = []

    def renew(*_args: object, clock_right: bool) -> HosoError | None:
        done.append("renewed")
        return None if clock_right else HosoError(ErrorCode.CLOCK_DOUBTFUL, now="N", newest="T")

    monkeypatch.setattr(lifecycle, "renew_certificates", renew)
    monkeypatch.setattr(lifecycle, "prepare_office", lambda _: done.append("office"))
    monkeypatch.setattr(lifecycle, "moved_from", lambda _: Path("/former/[red]"))
    monkeypatch.setattr(lifecycle, "_require_free_port", lambda _: None)
    monkeypatch.setattr(lifecycle.supervisor, "up", lambda *_args, prepare: prepare())
    stores = SimpleNamespace(database=None, clock=None)
    monkeypatch.setattr(lifecycle, "open_stores", lambda *_args, **_named: stores)
    monkeypatch.setattr(sys, "argv", ["hoso", "up", *(["--clock-right"] if right else [])])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capfd.readouterr()
    assert ended.value.code == 0
    assert done == ["renewed", "office"], "the first start notes something itself"
    assert "Hoso is up" in said.out
    assert "/former/[red]" in said.err
    assert ("(clock_doubtful)" in said.err) is not right
