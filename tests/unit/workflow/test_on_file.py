"""A paper that is on file already, and a certified copy that comes in as if it were a paper, are told."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import pytest
import segno
from PIL import Image

from domain.actor import Role
from domain.agency import Agency
from domain.certificate import Certificate
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.geometry import Box
from domain.masking import ALREADY_ON_FILE, masked
from domain.page import CleanPage
from domain.person import Person
from domain.ports import Transaction
from domain.record import Check, CheckOutcome, FieldValue, Line, Record
from domain.verdict import Decision, Verdict
from ingest.inspection import Limits
from matching.same_paper import Sameness, paper_keys, sameness
from ocr.engine import ReadingEngine
from signing.code import new_code
from tests.fakes.house import COMMUNE, ELSEWHERE, sample_certificate, sample_document, sample_record
from tests.unit.workflow.conftest import SYSTEM, Office, actor
from workflow import issuing, matching, reading, review, revoking
from workflow.copy_marks import OWN_COPY, with_copy_check
from workflow.on_file import issued_file
from workflow.reading import Reader, read_file

OFFICER, CERTIFIER = actor(Role.OFFICER), actor(Role.CERTIFIER)
GIANG = Person(
    personal_id="024198003456",
    full_name="Nguyễn Thị Hương Giang",
    birth_date="1998-03-05",
    sex="female",
    mother_full_name="Trần Thị Hòa",
    source="csdl",
)
BOX = Box.upright(left=0, top=0, right=400, bottom=40)


def value(text: str | None, *, certain: bool = True) -> FieldValue:
    return FieldValue(
        text=text or "?", value=text, confidence=0.99, certain=certain, page=1, box=BOX
    )


def extract(**changes: str | None) -> Record:
    """Giang's birth extract, as a clear scan says it."""
    made = sample_record()
    fields = {**made.fields, "issue_date": value("2024-06-01"), "home_town": value("Bắc Giang")}
    fields |= {name: value(text) for name, text in changes.items()}
    return replace(made, fields=fields, checks=())


def matched(
    office: Office, number: int, record: Record, *, agency: Agency = COMMUNE, **changes: Any
) -> Document:
    """A document of this record, read a moment ago, as matching leaves it."""
    office.clock.pass_time(timedelta(minutes=1))
    document_id = f"{number:08}-0000-5000-8000-000000000000"
    document = sample_document(document_id, state=DocumentState.READ, agency=agency)
    document = replace(
        document,
        record=record,
        verdicts=(),
        sha256=f"{number:064x}",
        created_at=office.clock.now(),
        **changes,
    )
    with office.database.transaction() as tx:
        assert tx.documents.add(document)
    match(office, document_id)
    return office.document(document_id)


def match(office: Office, document_id: str) -> None:
    with office.database.transaction() as tx:
        matching.match(SYSTEM, document_id, tx=tx, clock=office.clock)


def certified(office: Office, document: Document, number: int = 1, **changes: Any) -> Certificate:
    """The document with a copy in the register, without the signing."""
    code = new_code()
    entry = {
        "code": code,
        "agency_id": document.agency_id,
        "number": number,
        "sha256": hashlib.sha256(code.encode()).hexdigest(),
    }
    certificate = sample_certificate(document.id, **(entry | changes))
    with office.database.transaction() as tx:
        tx.certificates.add(certificate)
        tx.documents.move(document, changed=replace(document, state=DocumentState.CERTIFIED))
    return certificate


def revoked(office: Office, document_id: str) -> None:
    with office.database.transaction() as tx:
        revoking.revoke(CERTIFIER, document_id, reason="giấy giả", tx=tx, clock=office.clock)


def told(document: Document, code: str) -> Check | None:
    assert document.record is not None
    return next((one for one in document.record.checks if one.code == code), None)


@pytest.fixture
def peopled(office: Office) -> Office:
    office.database.add_persons([GIANG])
    return office


