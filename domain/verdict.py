"""Verdicts: who a person on a document is, and how document and population agree field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Decision(StrEnum):
    """What is known of one person on a document."""

    MATCHED = "matched"
    """One person of the population, beyond reasonable doubt."""
    REVIEW = "review"
    """Likely someone, but a person must decide."""
    NO_RECORD = "no_record"
    """Nobody in the population data fits."""


class FindingKind(StrEnum):
    """Judges a pair of values, never the person. Ordered from harmless to severe in ``docs/glossary.md``."""

    AGREES = "agrees"
    TONE_ONLY = "tone_only"
    SPELLING = "spelling"
    DIFFERENT = "different"
    MISSING_IN_DOCUMENT = "missing_in_document"
    MISSING_IN_POPULATION = "missing_in_population"
    UNREADABLE = "unreadable"
    CONFLICTING = "conflicting"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One pair of values compared.

    ``weight`` is the evidence in bits (log2 likelihood ratio): above 0 it speaks for the same person, below 0
    against. A ``different`` value may speak for: a swapped day and month is likelier in one person's papers.
    """

    field: str
    kind: FindingKind
    document: str | None
    population: str | None
    weight: float
    source: str | None = None
    """Which data the population value came from."""
    as_of: datetime | None = None
    """When that source last changed the value."""


WORTH_A_LOOK_FROM = 0.001
"""Least probability of a candidate who is shown to people; the others are kept for the trail of the match."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Another person considered."""

    personal_id: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An officer's word: the person of this ``role`` on the paper is the one of that number."""

    role: str
    personal_id: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One per person on the document; ``role`` is subject, mother, father, wife, husband, member:N."""

    role: str
    decision: Decision
    personal_id: str | None
    probability: float
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    decided_by: str | None = None
    """The officer (account id) who chose the person; ``None`` where the comparison alone speaks."""

    @property
    def considered(self) -> tuple[Candidate, ...]:
        """Everybody weighed, the person named first."""
        if self.personal_id is None:
            return self.candidates
        named = Candidate(personal_id=self.personal_id, probability=self.probability)
        return (named, *self.candidates)

    @property
    def worth_a_look(self) -> tuple[Candidate, ...]:
        """Whom to show an officer: the person named, and whoever else is not as good as ruled out."""
        return tuple(
            one
            for one in self.considered
            if one.personal_id == self.personal_id or one.probability >= WORTH_A_LOOK_FROM
        )


def decided(
    verdict: Verdict, personal_id: str, *, findings: tuple[Finding, ...], by: str
) -> Verdict:
    """The verdict with an officer's choice among those considered.

    The probability stays what the comparison said of the chosen person: the officer knows more, not the data.
    Raises ``KeyError`` for somebody who was not considered.
    """
    probabilities = {one.personal_id: one.probability for one in verdict.considered}
    return replace(
        verdict,
        decision=Decision.MATCHED,
        personal_id=personal_id,
        probability=probabilities[personal_id],
        findings=findings,
        candidates=tuple(one for one in verdict.considered if one.personal_id != personal_id),
        decided_by=by,
    )


def verdict_to_json(verdict: Verdict, *, file: str | None = None) -> dict[str, Any]:
    """The verdict as one line of ``hoso match --jsonl``."""
    data: dict[str, Any] = {} if file is None else {"file": file}
    return (
        data
        | {
            "role": verdict.role,
            "decision": str(verdict.decision),
            "personal_id": verdict.personal_id,
            "probability": round(verdict.probability, 6),
            "findings": [
                {
                    "field": finding.field,
                    "kind": str(finding.kind),
                    "document": finding.document,
                    "population": finding.population,
                    "weight": round(finding.weight, 2),
                    "source": finding.source,
                    "as_of": None if finding.as_of is None else finding.as_of.isoformat(),
                }
                for finding in verdict.findings
            ],
            "candidates": [
                {"personal_id": other.personal_id, "probability": round(other.probability, 6)}
                for other in verdict.candidates
            ],
        }
        | ({} if verdict.decided_by is None else {"decided_by": verdict.decided_by})
    )


def verdict_from_json(data: Mapping[str, Any]) -> Verdict:
    """The inverse of :func:`verdict_to_json`."""
    return Verdict(
        role=data["role"],
        decision=Decision(data["decision"]),
        personal_id=data["personal_id"],
        probability=data["probability"],
        findings=tuple(
            Finding(
                field=item["field"],
                kind=FindingKind(item["kind"]),
                document=item["document"],
                population=item["population"],
                weight=item["weight"],
                source=item.get("source"),
                as_of=datetime.fromisoformat(item["as_of"]) if item.get("as_of") else None,
            )
            for item in data["findings"]
        ),
        candidates=tuple(
            Candidate(personal_id=item["personal_id"], probability=item["probability"])
            for item in data["candidates"]
        ),
        decided_by=data.get("decided_by"),
    )
