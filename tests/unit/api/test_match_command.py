"""``hoso match``: a bad line is refused by its number, the others are matched."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.cli import main
from domain.person import Person
from tests.fakes.database import MemoryDatabase

KNOWN = Person(
    personal_id="027098001234", full_name="Nguyễn Văn An", birth_date="1998-03-05", sex="male"
)
GOOD = json.dumps(
    {
        "file": "a.pdf",
        "form": "identity_card",
        "fields": {
            name: {"value": value, "certain": True}
            for name, value in {
                "full_name": "Nguyễn Văn An",
                "birth_date": "1998-03-05",
                "personal_id": "027098001234",
            }.items()
        },
    },
    ensure_ascii=False,
)
BAD = [
    '{"form":"birth_extract","fields":{"full_name":{"value":5}}}',
    '{"form":"birth_extract","fields":{"full_name":{"value":["x"]}}}',
    '{"form":"birth_extract","fields":{"full_name":{"value":NaN}}}',
    '{"form":"birth_extract","fields":{"full_name":{"value":"Phan\\u0000"}}}',
    '{"form":"birth_extract","fields":{"full_name":{"value":"\\ud800"}}}',
    '{"form":"birth_extract","fields":{"full_name":{"value":"a"}},"quality":{"dpi":1e400}}',
    "[" * 100_000,
    "null",
]


@dataclass(frozen=True, kw_only=True)
class Stores:
    database: MemoryDatabase


@pytest.fixture
def _population(monkeypatch: pytest.MonkeyPatch) -> None:
    database = MemoryDatabase()
    database.add_persons([KNOWN])
    monkeypatch.setattr("api.cli.matching.open_stores", lambda _settings: Stores(database=database))


def match(monkeypatch: pytest.MonkeyPatch, records: Path, out: Path) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["hoso", "match", str(records), "--jsonl", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.usefixtures("_population")
def test_bad_lines_are_refused_one_by_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = tmp_path / "records.jsonl"
    not_utf8 = GOOD.encode().replace("Văn".encode(), b"V\xea")
    lines = [GOOD, *BAD, GOOD]
    records.write_bytes("\n".join(lines).encode() + b"\n" + not_utf8 + b"\n")
    assert match(monkeypatch, records, tmp_path / "out.jsonl") == 1
    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["decision"] for line in written] == ["matched", "matched"]
    said = capfd.readouterr().err
    assert said.count("record_invalid") == len(BAD) + 1
    assert all(f"{records}:{number}:" in said for number in [*range(2, len(BAD) + 2), 11])
    assert [path.name for path in tmp_path.glob("*.part")] == []


@pytest.mark.usefixtures("_population")
def test_a_member_of_an_absurd_number_is_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = tmp_path / "records.jsonl"
    field = f"members[{'9' * 5000}].full_name"
    data = {"form": "household_book", "fields": {field: {"value": "Lê An"}}}
    records.write_text(json.dumps(data), encoding="utf-8")
    assert match(monkeypatch, records, tmp_path / "out.jsonl") == 0
    (line,) = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    verdict = json.loads(line)
    assert (verdict["role"], verdict["decision"]) == ("subject", "review")
    assert (verdict["personal_id"], verdict["candidates"]) == (None, [])
