"""No row of the population is two people on one paper."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from domain.verdict import Decision, Finding, FindingKind, Verdict
from matching.settled import SAME_ROW, is_known


def one_row_each(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts; where one row was found for two people, it is settled for neither.

    Each of them is left to a person, with a finding that names the others. Somebody who was only likely to
    be the one whom another is matched with takes nothing away: of these two the match holds.
    """
    claims: defaultdict[str, list[Verdict]] = defaultdict(list)
    for one in verdicts:
        if is_known(one):
            claims[one.personal_id or ""].append(one)
    return tuple(
        _shared(one, claims[one.personal_id or ""])
        if is_known(one) and not _is_alone(one, claims[one.personal_id or ""])
        else one
        for one in verdicts
    )


def _is_alone(verdict: Verdict, claims: Sequence[Verdict]) -> bool:
    if verdict.decision is not Decision.MATCHED:
        return len(claims) == 1
    return sum(one.decision is Decision.MATCHED for one in claims) == 1


def _shared(verdict: Verdict, claims: Sequence[Verdict]) -> Verdict:
    compared = verdict.findings[0]
    others = tuple(
        Finding(
            field=SAME_ROW,
            kind=FindingKind.CONFLICTING,
            document=one.role,
            population=verdict.personal_id,
            weight=0.0,
            source=compared.source,
            as_of=compared.as_of,
        )
        for one in claims
        if one.role != verdict.role
    )
    return replace(verdict, decision=Decision.REVIEW, findings=(*verdict.findings, *others))
