"""Answers to repeated uploads in PostgreSQL."""

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.ports import RememberedAnswer
from storage.tables import idempotency_key


class SqlIdempotencyKeys:
    """Satisfies ``domain.ports.IdempotencyKeys``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str, *, actor_id: str) -> RememberedAnswer | None:
        """The answer already given to this actor under ``key``."""
        query = select(idempotency_key.c.request_sha256, idempotency_key.c.document_id).where(
            idempotency_key.c.actor_id == actor_id, idempotency_key.c.key == key
        )
        row = self._connection.execute(query).mappings().first()
        return None if row is None else RememberedAnswer(**row)

    def add(self, key: str, *, actor_id: str, answer: RememberedAnswer) -> None:
        """Remember an answer; the first one stands."""
        self._connection.execute(
            insert(idempotency_key)
            .values(
                actor_id=actor_id,
                key=key,
                request_sha256=answer.request_sha256,
                document_id=answer.document_id,
                created_at=func.now(),
            )
            .on_conflict_do_nothing()
        )
