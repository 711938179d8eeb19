"""Accounts: no change leaves anybody signed in, a disabled account stays out, the trail knows of both."""

import dataclasses

import pytest

from domain.actor import Role
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from tests.fakes.house import COMMUNE, ELSEWHERE, PASSWORD, ROOT, TestHouse
from tests.unit.workflow.conftest import SYSTEM, actor
from workflow import accounts
from workflow.login import hash_password, resume, sign_in

NEW_PASSWORD = "mùa xuân nho nhỏ"
OFFICE = dataclasses.replace(
    SYSTEM, agency_id=COMMUNE.id, agency_path=COMMUNE.path, os_user="quản trị"
)


def change(house: TestHouse, act: str, login: str) -> None:
    with house.database.transaction() as tx:
        if act == "password":
            accounts.change_password(OFFICE, login, NEW_PASSWORD, tx=tx, clock=house.clock)
        elif act == "add":
            accounts.save_account(
                OFFICE,
                login=login,
                name="Tên mới",
                roles=frozenset({Role.AUDITOR}),
                password=NEW_PASSWORD,
                replacing=True,
                tx=tx,
                clock=house.clock,
            )
        elif act == "disable":
            accounts.disable_account(OFFICE, login, tx=tx, clock=house.clock)
        else:
            accounts.enable_account(OFFICE, login, tx=tx, clock=house.clock)


def signed_in(house: TestHouse, token: str) -> bool:
    with house.database.transaction() as tx:
        try:
            resume(token, tx=tx, clock=house.clock)
        except HosoError as error:
            assert error.code is ErrorCode.NOT_SIGNED_IN  # noqa: PT017  # both outcomes are asked for
            return False
    return True


def may_sign_in(house: TestHouse, login: str, password: str) -> bool:
    with house.database.transaction() as tx:
        try:
            sign_in(login, password, tx=tx, clock=house.clock)
        except HosoError as error:
            assert error.code is ErrorCode.LOGIN_FAILED  # noqa: PT017  # both outcomes are asked for
            return False
    return True


def trail(house: TestHouse) -> list[Event]:
    names = [name for name in EventName if name.startswith("account.")]
    with house.database.transaction() as tx:
        return list(reversed(tx.events.named(names, within=ROOT.path)))


@pytest.mark.parametrize("act", ["password", "add", "disable"])
def test_a_changed_account_is_signed_out_at_once_and_others_are_not(
    house: TestHouse, act: str
) -> None:
    token, other = house.open_session("operator"), house.open_session("officer")
    change(house, act, "operator")
    assert not signed_in(house, token)
    assert signed_in(house, other)


def test_a_disabled_account_stays_out_whatever_its_password(house: TestHouse) -> None:
    token = house.open_session("operator")
    change(house, "disable", "operator")
    assert not may_sign_in(house, "operator", PASSWORD)
    for act in ("password", "add"):
        change(house, act, "operator")
        assert not may_sign_in(house, "operator", NEW_PASSWORD)
    change(house, "enable", "operator")
    assert may_sign_in(house, "operator", NEW_PASSWORD)
    assert not signed_in(house, token)  # what ended does not come back


def test_the_trail_tells_who_did_what_to_whom_and_no_secret(house: TestHouse) -> None:
    for act, login in (
        ("add", "new"),
        ("add", "operator"),
        ("password", "operator"),
        ("disable", "operator"),
        ("disable", "operator"),  # nothing happens a second time
        ("enable", "operator"),
        ("enable", "operator"),
    ):
        change(house, act, login)
    events = trail(house)
    assert [str(event.name) for event in events] == [
        "account.added",
        "account.changed",
        "account.changed",
        "account.disabled",
        "account.enabled",
    ]
    for event in events:
        assert (event.actor_id, event.agency_id) == ("system", COMMUNE.id)
        assert set(event.facts) == {"os_user", "account", "login", "roles"}
        assert event.facts["os_user"] == "quản trị"
        assert event.facts["roles"] == ["auditor"]
    assert [event.facts["login"] for event in events] == ["new", *["operator"] * 4]
    assert {event.facts["account"] for event in events[1:]} == {"account-operator"}
    for secret in (NEW_PASSWORD, "argon2", PASSWORD):
        assert secret not in str(events)


@pytest.mark.parametrize(
    ("act", "login"),
    [
        *((act, "nobody") for act in ("password", "disable", "enable")),
        *((act, "stranger") for act in ("password", "disable", "enable", "add")),
    ],
)
def test_accounts_of_other_agencies_are_out_of_reach(
    house: TestHouse, act: str, login: str
) -> None:
    with pytest.raises(HosoError) as refused:
        change(house, act, login)
    assert refused.value.code is ErrorCode.ACCOUNT_NOT_FOUND
    assert trail(house) == []


def test_an_account_below_stays_in_its_agency_when_it_is_replaced(house: TestHouse) -> None:
    with house.database.transaction() as tx:
        accounts.save_account(
            SYSTEM,
            login="officer",
            name="",
            roles=frozenset({Role.AUDITOR}),
            password=NEW_PASSWORD,
            replacing=True,
            tx=tx,
            clock=house.clock,
        )
        replaced = tx.accounts.by_login("officer")
    assert replaced is not None
    assert (replaced.agency_id, replaced.agency_path) == (COMMUNE.id, COMMUNE.path)


def test_accounts_are_listed_within_reach(house: TestHouse) -> None:
    change(house, "disable", "officer")
    with house.database.transaction() as tx:
        own = accounts.accounts(OFFICE, tx=tx)
        elsewhere = accounts.accounts(actor(Role.ADMIN, agency=ELSEWHERE.id), tx=tx)
    assert [one.login for one in own] == [
        "admin",
        "agent",
        "auditor",
        "certifier",
        "officer",
        "operator",
    ]
    assert [one.login for one in own if not one.active] == ["officer"]
    assert [one.login for one in elsewhere] == ["stranger"]


def test_a_short_password_changes_nothing(house: TestHouse) -> None:
    token = house.open_session("operator")
    with pytest.raises(HosoError) as refused, house.database.transaction() as tx:
        accounts.change_password(OFFICE, "operator", "ngắn", tx=tx, clock=house.clock)
    assert refused.value.code is ErrorCode.PASSWORD_TOO_SHORT
    assert signed_in(house, token)


@pytest.mark.parametrize("change_meanwhile", [{"active": False}, {"password_hash": "new"}])
def test_a_change_while_the_password_is_checked_leaves_no_session(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch, change_meanwhile: dict[str, object]
) -> None:
    """Checking takes a while; what another process saves meanwhile counts."""
    with house.database.transaction() as tx:
        found = tx.accounts.by_login("operator")
        assert found is not None
        changed = dataclasses.replace(found, **change_meanwhile)  # type: ignore[arg-type]
        monkeypatch.setattr(tx.accounts, "hold", lambda _: changed)
        with pytest.raises(HosoError) as refused:
            sign_in("operator", PASSWORD, tx=tx, clock=house.clock)
    assert refused.value.code is ErrorCode.LOGIN_FAILED


def test_a_password_is_kept_as_a_hash_only(house: TestHouse) -> None:
    change(house, "password", "operator")
    with house.database.transaction() as tx:
        found = tx.accounts.by_login("operator")
    assert found is not None
    assert NEW_PASSWORD not in str(found)
    assert found.password_hash != hash_password(NEW_PASSWORD)  # salted
