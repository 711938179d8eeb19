"""A person named on a paper collects its copy; nobody else does, and nobody may guess for long."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from api.collecting import collect
from domain.document import DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.record import FieldValue, Record
from signing.code import new_code
from tests.fakes.house import (
    CODE,
    COPY,
    TestHouse,
    of_state,
    sample_certificate,
)
from workflow.collecting import offered
from workflow.proof import Way

_CERTIFIED = of_state(DocumentState.CERTIFIED)


def refusal(house: TestHouse, proof: str, *, address: str = "198.51.100.7") -> ErrorCode:
    with pytest.raises(HosoError) as refused:
        collect(house.house, CODE, proof, address=address)
    return refused.value.code


@pytest.mark.parametrize(
    "proof",
    [
        "024198003456",
        " 024 198 003 456 ",
        "024-198-003-456",
        "024–198–003–456",
        "024.198.003.456",
        "024\u00a0198\u2009003 456",
        "024198003456.",
        "CCCD 024198003456",
        "số 024198003456",
        "Số định danh cá nhân: 024 198 003 456",
        "０２４１９８００３４５６",
        "024198\u200b003456",
        "\u202a024198003456\u202c",
        "024198\u200e003456",
    ],
)
def test_a_number_of_the_paper_opens_it(house: TestHouse, proof: str) -> None:
    typed = CODE.lower().replace("-", " ")
    collected = collect(house.house, typed, proof, address="198.51.100.7")
    assert collected.pdf == COPY
    with house.database.transaction() as tx:
        event = tx.events.of_document(_CERTIFIED)[-1]
    assert (event.name, event.actor_id) == (EventName.COPY_COLLECTED, "visitor")
    assert set(event.facts) == {"address"}


def bare(record: Record) -> Record:
    """The paper without any number, nor a word that speaks of one."""
    fields = {
        name: value
        for name, value in record.fields.items()
        if not name.endswith(("personal_id", "identity_paper"))
    }
    lines = tuple(line for line in record.lines if "024198003456" not in line.text)
    return replace(record, fields=fields, lines=lines)


def keep(house: TestHouse, change: Callable[[Record], Record]) -> None:
    document = house.document(_CERTIFIED)
    assert document.record is not None
    changed = replace(document, record=change(document.record))
    with house.database.transaction() as tx:
        assert tx.documents.move(document, changed=changed)


@pytest.mark.parametrize(
    "proof",
    [
        "05/03/1998",
        "5.3.1998",
        "ngày 05 tháng 3 năm 1998",
        "05031998",
        "1998-03-05",
        "05 03 1998",
        "5 / 3 / 1998",
        "05–03–1998",
        "5 tháng 3, 1998",
        "mùng 5 tháng 3 năm 1998",
        "Ngày sinh: 05/03/1998.",
        "1998/03/05",
        "０５/０３/１９９８",
        "０５／０３／１９９８",
        "05/03/1998\u200b",
    ],
)
def test_a_birthday_opens_only_a_paper_without_numbers(house: TestHouse, proof: str) -> None:
    assert refusal(house, proof) is ErrorCode.BIRTHDAY_NOT_TAKEN
    keep(house, bare)
    assert collect(house.house, CODE, proof, address="198.51.100.7").pdf == COPY
    assert refusal(house, "1972") is ErrorCode.PROOF_NO_DAY  # a year alone: too easily guessed


def _said(text: str, value: str | None) -> FieldValue:
    return FieldValue(text=text, value=value, confidence=1.0, certain=False, page=None, box=None)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("personal_id", "0241980034", None),  # two digits under a stamp
        ("mother_personal_id", "0241 ... 3456", None),
        ("identity_paper", "Hộ chiếu số C1234567", "Hộ chiếu số C1234567"),
        ("members[2].personal_id", "02419800345", None),
    ],
)
def test_a_number_that_was_not_read_keeps_the_birthday_shut(
    house: TestHouse, name: str, text: str, value: str | None
) -> None:
    keep(house, bare)
    keep(house, lambda one: replace(one, fields={**one.fields, name: _said(text, value)}))
    assert refusal(house, "05/03/1998") is ErrorCode.COPY_AT_COUNTER


@pytest.mark.parametrize(
    "printed",
    [
        "Số định danh cá nhân:",  # the number itself lies under a stain
        "Giấy tờ tùy thân: Hộ chiếu số C1234567",
        "Số CMND: ………",
        "Số ĐDCN: ………",
        "Số DDCN:",
        "MSĐD: ▒▒▒▒",
        "Mã số cá nhân:",
        "Số ĐD cá nhân: 0242",
        "Số thẻ CC:",
        "024 198 003 456",
        "024198003",
        "02419800",  # the rest under a stamp
        "0241980O3456",
        "O24l98oo3456",
        "02419800 3456",
        "024 2 0800 3456",
        "0241.9800.3456",
        "024-198-003-456",
        "024 . 198 . 003 . 456",
        "02.42.0800.3456",
        "IDVNM1980034564024198003456<<4",
        "05/03/1998 024198003",
    ],
)
def test_a_place_for_a_number_keeps_the_birthday_shut(house: TestHouse, printed: str) -> None:
    keep(house, bare)
    keep(house, lambda one: replace(one, lines=(replace(one.lines[0], text=printed),)))
    assert refusal(house, "05/03/1998") is ErrorCode.COPY_AT_COUNTER


@pytest.mark.parametrize(
    "printed",
    [
        "12/06/2011",
        "05.03.1998",
        "05 / 03 / 1998",
        "O5-03-1998",
        "05/03/1998 06/03/1998",  # two columns
        "05/03/98 06/03/98",
        "Số: 85/2019 12/06/2011",
        "Số: 85/2019",
        "Quyển số: 01/2019 Số: 123/2019/TLKT-BS",
        "TP/HT-2010-KS.1",
        "Từ năm 1998 - 2001",
        "Nghị định 123/2015/NĐ-CP ngày 15/11/2015",
        "ngày 05 tháng 03 năm 1998 lúc 10 giờ 30",
        "số nhà 12 lô 5 ô 14, khu 3",
    ],
)
def test_a_date_or_the_number_of_a_paper_is_no_number_of_a_person(
    house: TestHouse, printed: str
) -> None:
    keep(house, bare)
    keep(house, lambda one: replace(one, lines=(replace(one.lines[0], text=printed),)))
    assert collect(house.house, CODE, "05/03/1998", address="198.51.100.7").pdf == COPY


@pytest.mark.parametrize("proof", ["03/05/1998", "12/03/1998", "01/01/1900"])
def test_other_days_than_the_birthday_open_nothing(house: TestHouse, proof: str) -> None:
    """Day and month swapped; the day of registration, which is nobody's birthday."""
    keep(house, bare)
    assert refusal(house, proof) is ErrorCode.PROOF_WRONG


