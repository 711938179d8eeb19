"""The population file of the outward contract: CSV rows become persons, bad rows become reasons."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from domain.errors import ErrorCode, HosoError
from domain.person import Person
from domain.population_import import RowRemark
from domain.text import nfc
from matching.broken_text import Flaw
from matching.csv_rows import rows_of
from matching.population_values import COLUMNS, PARSERS

_LONGEST_VALUE = 500
_KEEPS_THE_ROW_OUT = {"personal_id", "full_name", "birth_date", "sex", "updated_at"}
"""Nobody may vanish from the population for a flaw of any other value: it is left out, and told."""
_UTF_16_MARKS = ("\udcff\udcfe", "\udcfe\udcff")
"""Byte order marks as :func:`open_population` reads them."""
_CLOCKS_DIFFER = timedelta(days=1)
"""How far ahead an ``updated_at`` may be: clocks go wrong, and a local time may stand without its zone."""
_ACCIDENTS, _BROKEN_SHARE, _LEAST_SHARE = 2, 0.2, 0.05
"""More broken rows than these, more than this share of the rows with marked letters, and than this of all,
marked or not (where hardly any are, three say nothing of the others): the file is broken."""


@dataclass(frozen=True, kw_only=True)
class AcceptedRow:
    """A well-formed row: where it begins in the file (the header is line 1), and whom it tells of.

    ``remarks`` tell the values that were left out (``spouse_is_oneself`` among the reasons), or taken in part
    (``birth_date_year_only``).
    """

    line: int
    person: Person
    remarks: tuple[RowRemark, ...] = ()
    has_broken_letters: bool = False
    """A value that was left out shows that the file's letters broke on the way."""


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """A row that was not taken, and why.

    Reasons: ``columns_count``, ``csv_malformed``, ``encoding_invalid``, ``value_too_long``,
    ``<column>_invalid``, ``birth_date_in_future``, ``updated_at_in_future``, or what
    :class:`matching.broken_text.Flaw` names; what the population makes of well-formed rows is told by
    ``ImportReport``.
    """

    remark: RowRemark
    has_broken_letters: bool = False
    """The row shows that the file's letters broke on the way."""


def open_population(path: Path) -> TextIO:
    """Open a population file for :func:`parse_population`; bytes that are no UTF-8 spoil only their row."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def parse_population(
    lines: Iterable[str], *, source: str, now: datetime
) -> Iterator[AcceptedRow | RejectedRow]:
    """Each row of a population CSV as a person or as the reason why it is none, in file order.

    ``lines`` is text (:func:`open_population`); a BOM, decomposed letters, quoted line ends and ``;`` as
    the separator are understood, and separators at the end of every line (columns without a name) are
    passed over. Raises ``population_header_invalid`` where columns are missing, unknown or
    double, and ``population_encoding_unsupported`` or ``population_separator_unsupported`` where the header
    is UTF-16 or parted by tabs; at the end ``population_text_broken`` where many rows hold the letters of
    another encoding: those of them that look well are wrong too. ``now`` is the time in UTC.
    """
    rows = iter(lines)
    header_line = next(rows, "").removeprefix("\ufeff")
    _check_kind(header_line)
    delimiter = ";" if ";" in header_line and "," not in header_line else ","
    header, width = _header(header_line, delimiter)
    latest = now + _CLOCKS_DIFFER
    read, marked, broken = 0, 0, list[int]()
    for line, row in rows_of(rows, delimiter=delimiter, width=width, first_line=2):
        read += 1
        if row is None:
            yield _rejected(line, "csv_malformed")
            continue
        if len(row) == width and not any(map(str.strip, row[len(header) :])):
            del row[len(header) :]
        parsed = _person_or_reason(header, row, line=line, source=source, latest=latest)
        if parsed.has_broken_letters:
            broken.append(line)
        marked += parsed.has_broken_letters or not all(map(str.isascii, row))
        yield parsed
    if len(broken) > max(_ACCIDENTS, _BROKEN_SHARE * marked, _LEAST_SHARE * read):
        raise HosoError(ErrorCode.POPULATION_TEXT_BROKEN, rows=len(broken), line=broken[0])


def _rejected(line: int, reason: str, *, column: str = "", sign: str = "") -> RejectedRow:
    remark = RowRemark(line=line, reason=reason, column=column, sign=sign)
    return RejectedRow(remark=remark, has_broken_letters=reason == "encoding_invalid")


def _check_kind(header_line: str) -> None:
    """Tables saved otherwise than asked for, which would only show as columns that are missing."""
    if header_line.startswith(_UTF_16_MARKS) or ("\0" in header_line[:2] and header_line[2:]):
        raise HosoError(ErrorCode.POPULATION_ENCODING_UNSUPPORTED)
    if "\t" in header_line and "," not in header_line and ";" not in header_line:
        raise HosoError(ErrorCode.POPULATION_SEPARATOR_UNSUPPORTED)


def _header(line: str, delimiter: str) -> tuple[list[str], int]:
    """The names of the columns, and how many there are with those at the end that have no name."""
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise HosoError(ErrorCode.POPULATION_HEADER_INVALID, problem=str(error)) from error
    header = [nfc(name).strip().lower() for name in names]
    named = max((at for at, name in enumerate(header, start=1) if name), default=0)
    _check_header(header[:named])
    return header[:named], len(header)


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
    header: list[str], row: list[str], *, line: int, source: str, latest: datetime
) -> AcceptedRow | RejectedRow:
    misshapen = _misshapen(row, len(header))
    if misshapen:
        return _rejected(line, misshapen)
    values = dict(zip(header, row, strict=True))
    parsed: dict[str, str | None] = {}
    remarks: list[RowRemark] = []
    broken = False
    for column in COLUMNS:
        value = PARSERS[column](values[column])
        if isinstance(value, Flaw):
            reason = value.reason or f"{column}_invalid"
            remark = RowRemark(line=line, reason=reason, column=column, sign=value.sign)
            broken |= value.of_the_file
            if column in _KEEPS_THE_ROW_OUT and value.kept is None:
                return RejectedRow(remark=remark, has_broken_letters=broken)
            remarks.append(remark)
            value = value.kept
        parsed[column] = value
    personal_id, written = parsed.pop("personal_id"), parsed.pop("updated_at")
    if personal_id is None:
        return _rejected(line, "personal_id_invalid", column="personal_id")
    born = parsed["birth_date"] or ""
    if born > latest.date().isoformat()[: len(born)]:
        return _rejected(line, "birth_date_in_future", column="birth_date", sign=born)
    if parsed["spouse_personal_id"] == personal_id:
        parsed["spouse_personal_id"] = None
        remarks.append(
            RowRemark(line=line, reason="spouse_is_oneself", column="spouse_personal_id")
        )
    updated_at = None if written is None else datetime.fromisoformat(written)
    if updated_at is not None and updated_at > latest:
        return _rejected(line, "updated_at_in_future", column="updated_at", sign=written or "")
    person = Person(personal_id=personal_id, updated_at=updated_at, source=source, **parsed)
    return AcceptedRow(line=line, person=person, remarks=tuple(remarks), has_broken_letters=broken)


def _misshapen(row: list[str], width: int) -> str:
    """Why nothing can be made of the values at all, empty where something can."""
    if len(row) != width:
        return "columns_count"
    if not _is_text("".join(row)):
        return "encoding_invalid"
    return "value_too_long" if max(map(len, row)) > _LONGEST_VALUE else ""


def _is_text(row: str) -> bool:
    """Whether the values were UTF-8 and hold no NUL, which PostgreSQL cannot keep."""
    try:
        row.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in row
