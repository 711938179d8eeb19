"""Finding a document within the actor's reach and moving it on, fenced by its state."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.actor import Actor
from domain.document import NEXT_STATES, Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.ports import Transaction


def find_document(
    tx: Transaction, actor: Actor, document_id: str, *, seen: datetime | None = None
) -> Document:
    """The document, if it lies in the actor's agency subtree.

    ``seen`` is its ``updated_at`` as whoever decides had it before them: nobody answers for what they
    have not seen. Raises ``document_not_found``, and ``document_changed`` where it has changed since.
    """
    document = tx.documents.get(document_id, within=actor.agency_path)
    if document is None:
        raise HosoError(ErrorCode.DOCUMENT_NOT_FOUND, document=document_id)
    if seen is not None and document.updated_at != seen:
        raise HosoError(ErrorCode.DOCUMENT_CHANGED, document=document_id)
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
    if state not in NEXT_STATES[expected] or not tx.documents.move(document, changed=changed):
        raise HosoError(
            ErrorCode.STATE_CONFLICT,
            document=document.id,
            state=str(expected),
            wanted=str(state),
        )
    return changed


def move_to(tx: Transaction, document: Document, anew: Document, *, at: datetime) -> Document:
    """Write what a match made of ``document``: state, reasons, verdicts, problem, what is on file.

    Raises as :func:`move`.
    """
    return move(
        tx,
        document,
        anew.state,
        at=at,
        reasons=anew.reasons,
        verdicts=anew.verdicts,
        problem=anew.problem,
        matched_at=anew.matched_at,
        record=anew.record,
        paper_keys=anew.paper_keys,
    )


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
    typed_by: dict[str, object] = {} if actor.os_user is None else {"os_user": actor.os_user}
    tx.events.add(
        Event(
            name=name,
            actor_id=actor.id,
            agency_id=actor.agency_id if document is None else document.agency_id,
            document_id=None if document is None else document.id,
            at=at,
            facts=typed_by | facts,
        )
    )
