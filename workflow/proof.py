"""What proves that somebody is named on a paper: a number that was read on it, or a birthday, or nothing."""

import re
import unicodedata
from enum import StrEnum

from domain.dates import is_full_date, parse_date, parse_typed_date
from domain.personal_number import kind_of
from domain.record import Record
from domain.text import fold, nfc

_NUMBERS = ("personal_id", "identity_paper")
_NUMBER = re.compile(r"(?<!\d)(?:\d{9}|\d{12})(?!\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s.,·•_'\-‐‑‒–—―−]+(?=[0-9])")
"""What people put between groups of digits; a slash parts the numbers of a date or of a paper."""
_SPEAKS_OF_NUMBERS = re.compile(
    r"dinh danh|tuy than|chung minh|cmnd|cmtnd|can cuoc|cccd|the cc\b|ho chieu|identi|passport"
    r"|ddcn|msdd|dd ca nhan|so ca nhan"
)
"""In folded text: what such a number is called on papers."""
_WITH_FIGURES = re.compile(r"[oil]*\d[\doil]*")
_AS_FIGURES = str.maketrans("oil", "011")
_DAY = re.compile(
    r"(?<!\d)(?<!\d[./\-–])(?:0?[1-9]|[12]\d|3[01])\s?[./\-–]\s?(?:0?[1-9]|1[0-2])\s?[./\-–]\s?"
    r"(?:(?:18|19|20)\d\d|\d\d)(?![./\-–]?\d)"
    r"|(?<!\d)(?<!\d[./\-–])(?:19|20)\d\d\s?[/\-–]\s?(?:19|20)\d\d(?![./\-–]?\d)"
)
"""A date, or two years: eight figures that are no number of a person."""
_LONG_RUN = re.compile(r"\d(?:\s*[^\w\s]?\s*\d){7}")


class Way(StrEnum):
    """How the copy of one paper may be collected."""

    NUMBER = "number"
    """By a number of a person that was read on it."""
    BIRTHDAY = "birthday"
    """By a full day of birth: it bears no number at all."""
    NONE = "none"
    """Not here: the number, or the place for one, says nothing legible, or there is no full day of birth."""


def way_of(record: Record) -> Way:
    """How the copy of this paper may be collected, whoever asks."""
    if _numbers(record):
        return Way.NUMBER
    return Way.BIRTHDAY if not _may_bear_a_number(record) and _birthdays(record) else Way.NONE


def is_birthday(proof: str) -> bool:
    """Whether a day of birth was typed, or a year, and surely no number of a person."""
    typed = _one_spelling(proof)
    return _number_in(typed) is None and (parse_typed_date(typed) or parse_date(typed)) is not None


def said_in(proof: str, way: Way) -> str | None:
    """What was typed, as it is compared: one number of a person, or one full day, whatever stands around it.

    ``None`` where it can be neither: then it is told what is expected, and nothing is compared or counted.
    """
    typed = _one_spelling(proof)
    if way is Way.BIRTHDAY:
        day = parse_typed_date(typed)
        return day if day is not None and is_full_date(day) else None
    return _number_in(typed)


def proves(said: str, record: Record) -> bool:
    """Whether ``said`` is a number on the paper, or where it bears none, a full day of birth."""
    way = way_of(record)
    return said in (_birthdays(record) if way is Way.BIRTHDAY else _numbers(record))


def _one_spelling(typed: str) -> str:
    """Wide digits as narrow ones, and nothing that cannot be seen: pages hide marks in what is copied."""
    plain = nfc(unicodedata.normalize("NFKC", typed))
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").strip()


def _number_in(typed: str) -> str | None:
    """The number of a person that stands there, with words or signs around it but no other figures."""
    figures = re.findall("[0-9]+", _BETWEEN_DIGITS.sub("", typed))
    return figures[0] if len(figures) == 1 and kind_of(figures[0]) is not None else None


def _numbers(record: Record) -> set[str]:
    return {
        number
        for name, field in record.fields.items()
        if name.endswith(_NUMBERS) and field.value
        for number in _NUMBER.findall(field.value)
    }


def _birthdays(record: Record) -> set[str]:
    return {
        field.value
        for name, field in record.fields.items()
        if name.endswith("birth_date") and field.value and is_full_date(field.value)
    }


def _may_bear_a_number(record: Record) -> bool:
    """Whether a number stands on the paper or may: one read in part, a passport's, one under a stamp.

    That no number was read is no proof that there is none, and whoever knows a birthday must gain nothing
    by a stain. What an officer said is not on the paper (an empty field) bears none.
    """
    said = (
        field.value or field.text.strip()
        for name, field in record.fields.items()
        if name.endswith(_NUMBERS)
    )
    return any(said) or any(_tells_of_a_number(fold(line.text)) for line in record.lines)


def _tells_of_a_number(folded: str) -> bool:
    """Whether the line names such a number, or bears eight figures or more that are no dates.

    A letter that stands with figures and is one misread (O, I, l) counts as a figure; spaces and one mark
    may stand between them.
    """
    figures = _WITH_FIGURES.sub(lambda found: found[0].translate(_AS_FIGURES), folded)
    # a date ends a run: what stands beside it in another column is no part of it
    return bool(_SPEAKS_OF_NUMBERS.search(folded) or _LONG_RUN.search(_DAY.sub(" x ", figures)))
