"""Accuracy of text and of records."""

import pytest

from domain.form import FormCode
from domain.page import Quality
from domain.record import FieldValue, Record
from ocr.accuracy import compare_texts
from ocr.bench import score_records


def test_equal_texts_differ_in_line_breaks_only() -> None:
    score = compare_texts("Điều 1. Phạm vi\nđiều chỉnh “này”", 'Điều 1. Phạm\nvi điều chỉnh "này"')
    assert (score.cer, score.wer, score.found) == (0, 0, 1)


def test_one_tone_is_one_letter() -> None:
    score = compare_texts("cư trú của công dân", "cư trủ của công dân")
    assert score.letter_errors == 1
    assert score.bare_letter_errors == 0
    assert score.wer == pytest.approx(1 / 5)


def test_skipped_text_counts_in_full() -> None:
    score = compare_texts("một hai ba bốn năm sáu", "một hai ba")
    assert score.letter_errors == len("bốn năm sáu")
    assert score.found == 0.5


def test_moved_lines_are_still_found() -> None:
    score = compare_texts("A B C tiêu đề", "tiêu đề A B C")
    assert score.found == 1
    assert score.wer > 0


def record(file: str, form: FormCode, **values: tuple[str, bool]) -> Record:
    return Record(
        file=file,
        sha256="",
        pages=(1,),
        form=form,
        form_confidence=1,
        quality=Quality(dpi=300, skew=0, blur=0, usable=True),
        lines=(),
        fields={
            name: FieldValue(text=v, value=v, confidence=1, certain=sure, page=None, box=None)
            for name, (v, sure) in values.items()
        },
        checks=(),
    )


def test_records_are_scored_by_exact_values() -> None:
    truths = [
        {
            "file": "a",
            "pages": [1],
            "form": "birth_extract",
            "fields": {"sex": "male", "number": "1"},
        },
        {"file": "b", "pages": [1], "form": "birth_extract", "fields": {"sex": "male"}},
        {"file": "c", "pages": [1], "form": "death_extract", "fields": {"sex": "male"}},
    ]
    score = score_records(
        truths,
        [
            record("a", FormCode.BIRTH_EXTRACT, sex=("male", True), number=("7", True)),
            record("b", FormCode.DEATH_EXTRACT, sex=("male", False), home_town=("x", True)),
        ],
    )
    assert score.form_rate == pytest.approx(1 / 3)
    assert score.field_rate == pytest.approx(2 / 4)
    assert (score.certain, score.certain_wrong) == (3, 2)
    assert {(slip.file, slip.field) for slip in score.slips} == {
        ("a", "number"),
        ("b", "home_town"),
        ("c", "sex"),
    }
