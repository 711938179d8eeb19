"""One person on paper against one row of the population: findings and their sum in bits."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.marital_status import marital_status_of
from domain.person import Person
from domain.verdict import Finding, FindingKind
from matching.comparison import (
    Comparison,
    compare,
    compare_sexes,
    is_cut_short,
    may_be_misread,
    says_another_name,
)
from matching.people import COMPARED_FIELDS, PrintedPerson
from matching.weights import KINH

_IDENTITY_FIELDS = ("full_name", "birth_date", "personal_id")
_FAMILY_AND_HOME = ("mother_full_name", "father_full_name", "residence", "home_town")
_NAME_FIELDS = frozenset({"full_name", "mother_full_name", "father_full_name"})
NAME_FITS = frozenset({FindingKind.AGREES, FindingKind.TONE_ONLY, FindingKind.SPELLING})
"""Kinds of a pair of names that may well be one person's."""
_NEAR_OR_DIFFERENT = frozenset({FindingKind.TONE_ONLY, FindingKind.SPELLING, FindingKind.DIFFERENT})


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A candidate with all that was compared; ``weight`` is the sum in bits.

    ``compared`` holds the outcomes by field; ``findings`` say the same to people, but name a disagreement
    that may be a misreading ``unreadable``.
    """

    person: Person
    findings: tuple[Finding, ...]
    weight: float
    compared: Mapping[str, Comparison]
    spouse_agrees: bool = False
    """The row is married to the row found for the other half of the couple on the paper."""

    def kind(self, field: str) -> FindingKind | None:
        """Outcome for ``field``, ``None`` where it was not compared."""
        found = self.compared.get(field)
        return None if found is None else found.kind

    def reported(self, field: str) -> FindingKind | None:
        """What the findings say of ``field``: as :meth:`kind`, but ``unreadable`` where that is likelier."""
        return next((one.kind for one in self.findings if one.field == field), None)


def score(printed: PrintedPerson, person: Person, *, name_excess: float = 0.0) -> Scored:
    """Compare every field that stands on the paper with the row.

    ``name_excess`` is by how many bits the shares of its parts overrate the printed name.

    A value that was printed but could not be understood gives ``unreadable``, and so does one that was
    not well read and that may be the row's value misread; a value the row lacks gives
    ``missing_in_population``; a field printed empty gives ``missing_in_document``.
    """
    compared: dict[str, Comparison] = {}
    for field in COMPARED_FIELDS:
        outcome = _outcome(field, printed, person)
        if outcome is not None:
            outcome = _limited(field, outcome, compared, name_excess)
            compared[field] = outcome.tempered(certain=printed.is_well_read(field))
    weight = sum(outcome.weight for outcome in compared.values())
    implied = printed.sex if printed.value("sex") is None else None
    if implied and person.sex:
        # The role says the sex (mother, husband …): evidence on who it is, nothing to report.
        weight += compare_sexes(implied, person.sex).weight
    return Scored(
        person=person,
        findings=tuple(
            _finding(field, outcome, printed, person) for field, outcome in compared.items()
        ),
        weight=weight,
        compared=MappingProxyType(compared),
    )


def _limited(
    field: str, outcome: Comparison, compared: Mapping[str, Comparison], name_excess: float
) -> Comparison:
    """The outcome with no more evidence than it adds to what was compared before."""
    if field == "full_name":
        return outcome.less(name_excess)
    name = compared.get("full_name")
    if field == "ethnicity" and name is not None and name.kind in NAME_FITS:
        # who is called H'Bia Kbuôr is Ê Đê: the name has said it already
        return outcome.at_most(KINH.exact)
    return outcome


def likeness(printed: PrintedPerson, person: Person) -> float:
    """Bits of name, day of birth and number: ranks many rows cheaply before the full score.

    Parents and homes, which tell one namesake from another, are added where the name fits.
    """
    outcomes = {field: _outcome(field, printed, person) for field in _IDENTITY_FIELDS}
    name = outcomes["full_name"]
    if name is not None and name.kind in NAME_FITS:
        outcomes |= {field: _outcome(field, printed, person) for field in _FAMILY_AND_HOME}
    return sum(
        outcome.tempered(certain=printed.is_well_read(field)).weight
        for field, outcome in outcomes.items()
        if outcome is not None
    )


def _outcome(field: str, printed: PrintedPerson, person: Person) -> Comparison | None:
    value = printed.fields.get(field)
    if value is None:
        return None
    known: str | None = getattr(person, field)
    if field == "marital_status" and not _says_status(value.value, known):
        return None
    if value.value and known:
        return compare(field, value.value, known)
    if value.value:
        return Comparison(kind=FindingKind.MISSING_IN_POPULATION, weight=0.0)
    if value.text.strip():
        return Comparison(kind=FindingKind.UNREADABLE, weight=0.0)
    return Comparison(kind=FindingKind.MISSING_IN_DOCUMENT, weight=0.0) if known else None


def _says_status(document: str | None, population: str | None) -> bool:
    """Whether both say one of the four: free text that says none of them cannot be compared."""
    return all(text and marital_status_of(text) for text in (document, population))


def _finding(field: str, outcome: Comparison, printed: PrintedPerson, person: Person) -> Finding:
    value = printed.fields[field]
    known: str | None = getattr(person, field)
    doubtful = outcome.kind in _NEAR_OR_DIFFERENT and _is_doubtful(
        field, value.value or "", known or "", printed
    )
    return Finding(
        field=field,
        kind=FindingKind.UNREADABLE if doubtful else outcome.kind,
        document=value.value or value.text.strip() or None,
        population=known,
        weight=outcome.weight,
        source=person.source,
        as_of=person.updated_at,
    )


def _is_doubtful(field: str, document: str, population: str, printed: PrintedPerson) -> bool:
    """Whether a disagreement is rather the reader's than the register's."""
    if printed.is_certain(field):
        return False
    if field in _NAME_FIELDS:
        if is_cut_short(document, population):
            return True
        if says_another_name(document, population):
            return False
    return not printed.is_well_read(field) and may_be_misread(field, document, population)
