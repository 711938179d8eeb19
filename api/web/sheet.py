"""The sheet of one document: its fields, boxes and findings side by side, ready for the page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from api.explanations import Locale, label
from api.explanations.locale import written_date
from api.web.likelihood import likelihood, percent
from domain.dates import day_in_vietnam
from domain.document import Document, DocumentState
from domain.record import (
    EVENT_FIELDS,
    MEMBER_FIELDS,
    RELATIVE_FIELDS,
    RELATIVE_PREFIXES,
    SUBJECT_FIELDS,
    FieldValue,
    Record,
    is_field_name,
    member_number,
)
from domain.text import collapse_spaces
from domain.verdict import Finding, FindingKind, Verdict
from ocr.form_library import library
from ocr.values import normalise_typed

SUBJECT = "subject"
REGISTRATION = "registration"
_OF_THE_PAPER = frozenset(
    "number issuing_agency issue_date declarant_full_name registration_place registration_number "
    "registration_date valid_until household_number head_full_name".split()
)
_TO_BE_TYPED = frozenset({DocumentState.REVIEW, DocumentState.READ})
_ORDER = {
    name: place
    for place, name in enumerate(
        [
            *SUBJECT_FIELDS,
            *EVENT_FIELDS,
            *(f"{who}_{what}" for who in RELATIVE_PREFIXES for what in RELATIVE_FIELDS),
        ]
    )
}
"""Records come back from the database in no order of their own; people read them as papers are laid out."""


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """One line of the comparison; words are already in the reader's language."""

    name: str
    label: str
    value: str | None
    """As people write it; ``None`` where the paper says nothing."""
    printed: str | None
    """The text as printed, where it differs from ``value``."""
    read: str | None
    """What had been read, where an officer corrected it; as people write it, else as printed."""
    typed: str
    """What the input of the correction form holds."""
    shown: str
    """What that input starts from: it comes back with the form and tells what was changed."""
    certain: bool
    open: bool
    """Whether that form is open: what it holds was typed and not taken."""
    corrected: bool
    corrected_here: bool
    """Whether the input stands in this row: a mother's name is compared in two groups, but typed in one."""
    wanted: bool
    """Whether the paper should say it, and nothing was found: an officer looks, and may type it."""
    page: int | None
    points: str | None
    """Corners of the box for SVG: ``x,y x,y …`` in pixels of the page."""
    kind: str | None = None
    population: str | None = None
    source: str | None = None
    as_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class FieldGroup:
    """The fields of one person on the paper, or of the paper itself."""

    title: str
    verdict: Verdict | None
    likelihood: str | None
    percent: str | None
    rows: tuple[FieldRow, ...]
    offered: bool = False
    """Whether it is the row of a table that comes next, empty: there may be nobody more on the paper."""


