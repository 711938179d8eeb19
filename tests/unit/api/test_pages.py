"""Pages: what each person sees and may do."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient

from api.guard import Caller
from api.house import Pki
from api.web.sheet import typed_at_first
from api.web.stream import message, messages, whose
from domain.document import DocumentState
from domain.event import Event, EventName
from domain.form import FormCode
from domain.person import Person
from domain.record import Check, CheckOutcome, FieldValue
from domain.verdict import Candidate, Decision, FindingKind, Verdict
from ocr.values import normalise_typed
from tests.fakes.house import CODE, COMMUNE, NOW, TestHouse, of_state, sample_document
from tests.unit.api.conftest import ComparedAlike, SignIn, client_of
from workflow import login, matching, viewing
from workflow.transition import note


def buttons(page: str) -> set[str]:
    return set(re.findall(r'action="/documents/[^/"]+/(\w+)"', page))


def correction_form(page: str) -> dict[str, str]:
    """All that a browser sends when the correction form is saved as it stands."""
    inputs = re.findall(
        r'<input form="correct" (?:type="hidden" )?name="([^"]+)" value="([^"]*)"', page
    )
    return {"csrf_token": "csrf of officer"} | {name: unescape(value) for name, value in inputs}


@pytest.mark.parametrize(
    ("login", "state", "expected"),
    [
        ("officer", DocumentState.REVIEW, {"accept", "reject", "correct", "match"}),
        ("officer", DocumentState.VERIFIED, {"reject", "reopen", "match"}),
        ("officer", DocumentState.REJECTED, {"reopen"}),
        ("officer", DocumentState.CERTIFIED, set()),
        ("certifier", DocumentState.VERIFIED, {"certify"}),
        ("certifier", DocumentState.REVIEW, set()),
        ("certifier", DocumentState.CERTIFIED, {"revoke"}),
        ("operator", DocumentState.REVIEW, set()),
        ("auditor", DocumentState.VERIFIED, set()),
        ("admin", DocumentState.REVIEW, set()),
        ("operator", DocumentState.FAILED, {"retry"}),
        ("officer", DocumentState.FAILED, {"retry"}),
        ("admin", DocumentState.FAILED, {"retry"}),
        ("certifier", DocumentState.FAILED, set()),
        ("auditor", DocumentState.FAILED, set()),
    ],
)
def test_only_what_this_person_may_do_now_is_offered(
    browser: SignIn, login: str, state: DocumentState, expected: set[str]
) -> None:
    page = browser(login).get(f"/documents/{of_state(state)}").text
    assert buttons(page) == expected
    may_download = login in {"officer", "certifier", "admin"} and state is DocumentState.CERTIFIED
    assert ("/copy" in page) is may_download
    assert ('class="segno"' in page) is may_download


def test_what_failed_is_tried_again_by_a_button(browser: SignIn, test_house: TestHouse) -> None:
    operator, document_id = browser("operator"), of_state(DocumentState.FAILED)
    form = hidden(operator.get(f"/documents/{document_id}").text)
    answer = operator.post(f"/documents/{document_id}/retry", data=form)
    assert answer.headers["location"] == f"/documents/{document_id}?done=retry"
    page = operator.get(f"{answer.headers['location']}&lang=en").text
    assert "waits to be processed again" in page
    assert "Tried again: Broken file" in page
    assert test_house.document(document_id).state is DocumentState.RECEIVED
    twice = operator.post(f"/documents/{document_id}/retry", data=form)
    assert twice.status_code == 409


def test_a_document_that_waits_says_why_and_asks_for_nothing(
    browser: SignIn, test_house: TestHouse
) -> None:
    full = {"state": DocumentState.RECEIVED, "problem": "disk_space_short"}
    test_house.put(sample_document("waits", **full))
    page = browser("operator").get("/documents/waits?lang=en").text
    assert "Why it waits" in page
    assert "Not enough disk space. The document is kept and goes on by itself" in page
    assert buttons(page) == set()
    row = browser("operator").get("/documents/rows?state=received&lang=en").text
    assert "Not enough disk space" in row


@pytest.mark.parametrize("state", DocumentState)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_state_has_its_page(browser: SignIn, state: DocumentState, lang: str) -> None:
    answer = browser("admin").get(f"/documents/{of_state(state)}?lang={lang}")
    assert answer.status_code == 200
    assert f'lang="{lang}"' in answer.text


def test_findings_stand_beside_their_fields_in_words(browser: SignIn) -> None:
    page = browser("officer").get(f"/documents/{of_state(DocumentState.REVIEW)}").text
    row = re.search(r'<tr data-field="birth_date".*?</tr>', page, re.DOTALL)
    assert row is not None
    for words in ("05/03/1998", "03/05/1998", "Khác nhau", "công an cấp xã", "30/06/2025"):
        assert words in row[0]
    assert "Ngày sinh: khác nhau" in page
    assert "gần như chắc chắn, xác suất 99,97 %" in page
    assert 'data-field="residence"' in page  # the paper is silent, the register is not
    assert page.count("<polygon") == 10
    assert "Nguyễn Thị Hường Giang" in page


def test_a_doubted_place_is_shown_with_its_known_spelling(
    browser: SignIn, test_house: TestHouse
) -> None:
    document = test_house.document(of_state(DocumentState.REVIEW))
    assert document.record is not None
    facts = {"fields": ["birth_place"], "spellings": {"Nậm <i>": ["Nậm Cuổi", "Nậm Cười"]}}
    check = Check(code="places_known", outcome=CheckOutcome.WARN, facts=facts)
    stored = replace(document, record=replace(document.record, checks=(check,)))
    with test_house.database.transaction() as tx:
        tx.documents.move(document, changed=stored)
    page = browser("officer").get(f"/documents/{document.id}").text
    assert "đọc được “Nậm &lt;i&gt;”, danh mục chỉ có “Nậm Cuổi / Nậm Cười”" in page


def test_what_a_later_note_says_is_quoted(browser: SignIn, test_house: TestHouse) -> None:
    document = test_house.document(of_state(DocumentState.REVIEW))
    assert document.record is not None
    facts = {"noted": "Cải chính <b>năm sinh</b>", "fields": ["birth_date"]}
    check = Check(code="later_note", outcome=CheckOutcome.FAIL, facts=facts)
    stored = replace(document, record=replace(document.record, checks=(check,)))
    with test_house.database.transaction() as tx:
        tx.documents.move(document, changed=stored)
    page = browser("officer").get(f"/documents/{document.id}").text
    assert "Cải chính &lt;b&gt;năm sinh&lt;/b&gt;</q>" in page


def hidden(page: str) -> dict[str, str]:
    """What the forms of the decisions send besides what is typed."""
    found = re.findall(
        r'<input type="hidden" name="(csrf_token|seen|listed)" value="([^"]+)">', page
    )
    return dict(found)


def test_decisions_by_form(browser: SignIn, test_house: TestHouse) -> None:
    officer = browser("officer")
    document_id = of_state(DocumentState.REVIEW)
    token = {"csrf_token": "csrf of officer"}
    seen = {"seen": test_house.document(document_id).updated_at.isoformat()}
    no_reason = officer.post(f"/documents/{document_id}/accept", data=token | seen)
    assert no_reason.status_code == 422
    assert "Cần nêu lý do" in no_reason.text
    form = correction_form(officer.get(f"/documents/{document_id}").text)
    typed = {"value.birth_date": "03/05/1998", "value.full_name": " "}
    corrected = officer.post(f"/documents/{document_id}/correct", data=form | typed)
    assert corrected.headers["location"] == f"/documents/{document_id}?done=correct"
    document = test_house.document(document_id)
    assert document.record is not None
    changed = {name for name, field in document.record.fields.items() if field.corrected_by}
    assert changed == {"birth_date", "full_name"}
    assert document.record.fields["full_name"].value is None
    page = officer.get(corrected.headers["location"]).text
    assert "Đã lưu sửa đổi" in page
    assert page.count("cán bộ xác nhận trên giấy không có") == 1
    assert unescape(page).count("Máy đã đọc: 05/03/1998") == 1
    assert unescape(page).count("Máy đã đọc: Nguyễn Thị Hương Giang") == 1
    certifier = browser("certifier")
    asked = certifier.post(
        f"/documents/{of_state(DocumentState.VERIFIED)}/certify",
        data=hidden(certifier.get(f"/documents/{of_state(DocumentState.VERIFIED)}").text),
    )
    assert asked.status_code == 303


def test_a_verified_document_is_taken_back_and_matched_again_by_form(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.VERIFIED)
    officer = browser("officer")
    form = hidden(officer.get(f"/documents/{document_id}").text) | {"reason": "bấm nhầm"}
    answer = officer.post(f"/documents/{document_id}/reopen", data=form)
    assert answer.headers["location"] == f"/documents/{document_id}?done=reopen"
    page = officer.get(answer.headers["location"]).text
    assert "Đã đưa hồ sơ về bước xem xét" in page
    assert "Cán bộ đưa hồ sơ đã xác minh hoặc đã từ chối về xem xét lại" in page
    assert "Đưa về xem xét lại: “bấm nhầm”" in page
    assert "Đối chiếu với dữ liệu dân cư lúc" in page
    token = {"csrf_token": "csrf of officer"}
    test_house.database.add_persons(PERSONS)
    answer = officer.post(f"/documents/{document_id}/match", data=token)
    assert answer.headers["location"] == f"/documents/{document_id}?done=match"
    page = officer.get(answer.headers["location"]).text
    assert "kết quả khác với lần đối chiếu lúc" in page
    assert test_house.document(document_id).matched_at == test_house.clock.now()


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_an_old_page_decides_nothing(browser: SignIn, test_house: TestHouse, decision: str) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer = browser("officer")
    form = hidden(officer.get(f"/documents/{document_id}").text) | {"reason": "đã xem"}
    document = test_house.document(document_id)
    with test_house.database.transaction() as tx:
        tx.documents.move(document, changed=replace(document, updated_at=test_house.clock.now()))
    old = officer.post(f"/documents/{document_id}/{decision}", data=form)
    assert old.status_code == 409
    assert "Hồ sơ vừa thay đổi" in old.text
    assert test_house.document(document_id).state is DocumentState.REVIEW
    anew = hidden(officer.get(f"/documents/{document_id}").text) | {"reason": "đã xem"}
    assert officer.post(f"/documents/{document_id}/{decision}", data=anew).status_code == 303


PERSONS = (
    Person(
        personal_id="024198003456",
        full_name="Nguyễn Thị Hương Giang",
        birth_date="1998-03-05",
        residence="phường Việt Yên, tỉnh Bắc Ninh",
    ),
    Person(
        personal_id="024198000000",
        full_name="Nguyễn Thị Hường Giang",
        birth_date="1998-03-05",
        home_town="xã Tân Hội, tỉnh Lâm Đồng",
    ),
    Person(personal_id="024198000001", full_name="Nguyễn Thị Ruled Out"),
)


def namesakes(test_house: TestHouse) -> str:
    """A document in review that may be about either of two people, and about three others hardly."""
    document_id = of_state(DocumentState.REVIEW)
    document = test_house.document(document_id)
    subject, mother = document.verdicts
    others = [("024198000000", 0.499999), ("024198000001", 0.0009)]
    torn = replace(
        subject,
        decision=Decision.REVIEW,
        probability=0.499999,
        candidates=tuple(Candidate(personal_id=one, probability=p) for one, p in others),
    )
    test_house.database.add_persons(PERSONS)
    with test_house.database.transaction() as tx:
        tx.documents.move(document, changed=replace(document, verdicts=(torn, mother)))
    return document_id


def test_an_officer_sees_whom_it_may_be_and_says_who_it_is(
    browser: SignIn,
    test_house: TestHouse,
    compared_alike: ComparedAlike,
) -> None:
    document_id = namesakes(test_house)
    compared_alike(document_id)
    officer = browser("officer")
    page = officer.get(f"/documents/{document_id}").text
    assert "Có thể là một trong 2 người" in page
    listed = re.search(r'<ul class="candidates">.*?</ul>', page, re.DOTALL)
    assert listed is not None
    for words in (
        "024198003456",
        "024198000000",
        "05/03/1998",
        "Quê quán: xã Tân Hội",
        "Chỉ khác dấu",
    ):
        assert words in listed[0]
    assert listed[0].count("chưa rõ, xác suất 49,99 %") == 2
    assert listed[0].count("So sánh với người này") == 1
    assert "Ruled Out" not in page
    form = hidden(page) | {"reason": "con bà Hòa", "person.subject": "024198000000"}
    assert officer.post(f"/documents/{document_id}/accept", data=form).status_code == 303
    verdict = test_house.document(document_id).verdicts[0]
    assert (verdict.personal_id, verdict.decided_by) == ("024198000000", "account-officer")
    after = officer.get(f"/documents/{document_id}").text
    assert "Đúng là người này, do Nguyễn Văn Bình xác định" in after
    assert "xác định Người được ghi trên giấy: 024198000000 · “con bà Hòa”" in after


def test_accepting_without_a_choice_leaves_open_who_it_is(
    browser: SignIn,
    test_house: TestHouse,
    compared_alike: ComparedAlike,
) -> None:
    document_id = namesakes(test_house)
    compared_alike(document_id)
    before = test_house.document(document_id).verdicts
    officer = browser("officer")
    page = officer.get(f"/documents/{document_id}").text
    assert re.search(r'name="person.subject" value="" checked', page)
    form = hidden(page) | {"reason": "đã xem", "person.subject": ""}
    assert officer.post(f"/documents/{document_id}/accept", data=form).status_code == 303
    assert test_house.document(document_id).verdicts == before


def test_a_choice_waits_until_the_rows_of_now_were_seen(
    browser: SignIn, test_house: TestHouse, compared_alike: ComparedAlike
) -> None:
    """An import has changed the row chosen since the page was shown; nothing typed is lost."""
    document_id = namesakes(test_house)
    compared_alike(document_id)
    officer = browser("officer")
    form = hidden(officer.get(f"/documents/{document_id}").text)
    test_house.database.add_persons([replace(PERSONS[1], home_town="tỉnh Cà Mau")])
    chosen = {"reason": "con bà Hòa", "person.subject": PERSONS[1].personal_id}
    late = officer.post(f"/documents/{document_id}/accept", data=form | chosen)
    assert (late.status_code, "Hồ sơ vừa thay đổi" in late.text) == (409, True)
    assert test_house.document(document_id).state is DocumentState.REVIEW
    for kept in ("tỉnh Cà Mau", "con bà Hòa</textarea>", 'value="024198000000" checked'):
        assert kept in late.text
    again = officer.post(f"/documents/{document_id}/accept", data=hidden(late.text) | chosen)
    assert again.status_code == 303


def test_another_comparison_is_shown_before_anything_is_accepted(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = namesakes(test_house)
    officer = browser("officer")
    form = hidden(officer.get(f"/documents/{document_id}").text) | {"reason": "con bà Hòa"}
    before = test_house.document(document_id)
    late = officer.post(f"/documents/{document_id}/accept", data=form)
    assert (late.status_code, "con bà Hòa</textarea>" in late.text) == (409, True)
    assert test_house.document(document_id).verdicts != before.verdicts
    again = hidden(late.text) | {"reason": "con bà Hòa"}
    assert officer.post(f"/documents/{document_id}/accept", data=again).status_code == 303


@pytest.mark.parametrize("login", ["auditor", "operator", "certifier"])
def test_rows_of_others_are_shown_to_officers_only(
    browser: SignIn, test_house: TestHouse, login: str
) -> None:
    page = browser(login).get(f"/documents/{namesakes(test_house)}").text
    assert "024198000000" not in page
    # of the others only whom nothing rules out, and operators learn nothing of them (decision 28)
    assert ("Người khác đã xét: 1" in page) is (login != "operator")


def test_a_choice_that_is_refused_comes_back_with_the_reason(
    browser: SignIn,
    test_house: TestHouse,
    compared_alike: ComparedAlike,
) -> None:
    document_id = namesakes(test_house)
    compared_alike(document_id)
    officer = browser("officer")
    form = hidden(officer.get(f"/documents/{document_id}").text)
    unknown = form | {"reason": "con bà Hòa", "person.subject": "024198009999"}
    refused = officer.post(f"/documents/{document_id}/accept", data=unknown)
    assert (refused.status_code, "con bà Hòa</textarea>" in refused.text) == (422, True)
    assert "Không chọn được người này" in refused.text
    without_reason = form | {"reason": " ", "person.subject": "024198000000"}
    again = officer.post(f"/documents/{document_id}/accept", data=without_reason).text
    assert re.search(r'name="person.subject" value="024198000000" checked', again)
    assert test_house.document(document_id).state is DocumentState.REVIEW


def moved(test_house: TestHouse, document_id: str, state: DocumentState) -> None:
    """Somebody else was faster."""
    document = test_house.document(document_id)
    test_house.clock.pass_time(timedelta(seconds=1))
    changed = replace(document, state=state, updated_at=test_house.clock.now())
    with test_house.database.transaction() as tx:
        assert tx.documents.move(document, changed=changed)


def test_two_officers_who_correct_other_fields_at_once_both_succeed(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer = browser("officer")
    form = correction_form(officer.get(f"/documents/{document_id}").text)
    put(test_house, document_id, "ethnicity", "Tày")
    moved(test_house, document_id, DocumentState.READ)  # compared again at this moment
    typed = form | {"value.full_name": "Nguyễn Văn Ân"}
    late = officer.post(f"/documents/{document_id}/correct", data=typed)
    assert late.status_code == 409
    assert "Hồ sơ đang được đối chiếu lại, thường chỉ mất vài giây" in late.text
    kept = correction_form(late.text)
    assert (kept["value.full_name"], kept["value.ethnicity"]) == ("Nguyễn Văn Ân", "Tày")
    moved(test_house, document_id, DocumentState.REVIEW)
    again = officer.post(f"/documents/{document_id}/correct", data=kept)
    assert again.headers["location"] == f"/documents/{document_id}?done=correct"
    record = test_house.document(document_id).record
    assert record is not None
    values = [record.fields[name].value for name in ("full_name", "ethnicity")]
    assert values == ["Nguyễn Văn Ân", "Tày"]


def test_a_field_that_is_compared_twice_is_typed_once(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    document = test_house.document(document_id)
    subject, mother = document.verdicts
    of_mother = replace(subject.findings[0], field="mother_full_name")
    twice = (replace(subject, findings=(*subject.findings, of_mother)), mother)
    with test_house.database.transaction() as tx:
        tx.documents.move(document, changed=replace(document, verdicts=twice))
    officer = browser("officer")
    page = officer.get(f"/documents/{document_id}").text
    assert page.count('<tr data-field="mother_full_name"') == 2
    # of two inputs of one name only the last would count, and what was typed in the other be lost
    names = re.findall(r'<input form="correct" name="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert page.count('href="#value.mother_full_name"') == 1
    assert page.count('id="value.mother_full_name"') == 1


def test_each_member_of_a_household_has_a_group_and_inputs_of_their_own(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    document = test_house.document(document_id)
    assert document.record is not None
    field = document.record.fields["full_name"]
    members = {
        f"members[{number}].full_name": replace(field, text=name.upper(), value=name)
        for number, name in ((1, "Lê Văn Ba"), (2, "Lê Thị Tư"))
    }
    finding = replace(document.verdicts[0].findings[0], kind=FindingKind.AGREES)
    verdicts = tuple(
        Verdict(
            role=f"member:{number}",
            decision=Decision.REVIEW,
            personal_id=f"02419800000{number}",
            probability=0.5,
            findings=(finding,),
        )
        for number in (1, 2)
    )
    with test_house.database.transaction() as tx:
        record = replace(document.record, form=FormCode.HOUSEHOLD_BOOK, fields=members)
        tx.documents.move(document, changed=replace(document, record=record, verdicts=verdicts))
    officer = browser("officer")
    page = officer.get(f"/documents/{document_id}").text
    second = page[page.index("<h3>Thành viên 2</h3>") :]
    assert "Lê Thị Tư" in second
    assert "Lê Văn Ba" not in second
    assert "Họ, chữ đệm, tên (thành viên 2)" in second
    form = correction_form(page)
    assert {name for name in form if re.match(r"value\.members\[[12]", name)} == {
        "value.members[1].full_name",
        "value.members[2].full_name",
    }
    typed = form | {"value.members[2].full_name": "Lê Thị Từ"}
    assert officer.post(f"/documents/{document_id}/correct", data=typed).status_code == 303
    corrected = test_house.document(document_id).record
    assert corrected is not None
    assert corrected.fields["members[2].full_name"].value == "Lê Thị Từ"


def test_what_was_typed_for_a_field_that_is_gone_is_shown_all_the_same(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer = browser("officer")
    form = correction_form(officer.get(f"/documents/{document_id}").text)
    document = test_house.document(document_id)
    with test_house.database.transaction() as tx:  # the row of the register that had a residence
        tx.documents.move(document, changed=replace(document, verdicts=()))
    moved(test_house, document_id, DocumentState.READ)
    late = officer.post(
        f"/documents/{document_id}/correct", data=form | {"value.residence": "Hà Nội"}
    )
    assert correction_form(late.text)["value.residence"] == "Hà Nội"


@pytest.mark.parametrize("decision", ["accept", "reject"])
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DocumentState.REVIEW, "Trang này đã hiện nội dung mới nhất và vẫn giữ"),
        (DocumentState.READ, "Hồ sơ đang được đối chiếu lại"),
        (DocumentState.CERTIFYING, "Hồ sơ hiện ở trạng thái “Đang chứng thực”"),
    ],
)
def test_a_reason_is_never_typed_twice(
    browser: SignIn,
    test_house: TestHouse,
    decision: str,
    state: DocumentState,
    words: str,
    compared_alike: ComparedAlike,
) -> None:
    document_id = namesakes(test_house)
    compared_alike(document_id)
    officer = browser("officer")
    chosen = {"reason": "xem <sổ> gốc", "person.subject": "024198000000"}
    form = hidden(officer.get(f"/documents/{document_id}").text) | chosen
    moved(test_house, document_id, state)
    late = officer.post(f"/documents/{document_id}/{decision}", data=form)
    assert late.status_code == 409
    assert words in late.text
    assert "xem &lt;sổ&gt; gốc" in late.text
    if state is DocumentState.CERTIFYING:
        return
    assert re.search(rf'action="[^"]+/{decision}"', late.text)
    assert "xem &lt;sổ&gt; gốc</textarea>" in late.text
    if decision == "accept":
        assert re.search(r'name="person.subject" value="024198000000"( checked)?', late.text)
    if state is DocumentState.READ:
        moved(test_house, document_id, DocumentState.REVIEW)
        late = officer.post(f"/documents/{document_id}/{decision}", data=hidden(late.text) | chosen)
    again = hidden(late.text) | chosen
    assert officer.post(f"/documents/{document_id}/{decision}", data=again).status_code == 303


def test_a_reason_is_as_long_as_its_box_counted_it(browser: SignIn, test_house: TestHouse) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer = browser("officer")
    sent = hidden(officer.get(f"/documents/{document_id}").text)
    lines = "\r\n".join(["một lý do"] * 200)  # browsers send two characters for a line end
    assert len(lines) > 2000
    too_long = officer.post(f"/documents/{document_id}/reject", data=sent | {"reason": "ý" * 2001})
    assert too_long.status_code == 422
    page = unescape(too_long.text)
    assert "Bạn đã nhập 2001 ký tự, chỉ nhận tối đa 2000 ký tự" in page
    assert "ý" * 2001 in page  # nothing is typed twice
    taken = officer.post(f"/documents/{document_id}/reject", data=sent | {"reason": lines})
    assert taken.status_code == 303
    with test_house.database.transaction() as tx:
        event = tx.events.of_document(document_id)[-1]
    assert event.facts["reason"] == "\n".join(["một lý do"] * 200)


def test_a_correction_that_is_too_long_comes_back_in_words(browser: SignIn) -> None:
    officer = browser("officer")
    at = f"/documents/{of_state(DocumentState.REVIEW)}"
    form = correction_form(officer.get(at).text)
    answer = officer.post(f"{at}/correct", data=form | {"value.home_town": "x" * 2001})
    assert answer.status_code == 422
    assert "Nội dung nhập quá dài" in answer.text
    assert "x" * 2001 in answer.text


def test_the_trail_is_filtered_and_paged(browser: SignIn, test_house: TestHouse) -> None:
    document = test_house.document(of_state(DocumentState.CERTIFIED))
    names = [EventName.COPY_REVOKED, *[EventName.COPY_VERIFIED] * 250]
    with test_house.database.transaction() as tx:
        for name in names:
            note(tx, name, test_house.house.visitor, at=NOW, document=document)
    auditor = browser("auditor")
    first = auditor.get("/audit").text
    assert first.count('<th scope="row">') == 200
    older = re.search(r'href="(/audit\?before=\d+)"', first)
    assert older is not None
    second = auditor.get(older[1]).text
    assert "Thu hồi bản sao</td>" in second
    assert 'href="/audit"' in second
    only = auditor.get("/audit", params={"event": "copy.revoked"}).text
    assert only.count('<th scope="row">') == 1
    assert auditor.get("/audit", params={"event": ""}).status_code == 200
    assert auditor.get("/audit", params={"event": "nonsense"}).status_code == 422


def test_the_trail_tells_what_an_event_says_and_shows_no_digest(
    browser: SignIn, test_house: TestHouse
) -> None:
    document = test_house.document(of_state(DocumentState.CERTIFIED))
    said: dict[EventName, dict[str, object]] = {
        EventName.ACCOUNT_DISABLED: {"login": "lan.p", "roles": ["officer", "auditor"]},
        EventName.DOCUMENT_FAILED: {"step": "read", "code": "file_broken"},
        EventName.DOCUMENT_CORRECTED: {"fields": ["mother_full_name", "members[2].full_name"]},
        EventName.LOGIN_REFUSED: {"login": "deadbeef", "address": "c0ffee"},
    }
    with test_house.database.transaction() as tx:
        for name, facts in said.items():
            note(tx, name, test_house.house.visitor, at=NOW, document=document, **facts)
    page = browser("auditor").get("/audit").text
    assert "tài khoản lan.p · vai trò: Cán bộ một cửa; Kiểm tra viên" in page
    assert "Tệp bị hỏng" in page
    assert "trường: Họ, chữ đệm, tên người mẹ; Họ, chữ đệm, tên (thành viên 2)" in page
    assert "deadbeef" not in page
    assert "c0ffee" not in page


@pytest.mark.parametrize("name", list(EventName))
def test_whoever_acted_on_the_command_line_is_named(
    browser: SignIn, test_house: TestHouse, name: EventName
) -> None:
    clerk = replace(test_house.house.system, agency_id=COMMUNE.id, os_user="lan.pham")
    with test_house.database.transaction() as tx:
        note(tx, name, clerk, at=NOW)
    page = browser("auditor").get("/audit", params={"event": str(name)}).text
    assert "tại máy chủ, người dùng lan.pham" in page


def test_the_history_of_a_document_tells_who_typed_what(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer, auditor = browser("officer"), browser("auditor")
    for number in ("024090123456", "024198003456"):
        test_house.clock.pass_time(timedelta(minutes=1))
        form = correction_form(officer.get(f"/documents/{document_id}").text)
        sent = officer.post(
            f"/documents/{document_id}/correct", data=form | {"value.personal_id": number}
        )
        assert sent.status_code == 303
        with test_house.database.transaction() as tx:
            matching.match(test_house.house.system, document_id, tx=tx, clock=test_house.clock)
    page = auditor.get(f"/documents/{document_id}").text
    history = re.findall(r"Sửa trường thông tin: ([^<]+)</span>\s*<small>[^·]*· ([^<]+)<", page)
    assert history == [
        ("Số định danh cá nhân: “024090123456” → “024198003456”", "Nguyễn Văn Bình"),
        ("Số định danh cá nhân: “024198003456” → “024090123456”", "Nguyễn Văn Bình"),
    ]
    # the list of all that happened names the field, and so does the history for programs
    trail = auditor.get("/audit", params={"event": "document.corrected"}).text
    assert "trường: Số định danh cá nhân" in trail
    assert "024090123456" not in trail
    assert "024090123456" not in auditor.get(f"/api/v1/documents/{document_id}/events").text


def test_a_sign_that_no_database_keeps_is_a_value_refused(
    browser: SignIn, test_house: TestHouse
) -> None:
    at = f"/documents/{of_state(DocumentState.REVIEW)}"
    officer = browser("officer")
    form = correction_form(officer.get(at).text)
    for field in ("residence", "household_number", "marital_status", "identity_paper"):
        typed = {f"value.{field}": "12\x00/2020", f"shown.{field}": ""}
        assert officer.post(f"{at}/correct", data=form | typed).status_code == 422
    assert test_house.document(of_state(DocumentState.REVIEW)).state is DocumentState.REVIEW


def trail_looks(test_house: TestHouse) -> list[Event]:
    with test_house.database.transaction() as tx:
        return list(tx.events.named((EventName.TRAIL_VIEWED,), within="vn"))


def test_a_look_at_the_trail_stands_in_it_once(browser: SignIn, test_house: TestHouse) -> None:
    auditor = browser("auditor")
    assert "Xem nhật ký</td>" not in auditor.get("/audit").text
    (look,) = trail_looks(test_house)
    assert (look.actor_id, look.agency_id) == ("account-auditor", "vn.24.07777")
    assert look.facts == {}
    auditor.get("/audit", params={"event": "copy.revoked", "before": 5})
    assert trail_looks(test_house)[0].facts == {"kind": "copy.revoked", "before": 5}
    page = auditor.get("/audit").text
    assert page.count("Xem nhật ký</td>") == 2
    assert "loại: Thu hồi bản sao · trước dòng số 5" in page
    assert browser("officer").get("/audit").status_code == 403
    assert len(trail_looks(test_house)) == 3


def test_live_progress_is_no_look_at_the_trail(test_house: TestHouse) -> None:
    token = test_house.open_session("officer")
    with test_house.database.transaction() as tx:
        signed_in = login.resume(token, tx=tx, clock=test_house.clock)
        before = viewing.newest_event(signed_in.actor, tx=tx)
    caller = Caller(actor=signed_in.actor, token=token, csrf_token="")

    async def read() -> None:
        stream = messages(test_house.house, caller, 0)
        for _ in range(4):
            await anext(stream)

    asyncio.run(read())
    with test_house.database.transaction() as tx:
        assert viewing.newest_event(signed_in.actor, tx=tx) == before


def test_a_value_that_is_not_taken_comes_back_as_typed(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer = browser("officer")
    form = correction_form(officer.get(f"/documents/{document_id}").text)
    typed = {"value.full_name": "Nguyễn Văn Ân", "value.birth_date": "31/02/1998"}
    answer = officer.post(f"/documents/{document_id}/correct", data=form | typed)
    assert answer.status_code == 422
    assert "Giá trị không hợp lệ" in answer.text
    assert 'value="Nguyễn Văn Ân"' in answer.text
    wrong = re.search(r'<input[^>]*name="value.birth_date"[^>]*>', answer.text)
    assert wrong is not None
    assert 'value="31/02/1998"' in wrong[0]
    assert 'aria-invalid="true"' in wrong[0]
    document = test_house.document(document_id)
    assert document.record is not None
    assert not any(field.corrected_by for field in document.record.fields.values())


@pytest.mark.parametrize(
    ("name", "text", "value", "shown"),
    [
        ("birth_date", "05/03/1998", "1998-03-05", "05/03/1998"),
        ("father_birth_date", "1.992", "1992", "1992"),
        ("registration_date", "1.0 tháng 05 năm.2015", "2015-05-10", "10/05/2015"),
        ("sex", "Nam / Male", "male", "Nam"),
        ("members[1].full_name", "1 Bùi Văn\nHậu", "Bùi Văn Hậu", "Bùi Văn Hậu"),
        ("full_name", "BÙI VĂN HẬU", "Bùi Văn Hậu", "BÙI VĂN HẬU"),
        ("full_name", "Bùi 2", None, "Bùi 2"),
    ],
)
def test_the_form_starts_from_what_it_would_take(
    name: str, text: str, value: str | None, shown: str
) -> None:
    field = FieldValue(text=text, value=value, confidence=0.9, certain=False, page=1, box=None)
    assert typed_at_first(name, field) == shown
    assert value is None or normalise_typed(name, shown) == value


def test_correcting_nothing_changes_nothing(browser: SignIn, test_house: TestHouse) -> None:
    document_id = of_state(DocumentState.REVIEW)
    # a program may have stored line ends, which browsers take out of what they send back
    put(test_house, document_id, "home_town", "xã Nghĩa Trung\ntỉnh Bắc Giang")
    officer = browser("officer")
    form = correction_form(officer.get(f"/documents/{document_id}").text)
    # an empty input beside a value of the register, and a value written as it is kept
    assert (form["value.residence"], form["value.birth_date"]) == ("", "05/03/1998")
    assert "\n" not in form["value.home_town"]
    data = form | {"value.birth_date": "1998-03-05"}
    answer = officer.post(f"/documents/{document_id}/correct", data=data)
    assert answer.headers["location"] == f"/documents/{document_id}"
    assert test_house.document(document_id).state is DocumentState.REVIEW


def put(test_house: TestHouse, document_id: str, name: str, text: str) -> None:
    """Somebody else's correction, matched again and back in review."""
    document = test_house.document(document_id)
    assert document.record is not None
    field = replace(document.record.fields["full_name"], text=text, value=text)
    record = replace(document.record, fields={**document.record.fields, name: field})
    with test_house.database.transaction() as tx:
        tx.documents.move(document, changed=replace(document, record=record))


