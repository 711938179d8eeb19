"""What every request and answer passes: body limits, security headers, and the stop-watch."""

import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
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
    """``HEAD`` is answered like ``GET``, without the body (RFC 9110, 9.3.2): monitors and proxies ask so."""

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

        await self._app({**scope, "method": "GET"}, receive, send_without_body)


class BodyLimit:
    """Bodies are cut off as they stream in, so that none is held in memory first.

    Uploads may be ``upload_bytes`` long on the paths that take files, ``other_bytes`` elsewhere. Raises
    413 inside the application, where it becomes a problem answer like any other.
    """

    def __init__(
        self, app: ASGIApp, *, upload_paths: frozenset[str], upload_bytes: int, other_bytes: int
    ) -> None:
        self._app = app
        self._upload_paths = upload_paths
        self._upload_bytes = upload_bytes
        self._other_bytes = other_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._upload_bytes if scope["path"] in self._upload_paths else self._other_bytes
        declared = Headers(scope=scope).get("content-length", "")
        # isdecimal: a length that is no number is the server's to refuse, what streams in still counts
        too_long = declared.isdecimal() and int(declared) > limit
        seen = 0

        async def receive_within_limit() -> Message:
            nonlocal seen
            if too_long:
                raise HTTPException(413)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_within_limit, send)


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
