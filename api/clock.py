"""The time of day."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock; satisfies ``domain.ports.Clock``."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)