def test_an_old_page_takes_away_nobodys_value(browser: SignIn, test_house: TestHouse) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer = browser("officer")
    form = correction_form(officer.get(f"/documents/{document_id}").text)
    put(test_house, document_id, "residence", "Hà Nội")
    put(test_house, document_id, "ethnicity", "Tày")
    data = form | {"value.birth_date": "03/05/1998"}
    officer.post(f"/documents/{document_id}/correct", data=data)
    record = test_house.document(document_id).record
    assert record is not None
    values = {name: record.fields[name].value for name in ("residence", "ethnicity", "birth_date")}
    assert values == {"residence": "Hà Nội", "ethnicity": "Tày", "birth_date": "1998-05-03"}


def test_a_value_that_was_never_seen_is_not_replaced(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer = browser("officer")
    form = correction_form(officer.get(f"/documents/{document_id}").text)
    put(test_house, document_id, "ethnicity", "Tày")
    typed = form | {"value.ethnicity": "Nùng", "value.birth_date": "03/05/1998"}
    answer = officer.post(f"/documents/{document_id}/correct", data=typed)
    assert answer.status_code == 409
    assert "“Dân tộc” đã được sửa sau khi trang này được mở" in answer.text
    kept = test_house.document(document_id).record
    assert kept is not None
    assert kept.fields["ethnicity"].value == "Tày"
    assert '<span class="value">Tày</span>' in answer.text
    # what was typed is still there, and whoever saves it now has seen the other value
    again = correction_form(answer.text)
    assert again == typed | {"shown.ethnicity": "Tày"}
    officer.post(f"/documents/{document_id}/correct", data=again)
    record = test_house.document(document_id).record
    assert record is not None
    assert record.fields["ethnicity"].value == "Nùng"
    assert record.fields["birth_date"].value == "1998-05-03"


def test_an_old_page_of_a_document_that_has_moved_on_is_told_so(
    browser: SignIn, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    officer = browser("officer")
    form = correction_form(officer.get(f"/documents/{document_id}").text)
    put(test_house, document_id, "ethnicity", "Tày")
    document = test_house.document(document_id)
    with test_house.database.transaction() as tx:
        moved = replace(document, state=DocumentState.VERIFIED)
        tx.documents.move(document, changed=moved)
    typed = form | {"value.ethnicity": "Nùng"}
    answer = officer.post(f"/documents/{document_id}/correct", data=typed)
    assert answer.status_code == 409
    assert "Hồ sơ đã sang trạng thái khác" in answer.text
    assert test_house.document(document_id) == moved


def test_the_list_filters_and_counts(browser: SignIn) -> None:
    operator = browser("operator")
    page = operator.get("/documents").text
    assert page.count('<th scope="row">') == len(DocumentState)
    assert "Tải bản quét lên" in page
    review = operator.get("/documents/rows?state=review").text
    assert review.count('<th scope="row">') == 1
    assert "<html" not in review
    batch = operator.get("/documents", params={"batch": "hộp 7"}).text
    assert "Đã xử lý 5 trên 8 hồ sơ của lô" in batch
    assert "Chưa có hồ sơ nào" in operator.get("/documents?batch=none").text
    assert "Tải bản quét lên" not in browser("auditor").get("/documents").text
    assert operator.get("/documents?state=rubbish").status_code == 422


def test_strangers_and_visitors_see_nothing(browser: SignIn, visitor: TestClient) -> None:
    at = f"/documents/{of_state(DocumentState.REVIEW)}"
    answer = browser("stranger").get(at)
    assert answer.status_code == 404
    assert "Giang" not in answer.text
    redirect = visitor.get(f"{at}?lang=en")
    assert redirect.status_code == 303
    assert redirect.headers["location"].startswith("/sign-in?to=/documents/")


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        ("auditor", "/audit", 200),
        ("admin", "/audit", 200),
        ("officer", "/audit", 403),
        ("admin", "/population", 200),
        ("auditor", "/population", 403),
    ],
)
def test_rooms_of_auditor_and_admin(browser: SignIn, login: str, path: str, status: int) -> None:
    answer = browser(login).get(path)
    assert answer.status_code == status
    if status == 200:
        assert "Đăng xuất" in answer.text


