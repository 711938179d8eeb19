"""The worker on the real queue: order, retries, outages, vanished workers, clean ends."""

import errno
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from sqlalchemy import text

from domain.document import Lane
from domain.errors import ErrorCode, HosoError
from domain.ports import Step
from storage.database import PostgresDatabase
from storage.jobs import _DEFER_BEHIND, task_name
from storage.rescue import LOSSES, rescue_stalled_jobs
from storage.settings import Settings
from storage.stores import database_url
from storage.tries import ATTEMPTS, Ended, put_back
from storage.worker import Timing, run_worker

QUICK = Timing(heartbeat=0.5, stalled=2.0, rescue=0.5)
REPOSITORY = Path(__file__).parents[3]


def wait_until(condition: Callable[[], bool], *, seconds: float = 40.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def enqueue(database: PostgresDatabase, step: Step, *ids: str, lane: Lane = Lane.BULK) -> None:
    with database.transaction() as tx:
        for one in ids:
            tx.jobs.enqueue(step, one, lane=lane)


def jobs_left(settings: Settings) -> list[tuple[Any, ...]]:
    with psycopg.connect(database_url(settings)) as connection:
        return connection.execute("select status::text, args from procrastinate_jobs").fetchall()


def workers_registered(settings: Settings) -> int:
    with psycopg.connect(database_url(settings)) as connection:
        row = connection.execute("select count(*) from procrastinate_workers").fetchone()
    return int(str(row[0])) if row else 0


@contextmanager
def working(settings: Settings, handlers: Any, **options: Any) -> Iterator[list[tuple[Any, ...]]]:
    """A worker in a thread; yields the list of given-up jobs."""
    given_up: list[tuple[Any, ...]] = []
    options.setdefault("handlers_waiting", lambda *_: None)
    stop = threading.Event()
    thread = threading.Thread(
        target=run_worker,
        args=(settings, handlers, lambda *facts: given_up.append(facts)),
        kwargs={"stop": stop, "timing": QUICK, **options},
    )
    thread.start()
    try:
        yield given_up
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def test_the_counter_overtakes_the_archive(settings: Settings, database: PostgresDatabase) -> None:
    done: list[str] = []
    enqueue(database, Step.READ, *(f"bulk-{n}" for n in range(5)))
    enqueue(database, Step.READ, "counter", lane=Lane.COUNTER)
    with working(settings, {Step.READ: done.append}):
        wait_until(lambda: len(done) == 6)
    assert done == ["counter", *(f"bulk-{n}" for n in range(5))]
    assert jobs_left(settings) == []


def test_of_many_jobs_only_those_are_made_that_do_not_wait_already(
    settings: Settings, database: PostgresDatabase
) -> None:
    ids = [f"doc-{n}" for n in range(5)]
    enqueue(database, Step.MATCH, "doc-2", lane=Lane.COUNTER)
    enqueue(database, Step.READ, "doc-4")
    for given in (ids, ids, []):
        with database.transaction() as tx:
            tx.jobs.enqueue_behind(Step.MATCH, given)
    enqueue(database, Step.MATCH, "later")
    done: list[str] = []
    with working(settings, {Step.MATCH: done.append}):
        wait_until(lambda: len(done) == 6)
    assert done == ["doc-2", "later", "doc-0", "doc-1", "doc-3", "doc-4"]


def test_a_second_import_while_many_wait_compares_no_job_with_every_other(
    database: PostgresDatabase,
) -> None:
    """Statistics say that next to nothing waits, as after a quiet night; then thousands do."""
    enqueue(database, Step.READ, *(f"quiet-{n}" for n in range(30)))
    given = {
        "queue": str(Step.MATCH),
        "task": task_name(Step.MATCH),
        "priority": 0,
        "ids": [f"doc-{n}" for n in range(5)],
    }
    with database.transaction() as tx:
        tx.connection.execute(text("analyze procrastinate_jobs"))
        explained = text(f"explain {_DEFER_BEHIND.text}")
        plan = "\n".join(tx.connection.execute(explained, given).scalars())
    assert "Function Scan" in plan
    assert not re.search(r"Nested Loop|Join|SubPlan", plan), plan


def test_a_job_appears_with_its_transaction_or_not_at_all(
    settings: Settings, database: PostgresDatabase
) -> None:
    def fails() -> None:
        with database.transaction() as tx:
            tx.jobs.enqueue(Step.READ, "never", lane=Lane.BULK)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert jobs_left(settings) == []


def test_only_the_asked_queues_are_served(settings: Settings, database: PostgresDatabase) -> None:
    done: list[str] = []
    enqueue(database, Step.CERTIFY, "other")
    enqueue(database, Step.READ, "mine")
    handlers = {Step.READ: done.append, Step.CERTIFY: done.append}
    with working(settings, handlers, queues=[Step.READ]):
        wait_until(lambda: done == ["mine"])
        time.sleep(0.5)
    assert done == ["mine"]


def test_our_own_refusal_is_final_and_said_once(
    settings: Settings, database: PostgresDatabase
) -> None:
    calls: list[str] = []

    def refuse(document_id: str) -> None:
        calls.append(document_id)
        raise HosoError(ErrorCode.FILE_BROKEN)

    enqueue(database, Step.READ, "doc")
    with working(settings, {Step.READ: refuse}) as given_up:
        wait_until(lambda: given_up == [(Step.READ, "doc", ErrorCode.FILE_BROKEN)])
        time.sleep(0.5)
    assert calls == ["doc"]
    assert [status for status, _ in jobs_left(settings)] == ["failed"]


def test_an_outage_is_waited_out(settings: Settings, database: PostgresDatabase) -> None:
    calls: list[str] = []

    def away_once(document_id: str) -> None:
        calls.append(document_id)
        if len(calls) == 1:
            raise HosoError(ErrorCode.OBJECT_STORE_UNAVAILABLE)

    enqueue(database, Step.READ, "doc")
    with working(settings, {Step.READ: away_once}) as given_up:
        wait_until(lambda: len(calls) == 2)
    assert given_up == []
    assert jobs_left(settings) == []


def jobs_tried(settings: Settings) -> list[tuple[Any, ...]]:
    """Of each job status, tries, seconds until the next one, and arguments."""
    with psycopg.connect(database_url(settings)) as connection:
        return connection.execute(
            "select status::text, attempts, extract(epoch from scheduled_at - now())::int, args"
            " from procrastinate_jobs"
        ).fetchall()


def tried_before(settings: Settings, attempts: int) -> None:
    with psycopg.connect(database_url(settings)) as connection:
        connection.execute("update procrastinate_jobs set attempts = %s", [attempts])


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (HosoError(ErrorCode.OBJECT_STORE_UNAVAILABLE), ErrorCode.OBJECT_STORE_UNAVAILABLE),
        (FULL, ErrorCode.DISK_SPACE_SHORT),
    ],
)
def test_an_outage_of_days_fails_nothing_and_is_told(
    settings: Settings, database: PostgresDatabase, error: Exception, code: ErrorCode
) -> None:
    told: list[Any] = []

    def away(_document_id: str) -> None:
        raise error

    enqueue(database, Step.READ, "doc")
    tried_before(settings, 1000)
    handlers = {Step.READ: away}
    with working(settings, handlers, handlers_waiting=lambda *it: told.append(it)) as given_up:
        wait_until(lambda: [one[:2] for one in jobs_tried(settings)] == [("todo", 1001)])
    assert given_up == []
    assert told == [(Step.READ, "doc", code)]
    ((_, _, seconds, args),) = jobs_tried(settings)
    assert 200 < seconds <= 300
    assert args == {"document_id": "doc"}


