"""Verification by code and by file, of a copy that is really signed."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pikepdf
import pytest
from fastapi.testclient import TestClient

from api.service import create_app
from api.turnstile import Turnstile
from domain.certificate import Certificate
from domain.dates import VIETNAM
from domain.document import DocumentState
from domain.event import EventName
from domain.form import FormCode
from signing.inspection import Inspection
from signing.inspection_process import inspect_contained
from tests.fakes.certified import certify_one
from tests.fakes.house import TestHouse, fill, make_test_house, of_state
from workflow.verification import Judgements


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[TestHouse, Certificate, bytes]:
    test = make_test_house()
    fill(test)
    folder: Path = tmp_path_factory.mktemp("authority")
    certificate, pdf = certify_one(test, folder)
    return test, certificate, pdf


@pytest.fixture
def client(certified: tuple[TestHouse, Certificate, bytes]) -> Iterator[TestClient]:
    with TestClient(create_app(certified[0].house), base_url="http://127.0.0.1:8000") as client:
        yield client


def test_by_code_the_register_tells_what_it_may(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    _, certificate, _ = certified
    typed = certificate.code.lower().replace("-", " ")
    answer = client.get(f"/api/v1/verify/{typed}").json()
    assert answer["genuineness"] == "genuine"
    assert answer["demo"] is True
    assert answer["register_entry"]["number"] == certificate.number
    assert answer["register_entry"]["form"] == "birth_extract"
    page = client.get(f"/v/{certificate.code}").text
    for words in (
        "Sổ chứng thực có bản sao mang mã này",
        "Trang này chưa xem bản trên tay bạn",
        "UBND phường Việt Yên",
        f"{certificate.number}/{certificate.year}",
        "không có giá trị pháp lý",
        "Trích lục khai sinh",
        'type="file"',  # the next step: the file itself
    ):
        assert words in page
    # nothing in the hand was compared: not what a checked file is told
    assert "Bản sao thật" not in page
    assert 'class="card outcome good"' not in page
    for personal in ("Giang", "024198003456", "Nghĩa Trung", of_state(DocumentState.CERTIFYING)):
        assert personal not in page
        assert personal not in str(answer)


def test_a_scanned_qr_leads_to_the_copy_however_it_is_opened(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    test, certificate, _ = certified
    document = of_state(DocumentState.CERTIFYING)
    url = f"{test.house.public_url}/v/{certificate.code}"
    scanned = f"{url}\nMã hồ sơ: H05/{document}\nGiấy tờ: Trích lục khai sinh"
    behind = scanned.partition("/v/")[2]
    opened = scanned.replace("\n", "").partition("/v/")[2]  # a browser drops the line breaks
    for page in (
        client.get(f"/v/{opened}"),
        client.get(f"/v/{quote(opened, safe='')}"),
        client.get(f"/v/{quote(behind)}"),  # an app that keeps them: %0A
        client.get(f"/v/{quote(behind.replace(chr(10), chr(13) + chr(10)), safe='')}"),
        client.get(f"/v/{certificate.code}%0A"),
        client.get("/verify", params={"code": scanned}),
        client.get("/verify", params={"code": f"{url}/copy"}),
        client.get("/verify", params={"code": certificate.code.replace("-", "–")}),
    ):
        assert (page.status_code, page.url.path) == (200, f"/v/{certificate.code}")
    for sent in (opened, behind, behind.replace("\n", "\r\n"), f"{certificate.code}\n"):
        for kept in ("/", ""):  # a slash as such, and as %2F
            told = client.get(f"/api/v1/verify/{quote(sent, safe=kept)}")
            assert (told.status_code, told.json()["code"]) == (200, certificate.code)
    unknown = client.get("/verify", params={"code": "số 12/2026"})
    assert unknown.status_code == 404
    assert "số 12/2026" in unknown.text


def test_by_file_genuine_and_one_byte_off(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    _, _, pdf = certified
    genuine = client.post("/verify", files={"file": ("copy.pdf", pdf)}).text
    assert "Bản sao thật, còn hiệu lực" in genuine
    assert genuine.count('class="step-number"') >= 14
    assert "Không đạt" not in genuine
    spot = len(pdf) // 3
    forged = pdf[:spot] + bytes([pdf[spot] ^ 1]) + pdf[spot + 1 :]
    for data in (forged, pdf + b"\n"):
        page = client.post("/verify", files={"file": ("copy.pdf", data)}).text
        assert "Không phải bản sao hợp lệ" in page
        assert "Không đạt" in page
        answer = client.post("/api/v1/verify", files={"file": ("copy.pdf", data)}).json()
        assert answer["genuineness"] == "not_genuine"
        assert answer["reasons"]


def test_a_changed_file_is_told_how_it_came_about_and_nothing_of_its_contents(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    test, certificate, pdf = certified
    named = f'href="/v/{certificate.code}"'
    resaved = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(resaved)
    page = client.post("/verify", files={"file": ("copy.pdf", resaved.getvalue())}).text
    for words in (
        "Không phải bản sao hợp lệ",
        "lưu lại, in hoặc chuyển đổi",
        "không chứng tỏ nội dung",
        named,
    ):
        assert words in page
    for passed_on in (pdf + b"\n", pdf + b"\r\nSent from my phone"):
        assert named in client.post("/verify", files={"file": ("copy.pdf", passed_on)}).text
    # a code that leads nowhere, or to a revoked copy, is not offered
    photo = client.post("/verify", files={"file": ("copy.jpg", b"\xff\xd8\xff")}).text
    assert "lưu lại, in hoặc chuyển đổi" in photo
    assert 'href="/v/' not in photo
    revoked = replace(certificate, revoked_at=test.clock.now())
    test.database._state.certificates[certificate.code] = revoked
    page = client.post("/verify", files={"file": ("copy.pdf", resaved.getvalue())}).text
    assert named not in page
    withdrawn = client.post("/verify", files={"file": ("copy.pdf", pdf)}).text
    assert "lưu lại, in hoặc chuyển đổi" not in withdrawn
    test.database._state.certificates[certificate.code] = certificate


def test_a_copy_that_only_this_register_does_not_know_is_not_told_like_a_forgery(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    test, certificate, pdf = certified
    del test.database._state.certificates[certificate.code]
    page = client.post("/verify", files={"file": ("copy.pdf", pdf)}).text
    told = client.post("/api/v1/verify", files={"file": ("copy.pdf", pdf)}).json()
    changed = client.post("/verify", files={"file": ("copy.pdf", pdf + b"\n")}).text
    test.database._state.certificates[certificate.code] = certificate
    for words in (
        "Không có trong sổ của hệ thống này",
        "Con dấu cơ quan (DEMO)",
        "Chưa dùng tệp này",
    ):
        assert words in page
        assert words not in changed
    assert "Không phải bản sao hợp lệ" not in page
    strange = replace(
        test.house.trust(), seals=test.house.trust().roots
    )  # knows some other seal only
    elsewhere = TestClient(create_app(replace(test.house, trust=lambda: strange)))
    del test.database._state.certificates[certificate.code]
    page = elsewhere.post("/verify", files={"file": ("copy.pdf", pdf)}).text
    test.database._state.certificates[certificate.code] = certificate
    for words in (
        "Không có trong sổ của hệ thống này",
        "không thuộc cơ quan nào mà hệ thống này biết",
    ):
        assert words in page
    assert 'class="card outcome bad"' in page
    # programs are told what they were: it may be revoked, or made with a stolen key
    assert (told["genuineness"], told["reasons"]) == ("not_genuine", ["register_known"])


def test_a_genuine_copy_says_that_its_paper_has_ended(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    test, certificate, pdf = certified
    document = test.document(certificate.document_id)
    assert document.record is not None
    today = test.clock.now().astimezone(VIETNAM).date()

    def issued(day: date) -> None:
        said = replace(document.record.fields["registration_date"], value=day.isoformat())
        fields = {**document.record.fields, "issue_date": said}
        record = replace(document.record, form=FormCode.MARITAL_STATUS_CONFIRMATION, fields=fields)
        test.database._state.documents[document.id] = replace(document, record=record)

    def file_page() -> str:
        return client.post("/verify", files={"file": ("copy.pdf", pdf)}).text

    issued(today - timedelta(days=150))
    assert "Bản sao thật, còn hiệu lực" in file_page()
    assert "Giấy có giá trị đến" in file_page()
    issued(date(2024, 1, 15))
    for page in (file_page(), client.get(f"/v/{certificate.code}").text):
        assert "hết ngày 15/07/2024, nay đã hết hạn" in page
        assert "Bản sao thật, còn hiệu lực" not in page
        assert 'class="card outcome warn"' in page
    answer = client.get(f"/api/v1/verify/{certificate.code}").json()
    found = (answer["genuineness"], answer["valid_until"], answer["ended"])
    assert found == ("genuine", "2024-07-15", True)
    test.database._state.documents[document.id] = document
    answer = client.get(f"/api/v1/verify/{certificate.code}").json()
    assert (answer["valid_until"], answer["ended"]) == (None, False)


def test_a_code_does_not_tell_a_day_that_is_a_birthday(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    """A card ends on its holder's 25th, 40th or 60th birthday: that is for who has the file."""
    test, certificate, pdf = certified
    document = test.document(certificate.document_id)
    assert document.record is not None
    try:
        for day, written, ended in (
            ("2035-11-06", "06/11/2035", False),
            ("2024-11-06", "06/11/2024", True),
        ):
            said = replace(document.record.fields["registration_date"], value=day)
            fields = {**document.record.fields, "valid_until": said}
            record = replace(document.record, form=FormCode.IDENTITY_CARD, fields=fields)
            test.database._state.documents[document.id] = replace(document, record=record)
            test.house.judgements._kept.clear()  # looked into first, then recalled
            for _ in range(2):
                answer = client.get(f"/api/v1/verify/{certificate.code}").json()
                told = (answer["genuineness"], answer["valid_until"], answer["ended"])
                assert told == ("genuine", None, False)
                page = client.get(f"/v/{certificate.code}").text
                assert written not in page
                assert "hết hạn" not in page
                assert "Giấy có giá trị đến" not in page
            files = {"file": ("copy.pdf", pdf)}
            answer = client.post("/api/v1/verify", files=files).json()
            assert (answer["valid_until"], answer["ended"]) == (day, ended)
            assert written in client.post("/verify", files=files).text
    finally:
        test.database._state.documents[document.id] = document


