"""The columns of a household's table: where each begins, by its heading and the white between the cells."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from domain.text import nfc
from ocr.form_library import member_headings
from ocr.spans import Part
from ocr.text_line import TextLine
from ocr.values import fold_letters

_LEAST = 4
"""Columns known by their headings, from which rows are read by columns; the name's must be among them."""
_SAME_ROW = 0.7
_NEAR = 16
"""Lines before and behind one, in reading order, among which those of its row stand."""
_SHORT = 3
"""Headings of so few letters count where they begin their line, with their marks: ``dân`` ends *căn cước công
dân* too, and ``năm`` is no ``Nam``."""
_WORD = re.compile(r"\S+")
_BEFORE = 0.8
"""How far (line heights) a cell may begin left of its heading where no white tells."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """``edges`` are the x where each column but the first begins; ``fields`` are named from the left."""

    edges: tuple[float, ...]
    fields: tuple[str, ...]

    def parts(self, row: Sequence[int], lines: Sequence[TextLine]) -> dict[str, list[Part]]:
        """The words of a row's lines by field, in reading order."""
        found: dict[str, list[Part]] = {}
        for index in row:
            line = lines[index]
            last: str | None = None
            for word in _WORD.finditer(line.text):
                field = self.field_at((line.x_at(word.start()) + line.x_at(word.end() - 1)) / 2)
                parts = found.setdefault(field, [])
                start = parts.pop().start if field == last else word.start()
                parts.append(Part(line=index, start=start, end=word.end()))
                last = field
        found.pop("", None)
        return found

    def field_at(self, x: float) -> str:
        """The field of the column at ``x``; empty for one of no interest."""
        return self.fields[sum(edge <= x for edge in self.edges)]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands over a column: its field, empty where of no interest, and how far it reaches."""

    field: str
    left: float
    right: float


def heading_row(lines: Sequence[TextLine], after: int) -> int | None:
    """The first line, from ``after`` on, of a row that heads a table of members; ``None`` where none does.

    Labels with colons are none of a table's.
    """
    for index in range(after, len(lines)):
        row = [
            line
            for line in lines[max(0, index - _NEAR) : index + _NEAR]
            if line.is_beside(lines[index], _SAME_ROW)
        ]
        if len(row) < _LEAST - 1 or any(":" in line.text for line in row):
            continue
        fields = {heading.field for heading in _headings(row)} - {""}
        if "full_name" in fields and len(fields) >= _LEAST:
            return index
    return None


def columns_of(
    headings: Sequence[int], cells: Sequence[int], lines: Sequence[TextLine]
) -> Columns | None:
    """The columns under the heading lines; ``None`` where too few of them are known."""
    found = sorted(
        _headings([lines[index] for index in headings]), key=lambda heading: heading.left
    )
    if "full_name" not in {heading.field for heading in found} or len(found) < _LEAST:
        return None
    return columns_between(found, cells, lines)


def columns_between(
    headings: Sequence[Heading], cells: Sequence[int], lines: Sequence[TextLine]
) -> Columns:
    """The columns under headings given from the left, parted by the white between the cells."""
    words = [
        (line.x_at(word.start()), line.x_at(word.end() - 1))
        for line in (lines[index] for index in cells)
        for word in _WORD.finditer(line.text)
    ]
    height = min((lines[index].height for index in cells), default=0.0)
    edges = [_edge(words, left, right, height) for left, right in itertools.pairwise(headings)]
    return Columns(edges=tuple(edges), fields=tuple(heading.field for heading in headings))


def _headings(lines: Sequence[TextLine]) -> list[Heading]:
    """One heading per field, where it is first met from the top; others are of no interest.

    So is a line of the first row that says nothing known: its column must not run into the one before.
    """
    found: dict[str, Heading] = {}
    nameless: list[Heading] = []
    top = min(lines, key=lambda line: line.middle)
    for line in sorted(lines, key=lambda line: line.top):
        headings = list(_headings_in(line))
        known = [*found.values(), *nameless]
        below = any(line.left < one.right and line.right > one.left for one in known)
        if not headings and line.text and not below and line.is_beside(top, _SAME_ROW):
            headings = [Heading(field="", left=line.left, right=line.right)]
        for heading in headings:
            if heading.field and heading.field not in found:
                found[heading.field] = heading
            elif not heading.field or line.is_beside(top, _SAME_ROW):
                nameless.append(replace(heading, field=""))
    return [*found.values(), *nameless]


def _headings_in(line: TextLine) -> Iterator[Heading]:
    taken: list[tuple[int, int]] = []
    folded = fold_letters(line.text)
    for field, word, printed in _wordings():
        for match in re.finditer(rf"(?<!\w){word}(?!\w)", folded):
            inside = any(match.start() < end and match.end() > start for start, end in taken)
            if inside or (len(printed) <= _SHORT and not nfc(line.text).startswith(printed)):
                continue
            taken.append(match.span())
            yield Heading(
                field=field, left=line.x_at(match.start()), right=line.x_at(match.end() - 1)
            )


@cache
def _wordings() -> list[tuple[str, str, str]]:
    """Field, pattern and wording, the longest wording first."""
    found = [
        (field, r"\W*".join(re.findall(r"\w+", fold_letters(wording.lower()))), wording)
        for field, wordings in member_headings().items()
        for wording in wordings
    ]
    return sorted(found, key=lambda each: -len(each[1]))


def _edge(
    words: Sequence[tuple[float, float]], left: Heading, right: Heading, height: float
) -> float:
    """The middle of the widest white between two columns' middles that no word of the table reaches into."""
    low, high = (left.left + left.right) / 2, (right.left + right.right) / 2
    inside = sorted((a, b) for a, b in words if b > low and a < high)
    reach, best = low, (0.0, right.left - _BEFORE * height)
    for start, end in [*inside, (high, high)]:
        if start - reach > best[0]:
            best = start - reach, (start + reach) / 2
        reach = max(reach, end)
    return best[1]
