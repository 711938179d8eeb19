"""Long words without a space, narrow windows, no mouse, no JavaScript: every page still serves."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.actor import Role
from domain.document import Document, DocumentState
from domain.event import Event, EventName
from domain.form import FormCode
from domain.person import Person
from domain.record import Check, CheckOutcome, FieldValue
from domain.verdict import Candidate, Decision
from tests.acceptance.web.conftest import OpenPage, Served
from tests.fakes.house import of_state, sample_document, sample_record

LONG = "Scan_20261127_Giay_khai_sinh_hop7_" * 5 + "x" * 22 + ".png"
"""As scanners name files: 196 letters, none of them a space."""
SIZES = ((320, 640), (360, 740), (1280, 900))
PAPER = "cccccccc-0000-5000-8000-000000000001"
RECEIPT = "cccccccc-0000-5000-8000-00000000001"
PAPER_OF_FILE = "cccccccc-0000-5000-8000-000000000020"
REVOKED = "cccccccc-0000-5000-8000-000000000002"

TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return ["the page: " + document.documentElement.scrollWidth,
    ...[...document.querySelectorAll("body *")]
      .filter(e => e.getBoundingClientRect().right > room + 1 && !e.closest(".scan-view"))
      .map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)].slice(0, 6);
}"""

HALVED = """() => [...document.querySelectorAll(".fields .value")]
  .filter(e => /^[0-9/]{8,12}$/.test(e.textContent) && e.checkVisibility())
  .filter(e => e.getBoundingClientRect().height > 1.8 * parseFloat(getComputedStyle(e).lineHeight))
  .map(e => e.textContent)"""
"""Numbers and dates that stand on two lines."""


def _long_paper() -> Document:
    document = sample_document(PAPER, file=LONG, batch=LONG, minutes_ago=1)
    assert document.record is not None
    subject, mother = document.verdicts
    torn = replace(
        subject,
        decision=Decision.REVIEW,
        probability=0.49,
        candidates=(Candidate(personal_id="024198000000", probability=0.49),),
        findings=tuple(
            replace(one, document=LONG, population=LONG, source=LONG)
            if one.field not in {"sex", "birth_date"}
            else one
            for one in subject.findings
        ),
    )
    said = FieldValue(text=LONG, value=LONG, confidence=0.5, certain=False, page=1, box=None)
    fields = dict.fromkeys(("full_name", "home_town", "number", "issuing_agency"), said)
    facts = {"noted": LONG, "fields": ["birth_date"]}
    check = Check(code="later_note", outcome=CheckOutcome.FAIL, facts=facts)
    spelt = {"fields": ["home_town"], "spellings": {LONG: [LONG]}}
    places = Check(code="places_known", outcome=CheckOutcome.WARN, facts=spelt)
    record = replace(
        document.record, fields={**document.record.fields, **fields}, checks=(check, places)
    )
    return replace(document, record=record, verdicts=(torn, mother))


def _long_events() -> Iterator[Event]:
    facts = {"reason": LONG, "os_user": LONG, "source": LONG, "login": LONG, "file": LONG}
    for name in (
        EventName.DOCUMENT_REJECTED,
        EventName.POPULATION_IMPORTED,
        EventName.ACCOUNT_ADDED,
        EventName.BACKUP_MADE,
    ):
        yield Event(
            name=name,
            actor_id="account-officer",
            agency_id="vn.24.07777",
            document_id=PAPER,
            at=sample_document().created_at,
            facts=facts,
        )


def _brought(served: Served) -> None:
    """A receipt in every state that it can have."""
    states = (
        DocumentState.RECEIVED,
        DocumentState.CERTIFIED,
        DocumentState.REJECTED,
        DocumentState.REVIEW,
    )
    for number, state in enumerate(states):
        document = sample_document(
            f"{RECEIPT}{number}", state=state, sha256=f"{number:064x}", minutes_ago=1
        )
        if state is DocumentState.REVIEW and document.record is not None:
            quality = replace(document.record.quality, usable=False)
            document = replace(document, record=replace(document.record, quality=quality))
        served.test.put(document)
        with served.test.database.transaction() as tx:
            tx.events.add(
                Event(
                    name=EventName.DOCUMENT_REGISTERED,
                    actor_id="account-agent",
                    agency_id="vn.24.07777",
                    document_id=document.id,
                    at=document.created_at - timedelta(hours=1),
                    facts={"pages": 23},
                )
            )


def _file_of_papers(served: Served) -> None:
    """A file of one paper in every state; in review a household book, with a field that was not found."""
    ids = [PAPER_OF_FILE, *(f"{PAPER_OF_FILE[:-2]}3{number}" for number in range(7))]
    states = [DocumentState.REVIEW, *(one for one in DocumentState if one != DocumentState.REVIEW)]
    for number, (document_id, state) in enumerate(zip(ids, states, strict=True)):
        document = sample_document(document_id, state=state, sha256="f" * 64, pages=(number + 1,))
        record = replace(sample_record(), form=FormCode.HOUSEHOLD_BOOK)
        missing = ("registration_place_missing", "head_full_name_missing")
        served.test.put(replace(document, record=record, reasons=missing))


