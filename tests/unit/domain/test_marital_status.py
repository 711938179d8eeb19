"""Sentences of marital-status confirmations."""

import pytest

from domain.marital_status import MaritalStatus, marital_status_of, parse_marital_status


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
        ("unmarried", MaritalStatus.SINGLE),
        ("never married", MaritalStatus.SINGLE),
        ("Not married", None),
        ("Đã ly hôn hoặc góa", None),
        ("Goá hoặc đã ly hôn", None),
        ("Đã ly hôn/góa", None),
        ("Đã ly hôn hay góa", None),
        ("Đã ly hôn, hoặc góa", None),
        ("Đã ly hôn (hoặc góa)", None),
        ("Đã ly hôn hoặc vợ đã chết", None),
        ("Chưa ly hôn hoặc góa", None),
        ("Đã ly hôn theo bản án hoặc quyết định số 8/2013", MaritalStatus.DIVORCED),
        ("Chưa ly hôn", None),
        ("chưa từng ly hôn", None),
        ("Hiện không có vợ", None),
        ("Đã đăng ký kết hôn, chưa ly hôn", MaritalStatus.MARRIED),
        ("Có vợ (người nước ngoài)", MaritalStatus.MARRIED),
        ("Đang có chồng ở nước ngoài", MaritalStatus.MARRIED),
        ("Góa vợ từ năm 2019", MaritalStatus.WIDOWED),
        ("Vợ/chồng đã chết", MaritalStatus.WIDOWED),
    ],
)
def test_sentences(text: str, status: MaritalStatus | None) -> None:
    assert marital_status_of(text) is status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Single", MaritalStatus.SINGLE),
        ("unmarried", MaritalStatus.SINGLE),
        ("Never married", MaritalStatus.SINGLE),
        ("CHƯA KẾT HÔN", MaritalStatus.SINGLE),
        ("Chưa có vợ/chồng", MaritalStatus.SINGLE),
        ("Chưa đăng ký kết hôn với ai", MaritalStatus.SINGLE),
        ("Đang có vợ / chồng", MaritalStatus.MARRIED),
        ("Đã kết hôn", MaritalStatus.MARRIED),
        ("Ly hôn", MaritalStatus.DIVORCED),
        ("Goá", MaritalStatus.WIDOWED),
        ("not married", None),
        ("Chưa ly hôn", None),
        ("Có vợ (người nước ngoài)", None),
        ("Đã ly hôn, nay đã kết hôn", None),
        ("", None),
    ],
)
def test_names(text: str, status: MaritalStatus | None) -> None:
    assert parse_marital_status(text) is status
