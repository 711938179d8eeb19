"""Pages for staff: the list, one document with its decisions, the audit trail, the population status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.explanations import Locale, explain, wording
from api.guard import FormCaller, HouseHere, LocaleHere, PageCaller
from api.house import House
from api.rest.documents import DocumentId
from api.rest.problems import STATUS
from api.rest.schemas import NO_NUL
from api.web.pages import render
from api.web.sheet import harmless, sheet_of, typed_at_first
from domain.certificate import Certificate
from domain.document import NEXT_STATES, Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.record import FieldValue
from workflow import issuing, matching, review, revoking, viewing
from workflow.transition import find_document

router = APIRouter(include_in_schema=False)

_ON_THE_WAY = frozenset({DocumentState.RECEIVED, DocumentState.READ, DocumentState.CERTIFYING})
_PAGE_LENGTH = 25
_TRAIL_LENGTH = 200
_SHOWN_AGAIN = frozenset({ErrorCode.FIELD_VALUE_INVALID, ErrorCode.FIELD_CHANGED})
BatchFilter = Annotated[str | None, Query()]
Cursor = Annotated[str | None, Query(max_length=500)]
StateFilter = Annotated[DocumentState | None, Query()]
Reason = Annotated[str, Form(max_length=2000, pattern=NO_NUL)]
Seen = Annotated[datetime, Form()]
"""When the document had last changed as the page was shown: a decision is about what the page said."""


@dataclass(frozen=True, kw_only=True)
class _CorrectionForm:
    """The whole correction form, by field."""

    values: Mapping[str, str]
    """What its inputs hold now."""
    shown: Mapping[str, str]
    """What they held when the page was shown."""


async def _correction_form(request: Request) -> _CorrectionForm:
    """Inputs named ``value.<field>`` and, hidden beside each, ``shown.<field>``."""
    form = await request.form()
    texts = {name: text.strip() for name, text in form.items() if isinstance(text, str)}

    def named(prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): text
            for name, text in texts.items()
            if name.startswith(prefix)
        }

    return _CorrectionForm(values=named("value."), shown=named("shown."))


SentForm = Annotated[_CorrectionForm, Depends(_correction_form)]


def _overview(
    house: HouseHere,
    caller: PageCaller,
    state: StateFilter = None,
    batch: BatchFilter = None,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What the list shows, for the filters in the address."""
    batch = (batch or "").strip() or None
    with house.database.transaction() as tx:
        page = viewing.listing(
            caller.actor, tx=tx, batch=batch, state=state, cursor=cursor, limit=_PAGE_LENGTH
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
        typed: Mapping[str, str] | None = None,
        refused: HosoError | None = None,
    ) -> HTMLResponse:
        """The page; with what was ``typed`` and why it was ``refused``, so that nothing is typed twice."""
        actor, locale = self.caller.actor, self.locale
        with self.house.database.transaction() as tx:
            file = viewing.view(actor, document_id, tx=tx, clock=self.house.clock)
            names = viewing.names_of(actor, file.events, tx=tx)
            newest = viewing.newest_event(actor, tx=tx)
        return render(
            self.request,
            "document.html",
            locale,
            caller=self.caller,
            http_status=STATUS[refused.code] if refused else HTTPStatus.OK,
            document=file.document,
            record=file.document.record,
            certificate=file.certificate,
            collect_qr=_collect_qr(self.house, file.certificate),
            events=file.events,
            names=names,
            newest_event=newest,
            sheet=sheet_of(file.document, locale, typed=typed or {}),
            harmless=harmless,
            next_states=NEXT_STATES[file.document.state],
            notice=notice,
            refused=explain(refused, locale) if refused else None,
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
    if document.problem is None or document.problem not in set(ErrorCode):
        return document.problem
    explanation = explain(HosoError(ErrorCode(document.problem)), locale)
    return f"{explanation.title}. {explanation.detail} {explanation.remedy}"


def _back(document_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/documents/{document_id}?done={done}", status_code=303)


@router.post("/documents/{document_id}/accept")
def accept(
    house: HouseHere, caller: FormCaller, document_id: DocumentId, seen: Seen, reason: Reason = ""
) -> Response:
    """The officer accepts."""
    with house.database.transaction() as tx:
        review.accept(caller.actor, document_id, reason=reason, seen=seen, tx=tx, clock=house.clock)
    return _back(document_id, "accept")


@router.post("/documents/{document_id}/reject")
def reject(
    house: HouseHere, caller: FormCaller, document_id: DocumentId, seen: Seen, reason: Reason = ""
) -> Response:
    """The officer refuses."""
    with house.database.transaction() as tx:
        review.reject(caller.actor, document_id, reason=reason, seen=seen, tx=tx, clock=house.clock)
    return _back(document_id, "reject")


@router.post("/documents/{document_id}/reopen")
def reopen(
    house: HouseHere, caller: FormCaller, document_id: DocumentId, seen: Seen, reason: Reason = ""
) -> Response:
    """The officer takes a verified document back to review."""
    with house.database.transaction() as tx:
        review.reopen(caller.actor, document_id, reason=reason, seen=seen, tx=tx, clock=house.clock)
    return _back(document_id, "reopen")


@router.post("/documents/{document_id}/match")
def match(house: HouseHere, caller: FormCaller, document_id: DocumentId) -> Response:
    """The officer asks what the population data say by now."""
    with house.database.transaction() as tx:
        matching.match_again(caller.actor, document_id, tx=tx, clock=house.clock)
    return _back(document_id, "match")


@router.post("/documents/{document_id}/correct")
def correct(
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: FormCaller,
    document_id: DocumentId,
    form: SentForm,
) -> Response:
    """The officer types what the paper says, or empties what it does not; only changes are sent on.

    Where a value is not well-formed, or somebody else has changed the same field since the page was shown,
    it comes back with everything as typed.
    """
    try:
        with house.database.transaction() as tx:
            document = find_document(tx, caller.actor, document_id)
            changed = _changed(document, form)
            _require_seen(document, changed, form)
            if changed:
                review.correct(caller.actor, document_id, changed, tx=tx, clock=house.clock)
    except HosoError as error:
        # the page has a place for what was typed only while the document waits for review
        about_a_field = error.code in _SHOWN_AGAIN and "field" in error.facts
        if not about_a_field or document.state is not DocumentState.REVIEW:
            raise
        page = _DocumentPage(request=request, house=house, locale=locale, caller=caller)
        return page.show(document_id, typed=changed, refused=error)
    return (
        _back(document_id, "correct")
        if changed
        else RedirectResponse(f"/documents/{document_id}", status_code=303)
    )


def _changed(document: Document, form: _CorrectionForm) -> dict[str, str]:
    """What differs from the form as it was shown: the whole form is sent, with every field's input."""
    fields = document.record.fields if document.record else {}
    return {
        name: text
        for name, text in form.values.items()
        if text != form.shown.get(name, "") and text not in _unchanged(fields.get(name))
    }


def _unchanged(field: FieldValue | None) -> tuple[str, ...]:
    """What says nothing new about ``field``; an emptied input does, where the field had something in it."""
    shown = typed_at_first(field)
    return (shown, field.value) if field and field.value else (shown,)


def _require_seen(document: Document, changed: Mapping[str, str], form: _CorrectionForm) -> None:
    """Refuse to replace what the officer has not seen. Raises ``field_changed``.

    A document that has moved on is not asked: that it has is what the officer must learn.
    """
    if document.state is not DocumentState.REVIEW:
        return
    fields = document.record.fields if document.record else {}
    for name in changed:
        if form.shown.get(name, "") != typed_at_first(fields.get(name)):
            raise HosoError(ErrorCode.FIELD_CHANGED, document=document.id, field=name)


@router.post("/documents/{document_id}/certify")
def certify(house: HouseHere, caller: FormCaller, document_id: DocumentId, seen: Seen) -> Response:
    """The certifier asks for the copy."""
    with house.database.transaction() as tx:
        issuing.request(caller.actor, document_id, seen=seen, tx=tx, clock=house.clock)
    return _back(document_id, "certify")


@router.post("/documents/{document_id}/revoke")
def revoke(
    house: HouseHere, caller: FormCaller, document_id: DocumentId, seen: Seen, reason: Reason = ""
) -> Response:
    """The certifier withdraws the copy."""
    with house.database.transaction() as tx:
        revoking.revoke(
            caller.actor, document_id, reason=reason, seen=seen, tx=tx, clock=house.clock
        )
    return _back(document_id, "revoke")


@router.get("/audit")
def audit(
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: PageCaller,
    event: Annotated[EventName | Literal[""] | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> HTMLResponse:
    """The trail, newest lines first, for auditors."""
    name = event or None
    with house.database.transaction() as tx:
        events = viewing.audit_trail(
            caller.actor, tx=tx, name=name, before=before, limit=_TRAIL_LENGTH + 1
        )
        names = viewing.names_of(caller.actor, events, tx=tx)
    shown = events[:_TRAIL_LENGTH]
    return render(
        request,
        "audit.html",
        locale,
        caller=caller,
        events=shown,
        names=names,
        kinds=list(EventName),
        kind=name,
        before=before,
        older=shown[-1].id if len(events) > _TRAIL_LENGTH else None,
    )


@router.get("/population")
def population(
    request: Request, house: HouseHere, locale: LocaleHere, caller: PageCaller
) -> HTMLResponse:
    """Whether the population data is there, and how old it is."""
    with house.database.transaction() as tx:
        status = viewing.population_status(caller.actor, tx=tx)
    return render(request, "population.html", locale, caller=caller, status=status)
