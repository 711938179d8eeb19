"""Lines that run across two columns of a form, parted where the right column begins."""

import re
from collections.abc import Sequence

from ocr.anchors import find_anchors
from ocr.form_library import FormSpec
from ocr.text_line import TextLine

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
            cut = _cut(line, start - _BEFORE * reach, start + _BEHIND * reach)
        parted += [line] if cut is None else line.parted(cut)
    return tuple(parted)


def _cut(line: TextLine, low: float, high: float) -> int | None:
    """Where a word begins between two x, in a line whose print begins left of them; else ``None``."""
    if line.x_at(0) > low:
        return None
    words = [match.start() for match in re.finditer(r"(?<=\s)\S", line.text)]
    return next((word for word in words if low <= line.x_at(word) <= high), None)
