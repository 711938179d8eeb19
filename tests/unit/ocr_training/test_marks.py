"""Faces whose marks are set otherwise, so that small print of unseen faces is read better."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingest.samples.typefaces import installed_serifs
from ocr.training.alphabet import VIETNAMESE, bare
from ocr.training.fonts import tells_apart
from ocr.training.marks import reset_all

_EM = 96


def _drawn(file: Path, letter: str) -> Image.Image:
    picture = Image.new("L", (3 * _EM, 3 * _EM), 0)
    face = ImageFont.truetype(str(file), _EM, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(picture).text((_EM, 2 * _EM), letter, font=face, fill=255, anchor="ls")
    return picture


def _reset(folder: Path, name: str = "Sample.ttf") -> tuple[Path, list[Path]]:
    source = folder / "own" / name
    source.parent.mkdir()
    source.write_bytes(Path(dict(installed_serifs()[0][0].files)["regular"]).read_bytes())
    target = folder / "marks"
    reset_all([folder], target)
    return source, sorted(target.iterdir())


def test_marks_move_and_letters_stay(tmp_path: Path) -> None:
    source, made = _reset(tmp_path)
    assert [file.name for file in made] == ["Sample-marks.ttf"]
    moved = [
        letter
        for letter in VIETNAMESE
        if np.array(_drawn(source, letter)).tolist() != np.array(_drawn(made[0], letter)).tolist()
    ]
    # Horns and the bar of đ belong to their letter.
    assert set("ấẩẫậắẳéỉõụỳẤẨẫỊ") <= set(moved)
    assert not set("đĐơƠưƯ") & set(moved)
    for letter in {bare(letter) for letter in VIETNAMESE}:
        assert _drawn(source, letter).tobytes() == _drawn(made[0], letter).tobytes()


def test_letters_with_moved_marks_are_still_told_apart(tmp_path: Path) -> None:
    assert tells_apart(_reset(tmp_path)[1][0])


def test_a_face_is_not_reset_again(tmp_path: Path) -> None:
    source, made = _reset(tmp_path)
    (tmp_path / "Sample-2-borrowed.ttf").write_bytes(source.read_bytes())
    assert reset_all([tmp_path], tmp_path / "marks") == 1
    assert sorted((tmp_path / "marks").iterdir()) == made


def test_held_out_faces_are_left_alone(tmp_path: Path) -> None:
    assert _reset(tmp_path, "Roboto-Regular.ttf")[1] == []
