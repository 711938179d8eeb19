"""One range of a copy's bytes (RFC 9110, 14), for viewers, and for downloads that were broken off.

Starlette serves ranges of files on a disk only; a copy comes whole out of the object store, for its hash is
compared. Several ranges at once are answered by the whole, as the RFC allows; so is what is no range.
"""

import hashlib
import re
from http import HTTPStatus

from fastapi import Request, Response

from domain.errors import ErrorCode, HosoError

_ONE_RANGE = re.compile(
    r"\s*bytes\s*=\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*", re.ASCII | re.IGNORECASE
)


def wants_part(request: Request) -> bool:
    """Whether a single range is asked for. ``HEAD`` asks for none: ranges are defined for ``GET`` alone."""
    return _asked(request) is not None


def pdf_answer(request: Request, pdf: bytes, *, name: str) -> Response:
    """The PDF called ``name``, or the range of it that is asked for. Raises ``range_not_satisfiable``.

    Where ``If-Range`` names other bytes, the whole is answered.
    """
    etag = f'"{hashlib.sha256(pdf).hexdigest()}"'
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }
    asked = _asked(request)
    if asked is None or request.headers.get("if-range", etag) != etag:
        return Response(pdf, media_type="application/pdf", headers=headers)
    first, end = _span(asked, len(pdf))
    return Response(
        pdf[first:end],
        status_code=HTTPStatus.PARTIAL_CONTENT,
        media_type="application/pdf",
        headers=headers | {"Content-Range": f"bytes {first}-{end - 1}/{len(pdf)}"},
    )


def _asked(request: Request) -> re.Match[str] | None:
    """A range whose numbers fit; one that ends before it begins is none."""
    asked = request.headers.getlist("range")
    if request.method != "GET" or getattr(request.state, "head", False) or len(asked) != 1:
        return None
    found = _ONE_RANGE.fullmatch(asked[0])
    if found is not None and found[1] and found[2] and int(found[2]) < int(found[1]):
        return None
    return found


def _span(asked: re.Match[str], size: int) -> tuple[int, int]:
    """First byte, and the one behind the last."""
    first, last, count = asked.groups()
    if count is not None:
        begin, end = max(size - int(count), 0), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
    if begin >= end:
        raise HosoError(ErrorCode.RANGE_NOT_SATISFIABLE, size=size)
    return begin, end
