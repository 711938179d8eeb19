import pytest

from domain.errors import ErrorCode, HosoError
from storage.worker import ATTEMPTS, OUTAGE_ATTEMPTS, will_retry


@pytest.mark.parametrize(
    ("error", "attempts", "again"),
    [
        (HosoError(ErrorCode.FILE_BROKEN), 0, False),
        (HosoError(ErrorCode.DATABASE_UNAVAILABLE), 50, True),
        (HosoError(ErrorCode.DATABASE_UNAVAILABLE), OUTAGE_ATTEMPTS - 1, False),
        (HosoError(ErrorCode.DISK_SPACE_SHORT), 50, True),
        (HosoError(ErrorCode.SIGNING_FAILED), ATTEMPTS - 2, True),
        (HosoError(ErrorCode.SIGNING_FAILED), ATTEMPTS - 1, False),
        (RuntimeError(), 0, True),
        (RuntimeError(), ATTEMPTS - 2, True),
        (RuntimeError(), ATTEMPTS - 1, False),
        (KeyboardInterrupt(), 0, False),
    ],
)
def test_what_is_tried_again(error: BaseException, attempts: int, *, again: bool) -> None:
    assert will_retry(error, attempts) is again
