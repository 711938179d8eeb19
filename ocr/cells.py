"""Labels and values in cells: a label beside the middle of a value of several rows, or on top of it."""

import itertools
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from domain.text import nfc
from ocr.anchors import Anchor, Anchors
from ocr.form_library import FormSpec
from ocr.headings import heads_a_part
from ocr.labels import find_labels, similarity, squeeze
from ocr.text_line import TextLine

_BESIDE = 0.2
"""A row stands above or below a label from this many line heights between their middles on."""
_CENTRED = 0.45
"""How far (line heights) the label may stand from the middle of the rows around it."""
_REACH = 2.3
_ALIGNED = 1.0
_LOOSE_ROWS = 0.8
"""Two rows of one cell have less white than this (line heights) between them."""
_APART = 0.2
"""A cell begins where the white above a row is greater by this (line heights) than that below it; boxes waver
by 0.12 with the letters that stick out."""
_MOST_ROWS_BELOW = 3
_NEAR = 12
"""Lines behind a label, in reading order, among which the next row of its cell stands."""
_WHOLE, _LONG = 0.95, 8
"""Similarity from which two rows are one label, and its letters at least: ``Nam`` above ``Nữ`` is none."""
_BARE_NUMBER = re.compile(r"\d{1,2}\s+(?=[^\W\d])")
"""Of a table's row. One with a sign (``4.``) tells that labels of the line are numbered, and stays."""
_SHORT, _LEAST_HEAD = 4, 3
"""Letters at least of a label that breaks with its row, and of the beginning of any."""
_MOST_WORDS = 4
"""Words of a label that may stand in its second row."""
_BLANK = " :;.…_"
_CLAUSE_BEGUN = re.compile(r"[;,]\s*(?=([^\W\d][^;.:]{1,30})$)")
"""What may be the beginning of a label at the end of a row of prose; labels may have commas."""


