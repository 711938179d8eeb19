"""A record in JSON: what programs outside write is refused with a reason, never half taken."""

import json
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import ErrorCode, HosoError
from domain.record import Correction
from domain.record_json import from_json, to_json
from tests.fakes.house import NOW, sample_record


def outside(**changes: Any) -> dict[str, Any]:
    return {"form": "birth_extract", "fields": {"full_name": {"value": "Lê An"}}} | changes


def line(**changes: Any) -> dict[str, Any]:
    box = [[0, 0], [9, 0], [9, 9], [0, 9]]
    return {"page": 1, "text": "x", "confidence": 1, "agreed": None, "box": box} | changes


def test_there_and_back() -> None:
    assert from_json(to_json(sample_record())) == sample_record()


def test_what_was_read_stands_only_where_somebody_corrected() -> None:
    read = sample_record()
    assert all("read_text" not in field for field in to_json(read)["fields"].values())
    corrected = replace(
        read.fields["birth_date"], corrected_by="an", read_text="05/03/199B", read_value=None
    )
    record = replace(read, fields={"birth_date": corrected})
    assert to_json(record)["fields"]["birth_date"]["read_value"] is None
    assert from_json(to_json(record)) == record


def test_all_that_was_typed_is_kept() -> None:
    read = sample_record()
    assert all("corrections" not in field for field in to_json(read)["fields"].values())
    typed = (
        Correction(by="an", at=None, text="05/03/1989", value="1989-03-05"),
        Correction(by="bình", at=NOW, text="", value=None),
    )
    corrected = replace(read.fields["birth_date"], corrected_by="bình", corrections=typed)
    record = replace(read, fields={"birth_date": corrected})
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


@pytest.mark.parametrize("correction", [5, {"by": "an"}, {"by": "a", "at": "x", "text": ""}])
def test_a_correction_that_cannot_be_kept_is_refused(correction: object) -> None:
    with pytest.raises(HosoError) as refused:
        from_json(outside(fields={"full_name": {"text": "a", "corrections": [correction]}}))
    assert refused.value.code is ErrorCode.RECORD_INVALID


def test_form_and_values_are_enough() -> None:
    assert from_json(outside(file=None, sha256=None)).file == ""
    assert from_json(outside()).fields["full_name"].text == "Lê An"


@pytest.mark.parametrize("value", [5, ["x"], {"a": 1}, float("nan"), True, "Phan\0", "\ud800"])
@pytest.mark.parametrize("key", ["value", "text", "corrected_by"])
def test_a_value_is_text_that_can_be_kept(key: str, value: object) -> None:
    with pytest.raises(HosoError) as refused:
        from_json(outside(fields={"full_name": {"text": "a", key: value}}))
    assert refused.value.code is ErrorCode.RECORD_INVALID


@pytest.mark.parametrize(
    "changes",
    [
        {"file": 5},
        {"file": "\udcff"},
        {"pages": "12"},
        {"pages": [float("inf")]},
        {"form_confidence": float("nan")},
        {"form_confidence": "0.5"},
        {"form_confidence": 10**400},
        {"quality": {"dpi": float("inf"), "skew": 0, "blur": 0, "usable": True, "reasons": []}},
        {"fields": {"full_name": {"value": "a", "confidence": float("nan")}}},
        {"fields": {"full_name": {"value": "a", "page": "1"}}},
        {"fields": {"full_name": {"value": "a", "box": [[0, 0]]}}},
        {"fields": {"full_name": "Lê An"}},
        {"fields": ["full_name"]},
        {"lines": [line(text=None)]},
        {"lines": [line(box=[[float("inf"), 0]] * 4)]},
        {"checks": [{"code": 1, "outcome": "pass"}]},
    ],
)
def test_a_bad_part_refuses_the_record(changes: dict[str, Any]) -> None:
    with pytest.raises(HosoError) as refused:
        from_json(outside(**changes))
    assert refused.value.code is ErrorCode.RECORD_INVALID
    assert refused.value.facts["problem"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"fields": {"members": [{"full_name": "Lê An"}]}},
            "fields.members: an object expected, not a list",
        ),
        ({"fields": ["full_name"]}, "fields: an object expected, not a list"),
        ({"fields": {"sex": {"value": 5}}}, "fields.sex: text expected, not a number"),
        ({"fields": {"sex": {"box": [[0, 0]]}}}, "fields.sex: a box has four corners, each [x, y]"),
        ({"form_confidence": None}, "form_confidence: a number expected, not null"),
        ({"lines": [line(), 5]}, "lines[1]: an object expected, not a number"),
        ({"lines": [{"page": 1}]}, "lines[0]: box is missing"),
        ({"checks": {}}, "checks: a list expected, not an object"),
        ({"quality": {"dpi": 300}}, "quality: skew is missing"),
    ],
)
def test_a_refusal_names_the_part_and_what_is_expected(
    changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(HosoError) as refused:
        from_json(outside(**changes))
    assert refused.value.facts["problem"] == problem


@pytest.mark.parametrize("form", ["passport", None, ["birth_extract"], 5])
def test_an_unknown_form_is_refused_with_the_known_ones(form: object) -> None:
    with pytest.raises(HosoError) as refused:
        from_json(outside(form=form))
    problem = str(refused.value.facts["problem"])
    assert problem.startswith("form: one of birth_certificate, birth_extract, ")
    assert problem.endswith(f" expected, not {form!r}")


@pytest.mark.parametrize("name", ["form", "fields"])
def test_what_a_record_cannot_be_without_is_named(name: str) -> None:
    with pytest.raises(HosoError) as refused:
        from_json({key: value for key, value in outside().items() if key != name})
    assert refused.value.facts["problem"] == f"'{name}' is missing"


@pytest.mark.parametrize(("kept", "said"), [(None, False), (False, False), (True, True)])
def test_whether_readers_agreed_on_a_line_is_yes_or_no(kept: bool | None, said: bool) -> None:  # noqa: FBT001  # a case
    record = from_json(outside(lines=[line(agreed=kept)]))
    assert [one["agreed"] for one in to_json(record)["lines"]] == [said]
