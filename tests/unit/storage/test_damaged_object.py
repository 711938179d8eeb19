"""An object that the store cannot read is told from a store that is away."""

import hashlib
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.damage import KnownDamage
from storage.object_store import S3ObjectStore
from storage.s3 import S3Endpoint

GOOD, BAD = b"a sound scan", b"a scan under which the disk is damaged"
GOOD_KEY, BAD_KEY = (hashlib.sha256(data).hexdigest() for data in (GOOD, BAD))


@dataclass(kw_only=True)
class Shelf:
    """What a small S3 store does: which keys it reads, and how it fails at the others."""

    reads: set[str] = field(default_factory=lambda: {GOOD_KEY})
    breaks_off: bool = False
    says: tuple[int, str] = (500, "InternalError")
    silent_after: int = 99
    """Answers about the damaged one, before it takes requests for it and says nothing."""
    asked: int = 0
    stored_anew: int = 0
    the_end: threading.Event = field(default_factory=threading.Event)

    def ask(self, key: str) -> None:
        self.asked += key == BAD_KEY
        if key == BAD_KEY and self.asked > self.silent_after:
            self.the_end.wait(20)


def _server(shelf: Shelf) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = urlsplit(self.path)
            _, bucket, *key = place.path.split("/", 2)
            if not key or not key[0]:
                prefix = parse_qs(place.query, keep_blank_values=True)
                versions = "versions" in prefix
                assert versions or "list-type" in prefix
                keys = (GOOD_KEY, BAD_KEY) if bucket == "hoso-originals" and not versions else ()
                self._answer(200, _listing(bucket, keys))
            elif key[0] in shelf.reads:
                self._answer(200, GOOD if key[0] == GOOD_KEY else BAD)
            else:
                shelf.ask(key[0])
                self._fail()

        def do_HEAD(self) -> None:
            self.send_response(200)
            self.send_header("etag", f'"{shelf.stored_anew}"')
            self.send_header("last-modified", "Fri, 27 Nov 2026 00:00:00 GMT")
            self.send_header("content-length", str(len(BAD)))
            self.end_headers()

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self._answer(500, b"<Error><Code>InternalError</Code></Error>")

        def _fail(self) -> None:
            if shelf.breaks_off:
                self._answer(200, BAD[:5], size=len(BAD))
            else:
                status, code = shelf.says
                self._answer(status, f"<Error><Code>{code}</Code></Error>".encode())

        def _answer(self, status: int, body: bytes, size: int | None = None) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/xml")
            self.send_header("content-length", str(len(body) if size is None else size))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def _listing(bucket: str, keys: tuple[str, ...]) -> bytes:
    contents = "".join(
        f"<Contents><Key>{key}</Key><LastModified>2026-11-27T00:00:00.000Z</LastModified>"
        f'<ETag>"0"</ETag><Size>9</Size></Contents>'
        for key in keys
    )
    return f"<ListBucketResult><Name>{bucket}</Name>{contents}</ListBucketResult>".encode()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def store(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3ObjectStore]:
    monkeypatch.setattr("storage.object_store._AGAIN_SECONDS", 0.4)
    with _server(shelf) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        endpoint = S3Endpoint(
            address=f"127.0.0.1:{server.server_port}",
            access_key="a",
            secret_key="b",
            secure=False,
            region="vn",
        )
        yield S3ObjectStore(endpoint, bucket_prefix="hoso")
        shelf.the_end.set()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("breaks_off", [False, True])
def test_what_alone_cannot_be_read_is_damaged_and_named(
    store: S3ObjectStore, shelf: Shelf, *, breaks_off: bool
) -> None:
    shelf.breaks_off = breaks_off
    with pytest.raises(HosoError) as refused:
        store.get(Bucket.ORIGINALS, BAD_KEY)
    assert refused.value.code is ErrorCode.OBJECT_CORRUPT
    assert refused.value.facts == {"bucket": "originals", "key": BAD_KEY}
    assert store.get(Bucket.ORIGINALS, GOOD_KEY) == GOOD


def corrupt(store: S3ObjectStore) -> float:
    """Seconds until it is said that the object is damaged."""
    started = time.monotonic()
    with pytest.raises(HosoError) as refused:
        store.get(Bucket.ORIGINALS, BAD_KEY)
    assert refused.value.code is ErrorCode.OBJECT_CORRUPT
    return time.monotonic() - started


def test_the_second_try_is_not_waited_for_as_long_as_the_store_itself_tries(
    store: S3ObjectStore, shelf: Shelf
) -> None:
    shelf.silent_after = 1
    assert corrupt(store) < 3
    assert shelf.asked == 2


