"""A place that is known with other marks only is nothing to be certain of."""

from dataclasses import replace

import pytest

from domain.record import Check, CheckOutcome, FieldValue, Record
from tests.fakes.house import sample_record
from workflow.place_names import CODE, with_place_check

RIGHT = "xã Nậm Cuổi, huyện Sìn Hồ, tỉnh Lai Châu"
WRONG = "xã Nậm Cuối, huyện Sìn Hồ, tỉnh Lai Châu"


def field(value: str | None, *, corrected_by: str | None = None) -> FieldValue:
    return FieldValue(
        text=value or "",
        value=value,
        confidence=0.99,
        certain=True,
        page=1,
        box=None,
        corrected_by=corrected_by,
    )


def record(**fields: FieldValue) -> Record:
    checks = (Check(code="required_fields", outcome=CheckOutcome.PASS),)
    return replace(sample_record(), fields=fields, checks=checks)


def place_checks(read: Record) -> list[Check]:
    return [check for check in read.checks if check.code == CODE]


def test_a_misread_place_loses_its_certainty_and_is_told() -> None:
    read = with_place_check(record(birth_place=field(WRONG), home_town=field(RIGHT)))
    assert not read.fields["birth_place"].certain
    assert read.fields["home_town"].certain
    assert place_checks(read) == [
        Check(
            code=CODE,
            outcome=CheckOutcome.WARN,
            facts={"fields": ["birth_place"], "spellings": {"Nậm Cuối": ["Nậm Cuổi"]}},
        )
    ]


def test_the_place_in_the_name_of_an_agency_is_looked_at_too() -> None:
    read = with_place_check(record(issuing_agency=field(f"Ủy ban nhân dân {WRONG}")))
    assert not read.fields["issuing_agency"].certain


@pytest.mark.parametrize("value", [RIGHT, f"Ủy ban nhân dân {RIGHT}"])
def test_known_places_pass(value: str) -> None:
    read = with_place_check(record(birth_place=field(value), issuing_agency=field(value)))
    assert all(one.certain for one in read.fields.values())
    assert [check.outcome for check in place_checks(read)] == [CheckOutcome.PASS]


def test_what_is_no_place_is_left_alone() -> None:
    before = record(full_name=field("Nậm Cuối, Lai Châu"), birth_place=field(None))
    assert with_place_check(before) == before


def test_an_officers_word_stands_and_the_check_is_made_anew() -> None:
    read = with_place_check(record(birth_place=field(WRONG)))
    kept = with_place_check(
        replace(read, fields={"birth_place": field(WRONG, corrected_by="officer")})
    )
    assert kept.fields["birth_place"].certain
    assert [check.outcome for check in place_checks(kept)] == [CheckOutcome.WARN]
    mended = with_place_check(
        replace(read, fields={"birth_place": field(RIGHT, corrected_by="officer")})
    )
    assert [check.outcome for check in place_checks(mended)] == [CheckOutcome.PASS]
