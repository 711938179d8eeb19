"""Revoke: a certified copy that should not have been issued is withdrawn, and its document decided anew."""

from datetime import datetime

from domain.actor import Action, Actor, require
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Clock, Transaction
from workflow.matching import taken_back
from workflow.reasons import COPY_REVOKED
from workflow.transition import find_document, move_to, note


def revoke(
    actor: Actor,
    document_id: str,
    *,
    reason: str,
    seen: datetime | None = None,
    tx: Transaction,
    clock: Clock,
) -> Document:
    """Withdraw the copy in force; whoever verifies it from now on is told that it is revoked.

    Its entry, number and file stay in the register. The document goes back to review, matched with the
    population data of now and without the choices made for that copy; there it is corrected, accepted or
    rejected by a person. A copy certified then has a number and a code of its own.
    Raises ``reason_required``, and ``state_conflict`` where no copy is in force.
    """
    require(actor, Action.COPY_REVOKE)
    stated = reason.strip()
    if not stated:
        raise HosoError(ErrorCode.REASON_REQUIRED)
    document = find_document(tx, actor, document_id, seen=seen)
    certificate = tx.certificates.by_document(document.id)
    now = clock.now()
    if (
        document.state is not DocumentState.CERTIFIED
        or certificate is None
        or not tx.certificates.revoke(certificate.code, at=now, reason=stated)
    ):
        raise HosoError(ErrorCode.STATE_CONFLICT, document=document.id, state=str(document.state))
    back = taken_back(document, tx, why=COPY_REVOKED, at=now)
    waiting = move_to(tx, document, back, at=now)
    note(
        tx,
        EventName.COPY_REVOKED,
        actor,
        at=now,
        document=waiting,
        number=certificate.number,
        year=certificate.year,
        reason=stated,
    )
    return waiting
