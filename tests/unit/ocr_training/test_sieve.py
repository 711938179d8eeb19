"""The sieve: what is read with ease is mostly left out of training, what is misread never."""

import numpy as np
import pytest

from ocr.engine import shipped_model
from ocr.self_test import pangram
from ocr.training.sieve import Sieve


@pytest.fixture(scope="module")
def sieve() -> Sieve:
    return Sieve(shipped_model(), seed=3)


def test_lines_read_with_ease_mostly_stay_behind(sieve: Sieve) -> None:
    passed = [sieve(picture, text) for _ in range(6) for text, picture in pangram()]
    assert 0 < sum(passed) < 0.5 * len(passed)


def test_of_pictures_without_print_more_pass(sieve: Sieve) -> None:
    white = np.full((48, 320), 255, np.uint8)
    passed = [sieve(white, "") for _ in range(200)]
    assert 0.3 < sum(passed) / len(passed) < 0.5


def test_a_line_read_otherwise_than_it_says_always_passes(sieve: Sieve) -> None:
    assert all(sieve(picture, text[:-1]) for text, picture in pangram())