@dataclass(frozen=True, kw_only=True)
class ScanPage:
    """One picture and the fields that stand on it."""

    number: int
    width: int
    height: int
    rows: tuple[FieldRow, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything about a document's contents that the page shows."""

    groups: tuple[FieldGroup, ...]
    pages: tuple[ScanPage, ...]


def sheet_of(
    document: Document, locale: Locale, *, typed: Mapping[str, str] | None = None
) -> Sheet:
    """Lay out the document's record and verdicts; empty until it is read.

    ``typed`` are corrections by field that were not taken: their forms stand open with them.
    """
    if document.record is None:
        return Sheet(groups=(), pages=())
    known = tuple(name for name in typed or {} if is_field_name(name))
    groups = tuple(_groups(document, document.record, locale, known))
    if typed:
        groups = tuple(
            replace(group, rows=tuple(_typed_again(row, typed) for row in group.rows))
            for group in groups
        )
    rows = [row for group in groups for row in group.rows if row.points]
    pages = tuple(
        ScanPage(
            number=facts.number,
            width=facts.width,
            height=facts.height,
            rows=tuple(row for row in rows if row.page == facts.number),
        )
        for facts in document.record.page_facts
    )
    return Sheet(groups=groups, pages=pages)


def _typed_again(row: FieldRow, typed: Mapping[str, str]) -> FieldRow:
    return replace(row, typed=typed[row.name], open=True) if row.name in typed else row


_MEMBER = re.compile(r"members\[(\d+)\]\.\w+")


def field_of(role: str, finding: Finding) -> str:
    """The record's field that a finding is about: ``mother`` + ``birth_date`` is ``mother_birth_date``.

    ``member:2`` + ``sex`` is ``members[2].sex``.
    """
    if role.startswith("member:"):
        return f"members[{role.partition(':')[2]}].{finding.field}"
    if role in RELATIVE_PREFIXES and not finding.field.startswith(f"{role}_"):
        return f"{role}_{finding.field}"
    return finding.field


def _wanted(document: Document, record: Record) -> tuple[str, ...]:
    """Fields that were not found and that an officer may have to type: the form wants them, or a reason does.

    Of a household's members also what the book tells of others of them.
    """
    if document.state not in _TO_BE_TYPED:
        return ()
    spec = library().form(record.form)
    missing = [one.removesuffix("_missing") for one in document.reasons if one.endswith("_missing")]
    named = [*missing, *(spec.required() if spec else ())]
    last = _last_member(record)
    columns = {name.rpartition(".")[2] for name in record.fields if member_number(name)}
    cells = [f"members[{row}].{column}" for row in range(1, last + 1) for column in columns]
    return tuple(
        name
        for name in dict.fromkeys((*named, *cells))
        if is_field_name(name) and name not in record.fields
    )


def _last_member(record: Record) -> int:
    return max((member_number(name) or 0 for name in record.fields), default=0)


def _next_member(document: Document, record: Record) -> tuple[str, ...]:
    """All that may be told of the member after the last one, as ``workflow.correction`` takes it."""
    spec = library().form(record.form)
    if spec is None or not spec.lists_members or document.state not in _TO_BE_TYPED:
        return ()
    return tuple(f"members[{_last_member(record) + 1}].{what}" for what in MEMBER_FIELDS)


def _groups(
    document: Document, record: Record, locale: Locale, typed: tuple[str, ...]
) -> Iterator[FieldGroup]:
    verdicts = document.verdicts
    wanted, offered = _wanted(document, record), _next_member(document, record)
    by_role = {verdict.role: verdict for verdict in verdicts}
    found = {
        (verdict.role, field_of(verdict.role, finding)): finding
        for verdict in verdicts
        for finding in verdict.findings
    }
    own = dict.fromkeys((*record.fields, *wanted, *offered, *typed))
    roles = dict.fromkeys((*by_role, *(_group_of(name) for name in own)))
    members = [role for role in roles if role.startswith("member:")]
    for role in (SUBJECT, *RELATIVE_PREFIXES, *members, REGISTRATION):
        # what was typed has a row, though neither paper nor register may have the field any more
        names = [name for name in own if _group_of(name) == role]
        names += [name for at, name in found if at == role and name not in names]
        names.sort(key=lambda name: _ORDER.get(name.rpartition(".")[2], len(_ORDER)))
        rows = tuple(
            replace(
                _row(name, record.fields.get(name), found.get((role, name)), locale),
                corrected_here=_group_of(name) == role or name not in own,
                wanted=name in wanted,
            )
            for name in names
        )
        verdict = by_role.get(role)
        if rows or verdict:
            yield FieldGroup(
                title=label("person", role, locale),
                verdict=verdict,
                likelihood=likelihood(verdict.probability) if verdict else None,
                percent=percent(verdict.probability, locale) if verdict else None,
                rows=rows,
                offered=verdict is None and any(row.name in offered for row in rows),
            )


def _group_of(name: str) -> str:
    member = _MEMBER.fullmatch(name)
    if member is not None:
        return f"member:{member[1]}"
    prefix = name.partition("_")[0]
    if prefix in RELATIVE_PREFIXES:
        return prefix
    return REGISTRATION if name in _OF_THE_PAPER else SUBJECT


def _row(name: str, field: FieldValue | None, finding: Finding | None, locale: Locale) -> FieldRow:
    value = shown_value(name, field.value, locale) if field and field.value else None
    text = field.text if field else ""
    return FieldRow(
        name=name,
        label=label("field", name, locale),
        value=value or text or None,
        printed=text if value and text and text.casefold() != value.casefold() else None,
        read=_read_before(name, field, locale),
        typed=typed_at_first(name, field),
        shown=typed_at_first(name, field),
        # where the register says the same, two sources vouch for the value: nobody need look again
        certain=field is None
        or field.certain
        or (finding is not None and finding.kind is FindingKind.AGREES),
        open=False,
        corrected=bool(field and field.corrected_by),
        corrected_here=True,
        wanted=False,
        page=field.page if field else None,
        points=_points(field),
        **_consulted(name, finding, locale),
    )


def _read_before(name: str, field: FieldValue | None, locale: Locale) -> str | None:
    if field is None or field.corrected_by is None:
        return None
    value = field.read_value
    return shown_value(name, value, locale) if value else field.read_text or None


def typed_at_first(name: str, field: FieldValue | None) -> str:
    """What the correction form of ``field`` starts from: the paper's own words, where there are any.

    Words that would be refused if they were typed (``1.992``, ``Nam / Male``) make room for what they mean,
    as papers write it: in Vietnamese. On one line: browsers take line ends out of inputs, and the field
    would seem to be changed.
    """
    if field is None:
        return ""
    text = collapse_spaces(field.text or field.value or "")
    if field.value and normalise_typed(name, text) is None:
        return shown_value(name, field.value, Locale.VI)
    return text


def _points(field: FieldValue | None) -> str | None:
    if field is None or field.box is None:
        return None
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in field.box.corners)


def _consulted(name: str, finding: Finding | None, locale: Locale) -> Mapping[str, str | None]:
    if finding is None:
        return {}
    seen = finding.population
    return {
        "kind": str(finding.kind),
        "population": shown_value(name, seen, locale) if seen else None,
        "source": finding.source,
        "as_of": written_date(day_in_vietnam(finding.as_of).isoformat(), locale)
        if finding.as_of
        else None,
    }


def shown_value(name: str, value: str, locale: Locale) -> str:
    """A normalised value as people write it."""
    if name.endswith("sex"):
        return label("sex", value, locale)
    if name.endswith("marital_status"):
        return label("marital_status", value, locale)
    if name.endswith(("_date", "_from", "_to", "_until")):
        return written_date(value, locale)
    return value


def harmless(kind: str | None) -> bool:
    """Whether a finding needs nobody's hand."""
    return kind in {None, str(FindingKind.AGREES)}
