"""A table of two people: labels at the left or between them, the values of one under each of two headings.

So older certificates print husband and wife, father and mother. What the other forms know (labels beside
or above their values) would give the first person both names.
"""

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ocr.closing import signature_lines
from ocr.form_library import FormSpec, couple_rows
from ocr.labels import find_labels, similarity, squeeze
from ocr.spans import Part, Span
from ocr.text_line import TextLine

RowLabels = Mapping[str, tuple[str, ...]]
"""Labels of rows by the field whose values they head."""
_LIKE_LABEL = 0.85
_LIKE_PARTS = 0.95
"""… of labels that break over rows, or have a value behind them: what two rows say together says little."""
_LIKE_HEADING = 0.85
_LEAST_ROWS = 3
"""Rows with a known label and a value under each heading, from which it is such a table."""
_EDGE = 2.0
"""How far (line heights) the left edges of labels waver."""
_SAME_ROW = 0.7
"""Middles this near (line heights) are of one row."""
_MOST_UNKNOWN = 3
"""Labels of no interest that may follow one another (occupation, religion): more are no table."""
_CLEARLY = 0.2
"""By how much (line heights) the white between two rows must be wider than any within them."""
_LAST_ROW = 1.5
"""How far below the last label (in steps from label to label) its cell may reach."""
_CORNER = 1.8
"""How far (line heights) the rows of the corner's cell reach above and below the headings."""
_CORNER_WORDS = re.compile(r"(?:thông tin|nội dung)\s*(?=[^\W_])", re.IGNORECASE)
_LONGEST = 40
"""Letters of a beginning from which on it is no label."""
_ROW_NUMBER = re.compile(r"\W*\d{1,2}\W*")
_TWO = 2
"""Letters of ``Vợ``, ``Mẹ``: detectors cut such a word short."""
_LABEL_ROWS = 3
"""Rows over which a label may break."""


@dataclass(frozen=True, kw_only=True)
class CoupleSpans:
    """``spans`` by field, and the ``lines`` that the table takes up.

    ``doubtful`` are fields whose cells were cut, or dealt out to rows that nothing parts clearly.
    """

    spans: Mapping[str, Span]
    lines: frozenset[int]
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Head:
    """The heading of one person of a couple: whose, in which line, the middle of it."""

    role: str
    line: int
    middle: float


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A label of the table: its lines and its field (``None``: of no interest)."""

    lines: tuple[int, ...]
    field: str | None
    behind: tuple[int, ...] = (0,)
    """Where in each of its lines the label ends; a value that was read with it begins there."""
    ends: bool = False
    """The line is no label of the table any more, but the one that it ends before."""


def couple_spans(form: FormSpec, lines: Sequence[TextLine]) -> CoupleSpans:
    """The values of both people, nothing where the paper has no such table."""
    labels = couple_rows()
    for left, right, column in _tables(lines, form, labels):
        rows = _rows(lines, column, labels, form.labels())
        if len(rows) < _LEAST_ROWS or _has_labels_inside(lines, rows, labels):
            continue
        spans, doubtful = _spans(lines, (left, right), rows)
        told = [row for row in rows if row.field and _has_both(spans, row.field, (left, right))]
        if len(told) >= _LEAST_ROWS:
            used = {part.line for span in spans.values() for part in span.parts}
            own = {index for row in rows for index in row.lines if not row.ends}
            own |= _corner(lines, left)
            return CoupleSpans(
                spans=spans,
                lines=frozenset(used | own | {left.line, right.line}),
                doubtful=doubtful,
            )
    return CoupleSpans(spans={}, lines=frozenset())


def couple_heads(lines: Sequence[TextLine], form: FormSpec) -> Iterator[tuple[Head, Head]]:
    """Pairs of headings of two people of the form that stand beside one another, from the left."""
    found = [
        Head(role=section.name, line=index, middle=(line.x_at(start) + line.right) / 2)
        for index, line in enumerate(lines)
        for start in (_behind_corner(line.text),)
        for section in form.sections
        if any(similarity(line.text[start:], word) >= _LIKE_HEADING for word in section.headings)
    ]
    found += [head for one in found for head in _read_in_part(one, lines, form)]
    for first in found:
        for second in found:
            apart = second.middle - first.middle
            if (
                first.role != second.role
                and apart > 0
                and lines[second.line].is_beside(lines[first.line], _SAME_ROW)
            ):
                yield first, second


def _read_in_part(one: Head, lines: Sequence[TextLine], form: FormSpec) -> Iterator[Head]:
    """The other's heading where only its first letter was read, alone in the row: ``V`` of ``Vợ``."""
    row = [at for at, line in enumerate(lines)
           if at != one.line and line.text and line.is_beside(lines[one.line], _SAME_ROW)]  # fmt: skip
    if len(row) != 1:
        return
    said = squeeze(lines[row[0]].text)
    for section in form.sections:
        headings = map(squeeze, section.headings)
        short = any(len(word) == _TWO and word.startswith(said) for word in headings)
        if len(said) == 1 and short and section.name != one.role:
            middle = (lines[row[0]].left + lines[row[0]].right) / 2
            yield Head(role=section.name, line=row[0], middle=middle)