@pytest.mark.parametrize(
    ("label", "told"),
    [(None, ErrorCode.BIRTHDAY_NOT_TAKEN), ("Số định danh cá nhân: ……", ErrorCode.COPY_AT_COUNTER)],
)
def test_days_are_not_counted_where_no_day_opens_and_right_ones_are_told_the_same(
    house: TestHouse, label: str | None, told: ErrorCode
) -> None:
    if label:
        keep(house, bare)
        keep(house, lambda one: replace(one, lines=(replace(one.lines[0], text=label),)))
    for day in ("05/03/1998", "06/03/1998", "1998", "ngày 5 tháng 3 năm 1998") * 4:
        assert refusal(house, day) is told
    with house.database.transaction() as tx:
        names = [event.name for event in tx.events.of_document(_CERTIFIED)]
    assert EventName.COPY_COLLECT_REFUSED not in names


def test_a_number_is_counted_whatever_day_it_may_look_like(house: TestHouse) -> None:
    for proof in ("024 198 003 457", "05.03.1998.1234", "05 03 1998 0", "050319981"):
        assert refusal(house, proof) is ErrorCode.PROOF_WRONG


def test_the_page_offers_the_way_that_is_open(house: TestHouse) -> None:
    def way() -> Way:
        with house.database.transaction() as tx:
            return offered(house.house.visitor, CODE, address="x", tx=tx, clock=house.clock).way

    assert way() is Way.NUMBER
    keep(house, bare)
    assert way() is Way.BIRTHDAY
    record = house.document(_CERTIFIED).record
    assert record is not None
    label = (replace(record.lines[0], text="Số định danh cá nhân: ……"),)
    keep(house, lambda one: replace(one, lines=label))
    assert way() is Way.NONE
    keep(house, lambda one: replace(one, lines=(), fields={}))
    assert way() is Way.NONE  # neither a number nor a birthday


def test_what_an_officer_says_is_not_on_the_paper_is_no_number(house: TestHouse) -> None:
    keep(house, bare)
    emptied = replace(_said("", None), certain=True, corrected_by="officer", read_text="0241")
    keep(house, lambda one: replace(one, fields={**one.fields, "personal_id": emptied}))
    assert collect(house.house, CODE, "05/03/1998", address="198.51.100.7").pdf == COPY


@pytest.mark.parametrize(
    "proof",
    [
        "024198003457",
        "024198003",  # the head of the number
        "000000000000",
    ],
)
def test_any_other_number_does_not(house: TestHouse, proof: str) -> None:
    assert refusal(house, proof) is ErrorCode.PROOF_WRONG


def refusals(house: TestHouse) -> int:
    with house.database.transaction() as tx:
        names = [event.name for event in tx.events.of_document(_CERTIFIED)]
    return names.count(EventName.COPY_COLLECT_REFUSED)