def labels_first(form: FormSpec, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines, each label that is centred beside the rows of its value put before the first of them.

    So tables print: the label stands in the middle of its cell, and reading row by row would give the
    value's first row to the label above.
    """
    labels = form.labels()
    ordered = list(lines)
    for label in lines:
        if not _is_label_alone(label, labels):
            continue
        beside = [line for line in lines if line is not label and _is_right_of(label, line)]
        above = [line for line in beside if _distance(label, line) < -_BESIDE * label.height]
        below = [line for line in beside if _distance(label, line) > _BESIDE * label.height]
        if not above or not below:
            continue
        upper, lower = (
            max(above, key=lambda line: line.middle),
            min(below, key=lambda line: line.middle),
        )
        middles = [line for line in beside if line not in (*above, *below)]
        others = [line for line in lines if line is not label]
        claimed = any(_has_own_label(line, others, labels) for line in (upper, lower))
        if middles and not _is_apart(upper, middles, lines):
            continue
        if claimed or not _is_one_cell(label, upper, lower, own=bool(middles)):
            continue
        ordered.remove(label)
        at = next(index for index, line in enumerate(ordered) if line is upper)
        ordered.insert(at, replace(label, row=upper.row))
    return tuple(ordered)


def with_whole_labels(form: FormSpec, lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines, labels that break within a cell put together in one row, the other emptied.

    It is the first row, where the value may have been read with the label, or the second where the value
    stands behind the label's end. A part alone may be another label: ``Họ, chữ đệm, tên người đi`` is like
    that of the mother. The bare number of a row goes with what is put together.
    """
    every = form.labels()
    labels = frozenset(label for label in every if len(squeeze(label)) >= _LONG)
    heads = {squeeze(word) for section in form.sections for word in section.headings}
    joined = list(lines)
    for upper, first in enumerate(joined):
        bare = _BARE_NUMBER.match(first.text)
        begin = bare.end() if bare else 0
        lower = _row_below(joined, upper, begin)
        if lower is None:
            continue
        second = joined[lower]
        rest, colon, value = second.text.partition(":")
        head = first.text[begin:].partition(":")[0].rstrip()
        told = first.text[begin:].partition(":")[2].strip(_BLANK)
        if told and not colon and squeeze(rest) in heads and _is_label(head, every):
            continue  # label and value have ended, and what stands below heads another part
        if _is_broken(head, rest, labels, every):
            end = begin + len(head)
            if value.strip(_BLANK) and not first.text[end:].strip(_BLANK):
                joined[upper] = first.keeping(())
                joined[lower] = second.with_inserted(0, first.keeping(range(begin, end)))
            else:
                joined[upper] = first.keeping(range(begin, len(first.text))).with_inserted(
                    len(head), second
                )
                joined[lower] = second.keeping(())
        elif not value.strip(_BLANK) and not _is_label(head, every):
            # label and value of a narrow table may have been read as one line
            ends = (match.end() for match in re.finditer(r"\S+", head))
            end = next((end for end in ends if _is_broken(head[:end], rest, labels, every)), 0)
            if end:
                joined[upper] = first.keeping(range(begin, len(first.text))).with_inserted(
                    end, second
                )
                joined[lower] = second.keeping(())
    return joined


def with_labels_of_one_row(form: FormSpec, lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines, labels of running prose that break with the row put together in the second one.

    ``… quốc tịch: Việt Nam; nơi cư`` and below it ``trú: Xóm 7 …``.
    """
    labels = frozenset(label for label in form.labels() if len(squeeze(label)) >= _SHORT)
    small = {nfc(label).lower() for label in labels}
    whole = list(lines)
    for upper, lower in itertools.pairwise(range(len(whole))):
        first, second = whole[upper], whole[lower]
        rest, colon, _ = second.text.partition(":")
        if first.page != second.page or second.row <= first.row:
            continue
        for begun in _CLAUSE_BEGUN.finditer(first.text):
            goes_on = colon and _goes_on_in_next_row(begun[1], rest, labels)
            if goes_on or _goes_on_in_small(begun[1], second.text, small):
                tail = first.keeping(range(begun.start(1), len(first.text)))
                whole[upper] = first.keeping(range(begun.start(1)))
                whole[lower] = second.with_inserted(0, tail)
                break
    return whole


def _goes_on_in_next_row(begun: str, rest: str, labels: frozenset[str]) -> bool:
    """Whether both say a label together; exactly where the beginning is one by itself."""
    alike = max(similarity(begun + rest, label) for label in labels)
    return alike >= _WHOLE and (alike == 1.0 or not find_labels(begun, labels))


def _goes_on_in_small(begun: str, row: str, labels: AbstractSet[str]) -> bool:
    """Whether a clause begins with one of ``labels``, in small letters: ``giới``, below it ``tính Nữ``."""
    begun, words = nfc(begun).strip(), nfc(row).split()[:_MOST_WORDS]
    ends = (" ".join([begun, *words[:count]]) for count in range(1, len(words) + 1))
    return begun[:1].islower() and begun not in labels and any(end in labels for end in ends)


def _is_label(text: str, labels: frozenset[str]) -> bool:
    return max(similarity(text, label) for label in labels) >= _WHOLE


def _is_broken(head: str, rest: str, whole: frozenset[str], labels: frozenset[str]) -> bool:
    """Whether two rows say one of the ``whole`` labels together, the second in small letters as a part of it.

    The first must be none of ``labels`` alone, unless the second goes on exactly: ``Nơi cư trú``, below
    it ``cuối cùng``.
    """
    goes_on = rest.lstrip()[:1].islower() or (head.isupper() and rest.isupper())
    if len(squeeze(head)) < _LEAST_HEAD or not squeeze(rest) or not goes_on:
        return False
    alike = max((similarity(head + rest, label) for label in whole), default=0.0)
    return alike >= _WHOLE and (alike == 1.0 or not _is_label(head, labels))


def _row_below(lines: Sequence[TextLine], upper: int, begin: int) -> int | None:
    """The next row of the cell that begins with the character ``begin`` of the line ``upper``."""
    if not lines[upper].text[begin:]:
        return None
    near = range(upper + 1, min(upper + _NEAR, len(lines)))
    return next((at for at in near if _goes_on_below(lines[upper], begin, lines[at])), None)


def _goes_on_below(upper: TextLine, begin: int, lower: TextLine) -> bool:
    near = -0.5 * upper.height < lower.top - upper.bottom < _LOOSE_ROWS * upper.height
    aligned = abs(upper.x_at(begin) - lower.left) <= _ALIGNED * upper.height
    return bool(lower.text) and upper.page == lower.page and near and aligned


def _is_apart(upper: TextLine, middles: Sequence[TextLine], lines: Sequence[TextLine]) -> bool:
    """Whether a cell begins at ``upper``: further from the row above than from the one below.

    From middle to middle, for the edges of boxes move with the letters that stick out.
    """
    before = [line for line in lines if line.page == upper.page and line.middle < upper.top
              and line.left < upper.right and line.right > upper.left]  # fmt: skip
    inside = min(line.middle for line in middles) - upper.middle
    above = upper.middle - max((line.middle for line in before), default=0.0)
    return above > inside + _APART * upper.height


def _is_label_alone(line: TextLine, labels: frozenset[str]) -> bool:
    hits = find_labels(line.text, labels)
    return bool(hits) and not any(c.isalnum() for c in line.text[hits[-1].end :])


def _distance(label: TextLine, line: TextLine) -> float:
    return line.middle - label.middle


def _is_right_of(label: TextLine, line: TextLine) -> bool:
    near = abs(_distance(label, line)) <= _REACH * label.height
    return near and line.page == label.page and line.left >= label.right - 0.3 * label.height


def _is_one_cell(label: TextLine, upper: TextLine, lower: TextLine, *, own: bool) -> bool:
    height = label.height
    centred = abs(_distance(label, upper) + _distance(label, lower)) / 2 <= _CENTRED * height
    aligned = abs(upper.left - lower.left) <= _ALIGNED * height
    white = lower.top - upper.bottom
    return centred and aligned and white < (_LOOSE_ROWS + (1.0 if own else 0.0)) * height


def _has_own_label(line: TextLine, lines: Sequence[TextLine], labels: frozenset[str]) -> bool:
    """Whether a label stands on the line's own row, left of it."""
    return bool(find_labels(line.text, labels)) or any(
        other.page == line.page
        and other.right <= line.left + 0.3 * line.height
        and abs(_distance(other, line)) <= _BESIDE * line.height
        and find_labels(other.text, labels)
        for other in lines
    )


def is_heading(anchor: Anchor, anchors: Anchors, lines: Sequence[TextLine]) -> bool:
    """Whether the label stands in a row of labels without values, as a table's heading does."""
    first = lines[anchor.line]
    row = [a for a in anchors.found
           if (lines[a.line].page, lines[a.line].row) == (first.page, first.row)]  # fmt: skip
    if len(row) < 2:
        return False
    cells = [line for line in lines if (line.page, line.row) == (first.page, first.row)]
    letters = sum(c.isalnum() for line in cells for c in line.text)
    named = sum(c.isalnum() for a in row for c in lines[a.line].text[a.hit.start : a.hit.end])
    return letters == named


def under_heading(anchor: Anchor, anchors: Anchors, lines: Sequence[TextLine]) -> list[int]:
    """The lines of the cell below a label that is a heading: between it and the next heading's left."""
    first = lines[anchor.line]
    heads = [(lines[a.line].x_at(a.hit.start), lines[a.line].x_at(a.hit.end - 1), a)
             for a in anchors.found
             if (lines[a.line].page, lines[a.line].row) == (first.page, first.row)]  # fmt: skip
    found: list[int] = []
    last = first
    for index in range(anchor.line + 1, len(lines)):
        line = lines[index]
        if line.page != first.page or line.row <= first.row:
            continue
        owner = min(heads, key=lambda head: _offset(line, head[0], head[1]))[2]
        if owner is not anchor:
            if anchors.ends(index):
                break
            continue
        headed = bool(found) and heads_a_part(last.text, line.text, None)
        if anchors.ends(index) or line.top - last.bottom > line.height or headed:
            break
        found.append(index)
        last = line
    return found


def _offset(line: TextLine, left: float, right: float) -> float:
    """How far a line stands from a column's left edge or from its middle."""
    return min(abs(line.left - left), abs(line.left + line.right - left - right) / 2)


def below(
    anchor: Anchor, lines: Sequence[TextLine], accepts: Callable[[TextLine], bool]
) -> int | None:
    """The nearest line with figures under the label, at most three rows down, if ``accepts`` takes it.

    One further down would be half of a date that began above it.
    """
    first = lines[anchor.line]
    left, right = first.x_at(anchor.hit.start), first.right
    under = [
        index
        for index, line in enumerate(lines)
        if line.page == first.page
        and 0 < _distance(first, line) <= _MOST_ROWS_BELOW * 1.5 * first.height
        and line.left < right
        and line.right > left
        and any(letter.isdigit() for letter in line.text)
    ]
    nearest = min(under, key=lambda index: lines[index].middle, default=None)
    return nearest if nearest is not None and accepts(lines[nearest]) else None
