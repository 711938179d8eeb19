"""How often what is tried again, and after which pauses."""

import pytest

from domain.errors import OF_THE_HOUSE, ErrorCode, HosoError
from storage.tries import ATTEMPTS, pause, will_retry

AWAY = HosoError(ErrorCode.OBJECT_STORE_UNAVAILABLE)


@pytest.mark.parametrize(
    ("error", "failed", "again"),
    [
        (HosoError(ErrorCode.FILE_BROKEN), 0, False),
        (HosoError(ErrorCode.OBJECT_CORRUPT), 0, False),
        (HosoError(ErrorCode.SIGNING_FAILED), ATTEMPTS - 2, True),
        (HosoError(ErrorCode.SIGNING_FAILED), ATTEMPTS - 1, False),
        (RuntimeError(), 0, True),
        (RuntimeError(), ATTEMPTS - 2, True),
        (RuntimeError(), ATTEMPTS - 1, False),
        (KeyboardInterrupt(), 0, False),
    ],
)
def test_what_is_tried_again(error: BaseException, failed: int, *, again: bool) -> None:
    assert will_retry(error, failed) is again


@pytest.mark.parametrize("code", sorted(OF_THE_HOUSE))
def test_trouble_of_the_house_is_waited_out_however_long_it_lasts(code: ErrorCode) -> None:
    assert will_retry(HosoError(code), 1_000_000)


def test_pauses_of_an_outage_grow_to_five_minutes() -> None:
    pauses = [pause(AWAY, attempts=attempts, failed=0) for attempts in range(10)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert pause(AWAY, attempts=1_000_000, failed=0) == 300


def test_pauses_of_other_failures_are_short_whatever_was_waited_before() -> None:
    assert pause(RuntimeError(), attempts=1_000, failed=2) == 8
