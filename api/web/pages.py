"""Rendering: one Jinja environment, and what every page knows."""

import logging
import re
from collections.abc import Mapping
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.explanations import Locale, explain, label, title_of, wording
from api.explanations.locale import machine_time, written_number, written_time
from api.explanations.pages import written_pages
from api.guard import Caller, house_of, maybe_caller
from api.rest.problems import STATUS
from api.web.check_words import told as told_check
from api.web.trail import told
from domain.actor import Action, Role
from domain.errors import ErrorCode, HosoError

_DOCUMENT = re.compile(r"/documents/[0-9a-zA-Z-]+(?=/)")

log = logging.getLogger("hoso.web")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("api.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )


def render(
    request: Request,
    template: str,
    locale: Locale,
    *,
    caller: Caller | None = None,
    http_status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """A page in the reader's language."""
    house = house_of(request)
    page = _environment().get_template(template)
    text = page.render(
        locale=locale,
        other_locale=Locale.EN if locale is Locale.VI else Locale.VI,
        here=own_address(request),
        t=partial(_wording, locale),
        label=partial(_label, locale),
        time=partial(_time, locale),
        machine_time=machine_time,
        number=partial(_number, locale),
        pages=partial(written_pages, locale=locale),
        error_title=partial(title_of, locale=locale),
        told=partial(told, locale=locale),
        told_check=partial(told_check, locale=locale),
        demo=house.demo,
        caller=caller,
        may={str(action): caller.actor.may(action) for action in Action} if caller else {},
        roles=[role for role in Role if caller and role in caller.actor.roles],
        **context,
    )
    return HTMLResponse(text, status_code=http_status, headers={"Content-Language": str(locale)})


def own_address(request: Request) -> str:
    """Path and query of the page asked for; where a form was sent, of the page that it stands on."""
    sent_from = _sent_from(request)
    if sent_from is not None:
        return sent_from
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _sent_from(request: Request) -> str | None:
    """The document's page whose form was sent: where the form itself goes, nobody can look."""
    document = _DOCUMENT.match(request.url.path)
    return document[0] if document and request.method == "POST" else None


def _wording(locale: Locale, key: str, **facts: object) -> str:
    return wording(key, locale, **facts)


def _label(locale: Locale, kind: str, code: object) -> str:
    return label(kind, str(code), locale)


def _time(locale: Locale, at: Any) -> str:
    return written_time(at, locale)


def _number(locale: Locale, value: float, digits: int = 0) -> str:
    return written_number(value, locale, digits=digits)


def error_page(
    request: Request, error: HosoError, locale: Locale, *, typed: Mapping[str, str] | None = None
) -> HTMLResponse:
    """An error for people: what happened, what to do, a way on, and what was ``typed``, by its label."""
    status = STATUS[error.code]
    server_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return render(
        request,
        "error.html",
        locale,
        # with the database away nobody can be recognised, and asking would only fail again
        caller=None if server_fault else _recognised(request),
        http_status=status,
        explanation=explain(error, locale),
        code=str(error.code),
        typed=typed or {},
        signed_out=error.code is ErrorCode.NOT_SIGNED_IN,
        again=own_address(request) if server_fault and request.method == "GET" else None,
        document=_sent_from(request),
    )


def _recognised(request: Request) -> Caller | None:
    """Who asks, where that can be told: a wrong address is one, whether or not the database answers."""
    try:
        return maybe_caller(request)
    except HosoError as error:
        log.warning("who asks cannot be told: %s", error.code)
        return None
