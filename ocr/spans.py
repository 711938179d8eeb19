"""The stretch of text that belongs to a label: behind it, beside it, and on the lines that follow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.geometry import Box
from ocr.anchors import Anchor, Anchors
from ocr.cells import is_heading, under_heading
from ocr.headings import heads_a_part, is_unfinished
from ocr.text_line import TextLine
from ocr.values import fold_letters

_ROW_GAP = 1.1
"""A value goes on below only if the white between the rows is less than this many line heights."""
_MOST_ROWS = 5
"""Rows a wrapped value may take in addition to its own (columns are narrow)."""
_CELL_GAP, _CELL_SLACK = 0.6, 0.5
"""White between the rows of a cell, and how far they may reach under the next label (line heights)."""
_ALIGNED = 1.0
"""How far the left edges of cells below one another waver (line heights)."""
_BEYOND_DOUBT = 0.98
_A_WORD = re.compile(r"\w+")
_STROKES = "-–—|•*'`~^"
_SPECKS = frozenset("bcdfghjklmnpqrstvwz")
_ROW_NUMBER = re.compile(r"\W*\d{1,2}\W*")
"""What tables print before the next label."""
_WHO_ISSUED = re.compile(r"(?:noi|ngay|co quan) cap\W|cap (?:ngay|tai|boi)\W|do [a-z]")
_UNKNOWN_LABEL = re.compile(r"^[^\d:]{4,40}:\s*(?:\w|$)")


@dataclass(frozen=True, kw_only=True)
class Part:
    """Characters ``start`` … ``end`` of line ``line`` (index into the lines given)."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Span:
    """A value's text in its parts, in reading order, one space between them."""

    parts: tuple[Part, ...]

    def text(self, lines: Sequence[TextLine]) -> str:
        """The text as read."""
        return " ".join(lines[part.line].text[part.start : part.end] for part in self.parts)

    def within(self, start: int, end: int) -> "Span":
        """The sub-span of the characters ``start`` … ``end`` of :meth:`text`."""
        kept: list[Part] = []
        offset = 0
        for part in self.parts:
            low = max(part.start, part.start + start - offset)
            high = min(part.end, part.start + end - offset)
            if high > low:
                kept.append(Part(line=part.line, start=low, end=high))
            offset += part.end - part.start + 1
        return Span(parts=tuple(kept))

    def box(self, lines: Sequence[TextLine]) -> Box:
        """Around all parts on the page where the value begins."""
        page = lines[self.parts[0].line].page
        boxes = [
            lines[part.line].box_of(part.start, part.end)
            for part in self.parts
            if lines[part.line].page == page
        ]
        return boxes[0] if len(boxes) == 1 else Box.around(boxes)

    def sure(self, lines: Sequence[TextLine]) -> tuple[float, ...]:
        """Confidence of every character."""
        return tuple(s for part in self.parts for s in lines[part.line].sure[part.start : part.end])

    def agreed(self, lines: Sequence[TextLine], *, figures: bool = False) -> bool | None:
        """Whether both readers agree on every character; ``None`` where one line was read once.

        ``figures`` asks for the figures only (a date's words between them carry nothing).
        """
        flags: list[bool] = []
        for part in self.parts:
            line = lines[part.line]
            if line.agreed is None:
                return None
            flags += [
                line.agreed[index]
                for index in range(part.start, part.end)
                if not figures or line.text[index].isdigit()
            ]
        return all(flags)

    def sure_words(self, lines: Sequence[TextLine]) -> tuple[str, ...]:
        """The words on which both readers agree, or of which ours has no doubt at all."""
        found: list[str] = []
        for part in self.parts:
            line = lines[part.line]
            agreed = line.agreed or (False,) * len(line.text)
            for word in _A_WORD.finditer(line.text, part.start, part.end):
                place = range(*word.span())
                if all(agreed[at] or line.sure[at] >= _BEYOND_DOUBT for at in place):
                    found.append(word.group())
        return tuple(found)


