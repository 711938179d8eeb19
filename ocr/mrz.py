"""The machine-readable zone on the back of identity cards (ICAO 9303 part 5, size TD1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.dates import to_iso

_WIDTH = 30
_WEIGHTS = (7, 3, 1)
_DIGITS = str.maketrans("OQDILZSBGT", "0001125867")
_LETTERS = str.maketrans("015826", "OISBZG")
_NEVER = "991231"
"""Cards without expiry carry this date."""
_FIRST = re.compile(r"[I1L][D0O]VN[MN]")
_FILLERS = re.compile(r"[«‹‚(\[{]")


@dataclass(frozen=True, kw_only=True)
class MachineZone:
    """What the zone says.

    ``valid`` holds the parts whose check digits are right: ``personal_id``, ``birth_date``,
    ``valid_until`` and, for all together, ``composite``.
    """

    personal_id: str
    birth_date: str | None
    sex: str | None
    valid_until: str | None
    name: str
    valid: frozenset[str]


def check_digit(text: str) -> int:
    """The check digit of ICAO 9303 part 3: weights 7-3-1, letters from 10, ``<`` zero."""
    total = sum(_value(letter) * _WEIGHTS[index % 3] for index, letter in enumerate(text))
    return total % 10


def _value(letter: str) -> int:
    if letter == "<":
        return 0
    return int(letter) if letter.isdigit() else ord(letter) - ord("A") + 10


def find_zone(texts: Sequence[str]) -> MachineZone | None:
    """The zone among lines read in order, letters and digits corrected by what must stand there.

    ``None`` where no first line (``IDVNM…``) with two lines below it is found.
    """
    cleaned = [_cleaned(text) for text in texts]
    for index, line in enumerate(cleaned):
        found = _FIRST.search(line)
        if found is None or found.start() > 2:
            continue
        rest = [other for other in cleaned[index + 1 :] if len(other) >= 20]
        if len(rest) >= 2:
            return _parsed(line[found.start() :], rest[0], rest[1])
    return None


def _cleaned(text: str) -> str:
    upper = _FILLERS.sub("<", text.replace(" ", "").upper())
    return re.sub(r"[^A-Z0-9<]", "", upper)


def _parsed(first: str, second: str, third: str) -> MachineZone | None:
    numbers = first[5:].translate(_DIGITS)
    one = ("IDVNM" + numbers)[:_WIDTH].ljust(_WIDTH, "<")
    if len(second) < 15:
        return None
    birth, expiry = second[:7].translate(_DIGITS), second[8:15].translate(_DIGITS)
    sex, country = second[7], second[15:18].translate(_LETTERS)
    two = f"{birth}{sex}{expiry}{country}{second[18:]}"
    two = two[: _WIDTH - 1].ljust(_WIDTH - 1, "<") + second[-1:].translate(_DIGITS)
    personal_id = one[15:27]
    if not personal_id.isdigit():
        return None
    name = third.translate(_LETTERS).rstrip("<")
    return MachineZone(
        personal_id=personal_id,
        birth_date=_date(birth[:6], century=_century(personal_id)),
        sex={"M": "male", "F": "female"}.get(sex),
        valid_until=None if expiry[:6] == _NEVER else _date(expiry[:6], century=2000),
        name=" ".join(part for part in name.split("<") if part),
        valid=_valid(one, two),
    )


def _valid(one: str, two: str) -> frozenset[str]:
    parts = {
        "personal_id": (one[5:14], one[14]),
        "birth_date": (two[:6], two[6]),
        "valid_until": (two[8:14], two[14]),
        "composite": (one[5:30] + two[:7] + two[8:15] + two[18:29], two[29:30]),
    }
    right = {name for name, (text, digit) in parts.items() if digit == str(check_digit(text))}
    if one[5:14] != one[18:27]:
        right.discard(
            "personal_id"
        )  # the number stands there twice: its last nine digits, and whole
    return frozenset(right)


def _century(personal_id: str) -> int:
    return 1900 + 100 * (int(personal_id[3]) // 2)


def _date(digits: str, *, century: int) -> str | None:
    if len(digits) != 6 or not digits.isdigit():
        return None
    return to_iso(str(century + int(digits[:2])), digits[2:4], digits[4:])
