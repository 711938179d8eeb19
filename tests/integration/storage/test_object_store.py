"""The embedded object store keeps what it locked, against its own keys and against neighbours."""

import contextlib
import hashlib
import io
import secrets
import subprocess
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from minio.error import S3Error

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.embedded import object_store as embedded
from storage.embedded.home import Home
from storage.embedded.ports import TWIN, remembered_ports
from storage.object_store import S3ObjectStore
from storage.s3 import S3Endpoint, connect
from storage.settings import Settings
from storage.stores import s3_endpoint
from tests.integration.conftest import damage


@pytest.fixture
def locked(objects: S3ObjectStore) -> tuple[bytes, str, str]:
    """Bytes, key and version of an object locked for an hour."""
    data = secrets.token_bytes(20_000)
    key = hashlib.sha256(data).hexdigest()
    end = datetime.now(UTC) + timedelta(hours=1)
    version = objects.put(Bucket.ECOPIES, key, data, media_type="application/pdf", retain_until=end)
    assert version
    return data, key, version


def test_a_locked_version_cannot_be_deleted_or_unlocked(
    settings: Settings, objects: S3ObjectStore, locked: tuple[bytes, str, str]
) -> None:
    data, key, version = locked
    client = connect(s3_endpoint(settings))
    name = objects.bucket_name(Bucket.ECOPIES)
    with pytest.raises(S3Error):
        client.remove_object(name, key, version_id=version)
    with pytest.raises(S3Error):
        client.remove_bucket(name)
    client.remove_object(name, key)  # only a marker: the version stays
    assert objects.get(Bucket.ECOPIES, key, version=version) == data


def test_the_lock_can_only_grow(
    settings: Settings, objects: S3ObjectStore, locked: tuple[bytes, str, str]
) -> None:
    data, key, version = locked
    client = connect(s3_endpoint(settings))
    name = objects.bucket_name(Bucket.ECOPIES)
    before = client.get_object_retention(name, key, version_id=version)
    assert before is not None
    later = datetime.now(UTC) + timedelta(hours=5)
    put = objects.put(Bucket.ECOPIES, key, data, media_type="application/pdf", retain_until=later)
    assert put == version
    after = client.get_object_retention(name, key, version_id=version)
    assert after is not None
    assert (after.retain_until_date - before.retain_until_date).total_seconds() > 3 * 3600
    sooner = datetime.now(UTC) + timedelta(minutes=1)
    objects.put(Bucket.ECOPIES, key, data, media_type="application/pdf", retain_until=sooner)
    kept = client.get_object_retention(name, key, version_id=version)
    assert kept is not None
    assert kept.retain_until_date == after.retain_until_date


@pytest.mark.parametrize("server", ["filer", "master", "volume"])
def test_strangers_on_the_machine_cannot_delete(
    settings: Settings,
    objects: S3ObjectStore,
    locked: tuple[bytes, str, str],
    server: str,
) -> None:
    data, key, version = locked
    port = remembered_ports(Home(path=settings.home))[f"objects.{server}"]
    bucket = objects.bucket_name(Bucket.ECOPIES)
    for path in (
        f"buckets/{bucket}/{key}.versions?recursive=true",
        f"buckets/{bucket}?recursive=true",
    ):
        url = f"http://127.0.0.1:{port}/{path}"
        request = urllib.request.Request(url, method="DELETE")  # loopback
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=10)  # noqa: S310  # loopback
    assert objects.get(Bucket.ECOPIES, key, version=version) == data


def test_strangers_cannot_read_the_filer(
    settings: Settings, objects: S3ObjectStore, locked: tuple[bytes, str, str]
) -> None:
    port = remembered_ports(Home(path=settings.home))["objects.filer"]
    url = f"http://127.0.0.1:{port}/buckets/{objects.bucket_name(Bucket.ECOPIES)}/{locked[1]}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, timeout=10)
    assert refused.value.code == 401


