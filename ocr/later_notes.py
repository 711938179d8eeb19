"""Notes of what changed after a paper was made: corrections, a divorce, an adoption.

Registrars write them on the back of a certificate or below its entries (Circular 04/2020/TT-BTP: ``Phần ghi
chú những thông tin thay đổi sau này``). The print above stays as it was: it is read rightly, and no longer
true. What their words mean: :mod:`ocr.note_words`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from domain.form import FormCode
from domain.record import Check, CheckOutcome, Record
from domain.text import fold
from ocr.closing import is_place_and_date, signs
from ocr.labels import squeeze
from ocr.motto import is_motto
from ocr.note_words import is_said_to_be_made, named_in, tells_of_change, written
from ocr.text_line import TextLine

LATER_NOTE = "later_note"
"""The check that fails where a paper bears such a note; its facts: ``noted``, and ``fields`` in doubt."""
_NOTED = frozenset(
    {
        FormCode.BIRTH_CERTIFICATE,
        FormCode.BIRTH_EXTRACT,
        FormCode.MARRIAGE_CERTIFICATE,
        FormCode.MARRIAGE_EXTRACT,
        FormCode.DEATH_EXTRACT,
    }
)
_HEADING = "thongtinthaydoisaunay"
_LIKE_HEADING = 85
_NO_HEADING = re.compile(r"neuco|baogom")
"""Extracts of the register say that they include what was changed later, if anything was."""
_LONGEST_BACK = 45
"""Lines of a page of notes without a heading: it is no second paper."""
_NOTE = re.compile(r"^\W*ghi chu\b")
_NOTE_ROWS = 3
"""Rows that a note below the entries may take."""
_OTHER_LABEL = re.compile(r"^[^\W\d][^:\d]{1,40}:")
_EVERY = ""
"""The end of every field's name."""


def is_page_of_notes(texts: Sequence[str]) -> bool:
    """Whether a page is the page of notes of a paper: headed so, and no paper of its own begins on it."""
    return _heading_row(texts) is not None and not any(is_motto(text) for text in texts)


def is_back_with_notes(texts: Sequence[str]) -> bool:
    """Whether a page that is no known paper says of a change that it was made, without the notes' heading."""
    return (
        len(texts) < _LONGEST_BACK
        and not any(is_motto(text) for text in texts)
        and any(is_said_to_be_made(text) for text in texts)
    )


def may_bear_notes(form: FormCode) -> bool:
    """Whether a page of notes may follow papers of this form."""
    return form in _NOTED


def has_written_notes(lines: Sequence[TextLine]) -> bool:
    """Whether something is written below the heading of notes."""
    return bool(written([line.text for line in _in_table(lines)]))


def later_note(form: FormCode, lines: Sequence[TextLine]) -> Check | None:
    """The check of a paper whose lines tell of a later change; ``None`` where they do not.

    Written lines below the heading of the notes are a note whatever they say: it may be illegible.
    """
    if form not in _NOTED:
        return None
    table = written([line.text for line in _in_table(lines)])
    noted = list(dict.fromkeys([*table, *_below_entries(form, lines)]))
    return _failed(noted, named_in(" ".join(noted))) if noted else None


def in_doubt(check: Check, fields: Iterable[str]) -> set[str]:
    """Which of ``fields`` a note may have changed, whoever's they are."""
    named = check.facts.get("fields")
    named = [str(one) for one in named] if isinstance(named, list) else []
    ends = tuple(one for one in named if not one.endswith("_"))
    persons = tuple(one for one in named if one.endswith("_"))
    return {name for name in fields if name.endswith(ends) or name.startswith(persons)}


def beside_strays(records: Sequence[Record], noted: Sequence[bool]) -> tuple[Record, ...]:
    """The records of a file in which a page of notes found no paper before it.

    ``noted`` says of each record whether its pages of notes are written on. Which way the sheets lay is not
    known then, so the papers that bear notes, or lie beside some, have every entry in doubt.
    """
    return tuple(
        _all_doubted(record)
        if record.form in _NOTED and any(noted[max(0, at - 1) : at + 2])
        else record
        for at, record in enumerate(records)
    )


def _all_doubted(record: Record) -> Record:
    said = [one.facts.get("noted") for one in record.checks if one.code == LATER_NOTE]
    check = _failed([str(one) for one in said if one], [_EVERY])
    return replace(
        record,
        fields={name: replace(value, certain=False) for name, value in record.fields.items()},
        checks=(*(one for one in record.checks if one.code != LATER_NOTE), check),
    )


def _failed(noted: Sequence[str], fields: list[str]) -> Check:
    facts = {"noted": "; ".join(noted), "fields": fields}
    return Check(code=LATER_NOTE, outcome=CheckOutcome.FAIL, facts=facts)


def _in_table(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """The lines below the heading of the notes, on its page and in its half of a folded sheet."""
    for number in dict.fromkeys(line.page for line in lines):
        page = [line for line in lines if line.page == number]
        row = _heading_row([line.text for line in page])
        if row is None:
            continue
        heading = page[row]
        front = [one for one in page if is_motto(one.text) and _beside(one, heading)]
        for line in page:
            below = line.middle > heading.bottom
            if below and not any(_nearer(line, to=one, than=heading) for one in front):
                yield line


def _beside(motto: TextLine, heading: TextLine) -> bool:
    return motto.left > heading.right or motto.right < heading.left


def _nearer(line: TextLine, *, to: TextLine, than: TextLine) -> bool:
    here, there, other = (one.left + one.right for one in (line, to, than))
    return abs(here - there) < abs(here - other)


def _below_entries(form: FormCode, lines: Sequence[TextLine]) -> Iterator[str]:
    """Lines that say of a change that it was made, and notes that name one."""
    for index, line in enumerate(lines):
        if _NOTE.search(fold(line.text)):
            note = " ".join(_rows_of_note(form, lines[index : index + _NOTE_ROWS]))
            if tells_of_change(form, note):
                yield note
        elif is_said_to_be_made(line.text):
            yield line.text


def _rows_of_note(form: FormCode, lines: Sequence[TextLine]) -> Iterator[str]:
    """The rows of a note up to who signs, the place and date, or another label."""
    for row, line in enumerate(lines):
        labelled = _OTHER_LABEL.match(line.text) and not tells_of_change(form, line.text)
        ends = labelled or signs(line.text) or is_place_and_date(line.text)
        if row and (ends or line.page != lines[0].page):
            return
        yield line.text


def _heading_row(texts: Sequence[str]) -> int | None:
    """Where the heading of the notes ends: it may take two rows, with one of another column between."""
    for row, text in enumerate(texts):
        above = [one for one in texts[max(0, row - 2) : row] if not _is_heading(one)]
        if _is_heading(text) or any(_is_heading(f"{one} {text}") for one in above):
            return row
    return None


def _is_heading(text: str) -> bool:
    letters = squeeze(text)
    return (
        len(letters) >= len(_HEADING) * _LIKE_HEADING // 100
        and not _NO_HEADING.search(letters)
        and fuzz.partial_ratio(_HEADING, letters) >= _LIKE_HEADING
    )
