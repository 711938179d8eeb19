"""Pages for staff: the list, and one document with its decisions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.explanations import Explanation, Locale, explain, label, wording
from api.guard import FormCaller, HouseHere, LocaleHere, PageCaller
from api.house import House
from api.rest.documents import DocumentId
from api.rest.problems import STATUS
from api.web.candidates import cards_of
from api.web.pages import render
from api.web.sent import CorrectionForm, Kept, Reason, Seen, SentChoices, SentForm
from api.web.sheet import harmless, sheet_of, typed_at_first
from api.web.trail import with_typed
from domain.actor import Action, require
from domain.certificate import Certificate
from domain.document import NEXT_STATES, Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.ports import Order, Transaction
from domain.record import FieldValue
from workflow import issuing, matching, review, revoking, viewing
from workflow.transition import find_document

router = APIRouter(include_in_schema=False)

_ON_THE_WAY = frozenset({DocumentState.RECEIVED, DocumentState.READ, DocumentState.CERTIFYING})
_PAGE_LENGTH = 25
_HAPPENED_MEANWHILE = frozenset({ErrorCode.STATE_CONFLICT, ErrorCode.DOCUMENT_CHANGED})
_SHOWN_AGAIN = _HAPPENED_MEANWHILE | {
    ErrorCode.FIELD_VALUE_INVALID,
    ErrorCode.FIELD_CHANGED,
    ErrorCode.REASON_REQUIRED,
    ErrorCode.TEXT_TOO_LONG,
    ErrorCode.PERSON_NOT_ON_PAPER,
    ErrorCode.PERSON_NOT_CONSIDERED,
    ErrorCode.PERSON_CHOSEN_TWICE,
}
"""Refusals after which the page comes again with everything that was typed."""
BatchFilter = Annotated[str | None, Query()]
Cursor = Annotated[str | None, Query(max_length=500)]
StateFilter = Annotated[DocumentState | None, Query()]


def _overview(
    house: HouseHere,
    caller: PageCaller,
    state: StateFilter = None,
    batch: BatchFilter = None,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What the list shows, for the filters in the address."""
    batch = (batch or "").strip() or None
    # who waits at the counter comes before what can wait, and of each whoever has waited longest
    order = Order.QUEUE if state is DocumentState.REVIEW else Order.NEWEST
    with house.database.transaction() as tx:
        page = viewing.listing(
            caller.actor,
            tx=tx,
            batch=batch,
            state=state,
            order=order,
            cursor=cursor,
            limit=_PAGE_LENGTH,
        )
        counts = viewing.counts(caller.actor, tx=tx, batch=batch)
        newest = viewing.newest_event(caller.actor, tx=tx)

    def link(**changes: object) -> str:
        query = {"state": state, "batch": batch} | changes
        text = urlencode({name: str(value) for name, value in query.items() if value})
        return f"/documents?{text}" if text else "/documents"

    return {
        "page": page,
        "counts": counts,
        "total": sum(counts.values()),
        "finished": sum(count for each, count in counts.items() if each not in _ON_THE_WAY),
        "states": list(DocumentState),
        "state": state,
        "batch": batch,
        "cursor": cursor,
        "in_queue": order is Order.QUEUE,
        "newest_event": newest,
        "link": link,
    }


Overview = Annotated[dict[str, Any], Depends(_overview)]


@router.get("/documents")
def overview(
    request: Request, locale: LocaleHere, caller: PageCaller, listed: Overview
) -> HTMLResponse:
    """The list with upload and live progress."""
    return render(request, "overview.html", locale, caller=caller, **listed)


@router.get("/documents/rows")
def rows(
    request: Request, locale: LocaleHere, caller: PageCaller, listed: Overview
) -> HTMLResponse:
    """The list alone, fetched anew when something happened."""
    return render(request, "rows.html", locale, caller=caller, **listed)


@router.get("/documents/{document_id}")
def document_page(
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: PageCaller,
    document_id: DocumentId,
    done: Annotated[
        str | None, Query(pattern="^(accept|reject|reopen|correct|match|certify|revoke)$")
    ] = None,
) -> HTMLResponse:
    """One document: scan and boxes, fields and findings, history, and what this person may do now."""
    page = _DocumentPage(request=request, house=house, locale=locale, caller=caller)
    return page.show(document_id, notice=wording(f"action.done.{done}", locale) if done else None)


@dataclass(frozen=True, kw_only=True)
class _DocumentPage:
    """The page of one document, for one person."""

    request: Request
    house: HouseHere
    locale: LocaleHere
    caller: PageCaller

    def show(
        self,
        document_id: str,
        *,
        notice: str | None = None,
        kept: Kept | None = None,
        refused: HosoError | None = None,
    ) -> HTMLResponse:
        """The page; with what is ``kept`` and why it was ``refused``, so that nothing is typed twice."""
        actor, locale = self.caller.actor, self.locale
        with self.house.database.transaction() as tx:
            file = viewing.view(actor, document_id, tx=tx, clock=self.house.clock)
            names = viewing.names_of(actor, file.events, tx=tx)
            newest = viewing.newest_event(actor, tx=tx)
            may_choose = actor.may(Action.DOCUMENT_REVIEW)
            options = review.options(actor, file, tx=tx) if may_choose else {}
        return render(
            self.request,
            "document.html",
            locale,
            caller=self.caller,
            http_status=STATUS[refused.code] if refused else HTTPStatus.OK,
            document=file.document,
            masked=file.masked,
            record=file.document.record,
            certificate=file.certificate,
            collect_qr=_collect_qr(self.house, file.certificate),
            events=with_typed(file.events, file.document.record),
            names=names,
            newest_event=newest,
            sheet=sheet_of(file.document, locale, typed=kept.typed if kept else {}),
            candidates=cards_of(file.document, options, locale),
            listed=review.fingerprint(options),
            kept=kept,
            harmless=harmless,
            next_states=NEXT_STATES[file.document.state],
            notice=notice,
            refused=_refusal(refused, kept, file.document, locale) if refused else None,
            refused_field=refused.facts.get("field") if refused else None,
            problem=_problem(file.document, locale),
        )


