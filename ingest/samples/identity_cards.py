"""Identity cards of 2021 (căn cước công dân) and 2024 (căn cước): what is printed on them."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.person import Person
from ingest.samples.machine_zone import machine_zone
from ingest.samples.office import SEX
from ingest.samples.people import TODAY, draw_day

_RENEWED_AT = (25, 40, 60)
"""Ages at which a card must be renewed (Luật Căn cước 26/2023 Art. 21)."""
_GIVEN_OUT = {
    "2021": (date(2021, 1, 4), date(2024, 6, 30)),
    "2024": (date(2024, 7, 1), TODAY),
}
OF_AGE = timedelta(days=14 * 366)
"""Nobody younger has a card that names their features."""
MARKS = (
    "Nốt ruồi C: 1,5cm trên sau cánh mũi trái",
    "Sẹo chấm C: 2cm dưới trước mắt phải",
    "Nốt ruồi C: 2,5cm dưới sau mép phải",
    "Sẹo chấm C: 3cm trên đuôi lông mày trái",
)


@dataclass(frozen=True, kw_only=True)
class CardDates:
    """Issue and expiry; ``expires`` is ``None`` for holders past the last renewal."""

    issued: date
    expires: date | None


def draw_card_facts(rng: random.Random, person: Person) -> tuple[Person, Mapping[str, str]]:
    """The holder as the card names them, and every printed string by slot."""
    layout = rng.choice(("2021", "2024"))
    born = date.fromisoformat(person.birth_date or "")
    dates = draw_card_dates(rng, born, *_GIVEN_OUT[layout])
    if layout == "2024":
        # the card names the commune of birth registration, never a hospital
        person = replace(person, birth_place=person.home_town)
    lines = machine_zone(
        personal_id=person.personal_id,
        name=person.full_name or "",
        born=born,
        sex=person.sex or "male",
        expires=dates.expires,
    )
    expiry = f"{dates.expires:%d/%m/%Y}" if dates.expires else "Không thời hạn"
    return person, {
        "layout": layout,
        "personal_id": person.personal_id,
        "full_name": (person.full_name or "").upper(),
        "birth_date": f"{born:%d/%m/%Y}",
        "sex": SEX[person.sex or "male"],
        "nationality": person.nationality or "",
        "home_town": _titled(person.home_town),
        "birth_place": _titled(person.birth_place),
        "residence": _titled(person.residence),
        "expiry": expiry,
        "issue_date": f"{dates.issued:%d/%m/%Y}",
        "mark": rng.choice(MARKS),
        "qr": _payload(person, born, dates.issued),
        "zone": "\n".join(lines),
        "expires_iso": dates.expires.isoformat() if dates.expires else "",
        "issued_iso": dates.issued.isoformat(),
    }


_ISSUERS = {
    "2021": "CỤC CẢNH SÁT QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI",
    "2024": "BỘ CÔNG AN",
}
"""As printed on the back."""


def fields_of_card(person: Person, card: Mapping[str, str]) -> dict[str, str]:
    """The truth: what can be read on both sides of the card."""
    fields = {
        "personal_id": person.personal_id,
        "full_name": person.full_name or "",
        "birth_date": person.birth_date or "",
        "sex": person.sex or "",
        "nationality": person.nationality or "",
        "residence": card["residence"],
        "issue_date": card["issued_iso"],
    }
    fields["issuing_agency"] = _ISSUERS[card["layout"]]
    place = "home_town" if card["layout"] == "2021" else "birth_place"
    fields[place] = card[place]
    if card["expires_iso"]:
        fields["valid_until"] = card["expires_iso"]
    return fields


def _titled(address: str | None) -> str:
    """Cards print addresses with a capital first letter."""
    text = address or ""
    return text[:1].upper() + text[1:]


def draw_card_dates(rng: random.Random, born: date, first: date, last: date) -> CardDates:
    """Dates of a card given out between ``first`` and ``last`` to somebody born on ``born``."""
    first = max(first, born + OF_AGE)
    issued = draw_day(rng, min(first, last), last)
    for age in _RENEWED_AT:
        day = min(born.day, 28) if born.month == 2 else born.day
        expires = date(born.year + age, born.month, day)
        # a card issued within two years before a renewal age lasts until the next one
        if expires - issued > timedelta(days=730):
            return CardDates(issued=issued, expires=expires)
    return CardDates(issued=issued, expires=None)


def _payload(person: Person, born: date, issued: date) -> str:
    """The QR of both layouts: ``CCCD|CMND|name|birth|sex|residence|issue``; CMND is mostly empty."""
    return "|".join(
        (
            person.personal_id,
            "",
            person.full_name or "",
            f"{born:%d%m%Y}",
            SEX[person.sex or "male"],
            _titled(person.residence),
            f"{issued:%d%m%Y}",
        )
    )
