"""Two recognisers as one reader: who looks when, and what is decided where they differ."""

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.page import Pixels
from ocr.ctc import Lattice, log_chances
from ocr.engine import CAREFUL_MODEL, FAST_MODEL, proven, shipped_model
from ocr.paddle import Look, PaddleRecogniser
from ocr.recogniser import Reading
from ocr.together import DOUBTFUL, Together, settled
from tests.unit.ocr.test_readers import drawn

LETTERS = ["", *"aànst ", "Đ"]
CLASSES = {letter: number for number, letter in enumerate(LETTERS)}


def look(text: str, doubts: dict[int, tuple[str, float]] | None = None) -> Look:
    """A look at ``text``; at a place in ``doubts`` another letter has the given chance instead."""
    steps: list[dict[str, float]] = []
    for place, letter in enumerate(text):
        other, chance = (doubts or {}).get(place, ("", 0.0))
        steps += [{letter: 0.98 - chance, other: chance + 0.01}, {"": 0.99}]
    lattice = np.full((len(steps), len(LETTERS)), 1e-4, np.float32)
    for row, step in zip(lattice, steps, strict=True):
        for letter, chance in step.items():
            row[CLASSES[letter]] = chance
    said = "".join(
        max(step, key=step.__getitem__) for step in steps if max(step, key=step.__getitem__)
    )
    reading = Reading(
        text=said,
        confidence=0.9,
        confidences=(0.9,) * len(said),
        positions=tuple((10.0 * place, 10.0 * place + 9) for place in range(len(said))),
    )
    return Look(reading=reading, lead=0.0, lattice=lattice, classes=CLASSES)


def impartial(_text: str) -> float:
    return 0.0


def every_path(lattice: Lattice, spelling: list[int]) -> float:
    """The sum over all paths, counted one by one."""
    total = 0.0
    for path in itertools.product(range(lattice.shape[1]), repeat=len(lattice)):
        if [number for number, _ in itertools.groupby(path) if number] == spelling:
            total += math.prod(float(row[step]) for row, step in zip(lattice, path, strict=True))
    return total


@pytest.mark.parametrize("spelling", [[], [1], [1, 1], [1, 2], [2, 1, 2], [1, 1, 2]])
def test_a_chance_is_the_sum_of_all_paths(spelling: list[int]) -> None:
    lattice = np.random.default_rng(7).dirichlet(np.ones(3), 5).astype(np.float32)
    among = log_chances(lattice, [[2], spelling, [1, 2, 1]])
    assert math.exp(among[1]) == pytest.approx(every_path(lattice, spelling), rel=1e-4)


def test_a_spelling_longer_than_the_lattice_has_no_chance() -> None:
    assert log_chances(np.full((2, 3), 1 / 3, np.float32), [[1, 2, 1]])[0] == -math.inf


def test_where_looks_differ_the_surer_one_decides() -> None:
    sure, unsure = look("san"), look("sàn", {1: ("a", 0.4)})
    assert settled((sure, unsure), impartial).text == "san"
    assert settled((unsure, sure), impartial).text == "san"


def test_each_difference_is_decided_for_itself() -> None:
    first = look("san ta", {1: ("à", 0.4)})
    second = look("sàn tà", {5: ("a", 0.4)})
    both = settled((first, second), impartial)
    assert both.text == "sàn ta"
    assert len(both.positions) == len(both.confidences) == len(both.text)
    assert both.confidence == pytest.approx(sum(both.confidences) / 6)


def test_what_is_decided_narrowly_is_not_sure() -> None:
    doubtful = settled((look("san", {1: ("à", 0.47)}), look("sàn", {1: ("a", 0.46)})), impartial)
    assert doubtful.confidences[1] < 0.6
    assert doubtful.confidences[0] == 0.9


def test_the_language_decides_what_the_picture_leaves_open() -> None:
    looks = look("san", {1: ("à", 0.47)}), look("sàn", {1: ("a", 0.46)})
    for word in ("san", "sàn"):
        assert settled(looks, lambda text, word=word: 2.0 * (text == word)).text == word


def test_letters_that_only_one_look_saw_come_or_go_without_edges() -> None:
    first = look("san", {0: ("Đ", 0.1)})
    assert settled((first, look("san ")), impartial).text == "san"
    assert settled((look("n"), look("n")), impartial).text == "n"


