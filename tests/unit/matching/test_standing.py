"""Life and marriage in the register against what a paper takes for granted, and what it may not accuse."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.document import DocumentState
from domain.form import FormCode
from domain.person import Person
from domain.record import FieldValue
from domain.verdict import FindingKind
from matching.conclusion import Conclusion, conclude
from matching.decision import decide, findings_against
from tests.unit.matching.registers import Register, field, record

HOME = "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang"
CHANGED = datetime(2026, 1, 1, tzinfo=UTC)
LAM = Person(
    personal_id="024080100001",
    full_name="Trịnh Công Lâm",
    birth_date="1980-05-03",
    sex="male",
    residence=HOME,
    marital_status="single",
    vital_status="dead",
    updated_at=CHANGED,
)
NHUNG = Person(
    personal_id="024182100002",
    full_name="Đoàn Thị Nhung",
    birth_date="1982-07-09",
    sex="female",
    marital_status="married",
    spouse_personal_id="024079100003",
    vital_status="alive",
    updated_at=CHANGED,
)
KHAI = Person(
    personal_id="024079100003",
    full_name="Lưu Văn Khải",
    birth_date="1979-01-12",
    sex="male",
    marital_status="married",
    spouse_personal_id="024182100002",
    vital_status="alive",
    updated_at=CHANGED,
)
TRUONG = Person(
    personal_id="024081100004",
    full_name="Mai Xuân Trường",
    birth_date="1981-03-04",
    sex="male",
    marital_status="single",
    vital_status="alive",
    updated_at=CHANGED,
)
SINGLE = "Chưa đăng ký kết hôn với ai"


def concluded(form: FormCode, fields: dict[str, Any], *persons: Person) -> Conclusion:
    read = record(form, {name: one for name, one in fields.items() if one is not None})
    return conclude(read, decide(read, Register(persons)))


def printed(person: Person, role: str = "", **more: str) -> dict[str, str]:
    names = ("full_name", "birth_date", "personal_id", *(() if role else ("sex",)))
    return {f"{role}{name}": getattr(person, name) for name in names} | more


def confirmation(person: Person, **more: str) -> dict[str, str]:
    told = {"marital_status": SINGLE, "issue_date": "2026-10-01"}
    return printed(person, **(told | more))


def marriage(husband: Person, wife: Person, day: str = "2026-10-01") -> dict[str, str]:
    couple = printed(husband, "husband_") | printed(wife, "wife_")
    return couple | {"registration_date": day}


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (FormCode.MARITAL_STATUS_CONFIRMATION, confirmation(LAM)),
        (FormCode.MARITAL_STATUS_CONFIRMATION, confirmation(LAM, issue_date="2026-01-02")),
        (FormCode.RESIDENCE_CONFIRMATION, confirmation(LAM, residence=HOME)),
    ],
    ids=["marital status", "the day after", "residence"],
)
def test_the_dead_are_not_confirmed_alive(form: FormCode, fields: dict[str, str]) -> None:
    assert concluded(form, fields, LAM).reasons == ("dead_in_population_subject",)
    assert concluded(form, fields, replace(LAM, vital_status="alive")).reasons == ()


CONFIRMATIONS = (FormCode.MARITAL_STATUS_CONFIRMATION, FormCode.RESIDENCE_CONFIRMATION)


@pytest.mark.parametrize("form", CONFIRMATIONS)
@pytest.mark.parametrize("issued", ["2019-03-01", "2025-12-31", "2026-01-01"])
def test_who_died_since_or_that_day_had_a_confirmation_in_order(
    form: FormCode, issued: str
) -> None:
    fields = confirmation(LAM, issue_date=issued, residence=HOME)
    assert concluded(form, fields, LAM).reasons == ()


@pytest.mark.parametrize("issued", ["2025-12-31", "2026-01-01"])
def test_who_married_since_had_a_confirmation_in_order(issued: str) -> None:
    wife = replace(NHUNG, marital_status=None)
    fields = confirmation(wife, issue_date=issued)
    found = concluded(FormCode.MARITAL_STATUS_CONFIRMATION, fields, wife, KHAI)
    assert found.reasons == ()


UNSURE = [
    (None, CHANGED),
    (field("2026-10-01", certain=False), CHANGED),
    (field("2026"), CHANGED),
    (field("2026-10-01"), None),
    (None, None),
]


@pytest.mark.parametrize(("day", "changed"), UNSURE)
@pytest.mark.parametrize("form", CONFIRMATIONS)
def test_no_confirmation_is_accused_where_a_day_is_not_surely_known(
    form: FormCode, day: FieldValue | None, changed: datetime | None
) -> None:
    fields: dict[str, Any] = confirmation(LAM, residence=HOME) | {"issue_date": day}
    assert concluded(form, fields, replace(LAM, updated_at=changed)).reasons == ()


@pytest.mark.parametrize(("day", "changed"), UNSURE)
def test_no_marriage_is_accused_where_a_day_is_not_surely_known(
    day: FieldValue | None, changed: datetime | None
) -> None:
    fields: dict[str, Any] = marriage(LAM, NHUNG) | {"registration_date": day}
    rows = [replace(one, updated_at=changed) for one in (LAM, NHUNG, KHAI)]
    assert concluded(FormCode.MARRIAGE_CERTIFICATE, fields, *rows).reasons == ()


def test_a_marriage_on_the_day_that_changed_the_rows_is_in_order() -> None:
    fields = marriage(LAM, NHUNG, "2026-01-01")
    assert concluded(FormCode.MARRIAGE_CERTIFICATE, fields, LAM, NHUNG, KHAI).reasons == ()


def test_the_day_of_a_change_is_the_day_in_viet_nam() -> None:
    late = replace(LAM, updated_at=datetime(2026, 1, 1, 18, tzinfo=UTC))
    fields = confirmation(late, issue_date="2026-01-02")
    assert concluded(FormCode.MARITAL_STATUS_CONFIRMATION, fields, late).reasons == ()


def test_a_day_that_an_officer_typed_is_certain() -> None:
    typed = replace(field("2026-10-01", certain=False), corrected_by="officer")
    fields: dict[str, Any] = confirmation(LAM) | {"issue_date": typed}
    assert concluded(FormCode.MARITAL_STATUS_CONFIRMATION, fields, LAM).reasons == (
        "dead_in_population_subject",
    )


def test_a_dead_husband_does_not_marry() -> None:
    single = replace(NHUNG, marital_status="divorced", spouse_personal_id=None)
    for form in (FormCode.MARRIAGE_CERTIFICATE, FormCode.MARRIAGE_EXTRACT):
        found = concluded(form, marriage(LAM, single), LAM, single)
        assert found.reasons == ("dead_in_population_husband",)


def test_old_marriages_of_who_died_or_married_another_since_are_in_order() -> None:
    for husband in (LAM, TRUONG):
        fields = marriage(husband, NHUNG, "2003-05-06")
        found = concluded(FormCode.MARRIAGE_EXTRACT, fields, husband, NHUNG, KHAI)
        assert found.reasons == ()
    undated = marriage(LAM, NHUNG)
    del undated["registration_date"]
    assert concluded(FormCode.MARRIAGE_EXTRACT, undated, LAM, NHUNG, KHAI).reasons == ()


def test_who_is_married_to_another_does_not_marry() -> None:
    found = concluded(FormCode.MARRIAGE_CERTIFICATE, marriage(TRUONG, NHUNG), TRUONG, NHUNG, KHAI)
    assert found.reasons == ("spouse_other_in_population_wife",)
    assert found.state is DocumentState.REVIEW


@pytest.mark.parametrize(
    ("wife", "spouse"),
    [
        (NHUNG, replace(KHAI, vital_status="dead")),
        (replace(NHUNG, marital_status="divorced"), KHAI),
        (replace(NHUNG, marital_status="widowed"), KHAI),
        (replace(NHUNG, spouse_personal_id=None), KHAI),
    ],
    ids=["spouse dead", "divorced", "widowed", "nobody named"],
)
def test_a_marriage_that_ended_hinders_nobody(wife: Person, spouse: Person) -> None:
    fields = marriage(TRUONG, wife)
    assert concluded(FormCode.MARRIAGE_CERTIFICATE, fields, TRUONG, wife, spouse).reasons == ()


def test_the_registered_spouse_is_no_other_though_the_number_is_not_printed() -> None:
    fields = marriage(KHAI, NHUNG)
    del fields["husband_personal_id"]
    assert concluded(FormCode.MARRIAGE_CERTIFICATE, fields, KHAI, NHUNG).reasons == ()


def test_no_single_person_has_a_living_spouse() -> None:
    wife = replace(NHUNG, marital_status=None)
    form = FormCode.MARITAL_STATUS_CONFIRMATION
    assert concluded(form, confirmation(wife), wife, KHAI).reasons == (
        "spouse_other_in_population_subject",
    )
    assert concluded(form, confirmation(wife, issue_date="2004-01-01"), wife, KHAI).reasons == ()
    # where both sides say a status, that is what is compared
    assert concluded(form, confirmation(NHUNG), NHUNG, KHAI).reasons == (
        "marital_status_different_subject",
    )


def test_a_death_that_the_register_does_not_know_is_told() -> None:
    fields = printed(TRUONG, death_date="2026-01-05")
    read = record(FormCode.DEATH_EXTRACT, fields)
    (verdict,) = decide(read, Register([TRUONG]))
    finding = verdict.findings[-1]
    assert (finding.field, finding.kind) == ("vital_status", FindingKind.MISSING_IN_POPULATION)
    assert (finding.document, finding.population, finding.as_of) == ("dead", "alive", CHANGED)
    assert conclude(read, [verdict]).reasons == ("alive_in_population_subject",)
    for known in ("dead", None):
        found = concluded(FormCode.DEATH_EXTRACT, fields, replace(TRUONG, vital_status=known))
        assert found.reasons == ()


@pytest.mark.parametrize("form", [FormCode.BIRTH_CERTIFICATE, FormCode.BIRTH_EXTRACT])
def test_parents_may_be_dead(form: FormCode) -> None:
    child = replace(
        TRUONG, father_full_name=LAM.full_name, mother_full_name=NHUNG.full_name, residence=HOME
    )
    parents = printed(LAM, "father_") | printed(NHUNG, "mother_")
    found = concluded(form, printed(child) | parents, child, LAM, NHUNG, KHAI)
    assert found.reasons == ()


def test_whom_an_officer_may_choose_is_compared_in_life_too() -> None:
    read = record(FormCode.MARITAL_STATUS_CONFIRMATION, confirmation(LAM))
    found = findings_against(read, "subject", LAM, Register([LAM]))
    assert ("vital_status", FindingKind.CONFLICTING) in {(one.field, one.kind) for one in found}