def test_sign_in_page_says_what_is_wrong_and_keeps_the_login(visitor: TestClient) -> None:
    answer = visitor.post("/sign-in", data={"login": "<b>mai", "password": "guess"})
    assert answer.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in answer.text
    assert 'value="&lt;b&gt;mai"' in answer.text
    assert "guess" not in answer.text


def test_sign_out_by_form(browser: SignIn) -> None:
    officer = browser("officer")
    assert officer.post("/sign-out").status_code == 403
    out = officer.post("/sign-out", data={"csrf_token": "csrf of officer"})
    assert out.headers["location"] == "/sign-in"
    officer.cookies.set("hoso", "token-of-officer")
    assert officer.get("/documents").status_code == 303


def test_public_pages_tell_nothing_personal(visitor: TestClient) -> None:
    unknown = visitor.get("/v/7K3M-9QXD-0VHT-2ZPA-8?lang=en")
    for page in (visitor.get("/").text, visitor.get("/verify").text, unknown.text):
        assert "Giang" not in page
        assert "024198003456" not in page
    refused = visitor.get("/v/<script>alert(1)")
    assert refused.status_code == 404
    assert "<script>alert" not in refused.text
    assert visitor.get("/verify?code=7k3m 9qxd").headers["location"] == "/v/7k3m%209qxd"
    report = visitor.post("/verify", files={"file": ("a.pdf", b"no pdf")})
    assert report.status_code == 200
    assert "Không phải bản sao hợp lệ" in report.text
    assert visitor.post("/verify", files={"file": ("a.pdf", b"")}).status_code == 422
    assert visitor.post("/verify").status_code == 422


