"""A table of persons, one a row: whose a row is stands at its left, what a cell says above its column."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.text import nfc
from ocr.closing import place_and_date_lines, signature_lines
from ocr.couple_table import CoupleSpans
from ocr.form_library import FormSpec, couple_rows
from ocr.labels import find_labels, similarity
from ocr.member_columns import Columns, Heading, columns_between
from ocr.spans import Span
from ocr.text_line import TextLine

_LIKE = 0.85
_ALIGNED = 2.5
"""How far (line heights) the beginnings of the rows waver: short words stand in the middle of their cell."""
_ABOVE = 1.5
"""How far (line heights) the first row of a heading may stand above the name's."""
_SAME_ROW, _CLOSE = 0.3, 0.4
_CLEARLY = 0.15
"""By how much (line heights) the white between two persons must be wider than any within a person's row."""
_LAST_ROW = 0.9
"""White (line heights) below the last row, from which on the table has ended."""
_ROW_NUMBER = re.compile(r"\W*\d{1,2}\W*")
_LEAST_FIELDS = 3
_NOBODY = -1
"""The section of a row that begins with words the form does not know."""
_SUBJECT = "subject"
"""The section whose fields bear no person's name before them."""
_SEX = ("Giới tính", "Giới", "Nam/nữ", "Nam, nữ")


@dataclass(frozen=True, kw_only=True)
class _Person:
    """Whose a row is: the section of the form, the lines that say so, and where in each that ends."""

    section: int
    lines: tuple[int, ...]
    ends: tuple[int, ...]
    left: float
    right: float
    middle: float


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A person's cells; not ``clear``: some may be of the row above or below."""

    person: _Person
    cells: tuple[int, ...]
    clear: bool


def person_rows(form: FormSpec, lines: Sequence[TextLine]) -> CoupleSpans:
    """The values of the persons of such a table, nothing where the paper has none."""
    for name in _name_headings(lines):
        persons = _persons(form, lines, name)
        if len(persons) < 2:
            continue
        columns, headings = _columns(lines, name, persons)
        if columns is None:
            continue
        cells = _cells(lines, persons, headings)
        if _are_labelled(form, lines, persons, {*headings, *cells}):
            continue
        rows = _rows(lines, persons, cells)
        spans, doubtful = _spans(form, lines, rows, columns)
        used = {at for row in rows for at in (*row.person.lines, *row.cells)} | headings
        return CoupleSpans(spans=spans, lines=frozenset(used), doubtful=doubtful)
    return CoupleSpans(spans={}, lines=frozenset())


def _are_labelled(
    form: FormSpec, lines: Sequence[TextLine], persons: Sequence[_Person], table: set[int]
) -> bool:
    """Whether labels outside of the table name the same persons: then its rows are other people's."""
    told = {person.section for person in persons}
    names, others = (
        {
            label
            for number, section in enumerate(form.sections)
            for field in section.fields
            if (number in told) == own and any(name.endswith("full_name") for name in field.names)
            for label in field.labels
        }
        for own in (True, False)
    )
    outside = (line.text for index, line in enumerate(lines) if index not in table)
    return any(
        hit.colon and hit.label in names - others
        for text in outside
        for hit in find_labels(text, form.labels())
    )


def _name_headings(lines: Sequence[TextLine]) -> Iterator[int]:
    words = couple_rows()["full_name"]
    for index, line in enumerate(lines):
        if ":" not in line.text and any(similarity(line.text, word) >= _LIKE for word in words):
            yield index


def _persons(form: FormSpec, lines: Sequence[TextLine], name: int) -> list[_Person]:
    """The beginnings of the rows below the heading of names and left of it, one of each person."""
    top, words = lines[name], _words(form)
    found: dict[int, _Person] = {}
    for index in sorted(range(len(lines)), key=lambda at: lines[at].middle):
        line = lines[index]
        if (
            line.page != top.page
            or line.middle <= top.middle
            or line.left >= top.left
            or not line.text
        ):
            continue
        person = _person(lines, index, words)
        if person is None or person.section in found:
            if any(index in one.lines for one in found.values()):
                continue
            if found and any(hit.start == 0 for hit in find_labels(line.text, form.labels())):
                break
            continue
        first = next(iter(found.values()), person)
        if abs(first.left - person.left) <= _ALIGNED * line.height:
            found[person.section] = person
    return list(found.values())


def _words(form: FormSpec) -> dict[str, int]:
    """The sections by what may stand before a person's row."""
    said = {nfc(word).lower(): number for number, section in enumerate(form.sections)
            for word in section.headings}  # fmt: skip
    if not said or form.lists_members:
        return {}
    own = [label for field in form.sections[0].fields if not field.names for label in field.labels]
    return {nfc(word).lower(): 0 for word in own} | said