def with_code(*codes: str, record: Record | None = None, keywords: str = "") -> Record:
    """The record of a page on which these codes stand."""
    texts = [f"http://127.0.0.1:8000/v/{code}\nMã hồ sơ: 1\nGiấy tờ: x" for code in codes]
    return with_copy_check(record or extract(), codes={1: texts}, keywords=keywords)


def test_a_clear_paper_that_nobody_brought_before_is_verified(peopled: Office) -> None:
    document = matched(peopled, 1, extract())
    assert (document.state, document.reasons) == (DocumentState.VERIFIED, ())


def test_a_revoked_copy_brought_back_is_never_verified_by_itself(peopled: Office) -> None:
    paper = matched(peopled, 1, extract())
    copy = certified(peopled, paper)
    revoked(peopled, paper.id)
    back = matched(peopled, 2, with_code(copy.code))
    assert back.state is DocumentState.REVIEW
    assert "own_copy_revoked" in back.reasons
    check = told(back, OWN_COPY)
    assert check is not None
    assert check.facts["state"] == "revoked"
    assert check.facts["copies"] == [
        {
            "code": copy.code,
            "page": 1,
            "named": False,
            "state": "revoked",
            "number": "1/2026",
            "document": paper.id,
        }
    ]
    with peopled.database.transaction() as tx:
        anew = matching.match_again(OFFICER, back.id, tx=tx, clock=peopled.clock)
    assert anew.state is DocumentState.REVIEW


@pytest.mark.parametrize(
    ("state", "keywords"),
    [("current", ""), ("superseded", ""), ("changed", "{code}"), ("unknown", "")],
)
def test_the_register_says_what_a_copy_is(peopled: Office, state: str, keywords: str) -> None:
    paper = matched(peopled, 1, extract())
    copy = certified(peopled, paper)
    if state == "superseded":
        revoked(peopled, paper.id)
        certified(peopled, peopled.document(paper.id), 2)
    code = new_code() if state == "unknown" else copy.code
    back = matched(peopled, 2, with_code(code, keywords=keywords.format(code=code)))
    assert back.state is DocumentState.REVIEW
    assert back.reasons[0] == f"own_copy_{state}"
    # the document that it is a copy of is told once
    assert (told(back, ALREADY_ON_FILE) is None) is (state != "unknown")


def test_the_gravest_of_several_codes_counts(peopled: Office) -> None:
    first, second = (matched(peopled, number, extract()) for number in (1, 2))
    withdrawn, current = certified(peopled, first), certified(peopled, second, 2)
    revoked(peopled, first.id)
    back = matched(peopled, 3, with_code(current.code, withdrawn.code))
    assert back.reasons[0] == "own_copy_revoked"


def test_the_very_file_of_a_copy_is_known_without_any_mark(peopled: Office) -> None:
    paper = matched(peopled, 1, extract())
    copy = certified(peopled, paper, sha256=f"{2:064x}")
    with peopled.database.transaction() as tx:
        found = issued_file(f"{2:064x}", within=COMMUNE.path, tx=tx)
        elsewhere = issued_file(f"{2:064x}", within=ELSEWHERE.path, tx=tx)
    assert found is not None
    assert elsewhere is not None
    assert (found.certificate, found.state, found.document) == (copy, "current", paper.id)
    assert elsewhere.document is None
    assert matched(peopled, 2, extract()).reasons[0] == "own_copy_current"


def test_another_offices_document_is_not_named(peopled: Office) -> None:
    paper = matched(peopled, 1, extract(), agency=ELSEWHERE)
    copy = certified(peopled, paper)
    check = told(matched(peopled, 2, with_code(copy.code)), OWN_COPY)
    assert check is not None
    (mark,) = check.facts["copies"]  # type: ignore[attr-defined]
    assert (mark["state"], mark["number"]) == ("current", "1/2026")
    assert "document" not in mark
    assert told(matched(peopled, 3, extract()), ALREADY_ON_FILE) is None


