"""Accuracy of text and of records."""

import pytest
from rapidfuzz.distance import Levenshtein

from domain.form import FormCode
from domain.page import Quality
from domain.record import FieldValue, Record
from ocr.accuracy import compare_lines, compare_texts, compare_where_agreed, truth_covered
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
    """Values with whether they are certain; all were agreed on."""
    return Record(
        file=file,
        sha256="",
        pages=(1,),
        form=form,
        form_confidence=1,
        quality=Quality(dpi=300, skew=0, blur=0, usable=True),
        lines=(),
        fields={
            name: FieldValue(
                text=v, value=v, confidence=1, certain=sure, page=None, box=None, agreed=True
            )
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
    assert (score.agreed, score.agreed_wrong) == (4, 2)
    assert {(slip.file, slip.field) for slip in score.slips} == {
        ("a", "number"),
        ("b", "home_town"),
        ("c", "sex"),
    }


def test_cards_are_scored_by_their_kind() -> None:
    card = {"pages": [1], "form": "identity_card", "fields": {"sex": "male"}}
    truths = [
        {"file": "a", "layout": "2016", **card},
        {"file": "b", "layout": "1999", **card},
        {"file": "c", "layout": "2016", **card},
        {**card, "file": "d", "form": "death_extract"},
    ]
    read = [record(file, FormCode.IDENTITY_CARD, sex=("male", True)) for file in "ab"]
    assert score_records(truths, read).by_paper == {
        "death_extract": (0, 1),
        "identity_card 1999": (1, 1),
        "identity_card 2016": (1, 2),
    }


def test_a_word_read_as_two_is_one_letter() -> None:
    score = compare_texts("tên của không ai", "tên của kh ông ai")
    assert (score.letter_errors, score.word_errors) == (1, 2)


def test_words_that_nobody_read_are_not_counted() -> None:
    scores = compare_where_agreed(
        "một hai ba bốn", {"a": "một hải ba XX", "b": "một hai bà YY", "c": "một hai"}
    )
    assert {score.words for score in scores.values()} == {3}  # "bốn" stands in the truth only
    assert {score.letters for score in scores.values()} == {len("một hai ba ")}
    assert [scores[name].letter_errors for name in "abc"] == [1, 1, len("ba ")]
    assert [scores[name].word_errors for name in "abc"] == [1, 1, 1]
    assert scores["a"].cer == pytest.approx(1 / 11)


def test_letters_between_words_belong_to_the_word_beside_them() -> None:
    scores = compare_where_agreed(
        "một hai ba bốn",
        {"good": "một hai ba bốn", "split": "một h ai ba bốn", "glued": "mộthai ba bốn"},
    )
    assert [scores[name].letter_errors for name in ("good", "split", "glued")] == [0, 1, 1]
    assert [scores[name].word_errors for name in ("good", "split", "glued")] == [0, 1, 2]


def test_an_invented_word_is_an_error_of_the_word_before() -> None:
    scores = compare_where_agreed("một hai ba", {"good": "một hai ba", "bad": "một hai bla ba"})
    assert (scores["good"].letter_errors, scores["bad"].letter_errors) == (0, len("bla "))
    assert scores["bad"].word_errors == 0


def test_what_stands_around_the_truth_is_not_compared() -> None:
    scores = compare_where_agreed("một hai", {"a": "VGP một hai SAO Y", "b": "một hai"})
    assert [scores[name].letter_errors for name in "ab"] == [0, 0]


def test_what_two_makes_read_alike_stands_on_the_paper() -> None:
    readings = {"a": "một 17 hai ba", "b": "một 17 hai ba", "c": "một hai bla ba"}
    scores = compare_where_agreed("một hai ba", readings)
    assert [scores[name].letter_errors for name in "abc"] == [0, 0, 4]
    alike = compare_where_agreed("một hai ba", readings, makes={"a": "one", "b": "one"})
    assert [alike[name].letter_errors for name in "abc"] == [3, 3, 4]


def test_a_part_of_a_scan_is_compared_with_its_part_of_the_truth() -> None:
    truth = "a b c d e f g h i k"
    assert truth_covered(truth, ["a b c d", "x b c d e f y h", "k"]) == "a b c d e f"


def test_lines_are_found_wherever_they_stand() -> None:
    score = compare_lines(
        ["Họ tên: An", "Giới tính: Nữ", "Quê quán"], "Giới tinh: Nữ và Họ tên: An."
    )
    assert (score.lines, score.exact) == (3, 0)  # "An." is not "An"
    assert score.letter_errors == 0 + 1 + score_of_missing(
        "Quê quán", "Giới tinh: Nữ và Họ tên: An."
    )
    assert score.bare_letter_errors < score.letter_errors
    assert compare_lines(["Họ tên: An"], "x\nHọ tên:\nAn y").exact_rate == 1


def score_of_missing(line: str, read: str) -> int:
    """The plain definition: the smallest distance to any stretch."""
    stretches = (read[i:j] for i in range(len(read) + 1) for j in range(i, len(read) + 1))
    return min(Levenshtein.distance(line, stretch) for stretch in stretches)


def test_pages_add_up() -> None:
    total = compare_lines(["ab"], "ab") + compare_lines(["cd"], "")
    assert (total.lines, total.exact, total.letter_errors, total.cer) == (2, 1, 2, 0.5)