def _person(lines: Sequence[TextLine], index: int, words: Mapping[str, int]) -> _Person | None:
    """Whose row begins in this line; its words may break over two rows of the cell."""
    line, text = lines[index], nfc(lines[index].text).lower()
    if not line.text[:1].isupper() and _goes_on(lines, line):
        return None  # the end of a heading: ``Cha,`` and below it ``mẹ``
    for word in sorted(words, key=len, reverse=True):
        ends = [match.start() for match in re.finditer(r" |$", word)]
        for end in reversed(ends):
            rest = word[end:].strip()
            if re.match(rf"{re.escape(word[:end])}(?!\w|:)", text) is None:
                continue
            below = _below(lines, index, rest) if rest else None
            if rest and below is None:
                continue
            parts = (index,) if below is None else (index, below)
            return _Person(
                section=words[word],
                lines=parts,
                ends=(end, *(len(lines[at].text) for at in parts[1:])),
                left=line.left,
                right=line.x_at(end - 1),
                middle=sum(lines[at].middle for at in parts) / len(parts),
            )
    return None


def _goes_on(lines: Sequence[TextLine], line: TextLine) -> bool:
    """Whether a line stands close above, in the same cell."""
    return any(
        other.page == line.page and _is_over(other, line)
        and other.top < line.top and line.top - other.bottom < _CLOSE * line.height
        for other in lines
    )  # fmt: skip


def _below(lines: Sequence[TextLine], index: int, rest: str) -> int | None:
    """The line that goes on with ``rest`` below a line of the same cell."""
    upper = lines[index]
    return next(
        (
            at
            for at, line in enumerate(lines)
            if nfc(line.text).lower() == rest and line.page == upper.page
            and 0 < line.middle - upper.middle < 2 * upper.height
            and abs(line.left - upper.left) <= _ALIGNED * upper.height
        ),
        None,
    )  # fmt: skip


def _columns(
    lines: Sequence[TextLine], name: int, persons: Sequence[_Person]
) -> tuple[Columns | None, set[int]]:
    """The columns by the headings above the first person, and the lines that make these up."""
    top, first = lines[name], persons[0]
    own = {at for person in persons for at in person.lines}
    zone = [
        at
        for at, line in enumerate(lines)
        if line.text and at not in own and line.page == top.page
        and line.middle > top.middle - _ABOVE * top.height
        and line.middle < first.middle - _SAME_ROW * top.height
    ]  # fmt: skip
    row = [lines[at] for at in zone if lines[at].is_beside(top, _SAME_ROW)]
    zone = [at for at in zone if sum(_is_over(lines[at], line) for line in row) <= 1]
    heads: list[Heading] = []
    used: set[int] = set()
    for column in _stacks(lines, zone):
        field, taken = _said(lines, column)
        if lines[column[0]].right <= top.left:
            used |= set(column)  # over the beginnings of the rows
            continue
        used |= set(taken)
        left, right = min(lines[at].left for at in taken), max(lines[at].right for at in taken)
        heads.append(Heading(field=field, left=left, right=right))
    fields = [head.field for head in heads if head.field]
    if len(fields) < _LEAST_FIELDS or "full_name" not in fields or len(set(fields)) < len(fields):
        return None, set()
    begin = Heading(
        field="", left=min(p.left for p in persons), right=max(p.right for p in persons)
    )
    below = [at for at, line in enumerate(lines) if line.text and line.page == top.page
             and at not in used and _is_within(line, lines, zone, persons)]  # fmt: skip
    ordered = sorted((begin, *heads), key=lambda head: head.left)
    return columns_between(ordered, below, lines), used


def _is_within(
    line: TextLine, lines: Sequence[TextLine], zone: Sequence[int], persons: Sequence[_Person]
) -> bool:
    top = min(lines[at].bottom for at in zone)
    return top - 1 <= line.top and line.middle <= persons[-1].middle + line.height


def _stacks(lines: Sequence[TextLine], zone: Sequence[int]) -> list[list[int]]:
    """The lines of each column of headings, from the top."""
    stacks: list[list[int]] = []
    for index in sorted(zone, key=lambda at: lines[at].top):
        line = lines[index]
        over = next(
            (stack for stack in stacks
             if any(_is_over(lines[at], line) for at in stack)),
            None,
        )  # fmt: skip
        if over is None:
            stacks.append([index])
        else:
            over.append(index)
    return stacks


def _is_over(one: TextLine, other: TextLine) -> bool:
    """Whether two lines share some x: one stands above the other."""
    return one.left < other.right and other.left < one.right


def _said(lines: Sequence[TextLine], column: Sequence[int]) -> tuple[str, Sequence[int]]:
    """The field that a column of headings names, and the lines that do; what stands above may be a title."""
    runs = sorted(
        (column[start:end] for start, end in itertools.combinations(range(len(column) + 1), 2)),
        key=lambda run: -len(run),
    )
    for run in runs:
        read = " ".join(lines[at].text for at in run)
        for field, wordings in {**couple_rows(), "sex": _SEX}.items():
            if any(similarity(read, word) >= _LIKE for word in wordings):
                return field, run
    return "", column[:1]


