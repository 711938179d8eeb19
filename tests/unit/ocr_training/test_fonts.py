"""Which faces training and examination may use."""

from pathlib import Path

from fontTools.ttLib import TTFont

from ingest.samples.typefaces import installed_sans, installed_serifs
from ocr.training.fonts import collect, tells_apart


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
