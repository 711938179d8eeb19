"""A house over in-memory stores, with staff of every role and documents in every state."""

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from PIL import Image, ImageDraw

from api.house import House
from domain.account import Account, Session
from domain.actor import Role
from domain.agency import Agency, AgencyLevel
from domain.certificate import Certificate, Regime
from domain.document import Document, DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.form import FormCode
from domain.geometry import Box
from domain.page import PageFacts, Quality, QualityReason
from domain.ports import Bucket, Population, Transaction
from domain.record import Check, CheckOutcome, FieldValue, Line, Record
from domain.verdict import Candidate, Decision, Finding, FindingKind, Verdict
from ingest.inspection import Limits
from matching.conclusion import conclude
from signing.trust import TrustAnchors
from tests.fakes.database import MemoryDatabase
from tests.fakes.objects import MemoryObjectStore
from workflow.login import SESSION_LENGTH, hash_password
from workflow.matching import match_record
from workflow.pictures import page_key
from workflow.retention import Retention

NOW = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
PASSWORD = "trăng rằm tháng tám"
ROOT = Agency(id="vn", name="Việt Nam", level=AgencyLevel.STATE, path="vn")
COMMUNE = Agency(
    id="vn.24.07777",
    name="UBND phường Việt Yên, tỉnh Bắc Ninh",
    level=AgencyLevel.COMMUNE,
    parent_id="vn",
    path="vn.24.07777",
)
ELSEWHERE = Agency(
    id="vn.01.00001",
    name="UBND phường Ba Đình, Hà Nội",
    level=AgencyLevel.COMMUNE,
    parent_id="vn",
    path="vn.01.00001",
)
CODE = "7K3M-9QXD-0VHT-2ZPA-8"
COPY = b"%PDF-1.7 no real copy"
COPY_SHA256 = hashlib.sha256(COPY).hexdigest()
WIDTH, HEIGHT = 1240, 1754


@dataclass(kw_only=True)
class FixedClock:
    """Stands still until told to move."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def pass_time(self, span: timedelta) -> None:
        self.at += span


class SharedDatabase(MemoryDatabase):
    """The fake for a web server's many threads: transactions wait for one another."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = threading.Lock()
        self.available = True

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if not self.available:
            raise HosoError(ErrorCode.DATABASE_UNAVAILABLE, host="10.0.0.5", password="secret")
        with self._turn, super().transaction() as tx:
            yield tx


@dataclass(kw_only=True)
class TestHouse:
    """The house and its parts, for tests to look behind the pages."""

    __test__ = False
    database: SharedDatabase = field(default_factory=SharedDatabase)
    objects: MemoryObjectStore = field(default_factory=MemoryObjectStore)
    clock: FixedClock = field(default_factory=FixedClock)
    house: House = field(init=False)

    def put(self, document: Document) -> Document:
        with self.database.transaction() as tx:
            tx.documents.add(document)
            tx.events.add(
                Event(
                    name=EventName.DOCUMENT_REGISTERED,
                    actor_id="account-operator",
                    agency_id=document.agency_id,
                    document_id=document.id,
                    at=document.created_at,
                )
            )
        return document

    def open_session(self, login: str, *, number: int = 0) -> str:
        """The token of a session, without the slow work of checking a password; ``number``: a later one."""
        token = f"token-of-{login}-{number}" if number else f"token-of-{login}"
        with self.database.transaction() as tx:
            account = tx.accounts.by_login(login)
            assert account is not None
            tx.accounts.add_session(
                Session(
                    token_sha256=hashlib.sha256(token.encode()).hexdigest(),
                    account_id=account.id,
                    csrf_token=f"csrf of {login} {number}" if number else f"csrf of {login}",
                    expires_at=self.clock.now() + SESSION_LENGTH,
                )
            )
        return token

    def document(self, document_id: str) -> Document:
        with self.database.transaction() as tx:
            document = tx.documents.get(document_id, within=ROOT.path)
        assert document is not None
        return document


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def make_test_house(*, demo: bool = True, public_url: str = "http://127.0.0.1:8000") -> TestHouse:
    """A house with staff ``operator`` … ``admin`` of one commune and ``stranger`` of another."""
    test = TestHouse()
    test.house = House(
        database=test.database,
        objects=test.objects,
        clock=test.clock,
        limits=Limits(max_bytes=2 * 1024 * 1024),
        retention=Retention(days=365),
        trust=lambda: TrustAnchors(roots=()),
        root=ROOT,
        public_url=public_url,
        demo=demo,
    )
    names = {
        "operator": "Trần Thị Mai",
        "officer": "Nguyễn Văn Bình",
        "certifier": "Lê Hồng Phúc",
        "auditor": "Đỗ Thị Thu",
        "admin": "Phạm Quốc Anh",
        "agent": "Bưu cục Việt Yên",
    }
    with test.database.transaction() as tx:
        for agency in (ROOT, COMMUNE, ELSEWHERE):
            tx.agencies.add(agency)
        for role, name in names.items():
            tx.accounts.save(_account(role, name, COMMUNE, Role(role)))
        tx.accounts.save(_account("stranger", "Vũ Thị Lan", ELSEWHERE, Role.OFFICER))
    return test


