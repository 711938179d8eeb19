"""What became of a file that was read."""

from dataclasses import dataclass
from typing import Any

from domain.errors import HosoError


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """Its records as they are written, and an error for each of its pages that could not be read."""

    records: tuple[dict[str, Any], ...]
    lost: tuple[HosoError, ...] = ()


Outcome = ReadFile | HosoError
