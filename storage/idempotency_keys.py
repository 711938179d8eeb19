"""Answers to repeated uploads in PostgreSQL."""

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.ports import RememberedAnswer
from storage.tables import idempotency_key


class SqlIdempotencyKeys:
    """Satisfies ``domain.ports.IdempotencyKeys``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(
        self, key: str, *, actor_id: str, answer: RememberedAnswer
    ) -> RememberedAnswer | None:
        """Reserve ``key`` for ``answer``; the answer it stands for already, ``None`` where it was free.

        A key that another transaction has just claimed is waited for: once that one commits its answer
        stands, and where it rolls back the key is free.
        """
        claimed = self._connection.execute(
            insert(idempotency_key)
            .values(
                actor_id=actor_id,
                key=key,
                request_sha256=answer.request_sha256,
                document_id=answer.document_id,
                created_at=func.now(),
            )
            .on_conflict_do_nothing()
            .returning(idempotency_key.c.key)
        ).first()
        if claimed is not None:
            return None
        query = select(idempotency_key.c.request_sha256, idempotency_key.c.document_id).where(
            idempotency_key.c.actor_id == actor_id, idempotency_key.c.key == key
        )
        return RememberedAnswer(**self._connection.execute(query).mappings().one())