@pytest.mark.parametrize(
    "printed",
    [
        "Mã tra cứu: {code}",
        "Kiểm tra tại: http://ho.so/v/{code}",
        "BẢN SAO ĐIỆN TỬ CÓ CHỨNG THỰC",
        "Chứng thực bản sao điện tử nay đúng vơi bản chính giấy tờ: Trích lục khai sinh, gồm",
    ],
)
def test_the_words_of_a_copy_tell_it_where_its_code_was_not_seen(
    peopled: Office, printed: str
) -> None:
    text = printed.format(code=new_code())
    line = Line(page=1, text=text, confidence=0.9, agreed=True, box=BOX)
    page = with_copy_check(replace(extract(), lines=(line,)), codes={})
    document = matched(peopled, 1, page)
    assert document.reasons[0] in {"own_copy_unknown", "own_copy_unread"}


@pytest.mark.parametrize(
    "other",
    [
        "https://ho.so/v/9QXD-7K3M-0VHT-2ZPA-8",  # no such check sign
        "https://vneid.gov.vn/v/1234567890",
        "024198003456||Nguyễn Thị Hương Giang|05031998|Nữ|Bắc Giang|01062021",
        "454d1459-6643-5172-9c74-1a98a647c67d",
    ],
)
def test_other_codes_are_no_mark(other: str) -> None:
    assert with_copy_check(extract(), codes={1: [other]}, keywords=other).checks == ()


def printed(*rows: str) -> Record:
    """The record of a page with these lines, as read, and nothing else that tells a copy."""
    lines = [Line(page=1, text=text, confidence=0.9, agreed=True, box=BOX) for text in rows]
    return with_copy_check(replace(extract(), lines=tuple(lines)), codes={})


@pytest.mark.parametrize(
    "note",
    [
        ("Ghi chú: đã cấp bản sao điện tử có chứng thực số 15/2026 ngày 03/4/2026",),
        ("Ngày 03/4/2026 đã cấp", "bản sao điện tử có chứng thực", "số 15/2026"),
        ("Bản sao điện tử có chứng thực: cấp ngày 03/4/2026",),
        ("Đã cấp bản sao điện tử có chứng thực, mã tra cứu 0123-4567-89AB-CDEF-K",),
    ],
)
def test_a_note_that_a_copy_was_handed_out_makes_none_of_the_original(
    note: tuple[str, ...],
) -> None:
    assert printed("TRÍCH LỤC KHAI SINH", "(BẢN SAO)", *note).checks == ()


def test_the_title_of_a_copy_is_told_where_a_card_broke_it(peopled: Office) -> None:
    document = matched(peopled, 1, printed("BẢN SAO ĐIỆN TỬ CÓ", "CHỨNG THỰC"))
    assert document.reasons == ("own_copy_unread",)


def test_the_code_of_an_office_copy_is_read_where_its_qr_code_is_covered(peopled: Office) -> None:
    copy = certified(peopled, matched(peopled, 1, extract()))
    brought = printed("SAO Y", "UBND phường Việt Yên", f"Mã tra cứu: {copy.code}")
    assert matched(peopled, 2, brought).reasons[0] == "own_copy_current"


def test_a_certified_paper_copy_waits_for_the_original_and_may_be_accepted(
    peopled: Office,
) -> None:
    stamp = ("CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH", "Số chứng thực 147 Quyển số 01-SCT/BS")
    document = matched(peopled, 1, printed("TRÍCH LỤC KHAI SINH", *stamp))
    assert (document.state, document.reasons) == (DocumentState.REVIEW, ("own_copy_paper",))
    check = told(document, OWN_COPY)
    assert check is not None
    assert check.facts == {"copies": [], "page": 1, "stamp": True, "state": "paper"}
    with peopled.database.transaction() as tx:
        accepted = review.accept(
            OFFICER, document.id, reason="đã xem bản chính", tx=tx, clock=peopled.clock
        )
    assert accepted.state is DocumentState.VERIFIED
    # the original itself is then no second paper to be asked about before a copy was certified
    original = matched(peopled, 2, extract())
    assert original.state is DocumentState.VERIFIED


