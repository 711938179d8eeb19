"""Dates and times as Vietnamese papers write them, in figures. Words are in :mod:`domain.date_words`."""

import re
from datetime import date, datetime, timedelta, timezone

from domain.date_words import date_in_words, parse_date_words, parse_one_date_in_words
from domain.text import fold

VIETNAM = timezone(timedelta(hours=7), "UTC+7")
"""Asia/Ho_Chi_Minh: one offset all year since 1975, so no zone database is needed."""
__all__ = [
    "EARLIEST_YEAR",
    "LATEST_YEAR",
    "date_in_words",
    "day_in_vietnam",
    "is_full_date",
    "parse_date",
    "parse_date_words",
    "parse_time",
    "parse_typed_date",
    "parse_typed_time",
    "to_iso",
]

EARLIEST_YEAR = 1850
LATEST_YEAR = 2100
_TWO = r"(\d ?\d?)"
_FOUR = r"(\d ?\d ?\d ?\d)(?! ?\d)"
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_WHOLE_DAY = r"(?<!\d)(?:(?=\d ?\d)|(?<!(?<!\d)\d\.))"
"""Before a day: not in the middle of one, and of ``1.5`` that a leader's dot parts, not before the five."""
_LABELLED = re.compile(rf"{_WHOLE_DAY}{_TWO}[\s,.]*thang[\s,.]*{_TWO}[\s,.]*nam[\s,.:]*{_FOUR}")
NO_REST = r"(?<![^\W_][/\-])(?<![^\W_]/ )(?<!/[^\W_])"
"""Nor behind what has a sign of its own, day or misread: ``1.2/2025`` of ``20/1.2/2025`` is no date."""
_SIGN = r" ?[/.\-–•·] ?"
_SEPARATED = re.compile(rf"{_WHOLE_DAY}{NO_REST}(?<!\d ){_TWO}{_SIGN}{_TWO}{_SIGN}{_FOUR}")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_TYPED_SIGNS = r"(?:[ .,/\\_\-–—•·]|thang|nam)+"
_TYPED = re.compile(rf"(\d{{1,2}}){_TYPED_SIGNS}(\d{{1,2}}){_TYPED_SIGNS}(\d{{4}})")
"""Day first, as people here type: whatever parts the three."""
_TYPED_YEAR_FIRST = re.compile(rf"(\d{{4}}){_TYPED_SIGNS}(\d{{1,2}}){_TYPED_SIGNS}(\d{{1,2}})")
_YEAR_ONLY = re.compile(r"(?:nam )?(?:sinh)?[ .:]*(\d ?\d ?\d ?\d)[ .]*")
_TIME = re.compile(
    r"(?<!\d)(\d ?\d?)[\s.]*(?:gio|h|:)[\s.…_]*(?:(\d ?\d?)(?!\d)\s*(?:phut|p)?|(?=phut|$|,))"
)
_BEFORE_A_DATE = re.compile(
    r"(?:(?:ngay,? thang,? nam )?sinh(?: ngay)?|ngay(?: sinh)?)(?: ?: ?| )"
    r"|m[uo]ng (?=(?:0?[1-9]|10) thang)"
)
"""What says nothing but that a date follows: ``Sinh ngày``, ``Ngày:``, ``mùng`` before a figure."""
_ONE_TIME = re.compile(
    r"(?:(?:vao )?(?:luc|hoi) ?:? ?|khoang )?\d{1,2} ?"
    r"(?:(?:gio|h)(?: ?\d{1,2} ?(?:phut|p)?)?|: ?\d{2})"
)
_LAST_HOUR = 23
_LAST_MINUTE = 59


def day_in_vietnam(at: datetime) -> date:
    """The day that offices write at this moment: until seven in the morning it is ahead of that in UTC."""
    return at.astimezone(VIETNAM).date()


def parse_date(text: str) -> str | None:
    """``YYYY-MM-DD`` (or ``YYYY`` where only a year stands) of a date in figures.

    Understands ``05/03/1998``, ``5-3-1998``, ``05.03.1998``, ``ngày 05 tháng 3 năm 1998`` with or without
    commas, ISO, eight digits ``ddMMyyyy`` (as ID-card QR codes have) and a year alone; single spaces that
    a reader put between digits are ignored. Impossible dates and anything else give ``None``.
    """
    folded = fold(text)
    found = _ISO.search(folded)
    if found:
        year, month, day = found.groups()
        return to_iso(year, month, day)
    found = _LABELLED.search(folded) or _SEPARATED.search(folded) or _COMPACT.fullmatch(folded)
    if found:
        day, month, year = found.groups()
        return to_iso(year, month, day)
    found = _YEAR_ONLY.fullmatch(folded)
    if not found:
        return None
    year = found.group(1).replace(" ", "")
    return year if EARLIEST_YEAR <= int(year) <= LATEST_YEAR else None


def parse_typed_date(text: str) -> str | None:
    """The date that a person typed, in figures or words; ``None`` unless it is one date and nothing else.

    Of what is read from paper the rest is noise; whoever types ``3/5/1998 hay 5/3/1998`` has a doubt.
    """
    folded = fold(text).strip(" .,;")
    if folded.startswith("(") and folded.endswith(")"):
        folded = folded[1:-1].strip(" .,;")
    while label := _BEFORE_A_DATE.match(folded):
        folded = folded[label.end() :]
    alone = (_ISO, _LABELLED, _SEPARATED, _COMPACT, _YEAR_ONLY)
    if any(pattern.fullmatch(folded) for pattern in alone):
        return parse_date(folded)
    if typed := _TYPED.fullmatch(folded):
        day, month, year = typed.groups()
        return to_iso(year, month, day)
    if typed := _TYPED_YEAR_FIRST.fullmatch(folded):
        year, month, day = typed.groups()
        return to_iso(year, month, day)
    return parse_one_date_in_words(folded)


def to_iso(year: str, month: str, day: str) -> str | None:
    """The ISO date of three groups of digits (spaces ignored), ``None`` where no such day exists."""
    figures = [int(part.replace(" ", "")) for part in (year, month, day)]
    if not EARLIEST_YEAR <= figures[0] <= LATEST_YEAR:
        return None
    try:
        return date(*figures).isoformat()
    except ValueError:
        return None


def is_full_date(value: str) -> bool:
    """Whether a normalised value is ``YYYY-MM-DD``, not only a year."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == len("YYYY-MM-DD")


def parse_time(text: str) -> str | None:
    """``HH:MM`` of ``14 giờ 30 phút``, ``14h30``, ``14:30``; an hour alone counts as the full hour."""
    found = _TIME.search(fold(text))
    if not found:
        return None
    hour = int(found.group(1).replace(" ", ""))
    minute = int((found.group(2) or "0").replace(" ", ""))
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        return None
    return f"{hour:02d}:{minute:02d}"


def parse_typed_time(text: str) -> str | None:
    """The time that a person typed; ``None`` unless it is one time and nothing else."""
    folded = fold(text).strip(" .,;")
    return parse_time(folded) if _ONE_TIME.fullmatch(folded) else None