def span_of(anchor: Anchor, anchors: Anchors, lines: Sequence[TextLine], *, wraps: bool) -> Span:
    """The value behind ``anchor``; empty parts are left out, so a label without value has none.

    ``wraps`` lets a value go on below even when it has begun beside its label.
    """
    line = lines[anchor.line]
    end = _next_hit(anchors, anchor.line, anchor.hit.end)
    parts = [
        Part(line=anchor.line, start=anchor.hit.end, end=len(line.text) if end is None else end)
    ]
    if is_heading(anchor, anchors, lines):
        cell = under_heading(anchor, anchors, lines)
        parts = [Part(line=index, start=0, end=len(lines[index].text)) for index in cell]
    elif end is not None and wraps and not _goes_on_in_prose(anchors, anchor.line, end, line.text):
        parts += _under(anchor, anchors, lines, right=line.x_at(end))
    elif end is None:
        parts = _further(anchor, anchors, lines, parts, wraps=wraps)
    kept = [trimmed for part in parts if (trimmed := _trimmed(lines, part)) is not None]
    return Span(parts=tuple(kept))


def _goes_on_in_prose(anchors: Anchors, line: int, label: int, text: str) -> bool:
    """Whether the label that ends a value begins the next clause of a sentence, not the next cell."""
    clause = any(a.hit.clause and a.hit.start == label for a in anchors.in_line(line))
    return clause or text[:label].rstrip().endswith(";")


def _further(
    anchor: Anchor,
    anchors: Anchors,
    lines: Sequence[TextLine],
    begun: Sequence[Part],
    *,
    wraps: bool,
) -> list[Part]:
    """The parts ``begun``, and those on the rest of the row and on the rows below, up to the next label."""
    first = lines[anchor.line]
    label_left = first.x_at(anchor.hit.start)
    leads = not any(letter.isalnum() for letter in first.text[: anchor.hit.start])
    column = _column(anchors, label_left)
    parts = list(begun)
    last = first
    rows = 0
    closed = min((line for line in anchors.closing if line > anchor.line), default=len(lines))
    for index in range(anchor.line + 1, closed):
        line = lines[index]
        if _column(anchors, line.left) != column:
            continue
        same_row = line.page == last.page and line.row == last.row
        if leads and line.page == first.page and line.right < label_left:
            continue  # beside the value, not below it: a card's left half
        end = _next_hit(anchors, index, 0)
        rows += not same_row
        if not same_row and (
            rows > _MOST_ROWS
            or not _follows(last, line)
            or (column is None and _is_row_like(anchor, lines, index))
            or _ends_above(line, end, parts, lines, wraps=wraps)
        ):
            break
        stop = len(line.text) if end is None else end
        said = Span(parts=tuple(parts)).text(lines)
        number = not same_row and not is_unfinished(said)
        if stop > 0 and not (number and _is_row_number(anchors, lines, index, stop)):
            parts.append(Part(line=index, start=0, end=stop))
        if end is not None:
            beside = (line.page, line.row) == (first.page, first.row)
            if beside and stop == 0 and wraps:
                parts += _under(anchor, anchors, lines, right=line.left)
            break
        last = line
    return parts


def _is_row_like(anchor: Anchor, lines: Sequence[TextLine], index: int) -> bool:
    """Whether a line begins a row as the label's is: below it one cell, below the value's cell another.

    What stands there is a label that nobody knows, and its value.
    """
    label, line = lines[anchor.line], lines[index]
    beside = Part(line=anchor.line, start=anchor.hit.end, end=len(label.text))
    if _says(lines, beside) or not line.text[:1].isupper():
        return False
    values = [
        other.left for other in lines if _are_one_row(label, other) and other.left > label.right
    ]
    cells = [other.left for other in lines if _are_one_row(line, other) and other.left > line.right]
    return bool(values and cells) and all(
        abs(one - other) <= _ALIGNED * line.height
        for one, other in ((label.left, line.left), (min(values), min(cells)))
    )


def _are_one_row(one: TextLine, other: TextLine) -> bool:
    return bool(other.text) and (one.page, one.row) == (other.page, other.row)


