"""The worker: takes jobs from the queue and gives their document ids to the handlers, one at a time.

Handlers are synchronous and heavy; more cores means more worker processes. A job is never lost:
an error that may pass is tried again after a growing wait, a worker that vanished (kill -9, power cut)
is noticed by its missing heartbeat and its job goes to another, and what cannot be done is reported.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import procrastinate
import psycopg
from procrastinate import exceptions as queue_exceptions
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from domain.errors import ErrorCode, HosoError
from domain.ports import Step
from storage.database import PostgresDatabase
from storage.jobs import task_name
from storage.rescue import rescue_stalled_jobs
from storage.settings import Settings
from storage.stores import database_url

logger = logging.getLogger("hoso.worker")

Handler = Callable[[str], None]
FailureHandler = Callable[[Step, str, ErrorCode], None]

ATTEMPTS = 5
"""Tries of a job whose errors come from the job itself."""
OUTAGE_ATTEMPTS = 100
"""Tries while a server is away or the disk is full: an outage is not the document's fault."""
_OUTAGES = frozenset(
    {
        ErrorCode.DATABASE_UNAVAILABLE,
        ErrorCode.DATABASE_UNFIT,
        ErrorCode.DATABASE_TOO_OLD,
        ErrorCode.DATABASE_TOO_NEW,
        ErrorCode.OBJECT_STORE_UNAVAILABLE,
        ErrorCode.DISK_SPACE_SHORT,
    }
)
_LONGEST_WAIT = 60
_HEARTBEAT_SECONDS = 5.0
_STALLED_SECONDS = 15.0
_RESCUE_SECONDS = 10.0
_POLL_SECONDS = 1.0  # a rescued or retried job is not announced, only found
_STOP_LOOK_SECONDS = 0.3
_LONGEST_RECONNECT_WAIT = 15.0


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds between signs of life, until a silent worker counts as dead, between rescues."""

    heartbeat: float = _HEARTBEAT_SECONDS
    stalled: float = _STALLED_SECONDS
    rescue: float = _RESCUE_SECONDS


def run_worker(
    settings: Settings,
    handlers: Mapping[Step, Handler],
    handlers_failed: FailureHandler,
    *,
    queues: Sequence[Step] | None = None,
    concurrency: int = 1,
    stop: threading.Event | None = None,
    timing: Timing | None = None,
) -> None:
    """Work until ``stop`` is set or, in the main thread, SIGTERM or SIGINT comes; finish the current job.

    ``handlers`` get a document id and may raise; ``handlers_failed`` is told step, document id and
    error code once a job is given up. ``queues`` limits the steps taken here. A database that goes
    away is waited for, tables of an older release until ``hoso up`` has brought them to this one.
    Raises ``not_running`` where the embedded database was never started, ``database_too_new``.
    """
    ending = stop or threading.Event()
    steps = tuple(step for step in (queues or tuple(Step)) if step in handlers)
    worker = _Worker(
        settings=settings,
        handlers={step: handlers[step] for step in steps},
        handlers_failed=handlers_failed,
        concurrency=concurrency,
        stop=ending,
        timing=timing or Timing(),
    )
    database_url(settings)  # refuse now, not in a loop, where nothing was ever started
    asyncio.run(worker.serve())


def _look_at_tables(database: PostgresDatabase) -> None:
    """Raises what opening a transaction raises: above all for tables of another release."""
    with database.transaction():
        return


def will_retry(error: BaseException, attempts: int) -> bool:
    """Whether a job that raised ``error`` after ``attempts`` earlier tries is tried again.

    Our own refusals are final: the same file stays broken. Outages and unforeseen errors may pass, and so
    may a device, a time-stamping service or an authority that did not answer a signature.
    """
    if isinstance(error, HosoError) and error.code is not ErrorCode.SIGNING_FAILED:
        return error.code in _OUTAGES and attempts + 1 < OUTAGE_ATTEMPTS
    return isinstance(error, Exception) and attempts + 1 < ATTEMPTS


class _Retry(BaseRetryStrategy):
    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate.jobs.Job
    ) -> RetryDecision | None:
        if not will_retry(exception, job.attempts):
            return None
        seconds = min(_LONGEST_WAIT, 2 ** (job.attempts + 1))
        return RetryDecision(retry_in={"seconds": seconds})


@dataclass(frozen=True, kw_only=True)
class _Worker:
    settings: Settings
    handlers: Mapping[Step, Handler]
    handlers_failed: FailureHandler
    concurrency: int
    stop: threading.Event
    timing: Timing

    async def serve(self) -> None:
        """Connect, work, and connect again for as long as nobody says stop."""
        loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self.stop.set)
        wait = 1.0
        while not self.stop.is_set():
            try:
                await self._session()
                wait = 1.0
            except (queue_exceptions.ConnectorException, psycopg.Error) as error:
                logger.warning("the database is away (%s), trying again", type(error).__name__)
            except HosoError as error:
                if error.code is ErrorCode.DATABASE_TOO_NEW:
                    raise  # no waiting makes this release a newer one
                logger.warning("the database is away (%s), trying again", error.code)
            if not self.stop.is_set():
                await asyncio.to_thread(self.stop.wait, wait)
                wait = min(_LONGEST_RECONNECT_WAIT, wait * 2)

    async def _session(self) -> None:
        url = database_url(self.settings)  # anew each time: the embedded server may have moved
        app = self._app(url)
        database = PostgresDatabase(url, pool_size=2)
        try:
            await asyncio.to_thread(_look_at_tables, database)
            async with app.open_async():
                await self._work(app, database)
        finally:
            database.close()

    async def _work(self, app: procrastinate.App, database: PostgresDatabase) -> None:
        """Until told to stop, or until the queue's own worker gives up on its connection."""
        jobs = asyncio.create_task(
            app.run_worker_async(
                queues=[str(step) for step in self.handlers],
                concurrency=self.concurrency,
                fetch_job_polling_interval=_POLL_SECONDS,
                update_heartbeat_interval=self.timing.heartbeat,
                stalled_worker_timeout=self.timing.stalled * 4,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )
        rescue = asyncio.create_task(self._rescue(database))
        try:
            while not jobs.done():
                if await asyncio.to_thread(self.stop.wait, _STOP_LOOK_SECONDS):
                    break
        finally:
            rescue.cancel()
            jobs.cancel()  # the queue's worker takes this as: finish the current job, fetch no other
            with suppress(asyncio.CancelledError):
                await rescue
            with suppress(asyncio.CancelledError):
                await jobs

    async def _rescue(self, database: PostgresDatabase) -> None:
        while True:
            try:
                await asyncio.to_thread(
                    rescue_stalled_jobs,
                    database,
                    silent_seconds=self.timing.stalled,
                    handlers_failed=self.handlers_failed,
                )
            except HosoError as error:
                logger.warning("no rescue this time: %s", error.code)
            except Exception:
                # whatever it was: without this task nobody puts lost jobs back any more
                logger.exception("no rescue this time, the next one tries again")
            await asyncio.sleep(self.timing.rescue)

    def _app(self, url: str) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=url, min_size=1, max_size=self.concurrency + 3, timeout=10
        )
        app = procrastinate.App(connector=connector)
        for step in self.handlers:
            register = app.task(
                name=task_name(step), queue=str(step), retry=_Retry(), pass_context=True
            )
            register(self._task(step))
        return app

    def _task(self, step: Step) -> Callable[[procrastinate.JobContext, str, int], None]:
        def run(context: procrastinate.JobContext, document_id: str, lost: int = 0) -> None:
            """``lost`` counts the workers that vanished over this job; the rescue keeps it."""
            del lost
            try:
                self.handlers[step](document_id)
            except Exception as error:
                if not will_retry(error, context.job.attempts):
                    code = error.code if isinstance(error, HosoError) else ErrorCode.INTERNAL
                    self.handlers_failed(step, document_id, code)
                raise

        return run