def test_an_officer_accepts_a_copy_knowingly_and_is_asked_again_where_it_is_withdrawn(
    peopled: Office,
) -> None:
    paper = matched(peopled, 1, extract())
    copy = certified(peopled, paper)
    back = matched(peopled, 2, with_code(copy.code))
    with peopled.database.transaction() as tx:
        review.accept(OFFICER, back.id, reason="bản chính nằm dưới", tx=tx, clock=peopled.clock)
    revoked(peopled, paper.id)
    certify(peopled, back.id)
    again = peopled.document(back.id)
    assert again.state is DocumentState.REVIEW
    assert again.reasons[0] == "own_copy_revoked"


def certify(office: Office, document_id: str) -> None:
    """Ask for the copy, and let the job come to the point where it signs."""
    with office.database.transaction() as tx:
        issuing.request(CERTIFIER, document_id, tx=tx, clock=office.clock)
    with office.database.transaction() as tx:
        issuing.certify(
            SYSTEM,
            document_id,
            tx=tx,
            objects=office.objects,
            clock=office.clock,
            desk=cast("issuing.Desk", None),
        )


def test_a_second_scan_of_a_paper_is_told_and_not_certified_unasked(peopled: Office) -> None:
    first = matched(peopled, 1, extract())
    second = matched(peopled, 2, extract())
    hint = told(second, ALREADY_ON_FILE)
    assert second.state is DocumentState.VERIFIED
    assert hint is not None
    assert (hint.outcome, hint.facts["state"]) == (CheckOutcome.WARN, "waiting")
    assert hint.facts["document"] == first.id
    certified(peopled, first)
    certify(peopled, second.id)
    back = peopled.document(second.id)
    assert (back.state, back.reasons) == (DocumentState.REVIEW, ("already_on_file_certified",))
    third = matched(peopled, 3, extract())
    check = told(third, ALREADY_ON_FILE)
    assert check is not None
    assert (check.facts["number"], check.facts["document_state"]) == ("1/2026", "certified")
    assert check.facts["others"] == [second.id]


