"""What became of an object that was missing or damaged, when it was sought in a backup."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ports import Bucket


class Outcome(StrEnum):
    """From good to bad."""

    PUT_BACK = "put_back"
    """Taken out of the backup, stored, read back and found the same."""
    SOUND_AGAIN = "sound_again"
    """Somebody else mended it meanwhile; left as it is."""
    NOT_IN_BACKUP = "not_in_backup"
    DAMAGED_IN_BACKUP = "damaged_in_backup"
    STILL_DAMAGED = "still_damaged"
    """Stored, but what is read back is not the same."""

    @property
    def is_well(self) -> bool:
        """Whether the object can be had now."""
        return self in {Outcome.PUT_BACK, Outcome.SOUND_AGAIN}


@dataclass(frozen=True, kw_only=True)
class Sought:
    """One object and what became of it."""

    bucket: Bucket
    key: str
    outcome: Outcome
