"""A personal number that belongs to somebody else: told, whoever else the name may fit."""

from dataclasses import replace
from typing import Any

import pytest

from domain.form import FormCode
from domain.person import Person
from domain.verdict import Decision, FindingKind, Verdict
from matching.conclusion import conclude
from matching.decision import decide, findings_against
from tests.unit.matching.registers import Register, field, record

HIEU = Person(
    personal_id="024210200004",
    full_name="Trần Minh Hiếu",
    birth_date="2010-05-06",
    sex="male",
    mother_full_name="Bùi Thị Na",
    father_full_name="Trần Văn Tám",
)
HIEN = replace(HIEU, personal_id="024210277777", full_name="Trần Minh Hiền")
CHAU = Person(
    personal_id="024210200006", full_name="Ngô Bảo Châu", birth_date="2010-07-06", sex="male"
)
CHAN = replace(CHAU, personal_id="024310255555", full_name="Ngô Bảo Chân", sex="female")
HAI = Person(
    personal_id="024060200001", full_name="Lê Văn Hải", birth_date="1960-02-03", sex="male"
)
HOA = {"full_name": "Nguyễn Thị Hoa", "birth_date": "1982-05-12", "sex": "female"}


def printed(person: Person, **changes: Any) -> dict[str, Any]:
    names = "full_name birth_date sex personal_id mother_full_name father_full_name".split()
    values = {name: getattr(person, name) for name in names}
    return {name: value for name, value in values.items() if value} | changes


def verdict(fields: dict[str, Any], *persons: Person) -> Verdict:
    return decide(record(FormCode.BIRTH_EXTRACT, fields), Register(persons))[0]


def kind(found: Verdict, field: str) -> FindingKind | None:
    return next((one.kind for one in found.findings if one.field == field), None)


def is_conflict(found: Verdict) -> bool:
    return (found.decision, kind(found, "personal_id")) == (
        Decision.REVIEW,
        FindingKind.CONFLICTING,
    )


@pytest.mark.parametrize(
    ("paper", "holder"),
    [(HIEN, HIEU), (CHAN, CHAU), (replace(HIEN, full_name="Trần Minh Hiêu"), HIEU)],
    ids=["twin", "twin of the other sex", "twin a mark away"],
)
def test_a_siblings_number_does_not_make_the_sibling(paper: Person, holder: Person) -> None:
    found = verdict(printed(paper, personal_id=holder.personal_id), holder, paper)
    assert is_conflict(found)
    assert paper.personal_id in {
        found.personal_id,
        *(one.personal_id for one in found.candidates),
    }


def test_an_alike_name_of_the_other_sex_is_another_person_though_nobody_else_is_known() -> None:
    assert is_conflict(verdict(printed(CHAN, personal_id=CHAU.personal_id), CHAU))


def test_an_alike_name_and_another_birth_are_another_person() -> None:
    paper = printed(HIEN, birth_date="1999-12-31", personal_id=HIEU.personal_id)
    assert is_conflict(verdict(paper, HIEU))


def test_a_namesakes_number_does_not_make_the_namesake() -> None:
    elder = replace(HIEN, personal_id="024082200009", birth_date="1982-11-30")
    paper = printed(HIEN, personal_id=elder.personal_id)
    assert is_conflict(verdict(paper, elder, HIEN))


@pytest.mark.parametrize(
    "change",
    [{"full_name": "Trần Minh Hiến"}, {"birth_date": "2010-06-05"}, {"sex": "female"}],
    ids=["name", "birth", "sex"],
)
def test_one_error_of_the_register_is_no_conflict(change: dict[str, str]) -> None:
    found = verdict(printed(HIEN), replace(HIEN, **change), HIEU)
    assert (found.decision, found.personal_id) == (Decision.MATCHED, HIEN.personal_id)


class Province(Register):
    """As large as a province: a common name and a birth that is only near make nobody likely."""

    def count(self) -> int:
        return 200_000


def namesakes(count: int) -> list[Person]:
    """Women of the name, the first born a year off."""
    return [
        Person(
            personal_id=f"0511817{at:05}",
            full_name=HOA["full_name"],
            birth_date=f"{1981 - at}-05-12",
            sex="female",
        )
        for at in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 14])
