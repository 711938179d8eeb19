"""Wiring of the reading engine; apart because loading the models takes seconds."""

from api.clock import SystemClock
from api.intake import intake_limits
from ocr.engine import ReadingEngine
from storage.settings import Settings
from workflow.reading import Reader


def make_reader(settings: Settings) -> Reader:
    """The reader of one process; belongs to one thread. Raises ``models_missing``, ``tool_missing``."""
    return Reader(engine=ReadingEngine(), limits=intake_limits(settings), clock=SystemClock())
