"""``hoso match``: a bad line is refused by its number, the others are matched."""

import json
import os
import pwd
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from api.cli import main
from domain.event import Event, EventName
from domain.person import Person
from tests.fakes.database import MemoryDatabase
from tests.fakes.house import COMMUNE, ROOT, FixedClock, sample_document

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
    clock: FixedClock = field(default_factory=FixedClock)


@pytest.fixture
def population(monkeypatch: pytest.MonkeyPatch) -> MemoryDatabase:
    database = MemoryDatabase()
    database.add_persons([KNOWN])
    with database.transaction() as tx:
        for agency in (ROOT, COMMUNE):
            tx.agencies.add(agency)
    monkeypatch.setenv("HOSO_AGENCY", "vn=Việt Nam;24=Bắc Ninh;07777=Việt Yên")
    monkeypatch.setattr("api.cli.matching.open_stores", lambda _settings: Stores(database=database))
    return database


def match(monkeypatch: pytest.MonkeyPatch, records: Path, out: Path) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["hoso", "match", str(records), "--jsonl", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.usefixtures("population")
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


@pytest.mark.usefixtures("population")
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


def look_ups(database: MemoryDatabase) -> list[Event]:
    with database.transaction() as tx:
        return list(tx.events.named((EventName.POPULATION_LOOKED_UP,), within=COMMUNE.path))


def test_every_look_into_the_population_stands_in_the_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, population: MemoryDatabase
) -> None:
    paper = sample_document(pages=(2, 3))
    with population.transaction() as tx:
        tx.documents.add(paper)
    known = json.dumps(json.loads(GOOD) | {"sha256": paper.sha256, "pages": [2, 3]})
    nobody = json.dumps({"form": "other", "fields": {}})
    records = tmp_path / "records.jsonl"
    records.write_text("\n".join([GOOD, BAD[0], nobody, known]), encoding="utf-8")
    match(monkeypatch, records, tmp_path / "out.jsonl")
    of_the_paper, loose = look_ups(population)
    assert (of_the_paper.document_id, loose.document_id) == (paper.id, None)
    for look in (of_the_paper, loose):
        user = pwd.getpwuid(os.getuid()).pw_name
        assert look.facts == {"os_user": user, "command": "hoso match", "people": 1}
        assert (look.actor_id, look.agency_id) == ("system", COMMUNE.id)


def test_a_reader_who_breaks_off_has_looked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, population: MemoryDatabase
) -> None:
    def broken(_path: Path, /) -> object:
        @contextmanager
        def sink() -> Iterator[Callable[[object], None]]:
            def gone(_line: object) -> None:
                raise BrokenPipeError

            yield gone

        return sink()

    monkeypatch.setattr("api.cli.matching.writing", broken)
    records = tmp_path / "records.jsonl"
    records.write_text(f"{GOOD}\n{GOOD}\n", encoding="utf-8")
    match(monkeypatch, records, tmp_path / "out.jsonl")
    assert len(look_ups(population)) == 1
