"""A household's members told in sentences, one item of a list each: ``- Tạ Mỹ Nga, sinh ngày …, nữ, …``."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocr.closing import is_place_and_date, signature_lines
from ocr.form_library import FormSpec
from ocr.labels import find_labels
from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import fold_letters

_ITEM = re.compile(r"\s*(?:\d{1,2}\s*[.)/]|[-–•+])\s*(?=[^\W\d])")
_NAME = re.compile(r"[^,;:(]+?(?=\s+[-–]\s|[,;:(]|$)")
_KIN = "vợ|chồng|con(?: (?:gái|trai|đẻ|nuôi|dâu|rể|ruột))?|bố|mẹ|cháu"
_RELATION = f"(?:chủ hộ|{_KIN}|cha|em|anh|chị|ông|bà)"
_RELATION_FIRST = re.compile(rf"({_RELATION}(?=\s*:)|(?:{_KIN})(?=\s))\s*:?\s*", re.IGNORECASE)
"""Before a name; with tones, for ``Châu`` is a surname. Without a colon only words that are no names."""
_RELATION_ALONE = re.compile(rf"[,;–-]\s*({_RELATION})\s*(?=[,;.–-]|$)", re.IGNORECASE)
_DATE = r"\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{4}"
_SAID = {
    "birth_date": re.compile(rf"(?<!khai )\bsinh(?: ngay| nam)?\W*({_DATE}|\d{{4}})(?!\d)"),
    "sex": re.compile(r"[,;(–-]\s*(nam|nu)\s*(?=[,;.)–-]|$)"),
    "relationship": re.compile(r"\bquan he voi chu ho\W*([^\W\d][^;,.:]*)"),
    "personal_id": re.compile(
        r"\b(?:so dinh danh|cccd|cmnd|can cuoc|chung minh)[^\d;]*(\d{12}|\d{9})(?!\d)"
    ),
    "home_town": re.compile(r"\b(?:nguyen quan|que quan)\b\W*([^;:]+)"),
}
"""What an item says, in folded letters; ``nam`` alone between commas is no year."""
_IN_BRACKETS = re.compile(r"\s*\(([^)\d]+)\)")
"""Behind the name: the relationship."""
_MOST_ROWS = 4
_LEAST_WORDS = 2


@dataclass(frozen=True, kw_only=True)
class ToldMembers:
    """``spans`` of ``members[n].…`` by field, and the ``lines`` they take up.

    ``complete``: every item of the list is among them.
    """

    spans: Mapping[str, Span]
    lines: frozenset[int]
    complete: bool


def told_members(lines: Sequence[TextLine], form: FormSpec) -> ToldMembers:
    """The members of a list that one of the form's labels announces; none where there is no such list.

    An item counts that has a name and a birthday or a number.
    """
    label = next(
        (i for i, line in enumerate(lines) if find_labels(line.text, form.members_below)), None
    )
    items = [] if label is None else list(_items(lines, label))
    said = [_said(item, lines) for item in items]
    known = [each for each in said if {"birth_date", "personal_id"} & each.keys()]
    return ToldMembers(
        spans={f"members[{number}].{name}": span
               for number, each in enumerate(known, start=1) for name, span in each.items()},
        lines=frozenset(part.line for item, each in zip(items, said, strict=True) if each in known
                        for part in item.parts),
        complete=len(known) == len(items),
    )  # fmt: skip


def _items(lines: Sequence[TextLine], label: int) -> Iterator[Span]:
    """The items below the label: each begins with its number or dash and may go on in the rows below."""
    signing = signature_lines(lines)
    parts: list[Part] = []
    for index in range(label + 1, len(lines)):
        line = lines[index]
        over = index in signing or is_place_and_date(line.text) or line.page != lines[label].page
        begins = _ITEM.match(line.text)
        if begins or over or len(parts) == _MOST_ROWS:
            if parts:
                yield Span(parts=tuple(parts))
            parts = []
        if over:
            return
        if begins:
            parts = [Part(line=index, start=begins.end(), end=len(line.text))]
        elif parts and line.text:
            parts.append(Part(line=index, start=0, end=len(line.text)))
    if parts:
        yield Span(parts=tuple(parts))


def _said(item: Span, lines: Sequence[TextLine]) -> dict[str, Span]:
    printed = item.text(lines)
    text = fold_letters(printed)
    first = _RELATION_FIRST.match(printed)
    name = _NAME.match(text, first.end() if first else 0)
    if name is None or len(name.group().split()) < _LEAST_WORDS:
        return {}
    said = {"full_name": item.within(*name.span())}
    beside = _IN_BRACKETS.match(text, name.end()) or _RELATION_ALONE.search(printed, name.end())
    for relation in (first, beside):
        if relation is not None:
            said["relationship"] = item.within(*relation.span(1))
    for field, pattern in _SAID.items():
        found = pattern.search(text)
        if found is not None:
            said.setdefault(field, item.within(*found.span(1)))
    return said
