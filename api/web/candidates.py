"""Whom a person on the paper may be, laid out for the officer who must say it."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.explanations import Locale, label
from api.explanations.locale import written_date
from api.web.likelihood import likelihood, percent
from api.web.sheet import shown_value
from domain.document import Document
from domain.verdict import Decision, Finding, Verdict
from workflow.review import Option


@dataclass(frozen=True, kw_only=True)
class ComparedRow:
    """One pair of values; words are already in the reader's language."""

    label: str
    document: str | None
    population: str | None
    kind: str


@dataclass(frozen=True, kw_only=True)
class CandidateCard:
    """One row of the population that the person may be."""

    personal_id: str
    name: str
    birth_date: str | None
    homes: tuple[tuple[str, str], ...]
    """What they are called and what they are: residence and home town, where the data have them."""
    likelihood: str
    percent: str
    named: bool
    """Whether the verdict names this one: the sheet itself compares the paper with them."""
    rows: tuple[ComparedRow, ...]


def cards_of(
    document: Document, options: Mapping[str, tuple[Option, ...]], locale: Locale
) -> Mapping[str, tuple[CandidateCard, ...]]:
    """Those to choose from, by role; none where the comparison has settled who it is and nobody else fits."""
    return {
        verdict.role: tuple(_card(verdict, option, locale) for option in options[verdict.role])
        for verdict in document.verdicts
        if verdict.role in options and _is_open(verdict, options[verdict.role])
    }


def _is_open(verdict: Verdict, options: tuple[Option, ...]) -> bool:
    return verdict.decision is not Decision.MATCHED or any(
        one.person.personal_id != verdict.personal_id for one in options
    )


def _card(verdict: Verdict, option: Option, locale: Locale) -> CandidateCard:
    person = option.person
    homes = {"residence": person.residence, "home_town": person.home_town}
    return CandidateCard(
        personal_id=person.personal_id,
        name=person.full_name or "–",
        birth_date=written_date(person.birth_date, locale) if person.birth_date else None,
        homes=tuple((label("field", name, locale), home) for name, home in homes.items() if home),
        likelihood=likelihood(option.probability),
        percent=percent(option.probability, locale),
        named=person.personal_id == verdict.personal_id,
        rows=tuple(_row(finding, locale) for finding in option.findings),
    )


def _row(finding: Finding, locale: Locale) -> ComparedRow:
    def shown(value: str | None) -> str | None:
        return shown_value(finding.field, value, locale) if value else None

    return ComparedRow(
        label=label("field", finding.field, locale),
        document=shown(finding.document),
        population=shown(finding.population),
        kind=str(finding.kind),
    )
