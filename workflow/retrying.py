"""Retry: a step that failed is tried again, asked for by a person or because what it lacked is back."""

from datetime import datetime

from domain.actor import SYSTEM, Action, Actor, require
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Clock, Step, Transaction
from workflow.transition import find_document, move, note

_OF_THE_ORIGINAL = frozenset({ErrorCode.OBJECT_MISSING, ErrorCode.OBJECT_CORRUPT})


def retry(
    actor: Actor, document_id: str, *, seen: datetime | None = None, tx: Transaction, clock: Clock
) -> Document:
    """Have the step tried again that failed. Raises ``state_conflict`` where none did."""
    require(actor, Action.DOCUMENT_RETRY)
    document = find_document(tx, actor, document_id, seen=seen)
    if document.state is not DocumentState.FAILED:
        raise HosoError(ErrorCode.STATE_CONFLICT, document=document.id, state=str(document.state))
    return try_again(tx, actor, document, at=clock.now())


def try_again(tx: Transaction, actor: Actor, document: Document, *, at: datetime) -> Document:
    """Put a failed document back before the step that failed; of a lost page only that page is read.

    A record may hold what an officer typed: it is matched again, never read over.
    """
    state, step = (
        (DocumentState.RECEIVED, Step.READ)
        if document.record is None
        else (DocumentState.READ, Step.MATCH)
    )
    retried = move(tx, document, state, at=at, problem=None)
    note(tx, EventName.DOCUMENT_RETRIED, actor, at=at, document=retried, code=document.problem)
    tx.jobs.enqueue(step, retried.id, lane=retried.lane)
    return retried


def go_on_with_original(tx: Transaction, actor: Actor, sha256: str, *, at: datetime) -> None:
    """What failed for want of this original is tried again in every office: it is in the store, and sound.

    To the other offices nobody did it: who brought the same file elsewhere is not theirs to know.
    """
    nobody = Actor(
        id=SYSTEM,
        name="",
        roles=frozenset(),
        agency_id=actor.agency_id,
        agency_path=actor.agency_path,
        is_system=True,
    )
    for document in tx.documents.failed(sha256):
        if document.problem not in _OF_THE_ORIGINAL:
            continue
        try:
            try_again(tx, nobody, document, at=at)
        except HosoError as error:
            # whoever had it tried again meanwhile was quicker, and nobody else's file is refused for it
            if error.code is not ErrorCode.STATE_CONFLICT:
                raise