def test_the_shell_without_certificate_does_nothing(
    settings: Settings, objects: S3ObjectStore, locked: tuple[bytes, str, str]
) -> None:
    data, key, version = locked
    ports = remembered_ports(Home(path=settings.home))
    master, filer = ports["objects.master"], ports["objects.filer"]
    command = [
        str(embedded.program()),
        "shell",
        f"-master=127.0.0.1:{master}.{master + TWIN}",
        f"-filer=127.0.0.1:{filer}.{filer + TWIN}",
    ]
    script = f"lock\nfs.rm -rf /buckets/{objects.bucket_name(Bucket.ECOPIES)}\nunlock\nexit\n"
    with contextlib.suppress(
        subprocess.TimeoutExpired
    ):  # it waits for a connection that it never gets
        subprocess.run(
            command, input=script, text=True, capture_output=True, timeout=4, cwd="/", check=False
        )
    assert objects.get(Bucket.ECOPIES, key, version=version) == data


def test_wrong_keys_are_refused(settings: Settings) -> None:
    right = s3_endpoint(settings)
    wrong = S3Endpoint(
        address=right.address,
        access_key=right.access_key,
        secret_key="x" * 40,
        secure=False,
        region=right.region,
    )
    store = S3ObjectStore(wrong, bucket_prefix=settings.bucket_prefix)
    with pytest.raises(HosoError) as refused:
        store.get(Bucket.ORIGINALS, "0" * 64)
    assert refused.value.code is ErrorCode.OBJECT_STORE_UNAVAILABLE


def test_a_store_that_is_away_is_unavailable_soon(settings: Settings) -> None:
    nobody = S3Endpoint(
        address="127.0.0.1:9", access_key="a", secret_key="b", secure=False, region="us-east-1"
    )
    store = S3ObjectStore(nobody, bucket_prefix=settings.bucket_prefix)
    with pytest.raises(HosoError) as away:
        store.put(Bucket.PAGES, "x", b"x", media_type="text/plain")
    assert away.value.code is ErrorCode.OBJECT_STORE_UNAVAILABLE


def test_buckets_are_made_once_and_must_be_locked(settings: Settings) -> None:
    prefix = f"t{secrets.token_hex(4)}"
    store = S3ObjectStore(s3_endpoint(settings), bucket_prefix=prefix)
    store.ensure_buckets()
    store.ensure_buckets()
    other = f"u{secrets.token_hex(4)}"
    connect(s3_endpoint(settings)).make_bucket(f"{other}-originals")
    with pytest.raises(HosoError) as refused:
        S3ObjectStore(s3_endpoint(settings), bucket_prefix=other).ensure_buckets()
    assert refused.value.code is ErrorCode.CONFIG_INVALID


def test_an_object_that_came_without_a_lock_is_locked_when_brought_again(
    settings: Settings, objects: S3ObjectStore
) -> None:
    data = secrets.token_bytes(100)
    key = hashlib.sha256(data).hexdigest()
    first = objects.put(Bucket.ORIGINALS, key, data, media_type="image/png")
    until = datetime.now(UTC) + timedelta(hours=1)
    again = objects.put(Bucket.ORIGINALS, key, data, media_type="image/png", retain_until=until)
    assert first == again
    with pytest.raises(S3Error):
        connect(s3_endpoint(settings)).remove_object(
            objects.bucket_name(Bucket.ORIGINALS), key, version_id=again
        )


def test_damage_on_the_disk_is_named_and_mended_by_the_same_bytes(
    settings: Settings, objects: S3ObjectStore, locked: tuple[bytes, str, str]
) -> None:
    data, key, version = locked
    other = secrets.token_bytes(3000)
    objects.put(Bucket.PAGES, "x/1.jpg", other, media_type="image/jpeg")
    damage(settings, data)
    assert objects.mend(Bucket.ECOPIES, key, data, media_type="application/pdf")
    assert objects.get(Bucket.ECOPIES, key) == data
    assert objects.get(Bucket.ECOPIES, key, version=version) == data, "another version stands in"
    with pytest.raises(HosoError) as refused:
        objects.copy_out(Bucket.ECOPIES, key, io.BytesIO(), version=version)
    assert refused.value.code is ErrorCode.OBJECT_CORRUPT
    assert refused.value.facts["key"] == key
