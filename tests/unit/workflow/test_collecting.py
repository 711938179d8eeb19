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
    ["05/03/1998", "5.3.1998", "ngày 05 tháng 3 năm 1998", "05031998", "1998-03-05"],
)
def test_a_birthday_opens_only_a_paper_without_numbers(house: TestHouse, proof: str) -> None:
    assert refusal(house, proof) is ErrorCode.PROOF_WRONG
    keep(house, bare)
    assert collect(house.house, CODE, proof, address="198.51.100.7").pdf == COPY
    assert refusal(house, "1972") is ErrorCode.PROOF_WRONG  # a year alone: too easily guessed


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
    assert refusal(house, "05/03/1998") is ErrorCode.PROOF_WRONG


@pytest.mark.parametrize(
    "printed",
    [
        "Số định danh cá nhân:",  # the number itself lies under a stain
        "Giấy tờ tùy thân: Hộ chiếu số C1234567",
        "Số CMND: ………",
        "Số DDCN/CCCD",
        "024 198 003 456",
    ],
)
def test_a_place_for_a_number_keeps_the_birthday_shut(house: TestHouse, printed: str) -> None:
    keep(house, bare)
    keep(house, lambda one: replace(one, lines=(replace(one.lines[0], text=printed),)))
    assert refusal(house, "05/03/1998") is ErrorCode.PROOF_WRONG


def test_what_an_officer_says_is_not_on_the_paper_is_no_number(house: TestHouse) -> None:
    keep(house, bare)
    emptied = replace(_said("", None), certain=True, corrected_by="officer", read_text="0241")
    keep(house, lambda one: replace(one, fields={**one.fields, "personal_id": emptied}))
    assert collect(house.house, CODE, "05/03/1998", address="198.51.100.7").pdf == COPY


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "024198003457",
        "024198003",  # the head of the number
        "03/05/1998",  # day and month swapped
        "12/03/1998",  # the day of registration is nobody's birthday
        "Nguyễn Thị Hương Giang",
        "12/2024/TLKS-BS",
    ],
)
def test_anything_else_does_not(house: TestHouse, proof: str) -> None:
    assert refusal(house, proof) is ErrorCode.PROOF_WRONG


def test_guessing_ends_for_a_day_and_for_everybody(house: TestHouse) -> None:
    for number in range(10):
        assert refusal(house, "01/01/1998", address=f"203.0.113.{number}") is ErrorCode.PROOF_WRONG
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
    with house.database.transaction() as tx:
        for number, (state, code) in enumerate(zip(sorted(states), codes, strict=True)):
            entry = sample_certificate(
                of_state(state), code=code, sha256=f"{number:064}", number=100 + number
            )
            tx.certificates.add(entry)
    for code in codes:
        for _ in range(10):
            with pytest.raises(HosoError, match=ErrorCode.PROOF_WRONG):
                collect(house.house, code, "01/01/1998", address="2001:db8::1")
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
