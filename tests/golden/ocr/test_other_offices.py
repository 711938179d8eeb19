"""Papers as other offices print them: what both readers saw on them gives the fields, no promise is broken.

Drawn by people who knew only the outward contract; one page of each layout, recorded by ``record.py``.
``misread`` are fields that are not right today, most of them because of the readers.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.form import FormCode
from domain.record import FieldValue
from ocr.classification import classify_texts
from ocr.documents import in_form_order
from ocr.extraction import extract
from ocr.form_library import library
from tests.golden.ocr.lines import unpacked

_, *ENTRIES = map(
    json.loads,
    Path(__file__).with_name("other_offices.jsonl").read_text(encoding="utf-8").splitlines(),
)


def found_in(entry: dict[str, Any]) -> dict[str, FieldValue]:
    spec = library().form(FormCode(entry["form"]))
    assert spec is not None
    lines = in_form_order(spec, [unpacked(line) for line in entry["lines"]])
    return dict(extract(spec, lines).fields)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["layout"] for entry in ENTRIES])
def test_a_paper_of_another_office(entry: dict[str, Any]) -> None:
    form, _ = classify_texts([line["text"] for line in entry["lines"]])
    assert form is FormCode(entry["form"])
    found = found_in(entry)
    read = {
        name: found[name].value if name in found else None
        for name in entry["fields"]
        if name not in entry["misread"]
    }
    assert read == {name: entry["fields"][name] for name in read}
    broken = {
        name: field.value
        for name, field in found.items()
        if field.certain and name in entry["fields"] and field.value != entry["fields"][name]
    }
    assert broken == {}


def test_few_fields_are_misread() -> None:
    misread = sum(len(entry["misread"]) for entry in ENTRIES)
    assert misread <= 0.05 * sum(len(entry["fields"]) for entry in ENTRIES)
