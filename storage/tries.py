"""How often a job is tried, and after which pauses: trouble of the house is waited out, other failures end.

What a job has been through stands in its arguments: ``failed`` counts the tries that failed by themselves,
``lost`` the workers that vanished over it. The queue's own count has both and the outages too.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from domain.errors import OF_THE_HOUSE, ErrorCode, HosoError
from storage.database import PostgresDatabase

logger = logging.getLogger("hoso.worker")

ATTEMPTS = 5
"""Tries of a job whose errors come from the job itself."""
_LONGEST_PAUSE = 300
_PAUSES_DOUBLE = 8  # from 2 seconds up to where the longest pause is reached

_COUNT_FAILURE = text(
    "update procrastinate_jobs set args = args || jsonb_build_object('failed', cast(:failed as int))"
    " where id = :id"
)
PUT_BACK = text("select procrastinate_retry_job_v2(:id, now(), null, null, null)")
# each return to the queue counts as an attempt: who else put the job back meanwhile has changed it
_UNSAID = text(
    "select job.id from procrastinate_jobs job join unnest("
    "cast(:ids as bigint[]), cast(:attempts as int[])) as ended (id, attempts)"
    " on job.id = ended.id and job.attempts = ended.attempts"
    " where job.status = 'doing' for update of job skip locked"
)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A try of a job that has ended, by the queue's count of those before it."""

    job_id: int
    attempts: int


def is_of_the_house(error: BaseException) -> bool:
    """Whether ``error`` says nothing of the document, so that its job waits until the trouble is over."""
    return isinstance(error, HosoError) and error.code in OF_THE_HOUSE


def will_retry(error: BaseException, failed: int) -> bool:
    """Whether a job that raised ``error`` after ``failed`` tries of its own that failed is tried again.

    Our own refusals are final: the same file stays broken. Unforeseen errors may pass, and so may a device,
    a time-stamping service or an authority that did not answer a signature.
    """
    if is_of_the_house(error):
        return True
    if isinstance(error, HosoError) and error.code is not ErrorCode.SIGNING_FAILED:
        return False
    return isinstance(error, Exception) and failed + 1 < ATTEMPTS


def pause(error: BaseException, *, attempts: int, failed: int) -> int:
    """Seconds until the next try, growing with the tries before; with all of them in an outage."""
    before = attempts if is_of_the_house(error) else failed
    return min(_LONGEST_PAUSE, 2 << min(before, _PAUSES_DOUBLE))


def count_failure(database: PostgresDatabase, job_id: int, *, failed: int) -> None:
    """Note that a job has failed so often by itself. Raises ``database_unavailable``."""
    with database.transaction() as tx:
        tx.connection.execute(_COUNT_FAILURE, {"id": job_id, "failed": failed})


def put_back(database: PostgresDatabase, ended: Sequence[Ended]) -> None:
    """Of tries whose end could not be written (the database was away, its disk full): their jobs wait again.

    The worker lives, so no rescue finds them, and none is counted as lost. Raises ``database_unavailable``.
    """
    tries = {"ids": [one.job_id for one in ended], "attempts": [one.attempts for one in ended]}
    with database.transaction() as tx:
        for job_id in tx.connection.execute(_UNSAID, tries).scalars().all():
            tx.connection.execute(PUT_BACK, {"id": job_id})
            logger.warning("job %s ended unsaid, put back", job_id)
