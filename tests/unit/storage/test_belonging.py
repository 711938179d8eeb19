"""A copied home touches neither the processes nor the database of its original; a moved one keeps them."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import ErrorCode, HosoError
from storage.embedded import postgres, process, supervisor
from storage.embedded.belonging import moved_from, require_own
from storage.embedded.home import Home, prepare_home
from storage.embedded.process import ProcessRecord
from storage.settings import Settings, load_settings
from storage.stores import database_url, s3_endpoint

NAP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture(autouse=True)
def own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOSO_DATABASE_URL", "HOSO_S3_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def original(tmp_path: Path) -> Home:
    home = prepare_home(tmp_path / "original")
    home.ports.write_text(json.dumps({"postgres": 9, "objects.s3": 9}))
    return home


@pytest.fixture
def running(original: Home) -> Iterator[ProcessRecord]:
    """A process of the original, as recorded."""
    started = process.spawn(original, "nap", NAP, cwd=Path("/"))
    record = process.read_record(original, "nap")
    assert record is not None
    yield record
    started.kill()
    started.wait()


def copy_of(home: Home) -> Home:
    copy = home.path.with_name("copy")
    shutil.copytree(home.path, copy, symlinks=True)
    return Home(path=copy)


def moved(home: Home) -> Home:
    return Home(path=home.path.rename(home.path.with_name("moved")))


def refusal(look: Callable[[], object]) -> HosoError:
    with pytest.raises(HosoError) as refused:
        look()
    assert refused.value.code is ErrorCode.HOME_COPIED
    return refused.value


def entered(context: AbstractContextManager[object]) -> None:
    with context:
        pytest.fail("must not be reached")


WAYS: list[Callable[[Settings], object]] = [
    supervisor.up,
    supervisor.down,
    supervisor.status,
    database_url,
    s3_endpoint,
    lambda settings: entered(supervisor.alone(settings)),
    lambda settings: entered(supervisor.with_servers(settings)),
]


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_of_a_running_home_is_refused_and_nothing_is_stopped(
    original: Home, running: ProcessRecord, way: Callable[[Settings], object]
) -> None:
    copy = copy_of(original)
    told = refusal(lambda: way(load_settings(home=copy.path)))
    assert told.facts == {
        "home": str(copy.path),
        "original": str(original.path),
        "belonging": f"nap (pid {running.pid})",
    }
    assert process.is_alive(running)
    require_own(original)
    assert moved_from(original) is None


def test_a_copy_of_a_home_that_is_down_is_a_home_of_its_own(
    original: Home, running: ProcessRecord
) -> None:
    copy = copy_of(original)
    process.stop(running, steps=supervisor._WATCHER_STOP)
    require_own(copy)
    assert moved_from(copy) is None


def test_a_moved_home_stops_what_it_started(original: Home, running: ProcessRecord) -> None:
    there = moved(original)
    require_own(there)
    assert moved_from(there) == original.path
    assert supervisor.down(load_settings(home=there.path)) == ("nap",)
    assert not process.is_alive(running)


@pytest.mark.parametrize("name", ["link", "original/../original"])
def test_another_name_of_the_same_home_is_no_copy(
    original: Home, running: ProcessRecord, name: str
) -> None:
    original.path.with_name("link").symlink_to(original.path)
    same = Home(path=original.path.parent / name)
    require_own(same)
    assert moved_from(same) is None
    assert process.is_alive(running)


def test_what_an_earlier_release_recorded_is_ones_own(
    original: Home, running: ProcessRecord
) -> None:
    path = original.run / "nap.pid.json"
    before = json.loads(path.read_text())
    del before["home"]
    path.write_text(json.dumps(before))
    assert process.read_record(original, "nap") == replace(running, home=None)
    require_own(original)
    assert supervisor.down(load_settings(home=original.path)) == ("nap",)


def test_a_new_home_at_the_former_place_does_not_claim_what_ran_there_before(
    original: Home, running: ProcessRecord
) -> None:
    there = moved(original)
    prepare_home(original.path)
    require_own(there)
    process.remember(original, "nap", os.getpid())
    require_own(there)
    assert process.is_alive(running)


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Home], Path]:
    """Finds the folder of a home's database as a start does, with a server's user who is shut out."""
    monkeypatch.setattr(postgres, "_OUTSIDE", tmp_path / "outside")
    monkeypatch.setattr(postgres, "_can_use", lambda *_: False)
    us = process.Identity(uid=os.geteuid(), gid=os.getegid())
    return lambda home: postgres._folder_for(home, us)


def test_a_copy_does_not_get_the_database_of_its_original(
    original: Home, outside: Callable[[Home], Path]
) -> None:
    folder = outside(original)
    copy = copy_of(original)
    told = refusal(lambda: database_url(load_settings(home=copy.path)))
    assert told.facts["belonging"] == str(folder)
    assert told.facts["original"] == str(original.path)
    refusal(lambda: outside(copy))
    require_own(original)
    assert outside(original) == folder


def test_a_moved_home_keeps_its_database(original: Home, outside: Callable[[Home], Path]) -> None:
    folder = outside(original)
    there = moved(original)
    require_own(there)
    assert moved_from(there) == original.path
    assert outside(there) == folder
    assert moved_from(there) is None, "is told once"
    shutil.copytree(there.path, original.path)
    refusal(lambda: require_own(Home(path=original.path)))


def test_a_copy_takes_over_where_the_original_is_gone(
    original: Home, outside: Callable[[Home], Path]
) -> None:
    folder = outside(original)
    copy = copy_of(original)
    original.path.rename(original.path.with_name("put aside"))
    assert outside(copy) == folder
    refusal(lambda: require_own(Home(path=original.path.with_name("put aside"))))


def test_a_home_put_aside_keeps_its_database_though_a_new_one_stands_in_its_place(
    original: Home, outside: Callable[[Home], Path]
) -> None:
    before = outside(original)
    aside = moved(original)
    after = outside(prepare_home(original.path))
    assert before != after
    require_own(aside)
    assert outside(aside) == before
    assert outside(original) == after


def test_a_database_of_an_earlier_release_is_taken_by_the_first_start(
    original: Home, outside: Callable[[Home], Path]
) -> None:
    folder = outside(original)
    folder.with_name(f"{folder.name}.home").unlink()
    copy = copy_of(original)
    require_own(copy)
    require_own(original)
    assert outside(original) == folder
    refusal(lambda: require_own(copy))


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone can take another's place")
def test_an_original_that_may_not_be_looked_into_still_counts(
    original: Home, running: ProcessRecord
) -> None:
    copy = copy_of(original)
    for path in (copy.path, *copy.path.rglob("*")):
        os.chown(path, 65534, 65534)
    below = original.path.parent
    closed = [path for path in below.parents if path.stat().st_mode & 0o001 == 0]
    for path in (below, *closed):  # pytest's folders are root's alone
        path.chmod(0o711)
    os.seteuid(65534)
    try:
        told = refusal(lambda: require_own(copy))
    finally:
        os.seteuid(0)
        for path in closed:
            path.chmod(0o700)
    assert told.facts["belonging"] == f"nap (pid {running.pid})"
