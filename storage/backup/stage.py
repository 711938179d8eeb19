"""What a backup or restore is doing now, for a progress bar."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """Stages that take time; each counts in units of its own."""

    DATABASE = "database"
    """Bytes; the total is not known beforehand and given as 0."""
    OBJECTS = "objects"
    """Bytes."""
    CHECK = "check"
    """Bytes of the file."""
    MENDING = "mending"
    """Bytes sought in a backup; the total is given as 0."""


Watch = Callable[[Stage, int, int], None]
"""Told the stage, what is done of it, and its total (0 where not known)."""
