"""The sample archive: truthful, consistent, and the same for the same seed."""

import csv
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from domain.date_words import parse_date_words
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.names import normalise_name
from domain.record import FIELD_NAMES
from ingest.inspection import Limits, inspect
from ingest.pages import every_page
from ingest.samples import document, typefaces
from ingest.samples.archive import make_samples
from ingest.samples.casting import draw_case
from ingest.samples.dates import DateStyle, in_figures, in_words
from ingest.samples.document import make_document
from ingest.samples.former_cards import FORMER_LAYOUTS, NINE_DIGITS
from ingest.samples.machine_zone import check_digit, machine_zone
from ingest.samples.people import draw_family
from ingest.samples.places import short_address

SEED = 11
COUNT = 24
GOLDEN = Path(__file__).parents[2] / "golden" / "ingest" / "truth_seed_11.jsonl"


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("archive")
    heard: list[int] = []
    make_samples(out, count=COUNT, seed=SEED, progress=heard.append, workers=2)
    assert heard == list(range(1, COUNT + 1))
    return out


@pytest.fixture(scope="session")
def truths(archive: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (archive / "truth.jsonl").read_text().splitlines()]


@pytest.fixture(scope="session")
def population(archive: Path) -> dict[str, dict[str, str]]:
    with (archive / "population.csv").open(encoding="utf-8", newline="") as file:
        return {row["personal_id"]: row for row in csv.DictReader(file)}


def test_every_scan_is_let_in_and_has_the_pages_of_its_truth(
    archive: Path, truths: list[dict[str, Any]]
) -> None:
    assert len(truths) == COUNT
    for truth in truths:
        data = (archive / truth["file"]).read_bytes()
        found = inspect(data, name=truth["file"], limits=Limits())
        assert list(range(1, found.pages + 1)) == truth["pages"]


def test_same_seed_gives_same_bytes(archive: Path, truths: list[dict[str, Any]]) -> None:
    for index in (0, 3, 7):
        again = make_document(index, seed=SEED)
        assert again.truth["file"] == truths[index]["file"]
        assert again.content == (archive / truths[index]["file"]).read_bytes()
    assert make_document(0, seed=SEED + 1).content != make_document(0, seed=SEED).content


def test_the_truth_is_the_golden_one(truths: list[dict[str, Any]]) -> None:
    golden = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    assert truths[: len(golden)] == golden


def test_values_are_normalised_as_record_values_are(truths: list[dict[str, Any]]) -> None:
    for truth in truths:
        assert truth["form"] in set(FormCode)
        for name, value in truth["fields"].items():
            assert name in FIELD_NAMES
            assert value == value.strip() != ""
            if name.endswith("full_name"):
                assert value == normalise_name(value.upper())
            elif name.endswith("birth_date") and len(value) == 4:
                assert 1880 < int(value) < 2027
            elif name.endswith("_date") or name in {"period_from", "period_to", "valid_until"}:
                assert date.fromisoformat(value).isoformat() == value
            elif name == "sex":
                assert value in {"male", "female"}
            elif name == "personal_id":
                assert len(value) == (9 if truth.get("layout") == NINE_DIGITS else 12)
                assert value.isdigit()


def test_population_agrees_but_for_the_planted_errors(
    truths: list[dict[str, Any]], population: dict[str, dict[str, str]]
) -> None:
    compared = 0
    for truth in truths:
        errors = {(one["role"], one["field"]): one["kind"] for one in truth["population_errors"]}
        assert len(errors) <= 1
        for role, number in truth["persons"].items():
            if errors.get((role, "person")) == "no_record":
                assert number not in population
                continue
            if (role, "personal_id") in errors:
                assert number not in population
                continue
            row = population[number]
            prefix = "" if role == "subject" else f"{role}_"
            for field in (
                "full_name",
                "birth_date",
                "sex",
                "ethnicity",
                "birth_place",
                "residence",
            ):
                stated = truth["fields"].get(prefix + field)
                if stated is None:
                    continue
                agrees = row[field].casefold().startswith(stated.casefold())
                if truth.get("layout") in FORMER_LAYOUTS:
                    agrees |= short_address(row[field]) == stated
                assert agrees is ((role, field) not in errors), (truth["file"], role, field)
                compared += 1
    assert compared > 5 * COUNT


def test_about_a_quarter_of_documents_carry_an_error_of_every_kind() -> None:
    kinds: dict[str, int] = {}
    documents = 0
    rng = random.Random(4)  # noqa: S311  # seeded sample data
    from_document = _population_of_case(rng, 400)
    for errors in from_document:
        documents += 1
        for error in errors:
            key = f"{error.field}:{error.kind}"
            kinds[key] = kinds.get(key, 0) + 1
    assert 0.18 < sum(kinds.values()) / documents < 0.32
    assert {
        "birth_date:different",
        "full_name:tone_only",
        "full_name:spelling",
        "personal_id:different",
        "sex:different",
        "residence:different",
        "person:no_record",
    } <= set(kinds)
    assert any(key.endswith("missing_in_population") for key in kinds)


