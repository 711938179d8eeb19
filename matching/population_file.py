"""The population file of the outward contract: CSV rows become persons, bad rows become reasons."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from domain.addresses import normalise_address
from domain.dates import parse_date
from domain.errors import ErrorCode, HosoError
from domain.marital_status import parse_marital_status
from domain.names import normalise_name
from domain.person import Person
from domain.personal_number import IdentityNumberKind, digits_of, kind_of
from domain.text import collapse_spaces, fold, nfc
from domain.vital_status import parse_vital_status
from matching.csv_rows import rows_of

COLUMNS = (
    "personal_id full_name birth_date sex ethnicity nationality birth_place home_town residence "
    "mother_full_name father_full_name marital_status spouse_personal_id vital_status updated_at"
).split()
"""Columns of the contract, in any order; every one must stand in the header."""
_SEXES = {"nam": "male", "male": "male", "nu": "female", "female": "female"}
_LONGEST_VALUE = 500
_NO_VALUE = {"null", "none", "nan", "n/a", "không rõ"}
_SAYS_SOMETHING = re.compile(r"[^\W_]|[<>]")
"""A letter or digit, or the rest of markup; other signs alone (``-``, ``...``) stand for no value."""
_MAY_BE_LEFT_OUT = {"mother_full_name", "father_full_name"}
"""A child must not vanish from the population for what is written as its parent's name."""
_UTF_16_MARKS = ("\udcff\udcfe", "\udcfe\udcff")
"""Byte order marks as :func:`open_population` reads them."""
_NOT_UNDERSTOOD = ""
_REMEMBERED = 16384
"""Values whose meaning is remembered, of each kind: names and places come again and again."""
_NOTE = re.compile(r"\([^()]*\)\W*$")


@dataclass(frozen=True, kw_only=True)
class AcceptedRow:
    """A well-formed row: where it begins in the file (the header is line 1), and whom it tells of."""

    line: int
    person: Person


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """A row that was not taken: line in the file (the header is line 1) and why.

    Reasons: ``columns_count``, ``csv_malformed``, ``encoding_invalid``, ``value_too_long``, or
    ``<column>_invalid``; what the population makes of well-formed rows is told by ``ImportReport``.
    """

    line: int
    reason: str


