"""``hoso account``: what is typed reaches the accounts, and is answered in one line."""

import os
import pwd
import sys
from types import SimpleNamespace

import pytest

from api.cli import main
from api.office import office_actor
from domain.actor import Role
from domain.event import EventName
from storage.settings import load_settings
from tests.fakes.house import COMMUNE, ELSEWHERE, ROOT, TestHouse, make_test_house


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> TestHouse:
    test = make_test_house()
    stores = SimpleNamespace(database=test.database)
    monkeypatch.setattr("api.cli.accounts.open_stores", lambda _: stores)
    monkeypatch.setenv("HOSO_AGENCY", "vn=Việt Nam;24=Bắc Ninh;07777=Việt Yên")
    monkeypatch.setenv("HOSO_LANG", "en")
    return test


def said(capfd: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["hoso", "account", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    written = capfd.readouterr()
    assert (ended.value.code or 0) == code, written
    return written.out + written.err


def test_a_disabled_account_is_listed_as_such_and_comes_back(
    house: TestHouse, capfd: pytest.CaptureFixture[str]
) -> None:
    house.open_session("officer")
    said(capfd, "disable", "officer")
    lines = said(capfd, "list").splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["admin", "active", "admin"],
        ["agent", "active", "agent"],
        ["auditor", "active", "auditor"],
        ["certifier", "active", "certifier"],
        ["officer", "disabled", "officer"],
        ["operator", "active", "operator"],
    ]
    assert lines[4].endswith("Nguyễn Văn Bình")
    said(capfd, "enable", "officer")
    assert "disabled" not in said(capfd, "list")
    with house.database.transaction() as tx:
        names = (EventName.ACCOUNT_DISABLED, EventName.ACCOUNT_ENABLED)
        events = tx.events.named(names, within=ROOT.path)
    assert [event.name for event in events] == list(reversed(names))
    assert {event.agency_id for event in events} == {COMMUNE.id}
    assert {event.facts["os_user"] for event in events} == {pwd.getpwuid(os.getuid()).pw_name}


def test_an_added_account_and_a_new_password(
    house: TestHouse, capfd: pytest.CaptureFixture[str]
) -> None:
    login, password = said(capfd, "add", "mai", "--role", "operator", "--name", "Mai [1]").split()
    assert (login, len(password)) == ("mai", 16)
    said(capfd, "password", "mai", "--new", "mùa xuân nho nhỏ")
    assert "mai                  active   operator             Mai [1]" in said(capfd, "list")
    with house.database.transaction() as tx:
        names = (EventName.ACCOUNT_ADDED, EventName.ACCOUNT_CHANGED)
        assert len(tx.events.named(names, within=COMMUNE.path)) == 2


def test_a_known_login_is_not_overwritten_unless_asked(
    house: TestHouse, capfd: pytest.CaptureFixture[str]
) -> None:
    before = said(capfd, "list")
    words = said(capfd, "add", "officer", "--role", "auditor", code=2)
    assert "account_exists" in words
    assert "--replace" in words
    assert said(capfd, "list") == before
    with house.database.transaction() as tx:
        assert not tx.events.named((EventName.ACCOUNT_CHANGED,), within=ROOT.path)
    said(capfd, "add", "officer", "--role", "auditor", "--replace")
    (line,) = [line for line in said(capfd, "list").splitlines() if line.startswith("officer")]
    assert line.split()[2] == "auditor"
    assert line.endswith("Nguyễn Văn Bình")


def test_an_account_of_an_agency_that_nobody_started_yet(
    house: TestHouse, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_AGENCY", "vn=Việt Nam;24=Bắc Ninh;07778=Phường Khác")
    said(capfd, "add", "lan", "--role", "officer")
    assert said(capfd, "list").split()[0] == "lan"
    with house.database.transaction() as tx:
        entered = [tx.agencies.get(path) for path in ("vn.24", "vn.24.07778")]
    assert [one.name for one in entered if one] == ["Bắc Ninh", "Phường Khác"]


def test_nobody_takes_over_an_account_of_another_agency(
    house: TestHouse, capfd: pytest.CaptureFixture[str]
) -> None:
    words = said(capfd, "add", "stranger", "--role", "operator", "--replace", code=2)
    assert "account_not_found" in words
    with house.database.transaction() as tx:
        account = tx.accounts.by_login("stranger")
        assert not tx.events.named((EventName.ACCOUNT_CHANGED,), within=ROOT.path)
    assert account is not None
    assert (account.agency_id, account.roles) == (ELSEWHERE.id, {Role.OFFICER})


@pytest.mark.parametrize("command", [["disable"], ["enable"], ["password", "--new", "x" * 12]])
@pytest.mark.usefixtures("house")
def test_an_unknown_login_is_told_with_what_to_do(
    capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    words = said(capfd, *command, "nobody", code=2)
    assert "account_not_found" in words
    assert "nobody" in words
    assert "hoso account list" in words


def test_a_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr("api.office.pwd.getpwuid", nameless)
    assert office_actor(load_settings()).os_user == str(os.getuid())
