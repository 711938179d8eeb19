"""What a verdict settles: whose row its findings compare with, or that nobody could be looked up."""

from domain.verdict import Decision, FindingKind, Verdict
from matching.people import LOOKED_UP_BY

COUPLE = "couple"
"""Field of the finding that the register's links name another couple than the paper."""
SAME_ROW = "same_row"
"""Field of the finding that one row was found for two people on the paper; its document value is a role."""
KNOWN_FROM = 0.98
"""From here findings tell of the person on the paper also where an officer must decide."""


def is_known(verdict: Verdict) -> bool:
    """Whether it is settled whose row the findings compare with, so that they tell of this person.

    Matched, or so likely that all others together and nobody at all have one part in fifty: of 392 reviews
    of the bench from there up none meant somebody else, of 16 between 0.9 and there three did. A row whose
    number belongs to another is settled for nobody, nor is one of another couple or found for two people.
    """
    if verdict.personal_id is None or number_conflicts(verdict):
        return False
    if verdict.decision is Decision.MATCHED:
        return True
    return verdict.probability >= KNOWN_FROM and not (
        tells(verdict, COUPLE) or tells(verdict, SAME_ROW)
    )


def number_conflicts(verdict: Verdict) -> bool:
    """Whether the printed number is another person's."""
    return any(
        one.field == "personal_id" and one.kind is FindingKind.CONFLICTING
        for one in verdict.findings
    )


def tells(verdict: Verdict, field: str) -> bool:
    """Whether there is such a finding: ``COUPLE``, ``SAME_ROW``."""
    return any(one.field == field for one in verdict.findings)


def names_nobody(verdict: Verdict) -> bool:
    """Whether the paper says nothing by which the person could be looked up."""
    missing = {
        finding.field
        for finding in verdict.findings
        if finding.kind is FindingKind.MISSING_IN_DOCUMENT and finding.population is None
    }
    return missing.issuperset(LOOKED_UP_BY)