def test_the_demo_banner_stands_on_every_page_of_a_demo_only(
    visitor: TestClient, test_house: TestHouse
) -> None:
    assert "không có giá trị pháp lý / no legal value" in visitor.get("/").text
    object.__setattr__(test_house.house, "demo", False)
    assert "no legal value" not in client_of(test_house).get("/").text


def test_pki_endpoints_are_there_only_in_a_demo(test_house: TestHouse) -> None:
    client = client_of(test_house)
    for path in ("root.crl", "root.crt"):
        assert client.get(f"/pki/{path}").status_code == 404
    assert client.post("/pki/ocsp", content=b"x").status_code == 404

    def ocsp(request: bytes) -> bytes:
        if request != b"good":
            msg = "not a request"
            raise ValueError(msg)
        return b"answer"

    pki = Pki(revocation_lists={"root": lambda: b"list"}, certificates={"root": b"cert"}, ocsp=ocsp)
    object.__setattr__(test_house.house, "pki", pki)
    assert client.get("/pki/root.crl").content == b"list"
    assert client.get("/pki/root.crt").headers["content-type"] == "application/pkix-cert"
    assert client.get("/pki/../root.crl").status_code == 404
    answer = client.post("/pki/ocsp", content=b"good")
    assert (answer.content, answer.headers["content-type"]) == (
        b"answer",
        "application/ocsp-response",
    )
    assert client.post("/pki/ocsp", content=b"bad").status_code == 422
    assert client.post("/pki/tsa", content=b"x").status_code == 404


