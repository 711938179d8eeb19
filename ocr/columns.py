"""Two columns of a form, and two pages of an open book: lines parted, halves put one after the other."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from domain.form import FormCode
from ocr.anchors import find_anchors
from ocr.couple_table import couple_heads
from ocr.extraction import title_end
from ocr.form_library import FormSpec
from ocr.labels import find_labels
from ocr.text_line import TextLine

_GUTTER, _MIDDLE = 0.02, (0.35, 0.65)
"""Least white between the pages of an open book, and where it lies, in shares of the text's width."""
_LEAST_LINES = 3
_LEAST_LABELS = 2
"""Labels below each of two headings, from which two people stand side by side."""
_LEAST_ROWS = 4
"""Lines of each of two parts side by side without headings."""
_CLOSE = 0.5
_LEAST_INSIDE = 5
"""Rows that begin with labels, from which on a page is the inside of a folded sheet."""
_BEFORE = 0.03
"""A word begins the right column from this share of the text width left of the column's label …"""
_BEHIND = 0.06
"""… to this one right of it."""


def part_columns(form: FormSpec, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines, those across both columns cut in two; all of them as they are on other forms."""
    beside = {name for section in form.sections for field in section.fields
              for name in field.names if section.column is not None}  # fmt: skip
    anchors = find_anchors(form, lines)
    named = [a for a in anchors.found if a.field and a.field.names]
    boundary = anchors.boundary
    right = [
        a for a in named
        if boundary is not None and a.names()[0] in beside and lines[a.line].x_at(a.hit.start) >= boundary
    ]  # fmt: skip
    if not right:
        return tuple(lines)
    below = [a.line for a in named if a.names()[0] not in beside]
    end = min((line for line in below if line > right[0].line), default=right[-1].line + 1)
    start = min(lines[a.line].x_at(a.hit.start) for a in right)
    reach = max(line.right for line in lines) - min(line.left for line in lines)
    parted: list[TextLine] = []
    for index, line in enumerate(lines):
        cut = None
        if right[0].line - 1 <= index < end:
            low, high = start - _BEFORE * reach, start + _BEHIND * reach
            heads = [a.hit.start for a in right if a.line == index and a.hit.start > 0]
            cut = next(iter(heads), None) if line.x_at(0) <= low else None
            cut = _cut(line, low, high) if cut is None else cut
        parted += [line] if cut is None else line.parted(cut)
    return tuple(parted)


def people_in_turn(form: FormSpec, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines, those of two people who stand side by side under headings put one person after the other.

    On forms that print them below one another by rule; each column has labels of its own.
    """
    beside = {section.name for section in form.sections if section.column is not None}
    labels = form.labels()
    for left, right in couple_heads(lines, form):
        if {left.role, right.role} & beside:
            continue
        begin = min(left.line, right.line)
        labelled = [line for line in lines[begin:] if _leads_with_label(line, labels)]
        lefts = [line for line in labelled if line.left < left.middle]
        rights = [line for line in labelled if left.middle < line.left < right.middle]
        if min(len(lefts), len(rights)) < _LEAST_LABELS:
            continue
        edge = min(line.left for line in rights[:_LEAST_LABELS])
        own = {label for section in form.sections if section.name in {left.role, right.role}
               for field in section.fields for label in field.labels}  # fmt: skip
        own |= form.subject_name_labels()
        end = next(
            (at for at in range(begin, len(lines)) if _is_below(lines[at], edge, own, labels)),
            len(lines),
        )
        inside = [line for line in lines[begin:end] if line.text]
        columns = (
            [line for line in inside if (line.left < edge - line.height) == is_left]
            for is_left in (True, False)
        )
        if all(line.page == lines[begin].page for line in inside):
            first, second = columns
            return (*lines[:begin], *first, *second, *lines[end:])
    return tuple(lines)


def parts_in_turn(form: FormSpec, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines, parts of the form that stand side by side without headings put one after the other.

    So landscape pages print: at the left the subject, at the right the parents, each with labels of its own.
    """
    names = {label: number for number, section in enumerate(form.sections) if section.column is None
             for label in section.fields[0].labels}  # fmt: skip
    for at, line in enumerate(lines):
        hit = next((hit for hit in find_labels(line.text, names) if hit.start == 0), None)
        beside = [other for other in lines[:at] if (other.page, other.row) == (line.page, line.row)]
        if hit is None or names[hit.label] == 0 or len(beside) != 1:
            continue
        if not any(names[hit.label] == 0 for hit in find_labels(beside[0].text, names)):
            continue
        begin = at - 1
        edge = line.left - _CLOSE * line.height
        end = _end_of_parts(form, lines, begin, edge)
        halves = (
            [one for one in lines[begin:end] if (one.left < edge) == is_left]
            for is_left in (True, False)
        )
        left, right = halves
        labelled = sum(_leads_with_label(one, form.labels()) for one in right)
        if min(len(left), len(right), labelled) >= _LEAST_ROWS:
            return (*lines[:begin], *left, *right, *lines[end:])
    return tuple(lines)


def _end_of_parts(form: FormSpec, lines: Sequence[TextLine], begin: int, edge: float) -> int:
    """The first line below parts side by side: it runs across them, or its label is the last part's."""
    last = {label for field in form.sections[-1].fields for label in field.labels}
    others = {
        label
        for section in form.sections[:-1]
        for field in section.fields
        for label in field.labels
    }
    for at in range(begin, len(lines)):
        line = lines[at]
        across = line.left < edge - line.height and line.right > edge + line.height
        leading = next(
            (hit.label for hit in find_labels(line.text, last | others) if hit.start == 0), ""
        )
        if across or leading in last - others or line.page != lines[begin].page:
            return at
    return len(lines)


def _is_below(line: TextLine, edge: float, own: AbstractSet[str], labels: frozenset[str]) -> bool:
    """Whether a line stands below two people: it has a label of neither, or runs across without one."""
    leading = next((hit.label for hit in find_labels(line.text, labels) if hit.start == 0), None)
    across = line.left < edge - line.height and line.right > edge + line.height
    return leading not in own if leading is not None else across


def _leads_with_label(line: TextLine, labels: frozenset[str]) -> bool:
    return any(hit.start == 0 for hit in find_labels(line.text, labels))


def _cut(line: TextLine, low: float, high: float) -> int | None:
    """Where a word begins between two x, in a line whose print begins left of them; else ``None``."""
    if line.x_at(0) > low:
        return None
    words = [match.start() for match in re.finditer(r"(?<=\s)\S", line.text)]
    return next((word for word in words if low <= line.x_at(word) <= high), None)


def pages_in_order(form: FormSpec, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines, those of an open book's left page before those of its right one.

    A book was open where a label that begins a person stands right of a gutter that no line crosses; a
    folded sheet, where the title stands left of it and the form's labels at the right.
    """
    heads = {label for section in form.sections if section.repeats
             for index, field in enumerate(section.fields) if index == 0 or field.begins
             for label in field.labels}  # fmt: skip
    ordered: list[TextLine] = []
    for number in dict.fromkeys(line.page for line in lines):
        page = [line for line in lines if line.page == number]
        left, right = halves(page)
        begun = any(find_labels(line.text, heads) for line in right)
        parted = begun or _is_cover(form, left, right) or _are_sides(form, left, right)
        ordered += [*left, *right] if parted else page
    return tuple(ordered)


def _are_sides(form: FormSpec, left: Sequence[TextLine], right: Sequence[TextLine]) -> bool:
    """Whether both sides of a card lie on one page: the name at the left, the holder's marks at the right."""
    if form.code is not FormCode.IDENTITY_CARD:
        return False
    names, marks = form.subject_name_labels(), ("Đặc điểm nhận dạng", "Dấu vết riêng và dị hình")
    return all(
        any(find_labels(line.text, labels) for line in half)
        for half, labels in ((left, names), (right, marks))
    ) and not any(find_labels(line.text, names) for line in right)


def halves(page: Sequence[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """The lines of a page left and right of a gutter that no line crosses; all at the left without one."""
    gutter = _gutter(page) if page else None
    left = [line for line in page if gutter is None or line.right <= gutter]
    return left, [line for line in page if gutter is not None and line.right > gutter]


def _is_cover(form: FormSpec, left: Sequence[TextLine], right: Sequence[TextLine]) -> bool:
    """Whether the left page bears the title and no more than a number, the right one what the form asks."""
    labels = form.labels()
    leading = [sum(_leads_with_label(line, labels) for line in half) for half in (left, right)]
    titled = title_end(form, left) > 0 and title_end(form, right) == 0
    return titled and leading[0] <= 1 and leading[1] >= _LEAST_INSIDE


def _gutter(lines: Sequence[TextLine]) -> float | None:
    """The x in the middle of the page that no line comes near, with print on both sides."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    reach = right - left
    found: list[tuple[float, float]] = []
    edge = left
    for number, line in enumerate(sorted(lines, key=lambda line: line.left)):
        if number >= _LEAST_LINES and len(lines) - number >= _LEAST_LINES:
            found.append((line.left - edge, (line.left + edge) / 2))
        edge = max(edge, line.right)
    low, high = (left + share * reach for share in _MIDDLE)
    wide = [(white, x) for white, x in found if white >= _GUTTER * reach and low <= x <= high]
    return max(wide)[1] if wide else None
