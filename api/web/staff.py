"""The list of documents, for staff."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from api.guard import HouseHere, LocaleHere, PageCaller
from api.web.pages import render
from domain.document import DocumentState
from domain.ports import Order
from workflow import viewing

router = APIRouter(include_in_schema=False)

_ON_THE_WAY = frozenset({DocumentState.RECEIVED, DocumentState.READ, DocumentState.CERTIFYING})
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