def test_a_strangers_number_is_told_though_a_namesake_ranks_first(count: int) -> None:
    paper = record(FormCode.IDENTITY_CARD, HOA | {"personal_id": HAI.personal_id})
    (found,) = decide(paper, Province([HAI, *namesakes(count)]))
    assert is_conflict(found)
    assert found.personal_id == HAI.personal_id
    assert kind(found, "full_name") is FindingKind.DIFFERENT
    others = [one.personal_id for one in found.candidates]
    assert HAI.personal_id not in others
    assert bool(others) is bool(count)


HOME = "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang"
FAMILY = {"mother_full_name": "Đỗ Thị Lụa", "father_full_name": "Trần Văn Mạnh", "home_town": HOME}
TRAN_HOA = Person(
    personal_id="024180000001", full_name="Trần Thị Hoa", birth_date="1980-03-05", sex="female"
)
NAMESAKE = replace(TRAN_HOA, personal_id="001180000777")
AT_HOME = replace(TRAN_HOA, **FAMILY)
ELSEWHERE = replace(
    NAMESAKE,
    mother_full_name="Vũ Thị Tý",
    father_full_name="Trần Đình Quế",
    home_town="tỉnh Cà Mau",
)
WITH_FAMILY = printed(TRAN_HOA) | FAMILY


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"birth_date": None}, "birth_date_missing_in_population_subject"),
        ({"birth_date": "1980-03-06"}, "birth_date_different_subject"),
        ({"birth_date": "1971-11-30"}, "birth_date_different_subject"),
        ({"full_name": "Trần Thị Hòa"}, "full_name_tone_only_subject"),
    ],
    ids=["no birth", "slip in the birth", "another birth", "tone"],
)
@pytest.mark.parametrize(
    ("paper", "holder", "namesake"),
    [
        (printed(TRAN_HOA), TRAN_HOA, NAMESAKE),
        (WITH_FAMILY, AT_HOME, ELSEWHERE),
        (WITH_FAMILY, AT_HOME, NAMESAKE),
    ],
    ids=["no family printed", "namesake of other parents", "namesake of unknown parents"],
)
def test_a_namesake_born_that_day_takes_no_number_away(
    paper: dict[str, Any], holder: Person, namesake: Person, changes: dict[str, Any], reason: str
) -> None:
    read = record(FormCode.BIRTH_EXTRACT, paper)
    verdicts = decide(read, Register([replace(holder, **changes), namesake]))
    subject = verdicts[0]
    assert (subject.decision, subject.personal_id) == (Decision.MATCHED, holder.personal_id)
    assert conclude(read, verdicts).reasons == (reason,)


@pytest.mark.parametrize(
    ("name", "in_register"), [("full_name", "Trần Thị Hòa"), ("birth_date", "1962-11-30")]
)
def test_what_was_read_in_doubt_takes_no_number_away(name: str, in_register: str) -> None:
    paper = WITH_FAMILY | {name: field(getattr(TRAN_HOA, name), certain=False)}
    neighbour = replace(AT_HOME, personal_id=NAMESAKE.personal_id)
    found = verdict(paper, replace(AT_HOME, **{name: in_register}), neighbour)
    assert found.personal_id == TRAN_HOA.personal_id
    assert kind(found, "personal_id") is FindingKind.AGREES


@pytest.mark.parametrize(
    ("paper", "persons"),
    [
        (HIEN, [HIEU, HIEN]),
        (replace(HIEN, full_name="Trần Minh Hiêu"), [HIEU]),
        (CHAN, [CHAU]),
        (replace(HAI, full_name="Nguyễn Thị Hoa", sex="female"), [HAI]),
    ],
    ids=["twin", "nobody else a mark away", "other sex", "another name"],
)
def test_two_equal_numbers_never_conflict(paper: Person, persons: list[Person]) -> None:
    found = verdict(printed(paper, personal_id=persons[0].personal_id), *persons)
    number = next(one for one in found.findings if one.field == "personal_id")
    assert (number.document == number.population) == (number.kind is FindingKind.AGREES)


