"""Pages made ready for reading."""

import numpy as np
import pytest
from drawn_pages import Array, colour, text_page
from PIL import Image

from domain.page import PageImage
from ingest.cleaning import clean, rotate
from ingest.evening import has_lone_dots
from ingest.pictures import encode_jpeg


def page(pixels: Array, dpi: int = 200) -> PageImage:
    return PageImage(number=1, pixels=pixels, dpi=dpi)


@pytest.mark.parametrize("skew", [-14.0, -6.3, -1.2, -0.3, 0.0, 0.4, 2.7, 9.1, 15.0])
def test_skew_is_found_to_a_tenth_of_a_degree(skew: float) -> None:
    cleaned = clean(page(text_page(skew=skew)))
    assert cleaned.quality.skew == pytest.approx(skew, abs=0.1)
    assert clean(page(cleaned.pixels)).quality.skew == pytest.approx(0, abs=0.1)


def test_skew_is_found_on_a_page_lying_on_its_side() -> None:
    sideways = np.ascontiguousarray(np.rot90(text_page(skew=2.0)))
    assert clean(page(sideways)).quality.skew == pytest.approx(2.0, abs=0.1)


def test_page_without_text_is_not_turned() -> None:
    picture = np.full((2339, 1654), 250, np.uint8)
    rows, columns = np.mgrid[0:2339, 0:1654]
    picture[np.abs(rows - columns * 0.1 - 500) < 3] = 0  # one slanting rule is no line of text
    cleaned = clean(page(picture))
    assert cleaned.pixels.shape == picture.shape
    assert np.array_equal(cleaned.to_scan, [[1, 0, 0], [0, 1, 0]])


def test_to_scan_maps_a_point_back() -> None:
    scan = text_page(skew=5.0)
    scan[700:712, 900:912] = 0
    scan[640:770, 840:900] = scan[640:770, 912:970] = 255
    scan[640:700, 840:970] = scan[712:770, 840:970] = 255
    cleaned = clean(page(scan))
    height, width = cleaned.pixels.shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]).T
    back = cleaned.to_scan @ corners
    centre = back.mean(axis=1)
    assert centre == pytest.approx([scan.shape[1] / 2, scan.shape[0] / 2], abs=1)
    forward = np.linalg.inv(np.vstack([cleaned.to_scan, [0, 0, 1]])) @ [906, 706, 1]
    x, y = (round(float(one)) for one in forward[:2])
    assert cleaned.pixels[y, x] < 60
    assert cleaned.pixels[y - 30 : y + 30, x - 30 : x - 12].min() > 150


def test_red_stamp_and_shadow_go_ink_stays() -> None:
    scan = colour(text_page())
    scan[300:700, 300:700][text_page()[300:700, 300:700] > 200] = (60, 50, 225)  # BGR: a red seal
    shade = np.linspace(1.0, 0.55, scan.shape[1])[None, :, None]
    shaded = (scan * shade).astype(np.uint8)
    cleaned = clean(page(shaded)).pixels
    paper = text_page() > 250
    assert np.percentile(cleaned[paper], 2) > 215
    assert np.median(cleaned[text_page() < 40]) < 60


def test_bitonal_page_stays_bitonal() -> None:
    scan = np.where(text_page() > 128, 255, 0).astype(np.uint8)
    cleaned = clean(page(scan))
    assert np.array_equal(cleaned.pixels, scan)
    assert cleaned.quality.usable
    assert cleaned.quality.reasons == ()


@pytest.mark.parametrize("scan", [text_page(), np.where(text_page() > 128, 255, 0)])
def test_a_negative_becomes_black_on_white(scan: Array) -> None:
    positive = scan.astype(np.uint8)
    expected = clean(page(positive)).pixels.astype(int)
    cleaned = clean(page(255 - positive)).pixels
    assert np.abs(cleaned - expected).mean() < 3
    assert np.median(cleaned) > 215


def test_paper_on_a_dark_table_is_no_negative() -> None:
    table = np.full((2339, 1654), 35, np.uint8)
    table[300:1300, 400:1100] = text_page()[:1000, :700]
    assert np.median(clean(page(table)).pixels[400:1200, 500:1000]) > 215


def test_an_empty_dark_page_stays_without_text() -> None:
    assert not clean(page(np.zeros((2339, 1654), np.uint8))).quality.usable


def test_the_dots_of_a_dithered_page_become_paper_again() -> None:
    tinted = Image.fromarray(np.minimum(text_page(), 225).astype(np.uint8))
    dithered = np.asarray(tinted.convert("1")).astype(np.uint8) * 255
    assert has_lone_dots(dithered)
    cleaned = clean(page(dithered)).pixels
    assert np.percentile(cleaned[text_page() > 250], 5) > 150
    assert np.median(cleaned[text_page() < 40]) < 60


def test_dots_of_noise_go() -> None:
    scan = text_page().astype(np.uint8)
    chance = np.random.default_rng(3).random(scan.shape)
    noisy = np.where(chance < 0.01, 0, np.where(chance > 0.99, 250, scan)).astype(np.uint8)
    assert has_lone_dots(noisy)
    cleaned = clean(page(noisy)).pixels
    assert np.percentile(cleaned[text_page() > 250], 0.1) > 200
    assert np.median(cleaned[text_page() < 40]) < 60


@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
def test_print_has_no_lone_dots(dpi: int) -> None:
    scan = text_page(dpi=dpi).astype(np.uint8)
    assert not has_lone_dots(scan)
    assert not has_lone_dots(np.where(scan > 128, 255, 0).astype(np.uint8))


def test_the_smallest_page_has_none() -> None:
    assert not has_lone_dots(np.zeros((1, 1), np.uint8))


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, -90, 450])
def test_rotate_turns_counter_clockwise(degrees: int) -> None:
    scan = colour(text_page(dpi=100))
    turned = rotate(page(scan), degrees)
    assert np.array_equal(turned.pixels, np.rot90(scan, degrees // 90))


def test_rotate_refuses_other_angles() -> None:
    with pytest.raises(ValueError, match="right angles"):
        rotate(page(text_page(dpi=100)), 45)


def test_jpeg_keeps_its_resolution() -> None:
    encoded = encode_jpeg(page(colour(text_page(dpi=100)), dpi=300))
    assert encoded[:3] == b"\xff\xd8\xff"
    assert encoded[13:18] == b"\x01" + (300).to_bytes(2, "big") * 2
