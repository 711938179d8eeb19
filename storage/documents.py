"""Documents in PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from domain.document import Document, DocumentState, Lane
from domain.ports import DocumentPage
from domain.record_json import from_json, to_json
from domain.verdict import verdict_from_json, verdict_to_json
from storage.cursor import decode_cursor, encode_cursor
from storage.subtree import in_subtree
from storage.tables import document as documents

_LARGEST_PAGE = 500


class SqlDocuments:
    """Satisfies ``domain.ports.Documents``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, document: Document) -> bool:
        """Insert; ``False`` where the id already stands."""
        statement = (
            insert(documents)
            .values(id=document.id, **_columns(document))
            .on_conflict_do_nothing(index_elements=[documents.c.id])
            .returning(documents.c.id)
        )
        return self._connection.execute(statement).first() is not None

    def get(self, document_id: str, *, within: str) -> Document | None:
        """The document, if it lies in the subtree ``within``."""
        query = select(documents).where(
            documents.c.id == document_id, in_subtree(documents.c.agency_id, within)
        )
        return self._first(query)

    def by_original(self, sha256: str, *, agency_id: str) -> Document | None:
        """The first document made from the same original by the same agency."""
        query = (
            select(documents)
            .where(documents.c.sha256 == sha256, documents.c.agency_id == agency_id)
            .order_by(documents.c.created_at, documents.c.id)
            .limit(1)
        )
        return self._first(query)

    def all_by_original(self, sha256: str, *, agency_id: str) -> tuple[Document, ...]:
        """Every document made from the same original by the same agency, in the order of its pages."""
        query = (
            select(documents)
            .where(documents.c.sha256 == sha256, documents.c.agency_id == agency_id)
            .order_by(documents.c.pages, documents.c.created_at, documents.c.id)
        )
        return tuple(_document(row) for row in self._connection.execute(query).mappings())

    def move(self, before: Document, *, changed: Document) -> bool:
        """Fenced update: write ``changed`` where state and last change still are those of ``before``."""
        statement = (
            update(documents)
            .where(
                documents.c.id == before.id,
                documents.c.state == str(before.state),
                documents.c.updated_at == before.updated_at,
            )
            .values(**_columns(changed))
        )
        return self._connection.execute(statement).rowcount == 1

    def page(
        self,
        *,
        within: str,
        batch: str | None = None,
        state: DocumentState | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> DocumentPage:
        """Newest first. Raises ``request_invalid`` for a cursor we did not make."""
        size = max(1, min(limit, _LARGEST_PAGE))
        query = select(documents).where(in_subtree(documents.c.agency_id, within))
        if batch is not None:
            query = query.where(documents.c.batch == batch)
        if state is not None:
            query = query.where(documents.c.state == str(state))
        if cursor is not None:
            place = tuple_(documents.c.created_at, documents.c.id)
            query = query.where(place < decode_cursor(cursor))
        query = query.order_by(documents.c.created_at.desc(), documents.c.id.desc()).limit(size + 1)
        rows = self._connection.execute(query).mappings().all()
        shown = tuple(_document(row) for row in rows[:size])
        last = shown[-1] if len(rows) > size else None
        return DocumentPage(
            documents=shown,
            next_cursor=None if last is None else encode_cursor(last.created_at, last.id),
        )

    def counts(self, *, within: str, batch: str | None = None) -> Mapping[DocumentState, int]:
        """How many documents are in each state; states without any are left out."""
        query = (
            select(documents.c.state, func.count())
            .where(in_subtree(documents.c.agency_id, within))
            .group_by(documents.c.state)
        )
        if batch is not None:
            query = query.where(documents.c.batch == batch)
        return {DocumentState(state): count for state, count in self._connection.execute(query)}

    def _first(self, query: "Select[Any]") -> Document | None:
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _document(row)


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor lone surrogates (undecodable bytes in a file name)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _columns(value: Document) -> dict[str, Any]:
    return {
        "agency_id": value.agency_id,
        "batch": None if value.batch is None else _storable(value.batch),
        "file": _storable(value.file),
        "sha256": value.sha256,
        "media_type": value.media_type,
        "pages": list(value.pages),
        "lane": str(value.lane),
        "state": str(value.state),
        "reasons": list(value.reasons),
        "problem": value.problem,
        "record": None if value.record is None else to_json(value.record),
        "verdicts": [verdict_to_json(verdict) for verdict in value.verdicts],
        "created_by": value.created_by,
        "created_at": value.created_at,
        "updated_at": value.updated_at,
    }


def _document(row: RowMapping) -> Document:
    return Document(
        id=row["id"],
        agency_id=row["agency_id"],
        batch=row["batch"],
        file=row["file"],
        sha256=row["sha256"],
        media_type=row["media_type"],
        pages=tuple(row["pages"]),
        lane=Lane(row["lane"]),
        state=DocumentState(row["state"]),
        reasons=tuple(row["reasons"]),
        problem=row["problem"],
        record=None if row["record"] is None else from_json(row["record"]),
        verdicts=tuple(verdict_from_json(item) for item in row["verdicts"]),
        created_by=row["created_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
