"""The web application: REST, pages and the endpoints of operation, over one house."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from api.edge import (
    NO_STORE,
    SECURITY_HEADERS,
    BodyLimit,
    BodyRule,
    HeadAsGet,
    SecurityHeaders,
    StopWatch,
    answers_head,
)
from api.guard import is_api, locale_of
from api.house import House
from api.rest import documents, health, pki, receipts, sessions, verification
from api.rest.problems import MEDIA_TYPE, STATUS, Problem, from_framework, problem_answer
from api.turnstile import Turnstile
from api.web import deciding, document_page, oversight, public, staff, stream
from api.web import receipts as receipt_pages
from api.web.pages import error_page, own_address
from api.web.sent import typed_by
from domain.errors import ErrorCode, HosoError

log = logging.getLogger("hoso.web")

_SERVER_FAULT = 500
_MULTIPART_SLACK = 64 * 1024
"""Boundaries and form fields around a file."""
_OTHER_BYTES = 1024 * 1024
_ROOMS = (
    *(documents, receipts, sessions, verification, health, pki),
    *(public, staff, document_page, deciding, receipt_pages, oversight, stream),
)
_COPY_BYTES = 64 * 1024 * 1024
"""The largest file that anybody may have verified: a copy of many pages has some tens of megabytes."""
_BRING_PATHS = frozenset({"/api/v1/documents", "/receipts"})
_VERIFY_PATHS = frozenset({"/api/v1/verify", "/verify"})
_PROBLEM = {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": "Problem (RFC 9457)"}


def create_app(house: House) -> FastAPI:
    """The application of one process. Endpoints are synchronous; several processes may serve one house."""
    app = FastAPI(
        title="Hoso",
        version="1",
        summary="Paper civil records in; verified, signed, certified electronic copies out.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={"4XX": _PROBLEM, "5XX": _PROBLEM},
    )
    app.state.house = house
    app.state.figures = health.Figures()
    # who waits holds a thread, of which there are forty: some must be left for everything else
    app.state.uploads = Turnstile(at_once=4, waiting=10, patience=60)
    # the counters of an office share one address, so one network may have several under way
    app.state.verifications = Turnstile(at_once=2, waiting=8, patience=20, per_network=4)
    app.state.sign_ins = Turnstile(at_once=1, waiting=8, patience=10, per_network=6)
    for room in _ROOMS:
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=str(files("api.web") / "static")), name="static")
    _explain_errors(app)
    # the last one added is the outermost
    app.add_middleware(BodyLimit, rules=_body_rules(house), otherwise=_other_bodies())
    app.add_middleware(StopWatch, observe=app.state.figures.observe)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders, encrypted=house.public_url.startswith("https://"))
    return app


def _body_rules(house: House) -> dict[str, BodyRule]:
    """Bodies with a file. Nobody waits here, for a body that waits comes in all the same."""
    bringing = BodyRule(
        most_bytes=house.limits.max_bytes + _MULTIPART_SLACK,
        under_way=Turnstile(at_once=64, waiting=0, patience=0),
    )
    verifying = BodyRule(
        most_bytes=min(house.limits.max_bytes, _COPY_BYTES) + _MULTIPART_SLACK,
        under_way=Turnstile(at_once=16, waiting=0, patience=0, per_network=4),
    )
    return dict.fromkeys(_BRING_PATHS, bringing) | dict.fromkeys(_VERIFY_PATHS, verifying)


def _other_bodies() -> BodyRule:
    """Forms and JSON: they come in at once, unless somebody holds them back."""
    return BodyRule(
        most_bytes=_OTHER_BYTES,
        under_way=Turnstile(at_once=64, waiting=0, patience=0, per_network=16),
    )


def _explain_errors(app: FastAPI) -> None:
    """Every error becomes a problem or a page, in the reader's language, and nothing else leaks out."""

    @app.exception_handler(HosoError)
    async def refused(request: Request, error: HosoError) -> Response:
        return await run_in_threadpool(_refuse, request, error, await typed_by(request))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        # where, not what: the value sent may be personal data, the message may name our innards
        places = sorted({".".join(str(part) for part in item["loc"]) for item in error.errors()})
        where = f" ({', '.join(places[:5])})" if places else ""
        refusal = HosoError(ErrorCode.REQUEST_INVALID, where=where)
        return await run_in_threadpool(_refuse, request, refusal, await typed_by(request))

    @app.exception_handler(HTTPException)
    def framework(request: Request, error: HTTPException) -> Response:
        response = _refuse(request, _framework_error(request, error.status_code))
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = _allowed(app, request)
        for name, value in (error.headers or {}).items():
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(Exception)
    def unforeseen(request: Request, _error: Exception) -> Response:
        # the server logs the traceback; this answer is sent outside the middleware
        response = _refuse(request, HosoError(ErrorCode.INTERNAL))
        response.headers.update({**SECURITY_HEADERS, "Cache-Control": NO_STORE})
        return response


def _refuse(request: Request, error: HosoError, typed: Mapping[str, str] | None = None) -> Response:
    # being busy is no fault, and in a crowd it would be all that the log holds; /metrics counts it
    if STATUS[error.code] >= _SERVER_FAULT and error.code is not ErrorCode.BUSY:
        log.error("%s %s: %s", request.method, request.scope.get("path"), error.code)
    locale = locale_of(request)
    if error.code is ErrorCode.NOT_SIGNED_IN and request.method == "GET" and not is_api(request):
        goal = quote(own_address(request))
        return RedirectResponse(f"/sign-in?to={goal}", status_code=303)
    if is_api(request):
        return problem_answer(error, locale)
    return error_page(request, error, locale, typed=typed)


def _framework_error(request: Request, status: int) -> HosoError:
    takes_files = request.url.path in _BRING_PATHS | _VERIFY_PATHS
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and not takes_files:
        return HosoError(ErrorCode.REQUEST_TOO_LARGE, megabytes=_OTHER_BYTES // 1024**2)
    return from_framework(status)


def _allowed(app: FastAPI, request: Request) -> str:
    """Every method of the address (RFC 9110, 10.2.1): the framework names those of its first route only."""
    routes = [*app.routes, *(route for room in _ROOMS for route in room.router.routes)]
    methods = {
        method
        for route in routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    if "GET" in methods and answers_head(request.url.path):
        methods.add("HEAD")
    return ", ".join(sorted(methods))


def serve(house: House, *, host: str, port: int) -> None:
    """Serve until told to stop. Run several processes behind a proxy when one is not enough."""
    uvicorn.run(
        create_app(house),
        host=host,
        port=port,
        server_header=False,
        access_log=False,  # addresses and codes of people do not belong in logs; /metrics counts
        forwarded_allow_ips=house.trusted_proxies,
        timeout_graceful_shutdown=5,  # live progress streams never end by themselves
        log_level="warning",
    )
