"""A spouse or a parent whom the register contradicts is left open, whatever else agrees."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.document import DocumentState
from domain.form import FormCode
from domain.person import Person
from domain.verdict import Decision, FindingKind, Verdict
from matching.conclusion import conclude
from matching.decision import decide
from tests.unit.matching.registers import Register, field, record

HOME = "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang"
CHANGED = datetime(2026, 3, 1, tzinfo=UTC)
WEDDING = "2019-05-06"
HUSBAND = Person(
    personal_id="024088100001",
    full_name="Lưu Văn Khải",
    birth_date="1988-01-12",
    sex="male",
    residence=HOME,
    marital_status="married",
    spouse_personal_id="024190100002",
    updated_at=CHANGED,
)
WIFE = Person(
    personal_id="024190100002",
    full_name="Đoàn Thị Nhung",
    birth_date="1990-07-09",
    sex="female",
    residence=HOME,
    marital_status="married",
    spouse_personal_id="024088100001",
    updated_at=CHANGED,
)
SINGLE_NAMESAKE = replace(
    HUSBAND,
    personal_id="024088100777",
    birth_date="1988-10-30",
    marital_status=None,
    spouse_personal_id=None,
)
OTHER_WIFE = replace(
    WIFE,
    personal_id="024191100888",
    full_name="Trịnh Thị Mơ",
    birth_date="1991-02-03",
    spouse_personal_id="024088100778",
)
MARRIED_NAMESAKE = replace(
    SINGLE_NAMESAKE,
    personal_id="024088100778",
    marital_status="married",
    spouse_personal_id=OTHER_WIFE.personal_id,
)
OTHER_HUSBAND = replace(
    HUSBAND,
    personal_id="024085100999",
    full_name="Phùng Đình Tố",
    birth_date="1985-03-04",
    spouse_personal_id=WIFE.personal_id,
)


def marriage(*numbered: str, **changes: Any) -> dict[str, Any]:
    """The paper of the couple: by year of birth and home, with the numbers of whom is ``numbered``."""
    fields: dict[str, Any] = {"registration_date": WEDDING}
    for role, person in (("wife", WIFE), ("husband", HUSBAND)):
        fields |= {
            f"{role}_full_name": person.full_name,
            f"{role}_birth_date": (person.birth_date or "")[:4],
            f"{role}_residence": HOME,
        }
        if role in numbered:
            fields[f"{role}_personal_id"] = person.personal_id
    return {name: one for name, one in (fields | changes).items() if one is not None}


def told(
    fields: dict[str, Any], *persons: Person, form: FormCode = FormCode.MARRIAGE_EXTRACT
) -> tuple[dict[str, Verdict], tuple[str, ...]]:
    read = record(form, fields)
    verdicts = decide(read, Register(persons))
    concluded = conclude(read, verdicts)
    assert (concluded.state is DocumentState.VERIFIED) is not bool(concluded.reasons)
    return {one.role: one for one in verdicts}, concluded.reasons


def decisions(found: dict[str, Verdict], *roles: str) -> list[Decision]:
    return [found[role].decision for role in roles]


def test_a_couple_whose_rows_name_one_another_is_matched() -> None:
    found, reasons = told(marriage(), HUSBAND, WIFE)
    assert decisions(found, "wife", "husband") == [Decision.MATCHED] * 2
    assert reasons == ()


@pytest.mark.parametrize("numbered", [(), ("wife",)], ids=["no number", "the wife's number"])
@pytest.mark.parametrize(
    ("namesake", "registered"),
    [
        (SINGLE_NAMESAKE, ()),
        (MARRIED_NAMESAKE, (OTHER_WIFE,)),
        (replace(MARRIED_NAMESAKE, marital_status="widowed"), ()),
        (replace(SINGLE_NAMESAKE, birth_date="1988"), ()),
    ],
    ids=["single", "married to another", "widower of another", "born that year"],
)
def test_a_namesake_is_not_the_husband_of_whom_another_is_registered_for(
    namesake: Person, registered: tuple[Person, ...], numbered: tuple[str, ...]
) -> None:
    found, reasons = told(marriage(*numbered), WIFE, namesake, *registered)
    assert found["husband"].decision is Decision.REVIEW
    assert {"review_husband", "couple_other_in_population_husband"} <= set(reasons)
    assert "couple_other_in_population_wife" in reasons
    wife = next(one for one in found["wife"].findings if one.field == "couple")
    assert (wife.kind, wife.document) == (FindingKind.CONFLICTING, HUSBAND.full_name)
    assert (wife.population, wife.as_of) == (HUSBAND.personal_id, CHANGED)
    # she is known by her number, he is not
    sure = Decision.MATCHED if numbered else Decision.REVIEW
    assert found["wife"].decision is sure


def test_a_namesake_born_that_very_day_is_none_either() -> None:
    twin_in_name = replace(SINGLE_NAMESAKE, birth_date=HUSBAND.birth_date)
    found, _ = told(marriage(husband_birth_date=HUSBAND.birth_date), WIFE, twin_in_name)
    assert found["husband"].decision is Decision.REVIEW


@pytest.mark.parametrize("day", [WEDDING, None, "2026-06-06"])
def test_whose_wife_is_registered_with_another_is_left_open_whatever_the_day(
    day: str | None,
) -> None:
    """The later spouse of a row that changed since may be in order: a person decides."""
    remarried = replace(WIFE, spouse_personal_id=OTHER_HUSBAND.personal_id)
    alone = replace(HUSBAND, marital_status="divorced", spouse_personal_id=None)
    found, reasons = told(marriage(registration_date=day), remarried, alone, OTHER_HUSBAND)
    assert decisions(found, "wife", "husband") == [Decision.REVIEW] * 2
    assert "couple_other_in_population_wife" in reasons


def test_who_is_known_by_the_number_may_have_married_again() -> None:
    remarried = replace(WIFE, spouse_personal_id=OTHER_HUSBAND.personal_id)
    alone = replace(HUSBAND, marital_status="divorced", spouse_personal_id=None)
    paper = marriage("wife", "husband")
    found, reasons = told(paper, remarried, alone, OTHER_HUSBAND)
    assert decisions(found, "wife", "husband") == [Decision.MATCHED] * 2
    assert reasons == ()


def test_two_who_are_both_registered_with_others_are_never_verified_silently() -> None:
    wife = replace(WIFE, spouse_personal_id=OTHER_HUSBAND.personal_id)
    husband = replace(HUSBAND, spouse_personal_id=OTHER_WIFE.personal_id)
    paper = marriage("wife", "husband")
    found, reasons = told(paper, wife, husband, OTHER_HUSBAND, OTHER_WIFE)
    assert decisions(found, "wife", "husband") == [Decision.MATCHED] * 2
    assert reasons == (
        "couple_other_in_population_wife",
        "couple_other_in_population_husband",
    )


@pytest.mark.parametrize(
    ("wife", "husband"),
    [
        (replace(WIFE, marital_status="widowed"), replace(HUSBAND, spouse_personal_id=None)),
        (replace(WIFE, spouse_personal_id=None), HUSBAND),
        (replace(WIFE, spouse_personal_id=OTHER_HUSBAND.personal_id), HUSBAND),
        (replace(WIFE, spouse_personal_id=None), replace(HUSBAND, spouse_personal_id=None)),
    ],
    ids=["widow of him", "only his row tells", "she married again", "neither row tells"],
)
def test_people_who_part_are_found_where_no_row_speaks_against_them(
    wife: Person, husband: Person
) -> None:
    found, _ = told(marriage(), wife, husband, OTHER_HUSBAND)
    assert decisions(found, "wife", "husband") == [Decision.MATCHED] * 2


@pytest.mark.parametrize(
    ("before", "decision"),
    [
        ({"marital_status": "divorced"}, Decision.MATCHED),
        ({"marital_status": "widowed"}, Decision.MATCHED),
        ({}, Decision.REVIEW),
    ],
    ids=["divorced", "widowed", "married"],
)
def test_a_marriage_that_was_over_before_the_wedding_speaks_against_nobody(
    before: dict[str, str], decision: Decision
) -> None:
    wife = replace(
        WIFE,
        spouse_personal_id=OTHER_HUSBAND.personal_id,
        updated_at=datetime(2018, 1, 1, tzinfo=UTC),
        **before,  # type: ignore[arg-type]
    )
    unwed = replace(HUSBAND, spouse_personal_id=None, updated_at=wife.updated_at)
    found, _ = told(marriage(), wife, unwed, OTHER_HUSBAND)
    assert decisions(found, "wife", "husband") == [decision] * 2


@pytest.mark.parametrize(
    ("changes", "row", "decision"),
    [
        ({}, {}, Decision.REVIEW),
        ({"registration_date": "2026-06-06"}, {}, Decision.MATCHED),
        ({"registration_date": field(WEDDING, certain=False)}, {}, Decision.MATCHED),
        ({}, {"updated_at": None}, Decision.MATCHED),
        ({"husband_birth_date": "1988-10-30"}, {}, Decision.MATCHED),
        ({"husband_personal_id": SINGLE_NAMESAKE.personal_id}, {}, Decision.MATCHED),
    ],
    ids=["since", "before", "day in doubt", "row without a day", "known by the day", "by number"],
)
def test_who_never_married_by_the_register_is_no_husband_by_a_year_of_birth(
    changes: dict[str, Any], row: dict[str, Any], decision: Decision
) -> None:
    wife = replace(WIFE, spouse_personal_id=None)
    single = replace(SINGLE_NAMESAKE, marital_status="single", **row)
    found, reasons = told(marriage(**changes), wife, single)
    assert found["husband"].decision is decision
    left_open = decision is Decision.REVIEW
    assert ("couple_other_in_population_husband" in reasons) is left_open


def test_nobody_is_another_whose_registered_spouse_is_not_there_to_compare() -> None:
    found, _ = told(marriage(), WIFE)
    assert found["wife"].decision is Decision.MATCHED
    assert found["husband"].decision is Decision.NO_RECORD


def test_whose_registered_spouse_bears_another_name_is_left_open_though_nobody_else_is_found() -> (
    None
):
    found, _ = told(
        marriage(), replace(WIFE, spouse_personal_id=OTHER_HUSBAND.personal_id), OTHER_HUSBAND
    )
    assert found["wife"].decision is Decision.REVIEW


CHILD = Person(
    personal_id="024215100005",
    full_name="Lưu Đình Phúc",
    birth_date="2015-08-09",
    sex="male",
    residence=HOME,
    mother_full_name=WIFE.full_name,
    father_full_name=HUSBAND.full_name,
)
MOTHERS_NAMESAKE = replace(
    WIFE, personal_id="024190100666", birth_date="1990-12-24", spouse_personal_id=None
)


def birth(*numbered: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: getattr(CHILD, name) for name in "full_name birth_date sex personal_id".split()
    }
    for role, person in (("mother", WIFE), ("father", HUSBAND)):
        fields |= {
            f"{role}_full_name": person.full_name,
            f"{role}_birth_date": (person.birth_date or "")[:4],
            f"{role}_residence": HOME,
        }
        if role in numbered:
            fields[f"{role}_personal_id"] = person.personal_id
    return fields


def test_a_namesake_is_not_the_mother_whom_the_fathers_row_does_not_name() -> None:
    found, reasons = told(
        birth("father"), CHILD, HUSBAND, MOTHERS_NAMESAKE, form=FormCode.BIRTH_EXTRACT
    )
    assert decisions(found, "subject", "mother", "father") == [
        Decision.MATCHED,
        Decision.REVIEW,
        Decision.MATCHED,
    ]
    # the certificate says nothing of a marriage: parents part, and need no row
    assert reasons == ()


@pytest.mark.parametrize("numbered", [(), ("father",)])
def test_parents_who_are_both_registered_with_others_are_told(numbered: tuple[str, ...]) -> None:
    mother = replace(MOTHERS_NAMESAKE, spouse_personal_id=OTHER_HUSBAND.personal_id)
    father = replace(HUSBAND, spouse_personal_id=OTHER_WIFE.personal_id)
    everybody = (CHILD, mother, father, OTHER_HUSBAND, OTHER_WIFE)
    found, reasons = told(birth(*numbered), *everybody, form=FormCode.BIRTH_EXTRACT)
    assert found["mother"].decision is Decision.REVIEW
    assert set(reasons) == {
        "couple_other_in_population_mother",
        "couple_other_in_population_father",
    }


def test_parents_known_by_their_numbers_may_both_have_married_again() -> None:
    mother = replace(WIFE, spouse_personal_id=OTHER_HUSBAND.personal_id)
    father = replace(HUSBAND, spouse_personal_id=OTHER_WIFE.personal_id)
    everybody = (CHILD, mother, father, OTHER_HUSBAND, OTHER_WIFE)
    found, reasons = told(birth("mother", "father"), *everybody, form=FormCode.BIRTH_EXTRACT)
    assert decisions(found, "mother", "father") == [Decision.MATCHED] * 2
    assert reasons == ()


def test_a_mother_whose_childs_row_names_another_is_left_open() -> None:
    child = replace(CHILD, mother_full_name="Vũ Thị Tý")
    mother = replace(WIFE, spouse_personal_id=None)
    for numbered, decision in (((), Decision.REVIEW), (("mother",), Decision.MATCHED)):
        found, reasons = told(birth(*numbered), child, mother, form=FormCode.BIRTH_EXTRACT)
        assert found["mother"].decision is decision
        assert "mother_full_name_different_subject" in reasons


def test_what_is_left_open_accuses_nobody() -> None:
    """The namesake's row may differ in what is the namesake's own."""
    stranger = replace(SINGLE_NAMESAKE, ethnicity="Tày")
    _, reasons = told(marriage(husband_ethnicity="Kinh"), WIFE, stranger)
    assert not [one for one in reasons if one.startswith("husband_") or "ethnicity" in one]
