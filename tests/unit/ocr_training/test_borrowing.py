"""Faces under marks of others, so that small print of unseen faces is read better."""

from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from ingest.samples.typefaces import installed_sans, installed_serifs
from ocr.training.alphabet import VIETNAMESE, bare
from ocr.training.borrowing import Lender, borrow_all, lenders
from ocr.training.fonts import collect, tells_apart
from ocr.training.outlines import (
    Outlines,
    UnfitError,
    horned,
    stem,
    surrounding,
    without_horn,
)

_EM = 96
_MARKS = "ấẩẫậắẳéỉõụỳẤẨẪỊ"


def _drawn(file: Path, letter: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    picture = Image.new("L", (3 * _EM, 3 * _EM), 0)
    face = ImageFont.truetype(str(file), _EM, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(picture).text((_EM, 2 * _EM), letter, font=face, fill=255, anchor="ls")
    return np.asarray(picture) > 127


def _alike(one: Path, other: Path, letter: str) -> float:
    """Ink in both pictures of a letter, as a share of the ink in either."""
    first, second = _drawn(one, letter), _drawn(other, letter)
    return float((first & second).sum() / (first | second).sum())


def _installed(family: str) -> Path:
    files = [
        Path(file)
        for face in [*installed_sans(), *(face for face, _ in installed_serifs())]
        for style, file in face.files
        if style == "regular"
    ]
    return next(file for file in files if family in file.name)


def _without(letters: str, folder: Path, name: str = "Poor.ttf") -> Path:
    """Liberation Serif, some of its letters taken out."""
    folder.mkdir(exist_ok=True)
    with TTFont(_installed("LiberationSerif"), fontNumber=0) as font:
        for table in font["cmap"].tables:
            for letter in letters:
                table.cmap.pop(ord(letter), None)
        font.save(folder / name)
    return folder / name


@pytest.fixture(scope="module")
def lending() -> list[Lender]:
    found = [Lender.of(_installed(name)) for name in ("DejaVuSerif", "NotoSerif", "FreeSerif")]
    return [lender for lender in found if lender is not None]


@pytest.fixture
def borrowed(tmp_path: Path, lending: list[Lender]) -> Path:
    poor = _without(VIETNAMESE, tmp_path / "poor")
    assert borrow_all([poor], lending, tmp_path / "made") == 1
    return tmp_path / "made" / "Poor-borrowed.ttf"


def test_face_without_vietnamese_gets_all_its_letters(borrowed: Path, tmp_path: Path) -> None:
    assert collect([tmp_path / "poor"]) == []
    assert [face.path for face in collect([tmp_path / "made"])] == [borrowed]
    assert tells_apart(borrowed)


def test_borrowed_letters_look_like_those_that_were_drawn_for_it(borrowed: Path) -> None:
    own = _installed("LiberationSerif")
    likeness = {letter: _alike(own, borrowed, letter) for letter in VIETNAMESE}
    assert min(likeness.values()) > 0.6
    assert np.mean(list(likeness.values())) > 0.8


def test_marks_are_those_of_one_lender(tmp_path: Path, lending: list[Lender]) -> None:
    poor = _without(VIETNAMESE, tmp_path / "poor")
    borrow_all([poor], lending, tmp_path / "made")
    with TTFont(tmp_path / "made" / "Poor-borrowed.ttf") as font:
        made = _shapes(Outlines(font))
    found = []
    for lender in lending:
        with TTFont(lender.path, fontNumber=0) as font:
            found.append(np.abs(_shapes(Outlines(font)) - made).max())
    assert min(found) < 0.05
    assert max(found) > 0.1


def _shapes(outlines: Outlines) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """How wide each mark is for its height."""
    bounds = [
        bounds
        for letter in _MARKS
        for bounds in sorted((mark.bounds for mark in outlines.marks(letter)), key=lambda at: at[1])
    ]
    return np.array([(right - left) / (top - bottom) for left, bottom, right, top in bounds])


def test_second_time_the_marks_are_set_otherwise_and_two_keep_their_distance(
    tmp_path: Path, lending: list[Lender]
) -> None:
    poor = _without(VIETNAMESE, tmp_path / "poor")
    assert borrow_all([poor], lending[:1], tmp_path / "made", times=2) == 2
    (first, first_two), (again, two) = (
        _heights(tmp_path / "made" / name) for name in ("Poor-borrowed.ttf", "Poor-2-borrowed.ttf")
    )
    assert abs(again / first - 1) > 0.02
    # What is set is the pile: the upper mark is as much of it as before.
    assert two / again == pytest.approx(first_two / first, abs=0.03)
    assert tells_apart(tmp_path / "made" / "Poor-2-borrowed.ttf")


def _heights(file: Path) -> tuple[float, float]:
    """Of the pile on ``ấ``, and of the upper one of its marks."""
    with TTFont(file) as font:
        marks = Outlines(font).marks("ấ")
    _, bottom, _, top = surrounding(marks)
    upper = max(marks, key=lambda mark: mark.bounds[3]).bounds
    return top - bottom, upper[3] - upper[1]


def test_each_face_sets_the_horns_of_its_lender_otherwise(
    tmp_path: Path, lending: list[Lender]
) -> None:
    lender = next(lender for lender in lending if lender.has_horns)
    poor = [_without(VIETNAMESE, tmp_path / "poor", name) for name in ("One.ttf", "Two.ttf")]
    assert borrow_all(poor, [lender], tmp_path / "made") == 2
    one, two = sorted((tmp_path / "made").iterdir())
    assert _alike(one, two, "ấ") == 1
    assert 0.6 < _alike(one, two, "ơ") < 1


def test_face_that_keeps_its_letters_gets_only_those_it_lacks(
    tmp_path: Path, lending: list[Lender]
) -> None:
    lacking = "ếẾ"
    poor = [_without(lacking, tmp_path / "poor", f"{number}.ttf") for number in range(8)]
    assert borrow_all(poor, lending, tmp_path / "made") == 8
    kept = [_alike(poor[0], made, "ấ") == 1 for made in (tmp_path / "made").iterdir()]
    assert {True, False} == set(kept)


def test_bare_letters_stay(borrowed: Path) -> None:
    own = _installed("LiberationSerif")
    for letter in {bare(letter) for letter in VIETNAMESE}:
        assert (_drawn(own, letter) == _drawn(borrowed, letter)).all()


def test_complete_face_gets_all_marks_anew(tmp_path: Path, lending: list[Lender]) -> None:
    source = _without("", tmp_path / "own", "Whole.ttf")
    assert borrow_all([source], lending, tmp_path / "made") == 1
    made = tmp_path / "made" / "Whole-borrowed.ttf"
    # Horns and the bar of đ are its own, but for the hints of the horned letters.
    assert min(_alike(source, made, letter) for letter in "đĐơƠưƯ") > 0.95
    assert max(_alike(source, made, letter) for letter in "ấẩẫậắẳéỉõỳẤẨẪ") < 0.95


def test_held_out_faces_neither_borrow_nor_lend(tmp_path: Path, lending: list[Lender]) -> None:
    poor = _without(VIETNAMESE, tmp_path, "Roboto-Regular.ttf")
    assert borrow_all([poor], lending, tmp_path / "made") == 0
    whole = _without("", tmp_path / "lend", "Spectral-Regular.ttf")
    assert Lender.of(whole) is not None
    assert lenders([tmp_path / "lend"]) == []


def test_bold_and_slanted_faces_lend_to_their_like(lending: list[Lender]) -> None:
    lender = lending[0]
    bold = Path(dict(installed_serifs()[1][0].files)["bold"])
    with TTFont(lender.path, fontNumber=0) as same, TTFont(bold, fontNumber=0) as other:
        assert lender.fits(Outlines(same))
        assert not lender.fits(Outlines(other))


def test_face_of_small_capitals_is_refused(tmp_path: Path) -> None:
    poor = _without("", tmp_path, "Capitals.ttf")
    with TTFont(poor, fontNumber=0) as font:
        for table in font["cmap"].tables:
            for letter in "abcdefghijklmnopqrstuvwxyz":
                if ord(letter) in table.cmap:
                    table.cmap[ord(letter)] = table.cmap[ord(letter.upper())]
        with pytest.raises(UnfitError, match="no small letters"):
            Outlines(font)


def test_letters_are_taken_apart() -> None:
    assert [stem(letter) for letter in "ệịỈ"] == ["e", "ı", "I"]
    assert [without_horn(letter) for letter in "ớựơé"] == ["ó", "ụ", "o", "é"]
    assert horned("ớéỰ") == ["ơ", "Ư"]
    with TTFont(_installed("LiberationSerif"), fontNumber=0) as font:
        outlines = Outlines(font)
        assert [len(outlines.marks(letter)) for letter in "éậ"] == [1, 2]
        with pytest.raises(UnfitError, match="e"):
            outlines.marks("e")
