"""What stands on a paper, before it is drawn: labels, values and the truth they carry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from domain.form import FormCode
from domain.person import Person


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A printed label with its value. ``field`` and ``value`` are the truth, ``None`` for mere text."""

    label: str
    text: str = ""
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """Entries side by side, each with its share of the width; one entry alone may wrap."""

    entries: tuple[Entry, ...]
    shares: tuple[float, ...] = (1.0,)
    flow: bool = False
    """Entries run on like a sentence."""
    cells: bool = False
    """Each entry wraps inside its own share of the width, as in a table."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One A4 page of a civil paper."""

    form: FormCode
    agency: tuple[str, ...]
    number: Entry | None
    place_date: Entry | None
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    signer_titles: tuple[str, ...]
    signer_name: str
    issuing_agency: Entry
    left_signer: tuple[str, ...] = ()
    back_titles: tuple[str, ...] = ()
    """Titles of a back page, empty where the paper has none."""
    header_centred: bool = False
    """Certificates centre the state header and name no agency above."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One document to be made: its sheet or card, the people on it, and the truth."""

    form: FormCode
    sheet: Sheet | None
    persons: Mapping[str, Person]
    fields: Mapping[str, str]
    card: Mapping[str, str] = field(default_factory=dict)
    """For identity cards: what is printed, by slot; ``layout`` is the year of its kind: ``1999`` (nine
    digits), ``2016``, ``2021`` or ``2024``."""


def single(label: str, text: str, *, field: str | None = None, value: str | None = None) -> Row:
    """A row of one entry; the value is the text where no other is given."""
    truth = (value or text) if field else None
    return Row(entries=(Entry(label=label, text=text, field=field, value=truth),))


def entries_of(sheet: Sheet) -> Iterator[Entry]:
    """Every entry of the sheet, header first."""
    yield sheet.issuing_agency
    for entry in (sheet.number, sheet.place_date):
        if entry is not None:
            yield entry
    for row in sheet.rows:
        yield from row.entries


def truth_of(sheet: Sheet) -> dict[str, str]:
    """The fields that can be read on the sheet, normalised as record values are."""
    return {
        entry.field: entry.value
        for entry in entries_of(sheet)
        if entry.field is not None and entry.value
    }
