"""Certificates are renewed at start, but not by a clock that what is stored contradicts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.renewal import renew_certificates
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from signing.demo_pki import creation
from signing.demo_pki.authority import DemoAuthority
from storage.settings import Settings, load_settings
from tests.fakes.house import COMMUNE, NOW, FixedClock, TestHouse, make_test_house

SIGNERS = ("officer", "seal", "ocsp")


@dataclass(frozen=True, kw_only=True)
class Start:
    """A house whose authority was made at ``NOW``, and its start at any hour."""

    settings: Settings
    house: TestHouse
    authority: DemoAuthority

    def noted(self, at: datetime) -> None:
        with self.house.database.transaction() as tx:
            tx.events.add(
                Event(
                    name=EventName.LOGIN_SUCCEEDED,
                    actor_id="a",
                    agency_id=COMMUNE.id,
                    document_id=None,
                    at=at,
                )
            )

    def at(self, now: datetime, *, clock_right: bool = False) -> HosoError | None:
        self.house.clock.at = now
        return renew_certificates(
            self.settings,
            self.authority,
            self.house.database,
            self.house.clock,
            clock_right=clock_right,
        )

    def begins(self) -> datetime:
        return self.authority.begins()[1]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    monkeypatch.setattr(creation, "_now", lambda: NOW)
    house = make_test_house()
    house.clock = FixedClock()
    return Start(
        settings=load_settings(home=tmp_path, agency="vn=Việt Nam;24=Bắc Ninh;07777=Việt Yên"),
        house=house,
        authority=DemoAuthority(tmp_path / "pki", base_url="http://x", now=house.clock.now),
    )


def years(count: int) -> timedelta:
    return timedelta(days=365 * count)


@pytest.mark.parametrize("noted", [True, False])
def test_a_clock_years_ahead_renews_nothing_and_is_told(start: Start, *, noted: bool) -> None:
    """Where nothing is noted yet, the certificates themselves say when it was."""
    if noted:
        start.noted(NOW)
    before = start.begins()
    told = start.at(NOW + years(4))
    assert told is not None
    assert told.code is ErrorCode.CLOCK_DOUBTFUL
    assert str(told.facts["now"]).startswith(f"{NOW + years(4):%Y-%m-%d}")
    assert str(told.facts["newest"]).startswith(f"{NOW:%Y-%m-%d}")
    assert start.begins() == before
    assert start.at(NOW) is None


def test_in_a_house_that_works_certificates_that_end_are_renewed(start: Start) -> None:
    later = NOW + years(3)
    start.noted(later - timedelta(days=90))
    assert start.at(later) is None
    assert start.begins().date() == later.date()


def test_who_says_that_the_clock_is_right_has_them_renewed(start: Start) -> None:
    start.noted(NOW)
    assert start.at(NOW + years(4), clock_right=True) is None
    assert start.begins().date() == (NOW + years(4)).date()


def test_certificates_of_a_clock_that_was_ahead_are_renewed_once_it_is_right(start: Start) -> None:
    start.at(NOW + years(4), clock_right=True)
    start.noted(NOW)
    start.house.clock.at = NOW + timedelta(days=1)
    assert start.authority.due() == SIGNERS
    assert start.at(NOW + timedelta(days=1)) is None
    assert start.begins() <= NOW + timedelta(days=1)
    assert start.authority.due() == ()


def test_a_clock_behind_what_is_noted_renews_nothing_and_is_told(start: Start) -> None:
    start.noted(NOW)
    told = start.at(NOW - years(4))
    assert told is not None
    assert told.code is ErrorCode.CLOCK_DOUBTFUL
    assert start.at(NOW - timedelta(hours=1)) is None, "no more than another machine's clock"


def test_a_doubtful_clock_is_no_matter_where_nothing_is_due(start: Start) -> None:
    start.noted(NOW)
    assert start.at(NOW + timedelta(days=500)) is None