def progress(number: int, name: EventName) -> Event:
    return Event(
        name=name, actor_id="a", agency_id="vn.24.07777", document_id="d", at=NOW, id=number
    )


def test_messages_carry_ids_and_progress_only() -> None:
    assert message(progress(7, EventName.DOCUMENT_READ)) == (
        'id: 7\nevent: document\ndata: {"name": "document.read", "document": "d"}\n\n'
    )
    # who looked at what moves Last-Event-ID on and is told to nobody
    assert message(progress(8, EventName.DOCUMENT_VIEWED)) == "id: 8\n\n"


def test_the_stream_goes_on_where_the_browser_left_off(test_house: TestHouse) -> None:
    token = test_house.open_session("officer")
    with test_house.database.transaction() as tx:
        signed_in = login.resume(token, tx=tx, clock=test_house.clock)
    caller = Caller(actor=signed_in.actor, token=token, csrf_token="")

    async def read(after: int) -> list[str]:
        found: list[str] = []
        async for text in messages(test_house.house, caller, after):
            found += re.findall(r"id: (\d+)", text)
            if len(found) == 3:
                with test_house.database.transaction() as tx:
                    login.sign_out(token, tx=tx, clock=test_house.clock)
            if "signed-out" in text:
                return found
        pytest.fail("the stream went on without a session")

    found = [int(number) for number in asyncio.run(read(5))]
    assert found[:3] == [6, 7, 8]
    assert found == sorted(set(found))


