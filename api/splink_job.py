"""Splink links papers to the population: ``python -I splink_job.py FOLDER`` in an environment of its own.

Reads ``papers.csv`` and ``population.csv`` of FOLDER (``unique_id, personal_id, full_name, birth_date,
sex, name_key``), writes ``answer.json``: the candidates of each paper with their match weights (bits, prior
included), and the seconds for training and for prediction. Imports nothing of ours.

The model is what Splink's documentation gives for persons: names with term frequencies, then without
marks, then by Jaro-Winkler; date of birth, a year alone on one side, one slip, the same year; number and
sex; u by random sampling, m by expectation maximisation over those of one number and of one day of birth.
"""

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

_LEAST_BITS = -5.0
"""Pairs of less match weight say nothing about who it is, beside any that fits."""
_YEARS = "substr(birth_date_l, 1, 4) = substr(birth_date_r, 1, 4)"
_PAIRS_SAMPLED = 1_000_000
_RECALL_OF_RULES = 0.7
"""Our guess how many true links the two deterministic rules below find; Splink asks for one."""


def _settings(splink: Any) -> Any:
    library = importlib.import_module("splink.comparison_library")
    levels = importlib.import_module("splink.comparison_level_library")
    block_on = splink.block_on
    return splink.SettingsCreator(
        link_type="link_only",
        comparisons=[
            library.CustomComparison(
                output_column_name="full_name",
                comparison_levels=[
                    levels.NullLevel("full_name"),
                    levels.ExactMatchLevel("full_name", term_frequency_adjustments=True),
                    levels.ExactMatchLevel("name_key"),
                    levels.JaroWinklerLevel("name_key", 0.92),
                    levels.JaroWinklerLevel("name_key", 0.85),
                    levels.ElseLevel(),
                ],
            ),
            library.CustomComparison(
                output_column_name="birth_date",
                comparison_levels=[
                    levels.NullLevel("birth_date"),
                    levels.ExactMatchLevel("birth_date"),
                    levels.CustomLevel(
                        f"{_YEARS} and (length(birth_date_l) = 4 or length(birth_date_r) = 4)"
                    ),
                    levels.DamerauLevenshteinLevel("birth_date", 1),
                    levels.CustomLevel(_YEARS),
                    levels.ElseLevel(),
                ],
            ),
            library.LevenshteinAtThresholds("personal_id", [1, 2]),
            library.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("personal_id"),
            block_on("name_key"),
            block_on("split_part(name_key, ' ', -1)", "substr(birth_date, 1, 4)"),
            block_on("birth_date"),
            block_on("substr(personal_id, 1, 8)"),
            block_on("substr(personal_id, 5, 8)"),
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def main(folder: Path) -> None:
    """Train, predict, write ``answer.json``."""
    splink: Any = importlib.import_module("splink")
    duckdb: Any = importlib.import_module("duckdb")
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    for name in ("papers", "population"):
        table = connection.read_csv(str(folder / f"{name}.csv"), all_varchar=True, header=True)
        table.create(name)
    began = time.perf_counter()
    linker = splink.Linker(
        ["papers", "population"],
        _settings(splink),
        splink.DuckDBAPI(connection=connection),
        input_table_aliases=["papers", "population"],
    )
    block_on = splink.block_on
    linker.training.estimate_probability_two_random_records_match(
        [block_on("personal_id"), block_on("full_name", "birth_date")], recall=_RECALL_OF_RULES
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=_PAIRS_SAMPLED, seed=1)
    for rule in (block_on("personal_id"), block_on("birth_date")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    trained = time.perf_counter()
    rows = (
        linker.inference.predict(threshold_match_weight=_LEAST_BITS)
        .as_duckdbpyrelation()
        .project("unique_id_l, unique_id_r, source_dataset_l, match_weight")
        .fetchall()
    )
    done = time.perf_counter()
    found: dict[str, list[tuple[str, float]]] = {}
    for left, right, source, bits in rows:
        paper, person = (left, right) if source == "papers" else (right, left)
        found.setdefault(paper, []).append((person, bits))
    answer = {"found": found, "training": trained - began, "prediction": done - trained}
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
