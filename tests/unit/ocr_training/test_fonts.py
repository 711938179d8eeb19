"""Which faces training and examination may use."""

import tarfile
from pathlib import Path

import pytest
from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont

from ingest.samples.typefaces import installed_sans, installed_serifs
from ocr.training.alphabet import VIETNAMESE
from ocr.training.fonts import collect, merge_fontsource, split, tells_apart


def test_faces_of_sample_papers_draw_every_letter_in_its_own_way() -> None:
    faces = [*installed_sans(), *(face for face, _ in installed_serifs())]
    files = {Path(file) for face in faces for _, file in face.files}
    assert files
    assert [file.name for file in sorted(files) if not tells_apart(file)] == []


def test_face_that_draws_two_letters_alike_is_left_out(tmp_path: Path) -> None:
    face = installed_serifs()[0][0]
    original = Path(dict(face.files)["regular"])
    font = TTFont(original, fontNumber=0)
    for table in font["cmap"].tables:
        if ord("Ộ") in table.cmap:
            table.cmap[ord("Ộ")] = table.cmap[ord("Ọ")]
    font.save(tmp_path / "Faulty.ttf")
    (tmp_path / "Sound.ttf").write_bytes(original.read_bytes())
    assert [font.path.name for font in collect([tmp_path])] == ["Sound.ttf"]


def _variable(path: Path) -> None:
    """A font whose default is a hairline, as of many variable fonts."""
    original = Path(dict(installed_serifs()[0][0].files)["regular"])
    styles = [(100, 100), (300, 100), (400, 70), (700, 100), (900, 100)]
    builder = FontBuilder(font=TTFont(original, fontNumber=0))
    builder.setupFvar(
        [("wght", 100, 100, 900, "Weight"), ("wdth", 70, 100, 100, "Width")],
        [
            {"location": {"wght": weight, "wdth": width}, "stylename": f"{weight} {width}"}
            for weight, width in styles
        ],
    )
    builder.save(path)


def test_variable_font_trains_in_its_named_styles_without_hairlines(tmp_path: Path) -> None:
    _variable(tmp_path / "Sample[wght,wdth].ttf")
    training, held = split(collect([tmp_path]))
    assert held == []
    weights = {font.axes: font.weight for font in training}
    assert weights == {(300, 100): 1.0, (400, 70): 0.4, (700, 100): 1.0, (900, 100): 0.4}
    assert training[0].face(20) is not training[-1].face(20)


def test_held_out_font_keeps_its_default_so_that_the_examination_stays_the_same(
    tmp_path: Path,
) -> None:
    _variable(tmp_path / "Roboto[wght,wdth].ttf")
    training, held = split(collect([tmp_path]))
    assert training == []
    assert [font.axes for font in held] == [()]


@pytest.mark.parametrize(
    ("subsets", "complete"), [({"latin": "aA", "vietnamese": VIETNAMESE}, 1), ({"latin": "aA"}, 0)]
)
def test_subsets_are_merged_and_what_lacks_vietnamese_is_kept_to_borrow(
    tmp_path: Path, subsets: dict[str, str], complete: int
) -> None:
    archive = tmp_path / "fontsource-sample-5.0.0.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, letters in subsets.items():
            font = TTFont(Path(dict(installed_serifs()[0][0].files)["regular"]), fontNumber=0)
            maker = subset.Subsetter()
            maker.populate(text=letters)
            maker.subset(font)
            part = tmp_path / f"{name}.ttf"
            font.save(part)
            tar.add(part, f"package/files/sample-{name}-400-normal.woff2")
    assert merge_fontsource([archive], tmp_path / "merged") == 1
    merged = tmp_path / "merged" / "sample-400-normal.ttf"
    assert set("".join(subsets.values())) <= set(map(chr, TTFont(merged).getBestCmap()))
    assert len(collect([tmp_path / "merged"])) == complete


def test_face_of_forms_counts_more_but_not_under_borrowed_marks(tmp_path: Path) -> None:
    original = Path(dict(installed_serifs()[0][0].files)["regular"])
    for name in ("Tinos.ttf", "Tinos-borrowed.ttf"):
        (tmp_path / name).write_bytes(original.read_bytes())
    weights = {font.path.name: font.weight for font in collect([tmp_path])}
    assert weights["Tinos.ttf"] > weights["Tinos-borrowed.ttf"] == 1.0
