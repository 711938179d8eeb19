"""What every ``domain.ports.ObjectStore`` promises, asked of S3 and of the in-memory fake alike."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.stores import open_object_store
from tests.fakes.objects import MemoryObjectStore

PDF = "application/pdf"
NO_VERSION = "d41d8cd98f00b204e9800998ecf8427e"


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        return MemoryObjectStore()
    return open_object_store(request.getfixturevalue("settings"))


def some_bytes(size: int = 5000) -> tuple[bytes, str]:
    data = secrets.token_bytes(size)
    return data, hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("size", [0, 1, 9_000_000])
def test_bytes_come_back(store: Any, size: int) -> None:
    data, key = some_bytes(size)
    version = store.put(Bucket.PAGES, key, data, media_type=PDF)
    assert store.get(Bucket.PAGES, key) == data
    if version is not None:
        assert store.get(Bucket.PAGES, key, version=version) == data


def test_locked_bytes_come_back_by_version(store: Any) -> None:
    data, key = some_bytes()
    end = datetime.now(UTC) + timedelta(hours=1)
    version = store.put(Bucket.ECOPIES, key, data, media_type=PDF, retain_until=end)
    assert version
    assert store.get(Bucket.ECOPIES, key, version=version) == data


def test_buckets_are_apart(store: Any) -> None:
    data, key = some_bytes()
    store.put(Bucket.PAGES, key, data, media_type=PDF)
    assert store.exists(Bucket.PAGES, key)
    assert not store.exists(Bucket.ORIGINALS, key)


def test_what_is_not_there_is_missing(store: Any) -> None:
    with pytest.raises(HosoError) as missing:
        store.get(Bucket.ORIGINALS, "0" * 64)
    assert missing.value.code is ErrorCode.OBJECT_MISSING
    with pytest.raises(HosoError) as missing:
        store.get(Bucket.ORIGINALS, "0" * 64, version=NO_VERSION)
    assert missing.value.code is ErrorCode.OBJECT_MISSING
    key = secrets.token_hex(32)
    store.put(Bucket.ORIGINALS, key, b"rotten", media_type=PDF)
    with pytest.raises(HosoError) as missing:
        store.get(Bucket.ORIGINALS, key, version=NO_VERSION)
    assert missing.value.code is ErrorCode.OBJECT_MISSING


def test_a_version_stands_in_for_one_that_is_gone(store: Any) -> None:
    data, key = some_bytes()
    end = datetime.now(UTC) + timedelta(hours=1)
    store.put(Bucket.ECOPIES, key, data, media_type=PDF, retain_until=end)
    assert store.get(Bucket.ECOPIES, key, version=NO_VERSION) == data


def test_the_same_bytes_again_make_no_new_version(store: Any) -> None:
    data, key = some_bytes()
    end = datetime.now(UTC) + timedelta(hours=1)
    first = store.put(Bucket.ORIGINALS, key, data, media_type=PDF, retain_until=end)
    again = store.put(Bucket.ORIGINALS, key, data, media_type=PDF, retain_until=end)
    assert first == again


def test_a_named_object_can_be_replaced(store: Any) -> None:
    name = f"doc-{secrets.token_hex(4)}/1.jpg"
    store.put(Bucket.PAGES, name, b"one", media_type="image/jpeg")
    store.put(Bucket.PAGES, name, b"two", media_type="image/jpeg")
    assert store.get(Bucket.PAGES, name) == b"two"


def test_bytes_that_do_not_fit_their_hash_are_corrupt(store: Any) -> None:
    key = secrets.token_hex(32)
    store.put(Bucket.PAGES, key, b"other bytes", media_type=PDF)
    with pytest.raises(HosoError) as corrupt:
        store.get(Bucket.PAGES, key)
    assert corrupt.value.code is ErrorCode.OBJECT_CORRUPT


def test_a_sound_version_stands_in_for_a_damaged_one(store: Any) -> None:
    data, key = some_bytes()
    end = datetime.now(UTC) + timedelta(hours=1)
    sound = store.put(Bucket.ECOPIES, key, data, media_type=PDF, retain_until=end)
    damaged = store.put(Bucket.ECOPIES, key, b"rotten", media_type=PDF, retain_until=end)
    assert damaged != sound
    assert store.get(Bucket.ECOPIES, key) == data
    assert store.get(Bucket.ECOPIES, key, version=damaged) == data
    # a newest version that is damaged is mended all the same
    assert store.mend(Bucket.ECOPIES, key, data, media_type=PDF, retain_until=end)
    assert not store.mend(Bucket.ECOPIES, key, data, media_type=PDF, retain_until=end)


def test_only_what_is_missing_or_damaged_is_stored_anew(store: Any) -> None:
    data, key = some_bytes()
    assert store.mend(Bucket.ORIGINALS, key, data, media_type=PDF)
    assert not store.mend(Bucket.ORIGINALS, key, data, media_type=PDF)
    assert store.get(Bucket.ORIGINALS, key) == data
    other, damaged = some_bytes()
    end = datetime.now(UTC) + timedelta(hours=1)
    store.put(Bucket.ORIGINALS, damaged, b"rotten", media_type=PDF, retain_until=end)
    assert store.mend(Bucket.ORIGINALS, damaged, other, media_type=PDF, retain_until=end)
    assert store.get(Bucket.ORIGINALS, damaged) == other
