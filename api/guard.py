"""The door: who is asking, from where, in which language, and whether the request is really theirs."""

import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict
from urllib.parse import urlsplit

from fastapi import Depends, Form, Header, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.explanations.locale import Locale, parse_locale, preferred_locale
from api.house import House
from api.turnstile import Turnstile
from domain.actor import Actor
from domain.errors import ErrorCode, HosoError
from workflow import login, throttle

LANGUAGE_COOKIE = "lang"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_bearer = HTTPBearer(auto_error=False, description="Token of POST /sessions, for programs.")
_cookie = APIKeyCookie(
    name="hoso", auto_error=False, description="Session cookie of the web pages, with X-CSRF-Token."
)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A person at the door: the actor, the session's token, and what its forms must carry."""

    actor: Actor
    token: str
    csrf_token: str


def house_of(request: Request) -> House:
    """The house this process serves."""
    house: House = request.app.state.house
    return house


def locale_of(request: Request) -> Locale:
    """``?lang=``, then the cookie of the switch; then, for programs only, ``Accept-Language``."""
    chosen = parse_locale(request.query_params.get("lang")) or parse_locale(
        request.cookies.get(LANGUAGE_COOKIE)
    )
    if chosen is not None:
        return chosen
    # people see Vietnamese until they switch: browsers in offices are often set to English by default
    return (
        preferred_locale(request.headers.get("accept-language")) if is_api(request) else Locale.VI
    )


def is_api(request: Request) -> bool:
    """Whether a program asks, so that errors are problem details and not pages."""
    path = request.url.path
    return path.startswith(("/api/", "/pki/", "/events/", "/healthz", "/readyz", "/metrics"))


def address_of(request: Request) -> str:
    """The caller's network address (uvicorn has already applied ``X-Forwarded-For`` of trusted proxies)."""
    return request.client.host if request.client else ""


def network_of(request: Request) -> str:
    """The caller's network, as one caller is counted."""
    return throttle.network_of(address_of(request))


def cookie_name(house: House) -> str:
    """``__Host-`` binds the cookie to this very host; browsers want it Secure, so not in the clear."""
    return "__Host-hoso" if house.secure_cookies else "hoso"


def set_session_cookie(response: Response, token: str, house: House) -> None:
    """Keep the session in the browser: out of reach of scripts and of other sites."""
    response.set_cookie(
        cookie_name(house),
        token,
        max_age=int(login.SESSION_LENGTH.total_seconds()),
        path="/",
        secure=house.secure_cookies,
        httponly=True,
        samesite="strict",
    )


def drop_session_cookie(response: Response, house: House) -> None:
    """Make the browser forget."""
    response.delete_cookie(
        cookie_name(house), path="/", secure=house.secure_cookies, httponly=True, samesite="strict"
    )