def test_what_somebody_accepted_on_file_is_not_asked_again(
    peopled: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    certified(peopled, matched(peopled, 1, extract()))
    second = matched(peopled, 2, extract())
    assert second.reasons == ("already_on_file_certified",)
    with peopled.database.transaction() as tx:
        review.accept(OFFICER, second.id, reason="bản sao thứ hai", tx=tx, clock=peopled.clock)

    class SigningReachedError(Exception):
        pass

    def content(*_: object, **__: object) -> None:
        raise SigningReachedError

    monkeypatch.setattr(issuing, "_content", content)
    with pytest.raises(SigningReachedError):
        certify(peopled, second.id)


def accept(office: Office, document: Document) -> None:
    with office.database.transaction() as tx:
        review.accept(OFFICER, document.id, reason="cần thêm", tx=tx, clock=office.clock)


def test_a_further_copy_in_force_is_asked_about_though_one_was_accepted(peopled: Office) -> None:
    certified(peopled, matched(peopled, 1, extract()))
    second, third = (matched(peopled, number, extract()) for number in (2, 3))
    accept(peopled, second)
    accept(peopled, third)
    certified(peopled, peopled.document(second.id), 2)
    certify(peopled, third.id)
    back = peopled.document(third.id)
    assert (back.state, back.reasons) == (DocumentState.REVIEW, ("already_on_file_certified",))
    check = told(back, ALREADY_ON_FILE)
    assert check is not None
    assert check.facts["certified"] == [
        "00000001-0000-5000-8000-000000000000",
        "00000002-0000-5000-8000-000000000000",
    ]


def test_who_accepts_has_seen_every_copy_in_force(peopled: Office) -> None:
    certified(peopled, matched(peopled, 1, extract()))
    second, third = (matched(peopled, number, extract()) for number in (2, 3))
    accept(peopled, second)
    certified(peopled, peopled.document(second.id), 2)
    with pytest.raises(HosoError) as unseen:
        accept(peopled, third)
    assert unseen.value.code is ErrorCode.DOCUMENT_CHANGED


def test_a_copy_signed_while_this_one_waits_for_its_number_is_asked_about(
    peopled: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    certified(peopled, matched(peopled, 1, extract()))
    second, third = (matched(peopled, number, extract()) for number in (2, 3))
    accept(peopled, second)
    accept(peopled, third)
    as_of_now = issuing.as_of_now

    def meanwhile(document: Document, tx: Transaction, **named: Any) -> Document:
        confirmed = as_of_now(document, tx, **named)
        tx.certificates.add(sample_certificate(second.id, code=new_code(), number=2))
        return confirmed

    monkeypatch.setattr(issuing, "as_of_now", meanwhile)
    with pytest.raises(HosoError) as waiting:
        certify(peopled, third.id)
    assert waiting.value.code is ErrorCode.DOCUMENT_CHANGED


def test_a_rejected_paper_comes_back_before_an_officer(peopled: Office) -> None:
    first = matched(peopled, 1, extract())
    with peopled.database.transaction() as tx:
        review.reject(OFFICER, first.id, reason="giấy giả", tx=tx, clock=peopled.clock)
    again = matched(peopled, 2, extract())
    assert (again.state, again.reasons) == (DocumentState.REVIEW, ("already_on_file_rejected",))


def test_a_refused_print_of_a_copy_says_nothing_of_its_paper(peopled: Office) -> None:
    printed = matched(peopled, 1, with_code(new_code()))
    with peopled.database.transaction() as tx:
        review.reject(OFFICER, printed.id, reason="là bản sao", tx=tx, clock=peopled.clock)
    assert matched(peopled, 2, extract()).reasons == ()


def test_a_paper_is_found_where_nobody_was_matched(office: Office) -> None:
    matched(office, 1, extract(full_name="Lê Văn Lạ", personal_id=None))
    twice = matched(office, 2, extract(full_name="Lê Văn Lạ", personal_id=None))
    assert told(twice, ALREADY_ON_FILE) is not None


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"number": "77/2026/TLKS-BS", "issue_date": "2026-02-02"}, "another_issue"),
        ({"issue_date": "2026-02-02"}, "another_issue"),
        ({"full_name": "NGUYỄN THỊ HƯƠNG  GIANG"}, "waiting"),
        ({"mother_full_name": "Trần Thị Hoà"}, "waiting"),
        ({"birth_date": "1998"}, "waiting"),
        # corrected in the register since: the number is the same
        ({"birth_date": "1999"}, "another_issue"),
        ({"full_name": "Nguyễn Thị Hoàng Giang"}, "another_issue"),
        (
            {
                "full_name": "Nguyễn Thị Hoàng Giang",
                "number": "77/2026/TLKS-BS",
                "issue_date": "2026-02-02",
            },
            "another_issue",
        ),
        # a namesake of whom nothing but number and day of the paper is the same
        ({"birth_date": "1999", "personal_id": None, "sex": "male"}, None),
        ({"full_name": "Lê Thị Giang", "personal_id": None}, None),
        ({"number": "12/2024/TLKS–BS"}, "waiting"),
        ({"number": "12/2024/tlks-bs"}, "waiting"),
        ({"number": "012/2024/TLKS-BS"}, "waiting"),
        ({"number": "12/2024"}, "waiting"),
        ({"number": "12/2025"}, "another_issue"),
        ({"number": "12/2024/TLKT"}, "another_issue"),
        ({"number": "120/2024/TLKS-BS"}, "another_issue"),
        ({"number": None}, "waiting"),
        ({"issue_date": None}, "waiting"),
        ({"number": None, "issue_date": None}, None),
        # a twin: the number that follows, a name of one's own
        (
            {
                "number": "13/2024/TLKS-BS",
                "full_name": "Nguyễn Thị Hương Giao",
                "personal_id": "024198003457",
            },
            None,
        ),
        # another commune's paper of the same number, given out the same day
        (
            {
                "full_name": "Lê Văn Tám",
                "personal_id": "001090001234",
                "registration_date": "1990-01-02",
            },
            None,
        ),
    ],
)
def test_only_the_same_paper_is_called_the_same(
    peopled: Office, changes: dict[str, str | None], state: str | None
) -> None:
    certified(peopled, matched(peopled, 1, extract()))
    check = told(matched(peopled, 2, extract(**changes)), ALREADY_ON_FILE)
    expected = "certified" if state == "waiting" else state
    assert (None if check is None else check.facts["state"]) == expected
    if state == "another_issue":
        assert check is not None
        assert check.outcome is CheckOutcome.WARN


