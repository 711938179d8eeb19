"""What all papers of a commune office share: habits, header, and the rows that recur."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from domain.person import Person
from ingest.samples.dates import DateStyle, in_figures, in_words
from ingest.samples.people import TODAY, draw_day, draw_descent, draw_name
from ingest.samples.places import TWO_TIERS_SINCE, Commune
from ingest.samples.sheet import Entry, Row, single
from ingest.samples.vocabulary import vocabulary

SEX = {"male": "Nam", "female": "Nữ"}


@dataclass(frozen=True, kw_only=True)
class Hand:
    """How one office fills in its papers."""

    rng: random.Random
    date_style: DateStyle
    upper_names: bool
    commas: bool
    flowing: bool
    """Two facts of one row run on in one line instead of standing apart."""

    def name(self, person: Person) -> str:
        """The name as typed."""
        name = person.full_name or ""
        return name.upper() if self.upper_names else name

    def day(self, iso: str) -> str:
        """The date as typed; a year alone stays a year."""
        if len(iso) == 4:
            return iso
        return in_figures(date.fromisoformat(iso), self.date_style)


def draw_hand(rng: random.Random) -> Hand:
    """An office's habits."""
    styles = (DateStyle.SLASHES, DateStyle.WORDS, DateStyle.DAY_WORDS, DateStyle.DASHES)
    return Hand(
        rng=rng,
        date_style=rng.choices(styles, weights=(5, 3, 3, 1))[0],
        upper_names=rng.random() < 0.7,
        commas=rng.random() < 0.6,
        flowing=rng.random() < 0.5,
    )


@dataclass(frozen=True, kw_only=True)
class Head:
    """The parts every paper of one commune office shares."""

    agency: tuple[str, ...]
    issuing_agency: Entry
    number: Entry
    place_date: Entry
    signer_titles: tuple[str, ...]
    signer_name: str


def office_of(commune: Commune) -> str:
    """The people's committee that keeps the register: ``Ủy ban nhân dân xã …, huyện …, tỉnh …``."""
    return f"Ủy ban nhân dân {commune.text}"


def draw_head(hand: Hand, commune: Commune, *, suffix: str, issued: date) -> Head:
    """Agency, number, place and date, signer."""
    rng = hand.rng
    lines = ["ỦY BAN NHÂN DÂN", commune.ward.upper()]
    if rng.random() < 0.35:
        above = [part for part in (commune.district, commune.province) if part]
        lines = [*lines, ", ".join(above).upper()]
    agency = " ".join(lines)
    number = f"{rng.randint(1, 980)}/{issued.year}/{suffix}"
    if suffix == "UBND-XNTTHN":
        number = f"{rng.randint(1, 980)}/{suffix}"
    dated = in_figures(issued, DateStyle.DAY_WORDS)
    titles = tuple(rng.choice(vocabulary()["offices"]).split("\n"))
    return Head(
        agency=tuple(lines),
        issuing_agency=Entry(label="", text=agency, field="issuing_agency", value=agency),
        number=Entry(label="Số: ", text=number, field="number", value=number),
        place_date=Entry(
            label=f"{commune.short}, ", text=dated, field="issue_date", value=issued.isoformat()
        ),
        signer_titles=titles,
        signer_name=draw_name(rng, draw_descent(rng), rng.choice(("male", "female"))),
    )


def name_row(hand: Hand, label: str, person: Person, field: str) -> Row:
    """A full name."""
    return single(label, hand.name(person), field=field, value=person.full_name)


def birth_row(hand: Hand, person: Person, *, words: bool) -> Row:
    """Date of birth in figures, and in words where the form asks for it."""
    iso = person.birth_date or ""
    figures = Entry(
        label="Ngày, tháng, năm sinh: ", text=hand.day(iso), field="birth_date", value=iso
    )
    if not words:
        return Row(entries=(figures,))
    spelled = in_words(date.fromisoformat(iso), commas=hand.commas)
    return Row(entries=(figures, Entry(label="ghi bằng chữ: ", text=spelled)), shares=(0.45, 0.55))


