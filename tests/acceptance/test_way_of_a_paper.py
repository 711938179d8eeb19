"""From a folder of scans to a verified copy, by the commands of the README."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.conftest import DOCUMENTS, Installation


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def digitized(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("digitized") / "out.jsonl"
    installation.hoso(
        *("digitize", str(installation.archive / "scans"), "--batch", "box1"),
        *("--wait", "--jsonl", str(out)),
    )
    return lines(out)


@pytest.fixture(scope="module")
def certified(
    installation: Installation,
    digitized: list[dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, Path]:
    verified = [line["document"] for line in digitized if line["state"] == "verified"]
    assert verified, [(line["file"], line["reasons"]) for line in digitized]
    installation.hoso("certify", "--batch", "box1")
    copy = tmp_path_factory.mktemp("certified") / "copy.pdf"
    installation.hoso("fetch", verified[0], "--out", str(copy))
    return verified[0], copy


def test_every_scan_becomes_a_document_with_a_decision(digitized: list[dict[str, Any]]) -> None:
    assert len({line["sha256"] for line in digitized}) == DOCUMENTS
    for line in digitized:
        assert line["state"] in {"verified", "review"}
        assert (line["state"] == "review") == bool(line["reasons"])
        assert line["document"]


def test_bringing_the_same_folder_again_makes_nothing_new(
    installation: Installation, digitized: list[dict[str, Any]], tmp_path: Path
) -> None:
    again = tmp_path / "again.jsonl"
    installation.hoso(
        "digitize", str(installation.archive / "scans"), "--batch", "box2", "--jsonl", str(again)
    )
    assert {line["document"] for line in lines(again)} == {line["document"] for line in digitized}


def test_a_copy_is_genuine_for_us_and_for_the_tools_of_others(
    installation: Installation, certified: tuple[str, Path]
) -> None:
    _, copy = certified
    report = json.loads(installation.hoso("verify", str(copy), "--json").stdout)
    assert report["genuineness"] == "genuine"
    assert report["code"]
    seen = subprocess.run(["pdfsig", "-nocert", copy], capture_output=True, text=True, check=True)
    assert seen.stdout.count("Signature is Valid") >= 2
    subprocess.run(["qpdf", "--check", copy], capture_output=True, check=True)


@pytest.mark.parametrize("change", ["flipped", "appended"])
def test_a_changed_copy_is_not_genuine_and_the_reason_is_told(
    installation: Installation, certified: tuple[str, Path], tmp_path: Path, change: str
) -> None:
    data = bytearray(certified[1].read_bytes())
    if change == "flipped":
        data[len(data) // 3] ^= 1
    else:
        data += b"\n"
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(data)
    report = json.loads(installation.hoso("verify", str(changed), "--json", expect=1).stdout)
    assert report["genuineness"] == "not_genuine"
    assert report["reasons"]


def test_a_revoked_copy_gives_way_to_a_new_one(
    installation: Installation, certified: tuple[str, Path], tmp_path: Path
) -> None:
    document, copy = certified
    installation.hoso("revoke", document, "--reason", "cấp nhầm người")
    told = installation.hoso("verify", str(copy), expect=1).stdout
    assert "revoked" in told
    nothing = tmp_path / "none.pdf"
    refused = installation.hoso("fetch", document, "--out", str(nothing), expect=2)
    assert "copy_revoked" in refused.stderr
    assert not nothing.exists()
    decision = {"decision": "accept", "reason": "đã đối chiếu"}
    with installation.signed_in("officer") as officer:
        accepted = officer.post(f"/documents/{document}/review", json=decision)
    assert accepted.json()["state"] == "verified"
    installation.hoso("certify", document)
    installation.hoso("fetch", document, "--out", str(copy.with_name("anew.pdf")))
    before, anew = (
        json.loads(installation.hoso("verify", str(one), "--json", expect=expected).stdout)
        for one, expected in ((copy, 1), (copy.with_name("anew.pdf"), 0))
    )
    assert anew["genuineness"] == "genuine"
    assert before["code"] != anew["code"]
    installation.hoso("fetch", document, "--out", str(copy))


def test_what_is_not_verified_cannot_be_certified(
    installation: Installation, digitized: list[dict[str, Any]], certified: tuple[str, Path]
) -> None:
    waiting = [line["document"] for line in digitized if line["state"] == "review"]
    assert waiting, "the sample archive plants errors"
    refused = installation.hoso("certify", waiting[0], expect=1)
    assert "state_conflict" in refused.stderr
    assert "certificate_not_found" in installation.hoso(
        *("fetch", waiting[0], "--out", str(certified[1].with_name("none.pdf"))), expect=2
    ).stderr  # fmt: skip


def test_reading_and_matching_by_hand_decide_as_the_workers_do(
    installation: Installation, digitized: list[dict[str, Any]], tmp_path: Path
) -> None:
    scan = next(line for line in digitized if line["form"] != "other")
    records, verdicts = tmp_path / "records.jsonl", tmp_path / "verdicts.jsonl"
    installation.hoso("read", scan["file"], "--jsonl", str(records))
    read = [line for line in lines(records) if line["pages"] == scan["pages"]]
    assert read[0]["fields"] == scan["fields"]
    installation.hoso("match", str(records), "--jsonl", str(verdicts))
    by_hand = {line["role"]: line["decision"] for line in lines(verdicts)}
    assert by_hand == {verdict["role"]: verdict["decision"] for verdict in scan["verdicts"]}


def test_a_broken_file_is_refused_and_the_others_are_taken(
    installation: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    good = next((installation.archive / "scans").iterdir())
    shutil.copy(good, folder / good.name)
    done = installation.hoso("digitize", str(folder), "--batch", "mixed", expect=1)
    assert "broken.pdf" in done.stderr
    assert "file_" in done.stderr
    assert "1 files registered" in done.stdout


def test_status_and_the_public_page_answer(
    installation: Installation, certified: tuple[str, Path]
) -> None:
    status = json.loads(installation.hoso("status", "--json").stdout)
    assert status["up"]
    assert all(status["processes"].values())
    assert httpx.get(f"{installation.url}/readyz").status_code == 200
    code = json.loads(installation.hoso("verify", str(certified[1]), "--json").stdout)["code"]
    page = httpx.get(f"{installation.url}/v/{code}")
    assert page.status_code == 200
    unknown = httpx.get(f"{installation.url}/api/v1/verify/0000-0000-0000-0000-0")
    assert unknown.status_code == 404
    assert unknown.headers["content-type"].startswith("application/problem+json")
