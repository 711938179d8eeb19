"""Figures and the Vietnamese words that civil records write beside them."""

from __future__ import annotations

import random

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_REGISTERS = (
    "TLKS",
    "TLKS-BS",
    "TLKT",
    "TLKH",
    "TLKH-BS",
    "XNTTHN",
    "UBND-XNTTHN",
    "KS",
    "KT",
    "KH",
)
_ACTS = (
    "QĐ-UBND",
    "NĐ-CP",
    "TT-BTP",
    "TT-BCA",
    "QH13",
    "QH14",
    "CV-STP",
    "QĐ-TTg",
    "NQ-HĐND",
    "BC-UBND",
)
_MONTHS = (
    *_DIGITS[:1],
    "một",
    "hai",
    "ba",
    "tư",
    "năm",
    "sáu",
    "bảy",
    "tám",
    "chín",
    "mười",
    "mười một",
    "mười hai",
)


def below_hundred(number: int, rng: random.Random) -> str:
    """Words for 0-99, with the regional variants clerks really use."""
    tens, units = divmod(number, 10)
    if tens == 0:
        return _DIGITS[units]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if units == 0:
        return head
    tail = _DIGITS[units]
    if units == 5:
        tail = "lăm" if tens == 1 else rng.choice(("lăm", "nhăm"))
    elif units == 1 and tens > 1:
        tail = "mốt"
    elif units == 4 and tens > 1:
        tail = rng.choice(("tư", "bốn"))
    return f"{head} {tail}"


def below_thousand(number: int, rng: random.Random) -> str:
    """Words for 0-999."""
    hundreds, rest = divmod(number, 100)
    if hundreds == 0:
        return below_hundred(rest, rng)
    words = f"{_DIGITS[hundreds]} trăm"
    if rest == 0:
        return words
    if rest < 10:
        return f"{words} {rng.choice(('linh', 'lẻ'))} {_DIGITS[rest]}"
    return f"{words} {below_hundred(rest, rng)}"


def year_in_words(year: int, rng: random.Random) -> str:
    """``1985`` → ``một nghìn chín trăm tám mươi lăm``."""
    thousands, rest = divmod(year, 1000)
    thousand = rng.choice(("nghìn", "nghìn", "ngàn"))
    words = f"{_DIGITS[thousands]} {thousand}"
    if rest == 0:
        return words
    if rest < 100:
        joint = rng.choice(("không trăm", "không trăm linh" if rest < 10 else "không trăm"))
        return f"{words} {joint} {below_hundred(rest, rng)}"
    return f"{words} {below_thousand(rest, rng)}"


def date_in_words(day: int, month: int, year: int, rng: random.Random) -> str:
    """A whole date as the line "ghi bằng chữ" holds it."""
    opening = "mùng " if day <= 10 and rng.random() < 0.6 else ""
    first = rng.choice(("ngày", "Ngày"))
    return (
        f"{first} {opening}{below_hundred(day, rng)} tháng {_MONTHS[month]} "
        f"năm {year_in_words(year, rng)}"
    )


def date(rng: random.Random) -> str:
    """A date in one of the forms clerks and typewriters use."""
    day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1900, 2029)
    forms = (
        f"{day:02d}/{month:02d}/{year}",
        f"{day:02d}-{month:02d}-{year}",
        f"{day:02d}.{month:02d}.{year}",
        f"{day}/{month}/{year}",
        f"ngày {day:02d} tháng {month:02d} năm {year}",
        f"ngày {day} tháng {month} năm {year}",
        f"{day:02d} tháng {month:02d}, {year}",
        f"Ngày {day:02d}/{month:02d}/{year}",
        date_in_words(day, month, year, rng),
        date_in_words(day, month, year, rng),
        f"{rng.randint(0, 23):02d} giờ {rng.randint(0, 59):02d} phút, ngày {day:02d}/{month:02d}/{year}",
        f"năm {year}",
    )
    return rng.choice(forms)


def identifier(rng: random.Random) -> str:
    """A personal, passport, register or document number."""
    place, century, born = rng.randint(1, 96), rng.randint(0, 3), rng.randint(0, 99)
    twelve = f"{place:03d}{century}{born:02d}{rng.randint(0, 999999):06d}"
    nine = f"{rng.randint(10, 385):03d}{rng.randint(0, 999999):06d}"
    year = rng.randint(1955, 2029)
    forms = (
        twelve,
        twelve,
        f"{twelve[:3]} {twelve[3:6]} {twelve[6:9]} {twelve[9:]}",
        nine,
        f"{rng.choice('BCEKNP')}{rng.randint(0, 9999999):07d}",
        f"Số: {rng.randint(1, 999)}/{year}/{rng.choice(_REGISTERS)}",
        f"Số: {rng.randint(1, 999):02d}/{rng.choice(_REGISTERS)}",
        f"Số: {rng.randint(1, 99)}",
        f"Quyển số: {rng.randint(1, 99):02d}/{year}",
        f"Số {rng.randint(1, 3000)}/{year}/{rng.choice(_ACTS)}",
        f"{rng.randint(1, 300)}/{year}/{rng.choice(_ACTS)}",
        f"0{rng.randint(3, 9)}{rng.randint(0, 99999999):08d}",
        f"{rng.randint(1, 99)}.{rng.randint(0, 999):03d}.{rng.randint(0, 999):03d}",
        f"{rng.randint(0, 999)},{rng.randint(0, 99)}",
        f"{rng.randint(1, 100)}%",
        f"Điều {rng.randint(1, 200)}, khoản {rng.randint(1, 12)}, điểm {rng.choice('abcdđeghikl')}",
        f"{rng.randint(1, 12)}/{rng.randint(1, 12)}",
        f"- {rng.randint(1, 40)} -",
        str(rng.randint(0, 10 ** rng.randint(1, 8))),
    )
    return rng.choice(forms)


def machine_readable(rng: random.Random) -> str:
    """A line of a machine readable zone: capitals, digits and ``<``."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    digits = "".join(rng.choice("0123456789") for _ in range(9))
    names = "<".join(
        "".join(rng.choice(letters) for _ in range(rng.randint(2, 6))) for _ in range(3)
    )
    forms = (
        f"IDVNM{digits}{rng.randint(0, 9)}{digits}{digits[:3]}<<{rng.randint(0, 9)}",
        f"{digits[:7]}{rng.choice('MF')}{digits[2:]}VNM<<<<<<<<<<<{digits[0]}",
        f"{names.replace('<', '<<', 1)}".ljust(30, "<")[:30],
        f"P<VNM{names.replace('<', '<<', 1)}".ljust(44, "<")[:44],
    )
    return rng.choice(forms)
