"""A reader's process: what it is asked, what it answers, what it costs, and how it fails."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ocr.peers import environment
from ocr.peers.environment import prepare_environment
from ocr.peers.foreign import AsterOcr, crops_by_page, serve, widest_gap
from ocr.peers.own_lines import LineReader
from ocr.peers.process import Batch, Outcome, ReaderFailedError, run_reader
from ocr.recogniser import Reading

FAKE = """\
import json, os, subprocess, sys, time
job = json.load(open(sys.argv[1]))
if job["reader"] == "broken":
    sys.exit("no such model")
if job["reader"] == "endless":
    time.sleep(60)
if job["reader"] == "hungry":
    ballast = bytearray(200_000_000)
    ballast[::4096] = b"x" * len(ballast[::4096])
busy = "n = 0\\nfor i in range(3_000_000): n += i"
subprocess.run([sys.executable, "-I", "-c", busy], check=True)  # loading, in a child
batches = {
    batch["name"]: {"seconds": 0.0, "pages": [[job["options"]["say"], os.environ["OMP_NUM_THREADS"]]
                                              for page in batch["pages"][job["options"]["skip"]:]]}
    for batch in job["batches"]
}
json.dump({"batches": batches, "facts": {"who": "fake"}}, open(sys.argv[2], "w"))
"""


def ask(folder: Path, reader: str, *, seconds: float = 30, skip: int = 0) -> Outcome:
    script = folder / "fake_peer.py"
    script.write_text(FAKE, encoding="utf-8")
    return run_reader(
        (sys.executable, "-I", str(script)),
        reader=reader,
        batches=[Batch(name="scan", pages=("a.png", "b.png"))],
        folder=folder / reader,
        options={"say": "xin chào", "skip": skip},
        seconds=seconds,
    )


def test_a_reader_answers_page_by_page_on_one_thread(tmp_path: Path) -> None:
    outcome = ask(tmp_path, "fake")
    assert outcome.pages == {"scan": (("xin chào", "1"), ("xin chào", "1"))}
    assert outcome.facts == {"who": "fake"}


def test_seconds_of_child_processes_count_and_are_loading_unless_reading(tmp_path: Path) -> None:
    outcome = ask(tmp_path, "fake")
    assert outcome.seconds == {"scan": 0.0}
    assert outcome.load_seconds > 0.05


def test_peak_memory_is_the_readers_own(tmp_path: Path) -> None:
    ballast = np.ones(40_000_000)  # 320 MB that Linux would hand on to a program started from here
    small, large = ask(tmp_path, "fake").peak_bytes, ask(tmp_path, "hungry").peak_bytes
    assert ballast.size
    assert small < 100_000_000
    assert 200_000_000 < large < 300_000_000


@pytest.mark.parametrize(
    ("reader", "skip", "reason"),
    [("broken", 0, "no such model"), ("fake", 1, "other pages than it was asked")],
)
def test_a_reader_that_fails_says_why(tmp_path: Path, reader: str, skip: int, reason: str) -> None:
    with pytest.raises(ReaderFailedError, match=reason):
        ask(tmp_path, reader, skip=skip)


def test_a_late_reader_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ReaderFailedError, match="not done after 1 s"):
        ask(tmp_path, "endless", seconds=1)


def test_a_program_that_is_not_there_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ReaderFailedError, match="cannot be started"):
        run_reader(("/no/python",), reader="x", batches=[], folder=tmp_path / "x")


def test_an_environment_is_made_once_and_again_when_its_pins_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def fake_run(command: list[str]) -> None:
        asked.append(command)
        if command[1:3] == ["-m", "venv"]:
            python = Path(command[3]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()

    monkeypatch.setattr(environment, "_run", fake_run)
    folder = tmp_path / "peer-1"
    assert prepare_environment(folder, ("peer==1",)) == folder / "bin" / "python"
    assert [command[-1] for command in asked] == [str(folder), "peer==1"]
    prepare_environment(folder, ("peer==1",))
    assert len(asked) == 2
    (folder / "complete.txt").unlink()  # as after a half-finished installation
    prepare_environment(folder, ("peer==1",))
    prepare_environment(folder, ("peer==1", "numpy==2"))
    assert len(asked) == 6


def test_a_refused_installation_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ReaderFailedError, match="could not be installed"):
        environment._run(
            [sys.executable, "-c", "raise SystemExit('ERROR: No matching distribution')"]
        )
    with pytest.raises(ReaderFailedError, match="could not be installed"):
        environment._run([str(tmp_path / "no-python")])


def test_crops_come_back_by_page_in_order(tmp_path: Path) -> None:
    names = ("00001_00001", "00000_00000", "00001_00000")
    np.savez(
        tmp_path / "c.npz",
        **{name: np.full((2, index + 1), index) for index, name in enumerate(names)},
    )
    batch = {"pages": ["a", "b"], "crops": str(tmp_path / "c.npz")}
    assert [[crop.shape[1] for crop in page] for page in crops_by_page(batch)] == [[2], [3, 1]]


def test_the_widest_gap_is_found_and_the_lightest_column_where_none_is() -> None:
    ink = np.array([9, 0, 9, 0, 0, 0, 9, 9, 0])
    assert widest_gap(ink, 0.5) == 4
    assert widest_gap(np.array([9, 5, 3, 8]), 0.5) == 2


def test_a_border_of_paper_goes_above_and_below() -> None:
    reader = AsterOcr.__new__(AsterOcr)
    reader._numpy = np
    crop = np.full((50, 4), 200, np.uint8)
    crop[0, 0] = 0
    bordered = reader._bordered(crop)
    assert bordered.shape == (56, 4)
    assert (bordered[:3] == 200).all()
    assert bordered[3, 0] == 0
    assert reader._bordered(np.zeros((50, 4, 3), np.uint8)).shape == (56, 4, 3)


def test_too_wide_crops_are_cut_between_words() -> None:
    reader = AsterOcr.__new__(AsterOcr)
    reader._numpy = np
    crop = np.full((64, 3000), 255, np.uint8)
    crop[10:50, :] = 0
    crop[:, 1480:1500] = 255
    pieces = reader._pieces(crop)
    assert sum(piece.shape[1] for piece in pieces) == 3000
    assert pieces[0].shape[1] == 1490
    assert all(piece.shape[1] / 2 <= 1020 for piece in pieces)
    assert len(reader._pieces(crop[:, :2000])) == 1


class Echo:
    """A recogniser that tells the width of a crop, and nothing of narrow ones."""

    name = "echo"

    def read(self, crops: Sequence[np.ndarray]) -> tuple[Reading, ...]:
        widths = [crop.shape[1] for crop in crops]
        return tuple(Reading(text=str(w) if w > 1 else "", confidence=1) for w in widths)


def test_a_job_is_read_batch_by_batch_and_timed(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "c.npz",
        **{"0_0": np.ones((2, 5)), "0_1": np.ones((2, 1)), "1_0": np.ones((2, 7))},
    )
    job, answer = tmp_path / "job.json", tmp_path / "answer.json"
    batch = {"name": "scan", "pages": ["a", "b"], "crops": str(tmp_path / "c.npz")}
    job.write_text(json.dumps({"reader": "echo", "options": {}, "batches": [batch]}))
    assert serve([str(job), str(answer)], {"echo": lambda _: LineReader(Echo())}) == 0
    told = json.loads(answer.read_text())["batches"]["scan"]
    assert told["pages"] == [["5"], ["7"]]
    assert told["seconds"] >= 0
