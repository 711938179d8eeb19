"""``hoso population import``: every row is counted once, every rejected one told with line and reason."""

import sys
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.clock import SystemClock
from api.explanations.sentences import known_codes
from domain.actor import Actor
from domain.population_import import ImportReport
from matching.population_file import _KEEPS_THE_ROW_OUT, open_population
from matching.population_values import _READERS, COLUMNS
from tests.fakes.database import MemoryDatabase
from workflow import population


def import_population(_settings: Any, actor: Actor, file: Path, *, source: str) -> ImportReport:
    with open_population(file) as lines:
        return population.import_population(
            actor,
            lines,
            source=source,
            database=MemoryDatabase(),
            clock=SystemClock(),
        )


def said_of(
    file: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int | str | None, list[str]]:
    monkeypatch.setattr("api.cli.population.import_population", import_population)
    monkeypatch.setenv("HOSO_LANG", "en")
    monkeypatch.setattr(sys, "argv", ["hoso", "population", "import", str(file)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capfd.readouterr().out.splitlines()


@pytest.mark.parametrize("folder", ["plain", "a[/b]", "[bold]", ":cat:"])
def test_counts_add_up_and_paths_are_shown_as_they_are(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
) -> None:
    file = tmp_path / folder / "p[x].csv"
    file.parent.mkdir(parents=True)
    rows = [
        f"{number},{name}{',' * 13}"
        for number, name in (
            ("001097000001", "Nguyễn Văn An"),
            ("001097000002", "Nguyễn Văn An"),
            ("1", "Nguyễn Văn An"),
            ("001097000001", "Nguyễn Văn Anh"),
            ("001097000002", "Nguyễn Văn An"),
        )
    ]
    file.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    code, said = said_of(file, capfd, monkeypatch)
    assert code == 1
    assert [line.removeprefix(f"{file}:").split(": ")[:2] for line in said[:2]] == [
        ["2", "personal_id_repeated"],
        ["4", "personal_id_invalid"],
    ]
    assert said[2:] == ["2 imported, 1 unchanged, 2 rejected"]


def test_a_path_of_odd_bytes_is_no_reason_to_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "\udcff.csv"
    file.write_text(",".join(COLUMNS) + "\n1\n", encoding="utf-8")
    code, said = said_of(file, capfd, monkeypatch)
    assert code == 1
    assert said[0].startswith(f"{tmp_path}/\\udcff.csv:2: columns_count")


def test_every_reason_has_words() -> None:
    broken = {"other_encoding", "letters_lost", "spreadsheet_error"}
    assert known_codes("rejection") == broken | {
        "columns_count",
        "csv_malformed",
        "encoding_invalid",
        "value_too_long",
        "personal_id_repeated",
        "older_than_known",
        "birth_date_in_future",
        "updated_at_in_future",
        *(f"{column}_invalid" for column in _KEEPS_THE_ROW_OUT),
    }
    assert known_codes("remark") == broken | {
        "birth_date_year_only",
        "spouse_is_oneself",
        *(
            f"{column}_invalid"
            for column in _READERS.keys() - {"marital_status", "vital_status"} - _KEEPS_THE_ROW_OUT
        ),
    }


def test_what_a_file_holds_does_not_steer_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "p.csv"
    row = f"001097000001,=\x1b[2J{'x' * 400}{',' * 13}"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    code, said = said_of(file, capfd, monkeypatch)
    assert code == 1
    assert "\x1b" not in said[0]
    assert said[0].endswith(f"(full_name “=\ufffd[2J{'x' * 35}”)")


def test_what_is_left_out_of_a_row_is_told_and_the_row_counts(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "p.csv"
    row = dict.fromkeys(COLUMNS, "") | {
        "personal_id": "001097000001",
        "birth_date": "00/00/1980",
        "spouse_personal_id": "012345678",
    }
    text = ",".join(COLUMNS) + "\n" + ",".join(row.values()) + "\n"
    file.write_text(text, encoding="utf-8")
    code, said = said_of(file, capfd, monkeypatch)
    assert not code
    assert [line.removeprefix(f"{file}:").split(": ")[:2] for line in said[:2]] == [
        ["2", "birth_date_year_only"],
        ["2", "spouse_personal_id_invalid"],
    ]
    assert said[0].endswith("(birth_date “00/00/1980”)")
    assert said[2:] == ["1 imported, 0 unchanged, 0 rejected, 2 remarks"]
