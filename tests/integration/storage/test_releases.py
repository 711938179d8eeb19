"""Tables of another release than the code's are told as such, and nothing is read from or written to them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from api.cli import serving, standing
from api.safekeeping import back_up
from domain.errors import ErrorCode, HosoError
from domain.ports import Step
from storage import revision, schema
from storage.database import PostgresDatabase
from storage.settings import Settings
from storage.stores import database_url
from storage.worker import run_worker
from tests.integration.storage.conftest import silent

OLDER, NEWER = ErrorCode.DATABASE_TOO_OLD, ErrorCode.DATABASE_TOO_NEW


def note(settings: Settings, applied: str) -> None:
    with psycopg.connect(database_url(settings)) as connection:
        connection.execute("update alembic_version set version_num = %s", [applied])


@pytest.fixture(params=[("0001", OLDER), ("9999", NEWER)], ids=["older", "newer"])
def other_release(
    request: pytest.FixtureRequest,
    settings: Settings,
    clean_database: None,  # noqa: ARG001  # wanted for its effect
) -> Iterator[ErrorCode]:
    """The database of the session says that another release made its tables; the code to be told."""
    applied, code = request.param
    note(settings, applied)
    yield code
    note(settings, revision.known()[-1])


def test_a_release_knows_its_migrations_by_their_files() -> None:
    scripts = ScriptDirectory.from_config(schema._config())
    assert set(revision.known()) == {script.revision for script in scripts.walk_revisions()}
    assert scripts.get_current_head() == revision.known()[-1]


def test_nothing_is_done_with_tables_of_another_release(
    settings: Settings, other_release: ErrorCode
) -> None:
    database = PostgresDatabase(database_url(settings))
    for _ in range(2):
        with pytest.raises(HosoError) as refused, database.transaction():
            pytest.fail("a transaction began")
        assert refused.value.code is other_release
        assert refused.value.facts["here"] == revision.known()[-1]
    note(settings, revision.known()[-1])
    with database.transaction() as tx:  # the process need not be started again
        assert tx.population.count() == 0
    database.close()


def test_status_tells_it(settings: Settings, other_release: ErrorCode) -> None:
    counts, problems, documents, problem = standing._documents(settings, None)
    assert (counts, problems, documents) == ({}, {}, [])
    assert problem is not None
    assert problem.code is other_release


def test_newer_tables_are_left_alone(settings: Settings, clean_database: None) -> None:  # noqa: ARG001  # wanted for its effect
    note(settings, "9999")
    try:
        starts = (
            lambda: schema.upgrade(database_url(settings)),
            lambda: run_worker(
                settings,
                {Step.MATCH: print},
                print,
                handlers_waiting=print,
                stop=threading.Event(),
            ),
            lambda: serving.refuse_newer_tables(settings),
        )
        for start in starts:
            with pytest.raises(HosoError) as refused:
                start()
            assert refused.value.code is NEWER
    finally:
        note(settings, revision.known()[-1])


def test_a_worker_waits_for_older_tables_to_be_brought_up(
    settings: Settings,
    clean_database: None,  # noqa: ARG001  # wanted for its effect
) -> None:
    note(settings, "0001")
    stop = threading.Event()
    worker = threading.Thread(
        target=run_worker,
        args=(settings, {Step.MATCH: print}, print),
        kwargs={"handlers_waiting": print, "stop": stop},
    )
    worker.start()
    try:
        worker.join(timeout=3)
        assert worker.is_alive()
    finally:
        note(settings, revision.known()[-1])
        stop.set()
        worker.join(timeout=30)
    assert not worker.is_alive()


def test_a_backup_can_be_made_with_the_new_release_while_the_old_one_runs(
    settings: Settings, other_release: ErrorCode, tmp_path: Path
) -> None:
    file, manifest = back_up(settings, tmp_path / "b.tar", watch=silent)
    assert file.is_file()
    assert manifest.database.schema in {"0001", "9999"}
    assert other_release in {OLDER, NEWER}
