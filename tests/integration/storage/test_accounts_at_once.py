"""An account changed while somebody signs in with it: whoever comes second sees what the first did."""

import threading
from collections.abc import Callable

import pytest

from domain.actor import Actor, Role
from domain.agency import Agency, AgencyLevel
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from storage.database import PostgresDatabase
from tests.fakes.house import FixedClock
from workflow import accounts
from workflow.login import resume, sign_in

AGENCY = Agency(id="vn", name="Việt Nam", level=AgencyLevel.STATE, path="vn")
OFFICE = Actor(
    id="system", name="", roles=frozenset(), agency_id="vn", agency_path="vn", is_system=True
)
OLD, NEW = "trăng rằm tháng tám", "mùa xuân nho nhỏ"
CLOCK = FixedClock()


@pytest.fixture
def staffed(database: PostgresDatabase) -> PostgresDatabase:
    with database.transaction() as tx:
        tx.agencies.add(AGENCY)
        accounts.save_account(
            OFFICE,
            login="mai",
            name="Mai",
            roles=frozenset({Role.OFFICER}),
            password=OLD,
            tx=tx,
            clock=CLOCK,
        )
    return database


def change(database: PostgresDatabase) -> None:
    with database.transaction() as tx:
        accounts.change_password(OFFICE, "mai", NEW, tx=tx, clock=CLOCK)


def disable(database: PostgresDatabase) -> None:
    with database.transaction() as tx:
        accounts.disable_account(OFFICE, "mai", tx=tx, clock=CLOCK)


@pytest.mark.parametrize("act", [change, disable])
def test_a_session_being_opened_ends_with_the_others(
    staffed: PostgresDatabase, act: Callable[[PostgresDatabase], None]
) -> None:
    with staffed.transaction() as tx:
        token = sign_in("mai", OLD, tx=tx, clock=CLOCK).token
        second = threading.Thread(target=act, args=(staffed,))
        second.start()
        second.join(1)
        assert second.is_alive()  # it waits for the session it must end
    second.join(30)
    with staffed.transaction() as tx:
        assert tx.connection.exec_driver_sql("select count(*) from session").scalar() == 0
        with pytest.raises(HosoError) as refused:
            resume(token, tx=tx, clock=CLOCK)
    assert refused.value.code is ErrorCode.NOT_SIGNED_IN


def test_an_old_password_being_checked_opens_nothing_once_it_is_changed(
    staffed: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staffed.transaction() as tx:
        found = tx.accounts.by_login("mai")
        monkeypatch.setattr(tx.accounts, "by_login", lambda _: found)
        change(staffed)  # after the account was looked up, before the session is opened
        with pytest.raises(HosoError) as refused:
            sign_in("mai", OLD, tx=tx, clock=CLOCK)
    assert refused.value.code is ErrorCode.LOGIN_FAILED


def test_a_new_password_does_not_open_an_account_that_is_being_disabled(
    staffed: PostgresDatabase,
) -> None:
    with staffed.transaction() as tx:
        accounts.disable_account(OFFICE, "mai", tx=tx, clock=CLOCK)
        second = threading.Thread(target=change, args=(staffed,))
        second.start()
        second.join(1)
    second.join(30)
    with staffed.transaction() as tx:
        found = tx.accounts.by_login("mai")
        names = [event.name for event in tx.events.named(tuple(EventName), within="vn")]
    assert found is not None
    assert not found.active
    assert names[:2] == [EventName.ACCOUNT_CHANGED, EventName.ACCOUNT_DISABLED]


def test_processes_that_make_the_key_of_the_trail_at_once_agree(database: PostgresDatabase) -> None:
    keys: list[bytes] = []

    def ask() -> None:
        with database.transaction() as tx:
            keys.append(tx.events.digest_key())

    askers = [threading.Thread(target=ask) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(keys) == len(askers)
    assert len(set(keys)) == 1
