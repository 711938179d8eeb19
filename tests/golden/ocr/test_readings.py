"""Recorded readings of sample papers give the form and the fields that stand on them."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.form import FormCode
from ocr.classification import classify_texts
from ocr.documents import in_form_order
from ocr.extraction import extract
from ocr.form_library import library
from tests.golden.ocr.lines import unpacked

_, *ENTRIES = map(
    json.loads, Path(__file__).with_name("readings.jsonl").read_text(encoding="utf-8").splitlines()
)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["form"] for entry in ENTRIES])
def test_form_and_fields_of_a_recorded_reading(entry: dict[str, Any]) -> None:
    lines = [unpacked(line) for line in entry["lines"]]
    form = FormCode(entry["form"])
    assert classify_texts([line.text for line in lines])[0] is form
    spec = library().form(form)
    assert spec is not None
    found = {
        name: field.value
        for name, field in extract(spec, in_form_order(spec, lines)).fields.items()
    }
    misread = {name for name in entry["misread"] if found.get(name) == entry["misread"][name]}
    expected = entry["fields"]
    assert {n: v for n, v in found.items() if n not in misread} == {
        n: v for n, v in expected.items() if n not in misread
    }


def test_few_recorded_fields_are_misread() -> None:
    misread = sum(len(entry["misread"]) for entry in ENTRIES)
    assert misread <= 0.05 * sum(len(entry["fields"]) for entry in ENTRIES)


def test_every_sample_form_is_recorded() -> None:
    assert {entry["form"] for entry in ENTRIES} >= {
        "birth_extract",
        "marital_status_confirmation",
        "death_extract",
        "identity_card",
        "marriage_certificate",
    }


def test_former_cards_are_recorded() -> None:
    assert {entry.get("layout") for entry in ENTRIES} >= {"1999", "2016"}
