"""Lists: papers of one file can be told apart, and whoever waits at the counter is found first."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.document import DocumentState, Lane
from domain.record import Check, CheckOutcome
from tests.fakes.house import CODE, NOW, TestHouse, of_state, sample_document, sample_record
from tests.unit.api.conftest import SignIn

COUNTER = "99999999-0000-5000-8000-000000000000"
OF_FIXTURE = of_state(DocumentState.REVIEW)


@pytest.fixture
def waiting(test_house: TestHouse) -> list[str]:
    """Sixty bulk papers in review, their ids oldest first, and a counter paper older than all of them."""
    test_house.put(
        sample_document(
            COUNTER, lane=Lane.COUNTER, minutes_ago=300, sha256="c" * 64, file="quầy.pdf"
        )
    )
    ids = [f"{number:08}-0000-5000-8000-00000000000b" for number in range(60)]
    for number, document_id in enumerate(ids):
        test_house.put(
            sample_document(
                document_id,
                lane=Lane.BULK,
                minutes_ago=200 - number,
                sha256=f"{number:064x}",
                file=f"lô {number}.pdf",
            )
        )
    return ids


def listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/documents/([^"]+)"', page)


def test_the_counter_is_reviewed_first_and_then_the_oldest(
    browser: SignIn, waiting: list[str]
) -> None:
    officer = browser("officer")
    page = officer.get("/documents?state=review").text
    first = listed(page)
    assert first == [COUNTER, OF_FIXTURE, *waiting[:23]]
    assert "Hồ sơ tại quầy xếp trước" in page
    following = re.search(r'<a class="button" href="([^"]+)">Tiếp theo', page)
    assert following is not None
    second = officer.get(following[1].replace("&amp;", "&")).text
    assert listed(second) == waiting[23:48]
    assert "Đầu danh sách" in second


@pytest.mark.usefixtures("waiting")
def test_other_lists_are_newest_first_as_ever(browser: SignIn) -> None:
    page = browser("officer").get("/documents").text
    moments = re.findall(r'<time datetime="([^"]+)"', page)
    assert moments == sorted(moments, reverse=True)
    assert COUNTER not in page
    assert "xếp trước" not in page


def test_programs_take_the_counter_and_the_oldest_too(program: SignIn, waiting: list[str]) -> None:
    officer = program("officer")

    def ids(**asked: object) -> list[str]:
        answer = officer.get("/api/v1/documents", params={"state": "review", **asked})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["documents"]]

    assert ids(lane="counter", order="oldest") == [COUNTER, OF_FIXTURE]
    assert ids(lane="counter") == [OF_FIXTURE, COUNTER]
    assert ids(lane="bulk", order="oldest", limit=5) == waiting[:5]
    assert ids(order="newest", limit=200) == ids(limit=200) == [OF_FIXTURE, *waiting[::-1], COUNTER]


@pytest.mark.parametrize("asked", [{"lane": "fast"}, {"order": "random"}, {"order": "queue"}])
def test_what_no_list_has_is_refused(program: SignIn, asked: dict[str, str]) -> None:
    answer = program("officer").get("/api/v1/documents", params=asked)
    assert answer.status_code == 422
    assert answer.json()["code"] == "request_invalid"


@pytest.mark.usefixtures("waiting")
def test_a_cursor_goes_on_in_its_own_order_only(program: SignIn) -> None:
    officer = program("officer")
    oldest = officer.get("/api/v1/documents", params={"order": "oldest", "limit": 5}).json()
    cursor = oldest["next_cursor"]
    assert officer.get("/api/v1/documents", params={"cursor": cursor}).status_code == 422
    rest = officer.get("/api/v1/documents", params={"cursor": cursor, "order": "oldest"})
    assert rest.status_code == 200
    assert not {one["id"] for one in oldest["documents"]} & {
        one["id"] for one in rest.json()["documents"]
    }


def test_papers_of_one_file_are_told_apart_by_their_pages(
    browser: SignIn, test_house: TestHouse
) -> None:
    at = {"created_at": NOW + timedelta(hours=1), "sha256": "d" * 64, "file": "hộp 9.pdf"}
    for number, pages in (("7", (5,)), ("8", (3, 4)), ("9", (1, 2))):
        test_house.put(sample_document(f"{number * 8}-0000", pages=pages, **at))
    page = browser("officer").get("/documents").text
    told = re.findall(r'>hộp 9\.pdf</a> <span class="faint">([^<]+)</span>', page)
    assert told == ["trang 1–2", "trang 3–4", "trang 5"]
    english = browser("officer").get("/documents?lang=en").text
    assert "pages 3–4" in english


@pytest.mark.parametrize("login", ["officer", "operator"])
def test_the_page_of_a_paper_names_the_others_of_its_file(
    browser: SignIn, test_house: TestHouse, login: str
) -> None:
    of_file = {"sha256": "d" * 64, "file": "hộp 9.pdf"}
    for number, pages in (("7", (5,)), ("8", (3, 4)), ("9", (1, 2))):
        test_house.put(sample_document(f"{number * 8}-0000", pages=pages, **of_file))
    unread = sample_document("66666666-0000", state=DocumentState.FAILED, pages=(6,), **of_file)
    test_house.put(replace(unread, record=None))
    page = browser(login).get("/documents/88888888-0000").text
    named = re.findall(
        r'<span><a href="/documents/(\d{8})-0000">([^<]+)</a> <span[^>]+>([^<]+)', page
    )
    assert named == [
        ("99999999", "Trích lục khai sinh (trang 1–2)", "Chờ xem xét"),
        ("77777777", "Trích lục khai sinh (trang 5)", "Chờ xem xét"),
        ("66666666", "Giấy tờ (trang 6)", "Không xử lý được"),
    ]
    assert "Tệp này còn:" in page
    assert "Also in this file:" in browser(login).get("/documents/88888888-0000?lang=en").text
    test_house.put(sample_document("55555555-0000", sha256="e" * 64))
    assert "Tệp này còn" not in browser(login).get("/documents/55555555-0000").text


def test_of_many_papers_of_a_file_some_are_named_and_all_counted(
    browser: SignIn, test_house: TestHouse
) -> None:
    for number in range(30):
        test_house.put(sample_document(f"{number:08}-0000", pages=(number + 1,), sha256="d" * 64))
    page = browser("officer").get("/documents/00000029-0000").text
    assert "Tệp này còn 29 giấy tờ khác, trong đó có:" in page
    assert page.count('<span><a href="/documents/') == 20


@pytest.mark.parametrize("login", ["officer", "operator", "auditor"])
@pytest.mark.parametrize(
    "asked", [OF_FIXTURE, f" {OF_FIXTURE.upper()} ", f"{OF_FIXTURE[:9]} {OF_FIXTURE[9:]}"]
)
def test_a_receipts_code_leads_to_its_document(browser: SignIn, login: str, asked: str) -> None:
    found = browser(login).get("/documents", params={"code": asked})
    assert (found.status_code, found.headers["location"]) == (303, f"/documents/{OF_FIXTURE}")


@pytest.mark.parametrize("code", ["nobody-s", "1", "ß-ư", "..", "\x00"])
def test_a_code_of_nobodys_is_told_on_the_list(browser: SignIn, code: str) -> None:
    page = browser("officer").get("/documents", params={"code": code})
    assert page.status_code == 404
    assert 'role="alert"' in page.text
    assert 'name="batch"' in page.text


def test_codes_tell_nobody_what_is_not_theirs(browser: SignIn) -> None:
    asked = {"code": OF_FIXTURE}
    assert browser("stranger").get("/documents", params=asked).status_code == 404
    assert browser("agent").get("/documents", params=asked).status_code == 403
    blank = browser("officer").get("/documents", params={"code": " ", "state": "review"})
    assert blank.status_code == 200


def test_a_lost_page_is_told_with_its_number_and_what_to_do(
    browser: SignIn, test_house: TestHouse
) -> None:
    lost = sample_document(
        "77777777-0000", state=DocumentState.FAILED, pages=(3,), problem="image_too_large"
    )
    test_house.put(lost)
    page = browser("operator").get(f"/documents/{lost.id}").text
    assert "của trang 3 trong tệp vượt quá mức cho phép" in page
    assert "Quét lại trang 3 ở độ phân giải 300 dpi" in page
    assert "/pages/3.jpg" not in page
    assert "Không có ảnh của trang này" in page
    assert "Bạn không cần làm gì" not in page


def test_an_officer_reads_what_is_on_file_and_comes_to_it(
    browser: SignIn, test_house: TestHouse
) -> None:
    record = sample_record()
    copy = {
        "code": CODE,
        "page": 1,
        "named": False,
        "state": "revoked",
        "number": "17/2026",
        "document": "66666666-0000",
    }
    unknown = {"code": CODE, "page": None, "named": True, "state": "unknown"}
    facts = {
        "state": "rejected",
        "document": "55555555-0000",
        "others": ["44444444-0000", "33333333-0000"],
    }
    checks = (
        Check(
            code="own_copy",
            outcome=CheckOutcome.FAIL,
            facts={"copies": [copy, unknown], "state": "revoked"},
        ),
        Check(code="already_on_file", outcome=CheckOutcome.FAIL, facts=facts),
    )
    document = sample_document(
        "77777777-0001",
        record=replace(record, checks=checks),
        reasons=("own_copy_revoked", "already_on_file_rejected"),
    )
    test_house.put(document)
    page = browser("officer").get(f"/documents/{document.id}").text
    assert "bản sao chứng thực ĐÃ BỊ THU HỒI" in page
    assert "số chứng thực 17/2026" in page
    assert 'href="/documents/66666666-0000"' in page
    for number in (55555555, 44444444, 33333333):
        assert f'href="/documents/{number}-0000"' in page


def test_an_officer_reads_of_a_paper_copy_what_to_do_and_where_its_stamp_stands(
    browser: SignIn, test_house: TestHouse
) -> None:
    check = Check(
        code="own_copy",
        outcome=CheckOutcome.FAIL,
        facts={"copies": [], "page": 2, "stamp": True, "state": "paper"},
    )
    document = sample_document(
        "77777777-0002",
        record=replace(sample_record(), checks=(check,)),
        reasons=("own_copy_paper",),
    )
    test_house.put(document)
    page = browser("officer").get(f"/documents/{document.id}").text
    assert "Hãy yêu cầu xuất trình bản chính" in page
    assert "Dấu hoặc lời chứng của bản sao (trang 2)" in page
