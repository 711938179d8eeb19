"""A browser and a served house; pages are used as people use them."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.service import create_app
from domain.certificate import Certificate
from tests.fakes.certified import certify_one
from tests.fakes.house import PASSWORD, TestHouse, fill, make_test_house

OFFICE = "office.test"
"""A name by which browsers find the house as they do in an office's network: by plain http, trusted less."""
CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@dataclass(frozen=True, kw_only=True)
class Served:
    """A house behind an address, with one copy really certified."""

    url: str
    test: TestHouse
    certificate: Certificate
    pdf: bytes


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    test = make_test_house()
    fill(test)
    # in a thread of its own: Playwright keeps an event loop running in this one, and so does pyHanko
    with ThreadPoolExecutor(1) as elsewhere:
        folder = tmp_path_factory.mktemp("authority")
        certificate, pdf = elsewhere.submit(certify_one, test, folder).result()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(test.house), log_level="error", timeout_graceful_shutdown=1, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = listener.getsockname()[1]
    yield Served(url=f"http://127.0.0.1:{port}", test=test, certificate=certificate, pdf=pdf)
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                f"--host-resolver-rules=MAP {OFFICE} 127.0.0.1",
            ],
        )
        yield browser
        browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, served: Served) -> Iterator[OpenPage]:
    """``open_page(size, lang=, login=)``: a page that must stay free of script errors."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_it(size: str, *, lang: str = "vi", login: str | None = None) -> Page:
        context = chromium.new_context(
            viewport=SIZES[size],
            has_touch=size == "phone",
            is_mobile=size == "phone",
            # a click falls beside a button that a smooth scroll still moves
            reduced_motion="reduce",
        )
        contexts.append(context)
        cookies = [{"name": "lang", "value": lang, "url": served.url}]
        if login is not None:
            token = served.test.open_session(login)
            cookies.append({"name": "hoso", "value": token, "url": served.url})
        context.add_cookies(cookies)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda said: (
                troubles.append(said.text)
                if said.type == "error"
                and "the server responded" not in said.text
                and "net::ERR_CONNECTION_RESET" not in said.text  # a test cut the line
                else None
            ),
        )
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not troubles, troubles


def sign_in(page: Page, served: Served, login: str, password: str = PASSWORD) -> None:
    page.goto(f"{served.url}/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures (``HOSO_TEST_PICTURES``), and check the frame."""
    folder = os.environ.get("HOSO_TEST_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{name} is wider than its window"
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, button, a")]
        .filter(e => e.checkVisibility() && !(e.ariaLabel || e.innerText || e.labels?.length
            || e.getAttribute("aria-label")))
        .map(e => e.outerHTML)"""
    )
    assert not unnamed, unnamed