def test_a_revoked_copy_says_so(certified: tuple[TestHouse, Certificate, bytes]) -> None:
    test, certificate, pdf = certified
    revoked = replace(certificate, revoked_at=test.clock.now())
    test.database._state.certificates[certificate.code] = revoked
    client = TestClient(create_app(test.house))
    by_file = client.post("/verify", files={"file": ("copy.pdf", pdf)}).text
    for page in (client.get(f"/v/{certificate.code}").text, by_file):
        assert "<h1>" in page
        assert "Bản sao đã bị thu hồi" in page.partition("<h1>")[2].partition("</h1>")[0]
        assert "Thu hồi lúc" in page
        assert "Đừng sử dụng tệp này" in page
        assert "được lưu lại, in hoặc chuyển đổi" not in page
        assert "/copy" not in page
    test.database._state.certificates[certificate.code] = certificate


def test_a_copy_is_looked_into_once_and_the_register_asked_each_time(
    certified: tuple[TestHouse, Certificate, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    test, certificate, pdf = certified
    looked = 0

    def inspect_and_count(*args: Any, **kwargs: Any) -> Inspection:
        nonlocal looked
        looked += 1
        return inspect_contained(*args, **kwargs)

    monkeypatch.setattr("signing.verification.inspect_contained", inspect_and_count)
    house = replace(test.house, judgements=Judgements())
    client = TestClient(create_app(house))

    def found() -> tuple[str, int]:
        answer = client.get(f"/api/v1/verify/{certificate.code}").json()
        return answer["genuineness"], looked

    assert [found(), found()] == [("genuine", 1)] * 2
    # what was looked into takes nobody's place
    client.app.state.verifications = Turnstile(at_once=1, waiting=0, patience=0)  # type: ignore[attr-defined]
    with client.app.state.verifications.passage():  # type: ignore[attr-defined]
        assert "có bản sao mang mã này" in client.get(f"/v/{certificate.code}").text
    by_file = client.post("/api/v1/verify", files={"file": ("copy.pdf", pdf)}).json()
    assert (by_file["genuineness"], looked) == ("genuine", 1)
    # a revocation is told at once, of the copy as of a key
    revoked = replace(certificate, revoked_at=test.clock.now())
    test.database._state.certificates[certificate.code] = revoked
    told, seen = found()
    test.database._state.certificates[certificate.code] = certificate
    assert told == "not_genuine"
    object.__setattr__(house, "trust", lambda: replace(test.house.trust(), seals=()))
    assert found() == ("genuine", seen + 1)
    test.clock.pass_time(timedelta(minutes=5))
    assert found() == ("genuine", seen + 2)


def test_a_citizen_collects_the_copy_with_a_number_of_the_paper(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    _, certificate, pdf = certified
    at = f"/v/{certificate.code}/copy"
    assert f'href="{at}"' in client.get(f"/v/{certificate.code}").text
    form = client.get(at).text
    assert 'name="proof"' in form
    wrong = client.post(at, data={"proof": "024198003457"})
    assert wrong.status_code == 403
    assert "Kiểm tra lại từng chữ số" in wrong.text
    assert "024198003457" not in wrong.text
    got = client.post(at, data={"proof": "024 198 003 456"})
    assert (got.status_code, got.content) == (200, pdf)
    name = f"ban-sao-{certificate.number}-{certificate.year}.pdf"
    assert got.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert got.headers["cache-control"] == "no-store"
    by_rest = client.post(f"/api/v1/verify/{certificate.code}/copy", json={"proof": "024198003456"})
    assert by_rest.content == pdf
    elsewhere = client.post(
        at, data={"proof": "024198003456"}, headers={"origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403
    assert client.get("/v/0000-0000-0000-0000-0/copy").status_code == 404


def test_the_page_asks_only_for_what_opens_this_copy(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    test, certificate, pdf = certified
    at = f"/v/{certificate.code}/copy"
    document = test.document(certificate.document_id)
    assert document.record is not None
    form = client.get(at).text
    assert "Số định danh cá nhân" in form
    assert "05/03/1998" not in form
    birthday = client.post(at, data={"proof": "05/03/1998"})
    assert birthday.status_code == 403
    assert "Bản sao này không tải được bằng ngày sinh" in birthday.text
    assert "cơ quan đã chứng thực" in birthday.text
    fields = {
        name: field
        for name, field in document.record.fields.items()
        if not name.endswith(("personal_id", "identity_paper"))
    }
    blank = replace(document.record.lines[0], text="Số định danh cá nhân: ……")
    try:
        for lines in ((), (blank,)):
            record = replace(document.record, fields=fields, lines=lines)
            test.database._state.documents[document.id] = replace(document, record=record)
            form = client.get(at).text
            day = client.post(at, data={"proof": "05/03/1998"})
            if not lines:
                assert 'name="proof"' in form
                assert "Giấy này không ghi số nào" in form
                assert day.content == pdf
                continue
            wrong = client.post(at, data={"proof": "06/03/1998"})
            assert (day.status_code, wrong.status_code, day.text) == (403, 403, wrong.text)
            for page in (form, day.text):
                assert 'name="proof"' not in page
                assert "Bản sao này không tải được tại đây" in page
                assert "nhận bản sao tại cơ quan đã chứng thực" in page
                assert "không phải của người nào" not in page
            told = client.post(
                f"/api/v1/verify/{certificate.code}/copy", json={"proof": "05/03/1998"}
            )
            assert told.json()["code"] == "copy_at_counter"
    finally:
        test.database._state.documents[document.id] = document


def test_asking_for_a_copy_again_and_again_fills_no_trail(
    client: TestClient, certified: tuple[TestHouse, Certificate, bytes]
) -> None:
    test, certificate, _ = certified
    for _ in range(3):
        assert client.get(f"/api/v1/verify/{certificate.code}").status_code == 200
    with test.database.transaction() as tx:
        trail = tx.events.of_document(certificate.document_id)
    assert [event.name for event in trail].count(EventName.COPY_VERIFIED) == 1


def test_staff_download_what_was_signed(certified: tuple[TestHouse, Certificate, bytes]) -> None:
    test, _, pdf = certified
    client = TestClient(create_app(test.house))
    token = test.open_session("certifier")
    answer = client.get(
        f"/api/v1/documents/{of_state(DocumentState.CERTIFYING)}/copy",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.content == pdf
    assert answer.headers["content-type"] == "application/pdf"
    assert "attachment" in answer.headers["content-disposition"]


def test_asking_for_the_head_of_a_copy_is_no_download(
    certified: tuple[TestHouse, Certificate, bytes],
) -> None:
    test, certificate, pdf = certified

    def downloads() -> int:
        with test.database.transaction() as tx:
            trail = tx.events.of_document(certificate.document_id)
        return [event.name for event in trail].count(EventName.COPY_DOWNLOADED)

    client = TestClient(create_app(test.house))
    client.headers["Authorization"] = f"Bearer {test.open_session('certifier')}"
    before = downloads()
    at = f"/api/v1/documents/{certificate.document_id}/copy"
    asked = client.head(at)
    assert (asked.status_code, asked.content, downloads()) == (200, b"", before)
    assert int(asked.headers["content-length"]) == len(pdf)
    assert client.get(at).content == pdf
    assert downloads() == before + 1
