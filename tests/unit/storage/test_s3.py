"""A store that takes connections and says nothing is given up while somebody still waits for the answer."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage import s3
from storage.object_store import S3ObjectStore
from storage.s3 import S3Endpoint

BEARABLE_SECONDS = 31


@dataclass(kw_only=True)
class SilentStore:
    """Listens, and never answers; what a stopped process looks like from outside."""

    server: socket.socket
    taken: list[socket.socket] = field(default_factory=list)

    def take(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:  # closed: the test is over
                return
            self.taken.append(connection)


@pytest.fixture
def silent() -> Iterator[SilentStore]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        store = SilentStore(server=server)
        taker = threading.Thread(target=store.take)
        taker.start()
        yield store
        server.shutdown(socket.SHUT_RDWR)
    taker.join()
    for connection in store.taken:
        connection.close()


def test_a_silent_store_is_asked_twice_and_given_up(
    silent: SilentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = s3.connect
    monkeypatch.setattr(
        "storage.object_store.connect",
        lambda endpoint, **others: real(endpoint, **(others | {"read_seconds": 0.3})),
    )
    endpoint = S3Endpoint(
        address=f"127.0.0.1:{silent.server.getsockname()[1]}",
        access_key="a",
        secret_key="b",
        secure=False,
        region="vn",
    )
    store = S3ObjectStore(endpoint, bucket_prefix="hoso")
    started = time.monotonic()
    with pytest.raises(HosoError) as refused:
        store.put(Bucket.ORIGINALS, "a" * 64, b"scan", media_type="image/png")
    assert refused.value.code is ErrorCode.OBJECT_STORE_UNAVAILABLE
    assert len(silent.taken) == s3._SILENCES
    assert time.monotonic() - started < 3


def test_the_wait_for_a_silent_store_is_bearable() -> None:
    assert s3._SILENCES * s3._READ_SECONDS <= BEARABLE_SECONDS
    assert s3._SLOWEST_ANSWER <= BEARABLE_SECONDS
