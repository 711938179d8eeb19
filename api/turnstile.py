"""A turnstile before costly work: so many at once, a few waiting, everybody else is asked to come back.

Looking into a file takes a process of its own with a gigabyte of room, and anybody on the internet may ask
for it. Without a bound, some dozen requests would take the machine, the threads and the database's
connections from everybody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from domain.errors import ErrorCode, HosoError

COME_BACK_SECONDS = 5


class Turnstile:
    """Lets ``at_once`` through; ``waiting`` more may wait ``patience`` seconds each."""

    def __init__(self, *, at_once: int, waiting: int, patience: float) -> None:
        self._inside = BoundedSemaphore(at_once)
        self._known = BoundedSemaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Wait for one's turn. Raises ``busy`` when too many wait already, or it took too long."""
        if not self._known.acquire(blocking=False):
            raise HosoError(ErrorCode.BUSY, seconds=COME_BACK_SECONDS)
        try:
            if not self._inside.acquire(timeout=self._patience):
                raise HosoError(ErrorCode.BUSY, seconds=COME_BACK_SECONDS)
            try:
                yield
            finally:
                self._inside.release()
        finally:
            self._known.release()