def _behind_corner(text: str) -> int:
    """Where the words of the table's corner end that were read with the first heading: ``THÔNG TINVỢ``."""
    corner = _CORNER_WORDS.match(text)
    return corner.end() if corner else 0


def _corner(lines: Sequence[TextLine], head: Head) -> set[int]:
    """What stands left of the headings in their row, and other rows of its cell, in capitals.

    Without anything in the row itself, capitals above it are the end of a value.
    """
    top = lines[head.line]
    left = [at for at, line in enumerate(lines) if line.right < top.left and ":" not in line.text]
    beside = {at for at in left if lines[at].is_beside(top, _SAME_ROW)}
    near = {at for at in left if lines[at].is_beside(top, _CORNER) and lines[at].text.isupper()}
    return beside | near if beside else set()


def _tables(
    lines: Sequence[TextLine], form: FormSpec, wordings: RowLabels
) -> Iterator[tuple[Head, Head, list[int]]]:
    """Both headings and the lines that may be labels, from the top: at the left, else between the people.

    Numbers of rows stand left of labels.
    """
    signing = signature_lines(lines)
    for left, right in couple_heads(lines, form):
        top = lines[left.line]
        below = [
            index
            for index, line in sorted(enumerate(lines), key=lambda pair: pair[1].middle)
            if line.text and line.page == top.page and line.middle > top.middle
            and index not in signing and not _ROW_NUMBER.fullmatch(line.text)
        ]  # fmt: skip
        for begin, end in ((-math.inf, left.middle), (left.middle, right.middle)):
            outside = begin == -math.inf
            known = [
                lines[at]
                for at in below
                if begin < lines[at].left < end and _is_label(lines[at].text, wordings)
            ]
            if len(known) < (1 if outside else _LEAST_ROWS):
                continue
            furthest = max(line.left for line in known) + _EDGE * top.height
            reach = furthest if outside else max(line.right for line in known)
            # a line of the form below the table begins at the left and ends it
            column = [
                at
                for at in below
                if begin < lines[at].left < reach
                or (lines[at].left < begin and find_labels(lines[at].text, form.labels()))
            ]
            yield left, right, column


def _rows(
    lines: Sequence[TextLine], column: Sequence[int], wordings: RowLabels, labels: frozenset[str]
) -> list[_Row]:
    """The labels below the headings, down to the first line of the column that is none."""
    rows: list[_Row] = []
    at = 0
    while at < len(column) and not _is_over(rows):
        text = lines[column[at]].text
        row = _row(lines, column[at : at + _LABEL_ROWS], wordings)
        # labels of other parts of the form have colons, or are known
        ends = row is None and bool(rows) and (":" in text or bool(find_labels(text, labels)))
        rows.append(row or _Row(lines=(column[at],), field=None, ends=ends))
        at += len(rows[-1].lines)
    return rows


def _is_label(text: str, wordings: RowLabels) -> bool:
    return any(
        similarity(text, label) >= _LIKE_LABEL for labels in wordings.values() for label in labels
    )