def _account(login: str, name: str, agency: Agency, role: Role) -> Account:
    return Account(
        id=f"account-{login}",
        login=login,
        name=name,
        agency_id=agency.id,
        agency_path=agency.path,
        roles=frozenset({role}),
        password_hash=_hashed(),
    )


_PRINTED = (
    ("number", "Số: 12/2024/TLKS-BS", "12/2024/TLKS-BS", 330, True),
    ("full_name", "NGUYỄN THỊ HƯƠNG GIANG", "Nguyễn Thị Hương Giang", 480, True),
    ("birth_date", "05/03/1998", "1998-03-05", 560, True),
    ("sex", "Nữ", "female", 640, True),
    ("ethnicity", "Kinh", "Kinh", 720, True),
    ("personal_id", "024198003456", "024198003456", 800, True),
    ("home_town", "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang", None, 880, False),
    ("mother_full_name", "TRẦN THỊ HÒA", "Trần Thị Hòa", 1040, True),
    ("mother_birth_date", "1972", "1972", 1120, True),
    ("registration_date", "12/03/1998", "1998-03-12", 1280, True),
)


def sample_record() -> Record:
    """A birth extract as read, one value of it uncertain."""
    lines = tuple(
        Line(page=1, text=text, confidence=0.99, agreed=True, box=_box(top))
        for _, text, _, top, _ in _PRINTED
    )
    quality = Quality(
        dpi=150, skew=-0.8, blur=0.1, usable=True, reasons=(QualityReason.LOW_RESOLUTION,)
    )
    return Record(
        file="trích lục Giang.pdf",
        sha256="ab" * 32,
        pages=(1, 2),
        form=FormCode.BIRTH_EXTRACT,
        form_confidence=0.99,
        quality=quality,
        lines=lines,
        fields={
            name: FieldValue(
                text=text,
                value=value,
                confidence=0.99 if certain else 0.71,
                certain=certain,
                page=1,
                box=_box(top),
            )
            for name, text, value, top, certain in _PRINTED
        },
        checks=(
            Check(code="personal_id_sex", outcome=CheckOutcome.PASS),
            Check(code="birth_date_in_words", outcome=CheckOutcome.PASS),
            Check(code="required_fields", outcome=CheckOutcome.WARN),
        ),
        page_facts=tuple(
            PageFacts(
                number=number, width=WIDTH, height=HEIGHT, dpi=150, rotation=0, quality=quality
            )
            for number in (1, 2)
        ),
    )


def _box(top: int) -> Box:
    return Box.upright(left=420, top=top, right=1080, bottom=top + 44)


def sample_verdicts() -> tuple[Verdict, ...]:
    """The subject is known with differences, the mother is nobody's row."""
    as_of = datetime(2025, 6, 30, 3, 0, tzinfo=UTC)

    def finding(name: str, kind: FindingKind, paper: str | None, data: str | None) -> Finding:
        return Finding(
            field=name,
            kind=kind,
            document=paper,
            population=data,
            weight=-4.0,
            source="population",
            as_of=as_of,
        )

    return (
        Verdict(
            role="subject",
            decision=Decision.MATCHED,
            personal_id="024198003456",
            probability=0.99971,
            findings=(
                finding(
                    "full_name",
                    FindingKind.TONE_ONLY,
                    "Nguyễn Thị Hương Giang",
                    "Nguyễn Thị Hường Giang",
                ),
                finding("birth_date", FindingKind.DIFFERENT, "1998-03-05", "1998-05-03"),
                finding("sex", FindingKind.AGREES, "female", "female"),
                finding("ethnicity", FindingKind.MISSING_IN_POPULATION, "Kinh", None),
                finding("residence", FindingKind.MISSING_IN_DOCUMENT, None, "phường Việt Yên"),
            ),
            candidates=(Candidate(personal_id="024198000000", probability=0.0002),),
        ),
        Verdict(role="mother", decision=Decision.NO_RECORD, personal_id=None, probability=0.0),
    )


