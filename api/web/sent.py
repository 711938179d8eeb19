"""What the forms of a document's page send, and what of it comes back where it was not taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Form, Request

from api.explanations import label, wording
from api.guard import locale_of, require_same_origin
from api.rest.schemas import NO_NUL
from domain.errors import ErrorCode, HosoError
from domain.record import is_field_name
from domain.verdict import Choice

_WITH_OWN_REASONS = ("accept", "reject")
MOST_LETTERS = 2000
"""Of one text, as the boxes of the page count them: a line end is one."""
Seen = Annotated[datetime, Form()]
"""When the document had last changed as the page was shown: a decision is about what the page said."""


@dataclass(frozen=True, kw_only=True)
class CorrectionForm:
    """The whole correction form, by field."""

    values: Mapping[str, str]
    """What its inputs hold now."""
    shown: Mapping[str, str]
    """What they held when the page was shown."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What somebody typed and chose, for the page to hold until it is taken."""

    decision: str
    """Whose form it was, as its address ends: ``accept``, ``correct`` …"""
    typed: Mapping[str, str] = field(default_factory=dict)
    """Corrections by field."""
    reason: str = ""
    persons: Mapping[str, str] = field(default_factory=dict)
    """Personal numbers chosen, by role."""

    def require_short(self) -> None:
        """Raises ``text_too_long`` for what the boxes of the page would not have held."""
        texts = {"": self.reason, **self.typed}
        for name, text in texts.items():
            if len(text) > MOST_LETTERS:
                field = {"field": name} if name else {}
                code, length = ErrorCode.TEXT_TOO_LONG, len(text)
                raise HosoError(code, most=MOST_LETTERS, length=length, **field)

    @property
    def holds_something(self) -> bool:
        """Whether anything would have to be typed or chosen again."""
        return bool(self.typed or self.reason.strip() or self.persons)


def one_line_end(text: str) -> str:
    """``text`` with line ends as its box counted them: browsers send each as two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _reason(reason: Annotated[str, Form(pattern=NO_NUL)] = "") -> str:
    return one_line_end(reason)


async def _named(request: Request, prefix: str) -> dict[str, str]:
    """Inputs named ``<prefix>.<name>``, by name."""
    form = await request.form()
    start = f"{prefix}."
    return {
        name.removeprefix(start): one_line_end(text).strip()
        for name, text in form.items()
        if isinstance(text, str) and name.startswith(start)
    }


async def _correction_form(request: Request) -> CorrectionForm:
    """Inputs named ``value.<field>`` and, hidden beside each, ``shown.<field>``."""
    return CorrectionForm(
        values=await _named(request, "value"), shown=await _named(request, "shown")
    )


async def _choices(request: Request) -> tuple[Choice, ...]:
    """Inputs named ``person.<role>``; an empty one leaves open who it is."""
    chosen = await _named(request, "person")
    return tuple(Choice(role=role, personal_id=number) for role, number in chosen.items() if number)


def _reason_to(decision: str) -> Callable[..., str]:
    box_of = Form(alias=f"reason.{decision}", pattern=NO_NUL)

    def reason(box: Annotated[str | None, box_of] = None, only: str = Depends(_reason)) -> str:
        return only if box is None else one_line_end(box)

    return reason


Reason = Annotated[str, Depends(_reason)]
ReasonToAccept = Annotated[str, Depends(_reason_to("accept"))]
ReasonToReject = Annotated[str, Depends(_reason_to("reject"))]
"""In review all decisions share the page's one form, and each has a box of its own for its reason."""
SentForm = Annotated[CorrectionForm, Depends(_correction_form)]
SentChoices = Annotated[tuple[Choice, ...], Depends(_choices)]


async def typed_by(request: Request) -> dict[str, str]:
    """What was typed into a form of a document's page, by its label: an error page must not lose it.

    Nothing of a form that may come from elsewhere: whoever sends one must not write on our pages.
    """
    if request.method != "POST" or not request.url.path.startswith("/documents/"):
        return {}
    try:
        require_same_origin(request)
    except HosoError:
        return {}
    locale = locale_of(request)
    reason = (await request.form()).get("reason")
    why = wording("action.reason", locale)
    typed = {why: reason} if isinstance(reason, str) else {}
    for decision, text in (await _named(request, "reason")).items():
        if decision in _WITH_OWN_REASONS:
            typed[f"{why} ({wording(f'action.{decision}', locale)})"] = text
    shown = await _named(request, "shown")
    for name, text in (await _named(request, "value")).items():
        if is_field_name(name) and text != shown.get(name, ""):
            typed[label("field", name, locale)] = text or "–"
    return {what: text for what, text in typed.items() if text.strip()}