def _cells(lines: Sequence[TextLine], persons: Sequence[_Person], headings: set[int]) -> list[int]:
    """The lines of the table below its headings, down to the white below its last row, or who signs.

    The next line at the left of all columns is the last: cells of its row may stand higher.
    """
    page, last = lines[persons[0].lines[0]].page, persons[-1]
    top = max(lines[at].bottom for at in headings)
    ends = signature_lines(lines) | place_and_date_lines(lines)
    own = {at for person in persons for at in person.lines}
    found: list[int] = []
    bottom = last.middle
    for index in sorted(range(len(lines)), key=lambda at: lines[at].top):
        line = lines[index]
        above = line.middle < top - _SAME_ROW * line.height
        if line.page != page or not line.text or index in headings or above:
            continue
        below = line.middle > last.middle + _SAME_ROW * line.height
        if below and (index in ends or line.top - bottom > _LAST_ROW * line.height):
            break
        bottom = max(bottom, line.bottom)
        if not _ROW_NUMBER.fullmatch(line.text):
            found.append(index)
            if below and index not in own and line.left < last.right:
                break
    return found


def _rows(
    lines: Sequence[TextLine], persons: Sequence[_Person], cells: Sequence[int]
) -> list[_Row]:
    """The cells dealt out to the persons, and to what else begins a row at the left of all columns."""
    begun = _beginnings(lines, persons, cells)
    cuts = [_cut(lines, cells, *pair) for pair in itertools.pairwise(begun)]
    edges = [-float("inf"), *(y for y, _ in cuts), float("inf")]
    return [
        _Row(
            person=person,
            cells=tuple(
                at for at in cells if edges[number] < lines[at].middle <= edges[number + 1]
            ),
            clear=all(clear for _, clear in cuts[max(0, number - 1) : number + 1]),
        )
        for number, person in enumerate(begun)
        if person.section != _NOBODY
    ]


def _beginnings(
    lines: Sequence[TextLine], persons: Sequence[_Person], cells: Sequence[int]
) -> list[_Person]:
    """The persons, and what else begins a row: nobody of the form."""
    own = {at for person in persons for at in person.lines}
    reach = max(person.right for person in persons)
    others = [
        _Person(
            section=_NOBODY,
            lines=(at,),
            ends=(len(lines[at].text),),
            left=lines[at].left,
            right=lines[at].right,
            middle=lines[at].middle,
        )
        for at in cells
        if at not in own and lines[at].left < reach
        and all(abs(lines[at].middle - p.middle) > lines[at].height for p in persons)
    ]  # fmt: skip
    return sorted((*persons, *others), key=lambda person: person.middle)


def _spans(
    form: FormSpec, lines: Sequence[TextLine], rows: Sequence[_Row], columns: Columns
) -> tuple[dict[str, Span], frozenset[str]]:
    """The values by field, and the fields of persons whose rows nothing parts clearly."""
    known = {name for section in form.sections for field in section.fields for name in field.names}
    spans: dict[str, Span] = {}
    doubtful: set[str] = set()
    for row in rows:
        whose = form.sections[row.person.section].name
        prefix = "" if whose == _SUBJECT else f"{whose}_"
        ends = dict(zip(row.person.lines, row.person.ends, strict=True))
        found = {
            prefix + field: Span(parts=tuple(cells))
            for field, parts in columns.parts(row.cells, lines).items()
            if prefix + field in known
            and (cells := [part for part in parts if part.end > ends.get(part.line, 0)])
        }
        spans |= found
        doubtful |= set() if row.clear else set(found)
    return spans, frozenset(doubtful)


def _cut(
    lines: Sequence[TextLine], cells: Sequence[int], upper: _Person, lower: _Person
) -> tuple[float, bool]:
    """The y between two persons where the white is widest, and whether it clearly is."""
    between = sorted(
        (
            lines[at]
            for at in cells
            if upper.middle - 1 <= lines[at].bottom and lines[at].top <= lower.middle + 1
        ),
        key=lambda line: line.top,
    )
    gaps: list[tuple[float, float]] = []
    bottom = between[0].bottom
    for line in between[1:]:
        if upper.middle < (line.top + bottom) / 2 < lower.middle:
            gaps.append((line.top - bottom, (line.top + bottom) / 2))
        bottom = max(bottom, line.bottom)
    if not gaps:
        return (upper.middle + lower.middle) / 2, False
    gaps.sort()
    second = gaps[-2][0] if len(gaps) > 1 else -float("inf")
    return gaps[-1][1], gaps[-1][0] - second >= _CLEARLY * between[0].height
