"""Reasons to wait for a person that no matching settles; the others are those of ``matching.conclusion``."""

from collections.abc import Iterable

COPY_REVOKED = "copy_revoked"
"""The certified copy was withdrawn."""
REOPENED = "reopened"
"""An officer took the document back that was verified or rejected."""
POPULATION_CHANGED = "population_changed"
"""What was verified is not what the comparison with the population data says by now."""
_A_PERSON_SETTLES = frozenset({COPY_REVOKED, REOPENED, POPULATION_CHANGED})


def left_to_a_person(reasons: Iterable[str]) -> tuple[str, ...]:
    """Those of ``reasons`` that stand until a person decides, whatever the population data say meanwhile."""
    return tuple(one for one in reasons if one in _A_PERSON_SETTLES)


def of_paper_and_data(reasons: Iterable[str]) -> tuple[str, ...]:
    """The others of ``reasons``: the conclusion from the paper and the population data."""
    return tuple(one for one in reasons if one not in _A_PERSON_SETTLES)
