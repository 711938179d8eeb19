"""Documents over REST: bring, follow, look at, decide, certify, fetch."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import (
    APIRouter,
    Depends,
    File,
    Form,
    Header,
    Path,
    Query,
    Request,
    Response,
    UploadFile,
)

from api.bringing import bring
from api.guard import (
    FILE_FORM,
    ApiCaller,
    HouseHere,
    SessionFirst,
    Uploads,
    api_caller,
    require_one_file,
)
from api.ranges import pdf_answer, wants_part
from api.rest.record_schemas import DocumentRecord, Verdicts
from api.rest.schemas import (
    BATCH_NAME,
    AsSeen,
    BatchCounts,
    DocumentAnswer,
    DocumentListing,
    DocumentStatus,
    EventLine,
    ReceiptShown,
    Review,
    ReviewDecision,
    Revocation,
)
from domain.batch import batch_name
from domain.document import Document, DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.ports import Order, Transaction
from domain.record_json import to_json
from domain.verdict import Choice, verdict_to_json
from workflow import issuing, matching, page_pictures, retrying, review, revoking, viewing

router = APIRouter(prefix="/api/v1", tags=["documents"], route_class=SessionFirst)

DocumentId = Annotated[str, Path(max_length=64, pattern=r"^[0-9a-zA-Z-]+$")]
BatchName = Annotated[str, Path(description=BATCH_NAME)]


@router.post(
    "/documents",
    status_code=201,
    # who asks comes first: nobody else is told what is wrong with the form
    dependencies=[Depends(api_caller), Depends(require_one_file)],
    form_limits=FILE_FORM,
    responses={
        200: {
            "model": DocumentAnswer,
            "description": "Brought before: the same document, now in this batch too.",
        }
    },
)
def bring_file(
    house: HouseHere,
    uploads: Uploads,
    caller: ApiCaller,
    response: Response,
    file: Annotated[UploadFile, File(description="PDF, TIFF, JPEG, PNG or WebP.")],
    lane: Annotated[Lane, Form()] = Lane.COUNTER,
    batch: Annotated[str | None, Form(description=f"{BATCH_NAME} Empty: none.")] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> DocumentAnswer | ReceiptShown:
    """Bring one file; it is stored before the answer, and read in the background.

    Brought to the counter, a file that waits in the bulk lane goes to the counter's.

    Who may not see documents (agents) names no batch, and has a receipt: always 201, whoever brought the same
    file before.
    """
    brought = bring(
        house,
        uploads,
        caller.actor,
        file.file,
        name=file.filename,
        lane=lane,
        batch=batch,
        idempotency_key=idempotency_key,
    )
    if brought.receipt is not None:
        response.headers["Location"] = f"/api/v1/receipts/{brought.receipt.id}"
        return ReceiptShown.of(brought.receipt)
    response.status_code = 200 if brought.duplicate else 201
    response.headers["Location"] = f"/api/v1/documents/{brought.document.id}"
    with house.database.transaction() as tx:
        return _answer(caller, brought.document.id, tx)


def _answer(caller: ApiCaller, document_id: str, tx: Transaction) -> DocumentAnswer:
    document = viewing.status(caller.actor, document_id, tx=tx)
    siblings, own_copy = viewing.of_file(caller.actor, document, tx=tx)
    return DocumentAnswer.told(document, siblings=siblings, own_copy=own_copy)


@router.get("/documents")
def list_documents(
    house: HouseHere,
    caller: ApiCaller,
    state: DocumentState | None = None,
    lane: Lane | None = None,
    batch: Annotated[str | None, Query(description=f"{BATCH_NAME} Empty: all.")] = None,
    order: Annotated[
        Literal[Order.NEWEST, Order.OLDEST],
        Query(description="By when they were brought; papers of one file by their pages."),
    ] = Order.NEWEST,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DocumentListing:
    """Documents of your agency and those below it, newest first unless asked otherwise.

    A cursor belongs to the order it came with.
    """
    with house.database.transaction() as tx:
        page = viewing.listing(
            caller.actor,
            tx=tx,
            batch=batch or None,
            state=state,
            lane=lane,
            order=order,
            cursor=cursor,
            limit=limit,
        )
    return DocumentListing(
        documents=[DocumentStatus.of(document) for document in page.documents],
        next_cursor=page.next_cursor,
    )


def _viewed(house: HouseHere, caller: ApiCaller, document_id: str) -> viewing.DocumentFile:
    """Contents are personal data: looking at them is written to the trail."""
    with house.database.transaction() as tx:
        return viewing.view(caller.actor, document_id, tx=tx, clock=house.clock)


@router.get("/documents/{document_id}")
def status(house: HouseHere, caller: ApiCaller, document_id: DocumentId) -> DocumentAnswer:
    """Where a document stands; for programs that poll."""
    with house.database.transaction() as tx:
        return _answer(caller, document_id, tx)


# "corrected_by" and what was read before stand in a record only where somebody corrected
@router.get("/documents/{document_id}/record", response_model_exclude_unset=True)
def record(house: HouseHere, caller: ApiCaller, document_id: DocumentId) -> DocumentRecord:
    """The record as ``hoso read`` writes it, with the document's id and state."""
    document = _viewed(house, caller, document_id).document
    if document.record is None:
        raise HosoError(ErrorCode.STATE_CONFLICT, document=document.id, state=str(document.state))
    return DocumentRecord(
        **to_json(document.record),
        document=document.id,
        state=document.state,
        matched_at=document.matched_at,
    )


