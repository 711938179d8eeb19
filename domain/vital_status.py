"""Vital status: whether a person of the population data lives, as one of three words."""

from enum import StrEnum

from domain.text import fold


class VitalStatus(StrEnum):
    """Codes of the population file."""

    ALIVE = "alive"
    DEAD = "dead"
    MISSING = "missing"
    """Declared missing by a court (mất tích)."""


_NAMES = {
    VitalStatus.ALIVE: ("alive", "con song", "song"),
    VitalStatus.DEAD: ("dead", "deceased", "da chet", "chet", "da mat", "tu vong"),
    VitalStatus.MISSING: ("missing", "mat tich"),
}


def parse_vital_status(text: str) -> VitalStatus | None:
    """The status that ``text`` is the name of, ``None`` where it is none."""
    folded = fold(text)
    return next((status for status, names in _NAMES.items() if folded in names), None)
