"""One person on paper against one row of the population: findings and their sum in bits."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.person import Person
from domain.verdict import Finding, FindingKind
from matching.comparison import Comparison, compare, compare_sexes
from matching.people import COMPARED_FIELDS, PrintedPerson

NEUTRAL_KINDS = frozenset(
    {FindingKind.MISSING_IN_DOCUMENT, FindingKind.MISSING_IN_POPULATION, FindingKind.UNREADABLE}
)
"""Kinds that say nothing for or against a person."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A candidate with all that was compared; ``weight`` is the sum in bits."""

    person: Person
    findings: tuple[Finding, ...]
    weight: float
    by_field: Mapping[str, Finding]

    def kind(self, field: str) -> FindingKind | None:
        """Kind of the finding on ``field``, ``None`` where it was not compared."""
        finding = self.by_field.get(field)
        return None if finding is None else finding.kind


def score(printed: PrintedPerson, person: Person) -> Scored:
    """Compare every field that stands on the paper with the row.

    A value that was printed but could not be understood gives ``unreadable``; a value the row lacks gives
    ``missing_in_population``; a field printed empty gives ``missing_in_document``.
    """
    found = [_finding(field, printed, person) for field in COMPARED_FIELDS]
    findings = tuple(finding for finding in found if finding is not None)
    weight = sum(finding.weight for finding in findings)
    implied = printed.sex if printed.value("sex") is None else None
    if implied and person.sex:
        # The role says the sex (mother, husband …): evidence on who it is, nothing to report.
        weight += compare_sexes(implied, person.sex).weight
    return Scored(
        person=person,
        findings=findings,
        weight=weight,
        by_field=MappingProxyType({finding.field: finding for finding in findings}),
    )


def _finding(field: str, printed: PrintedPerson, person: Person) -> Finding | None:
    value = printed.fields.get(field)
    known: str | None = getattr(person, field)
    if value is None:
        return None
    outcome: Comparison
    if value.value and known:
        compared = compare(field, value.value, known)
        outcome = compared.tempered(certain=printed.is_certain(field))
    elif value.value:
        outcome = Comparison(kind=FindingKind.MISSING_IN_POPULATION, weight=0.0)
    elif value.text.strip():
        outcome = Comparison(kind=FindingKind.UNREADABLE, weight=0.0)
    elif known:
        outcome = Comparison(kind=FindingKind.MISSING_IN_DOCUMENT, weight=0.0)
    else:
        return None
    return Finding(
        field=field,
        kind=outcome.kind,
        document=value.value or value.text.strip() or None,
        population=known,
        weight=outcome.weight,
        source=person.source,
        as_of=person.updated_at,
    )
