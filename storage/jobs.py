"""The job queue inside the business transaction: jobs appear when the rows they speak of do."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, text

from domain.document import Lane
from domain.ports import Step

PRIORITIES = {Lane.COUNTER: 100, Lane.BULK: 0}
"""Higher runs first: whoever stands at the counter overtakes the archive."""
_BEHIND = -100
"""Of what nobody waits for."""

# procrastinate's own entry point, called on our connection; no lock: states are moved by fenced update
_DEFER = text(
    "select procrastinate_defer_jobs_v1(array[row("
    ":queue, :task, :priority, null, null, cast(:args as jsonb), null"
    ")::procrastinate_job_to_defer_v1])"
)
# one grouping of both lists: a join of them is quadratic where statistics were taken while nothing waited
_DEFER_BEHIND = text(
    "select procrastinate_defer_jobs_v1(array_agg(row("
    ":queue, :task, :priority, null, null, jsonb_build_object('document_id', id), null"
    ")::procrastinate_job_to_defer_v1 order by place)) from ("
    "select id, min(place) as place from ("
    "select id, place from unnest(cast(:ids as text[])) with ordinality as given (id, place)"
    " union all select args ->> 'document_id', 0 from procrastinate_jobs"
    " where status = 'todo' and queue_name = :queue and task_name = :task"
    ") as each group by id having min(place) > 0"
    ") as missing having count(*) > 0"
)

# the status stays: neither fetching workers nor the queue's triggers take notice
_HURRY = text(
    "update procrastinate_jobs set priority = :priority"
    " where status = 'todo' and priority < :priority"
    " and args ->> 'document_id' = any(cast(:ids as text[]))"
)


def task_name(step: Step) -> str:
    """Name of a step's task in the queue."""
    return f"hoso.{step}"


class SqlJobs:
    """Satisfies ``domain.ports.Jobs``; each step has the queue of its own name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enqueue(self, step: Step, document_id: str, *, lane: Lane) -> None:
        """Defer ``step`` for the document; it becomes visible when the transaction commits."""
        self._connection.execute(
            _DEFER,
            {
                "queue": str(step),
                "task": task_name(step),
                "priority": PRIORITIES[lane],
                "args": json.dumps({"document_id": document_id}),
            },
        )

    def hurry(self, document_ids: Sequence[str]) -> None:
        """Put what waits for these documents into the counter's lane, in one look at all that waits."""
        if document_ids:
            self._connection.execute(
                _HURRY, {"priority": PRIORITIES[Lane.COUNTER], "ids": list(document_ids)}
            )

    def enqueue_behind(self, step: Step, document_ids: Sequence[str]) -> None:
        """Those for which no such job waits already, in one statement; behind all other work."""
        self._connection.execute(
            _DEFER_BEHIND,
            {
                "queue": str(step),
                "task": task_name(step),
                "priority": _BEHIND,
                "ids": list(document_ids),
            },
        )
