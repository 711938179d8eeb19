"""Live progress: Server-Sent Events of what happens to the documents a person may see."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.guard import Caller, HouseHere, PageCaller
from api.house import House
from domain.actor import Action, require
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from workflow import login, viewing

log = logging.getLogger("hoso.web")
router = APIRouter(include_in_schema=False)

_POLL_SECONDS = 1.0
_HEARTBEAT_EVERY = 15
"""Polls between two signs of life, so that proxies keep the line open and the page notices a dead one."""
_POLLS_AT_MOST = 600
"""Then the browser connects anew by itself: a restarted house soon has its streams spread evenly."""
_PROGRESS = frozenset(
    {
        EventName.DOCUMENT_REGISTERED,
        EventName.DOCUMENT_READ,
        EventName.DOCUMENT_MATCHED,
        EventName.DOCUMENT_FAILED,
        EventName.DOCUMENT_RETRIED,
        EventName.DOCUMENT_CORRECTED,
        EventName.DOCUMENT_ACCEPTED,
        EventName.DOCUMENT_REJECTED,
        EventName.DOCUMENT_REOPENED,
        EventName.DOCUMENT_CERTIFY_REQUESTED,
        EventName.DOCUMENT_CERTIFIED,
        EventName.COPY_REVOKED,
    }
)
"""Who looked at what is the auditor's business, not progress."""


def _poll(house: House, caller: Caller, after: int) -> tuple[Event, ...] | None:
    """Events since ``after``; ``None`` once the session has ended. Raises ``database_unavailable``."""
    try:
        with house.database.transaction() as tx:
            signed_in = login.resume(caller.token, tx=tx, clock=house.clock)
            return viewing.events_since(signed_in.actor, after, tx=tx)
    except HosoError as error:
        if error.code is ErrorCode.NOT_SIGNED_IN:
            return None
        raise


def message(event: Event) -> str:
    """One message. Others' doings only move ``Last-Event-ID`` on: without data nothing is dispatched."""
    if event.name not in _PROGRESS:
        return f"id: {event.id}\n\n"
    data = json.dumps({"name": str(event.name), "document": event.document_id})
    return f"id: {event.id}\nevent: document\ndata: {data}\n\n"


def whose(caller: Caller) -> str:
    """Whose session it is, and what its forms must carry.

    A page that outlived a session goes on with the next one of the same person, with all that was typed.
    """
    data = json.dumps({"account": caller.actor.id, "csrf_token": caller.csrf_token})
    return f"event: session\ndata: {data}\n\n"


async def messages(house: House, caller: Caller, after: int) -> AsyncIterator[str]:
    """The stream of one page, until the session or the stream's time ends."""
    yield f"retry: 2000\n\n{whose(caller)}"
    for poll in range(_POLLS_AT_MOST):
        try:
            events = await run_in_threadpool(_poll, house, caller, after)
        except HosoError as error:
            log.warning("live progress ends: %s", error.code)
            return  # the page connects anew by itself
        if events is None:
            yield "event: signed-out\ndata: {}\n\n"
            return
        for event in events:
            after = event.id or after
            yield message(event)
        if not events and poll % _HEARTBEAT_EVERY == 0:
            yield ": here\n\n"
        await asyncio.sleep(_POLL_SECONDS)


@router.get("/events/stream")
def stream(
    house: HouseHere,
    caller: PageCaller,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
) -> StreamingResponse:
    """From ``after`` when the page opens, from ``Last-Event-ID`` when the browser reconnects."""
    require(caller.actor, Action.DOCUMENT_VIEW)
    known = last_event_id or ""
    start = int(known) if known.isdecimal() else after
    return StreamingResponse(
        messages(house, caller, start),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
