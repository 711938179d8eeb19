"""Marital status: what the sentence on a confirmation says, as one of four words."""

from enum import StrEnum

from domain.text import fold


class MaritalStatus(StrEnum):
    """Codes of the population file; papers say them in sentences."""

    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


_PHRASES: tuple[tuple[MaritalStatus, tuple[str, ...]], ...] = (
    (MaritalStatus.DIVORCED, ("ly hon", "li hon", "divorced")),
    (
        MaritalStatus.WIDOWED,
        ("vo da chet", "chong da chet", "da chet", "qua doi", "goa", "widowed"),
    ),
    (
        MaritalStatus.SINGLE,
        (
            "chua dang ky ket hon",
            "chua ket hon",
            "doc than",
            "chua co vo",
            "chua co chong",
            "single",
        ),
    ),
    (
        MaritalStatus.MARRIED,
        (
            "dang co vo",
            "dang co chong",
            "dang ky ket hon",
            "da ket hon",
            "co vo",
            "co chong",
            "married",
        ),
    ),
)
"""First that fits wins: who is divorced or widowed was married, and is now with nobody."""


def marital_status_of(text: str) -> MaritalStatus | None:
    """The status a sentence (TT 04/2020 wordings) or a code says, ``None`` where it says none.

    ``Hiện tại chưa đăng ký kết hôn với ai`` → single; ``Đã đăng ký kết hôn, nhưng đã ly hôn theo …`` →
    divorced. Lost diacritics do not matter.
    """
    folded = fold(text)
    for status, phrases in _PHRASES:
        if any(phrase in folded for phrase in phrases):
            return status
    return None
