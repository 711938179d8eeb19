"""A turnstile before costly work: so many at once, a few waiting, everybody else is asked to come back.

Looking into a file takes a process of its own with a gigabyte of room, and anybody on the internet may ask
for it. Without a bound, some dozen requests would take the machine, the threads and the database's
connections from everybody else.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from domain.errors import ErrorCode, HosoError

COME_BACK_SECONDS = 5


class Turnstile:
    """Lets ``at_once`` through; ``waiting`` more may wait ``patience`` seconds each.

    ``per_network``: of all of these, at most so many from one network, so that nobody stands in everybody
    else's way by coming again and again.
    """

    def __init__(
        self, *, at_once: int, waiting: int, patience: float, per_network: int | None = None
    ) -> None:
        self._inside = BoundedSemaphore(at_once)
        self._known = BoundedSemaphore(at_once + waiting)
        self._patience = patience
        self._per_network = per_network
        self._here = Counter[str]()
        self._counting = Lock()

    @contextmanager
    def passage(self, network: str = "") -> Iterator[None]:
        """Wait for one's turn. Raises ``busy`` when too many wait already, or it took too long."""
        with self._one_more_of(network):
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

    @contextmanager
    def _one_more_of(self, network: str) -> Iterator[None]:
        with self._counting:
            if self._per_network is not None and self._here[network] >= self._per_network:
                raise HosoError(ErrorCode.BUSY, seconds=COME_BACK_SECONDS)
            self._here[network] += 1
        try:
            yield
        finally:
            with self._counting:
                self._here[network] -= 1
                if not self._here[network]:
                    del self._here[network]  # whoever has left is not remembered