def open_population(path: Path) -> TextIO:
    """Open a population file for :func:`parse_population`; bytes that are no UTF-8 spoil only their row."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def parse_population(lines: Iterable[str], *, source: str) -> Iterator[AcceptedRow | RejectedRow]:
    """Each row of a population CSV as a person or as the reason why it is none, in file order.

    ``lines`` is text (:func:`open_population`); a BOM, decomposed letters, quoted line ends and ``;`` as
    the separator are understood. Raises ``population_header_invalid`` where columns are missing, unknown or
    double, and ``population_encoding_unsupported`` or ``population_separator_unsupported`` where the header
    is UTF-16 or parted by tabs.
    """
    rows = iter(lines)
    header_line = next(rows, "").removeprefix("\ufeff")
    _check_kind(header_line)
    delimiter = ";" if ";" in header_line and "," not in header_line else ","
    header = _header(header_line, delimiter)
    for line, row in rows_of(rows, delimiter=delimiter, width=len(header), first_line=2):
        if row is None:
            yield RejectedRow(line=line, reason="csv_malformed")
        else:
            yield _person_or_reason(header, row, line=line, source=source)


def _check_kind(header_line: str) -> None:
    """Tables saved otherwise than asked for, which would only show as columns that are missing."""
    if header_line.startswith(_UTF_16_MARKS) or ("\0" in header_line[:2] and header_line[2:]):
        raise HosoError(ErrorCode.POPULATION_ENCODING_UNSUPPORTED)
    if "\t" in header_line and "," not in header_line and ";" not in header_line:
        raise HosoError(ErrorCode.POPULATION_SEPARATOR_UNSUPPORTED)


def _header(line: str, delimiter: str) -> list[str]:
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise HosoError(ErrorCode.POPULATION_HEADER_INVALID, problem=str(error)) from error
    header = [nfc(name).strip().lower() for name in names]
    _check_header(header)
    return header


def _check_header(header: list[str]) -> None:
    wrong = {
        "missing": [name for name in COLUMNS if name not in header],
        "unknown": sorted(set(header) - set(COLUMNS)),
        "double": sorted({name for name in header if header.count(name) > 1}),
    }
    told = {what: ", ".join(names) for what, names in wrong.items() if names}
    if told:
        raise HosoError(ErrorCode.POPULATION_HEADER_INVALID, **told)


def _person_or_reason(
    header: list[str], row: list[str], *, line: int, source: str
) -> AcceptedRow | RejectedRow:
    if len(row) != len(header):
        return RejectedRow(line=line, reason="columns_count")
    if not _is_text("".join(row)):
        return RejectedRow(line=line, reason="encoding_invalid")
    if max(map(len, row)) > _LONGEST_VALUE:
        return RejectedRow(line=line, reason="value_too_long")
    values = dict(zip(header, row, strict=True))
    parsed: dict[str, str | None] = {}
    for column in COLUMNS:
        value = _PARSERS[column](values[column])
        if value == _NOT_UNDERSTOOD and column not in _MAY_BE_LEFT_OUT:
            return RejectedRow(line=line, reason=f"{column}_invalid")
        parsed[column] = value or None
    updated_at = parsed.pop("updated_at")
    personal_id = parsed.pop("personal_id")
    if personal_id is None:
        return RejectedRow(line=line, reason="personal_id_invalid")
    person = Person(
        personal_id=personal_id,
        updated_at=None if updated_at is None else datetime.fromisoformat(updated_at),
        source=source,
        **parsed,
    )
    return AcceptedRow(line=line, person=person)


def _is_text(row: str) -> bool:
    """Whether the values were UTF-8 and hold no NUL, which PostgreSQL cannot keep."""
    try:
        row.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in row


def _as_written(text: str) -> str | None:
    return text


def _personal_id(text: str) -> str | None:
    return digits_of(text) if kind_of(text) is IdentityNumberKind.PERSONAL else None


def _name(text: str) -> str | None:
    """The normalised name, ``None`` where a letter or digit would be lost unseen, and for markup.

    Punctuation becomes a space; a note in brackets behind a name, ``(đã chết)``, is no part of it.
    """
    if text.replace(" ", "").isalpha():  # nothing to lose, as nearly always
        return normalise_name(text)
    if "<" in text or ">" in text:
        return None
    written = _NOTE.sub("", text)
    name = normalise_name(written)
    return name if _letters(name) == _letters(written) else None


def _letters(name: str) -> list[str]:
    return [char for char in name.casefold() if char.isalnum()]


@lru_cache(maxsize=256)
def _marital_status(text: str) -> str:
    """The code of a status; what is none of ours (ly thân) stays as it is written."""
    return parse_marital_status(text) or text


@lru_cache(maxsize=256)
def _vital_status(text: str) -> str:
    return parse_vital_status(text) or text


def _sex(text: str) -> str | None:
    return _SEXES.get(fold(text))


def _instant(text: str) -> str | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = parse_date(text)
        if day is None:
            return None
        try:
            moment = datetime.fromisoformat(day)
        except ValueError:
            return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except OverflowError:  # an hour before the first day of the calendar
        return None


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "personal_id": _personal_id,
    "spouse_personal_id": _personal_id,
    "full_name": _name,
    "mother_full_name": _name,
    "father_full_name": _name,
    "birth_date": parse_date,
    "sex": _sex,
    "marital_status": _marital_status,
    "vital_status": _vital_status,
    "birth_place": normalise_address,
    "home_town": normalise_address,
    "residence": normalise_address,
    "updated_at": _instant,
}


def _parser(read: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Reads a value as it stands in the file: ``None`` for none, ``_NOT_UNDERSTOOD`` for a bad one."""

    def parse(value: str) -> str | None:
        text = collapse_spaces(nfc(value))
        if text.lower() in _NO_VALUE or not _SAYS_SOMETHING.search(text):
            return None
        return read(text) or _NOT_UNDERSTOOD

    return parse


_PARSERS_OF_KINDS = {
    read: _parser(read)
    if read in {_personal_id, _instant}
    else lru_cache(_REMEMBERED)(_parser(read))
    for read in {_as_written, *_READERS.values()}
}
"""Numbers and instants are hardly ever said twice: remembering them would only cost."""
_PARSERS = {column: _PARSERS_OF_KINDS[_READERS.get(column, _as_written)] for column in COLUMNS}