@pytest.fixture(scope="module")
def crowded(served: Served) -> Served:
    """Wherever a page shows a text that people chose, that is one long word."""
    test = served.test
    _brought(served)
    _file_of_papers(served)
    test.put(_long_paper())
    test.put(replace(_long_paper(), id=REVOKED, state=DocumentState.FAILED, problem=LONG))
    homes = {"home_town": LONG, "residence": LONG, "mother_full_name": LONG}
    test.database.add_persons(
        [
            Person(personal_id=number, full_name=LONG, birth_date="1998-03-05", **homes)
            for number in ("024198003456", "024198000000")
        ]
    )
    with test.database.transaction() as tx:
        for event in _long_events():
            tx.events.add(event)
        for login in ("officer", "admin"):
            account = tx.accounts.by_login(login)
            assert account is not None
            roles = account.roles | {Role.AUDITOR, Role.CERTIFIER}
            tx.accounts.save(replace(account, name=LONG, roles=roles))
    return served


def pages_of(served: Served) -> Iterator[tuple[str | None, str]]:
    """Who looks at what."""
    code = served.certificate.code
    for path in (
        "/verify",
        f"/v/{code}",
        f"/v/{code}/copy",
        f"/v/{LONG}",
        f"/v/{LONG}/copy",
        "/nix",
    ):
        yield None, path
    yield None, f"/verify?code={LONG}"
    yield None, f"/sign-in?to=/{LONG}"
    certified = f"/documents/{of_state(DocumentState.CERTIFIED)}"
    for path in (f"/documents/{PAPER}", f"/documents/{REVOKED}", certified, "/documents"):
        yield "officer", path
    for path in (f"/documents?batch={LONG}", "/documents?state=review", "/documents/nix", "/audit"):
        yield "officer", path
    yield "officer", f"/documents?code={'x' * 64}"
    yield "officer", f"/documents/{PAPER_OF_FILE}"
    for path in ("/receipts", *(f"/receipts/{RECEIPT}{number}" for number in range(4))):
        yield "agent", path
    yield "admin", "/population"
    yield "operator", "/audit"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_page_is_wider_than_its_window(chromium: Browser, crowded: Served, lang: str) -> None:
    assert len(LONG) == 196
    wide: dict[str, list[str]] = {}
    logins = ("officer", "admin", "operator", "agent")
    tokens = {login: crowded.test.open_session(login) for login in logins}
    for width, height in SIZES:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            is_mobile=width < 500,
            has_touch=width < 500,
        )
        page = context.new_page()
        for login, path in pages_of(crowded):
            context.clear_cookies()
            cookies = [{"name": "lang", "value": lang, "url": crowded.url}]
            if login:
                cookies.append({"name": "hoso", "value": tokens[login], "url": crowded.url})
            context.add_cookies(cookies)
            page.goto(f"{crowded.url}{path}")
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            halved = page.evaluate(HALVED)
            assert not halved, (width, path, halved)
            look_at = os.environ.get("HOSO_TEST_PICTURES")
            if look_at and lang == "vi":
                name = re.sub(r"\W+", "-", path[-30:])
                page.screenshot(path=f"{look_at}/fit-{width}-{login}{name}.png", full_page=True)
            if found := page.evaluate(TOO_WIDE):
                wide[f"{width} {path[:60]}"] = found
        context.close()
    assert not wide, wide


def tab_to(page: Page, text: str, *, most: int) -> int:
    """How many times Tab is pressed until this is focused."""
    for presses in range(1, most + 1):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.textContent"):
            return presses
    pytest.fail(f"{text} is not reached with {most} Tabs")


@pytest.mark.parametrize(
    ("lang", "skip", "accept"),
    [
        ("vi", "Đến phần xử lý", "Chấp nhận…"),
        ("en", "Skip to what to do", "Accept…"),
    ],
)
def test_a_decision_is_near_for_who_has_only_keys(
    open_page: OpenPage, crowded: Served, lang: str, skip: str, accept: str
) -> None:
    page = open_page("desktop", lang=lang, login="officer")
    page.goto(f"{crowded.url}/documents/{of_state(DocumentState.REVIEW)}")
    assert tab_to(page, skip, most=2) == 2
    expect(page.get_by_role("link", name=skip)).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert tab_to(page, accept, most=2) == 1
    page.keyboard.press("Enter")
    assert tab_to(page, "", most=1)
    assert page.locator("details.decision.good[open]").count() == 1


def test_without_javascript_every_page_of_the_scan_is_there(
    chromium: Browser, crowded: Served
) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    token = crowded.test.open_session("officer")
    context.add_cookies([{"name": "hoso", "value": token, "url": crowded.url}])
    page = context.new_page()
    page.goto(f"{crowded.url}/documents/{of_state(DocumentState.REVIEW)}")
    expect(page.locator(".sheet")).to_have_count(2)
    for sheet in page.locator(".sheet").all():
        expect(sheet).to_be_visible()
    expect(page.locator(".page-name").last).to_have_text("Trang 2 trên 2")
    expect(page.locator("[data-turn]:visible, [data-zoom]:visible")).to_have_count(0)
    context.close()
