"""What the certifying job hands to the desk, and what stands in the register afterwards."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.certificate import Certificate, Regime
from domain.dates import day_in_vietnam
from domain.document import DocumentState
from domain.ports import Bucket
from ingest.inspection import Limits
from signing.ecopy import EcopyContent, IssuedCopy
from tests.fakes.certified import certify_one, certify_waiting
from tests.fakes.house import (
    COMMUNE,
    FixedClock,
    TestHouse,
    fill,
    make_test_house,
    of_state,
)
from workflow import issuing, reading
from workflow.retention import Retention


class Desk:
    """Signs nothing, and remembers what it was given."""

    given: EcopyContent

    def __init__(self, at: datetime) -> None:
        self._at = at

    def issue(self, content: EcopyContent) -> IssuedCopy:
        self.given = content
        return IssuedCopy(pdf=b"%PDF", sha256="0" * 64, signed_at=self._at, signer_name="Lê Phúc")


def certified_at(test: TestHouse, at: datetime) -> tuple[EcopyContent, Certificate]:
    test.clock.at = at
    issuer = Desk(at)
    desk = issuing.Desk(
        issuer=issuer,  # type: ignore[arg-type]
        regime=Regime.CERTIFIED_COPY,
        public_url="http://127.0.0.1:8000",
        retention=Retention(days=365),
        limits=Limits(),
    )
    certificate = certify_waiting(test, desk)
    return issuer.given, certificate


@pytest.fixture
def test_house() -> TestHouse:
    test = make_test_house()
    fill(test)
    return test


@pytest.mark.parametrize(
    ("at", "year"),
    [
        (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 2027),  # half past six on New Year's morning
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), 2027),
    ],
)
def test_the_registers_year_is_that_of_the_office(
    test_house: TestHouse, at: datetime, year: int
) -> None:
    content, certificate = certified_at(test_house, at)
    assert (content.year, certificate.year) == (year, year)
    with test_house.database.transaction() as tx:
        # that register has given one number, the other year's none
        assert tx.certificates.next_number(agency_id=COMMUNE.id, year=year) == 2
        assert tx.certificates.next_number(agency_id=COMMUNE.id, year=4053 - year) == 1


def test_the_day_in_vietnam_is_ahead_until_seven_in_the_morning() -> None:
    assert day_in_vietnam(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)).isoformat() == "2026-12-31"
    assert day_in_vietnam(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)).isoformat() == "2027-01-01"


def test_papers_are_read_on_the_day_in_vietnam() -> None:
    early = FixedClock(at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert reading._today(early).isoformat() == "2027-01-01"


def test_a_copy_holds_the_corrected_name_and_not_the_misread_one(
    test_house: TestHouse, tmp_path: Path
) -> None:
    document = test_house.document(of_state(DocumentState.CERTIFYING))
    assert document.record is not None
    name = document.record.fields["full_name"]
    typed = replace(
        name,
        text="NGUYỄN THỊ HƯƠNG GIANH",
        value="Nguyễn Thị Hương Gianh",
        corrected_by="account-officer",
        read_text=name.text,
        read_value=name.value,
    )
    record = replace(document.record, fields={**document.record.fields, "full_name": typed})
    with test_house.database.transaction() as tx:
        assert tx.documents.move(document, changed=replace(document, record=record))
    certificate, pdf = certify_one(test_house, tmp_path / "pki")
    assert test_house.objects.get(Bucket.ECOPIES, certificate.sha256) == pdf
    (tmp_path / "copy.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "copy.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "NGUYỄN THỊ HƯƠNG GIANH" in told
    assert "GIANG" not in told
