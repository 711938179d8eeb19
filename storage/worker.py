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
from dataclasses import dataclass, field

import procrastinate
import psycopg
from procrastinate import exceptions as queue_exceptions
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from domain.errors import ErrorCode, HosoError
from domain.ports import Step
from storage.database import PostgresDatabase
from storage.disk import full_disk_told
from storage.jobs import task_name
from storage.rescue import rescue_stalled_jobs
from storage.settings import Settings
from storage.stores import database_url
from storage.tries import Ended, count_failure, is_of_the_house, pause, put_back, will_retry

logger = logging.getLogger("hoso.worker")

Handler = Callable[[str], None]
Listener = Callable[[Step, str, ErrorCode], None]
"""Is told step, document id and why."""

_HEARTBEAT_SECONDS = 5.0
_STALLED_SECONDS = 15.0
_RESCUE_SECONDS = 10.0
_POLL_SECONDS = 1.0  # a rescued or retried job is not announced, only found
_STOP_LOOK_SECONDS = 0.3
_LONGEST_RECONNECT_WAIT = 10.0  # less than it takes to count as dead


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds between signs of life, until a silent worker counts as dead, between rescues."""

    heartbeat: float = _HEARTBEAT_SECONDS
    stalled: float = _STALLED_SECONDS
    rescue: float = _RESCUE_SECONDS


def run_worker(
    settings: Settings,
    handlers: Mapping[Step, Handler],
    handlers_failed: Listener,
    *,
    handlers_waiting: Listener,
    queues: Sequence[Step] | None = None,
    concurrency: int = 1,
    stop: threading.Event | None = None,
    timing: Timing | None = None,
) -> None:
    """Work until ``stop`` is set or, in the main thread, SIGTERM or SIGINT comes; finish the current job.

    ``handlers`` get a document id and may raise; ``handlers_failed`` is told once a job is given up,
    ``handlers_waiting`` at each try that trouble of the house (``OF_THE_HOUSE``) kept from its end.
    ``queues`` limits the steps taken here. A database that goes away is waited for, tables of an older
    release until ``hoso up`` has brought them to this one.
    Raises ``not_running`` where the embedded database was never started, ``database_too_new``.
    """
    ending = stop or threading.Event()
    steps = tuple(step for step in (queues or tuple(Step)) if step in handlers)
    worker = _Worker(
        settings=settings,
        handlers={step: handlers[step] for step in steps},
        handlers_failed=handlers_failed,
        handlers_waiting=handlers_waiting,
        concurrency=concurrency,
        stop=ending,
        timing=timing or Timing(),
    )
    database_url(settings)  # refuse now, not in a loop, where nothing was ever started
    asyncio.run(worker.serve())


class _Retry(BaseRetryStrategy):
    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate.jobs.Job
    ) -> RetryDecision | None:
        failed = _failed_before(job)
        if not will_retry(exception, failed):
            return None
        seconds = pause(exception, attempts=job.attempts, failed=failed)
        return RetryDecision(retry_in={"seconds": seconds})


def _failed_before(job: procrastinate.jobs.Job) -> int:
    failed = job.task_kwargs.get("failed")
    return failed if isinstance(failed, int) else 0


@dataclass(frozen=True, kw_only=True)
class _Worker:
    settings: Settings
    handlers: Mapping[Step, Handler]
    handlers_failed: Listener
    handlers_waiting: Listener
    concurrency: int
    stop: threading.Event
    timing: Timing
    ended: list[Ended] = field(default_factory=list)
    """Tries of which the queue may not know yet that they have ended."""

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
        database = PostgresDatabase(url, pool_size=2)
        app = self._app(url, database)
        try:
            # also the look whether the tables are those of this release
            await self._put_back(database, len(self.ended))
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

    async def _put_back(self, database: PostgresDatabase, count: int) -> None:
        """Have the ``count`` oldest ended tries put back, where the queue knows nothing of their end."""
        await asyncio.to_thread(put_back, database, self.ended[:count])
        del self.ended[:count]

    async def _rescue(self, database: PostgresDatabase) -> None:
        wait, known = self.timing.stalled, 0
        while True:
            # before the first round: after an outage other workers are as silent, and put their jobs back
            await asyncio.sleep(wait)
            wait = self.timing.rescue
            try:
                # a round later: what has just ended is being told to the queue
                await self._put_back(database, known)
                known = len(self.ended)
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

    def _app(self, url: str, database: PostgresDatabase) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=url, min_size=1, max_size=self.concurrency + 3, timeout=10
        )
        app = procrastinate.App(connector=connector)
        for step in self.handlers:
            register = app.task(
                name=task_name(step), queue=str(step), retry=_Retry(), pass_context=True
            )
            register(self._task(step, database))
        return app

    def _task(
        self, step: Step, database: PostgresDatabase
    ) -> Callable[[procrastinate.JobContext, str, int, int], None]:
        def run(
            context: procrastinate.JobContext, document_id: str, lost: int = 0, failed: int = 0
        ) -> None:
            """``lost`` and ``failed`` are counted for the rescue and the next try (``storage.tries``)."""
            del lost
            job_id = context.job.id or 0  # a job that runs has one
            try:
                with full_disk_told(self.settings.home):
                    self.handlers[step](document_id)
            except Exception as error:
                code = error.code if isinstance(error, HosoError) else ErrorCode.INTERNAL
                if is_of_the_house(error):
                    self._tell_waiting(step, document_id, code)
                    raise
                # first, for what follows may fail too, and is not tried for ever either
                count_failure(database, job_id, failed=failed + 1)
                if not will_retry(error, failed):
                    self.handlers_failed(step, document_id, code)
                raise
            finally:
                self.ended.append(Ended(job_id=job_id, attempts=context.job.attempts))

        return run

    def _tell_waiting(self, step: Step, document_id: str, code: ErrorCode) -> None:
        """Say on the document why it waits; it waits all the same where that cannot be written."""
        try:
            self.handlers_waiting(step, document_id, code)
        except HosoError as error:
            logger.warning("document %s waits (%s), not noted: %s", document_id, code, error.code)
        except Exception:
            logger.exception("document %s waits (%s), not noted", document_id, code)
