"""Cards given out before 2021: what they say holds together, and nothing else of an archive changes."""

import random
from collections import Counter
from datetime import date

import numpy as np
import pytest
import zxingcpp

from domain.form import FormCode
from domain.verdict import FindingKind
from ingest.samples import casting, document
from ingest.samples.card_drawing import draw_sides
from ingest.samples.former_cards import BARCODE, FORMER_LAYOUTS, NINE_DIGITS
from ingest.samples.places import draw_address, draw_commune, short_address
from ingest.samples.sheet import Case
from matching.address_kinds import address_kind
from ocr.values import normalise

MANY = 600
BOTH_SIDES = {"full_name", "birth_date", "home_town", "residence", "issue_date", "issuing_agency"}


def cases(count: int = MANY) -> list[Case]:
    return [casting.draw_case(random.Random(f"seed/{index}")) for index in range(count)]  # noqa: S311


@pytest.fixture(scope="module")
def former() -> dict[str, list[Case]]:
    kinds: dict[str, list[Case]] = {}
    for case in cases():
        if case.card:
            kinds.setdefault(case.card["layout"], []).append(case)
    return kinds


def test_cards_of_every_kind_are_drawn(former: dict[str, list[Case]]) -> None:
    assert former.keys() == {"1999", "2016", "2021", "2024"}
    assert all(len(cards) > 10 for cards in former.values())


def test_a_card_of_nine_digits_bears_a_number_of_its_own(former: dict[str, list[Case]]) -> None:
    for case in former[NINE_DIGITS]:
        fields, person = case.fields, case.persons["subject"]
        assert fields.keys() == BOTH_SIDES | {"personal_id", "ethnicity"}
        assert len(fields["personal_id"]) == 9
        assert person.personal_id != fields["personal_id"]
        assert (person.birth_date or "").startswith(fields["birth_date"])
        assert fields["issuing_agency"].startswith(("CA ", "CÔNG AN "))


def test_a_card_with_a_barcode_bears_the_persons_number(former: dict[str, list[Case]]) -> None:
    for case in former[BARCODE]:
        fields, person = case.fields, case.persons["subject"]
        told = BOTH_SIDES | {"personal_id", "sex", "nationality"}
        assert fields.keys() - {"valid_until"} == told
        assert fields["personal_id"] == person.personal_id
        assert ("valid_until" in fields) == (case.card["expiry"] != "Không thời hạn")
        newer = fields["issue_date"] >= "2018-11-01"
        assert newer == fields["issuing_agency"].endswith("TRẬT TỰ XÃ HỘI")


@pytest.mark.parametrize(
    ("layout", "first", "last"),
    [(NINE_DIGITS, "1999-05-01", "2019-12-31"), (BARCODE, "2016-01-04", "2021-01-22")],
)
def test_holders_were_of_age_while_such_cards_were_given_out(
    former: dict[str, list[Case]], layout: str, first: str, last: str
) -> None:
    for case in former[layout]:
        issued = case.fields["issue_date"]
        born = case.persons["subject"].birth_date or ""
        assert first <= issued <= last
        assert date.fromisoformat(issued).year - date.fromisoformat(born).year >= 14


def test_all_other_papers_are_what_they_were_without_them(
    monkeypatch: pytest.MonkeyPatch, former: dict[str, list[Case]]
) -> None:
    with_them = cases()
    monkeypatch.setattr(casting, "draw_former_facts", lambda _rng, _person: None)
    without = cases()
    others = [
        (one, other)
        for one, other in zip(with_them, without, strict=True)
        if one.card.get("layout") not in FORMER_LAYOUTS
    ]
    assert all(one == other for one, other in others)
    assert len(others) == MANY - sum(len(former[one]) for one in FORMER_LAYOUTS)


def test_no_error_is_planted_in_a_number_that_the_card_does_not_bear() -> None:
    planted: Counter[tuple[str, str]] = Counter()
    rng = random.Random(5)  # noqa: S311  # seeded sample data
    for case in cases(1500):
        if case.form is FormCode.IDENTITY_CARD:
            _, errors = document.rows_of(rng, case, error_share=1.0)
            planted.update((case.card["layout"], error.field) for error in errors)
    assert (NINE_DIGITS, "personal_id") not in planted
    assert planted[BARCODE, "personal_id"]
    assert planted[NINE_DIGITS, "full_name"]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (
            "thôn 3, xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
            "Thôn 3, Nghĩa Trung, Việt Yên, Bắc Giang",
        ),
        ("phường 5, quận 10, thành phố Hồ Chí Minh", "Phường 5, Quận 10, TP. Hồ Chí Minh"),
        ("thị trấn Phùng, huyện Đan Phượng, thành phố Hà Nội", "TT. Phùng, Đan Phượng, Hà Nội"),
        ("phường 1, thành phố Cao Lãnh, tỉnh Đồng Tháp", "Phường 1, TP. Cao Lãnh, Đồng Tháp"),
    ],
)
def test_addresses_are_short_on_cards(text: str, short: str) -> None:
    assert short_address(text) == short


def test_a_short_address_is_the_same_place() -> None:
    rng = random.Random(3)  # noqa: S311  # seeded sample data
    for _ in range(200):
        home = draw_address(rng, draw_commune(rng))
        short = short_address(home)
        assert normalise("residence", short) == short
        assert address_kind(short, home) is FindingKind.AGREES


def test_the_back_of_2016_has_a_barcode_and_no_qr(former: dict[str, list[Case]]) -> None:
    case = former[BARCODE][0]
    front, back = draw_sides(random.Random(1), case.card, dpi=300)  # noqa: S311
    assert front.size == back.size == (1011, 638)
    codes = zxingcpp.read_barcodes(np.asarray(back))
    assert [code.format for code in codes] == [zxingcpp.BarcodeFormat.PDF417]
    assert not zxingcpp.read_barcodes(np.asarray(front))


def test_nine_digits_are_drawn_the_same_again(former: dict[str, list[Case]]) -> None:
    case = former[NINE_DIGITS][0]
    once, again = (draw_sides(random.Random(1), case.card, dpi=300) for _ in range(2))  # noqa: S311
    assert [side.tobytes() for side in once] == [side.tobytes() for side in again]
    assert once[0].size == once[1].size == (1011, 638)
