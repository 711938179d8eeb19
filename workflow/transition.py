"""Finding a document within the actor's reach and moving it on, fenced by its state."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.actor import Actor
from domain.document import NEXT_STATES, Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.ports import Transaction


def find_document(tx: Transaction, actor: Actor, document_id: str) -> Document:
    """The document, if it lies in the actor's agency subtree. Raises ``document_not_found``."""
    document = tx.documents.get(document_id, within=actor.agency_path)
    if document is None:
        raise HosoError(ErrorCode.DOCUMENT_NOT_FOUND, document=document_id)
    return document


def move(
    tx: Transaction, document: Document, state: DocumentState, *, at: datetime, **changes: Any
) -> Document:
    """Write ``document`` with ``changes`` in its next ``state``.

    Raises ``state_conflict`` where the move is not allowed or somebody else moved it first; a second
    decision changes nothing and says so.
    """
    expected = document.state
    changed = replace(document, state=state, updated_at=at, **changes)
    if state not in NEXT_STATES[expected] or not tx.documents.move(
        document.id, expected=expected, changed=changed
    ):
        raise HosoError(
            ErrorCode.STATE_CONFLICT,
            document=document.id,
            state=str(expected),
            wanted=str(state),
        )
    return changed


def note(
    tx: Transaction,
    name: EventName,
    actor: Actor,
    *,
    at: datetime,
    document: Document | None = None,
    **facts: object,
) -> None:
    """Append one line to the audit trail; documents' events belong to the document's agency."""
    tx.events.add(
        Event(
            name=name,
            actor_id=actor.id,
            agency_id=actor.agency_id if document is None else document.agency_id,
            document_id=None if document is None else document.id,
            at=at,
            facts=facts,
        )
    )
