"""One embedded PostgreSQL and object store for the whole test session, and a clean database per test."""

import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from storage import schema
from storage.database import PostgresDatabase
from storage.embedded import object_store, postgres, process
from storage.embedded.home import Home, prepare_home
from storage.embedded.servers import WATCHER, start_servers
from storage.object_store import S3ObjectStore
from storage.settings import Settings, load_settings
from storage.stores import database_url, open_database, open_object_store

_KEPT_TABLES = {"alembic_version"}
_MEMORY = Path("/dev/shm")  # noqa: S108  # homes are thrown away: memory spares the disk
_ROOM = 2 * 1024**3
_VOLUME_MEGABYTES = 128
"""Each bucket wants a volume, of which as many are made as fit into the disk: tests make many buckets."""


def _base() -> Path:
    """Where homes are made; not pytest's own 0700 folder, which PostgreSQL (not root) cannot enter."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return Path(tempfile.gettempdir())


def _remove_home(path: Path) -> None:
    """Delete a home and, where the server's user could not reach it, its database folder outside."""
    pointer = path / "postgres.location"
    if pointer.exists():
        folder = Path(pointer.read_text(encoding="utf-8").strip())
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_name(f"{folder.name}.home").unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def kill_all(settings: Settings) -> None:
    """End every recorded process of a home at once: what it kept is deleted next anyway."""
    home = Home(path=settings.home)
    names = process.recorded_names(home)
    for name in (WATCHER, *names):
        record = process.read_record(home, name)
        if record is not None:
            # PostgreSQL's way to end at once takes its children along
            now = signal.SIGQUIT if name == postgres.NAME else signal.SIGKILL
            process.stop(record, steps=((now, 5.0), (signal.SIGKILL, 5.0)))


@pytest.fixture(scope="session")
def fresh_home() -> Iterator[Callable[[], Path]]:
    """Makes names of new homes; whatever still runs in one is stopped at the end, by pid."""
    made: list[Path] = []

    def make() -> Path:
        made.append(_base() / f"hoso-test-{secrets.token_hex(5)}")
        return made[-1]

    yield make
    for path in made:
        kill_all(load_settings(home=path))
        _remove_home(path)


@pytest.fixture(scope="session")
def settings(fresh_home: Callable[[], Path]) -> Iterator[Settings]:
    """Settings of an installation whose servers run, with schema and buckets; no watcher, no worker."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOSO_DATABASE_URL", "HOSO_S3_ENDPOINT", "HOSO_HOME"):
            patch.delenv(name, raising=False)
        loaded = load_settings(home=fresh_home())
        patch.setattr(object_store, "_VOLUME_MEGABYTES", _VOLUME_MEGABYTES)
        home = prepare_home(loaded.home)
        start_servers(home, loaded)
    schema.upgrade(database_url(loaded))
    open_object_store(loaded).ensure_buckets()
    yield loaded
    kill_all(loaded)


@pytest.fixture
def clean_database(settings: Settings) -> None:
    """All tables empty, the queue's too."""
    with psycopg.connect(database_url(settings)) as connection:
        rows = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
        names = ", ".join(f'"{row[0]}"' for row in rows if row[0] not in _KEPT_TABLES)
        # what docs/operations.md says of whoever owns the tables
        connection.execute("alter table event disable trigger event_not_emptied")
        connection.execute(f"truncate {names} restart identity cascade")
        connection.execute("alter table event enable trigger event_not_emptied")


@pytest.fixture
def database(settings: Settings, clean_database: None) -> Iterator[PostgresDatabase]:  # noqa: ARG001  # wanted for its effect
    """The real database, empty."""
    opened = open_database(settings)
    yield opened
    opened.close()


@pytest.fixture
def objects(settings: Settings) -> S3ObjectStore:
    """The real object store; what tests put there stays until the session ends."""
    return open_object_store(settings)


def damage(settings: Settings, data: bytes) -> None:
    """Turn one bit of the stored ``data`` over wherever it is kept, as a bad disk does."""
    middle = len(data) // 2
    sign = data[middle : middle + 48]
    for file in (settings.home / "objects" / "data").glob("*.dat"):
        volume = file.read_bytes()
        at = volume.find(sign)
        while at >= 0:
            with file.open("r+b") as opened:
                opened.seek(at)
                opened.write(bytes([sign[0] ^ 1]))
            at = volume.find(sign, at + 1)
