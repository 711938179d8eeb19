"""Which files of a folder are taken: all scans, whatever they are called, and nothing left out in silence."""

import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from api.cli import main
from api.scan_files import bytes_of, scans
from domain.errors import ErrorCode, HosoError
from ingest.inspection import Limits, inspect

FORMATS = {"scan": "JPEG", "a.jfif": "JPEG", "Quét 1": "TIFF", "b.dat": "PNG", "c": "WEBP"}


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Scans under odd names, and what else lies in folders."""
    made = tmp_path / "box"
    (made / "inner").mkdir(parents=True)
    for name, kind in FORMATS.items():
        Image.new("L", (40, 60), 255).save(made / "inner" / name, kind)
    (made / "d.bin").write_bytes(b"junk" * 50 + b"%PDF-1.7\n")
    Image.new("L", (40, 60), 255).save(made / "e.gif")
    Image.new("L", (40, 60), 255).save(made / "f.bmp")
    Image.new("L", (40, 60), 255).save(made / "inner" / "._scan.jpg")
    (made / "notes.txt").write_text("x")
    (made / "gone.pdf").symlink_to(made / "nowhere.pdf")
    (made / "linked").symlink_to(made / "inner")
    (made / "empty.pdf").touch()
    os.mkfifo(made / "pipe.pdf")
    return made


def test_scans_in_folders_are_told_by_content_or_by_name(box: Path) -> None:
    found = scans([box])
    names = [str(path.relative_to(box)) for path in found.files]
    sound = [*(f"inner/{name}" for name in FORMATS), "d.bin"]
    meant = ["e.gif", "f.bmp", "gone.pdf", "pipe.pdf", "empty.pdf"]
    assert names == sorted([*sound, *meant])


def test_what_was_meant_to_be_a_scan_is_refused_by_name(box: Path) -> None:
    refusals = {}
    for path in scans([box]).files:
        if path.suffix in {".gif", ".bmp", ".pdf"}:
            with pytest.raises(HosoError) as refused:
                inspect(bytes_of(path), name=path.name, limits=Limits())
            refusals[path.name] = refused.value
    assert {name: str(error.code) for name, error in refusals.items()} == {
        "e.gif": "file_type_unsupported",
        "f.bmp": "file_type_unsupported",
        "gone.pdf": "file_broken",
        "pipe.pdf": "file_not_regular",
        "empty.pdf": "file_empty",
    }
    assert str(box / "nowhere.pdf") in str(refusals["gone.pdf"].facts["problem"])


@pytest.mark.parametrize("suffix", ["jp2", "HEIC", "avif", "djvu", "jxl", "heif"])
def test_pictures_of_other_formats_are_none_to_pass_over(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"khai tử 05.{suffix}").write_bytes(b"some picture")
    assert [path.suffix for path in scans([tmp_path]).files] == [f".{suffix}"]


def test_all_else_in_folders_is_skipped_by_name(box: Path) -> None:
    names = {path.name for path in scans([box]).skipped}
    assert names == {"._scan.jpg", "notes.txt", "linked"}


def test_hidden_folders_hold_no_scans_but_one_that_is_named_does(tmp_path: Path) -> None:
    hidden = tmp_path / ".thumbnails"
    hidden.mkdir()
    Image.new("L", (40, 60), 255).save(hidden / "a.png")
    assert scans([tmp_path]).files == ()
    assert scans([hidden]).files == (hidden / "a.png",)


def test_a_file_named_outright_is_taken_whatever_it_is(box: Path) -> None:
    named = [box / "notes.txt", box / "inner" / "._scan.jpg"]
    assert scans(named).files == tuple(named)
    assert scans(named).skipped == ()


def test_what_cannot_be_opened_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    assert scans([tmp_path]).files == (tmp_path / "locked",)


def test_a_path_that_is_not_there_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(HosoError) as refused:
        scans([tmp_path, tmp_path / "x"])
    assert refused.value.code is ErrorCode.FILE_NOT_FOUND


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Skipped, no scans (14): linked/, names without a suffix (4), *.docx (5), hidden files (4)",
        ),
        (
            "vi",
            "Bỏ qua, không phải bản quét (14): linked/, tên không có đuôi (4), *.docx (5), tệp ẩn (4)",
        ),
    ],
)
@pytest.mark.parametrize("command", ["read", "digitize"])
def test_what_is_skipped_is_told_in_one_line(
    box: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
    command: str,
) -> None:
    for number in range(5):
        (box / f"biên bản {number}.docx").touch()
    (box / "notes.txt").unlink()
    for number in range(4):
        (box / f"readme{number}").write_text("x")
    for name in (".DS_Store", ".a", ".b"):
        (box / name).touch()
    monkeypatch.setenv("HOSO_LANG", language)
    monkeypatch.setattr("api.cli.reading._outcomes", lambda *_, **__: iter(()))
    monkeypatch.setattr("api.cli.digitizing.open_stores", lambda _: None)
    monkeypatch.setattr("api.cli.digitizing.progress", stop)
    arguments = ["hoso", command, str(box), "--jsonl", str(box.parent / "out.jsonl")]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit):
        main()
    assert words in capfd.readouterr().err.splitlines()


def stop(*_: object, **__: object) -> None:
    raise SystemExit