def _is_row_number(anchors: Anchors, lines: Sequence[TextLine], index: int, stop: int) -> bool:
    """Whether all that stands before a label is the number of its row, read with it or alone."""
    line = lines[index]
    after = lines[index + 1] if index + 1 < len(lines) else None
    beside = after is not None and (after.page, after.row) == (line.page, line.row)
    labelled = stop < len(line.text) or (beside and _next_hit(anchors, index + 1, 0) == 0)
    return labelled and _ROW_NUMBER.fullmatch(line.text[:stop]) is not None


def _ends_above(
    line: TextLine,
    label: int | None,
    parts: Sequence[Part],
    lines: Sequence[TextLine],
    *,
    wraps: bool,
) -> bool:
    """Whether the value in ``parts`` is all there is above a row, whose first label begins at ``label``."""
    if any(_says(lines, part) for part in parts) and not wraps:
        return True
    said = Span(parts=tuple(parts)).text(lines)
    if said.rstrip().endswith(",") and _WHO_ISSUED.match(fold_letters(line.text)):
        return False  # "…, cấp ngày 07/02/2022," and below it "nơi cấp: …"
    unknown = label is None and _UNKNOWN_LABEL.search(line.text) is not None
    return unknown or heads_a_part(said, line.text, label)


def _under(
    anchor: Anchor, anchors: Anchors, lines: Sequence[TextLine], *, right: float
) -> list[Part]:
    """Rows of a narrow cell below its first one: between the label's left and the next label's."""
    last = lines[anchor.line]
    left = last.x_at(anchor.hit.start) - last.height
    said = last.text[anchor.hit.end :]
    parts: list[Part] = []
    for index in range(anchor.line + 1, len(lines)):
        line = lines[index]
        inside = line.left >= left and line.right <= right + _CELL_SLACK * line.height
        if line.page != last.page or line.row <= last.row or not inside:
            continue
        apart = line.top - last.bottom > _CELL_GAP * line.height
        if anchors.ends(index) or apart or heads_a_part(said, line.text, None):
            break
        parts.append(Part(line=index, start=0, end=len(line.text)))
        last, said = line, line.text
    return parts


def _column(anchors: Anchors, x: float) -> bool | None:
    """``None`` on forms of one column, else whether ``x`` lies in the right one."""
    return None if anchors.boundary is None else x >= anchors.boundary


def _follows(upper: TextLine, lower: TextLine) -> bool:
    gap = lower.top - upper.bottom
    near = -upper.height < gap < _ROW_GAP * min(upper.height, lower.height)
    return upper.page == lower.page and near  # far above: the other page of an open book


def _next_hit(anchors: Anchors, line: int, after: int) -> int | None:
    starts = [anchor.hit.start for anchor in anchors.in_line(line) if anchor.hit.start >= after]
    return min(starts, default=None)


def _says(lines: Sequence[TextLine], part: Part) -> bool:
    text = lines[part.line].text
    said = [letter for letter in text[part.start : part.end] if letter.isalnum()]
    # a small letter that is a line of its own was a speck; "Ý", "Y", "B" are names
    speck = len(said) == 1 and said[0] in _SPECKS and len(text) == part.end - part.start
    return bool(said) and not speck


def _trimmed(lines: Sequence[TextLine], part: Part) -> Part | None:
    line, start, end = lines[part.line], part.start, part.end
    text = line.text
    while start < end and (
        text[start].isspace() or text[start] in ":;.…_·" or _is_stray(line, start)
    ):
        start += 1
    while end > start and (
        text[end - 1].isspace() or text[end - 1] in "…_·" or _is_stray(line, end - 1)
    ):
        end -= 1
    return Part(line=part.line, start=start, end=end) if _says(lines, part) else None


def _is_stray(line: TextLine, index: int) -> bool:
    """Whether a stroke stands alone that no other reader saw: of a fold, a rule, a seal."""
    text = line.text
    if line.agreed is None or text[index] not in _STROKES:
        return False
    beside = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    return not beside.strip() and not line.agreed[index]
