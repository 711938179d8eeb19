"""JSON Lines: whole or not at all, through links, and into pipes as it comes."""

import json
import os
import resource
from pathlib import Path

import pytest

from api.cli.jsonl import writing
from api.scan_files import name_of
from domain.errors import ErrorCode, HosoError


def test_nothing_is_left_of_work_that_failed(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("before")
    with pytest.raises(TypeError), writing(tmp_path / "out.jsonl") as sink:
        sink({"a": object()})
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "before"


def test_finished_lines_outlive_an_interruption(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [{"file": "a.pdf"}, {"file": object()}]
    with pytest.raises(TypeError), writing(tmp_path / "out.jsonl") as sink:
        any(map(sink, lines))
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl.part"]
    assert (tmp_path / "out.jsonl.part").read_text() == '{"file": "a.pdf"}\n'


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_is_written_through(tmp_path: Path, *, is_there: bool) -> None:
    target = tmp_path / "elsewhere" / "records.jsonl"
    if is_there:
        target.parent.mkdir()
        target.write_text("before")
    link = tmp_path / "link.jsonl"
    link.symlink_to(target)
    with writing(link) as sink:
        sink({"tên": "An"})
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == '{"tên": "An"}\n'
    assert [path.name for path in target.parent.iterdir()] == ["records.jsonl"]


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with writing(pipe) as sink:
        sink({"a": 1})
    assert os.read(reader, 100) == b'{"a": 1}\n'
    os.close(reader)
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_standard_output_is_written_to(capfd: pytest.CaptureFixture[str]) -> None:
    with writing(Path("/dev/stdout")) as sink:
        sink({"a": 1})
    assert capfd.readouterr().out == '{"a": 1}\n'
    assert Path("/dev/stdout").is_symlink()


def test_a_name_of_odd_bytes_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.jpg")
    with writing(tmp_path / "out.jsonl") as sink:
        sink({"file": name_of(path)})
    assert name_of(path).endswith("/??.jpg")


def test_a_name_is_composed() -> None:
    assert name_of(Path("Nguyê\u0303n.jpg")) == "Nguyễn.jpg"


def test_a_full_disk_is_told_and_finished_lines_stay(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))  # a file may grow no further
    try:
        with pytest.raises(HosoError) as refused, writing(out) as sink:
            any(map(sink, [{"number": number, "text": "x" * 80} for number in range(100)]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert refused.value.code is ErrorCode.FILE_NOT_WRITABLE
    assert refused.value.facts["file"] == str(out)
    assert refused.value.facts["problem"]
    assert not out.exists()
    kept = (tmp_path / "out.jsonl.part").read_text().splitlines()
    assert json.loads(kept[0])["number"] == 0


def test_a_full_device_is_told() -> None:
    with pytest.raises(HosoError) as refused, writing(Path("/dev/full")) as sink:
        sink({"a": 1})
    assert refused.value.code is ErrorCode.FILE_NOT_WRITABLE


def test_a_reader_that_went_away_is_no_full_disk(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(BrokenPipeError), writing(pipe) as sink:
        any(map(sink, ({"closed": os.close(reader)} for _ in range(1))))
