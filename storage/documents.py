"""Documents in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from domain.document import Document, DocumentState, Lane, ProblemCounts
from domain.ports import DocumentPage, Order
from domain.record_json import from_json, to_json
from domain.verdict import verdict_from_json, verdict_to_json
from storage.cursor import Place, decode_cursor, encode_cursor
from storage.subtree import in_subtree
from storage.tables import batch_original
from storage.tables import document as documents

_LARGEST_PAGE = 500
_OF_ORIGINAL = and_(
    batch_original.c.sha256 == documents.c.sha256,
    batch_original.c.agency_id == documents.c.agency_id,
)
_JOINED = (
    select(
        func.array_agg(
            aggregate_order_by(
                batch_original.c.batch, batch_original.c.joined_at, batch_original.c.batch
            )
        )
    )
    .where(_OF_ORIGINAL)
    .correlate(documents)
    .scalar_subquery()
    .label("joined")
)
_WHOLE = select(documents, _JOINED)


class SqlDocuments:
    """Satisfies ``domain.ports.Documents``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, document: Document) -> bool:
        """Insert; ``False`` where the id already stands."""
        statement = (
            insert(documents)
            .values(
                id=document.id,
                batch=None if document.batch is None else _storable(document.batch),
                lane=str(document.lane),
                **_columns(document),
            )
            .on_conflict_do_nothing(index_elements=[documents.c.id])
            .returning(documents.c.id)
        )
        return self._connection.execute(statement).first() is not None

    def get(self, document_id: str, *, within: str) -> Document | None:
        """The document, if it lies in the subtree ``within``."""
        query = _WHOLE.where(
            documents.c.id == document_id, in_subtree(documents.c.agency_id, within)
        )
        return self._first(query)

    def all_by_original(self, sha256: str, *, agency_id: str) -> tuple[Document, ...]:
        """Every document made from the same original by the same agency, in the order of its pages."""
        query = _WHOLE.where(
            documents.c.sha256 == sha256, documents.c.agency_id == agency_id
        ).order_by(documents.c.pages, documents.c.created_at, documents.c.id)
        return tuple(_document(row) for row in self._connection.execute(query).mappings())

    def siblings(self, document: Document) -> tuple[str, ...]:
        """Ids of the other documents made from its original by its agency, in the order of their pages."""
        query = (
            select(documents.c.id)
            .where(
                documents.c.sha256 == document.sha256,
                documents.c.agency_id == document.agency_id,
                documents.c.id != document.id,
            )
            .order_by(documents.c.pages, documents.c.created_at, documents.c.id)
        )
        return tuple(self._connection.execute(query).scalars())

    def of_paper(self, keys: Sequence[str], *, within: str, limit: int) -> tuple[Document, ...]:
        """Documents that share one of ``keys``, the newest first; by an index over the keys."""
        if not keys:
            return ()
        query = (
            _WHOLE.where(
                documents.c.paper_keys.overlap(list(keys)),
                in_subtree(documents.c.agency_id, within),
            )
            .order_by(documents.c.created_at.desc(), documents.c.id)
            .limit(limit)
        )
        return tuple(_document(row) for row in self._connection.execute(query).mappings())

    def hurry(self, sha256: str, *, agency_id: str) -> tuple[str, ...]:
        """Put every document made from this original into the counter's lane; ids of those that were not."""
        statement = (
            update(documents)
            .where(
                documents.c.sha256 == sha256,
                documents.c.agency_id == agency_id,
                documents.c.lane != str(Lane.COUNTER),
            )
            .values(lane=str(Lane.COUNTER))
            .returning(documents.c.id)
        )
        return tuple(self._connection.execute(statement).scalars())

    def move(self, before: Document, *, changed: Document) -> bool:
        """Fenced update: write ``changed`` where state and last change still are those of ``before``."""
        return self._write(before, _columns(changed))

    def confirm_match(self, document: Document, *, at: datetime) -> bool:
        """Fenced as :meth:`move`; the record, large as it is, is not written again."""
        return self._write(document, {"matched_at": at})

    def matched_before(self, moment: datetime) -> tuple[str, ...]:
        """Documents to be matched again, those that came first before the others."""
        waiting = documents.c.state.in_([str(DocumentState.READ), str(DocumentState.REVIEW)])
        older = or_(documents.c.matched_at.is_(None), documents.c.matched_at < moment)
        query = select(documents.c.id).where(waiting, older).order_by(documents.c.created_at)
        return tuple(self._connection.execute(query).scalars())

    def join_batch(self, batch: str, *, sha256: str, agency_id: str) -> None:
        """Count every document made from this original, now or later, into ``batch`` too."""
        statement = (
            insert(batch_original)
            .values(
                batch=_storable(batch),
                agency_id=agency_id,
                sha256=sha256,
                joined_at=func.clock_timestamp(),
            )
            .on_conflict_do_nothing()
        )
        self._connection.execute(statement)

    def page(
        self,
        *,
        within: str,
        batch: str | None = None,
        state: DocumentState | None = None,
        lane: Lane | None = None,
        order: Order = Order.NEWEST,
        cursor: str | None = None,
        limit: int = 50,
    ) -> DocumentPage:
        """In this order. Raises ``request_invalid`` for a cursor we did not make for it."""
        size = max(1, min(limit, _LARGEST_PAGE))
        query = _WHOLE.where(in_subtree(documents.c.agency_id, within))
        if state is not None:
            query = query.where(documents.c.state == str(state))
        if lane is not None:
            query = query.where(documents.c.lane == str(lane))
        if cursor is not None:
            query = query.where(_behind(decode_cursor(cursor, order), order))
        query = query.order_by(*_sorted(documents.c, order)).limit(size + 1)
        # each way into the batch by its own index, as many rows as can be shown: a large one stays quick
        found = union_all(*_of_batch(query, batch)).subquery()
        ordered = select(found).order_by(*_sorted(found.c, order))
        rows = self._connection.execute(ordered.limit(size + 1)).mappings().all()
        shown = tuple(_document(row) for row in rows[:size])
        last = shown[-1] if len(rows) > size else None
        return DocumentPage(
            documents=shown,
            next_cursor=None if last is None else encode_cursor(order, _place(last)),
        )

    def counts(self, *, within: str, batch: str | None = None) -> Mapping[DocumentState, int]:
        """How many documents are in each state; states without any are left out."""
        query = select(documents.c.state).where(in_subtree(documents.c.agency_id, within))
        found = union_all(*_of_batch(query, batch)).subquery()
        counted = select(found.c.state, func.count()).group_by(found.c.state)
        return {DocumentState(state): count for state, count in self._connection.execute(counted)}

    def problems(self, *, within: str, batch: str | None = None) -> ProblemCounts:
        """How many of each state have which problem, by an index of those that have one."""
        query = select(documents.c.state, documents.c.problem).where(
            documents.c.problem.is_not(None), in_subtree(documents.c.agency_id, within)
        )
        found = union_all(*_of_batch(query, batch)).subquery()
        kinds = found.c.state, found.c.problem
        told: dict[DocumentState, dict[str, int]] = {}
        for state, problem, count in self._connection.execute(
            select(*kinds, func.count()).group_by(*kinds).order_by(*kinds)
        ):
            told.setdefault(DocumentState(state), {})[problem] = count
        return told

    def failed(self, sha256: str) -> tuple[Document, ...]:
        """Every failed document of this original, of all agencies."""
        query = _WHOLE.where(
            documents.c.sha256 == sha256, documents.c.state == str(DocumentState.FAILED)
        ).order_by(documents.c.agency_id, documents.c.pages, documents.c.id)
        return tuple(_document(row) for row in self._connection.execute(query).mappings())

    def _write(self, before: Document, values: Mapping[str, Any]) -> bool:
        statement = update(documents).where(
            documents.c.id == before.id,
            documents.c.state == str(before.state),
            documents.c.updated_at == before.updated_at,
        )
        return self._connection.execute(statement.values(**values)).rowcount == 1

    def _first(self, query: "Select[Any]") -> Document | None:
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _document(row)