SON = replace(
    HAI,
    personal_id="024088200005",
    birth_date="1988-04-09",
    father_full_name="Lê Văn Hải",
    mother_full_name="Phan Thị Cúc",
    home_town=HOME,
    residence=HOME,
)
FATHER = replace(
    HAI,
    father_full_name="Lê Văn Bính",
    mother_full_name="Đỗ Thị Nếp",
    home_town=HOME,
    residence=HOME,
)


def of_son(*without: str, **changes: Any) -> dict[str, Any]:
    paper = printed(SON, personal_id=FATHER.personal_id, home_town=HOME, residence=HOME) | changes
    return {name: value for name, value in paper.items() if name not in without}


PARENTS = ("mother_full_name", "father_full_name")


@pytest.mark.parametrize(
    "paper",
    [
        of_son(),
        of_son(*PARENTS),
        of_son(birth_date="1988"),
        of_son(*PARENTS, birth_date="1972"),
        of_son("birth_date"),
        of_son(birth_date=field("1988-04-09", certain=False)),
        of_son(birth_date="1967-11-12"),
        of_son(birth_date="1960-03-02"),
    ],
    ids=[
        "birth and parents",
        "birth alone",
        "year and parents",
        "twelve years",
        "parents alone",
        "birth in doubt",
        "a cousin",
        "day and month swapped",
    ],
)
def test_a_fathers_number_does_not_make_the_father_of_his_name(paper: dict[str, Any]) -> None:
    read = record(FormCode.BIRTH_EXTRACT, paper)
    verdicts = decide(read, Register([FATHER]))
    assert is_conflict(verdicts[0])
    reasons = conclude(read, verdicts).reasons
    assert "personal_id_conflicting_subject" in reasons
    # nobody is told that the father's row is wrong
    assert not [one for one in reasons if "different" in one]


@pytest.mark.parametrize("paper", [of_son(), of_son(*PARENTS)])
def test_the_son_himself_is_found_beside_his_fathers_number(paper: dict[str, Any]) -> None:
    found = verdict(paper, FATHER, SON)
    assert is_conflict(found)
    assert found.personal_id == SON.personal_id


@pytest.mark.parametrize(
    ("in_register", "without"),
    [
        ({"birth_date": "1962-11-30"}, ()),
        ({"birth_date": "1962-11-30", "mother_full_name": None}, ()),
        ({"birth_date": "1978-04-09"}, PARENTS),
        ({"birth_date": "1977-11-30"}, PARENTS),
        ({"father_full_name": "Lê Đình Quế", "mother_full_name": "Vũ Thị Tý"}, ()),
        ({"birth_date": "1988-04-10", "father_full_name": "Lê Đình Quế"}, ()),
    ],
    ids=[
        "a generation off, both parents",
        "a generation off, the father",
        "ten years off by one figure",
        "eleven years off",
        "other parents, the day itself",
        "a slip in the day, one other parent",
    ],
)
def test_an_error_of_the_register_does_not_make_another_of_the_name(
    in_register: dict[str, Any], without: tuple[str, ...]
) -> None:
    paper = {name: one for name, one in printed(SON).items() if name not in without}
    found = verdict(paper, replace(SON, **in_register))
    assert (found.decision, found.personal_id) == (Decision.MATCHED, SON.personal_id)
    assert kind(found, "personal_id") is FindingKind.AGREES


def test_a_birth_read_in_doubt_takes_no_number_away() -> None:
    paper = of_son(*PARENTS, birth_date=field("1988-04-09", certain=False))
    assert verdict(paper, FATHER).decision is Decision.MATCHED


def test_an_officer_who_looks_at_the_fathers_row_sees_the_conflict() -> None:
    read = record(FormCode.BIRTH_EXTRACT, of_son())
    found = findings_against(read, "subject", FATHER, Register([FATHER, SON]))
    number = next(one for one in found if one.field == "personal_id")
    assert (number.kind, number.population) == (FindingKind.CONFLICTING, None)
