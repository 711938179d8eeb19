"""Corrections and decisions share one form: no button of the page drops what was typed."""

import re
from dataclasses import replace
from html import unescape

import pytest

from domain.document import DocumentState
from tests.fakes.house import TestHouse, of_state
from tests.unit.api.conftest import SignIn
from tests.unit.api.test_pages import correction_form, hidden, moved

ID = of_state(DocumentState.REVIEW)
AT = f"/documents/{ID}"
TYPED = {"value.full_name": "Nguyễn Thị Gõ", "reason.accept": "đúng sổ", "reason.reject": "sai sổ"}
decisions = pytest.mark.parametrize("decision", ["accept", "reject", "match"])


def form_of(page: str) -> dict[str, str]:
    """All that a browser sends whichever button of the page is pressed, but for what is typed."""
    return correction_form(page) | hidden(page)


@decisions
def test_typed_corrections_come_with_every_button_and_are_not_dropped(
    browser: SignIn, test_house: TestHouse, decision: str
) -> None:
    officer = browser("officer")
    page = officer.get(AT).text
    assert f'<button form="correct" formaction="{AT}/{decision}"' in page
    before = test_house.document(ID)
    refused = officer.post(f"{AT}/{decision}", data=form_of(page) | TYPED)
    assert refused.status_code == 409
    assert "Còn sửa đổi chưa lưu" in refused.text
    assert correction_form(refused.text)["value.full_name"] == "Nguyễn Thị Gõ"
    assert test_house.document(ID) == before
    if decision != "match":
        assert f"{ {'accept': 'đúng', 'reject': 'sai'}[decision] } sổ</textarea>" in refused.text


def test_what_was_served_is_no_correction(browser: SignIn, test_house: TestHouse) -> None:
    officer = browser("officer")
    form = form_of(officer.get(AT).text) | {"reason.reject": "sai\r\nsổ"}
    done = officer.post(f"{AT}/reject", data=form)
    assert done.headers["location"] == f"{AT}?done=reject"
    with test_house.database.transaction() as tx:
        assert tx.events.of_document(ID)[-1].facts["reason"] == "sai\nsổ"


def test_each_decision_has_a_reason_of_its_own(browser: SignIn, test_house: TestHouse) -> None:
    officer = browser("officer")
    form = form_of(officer.get(AT).text) | {"reason.accept": "đúng sổ", "reason.reject": ""}
    assert "Cần nêu lý do" in officer.post(f"{AT}/reject", data=form).text
    assert test_house.document(ID).state is DocumentState.REVIEW


@decisions
@pytest.mark.parametrize("state", [DocumentState.VERIFIED, DocumentState.READ])
def test_of_a_document_that_has_moved_on_what_was_typed_is_told(
    browser: SignIn, test_house: TestHouse, decision: str, state: DocumentState
) -> None:
    officer = browser("officer")
    form = form_of(officer.get(AT).text) | TYPED
    moved(test_house, ID, state)
    refused = officer.post(f"{AT}/{decision}", data=form)
    assert refused.status_code == 409
    assert "Hồ sơ vừa thay đổi" in refused.text
    assert "Nguyễn Thị Gõ" in unescape(refused.text)
    assert test_house.document(ID).state is state


def test_an_error_page_tells_the_reasons_too(browser: SignIn) -> None:
    officer = browser("officer")
    answer = officer.post(f"{AT}/accept", data=TYPED | {"csrf_token": "old"})
    assert answer.status_code == 403
    assert re.findall(r"<dd>([^<]+)</dd>", answer.text) == ["đúng sổ", "sai sổ", "Nguyễn Thị Gõ"]
    foreign = officer.post(f"{AT}/accept", data=TYPED, headers={"Sec-Fetch-Site": "cross-site"})
    assert "sổ" not in re.findall(r"<main.*</main>", foreign.text, re.DOTALL)[0]


@decisions
def test_what_stands_on_the_paper_is_compared_for_officers_only(
    browser: SignIn, test_house: TestHouse, decision: str
) -> None:
    document = test_house.document(ID)
    assert document.record is not None
    value = document.record.fields["full_name"].text
    for text in (value, "Ai Khác"):
        data = {"csrf_token": "csrf of operator", "value.full_name": text, "reason": "x"}
        seen = {"seen": document.updated_at.isoformat()}
        assert browser("operator").post(f"{AT}/{decision}", data=data | seen).status_code == 403


def test_a_paper_of_which_nothing_was_read_has_its_form(
    browser: SignIn, test_house: TestHouse
) -> None:
    document = test_house.document(ID)
    assert document.record is not None
    record = replace(document.record, fields={})
    with test_house.database.transaction() as tx:
        tx.documents.move(
            document, changed=replace(document, record=record, verdicts=(), reasons=())
        )
    page = browser("officer").get(AT).text
    assert page.count('<form id="correct"') == 1


@pytest.mark.parametrize("state", [DocumentState.REVIEW, DocumentState.VERIFIED])
def test_what_is_said_of_rejecting_is_true(browser: SignIn, state: DocumentState) -> None:
    officer, at = browser("officer"), f"/documents/{of_state(state)}"
    for lang, undone in (("vi", "hoàn tác"), ("en", "undone")):
        page = officer.get(f"{at}?lang={lang}").text
        assert undone not in page
        assert {"vi": "đưa được hồ sơ về bước xem xét", "en": "take it back to review"}[
            lang
        ] in page
    form = hidden(page) | {"reason": "nhầm"}
    assert officer.post(f"{at}/reject", data=form).status_code == 303
    back = hidden(officer.get(at).text) | {"reason": "bấm nhầm"}
    assert officer.post(f"{at}/reopen", data=back).headers["location"] == f"{at}?done=reopen"
