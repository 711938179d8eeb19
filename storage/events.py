"""The audit trail in PostgreSQL; append only.

Ids are drawn when a row is written, but rows appear when their transaction commits. A reader that asks
"everything after id 7" would for ever miss 6 if 6 committed after it saw 7. Each row therefore carries
its transaction's id, and :meth:`SqlEvents.since` shows only rows older than every open transaction.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, literal_column, select

from domain.event import Event, EventName
from storage.subtree import in_subtree
from storage.tables import event as events

# The second half lets rows through that came from another server by a restore: their numbers mean
# nothing here, and one that this server has not reached yet cannot be an open transaction of its own.
_SETTLED: ColumnElement[bool] = literal_column(
    "(event.xid < pg_snapshot_xmin(pg_current_snapshot())"
    " or event.xid >= pg_snapshot_xmax(pg_current_snapshot()))"
)


class SqlEvents:
    """Satisfies ``domain.ports.Events``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, event: Event) -> None:
        """Append one line; the database gives it its id."""
        self._connection.execute(
            insert(events).values(
                name=str(event.name),
                actor_id=event.actor_id,
                agency_id=event.agency_id,
                document_id=event.document_id,
                at=event.at,
                facts=dict(event.facts),
            )
        )

    def of_document(self, document_id: str) -> tuple[Event, ...]:
        """Everything that happened to a document, oldest first."""
        return self._all(
            select(events).where(events.c.document_id == document_id).order_by(events.c.id)
        )

    def since(self, event_id: int, *, within: str, limit: int = 200) -> tuple[Event, ...]:
        """Events after ``event_id`` in the subtree, oldest first; none is ever skipped."""
        return self._all(
            select(events)
            .where(events.c.id > event_id, in_subtree(events.c.agency_id, within), _SETTLED)
            .order_by(events.c.id)
            .limit(limit)
        )

    def named(
        self, names: Iterable[EventName], *, within: str, limit: int = 200
    ) -> tuple[Event, ...]:
        """Newest first."""
        return self._all(
            select(events)
            .where(
                events.c.name.in_([str(name) for name in names]),
                in_subtree(events.c.agency_id, within),
            )
            .order_by(events.c.id.desc())
            .limit(limit)
        )

    def count(self, name: EventName, *, fact: str, value: str, since: datetime) -> int:
        """How many events of that name at or after ``since`` carry ``value`` under ``fact``."""
        query = (
            select(func.count())
            .select_from(events)
            .where(
                events.c.name == str(name),
                events.c.at >= since,
                events.c.facts[fact].astext == value,
            )
        )
        return int(self._connection.execute(query).scalar_one())

    def _all(self, query: "Select[Any]") -> tuple[Event, ...]:
        rows = self._connection.execute(query).mappings()
        return tuple(Event(**{**row, "name": EventName(row["name"])}) for row in rows)