def _is_over(rows: Sequence[_Row]) -> bool:
    """Whether the last rows are none of such a table."""
    unknown = [row.field is None for row in rows[-_MOST_UNKNOWN:]]
    return bool(rows) and (rows[-1].ends or (len(unknown) == _MOST_UNKNOWN and all(unknown)))


def _row(lines: Sequence[TextLine], column: Sequence[int], wordings: RowLabels) -> _Row | None:
    """The label that begins in the first of these lines; the longest that is read."""
    labels = [(field, label) for field, labels in wordings.items() for label in labels]
    scored = [
        (alike * len(squeeze(label)) ** 0.5, row)
        for row, read, least in _readings(lines, column)
        for field, label in labels
        if (alike := similarity(read, label)) >= least
        for row in [replace(row, field=field)]
    ]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def _readings(
    lines: Sequence[TextLine], column: Sequence[int]
) -> Iterator[tuple[_Row, str, float]]:
    """What may be a label here: words of the first line, rows below it; and how alike it must be to one."""
    first = lines[column[0]].text
    for behind in _word_ends(first):
        if ":" in first[behind:] or len(squeeze(first[:behind])) > _LONGEST:
            continue
        for count in range(1, len(column) + 1):
            within = [lines[index].text for index in column[1 : max(1, count - 1)]]
            last = lines[column[count - 1]].text if count > 1 else ""
            for end in _word_ends(last) if count > 1 else (0,):
                whole = count == 1 and behind == len(first.rstrip())
                ends = (behind, *map(len, within), *([end] if count > 1 else []))
                row = _Row(lines=tuple(column[:count]), field=None, behind=ends)
                read = first[:behind] + "".join(within) + last[:end]
                yield row, read, _LIKE_LABEL if whole else _LIKE_PARTS


def _word_ends(text: str) -> Iterator[int]:
    """Where words end, also before a capital that was read with the word before it: ``tịchViệt``."""
    return (match.end() for match in re.finditer(r"\S+?(?=\s|$|(?<=[a-zà-ỹ])[A-ZÀ-ỸĐ])", text))


def _has_labels_inside(
    lines: Sequence[TextLine], rows: Sequence[_Row], wordings: RowLabels
) -> bool:
    """Whether labels stand right of the column of labels too: then each person has labels of their own."""
    first = lines[rows[0].lines[0]]
    return any(
        _row(lines, [index], wordings) is not None
        for index, line in enumerate(lines)
        if line.left > first.right and _in_reach(line, lines, rows)
    )


def _spans(
    lines: Sequence[TextLine], heads: tuple[Head, Head], rows: Sequence[_Row]
) -> tuple[dict[str, Span], frozenset[str]]:
    """The values by field, and the fields that may have got a part of another's."""
    spans: dict[str, Span] = {}
    doubtful: set[str] = set()
    columns, cut = _columns(lines, heads, rows)
    for head, cells in zip(heads, columns, strict=True):
        shares, unclear = _shared(lines, cells, rows)
        for number, (row, parts) in enumerate(zip(rows, shares, strict=True)):
            name = f"{head.role}_{row.field}"
            if row.field is None or not parts or name in spans:
                continue
            spans[name] = Span(parts=parts)
            if number in unclear or any(part.line in cut for part in parts):
                doubtful.add(name)
    return spans, frozenset(doubtful)


