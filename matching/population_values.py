"""The values of a population row: what each means, or why it is not taken as it stands."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from domain.addresses import normalise_address
from domain.dates import EARLIEST_YEAR, LATEST_YEAR, parse_date, to_iso
from domain.marital_status import parse_marital_status
from domain.names import normalise_name
from domain.personal_number import IdentityNumberKind, digits_of, kind_of
from domain.text import collapse_spaces, fold, nfc
from domain.vital_status import parse_vital_status
from matching.broken_text import Flaw, flaw_of_name, flaw_of_text

COLUMNS = (
    "personal_id full_name birth_date sex ethnicity nationality birth_place home_town residence "
    "mother_full_name father_full_name marital_status spouse_personal_id vital_status updated_at"
).split()
"""Columns of the contract, in any order; every one must stand in the header."""
Parse = Callable[[str], str | Flaw | None]
_SEXES = {"nam": "male", "male": "male", "nu": "female", "female": "female"}
_NO_VALUE = {"null", "none", "nan", "n/a", "không rõ"}
_SAYS_SOMETHING = re.compile(r"[^\W_]|[<>\ufffd]")
"""A letter or digit, or the rest of markup; other signs alone (``-``, ``...``) stand for no value."""
_REMEMBERED = 16384
"""Values whose meaning is remembered, of each kind: names and places come again and again."""
_NOTE = re.compile(r"\([^()]*\)\W*$")
_NOT_KNOWN = r"(?:0{1,2}|[-.…_xX]+)"
_YEAR_ALONE = re.compile(
    rf"(?:(?:{_NOT_KNOWN} ?[/.\-] ?)?(?:{_NOT_KNOWN}|0?[1-9]|1[0-2]) ?[/.\-] ?(?P<last>\d{{4}})"
    r"|(?P<first>\d{4})[-/](?:0?[0-9]|1[0-2])(?:[-/]0{1,2})?)"
)
"""A date whose day, or day and month, nobody knew: ``00/00/1980``, ``1980-05-00``, ``05/1980``."""
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?)?"
_DAY_FIRST = r"(?P<day>\d{1,2})(?P<sep>[/.\-])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4})"
_YEAR_FIRST = r"(?P<year>\d{4})(?P<sep>[/.\-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
_BIRTH_YEAR_FIRST = re.compile(_YEAR_FIRST)
_ZONE = r"(?: ?(?P<zone>z|[+-]\d\d:?\d\d))?"
_MOMENTS = [
    re.compile(pattern)
    for pattern in (
        rf"{_DAY_FIRST}(?:[ t,]+{_CLOCK}{_ZONE})?",
        rf"{_YEAR_FIRST}(?:[ t,]+{_CLOCK}{_ZONE})?",
        rf"{_CLOCK}[ ,]+{_DAY_FIRST}{_ZONE}",
        r"(?:ngay )?(?P<day>\d{1,2}) thang (?P<month>\d{1,2}),? nam (?P<year>\d{4})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})",
    )
]
"""Ways of writing a moment beside ISO 8601; one that is not understood to its end is no moment."""


def _as_written(text: str) -> str | None:
    return text


def _personal_id(text: str) -> str | None:
    return digits_of(text) if kind_of(text) is IdentityNumberKind.PERSONAL else None


def _name(text: str) -> str | Flaw | None:
    """The normalised name; none where a letter, a digit or another encoding would be lost unseen.

    Punctuation becomes a space; a note in brackets behind a name, ``(đã chết)``, is no part of it.
    """
    written = _NOTE.sub("", text) if "(" in text else text
    flaw = flaw_of_name(written)
    if flaw is not None:
        return flaw
    if "<" in text or ">" in text:
        return None
    return normalise_name(written)


@lru_cache(maxsize=256)
def _marital_status(text: str) -> str:
    """The code of a status; what is none of ours (ly thân) stays as it is written."""
    return parse_marital_status(text) or text


@lru_cache(maxsize=256)
def _vital_status(text: str) -> str:
    return parse_vital_status(text) or text


def _sex(text: str) -> str | None:
    return _SEXES.get(fold(text))


def _birth_date(text: str) -> str | Flaw | None:
    """The date; of one whose day or month nobody knew the year, which is better than nobody."""
    date = parse_date(text)
    if date is None and (first := _BIRTH_YEAR_FIRST.fullmatch(text)):
        date = to_iso(first["year"], first["month"], first["day"])
    found = None if date else _YEAR_ALONE.fullmatch(text)
    year = (found["last"] or found["first"]) if found else ""
    if year and EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        return Flaw(reason="birth_date_year_only", sign=text, kept=year)
    return date


def _instant(text: str) -> str | None:
    """The moment in UTC, which one without a zone is taken to be in; a day without an hour begins."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        written = _iso(text)
        if written is None:
            return None
        moment = written
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except OverflowError:  # an hour before the first day of the calendar
        return None


def _iso(text: str) -> datetime | None:
    """A moment written otherwise than in ISO 8601, the day before the month."""
    plain = text.lower() if text.isascii() else fold(text)
    found = next((found for one in _MOMENTS if (found := one.fullmatch(plain))), None)
    if found is None:
        return None
    part = found.groupdict()
    day = to_iso(part["year"], part["month"], part["day"])
    if day is None:
        return None
    hour, minute, second = (int(part.get(name) or 0) for name in ("hour", "minute", "second"))
    zone = (part.get("zone") or "").upper()
    try:
        return datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:{second:02}{zone}")
    except ValueError:  # no such time of day
        return None


_READERS: Mapping[str, Callable[[str], str | Flaw | None]] = {
    "personal_id": _personal_id,
    "spouse_personal_id": _personal_id,
    "full_name": _name,
    "mother_full_name": _name,
    "father_full_name": _name,
    "birth_date": _birth_date,
    "sex": _sex,
    "marital_status": _marital_status,
    "vital_status": _vital_status,
    "birth_place": normalise_address,
    "home_town": normalise_address,
    "residence": normalise_address,
    "updated_at": _instant,
}
_FREE = {_as_written, normalise_address, _marital_status, _vital_status}
"""What takes any text for a value, so that broken text must be seen before."""


def _parser(read: Callable[[str], str | Flaw | None]) -> Parse:
    """Reads a value as it stands in the file: ``None`` for none, a ``Flaw`` for one not taken so."""
    free = read in _FREE

    def parse(value: str) -> str | Flaw | None:
        text = collapse_spaces(nfc(value))
        if text.lower() in _NO_VALUE or not _SAYS_SOMETHING.search(text):
            return None
        if free and (flaw := flaw_of_text(text)) is not None:
            return flaw
        return read(text) or flaw_of_text(text) or Flaw()

    return parse


_PARSERS_OF_KINDS = {
    read: _parser(read)
    if read in {_personal_id, _instant}
    else lru_cache(_REMEMBERED)(_parser(read))
    for read in {_as_written, *_READERS.values()}
}
"""Numbers and instants are hardly ever said twice: remembering them would only cost."""
PARSERS: Mapping[str, Parse] = {
    column: _PARSERS_OF_KINDS[_READERS.get(column, _as_written)] for column in COLUMNS
}
"""How the value of each column is read: a normal form, ``None`` for no value, or a ``Flaw``."""
