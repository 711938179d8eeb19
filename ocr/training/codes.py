"""Figures beside letters and signs: measures, money, telephone numbers, house numbers, codes.

What stands alone tells ``0`` from ``O`` and ``1`` from ``l`` by the words around it; here nothing but the
ink does.
"""

from __future__ import annotations

import random
import string

_UNITS = (
    "kg",
    " kg",
    "cm",
    " cm",
    "m",
    " m",
    "m²",
    " m²",
    "m2",
    "ha",
    "mm",
    "g",
    "km",
    "%",
    "°C",
    "đ",
    " VNĐ",
)
_ALPHANUMERIC = string.ascii_uppercase + 2 * string.digits
_MIXED = "".join(sorted(set(string.ascii_letters) - set("lIO"))) + 3 * string.digits
"""Nobody tells l from I in most sans-serif faces."""
_HEX = "0123456789abcdef"


def code(rng: random.Random) -> str:
    """A measure, a number or a code in one of the forms that papers write."""
    maker = rng.choice((_measure, _measure, _time_or_place, _telephone, _house, _sign, _key, _key))
    return maker(rng)


def _drawn(rng: random.Random, letters: str, least: int, most: int) -> str:
    return "".join(rng.choice(letters) for _ in range(rng.randint(least, most)))


def _measure(rng: random.Random) -> str:
    whole, part = rng.randint(0, 999), rng.randint(0, 99)
    thousands = ".".join(f"{rng.randint(0, 999):03d}" for _ in range(rng.randint(1, 3)))
    return rng.choice(
        (
            f"{whole}{rng.choice(_UNITS)}",
            f"{whole}{rng.choice(',.')}{part}{rng.choice(_UNITS)}",
            f"1m{part:02d}",
            f"C.{rng.randint(1, 9)}cm{rng.choice(('', '5'))}",
            f"{whole}x{part}cm",
            f"{whole}.{thousands}{rng.choice(('đ', ' đồng', ' VNĐ', 'đ/tháng', ' USD', ',-'))}",
            f"Km {whole % 100}+{rng.randint(0, 999):03d}",
        )
    )


def _time_or_place(rng: random.Random) -> str:
    hour, minute, second = rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)
    north = f"{rng.randint(8, 23)}°{minute:02d}'{second:02d}\"{rng.choice(('N', ' N', ''))}"
    east = f"{rng.randint(102, 109)}°{second:02d}'{minute:02d}\"{rng.choice(('E', ' E', ''))}"
    return rng.choice(
        (
            f"{hour}h{minute:02d}",
            f"{hour:02d}h{minute:02d}'",
            f"{hour}g{minute:02d}",
            f"{hour:02d}:{minute:02d}:{second:02d}",
            f"{north}, {east}",
            north,
        )
    )


def _telephone(rng: random.Random) -> str:
    a, b, c = (rng.randint(100, 9999) for _ in range(3))
    area = rng.choice(("024", "028", "0236", "0225", "091", "098", "0903"))
    number = rng.choice((f"{b}.{c}", f"{b} {c}", f"{b}{c}", f"{a % 10} {b} {c}", f"{a}-{b}"))
    return rng.choice(
        (
            f"({area}) {number}",
            f"{area}.{number}",
            f"{area}-{number}",
            f"(+84) {area[1:]} {number}",
            f"+84{area[1:]}{number}",
            f"1900.{c}",
        )
    )


def _house(rng: random.Random) -> str:
    number, letter = rng.randint(1, 400), rng.choice("ABCDEFGHK")
    other = rng.randint(1, 99)
    return rng.choice(
        (
            f"{number}{letter}",
            f"{number}{letter.lower()}",
            f"{number}/{other}{letter}",
            f"{number}/{other}/{rng.randint(1, 30)}",
            f"P.{number}-CT{other % 10}{letter}",
            f"Tổ {other}{letter}",
            f"{letter}{other}-{number}",
            f"Lớp {rng.randint(1, 12)}{letter}{other % 10}",
        )
    )


def _sign(rng: random.Random) -> str:
    letter = rng.choice("ABCDEFGHKLMNPSTUVXYZ")
    plate = f"{rng.randint(11, 99)}{letter}{rng.choice(('', str(rng.randint(1, 9))))}"
    year = rng.randint(1955, 2029)
    return rng.choice(
        (
            f"{plate}-{rng.randint(0, 999):03d}.{rng.randint(0, 99):02d}",
            f"{plate}-{rng.randint(0, 9999):04d}",
            f"Mẫu TP/HT-{year}-{_drawn(rng, 'CDHKLMNST', 2, 4)}.{rng.randint(1, 9)}",
            f"{rng.randint(1, 99):02d}.{rng.choice('ab')}/{year}/TT-BTP",
            f"{_drawn(rng, string.ascii_uppercase, 1, 2)} {_drawn(rng, string.digits, 6, 8)}",
            f"n° {rng.randint(1, 999)}",
            f"{rng.choice('ABO')}{rng.choice('+-')}",
        )
    )


def _key(rng: random.Random) -> str:
    groups = [_drawn(rng, _ALPHANUMERIC, 3, 6) for _ in range(rng.randint(1, 5))]
    return rng.choice(
        (
            rng.choice("-- .").join(groups),
            _drawn(rng, _HEX, 6, 32),
            _drawn(rng, _HEX, 6, 32).upper(),
            "-".join(_drawn(rng, _HEX, size, size) for size in (8, 4, 4, 4, 12)),
            _drawn(rng, _MIXED, 4, 16),
        )
    )
