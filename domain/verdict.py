"""Verdicts: who a person on a document is, and how document and population agree field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Another person considered."""

    personal_id: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One per person on the document; ``role`` is subject, mother, father, wife, husband, member:N."""

    role: str
    decision: Decision
    personal_id: str | None
    probability: float
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def verdict_to_json(verdict: Verdict, *, file: str | None = None) -> dict[str, Any]:
    """The verdict as one line of ``hoso match --jsonl``."""
    data: dict[str, Any] = {} if file is None else {"file": file}
    return data | {
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
    )
