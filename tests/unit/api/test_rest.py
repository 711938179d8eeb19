"""REST: who may do what, and what the answers look like."""

import hashlib
import io
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from domain.document import DocumentState
from domain.event import EventName
from domain.person import Person
from domain.ports import Step
from domain.record_json import to_json
from domain.verdict import Candidate, verdict_to_json
from tests.fakes.house import CODE, NOW, TestHouse, of_state, sample_document, sample_record
from tests.unit.api.conftest import ComparedAlike, SignIn
from workflow.intake import document_id


def scan(shade: int = 255) -> bytes:
    out = io.BytesIO()
    Image.new("L", (900, 1200), shade).save(out, "PNG", dpi=(150, 150))
    return out.getvalue()


def bring(client: TestClient, data: bytes, **headers: str) -> tuple[int, dict[str, object]]:
    answer = client.post(
        "/api/v1/documents",
        files={"file": ("thư mục/giấy.png", data, "image/png")},
        data={"lane": "bulk", "batch": "hộp 9"},
        headers=headers,
    )
    return answer.status_code, answer.json()


def test_an_upload_is_stored_and_put_on_its_way(program: SignIn, test_house: TestHouse) -> None:
    operator = program("operator")
    status, document = bring(operator, scan())
    assert status == 201
    assert document["state"] == "received"
    assert document["file"] == "giấy.png"
    assert document["batch"] == "hộp 9"
    job = test_house.database.jobs[-1]
    assert (job.step, job.document_id) == (Step.READ, document["id"])
    again, same = bring(operator, scan())
    assert (again, same["id"]) == (200, document["id"])


def test_a_paper_that_waits_in_bulk_is_hurried_at_the_counter(
    program: SignIn, test_house: TestHouse
) -> None:
    operator = program("operator")
    _, waiting = bring(operator, scan())
    assert waiting["lane"] == "bulk"
    again = operator.post(
        "/api/v1/documents", files={"file": ("x.png", scan())}, data={"lane": "counter"}
    )
    assert (again.status_code, again.json()["lane"]) == (200, "counter")
    assert test_house.database.jobs[-1].lane == "counter"
    # and never back
    assert bring(operator, scan())[1]["lane"] == "counter"


