"""The 12-digit personal identification number (số định danh cá nhân) and what it says of its holder.

NĐ 137/2015 Art. 13, TT 07/2016 Art. 7, TT 59/2021 Art. 4: province of birth registration (3), century and
sex (1), year of birth (2), random (6); no check digit.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.provinces import province_of_code, successor_of

_SEPARATORS = re.compile(r"[\s.\-]+")
_FIRST_CENTURY = 1900


class IdentityNumberKind(StrEnum):
    """Kinds of identity numbers on papers."""

    PERSONAL = "personal"
    """12 digits, this module."""
    OLD_CARD = "old_card"
    """9-digit CMND number of older papers: says nothing of its holder."""


@dataclass(frozen=True, kw_only=True)
class PersonalNumber:
    """A number taken apart; ``sex`` is ``male`` or ``female``."""

    digits: str
    province_code: str
    sex: str
    birth_year: int

    @property
    def province(self) -> str | None:
        """Name of the province of birth registration in the table of the 63, ``None`` for new codes."""
        province = province_of_code(self.province_code)
        return None if province is None else province.name


@dataclass(frozen=True, kw_only=True)
class NumberMismatch:
    """The number says something else than the paper: a warning with evidence, never a rejection.

    ``code`` is ``personal_id_sex``, ``personal_id_birth_year`` or ``personal_id_province``.
    """

    code: str
    in_number: str
    stated: str


def digits_of(text: str) -> str:
    """``text`` without the spaces, dots and hyphens that group digits."""
    return text if text.isdigit() else _SEPARATORS.sub("", text)


def kind_of(text: str) -> IdentityNumberKind | None:
    """Which kind of identity number ``text`` is, by its shape."""
    digits = digits_of(text)
    if not (digits.isascii() and digits.isdigit()):
        return None
    kinds = {12: IdentityNumberKind.PERSONAL, 9: IdentityNumberKind.OLD_CARD}
    return kinds.get(len(digits))


def parse(text: str) -> PersonalNumber | None:
    """The number in ``text`` (digits, possibly grouped), ``None`` where it is not 12 digits."""
    if kind_of(text) is not IdentityNumberKind.PERSONAL:
        return None
    digits = digits_of(text)
    century, female = divmod(int(digits[3]), 2)
    return PersonalNumber(
        digits=digits,
        province_code=digits[:3],
        sex="female" if female else "male",
        birth_year=_FIRST_CENTURY + 100 * century + int(digits[4:6]),
    )


def mismatches(
    number: PersonalNumber,
    *,
    sex: str | None = None,
    birth_date: str | None = None,
    province: str | None = None,
) -> tuple[NumberMismatch, ...]:
    """Where the number disagrees with what a paper states; values that are ``None`` are not compared.

    ``birth_date`` is ``YYYY-MM-DD`` or ``YYYY``; ``province`` the province of birth registration or an
    address that ends in it, of the 63 or of the 34 (compared by the land they are today).
    """
    found: list[NumberMismatch] = []
    if sex is not None and sex != number.sex:
        found.append(NumberMismatch(code="personal_id_sex", in_number=number.sex, stated=sex))
    if birth_date is not None and birth_date[:4] != str(number.birth_year):
        found.append(
            NumberMismatch(
                code="personal_id_birth_year",
                in_number=str(number.birth_year),
                stated=birth_date[:4],
            )
        )
    of_code = province_of_code(number.province_code)
    stated = None if province is None else successor_of(province)
    if of_code is not None and province is not None and stated not in {None, of_code.successor}:
        found.append(
            NumberMismatch(code="personal_id_province", in_number=of_code.name, stated=province)
        )
    return tuple(found)
