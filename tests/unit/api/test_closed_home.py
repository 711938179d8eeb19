"""Every command tells a home that is closed to it by its path; none calls it something unexpected."""

import errno
import json
import os
import sys
from pathlib import Path

import pytest

from api.cli import doctor, lifecycle, main, messages, standing
from api.trust import open_authority
from domain.errors import ErrorCode, HosoError
from signing.demo_pki import creation
from storage.settings import Settings, load_settings


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PermissionError:
    monkeypatch.setenv("HOSO_HOME", str(tmp_path))
    monkeypatch.setenv("HOSO_LANG", "en")
    file = str(tmp_path / "run" / "watcher.pid.json")
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES), file)


def ended(monkeypatch: pytest.MonkeyPatch, *argv: str) -> object:
    monkeypatch.setattr(sys, "argv", ["hoso", *argv])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.parametrize("command", ["up", "down", "status"])
def test_the_file_is_named(
    closed: PermissionError,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: str,
) -> None:
    def denied(*_args: object, **_named: object) -> None:
        raise closed

    for room in (lifecycle, standing):
        for name in ("status", "down"):
            monkeypatch.setattr(room.supervisor, name, denied)
    assert ended(monkeypatch, command) == 2
    said = capfd.readouterr().err
    assert "(config_invalid)" in said
    assert f"HOSO_HOME: {closed.filename}: Permission denied" in said


def test_programs_are_told_too(
    closed: PermissionError, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def denied(*_args: object, **_named: object) -> None:
        raise closed

    monkeypatch.setattr(standing.supervisor, "status", denied)
    assert ended(monkeypatch, "status", "--json") == 2
    error = json.loads(capfd.readouterr().out)["error"]
    assert error["code"] == "config_invalid"
    assert closed.filename in error["facts"]["problems"][0]


def test_what_verification_meets_is_told_alike(closed: PermissionError) -> None:
    assert messages.unforeseen(closed).code is ErrorCode.CONFIG_INVALID
    closed.filename = "/elsewhere"
    assert messages.unforeseen(closed).code is ErrorCode.INTERNAL
    assert messages.unforeseen(ValueError("x")).code is ErrorCode.INTERNAL


def test_doctor_tells_it_and_looks_on(
    closed: PermissionError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_settings: Settings) -> str:
        raise closed

    looks = (denied, lambda _: "well")
    monkeypatch.setattr(
        doctor, "EXAMINATIONS", [doctor.Examination(name="x", look=look) for look in looks]
    )
    first, second = (finding for _, finding in doctor._examined(load_settings(home=tmp_path)))
    assert isinstance(first, HosoError)
    assert first.code is ErrorCode.CONFIG_INVALID
    assert second == "well"


def test_keys_on_a_read_only_disk_are_not_called_unusable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_HOME", str(tmp_path))

    def read_only(path: Path, *_args: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    settings = load_settings()
    open_authority(settings)
    monkeypatch.setattr(creation.os, "open", read_only)
    with pytest.raises(OSError, match="Read-only") as met:
        open_authority(settings)
    assert messages.unforeseen(met.value).code is ErrorCode.CONFIG_INVALID
