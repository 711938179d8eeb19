"""The figures of ``hoso bench matching``: answers, counts, tables."""

import json
import sys
from pathlib import Path

import pytest

from api import matching_peers
from api.bench_tables import Circumstances
from api.matching_bench import MatchingRun, Tally, tally
from api.matching_peers import Answer, FuzzyLookup, ask_splink
from api.matching_report import finding_grid, markdown, way_grid
from domain.form import FormCode
from domain.person import Person
from ingest.samples.typed import TypedDocument
from matching.accuracy import score
from matching.people import PrintedPerson, people_on
from matching.weights import DATES, PERSONAL_IDS
from ocr.peers.process import ReaderFailedError
from tests.unit.matching.registers import record

AN = Person(personal_id="027098001234", full_name="Nguyễn Văn An", birth_date="1998-03-05")
ANH = Person(personal_id="027098001299", full_name="Nguyễn Văn Ân", birth_date="1998-03-05")
HOA = Person(personal_id="001175000001", full_name="Lê Thị Hoa", birth_date="1975-11-30")
NOBODY = Answer(matched=None, shown=(), nobody=True)
UNSURE = Answer(matched=None, shown=(), nobody=False)


def printed(**fields: str) -> PrintedPerson:
    (person,) = people_on(record(FormCode.IDENTITY_CARD, fields))
    return person


def paper(name: str, row: str | None) -> TypedDocument:
    read = record(FormCode.IDENTITY_CARD, {"full_name": name}, file=name)
    return TypedDocument(record=read, truth={}, rows={"subject": row}, population=())


def test_rapidfuzz_forgives_marks_and_doubts_two_alike() -> None:
    lookup = FuzzyLookup([AN, HOA])
    assert lookup.answer(printed(full_name="NGUYEN VAN AN", birth_date="1998-03-05")) == Answer(
        matched=AN.personal_id, shown=(AN.personal_id,), nobody=False
    )
    other_day = lookup.answer(printed(full_name="Lê Thị Hoa", birth_date="1975-10-30"))
    assert other_day == Answer(matched=None, shown=(HOA.personal_id,), nobody=False)
    twins = FuzzyLookup([AN, ANH]).answer(
        printed(full_name="Nguyễn Văn An", birth_date="1998-03-05")
    )
    assert twins.matched is None
    assert set(twins.shown) == {AN.personal_id, ANH.personal_id}
    assert lookup.answer(printed(full_name="Đỗ Minh", birth_date="1998-03-05")) == NOBODY


def test_a_year_alone_is_a_date() -> None:
    found = FuzzyLookup([AN, HOA]).answer(printed(full_name="Lê Thị Hoa", birth_date="1975"))
    assert found.matched == HOA.personal_id


def test_rapidfuzz_takes_the_holder_of_the_number_where_something_agrees() -> None:
    lookup = FuzzyLookup([AN, HOA])
    number = AN.personal_id
    assert lookup.answer(printed(full_name="Nguyễn Văn An", personal_id=number)).matched == number
    other = lookup.answer(
        printed(full_name="Lê Thị Hoa", birth_date="1975-11-30", personal_id=number)
    )
    assert other == Answer(matched=HOA.personal_id, shown=(HOA.personal_id, number), nobody=False)
    stranger = lookup.answer(printed(full_name="Trần Bé", personal_id=number))
    assert stranger == Answer(matched=None, shown=(number,), nobody=False)


def test_people_are_counted_by_what_would_have_happened_to_them() -> None:
    documents = [
        paper("right", "1"), paper("wrong", "1"), paper("shown", "1"), paper("lost", "1"),
        paper("absent", None), paper("absent, but matched", None), paper("never asked", "1"),
        paper("absent, unsure", None), paper("absent, never asked", None),
    ]  # fmt: skip
    answers = {
        ("right", "subject"): Answer(matched="1", shown=("1",), nobody=False),
        ("wrong", "subject"): Answer(matched="2", shown=("2", "1"), nobody=False),
        ("shown", "subject"): Answer(matched=None, shown=("2", "1"), nobody=False),
        ("lost", "subject"): Answer(matched=None, shown=("2",), nobody=False),
        ("absent", "subject"): NOBODY,
        ("absent, unsure", "subject"): UNSURE,
        ("absent, but matched", "subject"): Answer(matched="2", shown=("2",), nobody=False),
    }
    found = tally("way", documents, answers, seconds=0.7, preparation=2.0)
    assert found == Tally(
        name="way", present=5, right=1, seen=2, absent=4, nobody=1, matched=3, wrong=2,
        seconds=0.7, preparation=2.0,
    )  # fmt: skip
    assert found.milliseconds == pytest.approx(700 / 9)


