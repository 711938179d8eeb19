"""Pages for agents: bring a file, and follow the receipts of one's own."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, File, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.bringing import bring
from api.explanations import Explanation, Locale, explain
from api.guard import (
    FILE_FORM,
    FormCaller,
    FormSessionFirst,
    HouseHere,
    LocaleHere,
    PageCaller,
    Uploads,
    require_one_file,
)
from api.house import House
from api.rest.documents import DocumentId
from api.rest.problems import STATUS
from api.web.codes import LONGEST, tidied
from api.web.pages import render
from domain.actor import Action, require
from domain.errors import ErrorCode, HosoError
from workflow import receipts

router = APIRouter(include_in_schema=False, route_class=FormSessionFirst)

_PAGE_LENGTH = 25


@router.get("/receipts")
def overview(
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: PageCaller,
    code: Annotated[str | None, Query(max_length=LONGEST)] = None,
    cursor: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Response:
    """The form and one's own receipts; with ``?code=`` on to that one."""
    wanted = tidied(code)
    if wanted.isascii() and wanted:
        return RedirectResponse(f"/receipts/{wanted}", status_code=303)
    return _overview(request, house, locale, caller, cursor=cursor)


def _overview(
    request: Request,
    house: House,
    locale: Locale,
    caller: PageCaller,
    *,
    cursor: int | None = None,
    refused: HosoError | None = None,
) -> HTMLResponse:
    with house.database.transaction() as tx:
        page = receipts.receipts(
            caller.actor, tx=tx, clock=house.clock, cursor=cursor, limit=_PAGE_LENGTH
        )
    refusal: Explanation | None = explain(refused, locale) if refused else None
    return render(
        request,
        "receipts.html",
        locale,
        caller=caller,
        http_status=STATUS[refused.code] if refused else HTTPStatus.OK,
        page=page,
        cursor=cursor,
        refusal=refusal,
    )


@router.get("/receipts/{document_id}")
def receipt(
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: PageCaller,
    document_id: DocumentId,
) -> HTMLResponse:
    """One receipt, to print or to follow."""
    with house.database.transaction() as tx:
        found = receipts.receipt(caller.actor, document_id, tx=tx, clock=house.clock)
    return render(request, "receipt.html", locale, caller=caller, receipt=found)


async def _not_alone(request: Request) -> HosoError | None:
    """Why the file is refused, where it did not come alone: told on the page, beside the form."""
    try:
        await require_one_file(request)
    except HosoError as error:
        return error
    return None


@router.post("/receipts", form_limits=FILE_FORM)
def bring_file(
    request: Request,
    house: HouseHere,
    uploads: Uploads,
    locale: LocaleHere,
    caller: FormCaller,
    not_alone: Annotated[HosoError | None, Depends(_not_alone)],
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Bring one file: its receipt, or the form again with what is wrong with it."""
    # whoever sees documents has a page that brings many at once
    require(caller.actor, Action.RECEIPT_VIEW)
    if not_alone is not None:
        return _overview(request, house, locale, caller, refused=not_alone)
    if file is None or not file.size:
        return _overview(request, house, locale, caller, refused=HosoError(ErrorCode.FILE_EMPTY))
    try:
        brought = bring(house, uploads, caller.actor, file.file, name=file.filename)
    except HosoError as error:
        if STATUS[error.code] >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return _overview(request, house, locale, caller, refused=error)
    return RedirectResponse(f"/receipts/{brought.document.id}", status_code=303)
