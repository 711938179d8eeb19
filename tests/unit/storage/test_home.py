"""A home that is closed, read-only or no folder is told by its path, with what is wrong and what to do."""

import errno
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import doctor
from domain.errors import ErrorCode, HosoError
from storage.backup.private import private_files
from storage.embedded import supervisor
from storage.embedded.home import Home, prepare_home, unusable
from storage.settings import load_settings

NOBODY = 65534


def told(home: Path, error: OSError) -> str:
    refusal = unusable(home, error)
    assert refusal is not None
    assert refusal.code is ErrorCode.CONFIG_INVALID
    (problem,) = refusal.facts["problems"]  # type: ignore[misc]  # a list
    return str(problem)


@pytest.fixture
def of_root() -> Iterator[Home]:
    """A home of root's where everybody may go, and ourselves somebody else."""
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    folder = Path(tempfile.mkdtemp(prefix="hoso-home-"))
    folder.chmod(0o755)
    home = prepare_home(folder / "home")
    os.seteuid(NOBODY)
    try:
        yield home
    finally:
        os.seteuid(0)
        shutil.rmtree(folder)


def test_a_home_of_another_user_names_both(of_root: Home) -> None:
    nobody = pwd.getpwuid(NOBODY).pw_name
    with pytest.raises(HosoError) as refused:
        prepare_home(of_root.path)
    (problem,) = refused.value.facts["problems"]  # type: ignore[misc]  # a list
    assert refused.value.code is ErrorCode.CONFIG_INVALID
    for words in (f"HOSO_HOME: {of_root.secrets}: ", "belongs to root", f"as {nobody}: run"):
        assert words in str(problem)


def test_files_that_may_not_be_seen_are_of_the_nearest_folder(of_root: Home) -> None:
    with pytest.raises(PermissionError) as closed:
        supervisor.status(load_settings(home=of_root.path))
    problem = told(of_root.path, closed.value)
    assert f"{of_root.run}/" in problem
    assert f"{of_root.run} belongs to root" in problem


def test_keys_that_may_not_be_looked_at_are_not_taken_for_none(of_root: Home) -> None:
    for look in (
        lambda: list(private_files(of_root)),
        lambda: doctor._secrets(load_settings(home=of_root.path)),
    ):
        with pytest.raises(PermissionError) as closed:
            look()
        assert f"{of_root.secrets} belongs to root" in told(of_root.path, closed.value)


def test_a_home_below_a_closed_folder_is_told(of_root: Home) -> None:
    with pytest.raises(HosoError) as refused:
        load_settings(home=of_root.secrets / "home")
    (problem,) = refused.value.facts["problems"]  # type: ignore[misc]  # a list
    assert "run as a user who may go there" in str(problem)


def test_a_home_that_cannot_be_made_is_told(of_root: Home) -> None:
    with pytest.raises(HosoError) as refused:
        prepare_home(of_root.path.with_name("other") / "below")
    (problem,) = refused.value.facts["problems"]  # type: ignore[misc]  # a list
    assert f"{of_root.path.parent} belongs to root" in str(problem)


def test_a_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "run").write_text("x")
    with pytest.raises(HosoError) as refused:
        prepare_home(tmp_path / "home")
    assert refused.value.code is ErrorCode.CONFIG_INVALID
    with pytest.raises(NotADirectoryError) as met:
        supervisor.status(load_settings(home=tmp_path / "home"))
    assert "Not a directory" in told(tmp_path / "home", met.value)


def test_a_read_only_disk_is_told_as_that(tmp_path: Path) -> None:
    error = OSError(errno.EROFS, os.strerror(errno.EROFS), str(tmp_path / "logs" / "web.log"))
    problem = told(tmp_path, error)
    assert problem.startswith(f"HOSO_HOME: {tmp_path}/logs/web.log: Read-only file system")
    assert "writable" in problem


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied", "/elsewhere/file"),
        PermissionError(errno.EACCES, "Permission denied"),
        FileNotFoundError(errno.ENOENT, "No such file or directory", "HOME/run/x"),
        OSError(errno.ENOSPC, "No space left on device", "HOME/run/x"),
    ],
)
def test_what_is_no_matter_of_the_home_stays_what_it_is(tmp_path: Path, error: OSError) -> None:
    if error.filename is not None:
        error.filename = error.filename.replace("HOME", str(tmp_path))
    assert unusable(tmp_path, error) is None


def test_a_home_that_does_not_exist_may_be_closed_above(tmp_path: Path) -> None:
    error = PermissionError(errno.EACCES, "Permission denied", str(tmp_path))
    assert str(tmp_path) in told(tmp_path / "home", error)
    (tmp_path / "home").mkdir()
    assert unusable(tmp_path / "home", error) is None


def test_the_home_may_be_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Libraries take HOSO_HOME as it was written."""
    monkeypatch.chdir(tmp_path)
    error = PermissionError(errno.EACCES, "Permission denied", "var/cache")
    assert str(tmp_path / "var" / "cache") in told(tmp_path / "var", error)