def _collect_qr(house: House, certificate: Certificate | None) -> str | None:
    """The QR code of the page where the citizen collects the copy, as SVG."""
    if certificate is None:
        return None
    code = segno.make(f"{house.public_url}/v/{certificate.code}/copy", error="m", micro=False)
    return code.svg_inline(omitsize=True, light="#fff")


def _problem(document: Document, locale: Locale) -> str | None:
    """The failed step's error in words; a code of an older version is shown as it is."""
    if document.failure is None:
        return document.problem
    explanation = explain(document.failure, locale)
    return f"{explanation.title}. {explanation.detail} {explanation.remedy}"


def _refusal(
    error: HosoError, kept: Kept | None, document: Document, locale: Locale
) -> Explanation:
    """What happened, and what to do: the page shows the document as it is now, and what is kept."""
    explanation = explain(error, locale)
    if error.code not in _HAPPENED_MEANWHILE:
        return explanation
    if kept is None or not kept.holds_something:
        remedy = wording("kept.nothing", locale)
    elif document.state is DocumentState.READ:
        remedy = wording("kept.wait", locale)
    elif document.state is DocumentState.REVIEW:
        remedy = wording("kept.look", locale)
    else:
        remedy = wording("kept.settled", locale, state=label("state", document.state, locale))
    return replace(explanation, remedy=remedy)


def _form_page(
    request: Request, house: HouseHere, locale: LocaleHere, caller: FormCaller
) -> _DocumentPage:
    """The page whose form was sent."""
    return _DocumentPage(request=request, house=house, locale=locale, caller=caller)


FormPage = Annotated[_DocumentPage, Depends(_form_page)]


def _done(
    page: _DocumentPage, document_id: str, kept: Kept, act: Callable[[Transaction], object]
) -> Response:
    """Do it; where somebody was faster, or something is missing, the page comes with all that is ``kept``."""
    try:
        kept.require_short()
        with page.house.database.transaction() as tx:
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
    page: _DocumentPage,
    document_id: str,
    decision: str,
    act: Callable[..., object],
    *,
    seen: datetime,
    reason: str,
) -> Response:
    """A decision about the document as it was seen that says nothing but why."""
    actor, clock = page.caller.actor, page.house.clock
    return _done(
        page,
        document_id,
        Kept(decision=decision, reason=reason),
        lambda tx: act(actor, document_id, reason=reason, seen=seen, tx=tx, clock=clock),
    )


@router.post("/documents/{document_id}/accept")
def accept(
    page: FormPage,
    document_id: DocumentId,
    seen: Seen,
    choices: SentChoices,
    reason: Reason,
    listed: Annotated[str | None, Form(max_length=64)] = None,
) -> Response:
    """The officer accepts, and may say who the people on the paper are."""
    actor, clock = page.caller.actor, page.house.clock
    persons = {one.role: one.personal_id for one in choices}
    kept = Kept(decision="accept", reason=reason, persons=persons)
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
def reject(page: FormPage, document_id: DocumentId, seen: Seen, reason: Reason) -> Response:
    """The officer refuses."""
    return _stated(page, document_id, "reject", review.reject, seen=seen, reason=reason)


@router.post("/documents/{document_id}/reopen")
def reopen(page: FormPage, document_id: DocumentId, seen: Seen, reason: Reason) -> Response:
    """The officer takes a verified or rejected document back to review."""
    return _stated(page, document_id, "reopen", review.reopen, seen=seen, reason=reason)


@router.post("/documents/{document_id}/match")
def match(page: FormPage, document_id: DocumentId) -> Response:
    """The officer asks what the population data say by now."""
    actor, clock = page.caller.actor, page.house.clock
    return _done(
        page,
        document_id,
        Kept(decision="match"),
        lambda tx: matching.match_again(actor, document_id, tx=tx, clock=clock),
    )


@router.post("/documents/{document_id}/correct")
def correct(page: FormPage, document_id: DocumentId, form: SentForm) -> Response:
    """The officer types what the paper says, or empties what it does not; only changes are sent on.

    Where a value is not well-formed, or somebody else has changed the same field or the document since the
    page was shown, it comes back with everything as typed.
    """
    actor, house = page.caller.actor, page.house
    # whether anything differs from the paper tells what stands on it
    require(actor, Action.DOCUMENT_REVIEW)
    with house.database.transaction() as tx:
        changed = _changed(find_document(tx, actor, document_id), form)
    if not changed:
        return RedirectResponse(f"/documents/{document_id}", status_code=303)

    def save(tx: Transaction) -> None:
        _require_seen(find_document(tx, actor, document_id), changed, form)
        review.correct(actor, document_id, changed, tx=tx, clock=house.clock)

    return _done(page, document_id, Kept(decision="correct", typed=changed), save)


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


@router.post("/documents/{document_id}/revoke")
def revoke(page: FormPage, document_id: DocumentId, seen: Seen, reason: Reason) -> Response:
    """The certifier withdraws the copy."""
    return _stated(page, document_id, "revoke", revoking.revoke, seen=seen, reason=reason)
