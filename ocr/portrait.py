"""What stands below a card's portrait is no part of what stands beside it, however close the two were read.

There, in small print, the card says how long it is valid; in the column beside it the residence goes on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr.form_library import FormSpec
from ocr.labels import LabelHit, find_labels
from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import fold_letters, locate, normalise, tells_no_end

_UNTIL = "valid_until"
_DAY = r"(?:\d\d/\d\d/\d{4}|khong thoi han)"
_EXPIRY = re.compile(rf"\W*(?:co gia tri den|date of expiry)\W+{_DAY}\s+(?=\w)")
_LEADING_DAY = re.compile(rf"{_DAY}(\s*)(?=[^\W\d_])")
_BESIDE_PORTRAIT = frozenset({"full_name", "birth_date", "sex", "home_town", "residence"})
"""Fields whose labels stand below one another in the column beside the portrait."""
_PORTRAIT = 3.0
"""Least width of a portrait, in line heights: what hangs out less belongs to its column."""
_REACH = 5.0
"""How far below the column's last label its values may go on, in line heights."""
_WAVERS = 0.75
"""How far from the column's edge the first word in it may be found, in line heights."""
_CLEAR = 0.25
"""White left before the column's edge where a line is cut, in line heights."""
_APART = 1.4
"""White before that word at least, in blanks between other words of the line."""
_WORD = re.compile(r"(?<=[\s:;])[^\W_]")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Column:
    """The column beside the portrait: its left edge on the page, and the last label that begins there."""

    edge: float
    last: TextLine

    def is_above(self, line: TextLine) -> bool:
        """Whether a value of the last label may stand in the line, or what the portrait stands over."""
        below = 0 < line.middle - self.last.middle < _REACH * self.last.height
        return line.page == self.last.page and below

    def is_left_by(self, line: TextLine) -> bool:
        """Whether a line begins where the portrait stands."""
        return line.x_at(0) < self.edge - _PORTRAIT * self.last.height

    def is_reached_by(self, line: TextLine) -> bool:
        """Whether a line goes on into the column."""
        return line.right > self.edge + self.last.height


def parted_at_portrait(form: FormSpec, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines of a card, what stands below the portrait parted from the column and put behind it.

    A line that reaches into both is cut where the date of expiry ends, by its words; where they were misread,
    before the word that begins at the column's edge.
    """
    ordered: list[TextLine] = []
    aside: list[TextLine] = []
    for line, column in _with_columns(form, lines):
        cut = _cut(form, line, column)
        parts = [line] if cut is None else line.parted(cut, left_of=_begins(column))
        if column is None or not column.is_above(line):
            ordered, aside = [*ordered, *aside, *parts], []
        elif column.is_left_by(line):
            aside.append(parts[0])
            ordered += parts[1:]
        else:
            ordered += parts
    return (*ordered, *aside)


def expiry_below_portrait(form: FormSpec, lines: Sequence[TextLine]) -> dict[str, Span]:
    """The one date below the portrait, for cards on which nobody could read the small heading over it."""
    dates = [
        index
        for index, (line, column) in enumerate(_with_columns(form, lines))
        if column is not None and _is_below_portrait(line, column) and _tells_validity(line.text)
    ]
    if len(dates) != 1:
        return {}
    part = Part(line=dates[0], start=0, end=len(lines[dates[0]].text))
    return {_UNTIL: Span(parts=(part,))}


def _with_columns(
    form: FormSpec, lines: Sequence[TextLine]
) -> list[tuple[TextLine, _Column | None]]:
    """Each line, and the column beside the portrait as far as it is known there."""
    column: _Column | None = None
    known: list[tuple[TextLine, _Column | None]] = []
    for line in lines:
        hit = _leads(form, line)
        names = set() if hit is None else _names(form, hit)
        if names & _BESIDE_PORTRAIT:
            column = _Column(edge=line.x_at(0), last=line)
        elif column is not None and hit is not None and _UNTIL not in names:
            # a label that begins further left is of another part of the card
            column = None if _is_below_portrait(line, column) else column
        known.append((line, column))
    return known


def _is_below_portrait(line: TextLine, column: _Column) -> bool:
    return column.is_above(line) and column.is_left_by(line)


def _begins(column: _Column | None) -> float:
    """Where the column begins, clear of its letters; at no place where it is not known."""
    return float("inf") if column is None else column.edge - _CLEAR * column.last.height


def _leads(form: FormSpec, line: TextLine) -> LabelHit | None:
    """The label with which a line begins."""
    return next((hit for hit in find_labels(line.text, form.labels()) if hit.start == 0), None)


def _names(form: FormSpec, hit: LabelHit) -> set[str]:
    """The fields that a label may stand for."""
    return {
        name for section in form.sections for field in section.fields
        if hit.label in field.labels for name in field.names
    }  # fmt: skip


def _cut(form: FormSpec, line: TextLine, column: _Column | None) -> int | None:
    """Where what stands below the portrait ends in a line that goes on into the column."""
    folded = fold_letters(line.text)
    expiry = _EXPIRY.match(folded)
    if expiry is not None:
        return expiry.end()
    if column is None or not (_is_below_portrait(line, column) and column.is_reached_by(line)):
        return None
    day = _LEADING_DAY.match(folded)
    if day is not None and not day[1]:
        return day.end()  # no blank was read where the column's first word begins
    at = _first_word(form, line, column)
    return at if at is not None or day is None else day.end()


def _first_word(form: FormSpec, line: TextLine, column: _Column) -> int | None:
    """The word that begins at the column's edge, behind the heading, a date or more white than a blank."""
    starts = [found.start() for found in _WORD.finditer(line.text)]
    at = min(starts, key=lambda start: abs(line.x_at(start) - column.edge), default=None)
    if at is None or abs(line.x_at(at) - column.edge) > _WAVERS * line.height:
        return None
    headed = _leads(form, line) is not None
    return at if headed or _tells_validity(line.text[:at]) or _stands_apart(line, at) else None


def _tells_validity(text: str) -> bool:
    """Whether a date stands in the text, or that there is no end."""
    told = text[slice(*locate(_UNTIL, text))]
    return normalise(_UNTIL, told) is not None or tells_no_end(_UNTIL, told)


def _stands_apart(line: TextLine, at: int) -> bool:
    """Whether the white before the character ``at`` is wider than between other words of the line."""
    if not line.positions:
        return False
    white = {
        blank.end(): line.positions[blank.end()][0] - line.positions[blank.start() - 1][1]
        for blank in re.finditer(r"(?<=\S)\s+(?=\S)", line.text)
    }
    own = white.pop(at, 0.0)
    return bool(white) and own >= _APART * median(white.values())
