"""One embedded PostgreSQL and object store for the whole test session, and a clean database per test."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from storage import schema
from storage.database import PostgresDatabase
from storage.embedded import supervisor
from storage.embedded.home import Home, prepare_home
from storage.object_store import S3ObjectStore
from storage.settings import Settings, load_settings
from storage.stores import database_url, open_database, open_object_store

_KEPT_TABLES = {"alembic_version"}


def _remove_home(path: Path) -> None:
    """Delete a home and, where the server's user could not reach it, its database folder outside."""
    pointer = path / "postgres.location"
    if pointer.exists():
        shutil.rmtree(pointer.read_text(encoding="utf-8").strip(), ignore_errors=True)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def fresh_home() -> Iterator[Callable[[], Path]]:
    """Makes names of new homes; whatever still runs in one is stopped at the end, by pid."""
    made: list[Path] = []

    def make() -> Path:
        # not under pytest's own 0700 folder: PostgreSQL, which is not root, must be able to enter
        made.append(Path(tempfile.gettempdir()) / f"hoso-test-{secrets.token_hex(5)}")
        return made[-1]

    yield make
    for path in made:
        supervisor.down(load_settings(home=path))
        _remove_home(path)


@pytest.fixture(scope="session")
def settings(fresh_home: Callable[[], Path]) -> Iterator[Settings]:
    """Settings of an installation whose servers run, with schema and buckets; no watcher, no worker."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOSO_DATABASE_URL", "HOSO_S3_ENDPOINT", "HOSO_HOME"):
            patch.delenv(name, raising=False)
        loaded = load_settings(home=fresh_home())
    home = prepare_home(loaded.home)
    supervisor.start_servers(home, loaded)
    schema.upgrade(database_url(loaded))
    open_object_store(loaded).ensure_buckets()
    yield loaded
    supervisor.stop_servers(Home(path=loaded.home))


@pytest.fixture
def clean_database(settings: Settings) -> None:
    """All tables empty, the queue's too."""
    with psycopg.connect(database_url(settings)) as connection:
        rows = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
        names = ", ".join(f'"{row[0]}"' for row in rows if row[0] not in _KEPT_TABLES)
        connection.execute(f"truncate {names} restart identity cascade")


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
