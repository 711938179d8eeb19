"""Dates as Vietnamese papers print them, in figures and in words."""

from datetime import date
from enum import StrEnum

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


class DateStyle(StrEnum):
    """Ways of printing one date."""

    SLASHES = "slashes"
    DASHES = "dashes"
    WORDS = "words"
    DAY_WORDS = "day_words"


def in_figures(when: date, style: DateStyle) -> str:
    """``05/03/1998``, ``05-03-1998``, ``05 tháng 3 năm 1998`` or the same led by ``ngày``.

    Months below three carry a leading zero (NĐ 30/2020 appendix I), days below ten too.
    """
    month = f"{when.month:02d}" if when.month < 3 else str(when.month)
    spelled = f"{when.day:02d} tháng {month} năm {when.year}"
    return {
        DateStyle.SLASHES: f"{when:%d/%m/%Y}",
        DateStyle.DASHES: f"{when:%d-%m-%Y}",
        DateStyle.WORDS: spelled,
        DateStyle.DAY_WORDS: f"ngày {spelled}",
    }[style]


def _tens(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    head = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if ones == 0:
        return head
    tail = {5: "lăm", 1: "một" if tens == 1 else "mốt", 4: "bốn" if tens == 1 else "tư"}
    return f"{head} {tail.get(ones, DIGITS[ones])}"


def year_in_words(year: int) -> str:
    """``một nghìn chín trăm chín mươi tám``, ``hai nghìn không trăm linh năm``."""
    thousands, rest = divmod(year, 1000)
    hundreds, tens = divmod(rest, 100)
    words = f"{DIGITS[thousands]} nghìn {DIGITS[hundreds]} trăm"
    if tens == 0:
        return words
    return f"{words} linh {DIGITS[tens]}" if tens < 10 else f"{words} {_tens(tens)}"


def in_words(when: date, *, commas: bool) -> str:
    """``Ngày mười lăm, tháng tám, năm hai nghìn không trăm hai mươi sáu``; day 1–10 with ``mùng``."""
    day = f"mùng {_tens(when.day)}" if when.day <= 10 else _tens(when.day)
    join = ", " if commas else " "
    month = "tư" if when.month == 4 else _tens(when.month)
    parts = (f"Ngày {day}", f"tháng {month}", f"năm {year_in_words(when.year)}")
    return join.join(parts)
