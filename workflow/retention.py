"""How long originals and e-copies are locked against deletion."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Retention:
    """A span in days, from configuration: archives law decides it, not the program."""

    days: int

    def until(self, start: datetime) -> datetime:
        """The moment before which the object store refuses deletion."""
        return start + timedelta(days=self.days)
