"""The labelled values of a form's body: behind labels, below them, over rows, by the kind of the field."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from domain.date_words import goes_on_in_words, is_in_words
from domain.dates import parse_date
from ocr.anchors import Anchor, Anchors
from ocr.cells import below
from ocr.header import is_only_date
from ocr.promises import WRAPPING
from ocr.shared_labels import shared_spans
from ocr.spans import Part, Span, span_of
from ocr.text_line import TextLine, is_alone
from ocr.values import Kind, kind_of_field, locate, normalise, says_only

ASCII_KINDS = frozenset({Kind.DATE, Kind.TIME, Kind.PERSONAL_ID, Kind.NUMBER})
"""Kinds whose values are figures."""
_FIGURES_ONLY = re.compile(r"\W*\d\d?[/.\-]\d\d?[/.\-]\d{4}\W*")


def body_spans(
    anchors: Anchors, body: Sequence[TextLine]
) -> tuple[dict[str, Span], dict[str, Span]]:
    """The span of every labelled field, and of every date in words by the field it repeats."""
    spans: dict[str, Span] = {}
    spelled: dict[str, Span] = {}
    shared = shared_spans(anchors, body)
    for anchor in anchors.found:
        field = anchor.field
        if field is None:
            continue
        if field.spells is not None:
            span = span_of(anchor, anchors, body, wraps=True)
            if span.parts:
                spelled[field.spells] = _with_row_at_the_left(span, anchors, body)
            continue
        for name in anchor.names():
            span = shared.get(name) or _span_for(name, anchor, anchors, body)
            if name == "registration_number" and _is_within_date(span.text(body)):
                continue
            if kind_of_field(name) is Kind.TIME and _tells_no_time(span.text(body)):
                continue
            dated = kind_of_field(name) is Kind.DATE and name in spans
            if span.parts and not (dated and _is_complete(name, spans[name], body)):
                spans[name] = _telling_more(name, spans.get(name), span, body)
    for name, line in _flowed(anchors, body):
        spans = {other: _without(span, line) for other, span in spans.items()}
        spans[name] = Span(parts=(Part(line=line, start=0, end=len(body[line].text)),))
    return spans, spelled


def _span_for(name: str, anchor: Anchor, anchors: Anchors, body: Sequence[TextLine]) -> Span:
    """What the label says of field ``name``, by the kind of its values."""
    kind = kind_of_field(name)
    span = span_of(anchor, anchors, body, wraps=kind in WRAPPING)
    if not _is_complete(name, span, body):
        wrapped = span_of(anchor, anchors, body, wraps=True)
        span = wrapped if _is_complete(name, wrapped, body) else span
    if kind is Kind.DATE:
        span = _with_words_below(span, anchor, anchors, body)
    if kind is Kind.ADDRESS:
        span = _without_dates(span, body)
    if kind in ASCII_KINDS and not _is_complete(name, span, body):
        span = _span_below(name, anchor, anchors, body) or span
    return span


def _telling_more(name: str, before: Span | None, span: Span, lines: Sequence[TextLine]) -> Span:
    """The later span, but of two numbers of one person that of twelve digits, not of the old card."""
    if before is None or kind_of_field(name) is not Kind.PERSONAL_ID:
        return span
    texts = [one.text(lines) for one in (before, span)]
    told = [len(normalise(name, text[slice(*locate(name, text))]) or "") for text in texts]
    return before if told[0] > told[1] else span


def _is_within_date(text: str) -> bool:
    """Whether the first number is a part of the date: ``Số, ngày đăng ký: 05/06/2015``."""
    number, date = locate("registration_number", text), locate("registration_date", text)
    dated = parse_date(text[slice(*date)]) is not None
    return dated and date[0] <= number[0] < date[1]


def _tells_no_time(text: str) -> bool:
    """Whether a label of time and date is followed by a date alone: ``Đã chết vào lúc: ngày …``."""
    start, end = locate("death_date", text)
    besides = re.search(r"\d|gi[oờ]", text[:start] + text[end:])
    return besides is None and parse_date(text[start:end]) is not None


def _flowed(anchors: Anchors, body: Sequence[TextLine]) -> Iterator[tuple[str, int]]:
    """A sex whose label ends its row without one, and the next row, where it stands alone.

    No other value is told by its looks alone: a number may be anybody's. In columns the next row is others'.
    """
    if anchors.boundary is not None:
        return
    for anchor in anchors.found:
        label = body[anchor.line]
        ends = not any(letter.isalnum() for letter in label.text[anchor.hit.end :]) and not any(
            line.left > label.left
            for line in body
            if (line.page, line.row) == (label.page, label.row)
        )
        after = next(
            (at for at in range(anchor.line + 1, len(body)) if body[at].row != label.row), None
        )
        if not ends or after is None or anchors.ends(after) or body[after].page != label.page:
            continue
        text = body[after].text
        for name in anchor.names():
            stands = normalise(name, text) is not None and re.fullmatch(r"[\w .…]+", text)
            if kind_of_field(name) is Kind.SEX and stands and is_alone(body, after):
                yield name, after


def _without(span: Span, line: int) -> Span:
    return Span(parts=tuple(part for part in span.parts if part.line != line))


def _span_below(
    name: str, anchor: Anchor, anchors: Anchors, body: Sequence[TextLine]
) -> Span | None:
    """A date or number that stands alone under its label, whatever stands beside the label.

    Not one with a label of its own: the mother's year is blank, the father's stands below.
    """
    if re.search(r"\d", body[anchor.line].text[anchor.hit.end :]):
        return None  # it begins beside its label
    index = below(anchor, body, lambda line: says_only(name, line.text))
    if index is None or anchors.ends(index):
        return None
    return Span(parts=(Part(line=index, start=0, end=len(body[index].text)),))


def _with_words_below(
    span: Span, anchor: Anchor, anchors: Anchors, body: Sequence[TextLine]
) -> Span:
    """A date in words with the rest of it from the rows below: ``năm mươi`` may go on with ``bảy``."""
    text = span.text(body)
    if not span.parts or parse_date(text[slice(*locate("birth_date", text))]) is not None:
        return span
    wrapped = span_of(anchor, anchors, body, wraps=True).parts
    parts = list(span.parts)
    for part in wrapped[len(parts) :]:
        if not goes_on_in_words(body[part.line].text[part.start : part.end]):
            break
        parts.append(part)
    return Span(parts=tuple(parts))


def _with_row_at_the_left(span: Span, anchors: Anchors, body: Sequence[TextLine]) -> Span:
    """A date in words that began beside another value and goes on at the page's left."""
    last = body[span.parts[-1].line]
    after = next(
        (at for at in range(span.parts[-1].line, len(body)) if body[at].row != last.row), None
    )
    if after is None or anchors.ends(after) or body[after].page != last.page:
        return span
    text = body[after].text
    if body[after].left > last.left or not (goes_on_in_words(text) and is_in_words(text)):
        return span
    return Span(parts=(*span.parts, Part(line=after, start=0, end=len(text))))


def _without_dates(span: Span, lines: Sequence[TextLine]) -> Span:
    """An address without rows that are dates: of issue below it, of expiry beside it on cards."""
    rows = [list(row) for _, row in groupby(span.parts, lambda part: lines[part.line].row)]
    kept = (
        part
        for row in rows
        for part in row
        if part is span.parts[0]
        or not (
            _is_date(_said([part], lines)) or (row is not rows[0] and _is_date(_said(row, lines)))
        )
    )
    return Span(parts=tuple(kept))


def _said(parts: Sequence[Part], lines: Sequence[TextLine]) -> str:
    return Span(parts=tuple(parts)).text(lines)


def _is_date(text: str) -> bool:
    return is_only_date(text) or _FIGURES_ONLY.fullmatch(text) is not None


def _is_complete(name: str, span: Span, lines: Sequence[TextLine]) -> bool:
    """Whether a span says a value of its kind; dates and numbers may go on below."""
    text = span.text(lines)
    start, end = locate(name, text)
    return normalise(name, text[start:end]) is not None