def test_the_stream_ends_calmly_when_the_database_is_away(test_house: TestHouse) -> None:
    token = test_house.open_session("officer")
    with test_house.database.transaction() as tx:
        signed_in = login.resume(token, tx=tx, clock=test_house.clock)
    caller = Caller(actor=signed_in.actor, token=token, csrf_token="")
    test_house.database.available = False

    async def read() -> list[str]:
        return [text async for text in messages(test_house.house, caller, 0)]

    assert asyncio.run(read()) == [f"retry: 2000\n\n{whose(caller)}"]


def test_fields_stand_in_the_order_of_the_paper(browser: SignIn, test_house: TestHouse) -> None:
    document = test_house.document(of_state(DocumentState.REVIEW))
    assert document.record is not None
    shuffled = dict(sorted(document.record.fields.items(), key=lambda item: item[0][::-1]))
    stored = replace(document, record=replace(document.record, fields=shuffled))
    with test_house.database.transaction() as tx:
        tx.documents.move(document, changed=stored)
    page = browser("officer").get(f"/documents/{document.id}").text
    rows = re.findall(r'<tr data-field="(\w+)"', page)
    assert rows[:4] == ["full_name", "birth_date", "sex", "ethnicity"]
    assert rows[-5:-3] == ["mother_full_name", "mother_birth_date"]
    assert rows[-3:] == ["number", "registration_place", "registration_date"]


