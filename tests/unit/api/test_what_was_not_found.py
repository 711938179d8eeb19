"""What the machine did not find has a row to type it in, and is verified as a correction by program is."""

import re
from dataclasses import replace
from html import unescape

import pytest

from domain.document import DocumentState
from domain.form import FormCode
from domain.record import MEMBER_FIELDS
from tests.fakes.house import TestHouse, of_state
from tests.unit.api.conftest import SignIn
from tests.unit.api.test_pages import correction_form, moved

ID = of_state(DocumentState.REVIEW)
AT = f"/documents/{ID}"


def without(test_house: TestHouse, *names: str, reasons: tuple[str, ...] = ()) -> None:
    document = test_house.document(ID)
    assert document.record is not None
    fields = {name: field for name, field in document.record.fields.items() if name not in names}
    changed = replace(document, record=replace(document.record, fields=fields), reasons=reasons)
    with test_house.database.transaction() as tx:
        assert tx.documents.move(document, changed=changed)


def inputs(page: str) -> set[str]:
    return {name.removeprefix("value.") for name in correction_form(page) if "value." in name}


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("registration_place", ()),
        ("death_cause", ("death_cause_missing",)),
        ("mother_birth_date", ("mother_birth_date_missing", "person_missing_subject")),
    ],
)
def test_what_is_missing_has_a_row_to_type_in(
    browser: SignIn, test_house: TestHouse, name: str, reasons: tuple[str, ...]
) -> None:
    without(test_house, name, reasons=reasons)
    officer = browser("officer")
    page = officer.get(AT).text
    assert inputs(page) >= {name}
    row = re.findall(rf'<tr data-field="{name}".*?</tr>', page, re.DOTALL)[0]
    assert "máy chưa tìm thấy" in row
    assert "person_missing_subject" not in inputs(page)
    text = {"registration_place": "UBND phường Việt Yên", "death_cause": "già yếu"}.get(
        name, "05/03/1970"
    )
    typed = correction_form(page) | {f"value.{name}": text}
    assert officer.post(f"{AT}/correct", data=typed).status_code == 303
    record = test_house.document(ID).record
    assert record is not None
    assert (record.fields[name].text, record.fields[name].certain) == (text, True)
    assert {each for each, one in record.fields.items() if one.corrected_by} == {name}
    assert "máy chưa tìm thấy" not in re.findall(
        rf'<tr data-field="{name}".*?</tr>', officer.get(AT).text, re.DOTALL
    )


def test_only_what_waits_for_a_person_has_empty_rows(
    browser: SignIn, test_house: TestHouse
) -> None:
    without(test_house, "registration_place")
    watcher = browser("operator").get(AT).text
    assert 'data-field="registration_place"' in watcher
    assert inputs(watcher) == set()
    moved(test_house, ID, DocumentState.VERIFIED)
    assert 'data-field="registration_place"' not in browser("officer").get(AT).text


def test_members_of_a_household_are_completed_and_added_one_by_one(
    browser: SignIn, test_house: TestHouse
) -> None:
    document = test_house.document(ID)
    assert document.record is not None
    read = document.record.fields["full_name"]
    names = ("members[1].full_name", "members[1].relationship", "members[2].full_name")
    fields = dict.fromkeys(names, replace(read, text="Lê Thị Tư", value="Lê Thị Tư"))
    record = replace(document.record, form=FormCode.HOUSEHOLD_BOOK, fields=fields)
    with test_house.database.transaction() as tx:
        tx.documents.move(document, changed=replace(document, record=record, verdicts=()))
    officer = browser("officer")
    page = officer.get(AT).text
    third = {f"members[3].{what}" for what in MEMBER_FIELDS}
    assert inputs(page) == {*names, "members[2].relationship", "head_full_name", *third}
    assert "Nhập thêm thành viên này" in page[page.index("<h3>Thành viên 3</h3>") :]
    assert "<h3>Thành viên 3</h3>" not in browser("operator").get(AT).text
    bad = {"value.members[3].full_name": "Lê Văn Năm", "value.members[3].birth_date": "năm nào"}
    refused = officer.post(f"{AT}/correct", data=correction_form(page) | bad)
    assert "<details open><summary>Nhập thêm" in refused.text
    good = correction_form(unescape(refused.text)) | {"value.members[3].birth_date": "1/2/1990"}
    assert officer.post(f"{AT}/correct", data=good).status_code == 303
    now = test_house.document(ID).record
    assert now is not None
    assert now.fields["members[3].birth_date"].value == "1990-02-01"
    moved(test_house, ID, DocumentState.REVIEW)
    assert "members[4].full_name" in inputs(officer.get(AT).text)
