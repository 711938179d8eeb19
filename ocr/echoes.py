"""Labels told twice: ``Giấy tờ tùy thân: CMND số: …``, ``Có giá trị đến:`` above ``Date of expiry: …``."""

from collections.abc import Sequence

from ocr.form_library import FormSpec
from ocr.labels import LabelHit, squeeze
from ocr.text_line import TextLine


def without_echoes(
    form: FormSpec, hits: Sequence[tuple[int, LabelHit]], lines: Sequence[TextLine]
) -> list[tuple[int, LabelHit]]:
    """The hits without the second of two labels of one field in a line, and the blank first of two below."""
    kept: list[tuple[int, LabelHit]] = []
    for index, hit in hits:
        before = kept[-1] if kept and kept[-1][0] == index else None
        between = lines[index].text[before[1].end : hit.start] if before else "?"
        same = before is not None and _are_one_field(form, hit.label, before[1].label)
        if not same or squeeze(between):
            kept.append((index, hit))
    return [
        (index, hit)
        for at, (index, hit) in enumerate(kept)
        if not (at + 1 < len(kept) and _goes_on_in_english(form, kept[at], kept[at + 1], lines))
    ]


def _goes_on_in_english(
    form: FormSpec,
    above: tuple[int, LabelHit],
    below: tuple[int, LabelHit],
    lines: Sequence[TextLine],
) -> bool:
    """Whether a label without value is told again in English below, there before its value."""
    (upper, first), (lower, second) = above, below
    if lower == upper or lines[lower].page != lines[upper].page or not second.label.isascii():
        return False
    over, under = lines[upper], lines[lower]
    beside = any(
        line.text and line.left > over.left and (line.page, line.row) == (over.page, over.row)
        for line in lines
        if line is not over
    )
    alone = not beside and not squeeze(over.text[first.end :])
    told = not second.start and squeeze(under.text[second.end :])
    beneath = abs(over.left - under.left) < over.height
    return bool(alone and told) and beneath and _are_one_field(form, first.label, second.label)


def _are_one_field(form: FormSpec, one: str, other: str) -> bool:
    return any(
        {one, other} <= set(field.labels) for section in form.sections for field in section.fields
    )