def _columns(
    lines: Sequence[TextLine], heads: tuple[Head, Head], rows: Sequence[_Row]
) -> tuple[tuple[list[Part], list[Part]], frozenset[int]]:
    """The cells under each heading, and the lines under both, cut where the second column begins."""
    labels = {
        index: end
        for row in rows
        if row.field is not None
        for index, end in zip(row.lines, row.behind, strict=True)
    }
    others = {index for row in rows for index in row.lines} - set(labels)
    middle = (heads[0].middle + heads[1].middle) / 2
    both: list[Part] = []
    columns: tuple[list[Part], list[Part]] = ([], [])
    for index, line in enumerate(lines):
        start = labels.get(index, 0)
        says = any(letter.isalnum() for letter in line.text[start:])
        first = lines[rows[0].lines[0]].left
        numbers = _ROW_NUMBER.fullmatch(line.text) and line.left < first < heads[0].middle
        if index in others or not says or numbers or not _in_reach(line, lines, rows):
            continue
        part = Part(line=index, start=start, end=len(line.text))
        if line.x_at(start) < heads[0].middle and line.right > heads[1].middle:
            both.append(part)
        else:
            columns[(line.x_at(start) + line.right) / 2 > middle].append(part)
    lefts = sorted(lines[part.line].left for part in columns[1])
    edge = lefts[len(lefts) // 2] if lefts else middle
    for part in both:
        line = lines[part.line]
        cut = _cut_near(line, part, edge)
        columns[0].append(Part(line=part.line, start=part.start, end=cut))
        columns[1].append(Part(line=part.line, start=cut, end=part.end))
    return columns, frozenset(part.line for part in both)


def _cut_near(line: TextLine, part: Part, edge: float) -> int:
    """Where the second column begins: at a word, or within one where none begins near its edge."""
    words = (match.start() for match in re.finditer(r"(?<=\s)\S", line.text))
    cut = min(words, key=lambda at: abs(line.x_at(at) - edge), default=part.end)
    if cut < part.end and abs(line.x_at(cut) - edge) <= line.height:
        return cut
    return min(
        range(part.start + 1, part.end), key=lambda at: abs(line.x_at(at) - edge), default=cut
    )


def _in_reach(line: TextLine, lines: Sequence[TextLine], rows: Sequence[_Row]) -> bool:
    first, last = lines[rows[0].lines[0]], lines[rows[-1].lines[-1]]
    pitch = (last.middle - first.middle) / max(1, len(rows) - 1)
    return (
        line.page == first.page
        and line.middle >= first.middle - _SAME_ROW * first.height
        and line.middle <= last.middle + _LAST_ROW * pitch
    )


def _shared(
    lines: Sequence[TextLine], cells: Sequence[Part], rows: Sequence[_Row]
) -> tuple[list[tuple[Part, ...]], frozenset[int]]:
    """The cells of one column dealt out to the rows, and the rows next to a cut that nothing makes clear."""
    ordered = sorted(cells, key=lambda part: lines[part.line].middle)
    shares: list[tuple[Part, ...]] = []
    unclear: set[int] = set()
    at = 0
    for number, (row, after) in enumerate(itertools.pairwise(rows)):
        cut, clear = _cut(lines, ordered, at, row, after)
        shares.append(tuple(ordered[at:cut]))
        unclear |= set() if clear else {number, number + 1}
        at = cut
    return [*shares, _connected(lines, ordered[at:])], frozenset(unclear)


def _cut(
    lines: Sequence[TextLine], ordered: Sequence[Part], at: int, row: _Row, after: _Row
) -> tuple[int, bool]:
    """How many of the cells belong to ``row`` and those before it, and whether the white says so clearly.

    Lines between two labels belong to the upper one, or to the lower one where that is centred beside its
    cell: they are parted where the white is widest.
    """
    upper, lower = lines[row.lines[0]], lines[after.lines[0]]
    middles = [lines[part.line].middle for part in ordered]
    low = at + sum(y <= upper.middle + _SAME_ROW * upper.height for y in middles[at:])
    high = low + sum(y < lower.middle - _SAME_ROW * lower.height for y in middles[low:])
    if low == high or high == len(ordered):
        return high, True
    gaps = sorted(
        (
            lines[ordered[cut].line].top - lines[ordered[cut - 1].line].bottom if cut else math.inf,
            cut,
        )
        for cut in range(low, high + 1)
    )
    return gaps[-1][1], gaps[-1][0] - gaps[-2][0] >= _CLEARLY * lower.height


def _connected(lines: Sequence[TextLine], ordered: Sequence[Part]) -> tuple[Part, ...]:
    """The first lines of the last row, as long as they follow one another closely."""
    kept: list[Part] = []
    for part in ordered:
        line = lines[part.line]
        if kept and line.top - lines[kept[-1].line].bottom > line.height:
            break
        kept.append(part)
    return tuple(kept)


def _has_both(spans: Mapping[str, Span], field: str, heads: tuple[Head, Head]) -> bool:
    return all(f"{head.role}_{field}" in spans for head in heads)
