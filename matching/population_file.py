"""The population file of the outward contract: CSV rows become persons, bad rows become reasons."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from domain.addresses import normalise_address
from domain.dates import parse_date
from domain.errors import ErrorCode, HosoError
from domain.names import normalise_name
from domain.person import Person
from domain.personal_number import parse as parse_personal_number
from domain.text import collapse_spaces, fold, nfc

COLUMNS = (
    "personal_id full_name birth_date sex ethnicity nationality birth_place home_town residence "
    "mother_full_name father_full_name marital_status spouse_personal_id vital_status updated_at"
).split()
"""Columns of the contract, in any order; every one must stand in the header."""
_SEXES = {"nam": "male", "male": "male", "nu": "female", "female": "female"}
_LONGEST_VALUE = 500
_NO_VALUE = {"", "null", "none", "nan"}


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """A row that was not taken: line in the file (the header is line 1) and why.

    Reasons: ``columns_count``, ``csv_malformed``, ``encoding_invalid``, ``value_too_long``, or
    ``<column>_invalid``.
    """

    line: int
    reason: str


class _InvalidError(ValueError):
    """A value of one column that cannot be understood."""


def open_population(path: Path) -> TextIO:
    """Open a population file for :func:`parse_population`; bytes that are no UTF-8 spoil only their row."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def parse_population(lines: Iterable[str], *, source: str) -> Iterator[Person | RejectedRow]:
    """Each row of a population CSV as a person or as the reason why it is none, in file order.

    ``lines`` is text (:func:`open_population`); a BOM, decomposed letters, quoted line ends and ``;`` as
    the separator are understood. Raises ``population_header_invalid`` where columns are missing, unknown or
    double.
    """
    rows = iter(lines)
    header_line = next(rows, "").removeprefix("\ufeff")
    delimiter = ";" if ";" in header_line and "," not in header_line else ","
    header = [
        nfc(name).strip().lower()
        for name in next(csv.reader([header_line], delimiter=delimiter), [])
    ]
    _check_header(header)
    reader = csv.reader(rows, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 2
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield RejectedRow(line=line, reason="csv_malformed")
            continue
        if row:
            yield _person_or_reason(header, row, line=line, source=source)


def _check_header(header: list[str]) -> None:
    missing = sorted(set(COLUMNS) - set(header))
    unknown = sorted(set(header) - set(COLUMNS))
    double = sorted({name for name in header if header.count(name) > 1})
    if missing or unknown or double:
        raise HosoError(
            ErrorCode.POPULATION_HEADER_INVALID, missing=missing, unknown=unknown, double=double
        )


def _person_or_reason(
    header: list[str], row: list[str], *, line: int, source: str
) -> Person | RejectedRow:
    if len(row) != len(header):
        return RejectedRow(line=line, reason="columns_count")
    if not all(_is_utf8(value) for value in row):
        return RejectedRow(line=line, reason="encoding_invalid")
    if any(len(value) > _LONGEST_VALUE or "\0" in value for value in row):
        return RejectedRow(line=line, reason="value_too_long")
    values = dict(zip(header, row, strict=True))
    parsed: dict[str, str | None] = {}
    for column in COLUMNS:
        try:
            parsed[column] = _value(column, values)
        except _InvalidError:
            return RejectedRow(line=line, reason=f"{column}_invalid")
    updated_at = parsed.pop("updated_at")
    personal_id = parsed.pop("personal_id")
    if personal_id is None:
        return RejectedRow(line=line, reason="personal_id_invalid")
    return Person(
        personal_id=personal_id,
        updated_at=None if updated_at is None else datetime.fromisoformat(updated_at),
        source=source,
        **parsed,
    )


def _is_utf8(value: str) -> bool:
    return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)


def _value(column: str, values: Mapping[str, str]) -> str | None:
    text = collapse_spaces(nfc(values[column]))
    if text.lower() in _NO_VALUE:
        return None
    value = _READERS.get(column, _as_written)(text)
    if not value:
        raise _InvalidError
    return value


def _as_written(text: str) -> str | None:
    return text


def _personal_id(text: str) -> str | None:
    number = parse_personal_number(text)
    return None if number is None else number.digits


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
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "personal_id": _personal_id,
    "spouse_personal_id": _personal_id,
    "full_name": normalise_name,
    "mother_full_name": normalise_name,
    "father_full_name": normalise_name,
    "birth_date": parse_date,
    "sex": _sex,
    "birth_place": normalise_address,
    "home_town": normalise_address,
    "residence": normalise_address,
    "updated_at": _instant,
}