RENAMED = replace(GIANG, full_name="Nguyễn Thị Hoàng Giang", mother_full_name="Trần Thị Hòa")
NEWER: dict[str, str | None] = {
    "full_name": RENAMED.full_name,
    "number": "95/2026/TLKS-BS",
    "issue_date": "2026-11-14",
}


@pytest.mark.parametrize("printed", ["024198003456", None])
def test_a_newer_paper_in_a_corrected_name_is_no_stranger(
    peopled: Office, printed: str | None
) -> None:
    older = matched(peopled, 1, extract())
    certified(peopled, older)
    peopled.database.add_persons([RENAMED])
    newer = matched(peopled, 2, extract(**NEWER, personal_id=printed))
    check = told(newer, ALREADY_ON_FILE)
    assert check is not None
    assert (check.facts["state"], check.facts["document"]) == ("another_issue", older.id)
    assert check.facts["number"] == "1/2026"


def test_a_number_read_with_doubt_makes_nobody_of_another_name_this_one(office: Office) -> None:
    """A twin is registered beside the other, and the digit that tells them apart may be misread."""
    certified(office, matched(office, 1, extract()))
    twin = extract(full_name="Nguyễn Thị Hương Giao")
    doubtful = {"personal_id": value("024198003456", certain=False)}
    twin = replace(twin, fields={**twin.fields, **doubtful})
    assert told(matched(office, 2, twin), ALREADY_ON_FILE) is None


def test_a_namesake_without_a_number_who_was_taken_for_the_row_is_a_stranger() -> None:
    row = Verdict(
        role="subject", decision=Decision.MATCHED, personal_id=GIANG.personal_id, probability=0.99
    )
    one, other = extract(personal_id=None), extract(personal_id=None, birth_date="1999-07-08")
    assert sameness(one, (row,), other, (row,)) is None
    renamed = extract(personal_id=None, full_name=RENAMED.full_name)
    assert sameness(one, (row,), renamed, (row,)) is Sameness.ANOTHER_ISSUE


def test_a_couple_is_the_same_only_where_both_are() -> None:
    def married(**changes: str) -> Record:
        fields = {
            "number": "12/2024",
            "issue_date": "2024-06-01",
            "wife_full_name": "Nguyễn Thị Hương Giang",
            "wife_personal_id": "024198003456",
            "husband_full_name": "Lê Văn Tám",
            "husband_personal_id": "001090001234",
        }
        typed = {name: value(text) for name, text in (fields | changes).items()}
        return replace(extract(), form=FormCode.MARRIAGE_EXTRACT, fields=typed)

    def against(**changes: str) -> Sameness | None:
        return sameness(married(), (), married(**changes), ())

    assert against() is Sameness.SAME
    assert against(wife_full_name="Nguyễn Thị Hoàng Giang") is Sameness.ANOTHER_ISSUE
    again = {"husband_full_name": "Trần Văn Chín", "husband_personal_id": "001085001235"}
    assert against(**again) is None
    assert against(wife_full_name="Nguyễn Thị Hoàng Giang", **again) is None