def test_the_stream_wants_a_session(visitor: TestClient) -> None:
    assert visitor.get("/events/stream").status_code == 401


def test_a_certificate_shows_its_number_and_code(browser: SignIn) -> None:
    page = browser("certifier").get(f"/documents/{of_state(DocumentState.CERTIFIED)}").text
    assert "17/2026" in page
    assert CODE in page
    assert "/copy" in page
    assert "Thu hồi lúc" not in page


def test_a_revoked_copy_stays_on_the_page_and_is_not_offered(browser: SignIn) -> None:
    at = f"/documents/{of_state(DocumentState.CERTIFIED)}"
    certifier = browser("certifier")
    form = hidden(certifier.get(at).text) | {"reason": "cấp nhầm <người>"}
    page = certifier.post(f"{at}/revoke", data=form, follow_redirects=True).text
    for words in ("Đã thu hồi bản sao", "17/2026", "Thu hồi lúc", "cấp nhầm &lt;người&gt;"):
        assert words in page
    assert "Bản sao đã chứng thực bị thu hồi" in page
    assert "/copy" not in page
    assert "revoke" not in buttons(page)
    assert buttons(browser("officer").get(at).text) == {"accept", "reject", "correct", "match"}


def test_the_page_of_a_closed_copy_says_so_before_anybody_types(visitor: TestClient) -> None:
    at = f"/v/{CODE}/copy"
    page = visitor.get(at).text
    assert re.search(r'<input name="proof"[^>]* inputmode="numeric" autocomplete="off"', page)
    told = visitor.post(at, data={"proof": "abc"})
    assert told.status_code == 422
    assert "12 chữ số" in told.text
    for _ in range(10):
        refused = visitor.post(at, data={"proof": "024198003457"})
        assert refused.status_code == 403
    # the last try: what was wrong, and that it was the last
    assert "Điều vừa nhập không phải của người nào" in refused.text
    for page in (refused.text, visitor.get(at).text, visitor.get(f"{at}?lang=en").text):
        assert re.search("Tạm dừng tải bản sao|Downloads paused", page)
        assert 'name="proof"' not in page
    assert visitor.post(at, data={"proof": "024198003456"}).status_code == 429