def sample_document(
    document_id: str = "11111111-1111-5111-8111-111111111111",
    *,
    state: DocumentState = DocumentState.REVIEW,
    agency: Agency = COMMUNE,
    minutes_ago: int = 20,
    **changes: object,
) -> Document:
    """A document on its way, read where its state says so."""
    at = NOW - timedelta(minutes=minutes_ago)
    unread = state in {DocumentState.RECEIVED, DocumentState.FAILED}
    document = Document(
        id=document_id,
        agency_id=agency.id,
        batch="hộp 7",
        file="trích lục Giang.pdf",
        sha256="ab" * 32,
        media_type="application/pdf",
        pages=() if unread else (1, 2),
        lane=Lane.COUNTER,
        state=state,
        reasons=("full_name_tone_only_subject", "birth_date_different_subject", "form_uncertain")
        if state is DocumentState.REVIEW
        else (),
        problem="file_broken" if state is DocumentState.FAILED else None,
        record=None if unread else sample_record(),
        verdicts=() if unread else sample_verdicts(),
        matched_at=None if unread else at,
        created_by="account-operator",
        created_at=at,
        updated_at=at,
    )
    return replace(document, **changes)  # type: ignore[arg-type]


def as_accepted(document: Document, population: Population) -> Document:
    """The document as an officer accepted it in spite of what this population says of it."""
    assert document.record is not None
    verdicts = match_record(document.record, population=population)
    reasons = conclude(document.record, verdicts).reasons
    assert reasons
    return replace(document, verdicts=verdicts, reasons=reasons)


@cache
def page_jpeg(number: int) -> bytes:
    """A drawn page on which the boxes of :func:`sample_record` fit."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "#fbf8f0")
    pen = ImageDraw.Draw(page)
    pen.text((420, 120), f"TRICH LUC KHAI SINH - {number}", fill="black", font_size=40)
    for name, _, _, top, _ in _PRINTED if number == 1 else ():
        pen.text((120, top + 4), name, fill="#444", font_size=26)
        pen.text((440, top + 4), name.upper(), fill="black", font_size=30)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    return out.getvalue()


def fill(test: TestHouse) -> None:
    """One document in every state, with pages, history and a certificate."""
    for number in (1, 2):
        test.objects.put(
            Bucket.PAGES, page_key("ab" * 32, number), page_jpeg(number), media_type="image/jpeg"
        )
    test.objects.put(Bucket.ECOPIES, COPY_SHA256, COPY, media_type="application/pdf")
    for place, state in enumerate(DocumentState):
        document_id = f"{place}0000000-0000-5000-8000-00000000000{place}"
        test.put(sample_document(document_id, state=state, minutes_ago=place * 7))
        if state is DocumentState.CERTIFIED:
            with test.database.transaction() as tx:
                tx.certificates.add(sample_certificate(document_id))
    test.put(sample_document("90000000-0000-5000-8000-000000000009", agency=ELSEWHERE))


def sample_certificate(document_id: str, **changes: object) -> Certificate:
    """An entry of the register."""
    certificate = Certificate(
        code=CODE,
        document_id=document_id,
        agency_id=COMMUNE.id,
        year=2026,
        number=17,
        regime=Regime.CERTIFIED_COPY,
        sha256=COPY_SHA256,
        object_version=None,
        retain_until=NOW + timedelta(days=365),
        signer_name="Lê Hồng Phúc",
        signed_at=NOW - timedelta(minutes=3),
    )
    return replace(certificate, **changes)  # type: ignore[arg-type]


def of_state(state: DocumentState) -> str:
    """Id of the document that :func:`fill` put in ``state``."""
    place = list(DocumentState).index(state)
    return f"{place}0000000-0000-5000-8000-00000000000{place}"