# "decided_by" stands in a verdict only where an officer chose the person, "masked" only where it is true
@router.get("/documents/{document_id}/verdicts", response_model_exclude_unset=True)
def verdicts(house: HouseHere, caller: ApiCaller, document_id: DocumentId) -> Verdicts:
    """The verdicts as ``hoso match`` writes them; empty until the document is matched.

    Who may not see population values (operators) gets them masked: decisions and kinds stay, a value is `***`
    unless it stands on the paper letter for letter.
    """
    file = _viewed(house, caller, document_id)
    document = file.document
    made = [verdict_to_json(each, file=document.file) for each in document.verdicts]
    told = {"masked": True} if file.masked else {}
    return Verdicts.model_validate({"verdicts": made, "matched_at": document.matched_at, **told})


@router.get("/documents/{document_id}/events")
def events(house: HouseHere, caller: ApiCaller, document_id: DocumentId) -> list[EventLine]:
    """The document's history, oldest first.

    Who may not see population values finds `***` in place of every personal number.
    """
    return [EventLine.of(event) for event in _viewed(house, caller, document_id).events]


@router.get(
    "/documents/{document_id}/pages/{number}.jpg",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "The page, upright."}},
)
def page_picture(
    house: HouseHere,
    caller: ApiCaller,
    document_id: DocumentId,
    number: Annotated[int, Path(ge=1, le=100_000)],
) -> Response:
    """The picture of one page as scanned, turned upright; boxes of the record fit on it."""
    with house.database.transaction() as tx:
        picture = page_pictures.page_picture(
            caller.actor,
            document_id,
            number,
            tx=tx,
            objects=house.objects,
            clock=house.clock,
            limits=house.limits,
        )
    return Response(picture, media_type="image/jpeg")


_STATED = {
    ReviewDecision.REJECT: review.reject,
    ReviewDecision.REOPEN: review.reopen,
}
"""Decisions that say nothing but why."""


@router.post("/documents/{document_id}/review")
def decide(
    house: HouseHere, caller: ApiCaller, document_id: DocumentId, body: Review
) -> DocumentStatus:
    """Accept or reject with a reason, or correct fields: the document is then matched again.

    Whoever accepts may say who the people on the paper are, of those whom the verdicts considered. Where the
    population data of now give another comparison, ``document_changed`` is the answer and the verdicts are
    the new ones from then on.
    Reopen, with a reason, takes back what was rejected, or verified while nobody asked to certify it.
    """
    try:
        with house.database.transaction() as tx:
            return DocumentStatus.of(_decide(house, caller, document_id, body, tx))
    except HosoError as error:
        if body.decision is ReviewDecision.ACCEPT and error.code is ErrorCode.DOCUMENT_CHANGED:
            with house.database.transaction() as tx:
                matching.catch_up(caller.actor, document_id, tx=tx, clock=house.clock)
        raise


