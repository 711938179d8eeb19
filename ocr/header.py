"""The head of a civil paper: issuing agency top-left, number, place and date of issue."""

import re
from collections.abc import Sequence

from ocr.labels import similarity, squeeze
from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import fold_letters

_TITLE_LIKE = 0.8
_TITLE_PART = 8
"""Letters from which a part of a title (titles break) is known for one."""
_AGENCY_STARTS = ("uybannhandan", "ubnd", "congan", "sotuphap", "botuphap", "daisuquan", "tonglanhsuquan",
                  "lanhsuquan", "cucconsu", "phongtuphap", "boconganv", "bocongan")  # fmt: skip
_MOTTO = ("congxax", "congxahoachunghiaviet", "congHoaxahoi".lower(), "doclap")
_NUMBER = re.compile(r"(?<!\w)[s§$5][o0]\s*[:.;]?\s*(?=[\d.…_/])")
_NUMBER_VALUE = re.compile(r"\d[\w./\-]*(?:\s?[/\-]\s?[\w\-]+)*(?:\s[A-ZĐ]{2,5}(?=$|[.,;]))?")
_DATED = re.compile(
    r"ngay[\s.…]*\d ?\d?[\s,.…]*thang[\s.…]*\d ?\d?[\s,.…]*nam[\s,.:…]*\d ?\d ?\d ?\d"
)
_YEAR_BELOW = re.compile(r"\W*\d ?\d ?\d ?\d\W*")
"""A narrow date breaks before its year."""
_PLACE = re.compile(r"[^\W\d]{2}\W*$")
_SIGNATURE = ("nguoiky", "thutruong", "truongcoquan", "tmuyban", "chutich", "kyten", "nguoithuchien",
              "truongcongan")  # fmt: skip


def header_fields(
    lines: Sequence[TextLine], title: int, titles: Sequence[str] = ()
) -> dict[str, Span]:
    """Spans of ``issuing_agency``, ``number`` and ``issue_date``; ``title`` is the first body line.

    ``titles`` are those of the form, which never belong to the agency's name.

    The date of issue stands in the head or, on certificates, above the signature.
    """
    head = range(title)
    found: dict[str, Span] = {}
    number = _number(lines, head)
    if number is not None:
        found["number"] = number
    agency = _agency(lines, head, number, titles)
    if agency is not None:
        found["issuing_agency"] = agency
    dated = _dated(lines, head) or _dated(lines, _below_signature(lines, title), placed=True)
    if dated is not None:
        found["issue_date"] = dated
    return found


def _number(lines: Sequence[TextLine], head: range) -> Span | None:
    for index in head:
        folded = fold_letters(lines[index].text)
        label = _NUMBER.search(folded)
        value = _NUMBER_VALUE.search(lines[index].text, label.end()) if label else None
        if value:
            return Span(parts=(Part(line=index, start=value.start(), end=value.end()),))
    return None


def _agency(
    lines: Sequence[TextLine], head: range, number: Span | None, titles: Sequence[str]
) -> Span | None:
    """Lines of the left half from the agency's first word down to the number."""
    if not head:
        return None
    right = max(lines[index].right for index in head)
    left = min(lines[index].left for index in head)
    middle = (left + right) / 2
    parts: list[Part] = []
    for index in head:
        line = lines[index]
        letters = squeeze(line.text)
        centre = (line.left + line.right) / 2
        if not letters or letters.startswith(_MOTTO) or centre > middle or line.left > middle:
            continue
        if number is not None and index == number.parts[0].line:
            break
        if not parts and not letters.startswith(_AGENCY_STARTS):
            continue
        if _DATED.search(fold_letters(line.text)) or _is_title(line.text, titles):
            break
        parts.append(Part(line=index, start=0, end=len(line.text)))
    return Span(parts=tuple(parts)) if parts else None


def _is_title(text: str, titles: Sequence[str]) -> bool:
    return any(similarity(text, title) >= _TITLE_LIKE or squeeze(text) in squeeze(title)
               for title in titles if len(squeeze(text)) >= _TITLE_PART)  # fmt: skip


def _dated(lines: Sequence[TextLine], among: range, *, placed: bool = False) -> Span | None:
    """A date that no label claims; ``placed`` ones must follow a place name (``Hà Nội, ngày …``)."""
    for index in among:
        span = Span(parts=(Part(line=index, start=0, end=len(lines[index].text)),))
        if index + 1 in among and _YEAR_BELOW.fullmatch(lines[index + 1].text):
            year = Part(line=index + 1, start=0, end=len(lines[index + 1].text))
            span = Span(parts=(*span.parts, year))
        text = span.text(lines)
        match = _DATED.search(fold_letters(text))
        if match is None:
            continue
        before = text[: match.start()]
        if ":" not in before and (not placed or _PLACE.search(before)):
            return span.within(match.start(), match.end())
    return None


def _below_signature(lines: Sequence[TextLine], title: int) -> range:
    """Lines from just above the signature block on: the place-and-date line of certificates."""
    for index in range(title, len(lines)):
        if squeeze(lines[index].text).startswith(_SIGNATURE):
            return range(max(title, index - 3), len(lines))
    return range(0)
