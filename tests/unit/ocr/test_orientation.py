"""Which way up: when readings of both tell it, and when they do not."""

import pytest

from ocr.orientation import clearer
from ocr.recogniser import Reading


def readings(*said: tuple[str, float]) -> list[Reading]:
    return [Reading(text=text, confidence=confidence) for text, confidence in said]


def test_the_surer_readings_are_the_right_way_up() -> None:
    upright = readings(("Certified true copy", 0.99), ("Hanoi", 0.97))
    overturned = readings(("Ádoo anıı", 0.85), ("ıouɐH", 0.8))
    assert clearer(upright, overturned) > 0.1
    assert clearer(overturned, upright) == -clearer(upright, overturned)


@pytest.mark.parametrize("one", [("I", 0.99), ("", 0.0)])
def test_a_letter_does_not_outweigh_a_line(one: tuple[str, float]) -> None:
    assert clearer(readings(("Giấy khai sinh", 0.92)), readings(one)) > 0.8


def test_what_reads_alike_both_ways_tells_nothing() -> None:
    assert clearer(readings(("609 906", 0.999)), readings(("906 609", 0.991))) == 0
    assert clearer(readings(("", 0.0)), readings((".", 0.2))) == 0
    assert clearer(readings(("XX", 0.5)), readings(("XX", 0.9))) == 0
    assert clearer([], []) == 0
