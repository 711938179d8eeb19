"""The embedded store on a disk with little room: it begins smaller files, and says what it lacks."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.cli.standing import full_disk
from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.embedded import object_store
from storage.embedded.home import Home, prepare_home
from storage.object_store import S3ObjectStore
from storage.settings import Settings, load_settings
from storage.stores import open_object_store


@pytest.fixture
def home(fresh_home: Callable[[], Path]) -> Iterator[Home]:
    made = prepare_home(fresh_home())
    yield made
    object_store.stop(made)


@pytest.fixture
def settings(home: Home) -> Settings:
    return load_settings(home=home.path)


def opened(settings: Settings) -> S3ObjectStore:
    store = open_object_store(settings)
    store.ensure_buckets()
    return store


def put(store: S3ObjectStore, bucket: Bucket) -> None:
    store.put(bucket, secrets.token_hex(32), os.urandom(1000), media_type="image/png")


@pytest.mark.parametrize(
    ("free", "megabytes"),
    [(600 * 10**6, 64), (1500 * 10**6, 64), (3 * 10**9, 119), (10**12, 1024)],
)
def test_files_fit_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, megabytes: int
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert object_store._volume_megabytes(tmp_path) == megabytes


def test_a_store_whose_files_are_too_large_says_so_and_takes_scans_after_the_next_start(
    home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(home.path).free // 1024**2
    with monkeypatch.context() as patch:
        patch.setattr(object_store, "_volume_megabytes", lambda _: free // 2)
        object_store.start(home)
    store = opened(settings)
    told = full_disk(settings)
    assert told is not None
    assert told.code is ErrorCode.DISK_SPACE_SHORT
    assert int(str(told.facts["needed"]).removesuffix(" MiB")) > free
    refused = []
    for bucket in Bucket:
        try:
            put(store, bucket)
        except HosoError as error:
            refused.append(error.code)
    assert refused
    assert set(refused) == {ErrorCode.DISK_SPACE_SHORT}

    object_store.stop(home)
    assert full_disk(settings) is None, "a store that is down is another matter"
    object_store.start(home)
    assert full_disk(settings) is None
    for bucket in Bucket:
        put(open_object_store(settings), bucket)
