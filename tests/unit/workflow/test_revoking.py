"""A certified copy is withdrawn; its document is decided anew and may have another copy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actor import Role
from domain.document import DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from tests.fakes.house import TestHouse, of_state
from tests.unit.workflow.conftest import actor
from workflow import viewing
from workflow.reasons import COPY_REVOKED
from workflow.revoking import revoke

_CERTIFIED = of_state(DocumentState.CERTIFIED)


def revoked(house: TestHouse, document_id: str = _CERTIFIED, reason: str = "sai người") -> None:
    with house.database.transaction() as tx:
        revoke(actor(Role.CERTIFIER), document_id, reason=reason, tx=tx, clock=house.clock)


def refusal(house: TestHouse, document_id: str = _CERTIFIED, reason: str = "sai") -> ErrorCode:
    with pytest.raises(HosoError) as refused:
        revoked(house, document_id, reason)
    return refused.value.code


def test_the_entry_stays_and_the_document_waits_for_review(house: TestHouse) -> None:
    revoked(house, reason="  sai ngày sinh \n")
    document = house.document(_CERTIFIED)
    assert document.state is DocumentState.REVIEW
    assert document.reasons[0] == COPY_REVOKED
    with house.database.transaction() as tx:
        entry = tx.certificates.by_document(_CERTIFIED)
        event = tx.events.of_document(_CERTIFIED)[-1]
    assert entry is not None
    assert (entry.revoked_at, entry.revoked_reason) == (house.clock.now(), "sai ngày sinh")
    assert event.name is EventName.COPY_REVOKED
    assert event.facts == {"number": entry.number, "year": entry.year, "reason": "sai ngày sinh"}


def test_a_second_decision_changes_nothing(house: TestHouse) -> None:
    revoked(house)
    before = house.document(_CERTIFIED)
    house.clock.pass_time(timedelta(hours=1))
    assert refusal(house) is ErrorCode.STATE_CONFLICT
    assert house.document(_CERTIFIED) == before


@pytest.mark.parametrize("state", sorted(set(DocumentState) - {DocumentState.CERTIFIED}))
def test_only_a_copy_in_force_can_be_revoked(house: TestHouse, state: DocumentState) -> None:
    assert refusal(house, of_state(state)) is ErrorCode.STATE_CONFLICT
    assert house.document(of_state(state)).state is state


def test_an_old_page_does_not_revoke_the_copy_that_took_the_place(house: TestHouse) -> None:
    document = house.document(_CERTIFIED)
    seen = document.updated_at
    with house.database.transaction() as tx:
        assert tx.documents.move(document, changed=replace(document, updated_at=house.clock.now()))
    with house.database.transaction() as tx, pytest.raises(HosoError) as refused:
        revoke(actor(Role.CERTIFIER), _CERTIFIED, reason="sai", seen=seen, tx=tx, clock=house.clock)
    assert refused.value.code is ErrorCode.DOCUMENT_CHANGED
    assert house.document(_CERTIFIED).state is DocumentState.CERTIFIED


def test_a_reason_must_be_given(house: TestHouse) -> None:
    assert refusal(house, reason=" \n") is ErrorCode.REASON_REQUIRED
    assert house.document(_CERTIFIED).state is DocumentState.CERTIFIED


def test_a_revoked_copy_is_not_handed_out(house: TestHouse) -> None:
    revoked(house)
    with house.database.transaction() as tx, pytest.raises(HosoError) as refused:
        viewing.fetch(
            actor(Role.CERTIFIER), _CERTIFIED, tx=tx, objects=house.objects, clock=house.clock
        )
    assert refused.value.code is ErrorCode.COPY_REVOKED


def test_revoked_twice_the_reason_stands_once(house: TestHouse) -> None:
    revoked(house)
    with house.database.transaction() as tx:
        entry = tx.certificates.by_document(_CERTIFIED)
        assert entry is not None
        anew = replace(
            entry, code="anew", sha256="cd" * 32, number=entry.number + 1, revoked_at=None
        )
        tx.certificates.add(anew)
        waiting = tx.documents.get(_CERTIFIED, within="vn")
        assert waiting is not None
        tx.documents.move(
            waiting,
            changed=replace(waiting, state=DocumentState.CERTIFIED),
        )
    revoked(house)
    assert house.document(_CERTIFIED).reasons.count(COPY_REVOKED) == 1