def test_of_several_documents_the_one_with_a_copy_in_force_is_named(peopled: Office) -> None:
    certified(peopled, matched(peopled, 1, extract()))
    withdrawn = matched(peopled, 2, extract(number="13/2024", issue_date="2024-07-01"))
    certified(peopled, withdrawn, 2)
    revoked(peopled, withdrawn.id)
    waiting = matched(peopled, 3, extract(number="14/2024", issue_date="2024-08-01"))
    check = told(matched(peopled, 4, extract(**NEWER)), ALREADY_ON_FILE)
    assert check is not None
    assert check.facts["state"] == "another_issue"
    assert check.facts["document"] == "00000001-0000-5000-8000-000000000000"
    assert check.facts["number"] == "1/2026"
    assert check.facts["others"] == [withdrawn.id, waiting.id]


NEAR, FAR = "024198003457", "024198917777"


def guess(number: str | None, count: int, *, day: int | None = None) -> Record:
    """A paper drawn by somebody who knows Giang's name and birthday, and tries a number."""
    return extract(
        personal_id=number,
        number=f"{count}/2021/TLKS-BS",
        registration_number=f"{count}",
        issue_date=f"2021-03-{day or count:02}",
        registration_date=f"2021-02-{day or count:02}",
    )


def shown(office: Office, number: int, record: Record) -> tuple[object, object, object]:
    """What an operator sees of a paper in that place: state, reasons, what is on file."""
    left = masked(matched(office, number, record))
    return left.state, left.reasons, told(left, ALREADY_ON_FILE)


def test_what_is_on_file_does_not_tell_how_near_a_guess_is(peopled: Office) -> None:
    certified(peopled, matched(peopled, 1, extract(personal_id=None)))
    near = matched(peopled, 2, guess(NEAR, 2))
    far = matched(peopled, 3, guess(FAR, 3))
    # the officer is told
    check = told(near, ALREADY_ON_FILE)
    assert check is not None
    assert check.facts["state"] == "another_issue"
    assert told(far, ALREADY_ON_FILE) is None
    for one in (near, far):
        assert told(masked(one), ALREADY_ON_FILE) is None
        assert masked(one).reasons == ("review_subject", "personal_id_different_subject")


def test_a_paper_that_a_near_guess_leads_to_does_not_tell_of_it_either(peopled: Office) -> None:
    """What was guessed before is told by no paper that comes after, nor by the next guess."""
    near = matched(peopled, 1, guess(NEAR, 1))
    for number, printed in ((2, None), (3, "024198003465"), (4, GIANG.personal_id)):
        after = matched(peopled, number, guess(printed, number))
        check, seen = told(after, ALREADY_ON_FILE), told(masked(after), ALREADY_ON_FILE)
        assert check is not None
        # of two certain numbers that differ an officer is not told either
        assert (near.id in repr(check.facts)) is (printed is None)
        assert seen is None or near.id not in repr(seen.facts)
    # of papers that nobody guessed at, the operator is told
    assert seen is not None
    assert seen.facts["document"] == "00000002-0000-5000-8000-000000000000"


@pytest.mark.parametrize("revoke", [False, True])
def test_what_the_print_alone_finds_is_told_of_any_guess_alike(
    peopled: Office, *, revoke: bool
) -> None:
    first = matched(peopled, 1, guess(None, 9))
    certified(peopled, first)
    if revoke:
        revoked(peopled, first.id)
    # found by the row of a near guess only, and graver or not
    certified(peopled, matched(peopled, 2, extract(personal_id=None)), 2)
    near = shown(peopled, 3, guess(NEAR, 9))
    with peopled.database.transaction() as tx:
        tx.documents.move(
            peopled.document("00000003-0000-5000-8000-000000000000"),
            changed=replace(
                peopled.document("00000003-0000-5000-8000-000000000000"), paper_keys=()
            ),
        )
    far = shown(peopled, 4, guess(FAR, 9))
    assert near == far
    state = "revoked" if revoke else "certified"
    assert near[1] == (
        f"already_on_file_{state}",
        "review_subject",
        "personal_id_different_subject",
    )