def require_same_origin(request: Request) -> None:
    """Refuse forms sent from other sites where there is no session yet. Raises ``csrf_failed``.

    Browsers send ``Sec-Fetch-Site`` (not over plain http, and not old ones) or at least ``Origin`` with every
    post; programs send neither. ``Origin: null`` stays refused: any site can send it, from a sandboxed frame,
    and our pages' own referrer policy has browsers name us.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in {None, "same-origin", "none"} or (
        site is None
        and origin is not None
        and urlsplit(origin).netloc != request.headers.get("host", "")
    )
    if foreign:
        raise HosoError(ErrorCode.CSRF_FAILED)


def _resume(token: str, house: House) -> Caller:
    with house.database.transaction() as tx:
        signed_in = login.resume(token, tx=tx, clock=house.clock)
    return Caller(actor=signed_in.actor, token=token, csrf_token=signed_in.session.csrf_token)


def api_caller(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    _documented: Annotated[str | None, Depends(_cookie)],
    x_csrf_token: Annotated[str | None, Header(max_length=200)] = None,
) -> Caller:
    """Programs by bearer token; our own pages by cookie, with the CSRF token where something changes.

    Raises ``not_signed_in`` and ``csrf_failed``.
    """
    house = house_of(request)
    if bearer is not None:
        return _resume(bearer.credentials, house)
    caller = page_caller(request)
    if request.method not in _SAFE_METHODS:
        _check_csrf(caller, x_csrf_token)
    return caller


def page_caller(request: Request) -> Caller:
    """The person behind the session cookie. Raises ``not_signed_in``."""
    house = house_of(request)
    token = request.cookies.get(cookie_name(house))
    if not token:
        raise HosoError(ErrorCode.NOT_SIGNED_IN)
    return _resume(token, house)


def form_caller(
    request: Request, csrf_token: Annotated[str | None, Form(max_length=200)] = None
) -> Caller:
    """The person who sent a form of ours. Raises ``not_signed_in`` and ``csrf_failed``."""
    caller = page_caller(request)
    _check_csrf(caller, csrf_token)
    return caller


def maybe_caller(request: Request) -> Caller | None:
    """The person, if there is a valid session: for pages that anyone may see."""
    try:
        return page_caller(request)
    except HosoError as error:
        if error.code is ErrorCode.NOT_SIGNED_IN:
            return None
        raise


def _check_csrf(caller: Caller, token: str | None) -> None:
    if not secrets.compare_digest((token or "").encode(), caller.csrf_token.encode()):
        raise HosoError(ErrorCode.CSRF_FAILED)


class SessionFirst(APIRoute):
    """Who asks is looked at before the body is read: the framework reads it before any dependency.

    Nobody else makes us store a file. The dependency :func:`api_caller` of the endpoint stays, for a session
    may end while a long file comes in.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As the framework's, after the session."""
        serve = super().get_route_handler()
        if self.body_field is None:
            return serve

        async def serve_caller(request: Request) -> Response:
            await self.look_at(request)
            return await serve(request)

        return serve_caller

    async def look_at(self, request: Request) -> None:
        """Raises ``not_signed_in`` and ``csrf_failed``."""
        bearer = await _bearer(request)
        csrf_token = request.headers.get("x-csrf-token")
        await run_in_threadpool(api_caller, request, bearer, None, csrf_token)


class FormSessionFirst(SessionFirst):
    """The same for a form of a page, whose CSRF token comes within the body."""

    async def look_at(self, request: Request) -> None:
        """Raises ``not_signed_in``."""
        await run_in_threadpool(page_caller, request)


class FormLimits(TypedDict, total=False):
    """What the framework takes of a form; the names are its own."""

    max_files: int
    max_fields: int
    max_part_size: int


FILE_FORM = FormLimits(max_files=4, max_fields=20, max_part_size=64 * 1024)
"""A form with one file: the framework holds texts, and each file's first megabyte, in memory.

A few files too many are let in to be told that a file comes alone.
"""


async def require_one_file(request: Request) -> None:
    """Refuse a form with several files: all but one would be lost without a word.

    What their parts are called does not matter. Raises ``file_not_alone``.
    """
    form = await request.form()
    files = sum(isinstance(part, UploadFile) for _, part in form.multi_items())
    # text sent as ``file`` is refused as no file, but beside a file one of both would be lost as well
    if files > 1 or len(form.getlist("file")) > 1:
        raise HosoError(ErrorCode.FILE_NOT_ALONE)


def uploads_of(request: Request) -> Turnstile:
    """Before files are inspected."""
    turnstile: Turnstile = request.app.state.uploads
    return turnstile


def sign_ins_of(request: Request) -> Turnstile:
    """Before passwords are checked."""
    turnstile: Turnstile = request.app.state.sign_ins
    return turnstile


def verifications_of(request: Request) -> Turnstile:
    """Before copies are verified, which anybody may ask for."""
    turnstile: Turnstile = request.app.state.verifications
    return turnstile


Uploads = Annotated[Turnstile, Depends(uploads_of)]
SignIns = Annotated[Turnstile, Depends(sign_ins_of)]
Verifications = Annotated[Turnstile, Depends(verifications_of)]
HouseHere = Annotated[House, Depends(house_of)]
LocaleHere = Annotated[Locale, Depends(locale_of)]
ApiCaller = Annotated[Caller, Depends(api_caller)]
PageCaller = Annotated[Caller, Depends(page_caller)]
FormCaller = Annotated[Caller, Depends(form_caller)]
MaybeCaller = Annotated[Caller | None, Depends(maybe_caller)]
