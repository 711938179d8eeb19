"""Which files of a folder are taken: all scans, whatever they are called, and nothing left out in silence."""

import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from api.cli import main
from api.scan_files import scans
from domain.errors import ErrorCode, HosoError

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
    assert names == sorted([*(f"inner/{name}" for name in FORMATS), "d.bin", "empty.pdf"])


def test_all_else_in_folders_is_skipped_by_name(box: Path) -> None:
    names = {path.name for path in scans([box]).skipped}
    assert names == {
        "e.gif", "f.bmp", "._scan.jpg", "notes.txt", "gone.pdf", "linked", "pipe.pdf",
    }  # fmt: skip


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
    assert refused.value.code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Skipped, no scans (8): e.gif, f.bmp, gone.pdf, linked, notes.txt, …"),
        ("vi", "Bỏ qua, không phải bản quét (8): e.gif, f.bmp, gone.pdf, linked, notes.txt, …"),
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
    (box / ".DS_Store").touch()
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