def test_a_guess_of_before_that_is_not_looked_up_again_says_nothing(peopled: Office) -> None:
    matched(peopled, 1, extract(personal_id=None))
    near = matched(peopled, 2, guess(NEAR, 2))
    assert near.record is not None
    (check,) = near.record.checks
    facts = {name: fact for name, fact in check.facts.items() if name != "without_guesses"}
    of_before = replace(near.record, checks=(replace(check, facts=facts),))
    assert told(masked(replace(near, record=of_before)), ALREADY_ON_FILE) is None


def test_a_name_typed_with_its_tone_elsewhere_is_the_name(peopled: Office) -> None:
    certified(peopled, matched(peopled, 1, extract(full_name="Nguyễn Thị Hòa")))
    check = told(matched(peopled, 2, extract(full_name="Nguyễn Thị Hoà")), ALREADY_ON_FILE)
    assert check is not None
    assert check.facts["state"] == "certified"


def test_a_paper_whose_number_was_written_otherwise_is_found_where_nobody_was_matched(
    office: Office,
) -> None:
    nobody: dict[str, str | None] = {"full_name": "Lê Văn Lạ", "personal_id": None}
    matched(office, 1, extract(**nobody))
    twice = matched(office, 2, extract(**nobody, number="012/2024/tlks–bs"))
    assert told(twice, ALREADY_ON_FILE) is not None


def test_keys_fit_an_index_however_much_was_typed() -> None:
    keys = paper_keys(extract(registration_place="ế" * 3000), ())
    assert keys
    assert {len(key) for key in keys} == {64}


def test_the_form_must_be_the_same(peopled: Office) -> None:
    matched(peopled, 1, extract())
    other = replace(extract(), form=FormCode.BIRTH_CERTIFICATE)
    assert told(matched(peopled, 2, other), ALREADY_ON_FILE) is None


class Upright:
    def rotation(self, _pixels: object) -> int:
        return 0


def page_with_code(text: str, *, turned: float = 0.0) -> bytes:
    """A sheet at 150 dpi with a QR of 22 mm upper left, as copies bear it, through a copier."""
    code = io.BytesIO()
    segno.make(text, error="m", micro=False, encoding="utf-8").save(
        code, kind="png", scale=4, border=2
    )
    sheet = Image.new("L", (1240, 1754), 245)
    sheet.paste(Image.open(code).convert("L").resize((130, 130)), (60, 60))
    sheet = sheet.rotate(turned, expand=True, fillcolor=245)
    noise = np.random.default_rng(4).normal(0, 10, sheet.size[::-1])
    worn = np.clip(np.asarray(sheet, np.float64) + noise, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(worn).save(out, "JPEG", quality=60, dpi=(150, 150))
    return out.getvalue()


@pytest.mark.parametrize("turned", [0.0, 3.0, 90.0])
def test_the_code_of_a_copy_is_read_from_any_page(
    office: Office, monkeypatch: pytest.MonkeyPatch, turned: float
) -> None:
    def as_extract(
        file: str, sha256: str, pages: Iterable[CleanPage], _engine: object, _today: date
    ) -> tuple[Record, ...]:
        (page,) = pages
        return (replace(extract(), file=file, sha256=sha256, pages=(page.number,)),)

    monkeypatch.setattr(reading, "read_document", as_extract)
    code = new_code()
    data = page_with_code(
        f"http://ho.so/v/{code}\nMã hồ sơ: 56211869-6643-5172\nGiấy tờ: x", turned=turned
    )
    reader = Reader(engine=cast("ReadingEngine", Upright()), limits=Limits(), clock=office.clock)
    (record,) = read_file(data, name="in.jpg", reader=reader).records
    (check,) = (one for one in record.checks if one.code == OWN_COPY)
    assert check.outcome is CheckOutcome.FAIL
    assert check.facts == {"copies": [{"code": code, "page": 1, "named": False}]}
