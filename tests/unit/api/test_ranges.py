"""A range of a certified copy: which bytes, which status, and what the trail counts."""

import hashlib
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from domain.document import DocumentState
from domain.event import EventName
from domain.ports import Bucket
from tests.fakes.house import CODE, TestHouse, of_state, sample_certificate
from tests.unit.api.conftest import SignIn

CERTIFIED = of_state(DocumentState.CERTIFIED)
AT = f"/api/v1/documents/{CERTIFIED}/copy"


@pytest.fixture
def pdf(test_house: TestHouse) -> bytes:
    """The copy of the certified sample."""
    sha256 = sample_certificate(CERTIFIED).sha256
    return test_house.objects.get(Bucket.ECOPIES, sha256)


@pytest.fixture
def desk(program: SignIn) -> TestClient:
    return program("certifier")


def downloads(test_house: TestHouse) -> int:
    with test_house.database.transaction() as tx:
        names = [event.name for event in tx.events.of_document(CERTIFIED)]
    return names.count(EventName.COPY_DOWNLOADED)


def test_one_range_is_answered_by_these_bytes(desk: TestClient, pdf: bytes) -> None:
    size = len(pdf)
    assert size > 9
    for asked, first, end in (
        ("bytes=0-4", 0, 5),
        ("bytes=2-2", 2, 3),
        ("bytes=5-", 5, size),
        (f"bytes={size - 1}-{size + 99}", size - 1, size),
        ("bytes=-3", size - 3, size),
        (f"bytes=-{size + 5}", 0, size),
        (" Bytes = 0-4 ", 0, 5),
    ):
        answer = desk.get(AT, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (206, pdf[first:end]), asked
        assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/{size}"
        assert answer.headers["content-length"] == str(end - first)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    "asked",
    [
        *("bytes=0-1,3-4", "bytes=0-0,-1", "lines=0-4", "bytes=4-2", "bytes=", "bytes=-", "bytes=a-b"),
        *("bytes", "bytes=1", "bytes=--1", "bytes=0-4;", "bytes=٠-٤".encode(), f"bytes=0-{'9' * 5000}"),
    ],
)  # fmt: skip
def test_several_ranges_and_what_is_none_are_answered_by_the_whole(
    desk: TestClient, pdf: bytes, asked: str | bytes
) -> None:
    answer = desk.get(AT, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, pdf)
    assert "content-range" not in answer.headers
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_range_outside_is_refused_and_counts_for_nothing(
    desk: TestClient, pdf: bytes, test_house: TestHouse
) -> None:
    for asked in (f"bytes={len(pdf)}-", "bytes=-0", f"bytes={'9' * 18}-"):
        answer = desk.get(AT, headers={"Range": asked})
        assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable"), asked
        assert answer.headers["content-range"] == f"bytes */{len(pdf)}"
    assert downloads(test_house) == 0


def test_a_download_is_gone_on_with_only_where_it_is_the_same_file(
    desk: TestClient, pdf: bytes
) -> None:
    etag = desk.get(AT).headers["etag"]
    assert etag == f'"{hashlib.sha256(pdf).hexdigest()}"'
    same = desk.get(AT, headers={"Range": "bytes=3-", "If-Range": etag})
    assert (same.status_code, same.content) == (206, pdf[3:])
    for other in ('"0"', f"W/{etag}", "Fri, 27 Nov 2026 00:00:00 GMT"):
        whole = desk.get(AT, headers={"Range": "bytes=3-", "If-Range": other})
        assert (whole.status_code, whole.content) == (200, pdf)
    outside = {"Range": f"bytes={len(pdf)}-", "If-Range": '"0"'}
    assert desk.get(AT, headers=outside).status_code == 200


def test_the_head_tells_the_whole_and_is_no_download(
    desk: TestClient, pdf: bytes, test_house: TestHouse
) -> None:
    for headers in ({}, {"Range": "bytes=0-4"}, {"Range": f"bytes={len(pdf)}-"}):
        head = desk.head(AT, headers=headers)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(pdf))
        assert head.headers["accept-ranges"] == "bytes"
    assert downloads(test_house) == 0


def test_a_viewers_ranges_are_one_download_of_that_person(
    desk: TestClient, program: SignIn, pdf: bytes, test_house: TestHouse
) -> None:
    assert pdf
    for first in range(9):
        assert desk.get(AT, headers={"Range": f"bytes={first}-"}).status_code == 206
    assert downloads(test_house) == 1
    desk.get(AT)
    desk.get(AT, headers={"Range": "bytes=0-1,3-4"})
    assert downloads(test_house) == 3, "the whole counts each time"
    program("officer").get(AT, headers={"Range": "bytes=0-4"})
    assert downloads(test_house) == 4, "somebody else"
    test_house.clock.pass_time(timedelta(minutes=61))
    desk.get(AT, headers={"Range": "bytes=0-4"})
    assert downloads(test_house) == 5, "another hour"


def test_whoever_collects_is_given_the_whole_and_proves_it_each_time(
    visitor: TestClient, pdf: bytes
) -> None:
    """Ranges are defined for ``GET`` alone (RFC 9110, 14.2), and a proof does not belong in an address."""
    for at, sent in (
        (f"/api/v1/verify/{CODE}/copy", {"json": {"proof": "024198003456"}}),
        (f"/v/{CODE}/copy", {"data": {"proof": "024198003456"}}),
    ):
        answer = visitor.post(at, headers={"Range": "bytes=0-4"}, **sent)  # type: ignore[arg-type]
        assert (answer.status_code, answer.content) == (200, pdf)
        assert "accept-ranges" not in answer.headers
    wrong = {"proof": "024198009999"}
    counted = [
        visitor.post(f"/v/{CODE}/copy", headers={"Range": "bytes=0-4"}, data=wrong).status_code
        for _ in range(11)
    ]
    assert counted == [403] * 10 + [429]
