"""Marital status: what the sentence on a confirmation says, as one of four words."""

import re
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
            "unmarried",
            "never married",
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
_STATUSES = tuple(
    (status, re.compile(rf"\b(?:{'|'.join(phrases)})\b")) for status, phrases in _PHRASES
)
"""Whole words only: the word for a foreigner (nuoc ngoai) holds the one for a widow (goa)."""
_DENIED = re.compile(
    r"\b(?:(?:chua|khong)(?: tung| bao gio)? (?:ly|li) hon|khong co (?:vo|chong)"
    r"|not(?: yet)? (?:married|divorced|widowed|single))\b"
)
"""They say what somebody is not, and leave open what they are."""
_DIVORCED, _WIDOWED = r"(?:l[iy] hon|divorced)\b", r"(?:goa|(?:vo|chong) da chet|widowed)\b"
_OR = r"[ ,(]*(?:/|\b(?:hoac|hay|or)\b) *(?:da )?"
_LEFT_OPEN = re.compile(rf"\b{_DIVORCED}{_OR}{_WIDOWED}|\b{_WIDOWED}{_OR}{_DIVORCED}")
"""Forms offer both in one breath; which of them it is, the sentence does not say."""
_NAMES = {
    MaritalStatus.SINGLE: (
        "single",
        "unmarried",
        "never married",
        "doc than",
        "chua ket hon",
        "chua tung ket hon",
        "chua dang ky ket hon",
        "chua dang ky ket hon voi ai",
        "chua dang ky ket hon lan nao",
        "hien tai chua dang ky ket hon voi ai",
        "chua vo chong",
        "chua co vo",
        "chua co chong",
        "chua co vo chong",
    ),
    MaritalStatus.MARRIED: (
        "married",
        "da ket hon",
        "da dang ky ket hon",
        "co vo",
        "co chong",
        "co vo chong",
        "da co vo",
        "da co chong",
        "da co vo chong",
        "dang co vo",
        "dang co chong",
        "dang co vo chong",
    ),
    MaritalStatus.DIVORCED: ("divorced", "ly hon", "li hon", "da ly hon", "da li hon"),
    MaritalStatus.WIDOWED: (
        "widowed",
        "widow",
        "widower",
        "goa",
        "goa vo",
        "goa chong",
        "goa vo chong",
        "vo da chet",
        "chong da chet",
        "vo chong da chet",
    ),
}
"""What data without sentences calls them (TT 04/2020 and the census), every ``/`` a space."""


def marital_status_of(text: str) -> MaritalStatus | None:
    """The status a sentence (TT 04/2020 wordings) or a code says, ``None`` where it says none.

    ``Hiện tại chưa đăng ký kết hôn với ai`` → single; ``Đã đăng ký kết hôn, nhưng đã ly hôn theo …`` →
    divorced. ``Đã ly hôn hoặc góa`` leaves it open: ``None``. Lost diacritics do not matter.
    """
    folded = fold(text)
    if _LEFT_OPEN.search(folded):
        return None
    said = _DENIED.sub(" ", folded)
    return next((status for status, phrases in _STATUSES if phrases.search(said)), None)


def parse_marital_status(text: str) -> MaritalStatus | None:
    """The status that ``text`` is the name of, for data that has no sentences; ``None`` where it is none."""
    name = " ".join(fold(text).replace("/", " ").split())
    return next((status for status, names in _NAMES.items() if name in names), None)
