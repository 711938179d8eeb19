"""Receipts: an account that sees no documents follows what it brought itself."""

from datetime import datetime, timedelta

from domain.actor import Action, Actor, require
from domain.document import Document, DocumentState
from domain.errors import OF_THE_FILE, ErrorCode, HosoError
from domain.event import Event
from domain.ports import Clock, Transaction
from domain.receipt import Receipt, ReceiptPage, ReceiptState

_A_DAY = timedelta(days=1)
"""For which nothing is told that had happened before the account came: others brought the same file."""
_A_MINUTE = timedelta(minutes=1)
"""In which a scan is judged; no account is told earlier, for only a scan known before needs no reading."""
_ENDED = frozenset({DocumentState.CERTIFIED, DocumentState.REJECTED})
_SCAN_UNREAD = frozenset(
    {DocumentState.READ, DocumentState.REVIEW, DocumentState.FAILED, DocumentState.REJECTED}
)
"""Where nobody could go on with what the scan shows; an officer rejects a bad one to be rid of it."""


def receipt(actor: Actor, document_id: str, *, tx: Transaction, clock: Clock) -> Receipt:
    """The receipt of what this very account brought. Raises ``document_not_found`` for anything else."""
    require(actor, Action.RECEIPT_VIEW)
    for event in tx.events.brought(actor.id, document_id=document_id, limit=1):
        made_out = _receipt(actor, event, tx=tx, now=clock.now())
        if made_out is not None:
            return made_out
    raise HosoError(ErrorCode.DOCUMENT_NOT_FOUND, document=document_id)


def receipts(
    actor: Actor,
    *,
    tx: Transaction,
    clock: Clock,
    cursor: int | None = None,
    limit: int = 25,
) -> ReceiptPage:
    """What this very account brought, newest first."""
    require(actor, Action.RECEIPT_VIEW)
    events = tx.events.brought(actor.id, before=cursor, limit=limit + 1)
    shown, now = events[:limit], clock.now()
    made_out = (_receipt(actor, event, tx=tx, now=now) for event in shown)
    return ReceiptPage(
        receipts=tuple(one for one in made_out if one is not None),
        next_cursor=shown[-1].id if len(events) > limit else None,
    )


def _receipt(actor: Actor, event: Event, *, tx: Transaction, now: datetime) -> Receipt | None:
    """``None`` where the account has been given to another agency since."""
    document = tx.documents.get(event.document_id or "", within=actor.agency_path)
    if document is None:
        return None
    papers = tx.documents.all_by_original(document.sha256, agency_id=document.agency_id)
    pages = event.facts.get("pages")
    return Receipt(
        id=document.id,
        state=_state(papers, brought_at=event.at, now=now),
        pages=pages if isinstance(pages, int) else 0,
        received_at=event.at,
    )


def _state(papers: tuple[Document, ...], *, brought_at: datetime, now: datetime) -> ReceiptState:
    """As of what has happened to the papers since: at first a file is like one that nobody brought before.

    That a better scan is wanted is told of every scan after the same minute: it says what the scan itself is.
    """
    if now - brought_at < _A_MINUTE:
        return ReceiptState.RECEIVED
    told = papers
    if now - brought_at < _A_DAY:
        told = tuple(one for one in papers if one.updated_at > brought_at)
    if any(_wants_scan(one) if one in told else _is_bad_scan(one) for one in papers):
        return ReceiptState.SCAN_WANTED
    if len(told) < len(papers) or any(one.state not in _ENDED for one in told):
        return ReceiptState.RECEIVED
    refused = any(one.state is DocumentState.REJECTED for one in told)
    return ReceiptState.REFUSED if refused else ReceiptState.FINISHED


def _wants_scan(paper: Document) -> bool:
    return paper.state in _SCAN_UNREAD and _is_bad_scan(paper)


def _is_bad_scan(paper: Document) -> bool:
    """Whatever became of it since: what is told of a scan that nobody has looked at yet."""
    if paper.state is DocumentState.FAILED:
        return (paper.problem or "").startswith(OF_THE_FILE)
    return paper.record is not None and not paper.record.quality.usable
