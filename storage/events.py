"""The audit trail in PostgreSQL; append only by triggers, which bind all but the table's owner.

Ids are drawn when a row is written, but rows appear when their transaction commits. A reader that asks
"everything after id 7" would for ever miss 6 if 6 committed after it saw 7. Each row therefore carries
its transaction's id, and :meth:`SqlEvents.since` shows only rows older than every open transaction.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, literal_column, select
from sqlalchemy.dialects.postgresql import insert as insert_unless_there

from domain.event import Event, EventName
from storage.subtree import in_subtree
from storage.tables import BROUGHT
from storage.tables import event as events
from storage.tables import secret as shared_secrets

_DIGEST_KEY = "trail_digest"
_BROUGHT: ColumnElement[bool] = literal_column(BROUGHT)
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

    def of_document(self, document_id: str, *, limit: int = 200) -> tuple[Event, ...]:
        """The newest ``limit`` events of a document, oldest first."""
        newest = self._all(
            select(events)
            .where(events.c.document_id == document_id)
            .order_by(events.c.id.desc())
            .limit(limit)
        )
        return newest[::-1]

    def since(self, event_id: int, *, within: str, limit: int = 200) -> tuple[Event, ...]:
        """Events after ``event_id`` in the subtree, oldest first; none is ever skipped."""
        return self._all(
            select(events)
            .where(events.c.id > event_id, in_subtree(events.c.agency_id, within), _SETTLED)
            .order_by(events.c.id)
            .limit(limit)
        )

    def named(
        self,
        names: Iterable[EventName],
        *,
        within: str,
        before: int | None = None,
        limit: int = 200,
    ) -> tuple[Event, ...]:
        """Newest first; of those older than the event ``before``, where it is given."""
        query = select(events).where(
            events.c.name.in_([str(name) for name in names]),
            in_subtree(events.c.agency_id, within),
        )
        if before is not None:
            query = query.where(events.c.id < before)
        return self._all(query.order_by(events.c.id.desc()).limit(limit))

    def brought(
        self,
        actor_id: str,
        *,
        document_id: str | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> tuple[Event, ...]:
        """The actor's first event of each document that it brought, newest first."""
        first = select(func.min(events.c.id)).where(events.c.actor_id == actor_id, _BROUGHT)
        if document_id is not None:
            first = first.where(events.c.document_id == document_id)
        query = select(events).where(events.c.id.in_(first.group_by(events.c.document_id)))
        if before is not None:
            query = query.where(events.c.id < before)
        return self._all(query.order_by(events.c.id.desc()).limit(limit))

    def noted(
        self, name: EventName, *, document_id: str, since: datetime, actor_id: str | None = None
    ) -> bool:
        """Whether the document has such an event at or after ``since``, of ``actor_id`` if given."""
        query = select(events.c.id).where(
            events.c.document_id == document_id, events.c.name == str(name), events.c.at >= since
        )
        if actor_id is not None:
            query = query.where(events.c.actor_id == actor_id)
        return self._connection.execute(query.limit(1)).first() is not None

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

    def digest_key(self) -> bytes:
        """The installation's secret for digests; of transactions that make it at once, one does."""
        query = select(shared_secrets.c.value).where(shared_secrets.c.name == _DIGEST_KEY)
        known = self._connection.execute(query).scalar()
        if known is None:
            self._connection.execute(
                insert_unless_there(shared_secrets)
                .values(name=_DIGEST_KEY, value=secrets.token_bytes(32))
                .on_conflict_do_nothing()
            )
            known = self._connection.execute(query).scalar_one()
        return bytes(known)

    def _all(self, query: "Select[Any]") -> tuple[Event, ...]:
        rows = self._connection.execute(query).mappings()
        return tuple(Event(**{**row, "name": EventName(row["name"])}) for row in rows)