def test_what_can_be_no_number_is_told_what_is_expected_and_is_not_counted(
    house: TestHouse,
) -> None:
    several = "024198003456 024198003457"  # one try is one number
    short, long = "02419800345", "0241980034567"
    other = "٠٢٤١٩٨٠٠٣٤٥٦"
    words = ("", "  ", "abc", "123", "Nguyễn Thị Hương Giang", "12/2024/TLKS-BS", "\x00")
    for proof in (*words, several, short, long, other, "x" * 1000, "05/03/1998 024198003456"):
        assert refusal(house, proof) is ErrorCode.PROOF_NO_NUMBER
    assert refusals(house) == 0
    assert collect(house.house, CODE, "024198003456", address="198.51.100.7").pdf == COPY


def test_what_can_be_no_birthday_is_told_what_is_expected_and_is_not_counted(
    house: TestHouse,
) -> None:
    keep(house, bare)
    impossible = ("31/02/1998", "05/13/1998", "00/03/1998", "05/03/0998")
    several = "05/03/1998 hay 06/03/1998"
    for proof in (*impossible, several, "", " ", "abc", "123", "5/3/98", "1998", "024198003456"):
        assert refusal(house, proof) is ErrorCode.PROOF_NO_DAY
    assert refusals(house) == 0
    assert refusal(house, "06/03/1998") is ErrorCode.PROOF_WRONG
    assert refusals(house) == 1


def test_a_copy_that_is_closed_is_offered_to_nobody(house: TestHouse) -> None:
    def closed(address: str) -> bool:
        with house.database.transaction() as tx:
            visitor = house.house.visitor
            return offered(visitor, CODE, address=address, tx=tx, clock=house.clock).throttled

    for number in range(10):
        assert not closed("203.0.113.200")
        refusal(house, "024198003457", address=f"203.0.113.{number}")
    assert closed("203.0.113.200")
    house.clock.pass_time(timedelta(hours=25))
    assert not closed("203.0.113.200")


def test_guessing_ends_for_a_day_and_for_everybody(house: TestHouse) -> None:
    for number in range(10):
        address = f"203.0.113.{number}"
        assert refusal(house, "024198003457", address=address) is ErrorCode.PROOF_WRONG
    assert refusal(house, "024198003456") is ErrorCode.COLLECT_THROTTLED
    house.clock.pass_time(timedelta(hours=23))
    assert refusal(house, "024198003456") is ErrorCode.COLLECT_THROTTLED
    house.clock.pass_time(timedelta(hours=2))
    assert collect(house.house, CODE, "024198003456", address="x").pdf == COPY


def test_who_comes_again_day_after_day_has_thirty_tries_a_year(house: TestHouse) -> None:
    for _ in range(3):
        for _ in range(10):
            assert refusal(house, "024198003457") is ErrorCode.PROOF_WRONG
        house.clock.pass_time(timedelta(days=2))
    assert refusal(house, "024198003456") is ErrorCode.COLLECT_THROTTLED
    house.clock.pass_time(timedelta(days=365))
    assert collect(house.house, CODE, "024198003456", address="x").pdf == COPY


def test_one_address_cannot_try_many_codes(house: TestHouse) -> None:
    states = set(DocumentState) - {DocumentState.CERTIFIED, DocumentState.RECEIVED}
    codes = [new_code() for _ in states]
    failed = house.document(of_state(DocumentState.FAILED))  # the one of them that was not read
    read = replace(failed, record=house.document(_CERTIFIED).record)
    with house.database.transaction() as tx:
        assert tx.documents.move(failed, changed=read)
        for number, (state, code) in enumerate(zip(sorted(states), codes, strict=True)):
            entry = sample_certificate(
                of_state(state), code=code, sha256=f"{number:064}", number=100 + number
            )
            tx.certificates.add(entry)
    for code in codes:
        for _ in range(10):
            with pytest.raises(HosoError, match=ErrorCode.PROOF_WRONG):
                collect(house.house, code, "024198003457", address="2001:db8::1")
    # the right answer, from the same subscriber's network: nobody is told that it was right
    assert refusal(house, "024198003456", address="2001:db8::2") is ErrorCode.COLLECT_THROTTLED
    house.clock.pass_time(timedelta(minutes=61))
    assert collect(house.house, CODE, "024198003456", address="2001:db8::2").pdf == COPY


def test_the_trail_keeps_digests_only(house: TestHouse) -> None:
    refusal(house, "031198009999")
    with house.database.transaction() as tx:
        event = tx.events.of_document(_CERTIFIED)[-1]
    assert event.name is EventName.COPY_COLLECT_REFUSED
    assert set(event.facts) == {"code", "address"}
    for secret in ("031198009999", CODE, "198.51.100.7"):
        assert secret not in str(event)


def test_a_revoked_copy_and_an_unknown_code_are_told(house: TestHouse) -> None:
    with house.database.transaction() as tx:
        tx.certificates.revoke(CODE, at=house.clock.now(), reason="sai người")
    assert refusal(house, "024198003456") is ErrorCode.COPY_REVOKED
    for unknown in ("0000-0000-0000-0000-0", "rubbish", ""):
        with pytest.raises(HosoError) as refused:
            collect(house.house, unknown, "024198003456", address="x")
        assert refused.value.code is ErrorCode.CERTIFICATE_NOT_FOUND