def test_who_brings_a_known_file_is_told_no_more_of_it_than_whoever_looks(
    program: SignIn, test_house: TestHouse
) -> None:
    operator, data = program("operator"), scan()
    known = sample_document(
        document_id(sample_document().agency_id, hashlib.sha256(data).hexdigest()),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    test_house.put(known)
    status, again = bring(operator, data)
    assert (status, again["id"]) == (200, known.id)
    looked = operator.get(f"/api/v1/documents/{known.id}").json()
    assert again["reasons"] == looked["reasons"]
    assert looked["reasons"] != list(known.reasons)  # how near a guess is, is withheld


def test_an_answer_names_the_other_papers_of_its_file(
    program: SignIn, test_house: TestHouse
) -> None:
    officer = program("officer")
    papers = [
        test_house.put(sample_document(f"{number}-of-three", sha256="ef" * 32, pages=(number,)))
        for number in (1, 2, 3)
    ]
    status = officer.get(f"/api/v1/documents/{papers[1].id}").json()
    assert status["siblings"] == ["1-of-three", "3-of-three"]
    assert status["own_copy"] is None


def test_the_file_of_a_copy_is_told_at_once(program: SignIn, test_house: TestHouse) -> None:
    operator = program("operator")
    made_from = of_state(DocumentState.CERTIFIED)
    with test_house.database.transaction() as tx:
        certificate = tx.certificates.by_document(made_from)
        assert certificate is not None
        tx.certificates.add(
            replace(
                certificate,
                code="code of the scan",
                number=18,
                document_id=of_state(DocumentState.REVIEW),
                sha256=hashlib.sha256(scan(99)).hexdigest(),
            )
        )
    _, brought = bring(operator, scan(99))
    assert brought["own_copy"] == {
        "code": "code of the scan",
        "state": "current",
        "number": 18,
        "year": certificate.year,
        "document": of_state(DocumentState.REVIEW),
    }


def test_an_idempotency_key_stands_for_one_file(program: SignIn) -> None:
    operator = program("operator")
    assert bring(operator, scan(250), **{"Idempotency-Key": "k1"})[0] == 201
    assert bring(operator, scan(250), **{"Idempotency-Key": "k1"})[0] == 200
    status, problem = bring(operator, scan(240), **{"Idempotency-Key": "k1"})
    assert (status, problem["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"MZ\x90\x00" * 40, 415, "file_type_unsupported"),
        (scan()[:300], 422, "file_broken"),
        (b"x" * (3 * 1024 * 1024), 413, "file_too_large"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(
    program: SignIn, data: bytes, status: int, code: str
) -> None:
    got, problem = bring(program("operator"), data)
    assert (got, problem["code"]) == (status, code)
    assert problem["remedy"]


def test_an_endless_body_is_cut_off_while_it_streams(program: SignIn) -> None:
    sent = 0

    def endless() -> object:
        nonlocal sent
        head = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
            b"Content-Type: image/png\r\n\r\n"
        )
        yield head
        for _ in range(200):
            sent += 1
            yield b"0" * 65536

    answer = program("operator").post(
        "/api/v1/documents",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 413
    assert answer.json()["code"] == "file_too_large"


def test_a_long_body_elsewhere_is_refused_by_its_declared_length(visitor: TestClient) -> None:
    answer = visitor.post(
        "/api/v1/sessions",
        content=b"{" + b" " * 2_000_000,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "request_too_large"
    assert "1 MB" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/documents", "GET, HEAD, POST"),
        ("DELETE", "/api/v1/documents", "GET, HEAD, POST"),
        ("GET", "/api/v1/sessions", "DELETE, POST"),
        ("POST", "/api/v1/batches/a", "GET, HEAD"),
    ],
)
def test_a_method_not_allowed_is_told_all_that_are(
    visitor: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = visitor.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("second", ["file", "file2"])
def test_of_several_files_in_one_request_none_is_taken(
    program: SignIn, visitor: TestClient, test_house: TestHouse, second: str
) -> None:
    files = [("file", ("a.png", scan(250))), (second, ("b.png", scan(240)))]
    for path in ("/api/v1/documents", "/api/v1/verify"):
        answer = program("operator").post(path, files=files)
        assert (answer.status_code, answer.json()["code"]) == (422, "file_not_alone")
    assert test_house.database.jobs == []
    # who asks is looked at before what was sent
    assert visitor.post("/api/v1/documents", files=files).json()["code"] == "not_signed_in"


@pytest.mark.parametrize("body", [b"--x\r\nnonsense", b"--y\r\n\r\n--y--", b""])
def test_malformed_multipart_is_the_callers_fault(program: SignIn, body: bytes) -> None:
    answer = program("operator").post(
        "/api/v1/documents",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "request_invalid"


def test_the_list_is_filtered_and_paged(program: SignIn) -> None:
    operator = program("operator")
    first = operator.get("/api/v1/documents", params={"limit": 5}).json()
    rest = operator.get(
        "/api/v1/documents", params={"limit": 5, "cursor": first["next_cursor"]}
    ).json()
    ids = [one["id"] for one in first["documents"] + rest["documents"]]
    assert len(ids) == len(set(ids)) == len(DocumentState)
    assert rest["next_cursor"] is None
    only = operator.get("/api/v1/documents", params={"state": "review"}).json()
    assert [one["id"] for one in only["documents"]] == [of_state(DocumentState.REVIEW)]
    assert operator.get("/api/v1/documents", params={"batch": "không có"}).json() == {
        "documents": [],
        "next_cursor": None,
    }
    assert operator.get("/api/v1/documents", params={"cursor": "rubbish"}).status_code == 422


def test_record_verdicts_events_and_pages(program: SignIn, test_house: TestHouse) -> None:
    officer = program("officer")
    at = f"/api/v1/documents/{of_state(DocumentState.REVIEW)}"
    record = officer.get(f"{at}/record").json()
    assert record["form"] == "birth_extract"
    assert record["document"] == of_state(DocumentState.REVIEW)
    assert record["fields"]["birth_date"]["box"][0] == [420.0, 560.0]
    verdicts = officer.get(f"{at}/verdicts").json()["verdicts"]
    assert [one["role"] for one in verdicts] == ["subject", "mother"]
    # to the letter what `hoso read` and `hoso match` write
    kept = test_house.document(of_state(DocumentState.REVIEW))
    assert kept.record is not None
    matched_at = record.pop("matched_at")
    assert datetime.fromisoformat(matched_at) == kept.matched_at
    assert record == {**to_json(kept.record), "document": kept.id, "state": "review"}
    assert verdicts == [verdict_to_json(each, file=kept.file) for each in kept.verdicts]
    names = [one["name"] for one in officer.get(f"{at}/events").json()]
    assert names[0] == "document.registered"
    assert "document.viewed" in names
    picture = officer.get(f"{at}/pages/2.jpg")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["cache-control"] == "no-store"
    refusal = officer.get(f"{at}/pages/3.jpg", headers={"Accept-Language": "en_US"})
    assert (refusal.status_code, refusal.json()["code"]) == (404, "page_not_found")
    assert "1, 2" in refusal.json()["detail"]
    assert refusal.headers["Content-Language"] == "en"
    assert refusal.headers["Vary"] == "Accept-Language, Cookie"
    unread = f"/api/v1/documents/{of_state(DocumentState.RECEIVED)}/record"
    assert officer.get(unread).json()["code"] == "state_conflict"
    assert test_house.database.jobs == []


def test_records_and_verdicts_are_described(program: SignIn) -> None:
    schemas = program("officer").get("/api/v1/openapi.json").json()["components"]["schemas"]
    record, verdict = to_json(sample_record()), schemas["PersonVerdict"]["properties"]
    assert record.keys() <= schemas["DocumentRecord"]["properties"].keys()
    field = record["fields"]["full_name"]
    assert field.keys() <= schemas["RecordField"]["properties"].keys()
    assert verdict["findings"]["items"]["$ref"].endswith("VerdictFinding")


def test_a_correction_is_matched_again(program: SignIn, test_house: TestHouse) -> None:
    document_id = of_state(DocumentState.REVIEW)
    at = f"/api/v1/documents/{document_id}/review"
    officer = program("officer")
    for values, code in (
        ({"shoe_size": "42"}, "field_unknown"),
        ({"birth_date": "31/02/1998"}, "field_value_invalid"),
    ):
        answer = officer.post(at, json={"decision": "correct", "values": values})
        assert answer.status_code == 422
        assert answer.json()["code"] == code
        assert answer.json()["field"] == next(iter(values))
    answer = officer.post(at, json={"decision": "correct", "values": {"birth_date": "03/05/1998"}})
    assert answer.json()["state"] == "read"
    record = test_house.document(document_id).record
    assert record is not None
    assert record.fields["birth_date"].value == "1998-05-03"
    assert record.fields["birth_date"].corrected_by == "account-officer"


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_value_that_is_not_on_the_paper_becomes_null(
    program: SignIn, nothing: str | None
) -> None:
    officer = program("officer")
    at = f"/api/v1/documents/{of_state(DocumentState.REVIEW)}"
    body = {"decision": "correct", "values": {"home_town": nothing}}
    assert officer.post(f"{at}/review", json=body).status_code == 200
    field = officer.get(f"{at}/record").json()["fields"]["home_town"]
    assert (field["value"], field["certain"]) == (None, True)
    assert field["corrected_by"] == "account-officer"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            {"decision": "accept", "reason": "x", "values": {"full_name": "A"}},
            "values_without_correction",
        ),
        (
            {"decision": "reject", "reason": "x", "values": {"full_name": None}},
            "values_without_correction",
        ),
        (
            {"decision": "reject", "reason": "x", "persons": {"subject": "024198000000"}},
            "persons_without_acceptance",
        ),
        (
            {"decision": "accept", "reason": "x", "persons": {"wife": "024198000000"}},
            "person_not_on_paper",
        ),
        (
            {"decision": "accept", "reason": "x", "persons": {"subject": "024198003456"}},
            "person_not_considered",  # named by the verdict, but nobody has that number now
        ),
        ({"decision": "correct"}, "correction_empty"),
        ({"decision": "correct", "values": {}, "reason": "x"}, "correction_empty"),
    ],
)
def test_a_decision_that_would_lose_something_is_refused(
    program: SignIn,
    compared_alike: ComparedAlike,
    test_house: TestHouse,
    body: dict[str, object],
    code: str,
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    before = compared_alike(document_id)
    answer = program("officer").post(f"/api/v1/documents/{document_id}/review", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert test_house.document(document_id) == before


def test_a_program_says_whom_the_officer_chose(
    program: SignIn, compared_alike: ComparedAlike, test_house: TestHouse
) -> None:
    document_id = of_state(DocumentState.REVIEW)
    document = test_house.document(document_id)
    subject, mother = document.verdicts
    likelier = (Candidate(personal_id="024198000000", probability=0.2),)
    verdicts = (replace(subject, candidates=likelier), mother)
    with test_house.database.transaction() as tx:
        assert tx.documents.move(document, changed=replace(document, verdicts=verdicts))
    compared_alike(document_id)
    other = Person(personal_id="024198000000", full_name="Nguyễn Thị Hường Giang")
    test_house.database.add_persons([other])
    at = f"/api/v1/documents/{document_id}"
    officer = program("officer")
    body = {"decision": "accept", "reason": "con bà Hòa", "persons": {"subject": other.personal_id}}
    assert officer.post(f"{at}/review", json=body).json()["state"] == "verified"
    chosen, mother = officer.get(f"{at}/verdicts").json()["verdicts"]
    assert (chosen["decision"], chosen["personal_id"]) == ("matched", other.personal_id)
    assert chosen["decided_by"] == "account-officer"
    assert [one["personal_id"] for one in chosen["candidates"]] == ["024198003456"]
    assert "decided_by" not in mother
    told = [one for one in officer.get(f"{at}/events").json() if one["name"] == "document.accepted"]
    assert told[0]["facts"]["persons"] == {"subject": other.personal_id}


def test_what_is_accepted_is_the_comparison_of_now(program: SignIn, test_house: TestHouse) -> None:
    """Its verdicts are of other data: the first answer says so, and leaves the verdicts of now."""
    document_id = of_state(DocumentState.REVIEW)
    at = f"/api/v1/documents/{document_id}"
    officer = program("officer")
    before = test_house.document(document_id)
    body = {"decision": "accept", "reason": "đã đối chiếu sổ gốc"}
    late = officer.post(f"{at}/review", json=body)
    assert (late.status_code, late.json()["code"]) == (409, "document_changed")
    after = test_house.document(document_id)
    assert (after.state, after.matched_at) == (DocumentState.REVIEW, NOW)
    assert after.verdicts != before.verdicts
    assert officer.post(f"{at}/review", json=body).json()["state"] == "verified"


def test_accept_and_reject_want_a_reason_and_happen_once(
    program: SignIn, compared_alike: ComparedAlike
) -> None:
    compared_alike(of_state(DocumentState.REVIEW))
    officer = program("officer")
    at = f"/api/v1/documents/{of_state(DocumentState.REVIEW)}/review"
    assert officer.post(at, json={"decision": "accept"}).json()["code"] == "reason_required"
    accepted = officer.post(at, json={"decision": "accept", "reason": "đã đối chiếu sổ gốc"})
    assert accepted.json()["state"] == "verified"
    again = officer.post(at, json={"decision": "accept", "reason": "lần nữa"})
    assert (again.status_code, again.json()["code"]) == (409, "state_conflict")
    rejected = officer.post(at, json={"decision": "reject", "reason": "sai người"})
    assert rejected.json()["state"] == "rejected"


@pytest.mark.parametrize("state", [DocumentState.VERIFIED, DocumentState.REJECTED])
def test_what_was_verified_or_rejected_is_reopened_with_a_reason(
    program: SignIn, state: DocumentState
) -> None:
    officer = program("officer")
    at = f"/api/v1/documents/{of_state(state)}"
    assert officer.post(f"{at}/review", json={"decision": "reopen"}).status_code == 422
    body = {"decision": "reopen", "reason": "bấm nhầm"}
    reopened = officer.post(f"{at}/review", json=body)
    assert (reopened.json()["state"], reopened.json()["reasons"]) == (
        "review",
        ["reopened", "no_record_subject"],
    )
    again = officer.post(f"{at}/review", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "state_conflict")
    event = officer.get(f"{at}/events").json()[-1]
    assert (event["name"], event["facts"]) == ("document.reopened", {"reason": "bấm nhầm"})


def test_a_document_is_matched_again_and_says_when(program: SignIn, test_house: TestHouse) -> None:
    officer = program("officer")
    at = f"/api/v1/documents/{of_state(DocumentState.REVIEW)}"
    before = officer.get(at).json()["matched_at"]
    test_house.clock.pass_time(timedelta(minutes=5))
    matched = officer.post(f"{at}/match")
    assert matched.status_code == 200
    assert matched.json()["matched_at"] > before
    for part in ("", "/record", "/verdicts"):
        assert officer.get(at + part).json()["matched_at"] == matched.json()["matched_at"]
    unread = f"/api/v1/documents/{of_state(DocumentState.RECEIVED)}"
    assert officer.get(unread).json()["matched_at"] is None
    refused = officer.post(f"{unread}/match")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_conflict")


def test_what_was_read_is_kept_beside_what_was_typed(program: SignIn) -> None:
    officer = program("officer")
    at = f"/api/v1/documents/{of_state(DocumentState.REVIEW)}"
    values = {"birth_date": "03/05/1998", "residence": "Bắc Ninh"}
    officer.post(f"{at}/review", json={"decision": "correct", "values": values})
    fields = officer.get(f"{at}/record").json()["fields"]
    kept = {name for name, field in fields.items() if "read_text" in field}
    assert kept == {"birth_date"}, "nothing was read where a home was typed"
    read = fields["birth_date"]["read_text"], fields["birth_date"]["read_value"]
    assert read == ("05/03/1998", "1998-03-05")
    (typed,) = fields["residence"]["corrections"]
    assert (typed["by"], typed["text"]) == ("account-officer", "Bắc Ninh")
    assert "corrections" not in fields["full_name"]


def test_certify_is_asked_for_and_done_in_the_background(
    program: SignIn, test_house: TestHouse
) -> None:
    certifier = program("certifier")
    document_id = of_state(DocumentState.VERIFIED)
    answer = certifier.post(f"/api/v1/documents/{document_id}/certify")
    assert (answer.status_code, answer.json()["state"]) == (202, "certifying")
    assert test_house.database.jobs[-1].step is Step.CERTIFY
    missing = certifier.get(f"/api/v1/documents/{document_id}/copy")
    assert (missing.status_code, missing.json()["code"]) == (404, "certificate_not_found")


def test_a_copy_is_revoked_with_a_reason_once_and_not_handed_out_again(program: SignIn) -> None:
    certifier = program("certifier")
    at = f"/api/v1/documents/{of_state(DocumentState.CERTIFIED)}"
    assert certifier.post(f"{at}/revoke", json={}).json()["code"] == "reason_required"
    revoked = certifier.post(f"{at}/revoke", json={"reason": "cấp nhầm người"})
    assert (revoked.status_code, revoked.json()["state"]) == (200, "review")
    again = certifier.post(f"{at}/revoke", json={"reason": "lần nữa"})
    assert (again.status_code, again.json()["code"]) == (409, "state_conflict")
    copy = certifier.get(f"{at}/copy")
    assert (copy.status_code, copy.json()["code"]) == (410, "copy_revoked")


@pytest.mark.parametrize(
    ("login", "method", "path", "body"),
    [
        (
            "officer",
            "POST",
            f"documents/{of_state(DocumentState.CERTIFIED)}/revoke",
            {"reason": "x"},
        ),
        ("operator", "POST", f"documents/{of_state(DocumentState.VERIFIED)}/certify", None),
        ("operator", "POST", f"documents/{of_state(DocumentState.REVIEW)}/match", None),
        ("operator", "GET", f"documents/{of_state(DocumentState.CERTIFIED)}/copy", None),
        (
            "auditor",
            "POST",
            f"documents/{of_state(DocumentState.REVIEW)}/review",
            {"decision": "accept", "reason": "x"},
        ),
        (
            "certifier",
            "POST",
            f"documents/{of_state(DocumentState.REVIEW)}/review",
            {"decision": "reject", "reason": "x"},
        ),
    ],
)
def test_a_missing_right_is_a_clear_problem(
    program: SignIn, login: str, method: str, path: str, body: object
) -> None:
    answer = program(login).request(method, f"/api/v1/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_documents_of_other_agencies_do_not_exist(program: SignIn) -> None:
    stranger = program("stranger")
    at = f"/api/v1/documents/{of_state(DocumentState.REVIEW)}"
    unknown = "/api/v1/documents/00000000-0000-4000-8000-00000000dead"
    for path in ("", "/record", "/verdicts", "/events", "/pages/1.jpg"):
        theirs, nobodys = stranger.get(at + path), stranger.get(unknown + path)
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() == nobodys.json()
    review = {"decision": "accept", "reason": "x"}
    assert stranger.post(f"{at}/review", json=review).status_code == 404
    listed = stranger.get("/api/v1/documents").json()["documents"]
    assert [one["id"] for one in listed] == ["90000000-0000-5000-8000-000000000009"]
    assert stranger.get("/api/v1/batches/hộp 7").json()["total"] == 1


def test_batch_counts(program: SignIn) -> None:
    operator = program("operator")
    counts = operator.get("/api/v1/batches/hộp 7").json()
    assert counts["total"] == len(DocumentState)
    assert counts["states"]["review"] == 1
    assert operator.get("/api/v1/batches/hộp 8").json()["code"] == "batch_not_found"


def test_names_are_kept_and_compared_composed(program: SignIn) -> None:
    operator = program("operator")
    decomposed = unicodedata.normalize("NFD", "Hộp 7/2024")
    answer = operator.post(
        "/api/v1/documents",
        files={"file": (unicodedata.normalize("NFD", "giấy.png"), scan())},
        data={"batch": f" {decomposed} "},
    )
    assert answer.status_code == 201
    assert (answer.json()["file"], answer.json()["batch"]) == ("giấy.png", "Hộp 7/2024")
    for name in (decomposed, "Hộp 7/2024", quote(decomposed, safe="")):
        counts = operator.get(f"/api/v1/batches/{name}").json()
        assert (counts["batch"], counts["total"]) == ("Hộp 7/2024", 1)
    listed = operator.get("/api/v1/documents", params={"batch": decomposed}).json()
    assert [one["id"] for one in listed["documents"]] == [answer.json()["id"]]
    everything = operator.get("/api/v1/documents").json()
    assert operator.get("/api/v1/documents", params={"batch": ""}).json() == everything


def test_a_known_scan_is_found_under_every_batch_it_was_given_with(program: SignIn) -> None:
    operator = program("operator")

    def given(batch: str) -> dict[str, Any]:
        files = {"file": ("giấy.png", scan())}
        answer = operator.post("/api/v1/documents", files=files, data={"batch": batch})
        return dict(answer.json())

    first = given("")
    assert (first["batch"], first["batches"]) == (None, [])
    assert given("zz")["batch"] == "zz"
    again = given("aa")
    assert (again["batch"], again["batches"]) == ("zz", ["zz", "aa"])
    assert operator.get(f"/api/v1/documents/{first['id']}").json() == again
    for name in ("zz", "aa"):
        assert operator.get(f"/api/v1/batches/{name}").json()["total"] == 1
        listed = operator.get("/api/v1/documents", params={"batch": name}).json()
        assert [one["id"] for one in listed["documents"]] == [first["id"]]


def test_a_file_keeps_its_name(program: SignIn) -> None:
    files = {"file": ("\u00d0inh.png", scan())}  # the Icelandic letter that looks like Đ
    answer = program("operator").post("/api/v1/documents", files=files)
    assert answer.json()["file"] == "\u00d0inh.png"


@pytest.mark.parametrize("name", ["  ", "x" * 201, "a\nb", "a\0b"])
def test_what_is_no_batch_name_is_refused_everywhere(program: SignIn, name: str) -> None:
    operator = program("operator")
    for answer in (
        operator.post("/api/v1/documents", files={"file": ("a.png", scan())}, data={"batch": name}),
        operator.get("/api/v1/documents", params={"batch": name}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "batch_name_invalid")


def test_a_known_scan_is_answered_with_the_batch_it_is_in(program: SignIn) -> None:
    operator = program("operator")
    bring(operator, scan())
    again = operator.post(
        "/api/v1/documents", files={"file": ("a.png", scan())}, data={"batch": "hộp 10"}
    )
    assert (again.status_code, again.json()["batch"]) == (200, "hộp 9")


def test_signing_out_makes_the_token_worthless(program: SignIn, test_house: TestHouse) -> None:
    operator = program("operator")
    assert operator.get("/api/v1/me").json()["name"] == "Trần Thị Mai"
    assert operator.delete("/api/v1/sessions").status_code == 204
    assert operator.get("/api/v1/me").json()["code"] == "not_signed_in"
    officer = program("officer")
    test_house.clock.pass_time(timedelta(hours=11))
    assert officer.get("/api/v1/me").status_code == 401


def test_verification_is_open_to_everybody(visitor: TestClient) -> None:
    answer = visitor.post("/api/v1/verify", files={"file": ("a.pdf", b"%PDF-1.7 rubbish")})
    assert answer.status_code == 200
    assert (
        answer.json()["genuineness"] == "not_genuine"
    )  # rubbish, though this house has no trust roots
    for code in ("7K3M-9QXD-0VHT-2ZPA-0", "x", CODE[:-1]):
        unknown = visitor.get(f"/api/v1/verify/{code}")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "certificate_not_found")


def test_events_of_a_document_link_nobody_to_other_documents(
    program: SignIn, visitor: TestClient
) -> None:
    """The digest of a citizen's address is for counting, not for the staff of every desk."""
    collected = [
        visitor.post(f"/api/v1/verify/{CODE}/copy", json={"proof": number})
        for number in ("024198009999", "024198003456")
    ]
    assert [answer.status_code for answer in collected] == [403, 200]
    officer = program("officer")
    events = officer.get(f"/api/v1/documents/{of_state(DocumentState.CERTIFIED)}/events").json()
    told = {one["name"]: set(one["facts"]) for one in events}
    assert told["copy.collect_refused"] == {"code"}
    assert told["copy.collected"] == set()


def test_events_of_a_document_name_what_was_done(program: SignIn) -> None:
    officer = program("officer")
    at = f"/api/v1/documents/{of_state(DocumentState.REVIEW)}"
    officer.post(f"{at}/review", json={"decision": "reject", "reason": "ảnh chụp, không phải giấy"})
    last = officer.get(f"{at}/events").json()[-1]
    assert last["name"] == EventName.DOCUMENT_REJECTED
    assert last["facts"]["reason"] == "ảnh chụp, không phải giấy"
