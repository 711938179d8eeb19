"""Fields out of the lines of a form: labels are anchors, values stand behind them."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.dates import parse_date_words
from domain.form import FormCode
from domain.record import FieldValue
from domain.text import collapse_spaces, fold
from ocr.anchors import find_anchors
from ocr.body import ASCII_KINDS, body_spans
from ocr.broken_dates import whole_dates
from ocr.card_issuer import card_issuer
from ocr.cells import with_labels_of_one_row, with_whole_labels
from ocr.couple_table import couple_spans
from ocr.form_library import FormSpec
from ocr.header import date_above_signature, header_fields
from ocr.identity_numbers import (
    is_cut_short,
    lone_number,
    lone_old_number,
    numbers_of_papers,
    papers_of_declarant,
)
from ocr.labels import similarity
from ocr.members import MemberTable, member_table, under_head_of_household, with_summary
from ocr.person_rows import person_rows
from ocr.portrait import expiry_below_portrait
from ocr.promises import looks_like_one
from ocr.repair import mend_figures, repair
from ocr.spans import Span
from ocr.text_line import TextLine
from ocr.translations import without_english
from ocr.values import Kind, fold_letters, is_whole, kind_of_field, locate, normalise

_TITLE_LIKE = 0.8
_APART = 1.5
"""White between two cells, in line heights."""
_ALIGNED = 0.5
"""How far the left edges of cells of one column waver, in line heights."""
_IN_ANY_HEAD = frozenset({"issuing_agency"})
"""What the head says also on papers that have neither number nor date there."""
_ON_THE_COVER = frozenset({"head_full_name", "household_number"})
_COPY_MARK = re.compile(r"\(\s*bản sao\s*\)", re.IGNORECASE)
_DAY = r"(\d ?\d?\W*(?:thang\W*)?\d ?\d?\W*(?:nam\W*)?\d ?\d ?\d ?\d)"
_FROM, _TO = (re.compile(rf"\b{word} ngay\W*{_DAY}") for word in ("tu", "den"))
_NOW = re.compile(r"\b(?:den|toi) (?:hien )?nay\b")
_CERTAIN_LETTERS = 0.95
"""Least confidence of any word of a value on which two readers agree, to promise it.

