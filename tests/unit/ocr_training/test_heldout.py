"""Marking: letters, tones and whole lines are counted as the model card says."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.training import heldout


def test_a_wrong_tone_is_a_tone_error_and_an_error() -> None:
    marks = heldout.mark("Nguyên Văn Ân", "Nguyễn Văn An")
    assert (marks.errors, marks.tone_errors, marks.exact) == (2, 2, 0)


def test_a_wrong_letter_is_no_tone_error() -> None:
    marks = heldout.mark("Nguyễn Vân Am", "Nguyễn Vân An")
    assert (marks.errors, marks.tone_errors) == (1, 0)


def test_leaders_of_any_length_are_the_same_reading() -> None:
    assert heldout.mark("Họ tên: ......", "Họ tên: …").exact == 1


def test_marks_add_up() -> None:
    both = heldout.mark("ab", "ab") + heldout.mark("ac", "ab")
    assert (both.lines, both.letters, both.errors, both.exact) == (2, 4, 1, 1)
    assert both.cer == pytest.approx(0.25)


def test_an_examination_reports_each_level_all_and_office_print() -> None:
    blank = np.full((48, 64), 255, np.uint8)
    asked = [
        heldout.Question(image=blank, text="ba", level=level, size=size)
        for level in heldout.LEVELS
        for size in (heldout.OFFICE_SIZE - 1, heldout.OFFICE_SIZE)
    ]
    totals = heldout.examine(lambda images: ["ba"] * len(images), asked)
    counted = {name: marks.lines for name, marks in totals.items()}
    assert counted == {"all": 6, "light": 2, "medium": 2, "heavy": 2, "office": 2}
    assert totals["all"].exact_rate == 1.0


@pytest.mark.parametrize("level", heldout.LEVELS)
def test_held_out_damage_keeps_shape_and_type(level: str) -> None:
    page = np.full((40, 500), 255, np.uint8)
    page[10:30, 20:480:7] = 0
    for seed in range(25):
        harmed = heldout.harm(level)(page, np.random.default_rng(seed))
        assert harmed.shape == page.shape
        assert harmed.dtype == np.uint8