def fake_splink(monkeypatch: pytest.MonkeyPatch, folder: Path, answer: object) -> None:
    script = folder / "job.py"
    script.write_text(
        "import json, pathlib, sys\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "assert 'Nguyễn Văn An' in (folder / 'papers.csv').read_text(encoding='utf-8')\n"
        "assert 'le thi hoa' in (folder / 'population.csv').read_text(encoding='utf-8')\n"
        f"(folder / 'answer.json').write_text({json.dumps(answer)!r})\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(matching_peers, "prepare_environment", lambda *_: Path(sys.executable))
    monkeypatch.setattr(matching_peers.splink_job, "__file__", str(script))


def test_splink_is_sure_by_the_same_limits_as_we_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = {
        "sure": [["2", -3.0], ["1", 14.0]],
        "rival": [["1", 14.0], ["2", 6.0]],
        "doubtful": [["1", 3.0]],
        "unlikely": [["1", -8.0]],
    }
    fake_splink(monkeypatch, tmp_path, {"found": found, "training": 3.0, "prediction": 0.5})
    person = printed(full_name="Nguyễn Văn An")
    told = ask_splink(
        dict.fromkeys((*found, "nobody"), person), [AN, HOA], cache=tmp_path, work=tmp_path / "w"
    )
    assert (told.training, told.prediction) == (3.0, 0.5)
    assert told.answers == {
        "sure": Answer(matched="1", shown=("1", "2"), nobody=False),
        "rival": Answer(matched=None, shown=("1", "2"), nobody=False),
        "doubtful": Answer(matched=None, shown=("1",), nobody=False),
        "unlikely": NOBODY,
        "nobody": NOBODY,
    }


def test_a_splink_that_fails_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_splink(monkeypatch, tmp_path, {})
    with pytest.raises(ReaderFailedError, match="AssertionError"):
        ask_splink({"one": printed(full_name="Trần Bé")}, [HOA], cache=tmp_path, work=tmp_path)


def test_tables_and_page_name_every_way() -> None:
    run = MatchingRun(
        tallies=(
            Tally(name="Hoso", present=4, right=3, seen=4, absent=1, nobody=1, matched=3, seconds=0.01),
            Tally(name="other", present=4, right=2, seen=2, absent=1, matched=3, wrong=1, seconds=0.02),
            Tally(name="broken", failure="no | network"),
        ),
        findings=score({}, []),
        population=9,
        papers=5,
    )  # fmt: skip
    grid = way_grid(run)
    assert all(len(row) == len(grid.header) for row in grid.rows)
    assert grid.rows[0] == ("Hoso", "75.0", "0 of 3", "100.0", "100.0", "2.00", "1.00 ×", "0.0")
    assert grid.rows[1][2:7] == ("1 of 3", "50.0", "0.0", "4.00", "2.00 ×")
    assert grid.rows[2][1] == "did not run: no / network"
    how = Circumstances(
        date="2026-11-26", command="hoso bench matching --write", cores=2, processor="one",
        load=0.5, python="3.11",
    )  # fmt: skip
    page = markdown(run, how)
    # what the page says beside the figures is what the repository's page says, with the weights of today
    verdict = page[page.index("## What a verdict says") :]
    assert (
        (Path(__file__).parents[3] / "docs" / "matching.md")
        .read_text(encoding="utf-8")
        .endswith(verdict)
    )
    for bits in (
        *(DATES.swapped, DATES.one_digit, DATES.different),
        *(PERSONAL_IDS.one_digit, PERSONAL_IDS.different),
    ):
        assert f"({bits:+.1f})" in verdict
    assert "5 people on 5 papers, 9 in the population" in page
    assert all(grid.markdown() in page for grid in (way_grid(run), finding_grid(run)))