def test_a_look_that_cannot_be_weighed_changes_nothing() -> None:
    first, second = look("san", {1: ("à", 0.4)}), look("sàn")
    foreign = replace(second, reading=replace(second.reading, text="sän"))
    unplaced = replace(second, reading=replace(second.reading, positions=()))
    nothing = replace(second, reading=Reading(text="", confidence=0.0))
    for other in (foreign, unplaced, nothing):
        assert settled((first, other), impartial) == first.reading
    assert settled((unplaced, first), impartial) == unplaced.reading


@pytest.fixture(scope="module")
def models() -> tuple[PaddleRecogniser, PaddleRecogniser]:
    return proven(shipped_model(FAST_MODEL)), proven(shipped_model(CAREFUL_MODEL))


def test_the_careful_one_looks_only_where_the_fast_one_doubts(
    models: tuple[PaddleRecogniser, PaddleRecogniser],
) -> None:
    fast, careful = models
    crop = drawn("Họ, chữ đệm, tên: Nguyễn Thị Hương")
    for doubtful, others in ((0.0, ()), (math.inf, ("Họ, chữ đệm, tên: Nguyễn Thị Hương",) * 2)):
        together = Together(fast=fast, careful=careful, language=None, doubtful=doubtful)
        (reading,) = together.read([crop])
        assert reading.text == "Họ, chữ đệm, tên: Nguyễn Thị Hương"
        assert reading.others == others


class Counting(PaddleRecogniser):
    """Counts its looks; none leads by more than ``lead``, and ``misread`` puts one letter for another."""

    def __init__(self, folder: Path, lead: float, misread: tuple[str, str] = ("", "")) -> None:
        super().__init__(folder)
        self.looks, self._lead, self._misread = 0, lead, misread

    def look(self, crop: Pixels, *, stretch: float = 1.0) -> Look:
        self.looks += 1
        seen = super().look(crop, stretch=stretch)
        text = (
            seen.reading.text.replace(*self._misread) if all(self._misread) else seen.reading.text
        )
        return replace(
            seen, lead=min(seen.lead, self._lead), reading=replace(seen.reading, text=text)
        )


@pytest.mark.parametrize(
    ("lead", "misread", "looks"),
    [
        (DOUBTFUL + 0.1, ("", ""), (1, 0)),
        (DOUBTFUL, ("", ""), (1, 1)),
        (DOUBTFUL, ("ễ", "ê"), (1, 2)),
    ],
)
def test_a_small_lead_is_doubt_and_the_first_look_is_kept(
    lead: float, misread: tuple[str, str], looks: tuple[int, int]
) -> None:
    fast = Counting(shipped_model(FAST_MODEL), lead)
    careful = Counting(shipped_model(CAREFUL_MODEL), math.inf, misread)
    (reading,) = Together(fast=fast, careful=careful, language=None).read([drawn("Nguyễn Thị")])
    assert reading.text == "Nguyễn Thị"
    assert (fast.looks, careful.looks) == looks


def test_what_differs_is_looked_at_by_both(
    models: tuple[PaddleRecogniser, PaddleRecogniser],
) -> None:
    fast, careful = models
    together = Together(fast=fast, careful=careful, language=None)
    crop = drawn("Nguyễn Thị Hương")
    (reading,) = together.again([crop], ["Nguyễn Thị Hưong"])
    assert reading.text == "Nguyễn Thị Hương"
    assert reading.others == ("Nguyễn Thị Hưong", "Nguyễn Thị Hương")
    white = np.full((40, 200), 255, np.uint8)
    assert together.again([white], ["tên"])[0] == Reading(
        text="", confidence=0.0, others=("tên", "")
    )
    assert together.read([white, crop])[1].text == "Nguyễn Thị Hương"


def test_a_stretched_look_tells_places_of_the_crop(
    models: tuple[PaddleRecogniser, PaddleRecogniser],
) -> None:
    crop = drawn("MMMM 1234")
    for model in models:
        plain, wide = (model.look(crop, stretch=stretch).reading for stretch in (1.0, 1.1))
        assert plain.text == wide.text == "MMMM 1234"
        shifts = np.abs(np.array(plain.positions) - np.array(wide.positions))
        assert shifts.max() < 10
