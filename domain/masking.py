"""What stays of an answer for whoever may not see the population's values (``population.view``)."""

import re
from collections.abc import Mapping
from dataclasses import replace

from domain.document import Document
from domain.event import Event
from domain.record import Record
from domain.verdict import Finding, Verdict

MASK = "***"
"""Stands for a withheld value, a number as well: of the last digits alone one could guess the others."""
_PERSONAL_NUMBER = re.compile(r"\d(?:[\s.,·_\-‐-―]*\d){11,}")
"""In groups as well. Longer runs go whole: of a date with the number behind it no part says where that begins."""
_LINKS = frozenset({"spouse_personal_id"})
"""Findings that set one row against another: what they call the document's side may be a row's number."""


def masked(document: Document) -> Document:
    """The document without the population's values: for looking at only, never to be written back.

    Decisions, and which fields differ and how, stay; a value stays that the paper says letter for letter.
    Other candidates are left out, weights and probabilities are 0: both tell by how much a guess misses.
    """
    return replace(
        document, verdicts=tuple(_verdict(one, document.record) for one in document.verdicts)
    )


def masked_event(event: Event) -> Event:
    """The line of the trail without personal numbers: an officer's choice names one, a reason may."""
    facts = {name: _unnumbered(fact) for name, fact in event.facts.items()}
    return replace(event, facts=facts)


def masked_text(text: str) -> str:
    """What somebody wrote, without personal numbers."""
    return _PERSONAL_NUMBER.sub(MASK, text)


def _verdict(verdict: Verdict, record: Record | None) -> Verdict:
    findings = tuple(_finding(one, record) for one in verdict.findings)
    printed = any(
        one.field == "personal_id" and one.document == verdict.personal_id
        for one in verdict.findings
    )
    return replace(
        verdict,
        personal_id=verdict.personal_id if printed else _withheld(verdict.personal_id),
        probability=0.0,
        findings=findings,
        candidates=(),
    )


def _finding(finding: Finding, record: Record | None) -> Finding:
    document = finding.document
    if finding.field in _LINKS and not _is_printed(document, record):
        document = _withheld(document)
    printed = finding.population is not None and finding.population == document
    return replace(
        finding,
        document=document,
        population=finding.population if printed else _withheld(finding.population),
        weight=0.0,
        as_of=None,
    )


def _is_printed(value: str | None, record: Record | None) -> bool:
    fields = record.fields.values() if record else ()
    return any(value in {field.value, field.text} for field in fields)


def _withheld(value: str | None) -> str | None:
    return None if value is None else MASK


def _unnumbered(fact: object) -> object:
    if isinstance(fact, str):
        return masked_text(fact)
    if isinstance(fact, Mapping):
        return {name: _unnumbered(one) for name, one in fact.items()}
    if isinstance(fact, list | tuple):
        return [_unnumbered(one) for one in fact]
    return fact