def _first_page(columns: "ReadOnlyColumnCollection[str, Any]") -> "ColumnElement[int]":
    return func.coalesce(columns.pages[1], 0)


def _sorted(
    columns: "ReadOnlyColumnCollection[str, Any]", order: Order
) -> "tuple[ColumnElement[Any], ...]":
    """The keys of an order, each with its direction. ``counter`` comes behind ``bulk`` in the alphabet."""
    in_file = _first_page(columns), columns.id
    if order is Order.NEWEST:
        return columns.created_at.desc(), columns.sha256.desc(), *in_file
    lanes = (columns.lane.desc(),) if order is Order.QUEUE else ()
    return *lanes, columns.created_at, columns.sha256, *in_file


def _behind(place: Place, order: Order) -> "ColumnElement[bool]":
    """What comes after ``place``; the first condition of each is one that an index serves."""
    columns = documents.c
    in_file = tuple_(_first_page(columns), columns.id) > (place.page, place.id)
    moment, here = tuple_(columns.created_at, columns.sha256), (place.at, place.sha256)
    if order is Order.NEWEST:
        return and_(
            columns.created_at <= place.at, or_(moment < here, and_(moment == here, in_file))
        )
    later = and_(columns.created_at >= place.at, or_(moment > here, and_(moment == here, in_file)))
    if order is Order.OLDEST:
        return later
    same = columns.lane == str(place.lane)
    return and_(
        columns.lane <= str(place.lane), or_(columns.lane < str(place.lane), and_(same, later))
    )


def _place(document: Document) -> Place:
    return Place(
        lane=document.lane,
        at=document.created_at,
        sha256=document.sha256,
        page=document.pages[0] if document.pages else 0,
        id=document.id,
    )


def _of_batch(query: "Select[Any]", batch: str | None) -> tuple["Select[Any]", ...]:
    """``query`` for those that came first under ``batch``, and for those that joined it: no row twice."""
    if batch is None:
        return (query,)
    joined = query.join(batch_original, _OF_ORIGINAL).where(
        batch_original.c.batch == batch, documents.c.batch.is_distinct_from(batch)
    )
    return query.where(documents.c.batch == batch), joined


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor lone surrogates (undecodable bytes in a file name)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _columns(value: Document) -> dict[str, Any]:
    """What moving on may change; neither the batch it came in first nor its lane is any of it."""
    return {
        "agency_id": value.agency_id,
        "file": _storable(value.file),
        "sha256": value.sha256,
        "media_type": value.media_type,
        "pages": list(value.pages),
        "state": str(value.state),
        "reasons": list(value.reasons),
        "problem": value.problem,
        "record": None if value.record is None else to_json(value.record),
        "verdicts": [verdict_to_json(verdict) for verdict in value.verdicts],
        "paper_keys": list(value.paper_keys),
        "matched_at": value.matched_at,
        "created_by": value.created_by,
        "created_at": value.created_at,
        "updated_at": value.updated_at,
    }


def _document(row: RowMapping) -> Document:
    came_under = () if row["batch"] is None else (row["batch"],)
    first, *further = dict.fromkeys((*came_under, *(row["joined"] or ()))) or (None,)
    return Document(
        id=row["id"],
        agency_id=row["agency_id"],
        batch=first,
        further_batches=tuple(further),
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
        paper_keys=tuple(row["paper_keys"]),
        matched_at=row["matched_at"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
