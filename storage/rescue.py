"""Jobs of workers that vanished go back to the queue, or are given up after too many losses.

Done in one transaction per round, every stalled row locked and re-checked: two workers that rescue at
once must not put a job back that a third has meanwhile begun.
"""

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import InterfaceError, OperationalError

from domain.errors import ErrorCode, HosoError
from domain.ports import Step
from storage.database import PostgresDatabase
from storage.jobs import task_name
from storage.tries import PUT_BACK

logger = logging.getLogger("hoso.worker")

LOSSES = 5
"""A document over which so many workers died (memory, crash in a library) is given up."""

_STALLED = text(
    """
    select job.id, job.task_name, job.args
    from procrastinate_jobs job
    left join procrastinate_workers worker on worker.id = job.worker_id
    where job.status = 'doing' and job.task_name = any(:tasks)
      and (worker.id is null or not worker.last_heartbeat between
        now() - make_interval(secs => :seconds) and now() + make_interval(secs => :seconds))
    order by job.id
    for update of job skip locked
    """
)
_COUNT_LOSS = text(
    "update procrastinate_jobs set args = args || jsonb_build_object('lost', cast(:lost as int))"
    " where id = :id"
)
_GIVE_UP = text("select procrastinate_finish_job_v1(:id, 'failed', false)")


def rescue_stalled_jobs(
    database: PostgresDatabase,
    *,
    silent_seconds: float,
    handlers_failed: Callable[[Step, str, ErrorCode], None],
) -> int:
    """Put back every job whose worker has been silent for ``silent_seconds``; returns how many.

    One last heard of in the future died before a clock was put back, and would be waited for till then.
    After :data:`LOSSES` vanished workers the job is given up as ``worker_lost``.
    Raises ``database_unavailable``.
    """
    steps = {task_name(step): step for step in Step}
    rescued = 0
    with database.transaction() as tx:
        rows = tx.connection.execute(
            _STALLED, {"tasks": list(steps), "seconds": silent_seconds}
        ).all()
        for row in rows:
            try:
                with tx.connection.begin_nested():  # a row that fails does not undo the others
                    rescued += _rescue(tx.connection, row, steps[row.task_name], handlers_failed)
            except (HosoError, OperationalError, InterfaceError):
                raise  # the database is away: the next round tries again
            except Exception:
                logger.exception("job %s could not be rescued", row.id)
    return rescued


def _rescue(
    connection: Connection,
    row: Row[Any],
    step: Step,
    handlers_failed: Callable[[Step, str, ErrorCode], None],
) -> bool:
    """Put the job back or give it up; whether it was put back."""
    lost = int(row.args.get("lost", 0)) + 1
    if lost < LOSSES:
        connection.execute(_COUNT_LOSS, {"id": row.id, "lost": lost})
        connection.execute(PUT_BACK, {"id": row.id})
        logger.warning("job %s (%s) lost its worker, put back", row.id, step)
        return True
    _mark(step, row.args["document_id"], handlers_failed)
    connection.execute(_GIVE_UP, {"id": row.id})
    logger.error("job %s (%s) lost %s workers, given up", row.id, step, lost)
    return False


def _mark(
    step: Step, document_id: str, handlers_failed: Callable[[Step, str, ErrorCode], None]
) -> None:
    """Say on the document that it was given up; the job ends even where its record cannot be read."""
    try:
        handlers_failed(step, document_id, ErrorCode.WORKER_LOST)
    except HosoError as error:
        if error.code is ErrorCode.DATABASE_UNAVAILABLE:
            raise  # the next round tries again
        logger.warning("document %s could not be marked: %s", document_id, error.code)
    except Exception:
        logger.exception("document %s could not be marked", document_id)
