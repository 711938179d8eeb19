"""Agencies of the two-tier tree (province, commune) that users, documents and registers belong to."""

from dataclasses import dataclass
from enum import StrEnum


class AgencyLevel(StrEnum):
    """Tiers of local government since 1 July 2025, with the state above them."""

    STATE = "state"
    PROVINCE = "province"
    COMMUNE = "commune"


@dataclass(frozen=True, kw_only=True)
class Agency:
    """One unit; ``path`` is the dotted chain of ids from the root, so that a prefix means a subtree."""

    id: str
    name: str
    level: AgencyLevel
    parent_id: str | None = None
    path: str

    def covers(self, other_path: str) -> bool:
        """Whether ``other_path`` is this unit or lies below it."""
        return other_path == self.path or other_path.startswith(f"{self.path}.")