def test_a_store_that_was_silent_at_once_has_damaged_nothing(
    store: S3ObjectStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_reader", store._again)  # patience as short as the test's
    shelf.silent_after = 0
    with pytest.raises(HosoError) as refused:
        store.get(Bucket.ORIGINALS, BAD_KEY)
    assert refused.value.code is ErrorCode.OBJECT_STORE_UNAVAILABLE


def test_a_store_that_falls_silent_altogether_is_away(
    store: S3ObjectStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.silent_after = 1
    answers = iter([True, False])
    monkeypatch.setattr(S3ObjectStore, "_reads_another_than", lambda *_: next(answers))
    with pytest.raises(HosoError) as refused:
        store.get(Bucket.ORIGINALS, BAD_KEY)
    assert refused.value.code is ErrorCode.OBJECT_STORE_UNAVAILABLE


def test_damage_found_a_moment_ago_is_told_at_once(store: S3ObjectStore, shelf: Shelf) -> None:
    corrupt(store)
    asked = shelf.asked
    assert corrupt(store) < 1
    assert shelf.asked == asked
    assert store.get(Bucket.ORIGINALS, GOOD_KEY) == GOOD


def test_what_is_stored_anew_is_read_though_it_was_damaged_a_moment_ago(
    store: S3ObjectStore, shelf: Shelf
) -> None:
    corrupt(store)
    shelf.reads.add(BAD_KEY)
    corrupt(store)
    shelf.stored_anew += 1
    assert store.get(Bucket.ORIGINALS, BAD_KEY) == BAD


def test_after_a_while_the_disk_may_be_well_again(
    store: S3ObjectStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_damage", KnownDamage(seconds=0.2))
    corrupt(store)
    shelf.reads.add(BAD_KEY)
    time.sleep(0.3)
    assert store.get(Bucket.ORIGINALS, BAD_KEY) == BAD


@pytest.mark.parametrize(
    "says",
    [
        (503, "SlowDown"),
        (503, "ServiceUnavailable"),
        (403, "AccessDenied"),
        (403, "InvalidObjectState"),
        (400, "KMS.DisabledException"),
    ],
)
def test_a_store_that_asks_for_patience_or_refuses_has_damaged_nothing(
    store: S3ObjectStore, shelf: Shelf, says: tuple[int, str]
) -> None:
    shelf.says = says
    with pytest.raises(HosoError) as refused:
        store.get(Bucket.ORIGINALS, BAD_KEY)
    assert refused.value.code is ErrorCode.OBJECT_STORE_UNAVAILABLE
    assert refused.value.facts["problem"] == says[1]


def test_where_nothing_can_be_read_the_store_is_away(store: S3ObjectStore, shelf: Shelf) -> None:
    shelf.reads = set()
    with pytest.raises(HosoError) as refused:
        store.get(Bucket.ORIGINALS, BAD_KEY)
    assert refused.value.code is ErrorCode.OBJECT_STORE_UNAVAILABLE


def test_what_is_read_at_the_second_try_is_sound(
    store: S3ObjectStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = S3ObjectStore._reads_another_than

    def healed(self: S3ObjectStore, key: str) -> bool:
        shelf.reads.add(BAD_KEY)
        return real(self, key)

    monkeypatch.setattr(S3ObjectStore, "_reads_another_than", healed)
    assert store.get(Bucket.ORIGINALS, BAD_KEY) == BAD
    assert shelf.asked == 1


def test_a_full_disk_of_our_own_store_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = S3Endpoint(
        address="127.0.0.1:9", access_key="a", secret_key="b", secure=False, region="vn"
    )
    usage = shutil.disk_usage(tmp_path)
    store = S3ObjectStore(nobody, bucket_prefix="hoso", folder=tmp_path)
    for total, free, code in (
        (10**12, 9 * 10**9, ErrorCode.DISK_SPACE_SHORT),  # the store keeps a hundredth free
        (10**9, 60 * 10**6, ErrorCode.DISK_SPACE_SHORT),
        (10**12, 10_200_000_000, ErrorCode.OBJECT_STORE_UNAVAILABLE),
    ):
        now = usage._replace(total=total, free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, now=now: now)
        with pytest.raises(HosoError) as refused:
            store.put(Bucket.PAGES, "a/1.jpg", b"x", media_type="image/jpeg")
        assert refused.value.code is code


def test_that_it_has_no_room_for_another_file_is_told_though_the_store_does_not_say_so(
    store: S3ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_folder", tmp_path)
    usage = shutil.disk_usage(tmp_path)
    for free, code in (
        (10_500_000_000, ErrorCode.DISK_SPACE_SHORT),
        (20 * 10**9, ErrorCode.OBJECT_STORE_UNAVAILABLE),
    ):
        now = usage._replace(total=10**12, free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, now=now: now)
        with pytest.raises(HosoError) as refused:
            store.put(Bucket.PAGES, "a/1.jpg", b"x", media_type="image/jpeg")
        assert refused.value.code is code