def personal_row(person: Person) -> Row:
    """Sex, ethnicity, nationality on one line."""
    return Row(
        entries=(
            Entry(label="Giới tính: ", text=SEX[person.sex or "male"], field="sex",
                  value=person.sex),
            Entry(label="Dân tộc: ", text=person.ethnicity or "", field="ethnicity",
                  value=person.ethnicity),
            Entry(label="Quốc tịch: ", text=person.nationality or "", field="nationality",
                  value=person.nationality),
        ),
        shares=(0.3, 0.33, 0.37),
    )  # fmt: skip


def parent_rows(hand: Hand, person: Person, role: str, word: str) -> tuple[Row, ...]:
    """A parent's block: name, year of birth, ethnicity, nationality, residence."""
    born = person.birth_date or ""
    if hand.rng.random() < 0.5:
        born = born[:4]  # the register of the parents' time often knew the year alone
    return (
        name_row(hand, f"Họ, chữ đệm, tên người {word}: ", person, f"{role}_full_name"),
        Row(
            entries=(
                Entry(label="Năm sinh: ", text=hand.day(born), field=f"{role}_birth_date",
                      value=born),
                Entry(label="Dân tộc: ", text=person.ethnicity or "",
                      field=f"{role}_ethnicity", value=person.ethnicity),
                Entry(label="Quốc tịch: ", text=person.nationality or "",
                      field=f"{role}_nationality", value=person.nationality),
            ),
            shares=(0.4, 0.27, 0.33),
        ),
        single("Nơi cư trú: ", person.residence or "", field=f"{role}_residence"),
    )  # fmt: skip


def registration_row(hand: Hand, registered: date) -> Row:
    """Number and date of the register entry."""
    number = str(hand.rng.randint(1, 420))
    text = in_figures(registered, DateStyle.DAY_WORDS)
    return Row(
        entries=(
            Entry(label="Số: ", text=number, field="registration_number", value=number),
            Entry(label=text[:5], text=text[5:], field="registration_date",
                  value=registered.isoformat()),
        ),
        shares=(0.3, 0.7),
        flow=hand.flowing,
    )  # fmt: skip


def draw_issue_date(rng: random.Random, after: date, commune: Commune) -> date:
    """A day of issue after the event, while the office existed: 2016 to June 2025, or since."""
    old_end = TWO_TIERS_SINCE - timedelta(days=1)
    first = max(after + timedelta(days=1), date(2016, 2, 1) if commune.is_old else TWO_TIERS_SINCE)
    last = old_end if commune.is_old and first < old_end else TODAY
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def identity_paper_row(hand: Hand, person: Person, field: str, *, before: date) -> Row:
    """The identity paper in one sentence, as the circular's example words it, issued ``before``."""
    issuers = [
        ("Căn cước công dân", "Cục Cảnh sát QLHC về TTXH"),
        ("Căn cước công dân", "Cục Cảnh sát quản lý hành chính về trật tự xã hội"),
        ("CCCD", "Cục Cảnh sát QLHC về TTXH"),
    ]
    kind, issuer = hand.rng.choice(issuers)
    first, last = _CITIZEN_CARDS
    if before > _IDENTITY_CARDS_SINCE and hand.rng.random() < 0.4:
        kind, issuer, first, last = "Thẻ căn cước", "Bộ Công an", _IDENTITY_CARDS_SINCE, before
    issued = draw_day(hand.rng, first, min(last, before - timedelta(days=1)))
    text = f"{kind} số {person.personal_id} do {issuer} cấp ngày {issued:%d/%m/%Y}"
    return single("Giấy tờ tùy thân: ", text, field=field)


_CITIZEN_CARDS = (date(2016, 1, 1), date(2024, 6, 30))
_IDENTITY_CARDS_SINCE = date(2024, 7, 1)
"""Luật Căn cước 26/2023 in force."""
