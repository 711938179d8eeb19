"""Dates whose day, month and year stand apart on their row, as forms with wide gaps have them filled in."""

import re
from collections.abc import Mapping, Sequence

from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import Kind, fold_letters, kind_of_field

_DAY = re.compile(r"(?:.*\bngay)?[\s.…_]*\d{1,2}[\s.,…_]*")
_MONTH = re.compile(r"[\s.,…_]*thang[\s.…_]*\d{1,2}[\s.,…_]*")
_YEAR = re.compile(r"[\s.,…_]*nam[\s.…_]*\d ?\d ?\d ?\d[\s.…_]*")
_MONTH_AND_YEAR = re.compile(_MONTH.pattern + _YEAR.pattern)
_WAYS = ((_MONTH_AND_YEAR,), (_MONTH, _YEAR))


def whole_dates(spans: Mapping[str, Span], lines: Sequence[TextLine]) -> dict[str, Span]:
    """The spans, those of dates that end with their day carried on to month and year on the same row."""
    claimed = {part.line for span in spans.values() for part in span.parts}
    return {
        name: _carried_on(span, lines, claimed) if kind_of_field(name) is Kind.DATE else span
        for name, span in spans.items()
    }


def _carried_on(span: Span, lines: Sequence[TextLine], claimed: set[int]) -> Span:
    last = span.parts[-1]
    behind = lines[last.line].text[last.end :]
    if any(letter.isalnum() for letter in behind) or not _DAY.fullmatch(
        fold_letters(span.text(lines))
    ):
        return span
    place = lines[last.line].page, lines[last.line].row
    for way in _WAYS:
        at = range(last.line + 1, last.line + 1 + len(way))
        if at.stop <= len(lines) and all(
            index not in claimed
            and (lines[index].page, lines[index].row) == place
            and pattern.fullmatch(fold_letters(lines[index].text))
            for index, pattern in zip(at, way, strict=True)
        ):
            rest = (Part(line=index, start=0, end=len(lines[index].text)) for index in at)
            return Span(parts=(*span.parts, *rest))
    return span