def test_what_cannot_say_that_it_waits_waits_all_the_same(
    settings: Settings, database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise HosoError(ErrorCode.DATABASE_UNAVAILABLE)

    enqueue(database, Step.READ, "doc")
    with working(settings, {Step.READ: away}, handlers_waiting=away) as given_up:
        wait_until(lambda: [one[:2] for one in jobs_tried(settings)] == [("todo", 1)])
    assert given_up == []
    assert "not noted" in caplog.text


def test_after_an_outage_a_job_has_all_tries_of_its_own(
    settings: Settings, database: PostgresDatabase
) -> None:
    calls: list[str] = []

    def stumbles(document_id: str) -> None:
        calls.append(document_id)
        if len(calls) == 1:
            raise ValueError

    enqueue(database, Step.READ, "doc")
    tried_before(settings, 1000)
    with working(settings, {Step.READ: stumbles}) as given_up:
        wait_until(lambda: len(calls) == 2 and jobs_left(settings) == [])
    assert given_up == []


def test_what_fails_by_itself_is_given_up_in_the_end(
    settings: Settings, database: PostgresDatabase
) -> None:
    def fails(_document_id: str) -> None:
        raise ValueError

    enqueue(database, Step.READ, "doc")
    with psycopg.connect(database_url(settings)) as connection:
        connection.execute(
            "update procrastinate_jobs set args = args || jsonb_build_object('failed', %s::int)",
            [ATTEMPTS - 1],
        )
    with working(settings, {Step.READ: fails}) as given_up:
        wait_until(lambda: given_up == [(Step.READ, "doc", ErrorCode.INTERNAL)])
    assert [status for status, _ in jobs_left(settings)] == ["failed"]


def test_a_document_that_cannot_be_marked_is_not_tried_for_ever(
    settings: Settings, database: PostgresDatabase
) -> None:
    def refuse(_document_id: str) -> None:
        raise HosoError(ErrorCode.FILE_BROKEN)

    def unreadable(*_: object) -> None:
        raise KeyError

    stop = threading.Event()
    enqueue(database, Step.READ, "doc")
    thread = threading.Thread(
        target=run_worker,
        args=(settings, {Step.READ: refuse}, unreadable),
        kwargs={"handlers_waiting": print, "stop": stop, "timing": QUICK},
    )
    thread.start()
    try:
        wait_until(lambda: [one[:2] for one in jobs_tried(settings)] == [("todo", 1)])
    finally:
        stop.set()
        thread.join(30)
    assert jobs_left(settings) == [("todo", {"document_id": "doc", "failed": 1})]


def test_a_try_that_ended_while_the_database_was_away_costs_no_worker(
    settings: Settings, database: PostgresDatabase
) -> None:
    strand(settings, silent=0)
    with psycopg.connect(database_url(settings)) as connection:
        row = connection.execute("select id from procrastinate_jobs").fetchone()
    assert row is not None
    put_back(database, [])
    put_back(database, [Ended(job_id=row[0], attempts=7), Ended(job_id=row[0] + 1, attempts=0)])
    assert jobs_left(settings)[0][0] == "doing", "somebody else has it by now"
    put_back(database, [Ended(job_id=row[0], attempts=0)])
    assert jobs_left(settings) == [("todo", {"document_id": "doc", "lost": 0})]
    put_back(database, [Ended(job_id=row[0], attempts=1)])
    assert jobs_left(settings)[0][0] == "todo"


def test_a_job_whose_end_could_not_be_written_is_done_again_while_its_worker_lives(
    settings: Settings, database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk of the database was full for a moment; heartbeats, which need no room, went on."""
    finish, done, refused = JobManager.finish_job, [], []

    async def full_once(*arguments: Any, **named: Any) -> None:
        if not refused:
            refused.append(1)
            raise ConnectorException
        await finish(*arguments, **named)

    monkeypatch.setattr(JobManager, "finish_job", full_once)
    enqueue(database, Step.READ, "doc")
    with working(settings, {Step.READ: done.append}) as given_up:
        wait_until(lambda: jobs_left(settings) == [])
    assert (done, given_up) == (["doc", "doc"], [])


SCRIPT = textwrap.dedent(
    """
    import sys, time
    from domain.ports import Step
    from storage.settings import load_settings
    from storage.worker import Timing, run_worker

    def work(document_id):
        print("begin", document_id, flush=True)
        time.sleep(float(sys.argv[1]))
        print("end", document_id, flush=True)

    run_worker(
        load_settings(), {Step.READ: work}, print, handlers_waiting=print,
        timing=Timing(heartbeat=0.5, stalled=2.0, rescue=0.5),
    )
    """
)


def worker_process(settings: Settings, seconds: float, **variables: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "HOSO_HOME": str(settings.home),
        "PYTHONPATH": str(REPOSITORY),
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(seconds)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def read_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_job_of_a_killed_worker_goes_to_another(
    settings: Settings, database: PostgresDatabase
) -> None:
    done: list[str] = []
    enqueue(database, Step.READ, "doc")
    killed = worker_process(settings, 600)
    assert read_line(killed) == "begin doc"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    with working(settings, {Step.READ: done.append}) as given_up:
        wait_until(lambda: done == ["doc"])
    assert given_up == []
    assert jobs_left(settings) == []


def test_workers_of_two_hosts_share_the_work(
    settings: Settings, database: PostgresDatabase, tmp_path: Path
) -> None:
    """Each has a home of its own and knows only the address of the database."""
    hosts = [
        worker_process(
            settings,
            0.2,
            HOSO_HOME=str(tmp_path / name),
            HOSO_DATABASE_URL=database_url(settings),
        )
        for name in ("north", "south")
    ]
    documents = [f"doc-{number}" for number in range(30)]
    wait_until(lambda: workers_registered(settings) >= len(hosts))
    enqueue(database, Step.READ, *documents)
    wait_until(lambda: jobs_left(settings) == [])
    lines: list[list[str]] = []
    for host in hosts:
        host.send_signal(signal.SIGTERM)
        lines.append(host.communicate(timeout=30)[0].split("\n"))
    done = [line.split()[1] for host in lines for line in host if line.startswith("end")]
    assert sorted(done) == sorted(f"doc-{number}" for number in range(30))
    assert all(any(line.startswith("end") for line in host) for host in lines), "one did it all"


def test_sigterm_finishes_the_current_job_and_takes_no_other(
    settings: Settings, database: PostgresDatabase
) -> None:
    enqueue(database, Step.READ, "first", "second")
    process = worker_process(settings, 1.5)
    assert read_line(process) == "begin first"
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=30)
    assert rest.strip() == "end first"
    assert process.returncode == 0
    assert [args["document_id"] for _, args in jobs_left(settings)] == ["second"]


def test_a_worker_survives_the_loss_of_its_connections(
    settings: Settings, database: PostgresDatabase
) -> None:
    done: list[str] = []
    with working(settings, {Step.READ: done.append}):
        enqueue(database, Step.READ, "before")
        wait_until(lambda: done == ["before"])
        with psycopg.connect(database_url(settings)) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where pid <> pg_backend_pid() and datname = current_database()"
            )
        wait_until(lambda: _enqueues(database))
        wait_until(lambda: done == ["before", "after"])


def _enqueues(database: PostgresDatabase) -> bool:
    try:
        enqueue(database, Step.READ, "after")
    except HosoError as error:
        assert error.code is ErrorCode.DATABASE_UNAVAILABLE  # noqa: PT017  # both outcomes are fine
        return False
    return True


def strand(settings: Settings, *, lost: int = 0, silent: int = 60) -> None:
    """One running job whose worker was last heard of ``silent`` seconds ago."""
    with psycopg.connect(database_url(settings)) as connection:
        connection.execute(
            "with w as (insert into procrastinate_workers (last_heartbeat)"
            " values (now() - make_interval(secs => %s)) returning id)"
            " insert into procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
            " select 'read', 'hoso.read',"
            " jsonb_build_object('document_id', 'doc', 'lost', %s::int), 'doing', id from w",
            [silent, lost],
        )


def test_a_silent_worker_loses_its_job(settings: Settings, database: PostgresDatabase) -> None:
    strand(settings)
    lost: list[Any] = []
    count = rescue_stalled_jobs(database, silent_seconds=15, handlers_failed=lost.append)
    assert (count, lost) == (1, [])
    assert jobs_left(settings) == [("todo", {"document_id": "doc", "lost": 1})]


def test_a_living_worker_keeps_its_job(settings: Settings, database: PostgresDatabase) -> None:
    strand(settings, silent=5)
    count = rescue_stalled_jobs(database, silent_seconds=15, handlers_failed=print)
    assert count == 0
    assert jobs_left(settings)[0][0] == "doing"


def test_a_worker_that_died_while_the_clock_was_ahead_loses_its_job(
    settings: Settings, database: PostgresDatabase
) -> None:
    strand(settings, silent=-86_400)
    assert rescue_stalled_jobs(database, silent_seconds=15, handlers_failed=print) == 1
    assert jobs_left(settings)[0][0] == "todo"


def test_a_document_that_kills_its_workers_is_given_up(
    settings: Settings, database: PostgresDatabase
) -> None:
    strand(settings, lost=LOSSES - 1)
    given_up: list[Any] = []
    count = rescue_stalled_jobs(
        database, silent_seconds=15, handlers_failed=lambda *facts: given_up.append(facts)
    )
    assert count == 0
    assert given_up == [(Step.READ, "doc", ErrorCode.WORKER_LOST)]
    assert jobs_left(settings)[0][0] == "failed"


def test_two_rescues_at_once_put_a_job_back_once(
    settings: Settings, database: PostgresDatabase
) -> None:
    for _ in range(20):
        strand(settings)
    counts: list[int] = []

    def rescue() -> None:
        counts.append(
            rescue_stalled_jobs(database, silent_seconds=15, handlers_failed=lambda *_: None)
        )

    threads = [threading.Thread(target=rescue) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 20
    assert {args["lost"] for _, args in jobs_left(settings)} == {1}


def test_a_record_that_cannot_be_read_costs_only_itself(
    settings: Settings, database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    strand(settings, lost=LOSSES - 1)
    strand(settings)

    def unreadable(*_: object) -> None:
        msg = "quality"
        raise KeyError(msg)

    count = rescue_stalled_jobs(database, silent_seconds=15, handlers_failed=unreadable)
    assert count == 1
    assert sorted(status for status, _ in jobs_left(settings)) == ["failed", "todo"]
    assert "KeyError: 'quality'" in caplog.text  # the traceback


def test_a_job_that_cannot_be_put_back_costs_only_itself(
    settings: Settings, database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        strand(settings)
    with psycopg.connect(database_url(settings)) as connection:
        connection.execute(
            "update procrastinate_jobs set args = args || jsonb_build_object('lost', 'many')"
            " where id = (select min(id) from procrastinate_jobs)"
        )
    count = rescue_stalled_jobs(database, silent_seconds=15, handlers_failed=print)
    assert count == 1
    assert sorted(status for status, _ in jobs_left(settings)) == ["doing", "todo"]
    assert "ValueError" in caplog.text


@pytest.mark.usefixtures("clean_database")
def test_the_rescue_goes_on_after_an_unforeseen_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[int] = []

    def fails_once(*arguments: Any, **named: Any) -> int:
        rounds.append(1)
        if len(rounds) == 1:
            msg = "unforeseen"
            raise ValueError(msg)
        return rescue_stalled_jobs(*arguments, **named)

    monkeypatch.setattr("storage.worker.rescue_stalled_jobs", fails_once)
    done: list[str] = []
    with working(settings, {Step.READ: done.append}):
        wait_until(lambda: len(rounds) == 1)
        strand(settings)
        wait_until(lambda: done == ["doc"])
    assert "ValueError: unforeseen" in caplog.text
