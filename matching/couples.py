"""Couples on one paper: a row counts for more where it is married to a row found for the other half."""

from collections.abc import Sequence
from dataclasses import replace

from domain.person import Person
from matching.scoring import NAME_FITS, Scored

PARENTS = ("mother", "father")
COUPLES = (PARENTS, ("wife", "husband"))
_SPOUSE_BITS = 8.0
"""Bits for two parents whose rows name each other as spouses, capped like all family evidence."""


def fitting(scored: Sequence[Scored]) -> list[Scored]:
    """The candidates whose name may well be the printed one."""
    return [one for one in scored if one.kind("full_name") in NAME_FITS]


def joined(
    ones: Sequence[Scored], others: Sequence[Scored]
) -> tuple[tuple[Scored, ...], tuple[Scored, ...]]:
    """Raise candidates of a couple whose rows are married to one another and whose names both fit."""
    return _raised(ones, others), _raised(others, ones)


def are_spouses(one: Person, other: Person) -> bool:
    """Whether one of the rows names the other."""
    return (
        one.spouse_personal_id == other.personal_id or other.spouse_personal_id == one.personal_id
    )


def _raised(scored: Sequence[Scored], partners: Sequence[Scored]) -> tuple[Scored, ...]:
    likely = [one.person for one in fitting(partners)]
    return tuple(
        replace(one, weight=one.weight + _SPOUSE_BITS, spouse_agrees=True)
        if any(are_spouses(one.person, partner) for partner in likely)
        else one
        for one in scored
    )
