"""Lines met before: what is not learned comes back a few times, what is learned or hopeless does not."""

import random

import numpy as np
import pytest

from ocr.training.lines import BATCH_PIXELS, HEIGHT, PAD, Batch
from ocr.training.repetition import Repetition

WIDTH = 320
LINES = BATCH_PIXELS // WIDTH
LETTERS = 10
HARD, LEARNED, HOPELESS = 0.3, 0.01, 3.0


def fresh(*, first: int = 0) -> Batch:
    """A batch whose line number n has n as its every letter and its ink on the left half."""
    images = np.full((LINES, HEIGHT, WIDTH), PAD, np.uint8)
    images[:, :, : WIDTH // 2] = 255
    images[:, 20:28, 10:100] = 0
    return Batch(
        images=images,
        targets=np.repeat(np.arange(first, first + LINES), LETTERS),
        lengths=np.full(LINES, LETTERS),
        met=np.zeros(LINES, np.int64),
    )


def losses(value: float) -> np.ndarray:
    return np.full(LINES, value, np.float32)


@pytest.fixture
def repetition() -> Repetition:
    return Repetition(random.Random(4))  # noqa: S311 - chance, not secrecy


def filled(repetition: Repetition, value: float = HARD) -> Repetition:
    for number in range(8):
        repetition.keep(fresh(first=number * LINES), losses(value))
    return repetition


def test_nothing_comes_back_before_enough_lines_wait(repetition: Repetition) -> None:
    repetition.keep(fresh(), losses(HARD))
    assert repetition.next() is None


@pytest.mark.parametrize("value", [LEARNED, HOPELESS])
def test_learned_and_hopeless_lines_do_not_come_back(repetition: Repetition, value: float) -> None:
    assert filled(repetition, value).next() is None


def test_hard_lines_come_back_with_their_own_letters_in_a_full_batch(
    repetition: Repetition,
) -> None:
    batch = filled(repetition).next()
    assert batch is not None
    assert batch.images.shape == (LINES, HEIGHT, WIDTH)
    assert batch.lengths.tolist() == [LETTERS] * LINES
    letters = batch.targets.reshape(LINES, LETTERS)
    assert (letters == letters[:, :1]).all()
    assert len(set(letters[:, 0].tolist())) == LINES
    assert batch.met.tolist() == [1] * LINES


def test_a_line_comes_back_varied_and_its_padding_stays(repetition: Repetition) -> None:
    batch = filled(repetition).next()
    assert batch is not None
    original = fresh().images[0]
    assert all((image != original).any() for image in batch.images)
    assert (batch.images[:, :, WIDTH * 3 // 5 :] == PAD).all()
    assert (batch.images.min(axis=(1, 2)) < 60).all()


def test_a_line_that_stays_hard_is_given_up_in_the_end(repetition: Repetition) -> None:
    filled(repetition)
    meetings = 0
    for _ in range(1000):
        batch = repetition.next()
        if batch is None:
            break
        meetings = max(meetings, int(batch.met.max()))
        repetition.keep(batch, losses(HARD))
    else:
        pytest.fail("the same lines came back for ever")
    assert meetings == 4