Measured on generated papers: below it stand 3 % of the agreed values and all but the last few errors.
"""
_CERTAIN_DIGITS = 0.92


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """What a form says.

    ``spelled`` are dates in words by the field they repeat; ``used`` are the indexes of the lines that
    carry values (worth a second reader's look); ``sure_words`` are those words of each value that all
    readers have seen alike.
    """

    fields: Mapping[str, FieldValue]
    spelled: Mapping[str, str]
    used: frozenset[int]
    sure_words: Mapping[str, tuple[str, ...]]


def extract(form: FormSpec, lines: Sequence[TextLine]) -> Extraction:
    """The fields of one document.

    ``lines`` are those of all its pages in reading order. A printed label without a value gives no
    field. Values have their own boxes; ``certain`` only where two readers agree.
    """
    lines = with_whole_labels(form, without_english([_mended(line) for line in lines]))
    lines = with_labels_of_one_row(form, lines)
    first = title_end(form, lines)

    # 1. tables, whose lines no label outside of them has a claim on
    couple, table = couple_spans(form, lines), member_table(lines, form)
    couple = couple if couple.lines else person_rows(form, lines)
    tabled = couple.lines | table.lines
    rest = [line.keeping(()) if index in tabled else line for index, line in enumerate(lines)]

    # 2. the head of the paper, then labels and their values
    body = rest[first:]
    anchors = find_anchors(form, body)
    found, spelled = body_spans(anchors, body)
    spans = {name: _shifted(span, first) for name, span in found.items()}
    head = header_fields(lines, first, form.titles)
    spans |= head if form.header else {name: head[name] for name in _IN_ANY_HEAD & head.keys()}
    spans |= couple.spans
    spans = {**_behind_the_table(spans, table, lines), **table.spans}

    # 3. what stands without a label
    doubtful = (anchors.doubtful - couple.spans.keys()) | couple.doubtful | table.doubtful
    spans = whole_dates(spans | _undated(form, lines, first, spans), lines)
    if not table.spans:
        added, unsure = _of_people(form, lines, spans, doubtful)
        spans, doubtful = {**added, **spans}, doubtful | unsure
    spans |= _periods(spans, lines)
    spans |= _until_now(spans, lines)
    spans |= papers_of_declarant(form, spans, lines)
    if form.code is not FormCode.IDENTITY_CARD:
        spans, doubtful = numbers_of_papers(spans, lines, doubtful)

    # 4. values
    used = {part.line for span in spans.values() for part in span.parts}
    used |= {part.line + first for span in spelled.values() for part in span.parts}
    dates = {name: parse_date_words(span.text(body)) for name, span in spelled.items()}
    return Extraction(
        fields=with_summary(
            _told_alike(_values(form, spans, lines, doubtful)), complete=table.complete
        ),
        spelled={name: date for name, date in dates.items() if date is not None},
        used=frozenset(used),
        sure_words={
            name: _exact(name, span, lines).sure_words(lines) for name, span in spans.items()
        },
    )


def _of_people(
    form: FormSpec,
    lines: Sequence[TextLine],
    spans: Mapping[str, Span],
    doubtful: frozenset[str],
) -> tuple[dict[str, Span], frozenset[str]]:
    """What cards say without labels, ``CHỦ HỘ`` above people and a lone number; which of it is in doubt."""
    added, unsure = under_head_of_household(lines, spans), frozenset[str]()
    if "head_full_name" in added.keys() - spans.keys() and any(
        name.startswith("members[") for name in doubtful
    ):
        unsure |= {"head_full_name"}
    issuer = card_issuer(lines) if form.code is FormCode.IDENTITY_CARD else None
    if issuer is not None and "issuing_agency" not in spans:
        added["issuing_agency"] = issuer.span
        unsure |= frozenset() if issuer.whole else {"issuing_agency"}
    if form.code is FormCode.IDENTITY_CARD and "valid_until" not in spans:
        added |= expiry_below_portrait(form, lines)
        unsure |= {"valid_until"}
    if "personal_id" in form.required() and "personal_id" not in spans:
        added |= lone_number(lines)
        if form.code is FormCode.IDENTITY_CARD and "personal_id" not in added:
            added |= lone_old_number(lines)
            unsure |= {"personal_id"}  # it may be what can be read of twelve
    return added, unsure


def _behind_the_table(
    spans: Mapping[str, Span], table: MemberTable, lines: Sequence[TextLine]
) -> dict[str, Span]:
    """The other spans; members on pages behind a table's are counted on from its last."""
    if not table.lines:
        return dict(spans)
    last = max(lines[index].page for index in table.lines)
    rows = len({name.split(".")[0] for name in table.spans})
    kept: dict[str, Span] = {}
    for name, span in spans.items():
        member = re.fullmatch(r"members\[(\d+)\](.*)", name)
        if member is None:
            kept[name] = span
        elif span.parts and lines[span.parts[0].line].page > last:
            kept[f"members[{int(member[1]) + rows}]{member[2]}"] = span
    return kept


def _values(
    form: FormSpec,
    spans: Mapping[str, Span],
    lines: Sequence[TextLine],
    doubtful: frozenset[str],
) -> dict[str, FieldValue]:
    fields: dict[str, FieldValue] = {}
    for name, span in spans.items():
        value = field_value(name, span, lines)
        if value is None:
            continue
        if name == "number":
            value = _marked(form, value)
        if is_cut_short(name, span, lines):
            value = replace(value, value=None, certain=False)
        if name in doubtful or _is_wrapped_cell(name, span, lines) or _is_across(span, lines):
            value = replace(value, certain=False)
        fields[name] = value
    return fields


def _told_alike(fields: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """The fields, none of the names promised that differ in marks only: one person, told twice."""
    told: dict[str, set[str]] = {}
    for name, field in fields.items():
        if kind_of_field(name) is Kind.NAME and field.value:
            told.setdefault(fold(field.value), set()).add(field.value)
    unlike = {value for values in told.values() if len(values) > 1 for value in values}
    return {
        name: replace(field, certain=False)
        if kind_of_field(name) is Kind.NAME and field.value in unlike
        else field
        for name, field in fields.items()
    }


def _undated(
    form: FormSpec, lines: Sequence[TextLine], first: int, spans: Mapping[str, Span]
) -> dict[str, Span]:
    """The date alone above the signature, where the head has none and no label claims it.

    In forms with a head it stands at the right: at the left it may be the rest of a remark.
    """
    # of a household's inner page alone: the day on which a member was entered
    inner = (
        form.lists_members and bool(form.signs) and first == 0 and not spans.keys() & _ON_THE_COVER
    )
    if "issue_date" in spans or inner or not (form.header or form.dated):
        return {}
    claimed = {part.line for span in spans.values() for part in span.parts}
    dated = date_above_signature(lines, first)
    if dated is None or dated.parts[0].line in claimed:
        return {}
    left = min(line.left for line in lines)
    reach = max(line.right for line in lines) - left
    at_the_right = lines[dated.parts[0].line].left >= left + reach / 4
    return {"issue_date": dated} if form.dated or at_the_right else {}


def _is_wrapped_cell(name: str, span: Span, lines: Sequence[TextLine]) -> bool:
    """A name in a table of persons that runs over rows may be two people's."""
    rows = {(lines[part.line].page, lines[part.line].row) for part in span.parts}
    return name.startswith("members[") and kind_of_field(name) is Kind.NAME and len(rows) > 1


def _is_across(span: Span, lines: Sequence[TextLine]) -> bool:
    """Whether the value has pieces in more than one row that are cells of two columns.

    They stand far apart, or the second ones begin one below the other.
    """
    beside = [
        (lines[one.line], lines[other.line])
        for one, other in itertools.pairwise(span.parts)
        if (lines[one.line].page, lines[one.line].row)
        == (lines[other.line].page, lines[other.line].row)
    ]
    apart = {
        (one.page, one.row) for one, other in beside if other.left - one.right > _APART * one.height
    }
    aligned = any(
        one.row != other.row and abs(one.left - other.left) < _ALIGNED * one.height
        for (_, one), (_, other) in itertools.pairwise(beside)
    )
    return len(apart) > 1 or aligned


def title_end(form: FormSpec, lines: Sequence[TextLine]) -> int:
    """Index of the first line below the form's title; 0 where no title was found."""
    end = 0
    texts = [_COPY_MARK.sub("", line.text) for line in lines[:25]]
    for index, text in enumerate(texts[:24]):
        alone = max(similarity(text, title) for title in form.titles)
        pair = texts[index + 1] if index + 1 < len(texts) else ""
        both = max(similarity(text + pair, title) for title in form.titles)
        if max(alone, both) >= _TITLE_LIKE:
            end = index + (2 if both > alone else 1)
    return end


def _periods(spans: Mapping[str, Span], lines: Sequence[TextLine]) -> dict[str, Span]:
    """The one period that a marital status tells: ``từ ngày … đến ngày …, chưa đăng ký kết hôn``.

    Several periods are a history, and none of them is what the paper confirms.
    """
    status = spans.get("marital_status")
    if status is None or "period_from" in spans or "period_to" in spans:
        return {}
    text = fold_letters(status.text(lines))
    begun, ended = (list(pattern.finditer(text)) for pattern in (_FROM, _TO))
    if len(begun) != 1 or len(ended) > 1:
        return {}
    found = (("period_from", begun), ("period_to", ended))
    return {name: status.within(*match[0].span(1)) for name, match in found if match}


def _until_now(spans: Mapping[str, Span], lines: Sequence[TextLine]) -> dict[str, Span]:
    """``từ ngày 01/02/2010 đến nay``: a period of which no end is told, behind its beginning."""
    begun = spans.get("period_from")
    if begun is None or "period_to" in spans:
        return {}
    found = _NOW.search(fold_letters(begun.text(lines)))
    return {} if found is None else {"period_to": begun.within(*found.span())}


def _mended(line: TextLine) -> TextLine:
    """The line with letters read for figures put right; what was changed nobody agreed on."""
    text = mend_figures(line.text)
    if text == line.text:
        return line
    agreed = line.agreed
    if agreed is not None:
        changed = zip(agreed, text, line.text, strict=True)
        agreed = tuple(flag and new == old for flag, new, old in changed)
    return replace(line, text=text, agreed=agreed)


def _shifted(span: Span, by: int) -> Span:
    return Span(
        parts=tuple(
            type(part)(line=part.line + by, start=part.start, end=part.end) for part in span.parts
        )
    )


def _exact(name: str, span: Span, lines: Sequence[TextLine]) -> Span:
    """The characters that are the value, without what stands around them."""
    return span.within(*locate(name, span.text(lines)))


def field_value(name: str, span: Span, lines: Sequence[TextLine]) -> FieldValue | None:
    """The field that ``span`` says, ``None`` where it says nothing.

    An unreadable value stays as text with ``value`` ``None``, so that a person sees it.
    """
    exact = _exact(name, span, lines)
    if not exact.parts:
        return None
    text = collapse_spaces(exact.text(lines))
    repaired = repair(name, text)
    value = normalise(name, repaired)
    if (value is None and _is_nothing(text)) or _SIGN_HERE.match(fold_letters(text)):
        return None
    confidence = least_word(exact, lines)
    digits = kind_of_field(name) in ASCII_KINDS
    agreed = exact.agreed(lines, figures=digits and value is not None)
    enough = confidence >= (_CERTAIN_DIGITS if digits else _CERTAIN_LETTERS)
    return FieldValue(
        text=text,
        value=value,
        confidence=confidence,
        certain=enough
        and bool(agreed)
        and value is not None
        and is_whole(name, value)
        and looks_like_one(name, text, value)
        and value == normalise(name, text),
        page=lines[exact.parts[0].line].page,
        box=exact.box(lines),
        agreed=agreed,
    )


_SIGN_HERE = re.compile(r"\W*ky\W+(?:va )?ghi ro ho\W")
"""What stands below a signature's title, where nobody has signed by name."""


def _marked(form: FormSpec, value: FieldValue) -> FieldValue:
    """A number without the form's mark (``TLKS`` …) was not read to its end."""
    whole = not form.number_marks or any(mark in (value.value or "") for mark in form.number_marks)
    return value if whole else replace(value, certain=False)


def _is_nothing(text: str) -> bool:
    return normalise("marital_status", text) is None or not re.search(r"\w", fold(text))


def least_word(span: Span, lines: Sequence[TextLine]) -> float:
    """The mean confidence of the least believable word of a value, 0 … 1."""
    least = 1.0
    for part in span.parts:
        line = lines[part.line]
        for match in re.finditer(r"\S+", line.text[part.start : part.end]):
            sure = line.sure[part.start + match.start() : part.start + match.end()]
            least = min(least, sum(sure) / len(sure))
    return least
