"""What the forms of a document's page ask for: corrections and decisions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, NoReturn

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.guard import FormCaller, HouseHere, LocaleHere
from api.rest.documents import DocumentId
from api.web.document_page import HAPPENED_MEANWHILE, DocumentPage
from api.web.sent import (
    CorrectionForm,
    Kept,
    Reason,
    ReasonToAccept,
    ReasonToReject,
    Seen,
    SentChoices,
    SentForm,
)
from api.web.sheet import typed_at_first
from domain.actor import Action, require
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.ports import Transaction
from domain.record import FieldValue
from workflow import issuing, matching, retrying, review, revoking
from workflow.transition import find_document

router = APIRouter(include_in_schema=False)

_SHOWN_AGAIN = HAPPENED_MEANWHILE | {
    ErrorCode.FIELD_VALUE_INVALID,
    ErrorCode.FIELD_CHANGED,
    ErrorCode.CORRECTIONS_NOT_SAVED,
    ErrorCode.REASON_REQUIRED,
    ErrorCode.TEXT_TOO_LONG,
    ErrorCode.PERSON_NOT_ON_PAPER,
    ErrorCode.PERSON_NOT_CONSIDERED,
    ErrorCode.PERSON_CHOSEN_TWICE,
}
"""Refusals after which the page comes again with everything that was typed."""


def _form_page(
    request: Request, house: HouseHere, locale: LocaleHere, caller: FormCaller
) -> DocumentPage:
    """The page whose form was sent."""
    return DocumentPage(request=request, house=house, locale=locale, caller=caller)


FormPage = Annotated[DocumentPage, Depends(_form_page)]


def _done(
    page: DocumentPage, document_id: str, kept: Kept, act: Callable[[Transaction], object]
) -> Response:
    """Do it; where somebody was faster, or something is missing, the page comes with all that is ``kept``."""
    try:
        kept.require_short()
        with page.house.database.transaction() as tx:
            if kept.typed and kept.decision != "correct":
                _refuse_unsaved(find_document(tx, page.caller.actor, document_id))
            act(tx)
    except HosoError as error:
        if error.code not in _SHOWN_AGAIN:
            raise
        if kept.decision == "accept" and error.code is ErrorCode.DOCUMENT_CHANGED:
            # decided next is on what the population data say by now
            with page.house.database.transaction() as tx:
                matching.catch_up(page.caller.actor, document_id, tx=tx, clock=page.house.clock)
        return page.show(document_id, kept=kept, refused=error)
    return RedirectResponse(f"/documents/{document_id}?done={kept.decision}", status_code=303)


def _stated(
    page: DocumentPage,
    document_id: str,
    decision: str,
    act: Callable[..., object],
    *,
    seen: datetime,
    reason: str,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """A decision about the document as it was seen that says nothing but why."""
    actor, clock = page.caller.actor, page.house.clock
    return _done(
        page,
        document_id,
        Kept(decision=decision, reason=reason, typed=typed or {}),
        lambda tx: act(actor, document_id, reason=reason, seen=seen, tx=tx, clock=clock),
    )


@router.post("/documents/{document_id}/accept")
def accept(
    page: FormPage,
    document_id: DocumentId,
    seen: Seen,
    choices: SentChoices,
    reason: ReasonToAccept,
    form: SentForm,
    listed: Annotated[str | None, Form(max_length=64)] = None,
) -> Response:
    """The officer accepts, and may say who the people on the paper are."""
    actor, clock = page.caller.actor, page.house.clock
    persons = {one.role: one.personal_id for one in choices}
    typed = _typed(page, document_id, form)
    kept = Kept(decision="accept", typed=typed, reason=reason, persons=persons)
    return _done(
        page,
        document_id,
        kept,
        lambda tx: review.accept(
            actor,
            document_id,
            reason=reason,
            seen=seen,
            listed=listed,
            choices=choices,
            tx=tx,
            clock=clock,
        ),
    )


@router.post("/documents/{document_id}/reject")
def reject(
    page: FormPage, document_id: DocumentId, seen: Seen, reason: ReasonToReject, form: SentForm
) -> Response:
    """The officer refuses."""
    typed = _typed(page, document_id, form)
    return _stated(
        page, document_id, "reject", review.reject, seen=seen, reason=reason, typed=typed
    )


@router.post("/documents/{document_id}/reopen")
def reopen(page: FormPage, document_id: DocumentId, seen: Seen, reason: Reason) -> Response:
    """The officer takes a verified or rejected document back to review."""
    return _stated(page, document_id, "reopen", review.reopen, seen=seen, reason=reason)


@router.post("/documents/{document_id}/match")
def match(page: FormPage, document_id: DocumentId, form: SentForm) -> Response:
    """The officer asks what the population data say by now."""
    actor, clock = page.caller.actor, page.house.clock
    return _done(
        page,
        document_id,
        Kept(decision="match", typed=_typed(page, document_id, form)),
        lambda tx: matching.match_again(actor, document_id, tx=tx, clock=clock),
    )


@router.post("/documents/{document_id}/correct")
def correct(page: FormPage, document_id: DocumentId, form: SentForm) -> Response:
    """The officer types what the paper says, or empties what it does not; only changes are sent on.

    Where a value is not well-formed, or somebody else has changed the same field or the document since the
    page was shown, it comes back with everything as typed.
    """
    actor, house = page.caller.actor, page.house
    changed = _typed(page, document_id, form)
    if not changed:
        return RedirectResponse(f"/documents/{document_id}", status_code=303)

    def save(tx: Transaction) -> None:
        _require_seen(find_document(tx, actor, document_id), changed, form)
        review.correct(actor, document_id, changed, tx=tx, clock=house.clock)

    return _done(page, document_id, Kept(decision="correct", typed=changed), save)


def _typed(page: DocumentPage, document_id: str, form: CorrectionForm) -> dict[str, str]:
    """The corrections that the page's one form holds, whichever of its buttons was pressed."""
    actor = page.caller.actor
    # whether anything differs from the paper tells what stands on it
    require(actor, Action.DOCUMENT_REVIEW)
    with page.house.database.transaction() as tx:
        return _changed(find_document(tx, actor, document_id), form)


