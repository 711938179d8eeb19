"""Training batches: what the recogniser is shown."""

import itertools
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from ocr.training import alphabet, fonts
from ocr.training.corpus import Corpus
from ocr.training.damage import Image
from ocr.training.lines import BATCH_PIXELS, BUCKETS, HEIGHT, PAD, Batch, Typesetter, batches
from ocr.training.scribbles import scribble


@pytest.fixture(scope="module")
def usable() -> list[fonts.Font]:
    if shutil.which("fc-match") is None:
        pytest.skip("fontconfig is not installed")
    asked = ["fc-match", "--format=%{file}", "Tinos"]
    found = subprocess.run(asked, check=True, capture_output=True, text=True)
    usable = fonts.collect([Path(found.stdout).parent])
    if not usable:
        pytest.skip("no font with all Vietnamese letters beside Tinos")
    return usable


@pytest.fixture(scope="module")
def printed(usable: list[fonts.Font]) -> list[Batch]:
    setter = Typesetter(usable, np.random.default_rng(11))
    return list(itertools.islice(batches(setter, Corpus(11), 11), 14))


def test_a_batch_is_of_one_known_width_and_full(printed: list[Batch]) -> None:
    for batch in printed:
        lines, height, width = batch.images.shape
        assert (height, width in BUCKETS) == (HEIGHT, True)
        assert (lines - 1) * width < BATCH_PIXELS <= lines * width
        assert len(batch.lengths) == lines
        assert batch.lengths.sum() == len(batch.targets)
        assert batch.targets.max() < alphabet.CLASSES


def test_some_pictures_have_nothing_to_read_but_most_do(printed: list[Batch]) -> None:
    lengths = np.concatenate([batch.lengths for batch in printed])
    assert 0 < (lengths == 0).mean() < 0.12


def test_some_lines_fill_their_width_and_others_do_not(printed: list[Batch]) -> None:
    padded = np.concatenate([(b.images[:, :, -1] == PAD).all(axis=1) for b in printed])
    assert 0.3 < padded.mean() < 0.9


def test_scribbles_are_pictures_of_one_height() -> None:
    rng = np.random.default_rng(5)
    made = [scribble(rng) for _ in range(40)]
    assert {picture.shape[0] for picture in made} == {64}
    assert {picture.dtype for picture in made} == {np.dtype(np.uint8)}
    assert sum(bool(picture.min() < picture.max() - 60) for picture in made) > 20


def _unharmed(image: Image, _rng: np.random.Generator) -> Image:
    return image


def test_reshaped_letters_stay_in_their_picture(usable: list[fonts.Font]) -> None:
    text = "NGUYỄN THỊ THÚY DIỄM"
    widths = []
    for seed in range(30):
        plain, other = (
            Typesetter(usable, np.random.default_rng(seed), harm=_unharmed, reshaped_share=share)
            for share in (0.0, 1.0)
        )
        reshaped, drawn = other.line(text), plain.line(text)
        assert reshaped is not None
        assert drawn is not None
        widths.append(reshaped.shape[1] / reshaped.shape[0] / (drawn.shape[1] / drawn.shape[0]))
        # Ink at the outermost columns would be a letter cut off.
        assert (reshaped[:, [0, -1]] < 128).mean() < 0.35
    assert min(widths) < 0.9
    assert max(widths) > 1.1


def test_small_print_as_often_as_it_is_asked_for(usable: list[fonts.Font]) -> None:
    setter = Typesetter(usable, np.random.default_rng(3), harm=_unharmed, small_share=1.0)
    sizes = []
    for _ in range(20):
        setter.line("An")
        sizes.append(setter.size)
    assert max(sizes) < 30


def test_blank_paper_stands_about_some_lines_and_nothing_is_lost(usable: list[fonts.Font]) -> None:
    sides: list[float] = []
    heights: list[float] = []
    for seed in range(40):
        plain, other = (
            Typesetter(
                usable,
                np.random.default_rng(seed),
                harm=_unharmed,
                neighbour_share=0.0,
                spacious_share=share,
            )
            for share in (0.0, 1.0)
        )
        close, spacious = plain.line("An Khê"), other.line("An Khê")
        assert close is not None
        assert spacious is not None
        (tall, wide), (before, after) = _ink(close), _ink(spacious)
        heights.append(before / tall)
        sides.append((spacious.shape[1] - after) / before - (close.shape[1] - wide) / tall)
    assert min(heights) < 0.7
    assert max(heights) > 0.95
    assert min(sides) == pytest.approx(0, abs=0.4)
    assert max(sides) > 4


def _ink(line: Image) -> tuple[int, int]:
    """Height and width of what is printed."""
    rows, columns = np.nonzero(line < 128)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
