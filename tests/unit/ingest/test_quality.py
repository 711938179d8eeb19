"""The quality verdict."""

import cv2
import numpy as np
import pytest
from drawn_pages import Array, text_page

from domain.page import PageImage, Quality, QualityReason
from ingest.quality import assess


def verdict(pixels: Array, dpi: int = 200) -> Quality:
    return assess(PageImage(number=1, pixels=pixels, dpi=dpi))


def blurred(sigma: float) -> Array:
    return np.asarray(cv2.GaussianBlur(text_page(), (0, 0), sigma), dtype=np.uint8)


def test_good_page() -> None:
    found = verdict(text_page())
    assert found.usable
    assert found.reasons == ()
    assert found.blur < 0.15
    assert found.dpi == 200


def test_good_bitonal_page_at_200_dpi_is_not_refused() -> None:
    scan = np.where(text_page() > 128, 255, 0).astype(np.uint8)
    rng = np.random.default_rng(5)
    scan[rng.random(scan.shape) < 0.0005] = 0
    found = verdict(scan)
    assert found.usable
    assert found.reasons == ()


def test_blur_grows_with_blurring() -> None:
    values = [verdict(blurred(sigma)).blur for sigma in (0.5, 1.5, 2.5, 4.0)]
    assert values == sorted(values)
    assert values[0] < 0.2
    assert values[-1] > 0.8
    assert QualityReason.BLURRED in verdict(blurred(4.0)).reasons


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((2339, 1654), 255, np.uint8),
        np.clip(np.random.default_rng(1).normal(240, 4, (2339, 1654)), 0, 255).astype(np.uint8),
        np.zeros((2339, 1654), np.uint8),
    ],
    ids=["white", "noise", "black"],
)
def test_blank_page(pixels: Array) -> None:
    found = verdict(pixels)
    assert found.reasons == (QualityReason.BLANK,)
    assert not found.usable


def test_page_with_a_few_lines_is_not_blank() -> None:
    found = verdict(text_page(lines=3))
    assert QualityReason.BLANK not in found.reasons


def test_faded_page_is_risky_but_usable() -> None:
    found = verdict(text_page(ink=212))
    assert QualityReason.FADED in found.reasons
    assert found.usable


def test_low_resolution() -> None:
    risky = verdict(text_page(dpi=120), dpi=120)
    assert risky.usable
    assert QualityReason.LOW_RESOLUTION in risky.reasons
    assert not verdict(text_page(dpi=80), dpi=80).usable


def test_black_and_white_needs_more_dots_than_grey() -> None:
    grey = text_page(dpi=150)
    assert verdict(grey, dpi=150).reasons == ()
    scan = np.where(grey > 128, 255, 0).astype(np.uint8)
    assert verdict(scan, dpi=150).reasons == (QualityReason.LOW_RESOLUTION,)


def test_strong_skew_is_named() -> None:
    assert QualityReason.SKEWED in verdict(text_page(skew=12.5)).reasons


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (3, 8000)])
def test_a_strip_without_room_for_letters_is_blank(shape: tuple[int, int]) -> None:
    found = verdict(np.full(shape, 20, np.uint8), dpi=round(max(shape) / 11.69) or 1)
    assert not found.usable
    assert found.reasons == (QualityReason.BLANK,)