def _refuse_unsaved(document: Document) -> NoReturn:
    """What was typed is not dropped. Raises ``corrections_not_saved``, or ``document_changed``."""
    if document.state is DocumentState.REVIEW:
        raise HosoError(ErrorCode.CORRECTIONS_NOT_SAVED)
    # it cannot be saved any more: that is what the officer must learn
    raise HosoError(ErrorCode.DOCUMENT_CHANGED, document=document.id)


def _changed(document: Document, form: CorrectionForm) -> dict[str, str]:
    """What differs from the form as it was shown: the whole form is sent, with every field's input."""
    fields = document.record.fields if document.record else {}
    return {
        name: text
        for name, text in form.values.items()
        if text != form.shown.get(name, "") and text not in _unchanged(name, fields.get(name))
    }


def _unchanged(name: str, field: FieldValue | None) -> tuple[str, ...]:
    """What says nothing new about ``field``; an emptied input does, where the field had something in it."""
    shown = typed_at_first(name, field)
    return (shown, field.value) if field and field.value else (shown,)


def _require_seen(document: Document, changed: Mapping[str, str], form: CorrectionForm) -> None:
    """Refuse to replace what the officer has not seen. Raises ``field_changed``.

    A document that has moved on is not asked: that it has is what the officer must learn.
    """
    if document.state is not DocumentState.REVIEW:
        return
    fields = document.record.fields if document.record else {}
    for name in changed:
        if form.shown.get(name, "") != typed_at_first(name, fields.get(name)):
            raise HosoError(ErrorCode.FIELD_CHANGED, document=document.id, field=name)


@router.post("/documents/{document_id}/certify")
def certify(page: FormPage, document_id: DocumentId, seen: Seen) -> Response:
    """The certifier asks for the copy."""
    actor, clock = page.caller.actor, page.house.clock
    return _done(
        page,
        document_id,
        Kept(decision="certify"),
        lambda tx: issuing.request(actor, document_id, seen=seen, tx=tx, clock=clock),
    )


@router.post("/documents/{document_id}/retry")
def retry(page: FormPage, document_id: DocumentId, seen: Seen) -> Response:
    """Whoever may bring the file has the step tried again that failed."""
    actor, clock = page.caller.actor, page.house.clock
    return _done(
        page,
        document_id,
        Kept(decision="retry"),
        lambda tx: retrying.retry(actor, document_id, seen=seen, tx=tx, clock=clock),
    )


@router.post("/documents/{document_id}/revoke")
def revoke(page: FormPage, document_id: DocumentId, seen: Seen, reason: Reason) -> Response:
    """The certifier withdraws the copy."""
    return _stated(page, document_id, "revoke", revoking.revoke, seen=seen, reason=reason)
