"""The whole reading room on a generated paper and on a page of a real scan; small, for every run.

The figures of the README come from ``hoso bench reading`` and ``hoso bench pipeline``.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from domain.page import CleanPage, Pixels
from ingest.cleaning import clean, rotate
from ingest.inspection import Limits
from ingest.pages import every_page
from ingest.samples.document import make_document
from ocr.accuracy import measure_reading
from ocr.bench import score_records
from ocr.detection import Detector
from ocr.documents import read_document
from ocr.engine import ReadingEngine

SCAN = Path(__file__).parents[2] / ".." / "shared" / "data" / "scans" / "luat_cu_tru_68_2020"


@pytest.fixture(scope="module")
def engine() -> ReadingEngine:
    return ReadingEngine()


def upright(data: bytes, engine: ReadingEngine) -> Iterator[CleanPage]:
    for scan in every_page(data, limits=Limits()):
        cleaned = clean(scan)
        turn = engine.rotation(cleaned.pixels)
        yield clean(rotate(scan, turn)) if turn else cleaned


@pytest.mark.parametrize("index", [1, 5])
def test_a_generated_paper_is_read(engine: ReadingEngine, index: int) -> None:
    sample = make_document(index, seed=7)
    pages = upright(sample.content, engine)
    records = read_document(str(sample.truth["file"]), "", pages, engine, date(2026, 11, 22))
    score = score_records([sample.truth], records)
    assert score.form_rate == 1, sample.truth["form"]
    assert score.field_rate >= 0.85, score.slips
    assert score.certain_wrong == 0, score.slips


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_paper_is_set_upright(engine: ReadingEngine, turn: int) -> None:
    sample = make_document(1, seed=7)
    (page,) = upright(sample.content, engine)
    turned: Pixels = np.ascontiguousarray(np.rot90(page.pixels, -turn // 90))
    assert engine.rotation(turned) == turn
    assert engine.rotation(np.full((400, 600), 255, np.uint8)) == 0  # an empty page stays as it is


def test_a_word_on_a_long_leader_is_found_though_faint() -> None:
    detector = Detector()
    faint = []
    for dots in range(20, 30, 2):
        page = Image.new("L", (1240, 1754), 255)
        letters = ImageFont.load_default(size=24)
        texts = ["Certified true copy", "Name of the father", "." * dots + "Hà" + "." * dots]
        for row, text in enumerate(texts):
            ImageDraw.Draw(page).text((120, 150 + 110 * row), text, fill=0, font=letters)
        *found, led = sorted(detector.find(np.asarray(page)), key=lambda piece: piece.y)[:3]
        assert [piece.faint for piece in found] == [False, False]
        faint.append(led.faint)
    assert not faint[0]
    assert any(faint)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_few_foreign_words_tell_which_way_up(engine: ReadingEngine, turn: int) -> None:
    page = Image.new("L", (1240, 1754), 255)
    letters = ImageFont.load_default(size=44)
    ImageDraw.Draw(page).text((150, 200), "Certified true copy", fill=0, font=letters)
    turned: Pixels = np.ascontiguousarray(np.rot90(np.asarray(page), -turn // 90))
    assert engine.rotation(turned) == turn


def test_a_page_of_a_real_scan_is_read(engine: ReadingEngine) -> None:
    if not SCAN.is_dir():
        pytest.skip("../shared/data/scans is absent")
    truth = (SCAN / "truth.txt").read_text(encoding="utf-8")
    second = islice(every_page((SCAN / "scan.pdf").read_bytes(), limits=Limits()), 1, 2)
    (page,) = [clean(scan) for scan in second]
    lines = engine.read_page(page)
    words = Counter(word for line in lines for word in line.text.split())
    known = Counter(truth.split())
    assert len(lines) > 35
    assert sum((words & known).values()) > 0.88 * sum(words.values())
    height, width = page.pixels.shape[:2]
    assert all(-20 < line.box.left < line.box.right < width + 20 for line in lines)
    assert all(-20 < line.box.top < line.box.bottom < height + 20 for line in lines)


def test_reading_is_measured(engine: ReadingEngine) -> None:
    sample = make_document(1, seed=7)
    pages = list(upright(sample.content, engine))
    lines = [line.text for page in pages for line in engine.read_page(page)]
    figures = measure_reading(
        (replace(page) for page in pages), "\n".join(lines), engine, clock=time.process_time
    )
    assert (figures.cer, figures.found, figures.pages) == (0, 1, 1)
    assert figures.seconds_per_page > 0
