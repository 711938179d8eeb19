"""kill -9 of the servers at random moments: whatever was acknowledged is there afterwards."""

import hashlib
import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import psycopg
import pytest

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.embedded import object_store, postgres, process
from storage.embedded.home import Home, prepare_home
from storage.settings import Settings, load_settings
from storage.stores import database_url, open_database, open_object_store

ROUNDS = 2


class Writers:
    """Threads that write until told to stop and remember what was acknowledged."""

    def __init__(self, write: Callable[[], str], count: int = 2) -> None:
        self.acknowledged: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(write,)) for _ in range(count)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, write: Callable[[], str]) -> None:
        while not self._stop.is_set():
            try:
                self.acknowledged.append(write())
            except (psycopg.Error, HosoError):
                time.sleep(0.05)  # the server is away: nothing was acknowledged


def kill(home: Home, name: str) -> None:
    record = process.read_record(home, name)
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    assert process.wait_ended(record, seconds=10)


@pytest.fixture
def own(fresh_home: Callable[[], Path]) -> Iterator[tuple[Home, Settings]]:
    loaded = load_settings(home=fresh_home())
    home = prepare_home(loaded.home)
    yield home, loaded
    postgres.stop(home)
    object_store.stop(home)


def test_no_acknowledged_commit_is_lost(own: tuple[Home, Settings]) -> None:
    home, settings = own
    postgres.start(home, settings)
    with psycopg.connect(database_url(settings)) as connection:
        connection.execute("create table kept (id text primary key)")

    def write() -> str:
        one = uuid.uuid4().hex
        with psycopg.connect(database_url(settings), connect_timeout=5) as connection:
            connection.execute("insert into kept values (%s)", [one])
        return one

    with Writers(write) as writers:
        for round_number in range(ROUNDS):
            time.sleep(random.Random(round_number).uniform(0.3, 0.9))  # noqa: S311  # a moment, no secret
            kill(home, postgres.NAME)
            postgres.start(home, settings)
        time.sleep(0.3)
    with psycopg.connect(database_url(settings)) as connection:
        kept = {row[0] for row in connection.execute("select id from kept")}
    assert len(writers.acknowledged) > ROUNDS
    assert set(writers.acknowledged) <= kept


def test_no_acknowledged_object_is_lost(own: tuple[Home, Settings]) -> None:
    home, settings = own
    object_store.start(home)
    open_object_store(settings).ensure_buckets()

    def write() -> str:
        data = os.urandom(20_000)
        key = hashlib.sha256(data).hexdigest()
        open_object_store(settings).put(Bucket.ORIGINALS, key, data, media_type="image/png")
        return key

    with Writers(write) as writers:
        for round_number in range(ROUNDS):
            time.sleep(random.Random(round_number).uniform(0.5, 1.2))  # noqa: S311  # a moment, no secret
            kill(home, object_store.NAME)
            object_store.start(home)
        time.sleep(0.5)
    store = open_object_store(settings)
    assert len(writers.acknowledged) > ROUNDS
    for key in writers.acknowledged:
        assert store.get(Bucket.ORIGINALS, key), "get checks the hash"


def test_a_database_that_is_away_is_unavailable(own: tuple[Home, Settings]) -> None:
    home, settings = own
    postgres.start(home, settings)
    database = open_database(settings)
    kill(home, postgres.NAME)
    with pytest.raises(HosoError) as away, database.transaction():
        pass
    assert away.value.code is ErrorCode.DATABASE_UNAVAILABLE
    database.close()
