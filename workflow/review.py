"""Review: a person decides, perhaps days later; the decision enqueues the next step."""

from collections.abc import Mapping
from dataclasses import replace

from ocr.values import normalise

from domain.actor import Action, Actor, require
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Clock, Step, Transaction
from domain.record import FIELD_NAMES, FieldValue
from workflow.transition import find_document, move, note


def accept(
    actor: Actor, document_id: str, *, reason: str, tx: Transaction, clock: Clock
) -> Document:
    """The officer takes responsibility for the document as it stands, and says why."""
    require(actor, Action.DOCUMENT_REVIEW)
    stated = _stated(reason)
    document = find_document(tx, actor, document_id)
    now = clock.now()
    accepted = move(tx, document, DocumentState.VERIFIED, at=now)
    note(tx, EventName.DOCUMENT_ACCEPTED, actor, at=now, document=accepted, reason=stated)
    return accepted


def correct(
    actor: Actor,
    document_id: str,
    values: Mapping[str, str],
    *,
    tx: Transaction,
    clock: Clock,
) -> Document:
    """The officer types what the paper says; the document is matched again.

    Raises ``field_unknown`` and ``field_value_invalid``; nothing is changed then.
    """
    require(actor, Action.DOCUMENT_REVIEW)
    document = find_document(tx, actor, document_id)
    if document.record is None:
        raise HosoError(ErrorCode.STATE_CONFLICT, document=document.id, state=str(document.state))
    typed = {name: _typed(name, text, document, actor) for name, text in values.items()}
    record = replace(document.record, fields={**document.record.fields, **typed})
    now = clock.now()
    corrected = move(tx, document, DocumentState.READ, at=now, record=record)
    note(
        tx,
        EventName.DOCUMENT_CORRECTED,
        actor,
        at=now,
        document=corrected,
        fields=sorted(typed),
    )
    tx.jobs.enqueue(Step.MATCH, corrected.id, lane=corrected.lane)
    return corrected


def reject(
    actor: Actor, document_id: str, *, reason: str, tx: Transaction, clock: Clock
) -> Document:
    """The officer refuses the document; the reason is kept and shown."""
    require(actor, Action.DOCUMENT_REVIEW)
    stated = _stated(reason)
    document = find_document(tx, actor, document_id)
    now = clock.now()
    rejected = move(tx, document, DocumentState.REJECTED, at=now)
    note(tx, EventName.DOCUMENT_REJECTED, actor, at=now, document=rejected, reason=stated)
    return rejected


def _stated(reason: str) -> str:
    stated = reason.strip()
    if not stated:
        raise HosoError(ErrorCode.REASON_REQUIRED)
    return stated


def _typed(name: str, text: str, document: Document, actor: Actor) -> FieldValue:
    if name not in FIELD_NAMES:
        raise HosoError(ErrorCode.FIELD_UNKNOWN, field=name)
    value = normalise(name, text)
    if value is None:
        raise HosoError(ErrorCode.FIELD_VALUE_INVALID, field=name)
    read = document.record.fields.get(name) if document.record else None
    return FieldValue(
        text=text.strip(),
        value=value,
        confidence=1.0,
        certain=True,
        page=read.page if read else None,
        box=read.box if read else None,
        corrected_by=actor.id,
    )
