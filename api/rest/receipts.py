"""Receipts over REST: what an agent brought, and nothing else of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.guard import ApiCaller, HouseHere
from api.rest.documents import DocumentId
from api.rest.schemas import ReceiptListing, ReceiptShown
from workflow import receipts

router = APIRouter(prefix="/api/v1", tags=["receipts"])


@router.get("/receipts")
def list_receipts(
    house: HouseHere,
    caller: ApiCaller,
    cursor: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ReceiptListing:
    """Receipts of what your very account brought, newest first."""
    with house.database.transaction() as tx:
        page = receipts.receipts(caller.actor, tx=tx, clock=house.clock, cursor=cursor, limit=limit)
    next_cursor = None if page.next_cursor is None else str(page.next_cursor)
    return ReceiptListing(
        receipts=[ReceiptShown.of(one) for one in page.receipts], next_cursor=next_cursor
    )


@router.get("/receipts/{document_id}")
def receipt(house: HouseHere, caller: ApiCaller, document_id: DocumentId) -> ReceiptShown:
    """One of them, by its code. What only others brought is ``document_not_found``, as is what nobody did."""
    with house.database.transaction() as tx:
        return ReceiptShown.of(
            receipts.receipt(caller.actor, document_id, tx=tx, clock=house.clock)
        )
