"""Forms of two people side by side: where the right column begins, and who is in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ocr.form_library import FormSpec
from ocr.headings import find_headings
from ocr.labels import LabelHit, squeeze
from ocr.text_line import TextLine

_COLUMN_SLACK = 0.08
"""How far (share of the page's text width) a right column may begin left of its first label."""


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Where the right column begins (``None``: the sections stand below one another), and who is in it."""

    boundary: float | None = None
    swapped: bool = False
    """The section that forms of today print at the left stands at the right."""
    guessed: bool = False
    """No label and no heading told the sides."""


def sides_of(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]]
) -> Sides:
    """The x where the right column begins: a little left of the first label only it can have."""
    right, left = (_labels_of(form, side) for side in ("right", "left"))
    if not right or not lines:
        return Sides()
    edge = min(line.left for line in lines)
    reach = max(line.right for line in lines) - edge
    rights, lefts = (
        [lines[index].x_at(hit.start) for index, hit in hits if hit.label in own]
        for own in (right - left, left - right)
    )
    middle = edge + reach / 2
    if rights and rights[0] >= edge + reach / 4:
        return Sides(boundary=rights[0] - _COLUMN_SLACK * reach)
    if lefts and lefts[0] >= edge + reach / 4:
        return Sides(boundary=lefts[0] - _COLUMN_SLACK * reach, swapped=True)
    if rights:
        return Sides()  # one below the other, not side by side
    return Sides(boundary=middle) if lefts else _under_headings(form, lines, hits)


def _under_headings(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]]
) -> Sides:
    """Sides by what stands over the columns; labels alone do not tell them."""
    edge = min(line.left for line in lines)
    reach = max(line.right for line in lines) - edge
    middle = edge + reach / 2
    if _stand_below(form, lines, hits):
        return Sides()
    heads = [_heading(form, lines, hits, side) for side in ("left", "right")]
    if heads[0] is None or heads[1] is None:
        return Sides(boundary=middle, guessed=True)
    apart = abs(_middle(heads[0]) - _middle(heads[1]))
    if heads[0].page != heads[1].page or apart < reach / 4:
        return Sides(guessed=True)  # one below the other
    return Sides(boundary=middle, swapped=_middle(heads[0]) > _middle(heads[1]))


def _stand_below(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]]
) -> bool:
    """Whether each of the two has a heading, one below the other, with labels between and behind them."""
    heads = {head.section: head.line for head in reversed(find_headings(form, lines, hits))
             if form.sections[head.section].column is not None}  # fmt: skip
    if len(heads) < 2:
        return False
    first, last = (lines[index] for index in sorted(heads.values()))
    reach = max(line.right for line in lines) - min(line.left for line in lines)
    within = [index for index, _ in hits if min(heads.values()) < index < max(heads.values())]
    behind = [index for index, _ in hits if index > max(heads.values())]
    apart = (first.page, first.row) != (last.page, last.row)
    return bool(within and behind) and apart and abs(first.left - last.left) < reach / 4


def _middle(line: TextLine) -> float:
    return (line.left + line.right) / 2


def _labels_of(form: FormSpec, side: str) -> frozenset[str]:
    return frozenset(
        label
        for section in form.sections
        if section.column == side
        for field in section.fields
        for label in field.labels
    )


def _heading(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]], side: str
) -> TextLine | None:
    """The line above all labels that is nothing but a heading of the section printed at that side."""
    words = {squeeze(word) for section in form.sections if section.column == side
             for word in section.headings}  # fmt: skip
    first = min((index for index, _ in hits), default=0)
    return next((line for line in lines[:first] if squeeze(line.text) in words), None)
