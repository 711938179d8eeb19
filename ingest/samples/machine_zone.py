"""The machine-readable zone of Vietnamese identity cards (ICAO Doc 9303 part 5, size TD1)."""

import unicodedata
from datetime import date

_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """ICAO 9303 check digit: weights 7, 3, 1 over 0–9, A=10 … Z=35, ``<``=0, modulo 10."""
    values = (
        0 if sign == "<" else int(sign) if sign.isdigit() else ord(sign) - ord("A") + 10
        for sign in text
    )
    total = sum(value * _WEIGHTS[index % 3] for index, value in enumerate(values))
    return str(total % 10)


def latin(name: str) -> str:
    """Capital letters without diacritics, ``<`` between words; the surname apart by ``<<``."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).upper()
    words = ["".join(sign for sign in word if sign.isascii() and sign.isalpha())
             for word in letters.split()]  # fmt: skip
    return words[0] + "<<" + "<".join(words[1:])


def machine_zone(
    *, personal_id: str, name: str, born: date, sex: str, expires: date | None
) -> tuple[str, str, str]:
    """The three lines of 30 signs; cards without expiry carry 31 December 2099."""
    number = personal_id[3:]
    first = f"IDVNM{number}{check_digit(number)}{personal_id}<<"
    first += check_digit(first[15:29])
    birth, end = f"{born:%y%m%d}", f"{expires or date(2099, 12, 31):%y%m%d}"
    sign = "M" if sex == "male" else "F"
    second = f"{birth}{check_digit(birth)}{sign}{end}{check_digit(end)}VNM".ljust(29, "<")
    composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    return first, second + check_digit(composite), latin(name)[:30].ljust(30, "<")
