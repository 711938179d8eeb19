"""Sentences of marital-status confirmations."""

import pytest

from domain.marital_status import MaritalStatus, marital_status_of


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Hiện tại chưa đăng ký kết hôn với ai", MaritalStatus.SINGLE),
        ("CHƯA ĐĂNG KÝ KẾT HÔN LẦN NÀO", MaritalStatus.SINGLE),
        ("Độc thân", MaritalStatus.SINGLE),
        (
            "Đã đăng ký kết hôn, đã ly hôn theo Quyết định số 8/2013; nay chưa đăng ký kết hôn với ai",
            MaritalStatus.DIVORCED,
        ),
        (
            "Đã đăng ký kết hôn, nhưng vợ đã chết (Trích lục khai tử số 9/2020)",
            MaritalStatus.WIDOWED,
        ),
        ("Hiện tại đang có chồng là ông Hà Hữu Vỹ", MaritalStatus.MARRIED),
        ("married", MaritalStatus.MARRIED),
        ("", None),
        ("Không rõ", None),
    ],
)
def test_sentences(text: str, status: MaritalStatus | None) -> None:
    assert marital_status_of(text) is status
