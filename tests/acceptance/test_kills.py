"""kill -9 of anything at any moment: what was acknowledged is finished, exactly once."""

import os
import signal
import time
from collections import Counter
from pathlib import Path

import httpx
import psycopg
import pytest

from storage.settings import load_settings
from storage.stores import database_url
from tests.acceptance.conftest import DOCUMENTS, Installation

PATIENCE = 240
"""Seconds; a vanished worker is noticed after 15 to 25, the machine may be busy."""


@pytest.fixture(scope="module")
def other_scans(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scans that no other test has brought."""
    folder = tmp_path_factory.mktemp("kills")
    installation.hoso(
        "samples", "make", "--out", str(folder), "--count", str(DOCUMENTS), "--seed", "6"
    )
    return folder / "scans"


def kill(installation: Installation, name: str) -> None:
    os.kill(installation.pid(name), signal.SIGKILL)


def counts(installation: Installation, batch: str) -> Counter[str]:
    url = database_url(load_settings(home=installation.home))
    with psycopg.connect(url) as connection:
        rows = connection.execute("select state from document where batch = %s", [batch])
        return Counter(state for (state,) in rows)


def wait_until_settled(installation: Installation, batch: str, expected: int) -> Counter[str]:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            found = counts(installation, batch)
        except psycopg.OperationalError:
            found = Counter()  # the server is on its way back
        settled = found["review"] + found["verified"] + found["failed"]
        if settled >= expected and settled == found.total():
            return found
        assert time.monotonic() < deadline, f"still {found}"
        time.sleep(0.5)


def wait_until_no_job_is_left(installation: Installation) -> None:
    """A job is marked done a moment after the document it settled was committed."""
    url = database_url(load_settings(home=installation.home))
    deadline = time.monotonic() + PATIENCE
    while True:
        with psycopg.connect(url) as connection:
            left = connection.execute(
                "select task_name, status, args from procrastinate_jobs "
                "where status in ('todo', 'doing', 'failed')"
            ).fetchall()
        if not left:
            return
        assert time.monotonic() < deadline, f"still {left}"
        time.sleep(0.5)


def test_a_killed_worker_leaves_every_document_finished_exactly_once(
    installation: Installation, other_scans: Path
) -> None:
    installation.hoso("digitize", str(other_scans), "--batch", "kills")
    deadline = time.monotonic() + PATIENCE
    while counts(installation, "kills")["received"] > DOCUMENTS - 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    kill(installation, "reader-1")  # in the middle of a document
    found = wait_until_settled(installation, "kills", DOCUMENTS)
    assert found["failed"] == 0
    with psycopg.connect(database_url(load_settings(home=installation.home))) as connection:
        rows = connection.execute(
            "select d.id, e.name, count(*) from document d join event e on e.document_id = d.id "
            "where d.batch = 'kills' and e.name in ('document.read', 'document.matched') "
            "group by d.id, e.name"
        ).fetchall()
    assert {count for _, _, count in rows} == {1}
    assert len(rows) == 2 * found.total()
    wait_until_no_job_is_left(installation)


@pytest.mark.parametrize("name", ["web", "postgres", "objects"])
def test_an_acknowledged_upload_survives_the_kill_of_a_server(
    installation: Installation, name: str
) -> None:
    scan = next((installation.archive / "scans").glob("*.jpg"))
    with installation.signed_in("operator") as client:
        # bytes after the picture's end make it another original
        data = scan.read_bytes() + name.encode()
        answer = client.post(
            "/documents",
            files={"file": (f"{name}.jpg", data)},
            data={"batch": f"kill-{name}"},
        )
    assert answer.status_code == 201, answer.text
    kill(installation, name)
    found = wait_until_settled(installation, f"kill-{name}", 1)
    assert found["failed"] == 0
    page = _get_patiently(f"{installation.url}/readyz")
    assert page.status_code == 200


def _get_patiently(url: str) -> httpx.Response:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answer = httpx.get(url, timeout=20)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 200:
            return answer
        assert time.monotonic() < deadline
        time.sleep(0.5)
