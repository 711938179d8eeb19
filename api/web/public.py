"""Pages that need no account: verifying and collecting a copy, signing in, choosing the language."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api import verifying
from api.collecting import collect
from api.explanations import Explanation, Locale, explain
from api.explanations.conclusions import advice, conclusion, proviso, way_out
from api.explanations.foreign import shown
from api.explanations.locale import written_date
from api.guard import (
    FILE_FORM,
    LANGUAGE_COOKIE,
    FormCaller,
    HouseHere,
    LocaleHere,
    MaybeCaller,
    SignIns,
    Verifications,
    address_of,
    drop_session_cookie,
    network_of,
    require_one_file,
    require_same_origin,
    set_session_cookie,
)
from api.house import House
from api.rest.problems import STATUS
from api.rest.verification import copy_as_download
from api.scanned_code import SCANNED
from api.signing_in import sign_in
from api.web.pages import render
from domain.actor import Action, Actor
from domain.errors import ErrorCode, HosoError
from domain.verification import Genuineness, VerificationReport
from signing.code import canonical_code
from workflow import collecting, login
from workflow.verification import VerifiedCopy

router = APIRouter(include_in_schema=False)
_COLLECT_AGAIN = {
    ErrorCode.PROOF_WRONG,
    ErrorCode.PROOF_NO_NUMBER,
    ErrorCode.PROOF_NO_DAY,
    ErrorCode.BIRTHDAY_NOT_TAKEN,
    ErrorCode.COPY_AT_COUNTER,
    ErrorCode.COLLECT_THROTTLED,
}
_A_YEAR = 365 * 24 * 3600
_LONGEST_SCAN = 1000
"""Letters: more than a QR of a copy holds."""
_SHOWN = 64
"""Letters of what was no code, shown again."""


def own_path(path: str | None, *, otherwise: str) -> str:
    """``path`` where it stays on this site: a redirect must never lead a person elsewhere."""
    safe = (
        path is not None
        and path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
        and path.isascii()
    )
    return path if safe and path else otherwise


@router.get("/")
def entry(request: Request, locale: LocaleHere, caller: MaybeCaller) -> Response:
    """Staff go on to their list, everybody else may verify a copy."""
    if caller is not None:
        return RedirectResponse(_own_list(caller.actor), status_code=303)
    return render(request, "verify.html", locale)


def _own_list(actor: Actor) -> str:
    """Where a person's work begins."""
    return "/documents" if actor.may(Action.DOCUMENT_VIEW) else "/receipts"


