"""Identity cards given out before 2021: nine digits (giấy chứng minh nhân dân), and 2016's with a barcode."""

import random
from collections.abc import Mapping
from datetime import date

from domain.person import Person
from ingest.samples.identity_cards import MARKS, OF_AGE, draw_card_dates
from ingest.samples.office import SEX
from ingest.samples.people import draw_day, draw_descent, draw_name
from ingest.samples.places import short_address

NINE_DIGITS, BARCODE = "1999", "2016"
FORMER_LAYOUTS = (NINE_DIGITS, BARCODE)
FORMER_SHARE = 0.45
"""Share of cards that are of a former kind, where the holder was old enough for one."""
_GIVEN_OUT = {
    NINE_DIGITS: (date(1999, 5, 1), date(2019, 12, 31)),
    BARCODE: (date(2016, 1, 4), date(2021, 1, 22)),
}
"""NĐ 05/1999, the last provinces went over in 2020; TT 61/2015/TT-BCA until TT 06/2021/TT-BCA."""
_NEW_DEPARTMENT = date(2018, 11, 1)
"""Since TT 33/2018/TT-BCA another department signs."""
_DEPARTMENTS = (
    "CỤC CẢNH SÁT ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ",
    "CỤC CẢNH SÁT QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI",
)
_OLD_MARKS = (
    "Nốt ruồi C: 1cm trên sau mép phải",
    "Sẹo chấm C: 1,5cm dưới trước mắt trái",
    "Nốt ruồi cách 2cm trên sau cánh mũi phải",
    "Sẹo thẳng 2cm trên trước đầu lông mày trái",
)
_RELIGIONS = ("Không",) * 7 + ("Phật giáo", "Công giáo", "Cao Đài")
_RANKS = ("Đại tá", "Thượng tá", "Thiếu tướng")
_HEAP_ENDS = 1965
"""Of people born before it who are registered on the first of January only the year was known."""


def draw_former_facts(rng: random.Random, person: Person) -> dict[str, str] | None:
    """Every printed string of a former card by slot; ``None`` where the holder has a card of today.

    ``rng`` is no other's: what else is drawn does not depend on there being former cards.
    """
    born = date.fromisoformat(person.birth_date or "")
    layouts = [one for one in FORMER_LAYOUTS if born + OF_AGE <= _GIVEN_OUT[one][1]]
    if not layouts or rng.random() >= FORMER_SHARE:
        return None
    layout = rng.choice(layouts)
    facts = {
        "layout": layout,
        "full_name": (person.full_name or "").upper(),
        "home_town": short_address(person.home_town or ""),
        "residence": short_address(person.residence or ""),
        "signer_name": draw_name(rng, draw_descent(rng), rng.choice(("male", "female"))),
        "signer_rank": rng.choice(_RANKS),
    }
    draw = _draw_nine_digits if layout == NINE_DIGITS else _draw_barcode
    return facts | draw(rng, person, born)


def _draw_barcode(rng: random.Random, person: Person, born: date) -> dict[str, str]:
    first, last = _GIVEN_OUT[BARCODE]
    dates = draw_card_dates(rng, born, first, last)
    issued, expires = dates.issued, dates.expires
    return {
        "personal_id": person.personal_id,
        "birth_date": f"{born:%d/%m/%Y}",
        "birth_iso": born.isoformat(),
        "sex": SEX[person.sex or "male"],
        "nationality": person.nationality or "",
        "mark": rng.choice(MARKS),
        "agency": _DEPARTMENTS[issued >= _NEW_DEPARTMENT],
        "issue_date": rng.choice(
            (f"{issued:%d/%m/%Y}", f"{issued.day:02d}/{issued.month}/{issued.year}")
        ),
        "issued_iso": issued.isoformat(),
        "expiry": f"{expires:%d/%m/%Y}" if expires else "Không thời hạn",
        "expires_iso": expires.isoformat() if expires else "",
    }


def _draw_nine_digits(rng: random.Random, person: Person, born: date) -> dict[str, str]:
    first, last = _GIVEN_OUT[NINE_DIGITS]
    issued = draw_day(rng, max(first, born + OF_AGE), last)
    year_alone = born.year < _HEAP_ENDS and (born.month, born.day) == (1, 1)
    province = (person.residence or "").rsplit(", ", maxsplit=1)[-1]
    unit = province.replace("thành phố", "TP").upper()
    return {
        "personal_id": f"{rng.randint(10, 385):03d}{rng.randint(0, 999_999):06d}",
        "birth_date": f"{born.year}" if year_alone else f"{born:%d-%m-%Y}",
        "birth_iso": f"{born.year}" if year_alone else born.isoformat(),
        "ethnicity": person.ethnicity or "",
        "religion": rng.choice(_RELIGIONS),
        "mark": rng.choice(_OLD_MARKS),
        "agency": f"{rng.choice(('CA', 'CÔNG AN'))} {unit}",
        "issue_date": f"{issued:%d/%m/%Y}",
        "issued_iso": issued.isoformat(),
        "expires_iso": "",
    }


def fields_of_former_card(person: Person, card: Mapping[str, str]) -> dict[str, str]:
    """The truth: what can be read on both sides. Nine digits are a number of the card, not of the person."""
    fields = {
        "personal_id": card["personal_id"],
        "full_name": person.full_name or "",
        "birth_date": card["birth_iso"],
        "home_town": card["home_town"],
        "residence": card["residence"],
        "issue_date": card["issued_iso"],
        "issuing_agency": card["agency"],
    }
    if card["layout"] == NINE_DIGITS:
        return fields | {"ethnicity": card["ethnicity"]}
    fields |= {"sex": person.sex or "", "nationality": card["nationality"]}
    if card["expires_iso"]:
        fields["valid_until"] = card["expires_iso"]
    return fields
