"""The list of documents, for staff."""

from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.explanations import explain
from api.guard import HouseHere, LocaleHere, PageCaller
from api.house import House
from api.rest.problems import STATUS
from api.web.codes import LONGEST, tidied
from api.web.pages import render
from domain.actor import Actor
from domain.document import UNDER_WAY, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.ports import Order
from workflow import viewing

router = APIRouter(include_in_schema=False)

_PAGE_LENGTH = 25
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
        "finished": sum(count for each, count in counts.items() if each not in UNDER_WAY),
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
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: PageCaller,
    listed: Overview,
    code: Annotated[str | None, Query(max_length=LONGEST)] = None,
) -> Response:
    """The list with upload and live progress; with ``?code=`` on to that document."""
    refused = None
    if (code or "").strip():
        try:
            return _document_of(house, caller.actor, code)
        except HosoError as error:
            if error.code is not ErrorCode.DOCUMENT_NOT_FOUND:
                raise
            refused = error
    return render(
        request,
        "overview.html",
        locale,
        caller=caller,
        http_status=STATUS[refused.code] if refused else HTTPStatus.OK,
        code=code,
        refusal=explain(refused, locale) if refused else None,
        **listed,
    )


def _document_of(house: House, actor: Actor, code: str | None) -> Response:
    """To the document that a receipt's code, or its own id, names. Raises ``document_not_found``."""
    wanted = tidied(code)
    if not wanted.isascii():
        raise HosoError(ErrorCode.DOCUMENT_NOT_FOUND, document=wanted)
    with house.database.transaction() as tx:
        document = viewing.status(actor, wanted, tx=tx)
    return RedirectResponse(f"/documents/{document.id}", status_code=303)


@router.get("/documents/rows")
def rows(
    request: Request, locale: LocaleHere, caller: PageCaller, listed: Overview
) -> HTMLResponse:
    """The list alone, fetched anew when something happened."""
    return render(request, "rows.html", locale, caller=caller, **listed)