@router.get("/language/{locale}")
def choose_language(
    house: HouseHere, locale: Locale, to: Annotated[str | None, Query(max_length=1000)] = None
) -> Response:
    """Remember the language and go back to where the person was."""
    response = RedirectResponse(own_path(to, otherwise="/"), status_code=303)
    response.set_cookie(
        LANGUAGE_COOKIE,
        str(locale),
        max_age=_A_YEAR,
        secure=house.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/sign-in")
def sign_in_page(
    request: Request,
    locale: LocaleHere,
    caller: MaybeCaller,
    to: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """The form."""
    if caller is not None:
        goal = own_path(to, otherwise=_own_list(caller.actor))
        return RedirectResponse(goal, status_code=303)
    goal = own_path(to, otherwise="")
    return render(request, "sign_in.html", locale, to=goal, login="", refusal=None)


@router.post("/sign-in", dependencies=[Depends(require_same_origin)])
def sign_in_form(
    request: Request,
    house: HouseHere,
    sign_ins: SignIns,
    locale: LocaleHere,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    to: Annotated[str | None, Form(max_length=1000)] = None,
) -> Response:
    """Sign in, or the form again with what went wrong."""
    try:
        signed_in = sign_in(
            house, sign_ins, login.replace("\x00", ""), password, address=address_of(request)
        )
    except HosoError as error:
        if error.code not in {ErrorCode.LOGIN_FAILED, ErrorCode.LOGIN_THROTTLED}:
            raise
        return render(
            request,
            "sign_in.html",
            locale,
            http_status=STATUS[error.code],
            to=own_path(to, otherwise=""),
            login=login,
            refusal=explain(error, locale),
        )
    goal = own_path(to, otherwise=_own_list(signed_in.actor))
    response = RedirectResponse(goal, status_code=303)
    set_session_cookie(response, signed_in.token, house)
    return response


@router.post("/sign-out")
def sign_out(house: HouseHere, caller: FormCaller) -> Response:
    """Forget the session."""
    with house.database.transaction() as tx:
        login.sign_out(caller.token, tx=tx, clock=house.clock)
    response = RedirectResponse("/sign-in", status_code=303)
    drop_session_cookie(response, house)
    return response


@router.get("/verify")
def verify_page(
    request: Request,
    locale: LocaleHere,
    caller: MaybeCaller,
    code: Annotated[str | None, Query(max_length=_LONGEST_SCAN)] = None,
) -> Response:
    """The form; with ``?code=`` on to the result."""
    wanted = (code or "").strip()
    if wanted:
        target = _code_in(wanted) or quote(wanted[:_SHOWN], safe="")
        return RedirectResponse(f"/v/{target}", status_code=303)
    return render(request, "verify.html", locale, caller=caller)


def _code_in(given: str) -> str | None:
    """The code as issued; ``None`` where there is none in what was given."""
    try:
        return canonical_code(given)
    except HosoError:
        return None


@router.post("/verify", dependencies=[Depends(require_one_file)], form_limits=FILE_FORM)
def verify_file(
    request: Request,
    house: HouseHere,
    verifications: Verifications,
    locale: LocaleHere,
    caller: MaybeCaller,
    file: Annotated[UploadFile | None, File()] = None,
) -> HTMLResponse:
    """The report on a file, step by step. The file is not kept."""
    if file is None or not file.size:
        refusal = explain(HosoError(ErrorCode.FILE_EMPTY), locale)
        return _verify_again(request, locale, refusal)
    copy = verifying.verify_file(house, verifications, file.file, network=network_of(request))
    return _report(request, locale, caller, copy, by_code=False)


def _report(
    request: Request, locale: Locale, caller: MaybeCaller, copy: VerifiedCopy, *, by_code: bool
) -> HTMLResponse:
    """``by_code``: what the register holds was looked at, and not what the reader has."""
    until, beside = copy.report.valid_until, proviso(copy.report, locale)
    return render(
        request,
        "report.html",
        locale,
        caller=caller,
        copy=copy,
        report=copy.report,
        by_code=by_code,
        conclusion=conclusion(copy.report, locale),
        advice=advice(copy.report, locale),
        way_out=way_out(copy.report, locale),
        tone=_tone(copy.report, by_code=by_code, beside=beside),
        shown=shown,
        valid_until=written_date(until.isoformat(), locale) if until else None,
    )


def _tone(report: VerificationReport, *, by_code: bool, beside: str | None) -> str:
    """The colour of the headline: green only where a file was checked, and nothing must be said beside it."""
    if beside and not report.has_unknown_seal:
        return "warn"
    if report.genuineness is Genuineness.NOT_GENUINE:
        return "bad"
    return "good" if report.genuineness is Genuineness.GENUINE and not by_code else "open"


def _verify_again(request: Request, locale: Locale, refusal: Explanation) -> HTMLResponse:
    return render(request, "verify.html", locale, http_status=422, refusal=refusal)


@router.get("/v/{code}/copy")
def collect_page(
    request: Request, house: HouseHere, locale: LocaleHere, caller: MaybeCaller, code: str
) -> HTMLResponse:
    """Where a person named on the paper asks for its copy."""
    return _collect_form(request, house, locale, caller, code)


@router.get(f"/v/{{code:{SCANNED}}}")
def verify_code(
    request: Request,
    house: HouseHere,
    verifications: Verifications,
    locale: LocaleHere,
    caller: MaybeCaller,
    code: str,
) -> Response:
    """Where the QR code of a copy leads: what the register knows of it, without personal data.

    A scanner may send all that the QR holds, slashes too: the address then becomes the code's own.
    """
    known = _code_in(code)
    if known not in {None, code}:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/v/{known}{query}", status_code=303)
    try:
        copy = verifying.verify_code(house, verifications, code, network=network_of(request))
    except HosoError as error:
        if error.code is not ErrorCode.CERTIFICATE_NOT_FOUND:
            raise
        return render(
            request, "unknown_code.html", locale, caller=caller, http_status=404, code=code[:_SHOWN]
        )
    return _report(request, locale, caller, copy, by_code=True)


@router.post("/v/{code}/copy", dependencies=[Depends(require_same_origin)])
def collect_copy(
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: MaybeCaller,
    code: str,
    proof: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """The copy, or the form again with what went wrong."""
    try:
        return copy_as_download(collect(house, code, proof, address=address_of(request)))
    except HosoError as error:
        if error.code not in _COLLECT_AGAIN:
            raise
        return _collect_form(request, house, locale, caller, code, refused=error)


def _collect_form(
    request: Request,
    house: House,
    locale: Locale,
    caller: MaybeCaller,
    code: str,
    *,
    refused: HosoError | None = None,
) -> HTMLResponse:
    address = address_of(request)
    with house.database.transaction() as tx:
        offer = collecting.offered(house.visitor, code, address=address, tx=tx, clock=house.clock)
    throttled = HosoError(ErrorCode.COLLECT_THROTTLED)
    told = [refused] if refused and refused.code is not throttled.code else []
    if offer.throttled:  # before anybody types, and to whoever has just used up the last try
        told.append(throttled)
    return render(
        request,
        "collect.html",
        locale,
        caller=caller,
        http_status=STATUS[refused.code] if refused else HTTPStatus.OK,
        certificate=offer.certificate,
        way=offer.way,
        throttled=offer.throttled,
        refusals=[explain(error, locale) for error in told],
    )
