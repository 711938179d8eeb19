"""What every request and answer passes: limits of bodies, security headers, and the stop-watch."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.turnstile import COME_BACK_SECONDS, Turnstile
from domain.errors import HosoError
from workflow.throttle import network_of

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not "no-referrer": browsers would send "Origin: null" with our own forms, and those that send no
    # Sec-Fetch-Site (plain http in an office's network, iOS before 16.4) could not be told from other sites
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NO_STORE = "no-store"
REVALIDATE = "no-cache"
"""Kept by browsers, but asked for again (ETag) so that a new version shows at once."""
Observe = Callable[[str, str, int, float], None]
"""Told method, route template, status and seconds of each request."""


class SecurityHeaders:
    """Every answer carries the security headers, and none may be kept by a cache unless it says so itself."""

    def __init__(self, app: ASGIApp, *, encrypted: bool) -> None:
        """``encrypted``: the house is reached by TLS, so browsers may insist on it from now on."""
        self._app = app
        self._always = SECURITY_HEADERS | (
            {"Strict-Transport-Security": "max-age=31536000"} if encrypted else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always.items():
                    headers.setdefault(name, value)
                is_static = scope["path"].startswith("/static/")
                headers.setdefault("Cache-Control", REVALIDATE if is_static else NO_STORE)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def answers_head(path: str) -> bool:
    """Whether ``HEAD`` is answered there as ``GET`` is: not on the live streams, whose answer never ends."""
    return not path.startswith("/events/")


class HeadAsGet:
    """``HEAD`` is answered like ``GET``, without the body (RFC 9110, 9.3.2): monitors and proxies ask so.

    ``request.state.head`` tells an endpoint whose answer counts, such as a download, that nothing leaves.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or not answers_head(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        state = {**scope.get("state", {}), "head": True}
        await self._app({**scope, "method": "GET", "state": state}, receive, send_without_body)


@dataclass(frozen=True, kw_only=True)
class BodyRule:
    """What bodies may cost on some paths."""

    most_bytes: int
    under_way: Turnstile
    """Passed by each body while it comes in: what has come of it is held in memory or on the disk."""


PATIENCE_SECONDS = 60.0
"""A sender may be silent so long, all in all; on the slowest line something comes within that time."""
SLOWEST_BYTES_A_SECOND = 16 * 1024
"""128 kbit/s, less than the slowest lines of offices do: 200 MB may take three hours and a half."""


class BodyLimit:
    """Bodies are judged as they stream in: by length, character set, pace, and how many come at once.

    Refusals (413, 415, 408, 503) are raised inside the application, where they become a problem answer like
    any other, and before anything is made of what has come.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        rules: Mapping[str, BodyRule],
        otherwise: BodyRule,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """``rules`` by path."""
        self._app = app
        self._rules = rules
        self._otherwise = otherwise
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        rule = self._rules.get(scope["path"], self._otherwise)
        # leaves the turnstile at the latest with the request, whatever becomes of it
        with ExitStack() as place:
            body = _Body(scope, receive, rule=rule, place=place, patience=self._patience)
            await self._app(scope, body.receive, send)


def has_body(headers: Headers) -> bool:
    """Whether anything follows the head (RFC 9112, 6.3)."""
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def is_utf8(headers: Headers) -> bool:
    """Whether the body is declared as UTF-8, or as nothing.

    The framework decodes forms in whatever character set they name, and for some (punycode) a hundred
    kilobytes take seconds in which nobody else is served. What parts of a form declare, it ignores.
    """
    declared = (
        parse_options_header(value)[1].get(b"charset") for value in headers.getlist("content-type")
    )
    return all(name is None or name.lower() in {b"utf-8", b"utf8"} for name in declared)


class _Body:
    """One body as it comes in."""

    def __init__(
        self, scope: Scope, receive: Receive, *, rule: BodyRule, place: ExitStack, patience: float
    ) -> None:
        self._receive = receive
        self._headers = Headers(scope=scope)
        self._network = network_of(scope["client"][0] if scope.get("client") else "")
        self._rule = rule
        self._place = place
        self._patience = patience
        self._seen = 0
        self._begun = self._ended = False

    async def receive(self) -> Message:
        """The next piece. Raises ``HTTPException`` for a body that is refused."""
        if self._ended:
            return await self._receive()  # waits for the end of the connection, as long as it takes
        if not self._begun:
            self._begin()
        message = await self._next_piece()
        self._seen += len(message.get("body", b""))
        if self._seen > self._rule.most_bytes:
            raise HTTPException(413)
        if not message.get("more_body", False):
            self._ended = True
            self._place.close()
        return message

    def _begin(self) -> None:
        declared = self._headers.get("content-length", "")
        # isdecimal: a length that is no number is the server's to refuse, what streams in still counts
        if declared.isdecimal() and int(declared) > self._rule.most_bytes:
            raise HTTPException(413)
        if not is_utf8(self._headers):
            raise HTTPException(415)
        try:
            self._place.enter_context(self._rule.under_way.passage(self._network))
        except HosoError as busy:
            # of all errors the framework lets only its own through while it reads a body
            raise HTTPException(503, headers={"Retry-After": str(COME_BACK_SECONDS)}) from busy
        self._begun = True

    async def _next_piece(self) -> Message:
        """Only the time spent waiting for the sender counts, not what we take to store what has come."""
        asked = time.monotonic()
        try:
            async with asyncio.timeout(self._patience + self._seen / SLOWEST_BYTES_A_SECOND):
                return await self._receive()
        except TimeoutError as error:
            # the rest is not waited for either
            raise HTTPException(408, headers={"Connection": "close"}) from error
        finally:
            self._patience -= time.monotonic() - asked


class StopWatch:
    """Tells ``observe`` how long each request took, by route template and never by address."""

    def __init__(self, app: ASGIApp, *, observe: Observe) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_look)
        finally:
            route = str(getattr(scope.get("route"), "path", scope.get("root_path") or "unknown"))
            self._observe(scope["method"], route, status, time.perf_counter() - started)