def _decide(
    house: HouseHere, caller: ApiCaller, document_id: str, body: Review, tx: Transaction
) -> Document:
    if body.persons and body.decision is not ReviewDecision.ACCEPT:
        raise HosoError(ErrorCode.PERSONS_WITHOUT_ACCEPTANCE)
    if body.decision is ReviewDecision.CORRECT:
        return review.correct(
            caller.actor,
            document_id,
            body.values,
            reason=body.reason,
            seen=body.seen,
            tx=tx,
            clock=house.clock,
        )
    if body.values:
        raise HosoError(ErrorCode.VALUES_WITHOUT_CORRECTION)
    if body.decision is not ReviewDecision.ACCEPT:
        return _STATED[body.decision](
            caller.actor, document_id, reason=body.reason, seen=body.seen, tx=tx, clock=house.clock
        )
    return review.accept(
        caller.actor,
        document_id,
        reason=body.reason,
        seen=body.seen,
        choices=[Choice(role=role, personal_id=number) for role, number in body.persons.items()],
        tx=tx,
        clock=house.clock,
    )


@router.post("/documents/{document_id}/match")
def match(
    house: HouseHere, caller: ApiCaller, document_id: DocumentId, body: AsSeen | None = None
) -> DocumentStatus:
    """Match a document in review, or verified, with the population data of now.

    Where nothing has changed, only ``matched_at`` does. A verified document of which the data say something
    else by now goes back to review.
    """
    with house.database.transaction() as tx:
        document = matching.match_again(
            caller.actor, document_id, seen=_seen(body), tx=tx, clock=house.clock
        )
    return DocumentStatus.of(document)


@router.post("/documents/{document_id}/certify", status_code=202)
def certify(
    house: HouseHere, caller: ApiCaller, document_id: DocumentId, body: AsSeen | None = None
) -> DocumentStatus:
    """Ask for the certified copy of a verified document; it is signed in the background.

    Where the population data of now leave in doubt what was verified, it goes back to review instead.
    """
    with house.database.transaction() as tx:
        document = issuing.request(
            caller.actor, document_id, seen=_seen(body), tx=tx, clock=house.clock
        )
    return DocumentStatus.of(document)


@router.post("/documents/{document_id}/retry", status_code=202)
def retry(
    house: HouseHere, caller: ApiCaller, document_id: DocumentId, body: AsSeen | None = None
) -> DocumentStatus:
    """Have the step of a failed document tried again; of a page that could not be read only that page.

    What waits because of trouble of the house goes on by itself and needs no asking.
    """
    with house.database.transaction() as tx:
        document = retrying.retry(
            caller.actor, document_id, seen=_seen(body), tx=tx, clock=house.clock
        )
    return DocumentStatus.of(document)


def _seen(body: AsSeen | None) -> datetime | None:
    return None if body is None else body.seen


@router.post("/documents/{document_id}/revoke")
def revoke(
    house: HouseHere, caller: ApiCaller, document_id: DocumentId, body: Revocation
) -> DocumentStatus:
    """Withdraw the certified copy with a reason; the document waits for review again."""
    with house.database.transaction() as tx:
        document = revoking.revoke(
            caller.actor,
            document_id,
            reason=body.reason,
            seen=body.seen,
            tx=tx,
            clock=house.clock,
        )
    return DocumentStatus.of(document)


@router.get(
    "/documents/{document_id}/copy",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "The certified e-copy."},
        206: {"content": {"application/pdf": {}}, "description": "The range of it asked for."},
    },
)
def copy(
    request: Request, house: HouseHere, caller: ApiCaller, document_id: DocumentId
) -> Response:
    """The certified electronic copy in force; with ``Range``, one range of its bytes."""
    with house.database.transaction() as tx:
        pdf = viewing.fetch(
            caller.actor,
            document_id,
            tx=tx,
            objects=house.objects,
            clock=house.clock,
            only_asked=getattr(request.state, "head", False),
            in_part=wants_part(request),
        )
        # a range that lies outside hands nothing over: it takes its line in the trail back
        return pdf_answer(request, pdf, name=f"{document_id}.pdf")


@router.get("/batches/{name:path}")
def batch_counts(house: HouseHere, caller: ApiCaller, name: BatchName) -> BatchCounts:
    """How far a batch has come; a slash may be part of its name. Raises ``batch_not_found``."""
    with house.database.transaction() as tx:
        counts = viewing.counts(caller.actor, tx=tx, batch=name)
    total = sum(counts.values())
    if not total:
        raise HosoError(ErrorCode.BATCH_NOT_FOUND, batch=name)
    return BatchCounts(batch=batch_name(name), total=total, states=counts)