def _population_of_case(rng: random.Random, count: int) -> list[Any]:
    """Planted errors of many cases without drawing a single page."""
    return [
        document.rows_of(rng, draw_case(rng), error_share=document.ERROR_SHARE)[1]
        for _ in range(count)
    ]


def test_numbers_follow_the_rules() -> None:
    rng = random.Random(9)  # noqa: S311  # seeded sample data
    for _ in range(50):
        family = draw_family(rng, born=date(rng.randint(1950, 2024), 5, 17))
        for person in (family.child, family.mother, family.father):
            born = date.fromisoformat(person.birth_date or "")
            century_and_sex = int(person.personal_id[3])
            assert century_and_sex % 2 == (person.sex == "female")
            assert century_and_sex // 2 == born.year // 100 - 19
            assert int(person.personal_id[4:6]) == born.year % 100
        assert (family.child.birth_date or "") > (family.mother.birth_date or "")


def test_dates_in_words_are_read_back_by_the_domain() -> None:
    rng = random.Random(2)  # noqa: S311  # seeded sample data
    for _ in range(300):
        when = date(rng.randint(1930, 2026), rng.randint(1, 12), rng.randint(1, 28))
        for commas in (True, False):
            assert parse_date_words(in_words(when, commas=commas)) == when.isoformat()


def test_dates_in_figures() -> None:
    day = date(1998, 2, 5)
    assert in_figures(day, DateStyle.SLASHES) == "05/02/1998"
    assert in_figures(day, DateStyle.DAY_WORDS) == "ngày 05 tháng 02 năm 1998"
    assert in_figures(date(1998, 11, 15), DateStyle.WORDS) == "15 tháng 11 năm 1998"


def test_machine_zone_is_the_known_vector() -> None:
    lines = machine_zone(
        personal_id="024198003456",
        name="Nguyễn Thị Hương",
        born=date(1998, 3, 5),
        sex="female",
        expires=date(2038, 3, 5),
    )
    assert lines == (
        "IDVNM1980034564024198003456<<4",
        "9803053F3803051VNM<<<<<<<<<<<4",
        "NGUYEN<<THI<HUONG<<<<<<<<<<<<<",
    )
    assert check_digit("520727") == "3"  # ICAO 9303 part 3, worked example


def test_card_qr_says_what_the_card_says(archive: Path, truths: list[dict[str, Any]]) -> None:
    cards = [truth for truth in truths if truth.get("layout") in {"2021", "2024"}]
    assert cards
    read = 0
    for truth in cards:
        data = (archive / truth["file"]).read_bytes()
        for page in every_page(data, limits=Limits()):
            for code in zxingcpp.read_barcodes(page.pixels):
                number, _, name, *_ = code.text.split("|")
                assert number == truth["fields"]["personal_id"]
                assert name == truth["fields"]["full_name"]
                read += 1
    assert read >= len(cards) * 0.6


def test_population_columns_are_the_contract(archive: Path) -> None:
    header = (archive / "population.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == (
        "personal_id,full_name,birth_date,sex,ethnicity,nationality,birth_place,home_town,"
        "residence,mother_full_name,father_full_name,marital_status,spouse_personal_id,"
        "vital_status,updated_at"
    )


def test_missing_fonts_and_tools_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    typefaces.find_typeface.cache_clear()
    typefaces.installed_serifs.cache_clear()
    monkeypatch.setattr(typefaces.shutil, "which", lambda _: None)
    with pytest.raises(HosoError) as caught:
        typefaces.installed_serifs()
    assert caught.value.code is ErrorCode.TOOL_MISSING
    assert caught.value.facts["tool"] == "fc-match"
    monkeypatch.undo()
    monkeypatch.setattr(typefaces, "SERIF", ("No Such Family",))
    with pytest.raises(HosoError) as caught:
        typefaces.installed_serifs()
    assert caught.value.code is ErrorCode.TOOL_MISSING
    monkeypatch.undo()
    typefaces.find_typeface.cache_clear()
    assert typefaces.installed_serifs()


def test_a_new_archive_replaces_the_old_one(tmp_path: Path) -> None:
    make_samples(tmp_path, count=2, seed=1, workers=1)
    make_samples(tmp_path, count=1, seed=2, workers=1)
    assert len(list((tmp_path / "scans").iterdir())) == 1
