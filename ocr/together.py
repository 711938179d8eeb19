"""Our two recognisers as one reader: what both read alike stands, where they differ all looks decide.

Each look gives every spelling a chance (CTC, :func:`ocr.ctc.log_chances`); the spelling whose mean logarithm,
with what the language says to it, is highest wins. Chosen on 2,900 lines never trained on: *small* alone 244
errors (at most three of a line counted), *tiny* alone 288, both 200, with the third look 192.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from domain.page import Pixels
from ocr.ctc import log_chances, opinion
from ocr.language_model import LanguageModel
from ocr.paddle import Look, PaddleRecogniser
from ocr.recogniser import EMPTY, Reading

DOUBTFUL = 1.5
"""Of 4,500 lines never trained on 12 in a hundred lead by less, of a speckled scan 15; the careful look
changed 260 and 45 of them. A letter below 0.8 had 14 and 20 in a hundred: 253 and 43 were changed."""
_STRETCH = 1.1
"""The third look sees the line wider by this."""

Opinion = Callable[[str], float]
"""What the language says to a text, comparable with the logarithm of the picture's chance."""


class Together:
    """A fast and a careful recogniser of ours. Belongs to one thread."""

    def __init__(
        self,
        *,
        fast: PaddleRecogniser,
        careful: PaddleRecogniser,
        language: LanguageModel | None,
        doubtful: float = DOUBTFUL,
    ) -> None:
        """``doubtful``: the careful one looks where the reading of the fast one has no greater lead."""
        self._fast, self._careful, self._doubtful = fast, careful, doubtful
        self._opinion: Opinion = (lambda text: opinion(language, text)) if language else _no_opinion

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self._fast.name} + {self._careful.name}"

    def read(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading per crop; both recognisers look where the fast one doubts."""
        return tuple(self._read(crop) for crop in crops)

    def again(self, crops: Sequence[Pixels], first: Sequence[str]) -> tuple[Reading, ...]:
        """The crops that the fast one read as ``first``, as both read them.

        A reading is empty where the careful one sees nothing.
        """
        return tuple(self._again(crop, text) for crop, text in zip(crops, first, strict=True))

    def _read(self, crop: Pixels) -> Reading:
        first = self._fast.look(crop)
        if first.lead > self._doubtful:
            return first.reading
        again = self._again(crop, first.reading.text, first)
        return again if again.text else replace(first.reading, others=again.others)

    def _again(self, crop: Pixels, first: str, look: Look | None = None) -> Reading:
        """``look`` is the one behind ``first``, where it is still at hand."""
        careful = self._careful.look(crop)
        others = (first, careful.reading.text)
        if careful.reading.text in (first, ""):
            return replace(careful.reading, others=others)
        fast = look or self._fast.look(crop)
        looks = (careful, fast, self._careful.look(crop, stretch=_STRETCH))
        return replace(settled(looks, self._opinion), others=others)


def _no_opinion(_text: str) -> float:
    return 0.0


def settled(looks: Sequence[Look], opinion: Opinion) -> Reading:
    """What the first look read, each stretch that another has otherwise as all looks have it likeliest."""
    reading = looks[0].reading
    if not _fits(reading, looks):
        return reading
    for look in looks[1:]:
        if look.reading.text != reading.text and _fits(look.reading, looks):
            reading = _crossed(reading, look.reading, looks, opinion)
    return reading


def _fits(reading: Reading, looks: Sequence[Look]) -> bool:
    """Whether every letter has a place, and every look could have seen it."""
    return bool(reading.positions) and all(
        letter in look.classes for look in looks for letter in reading.text
    )


class _Letter(NamedTuple):
    """A character, how sure it is, and its place."""

    text: str
    sure: float
    place: tuple[float, float]


def _crossed(one: Reading, other: Reading, looks: Sequence[Look], opinion: Opinion) -> Reading:
    """``one`` with those stretches of ``other`` that all looks together hold for likelier."""
    mine, theirs = _letters(one), _letters(other)
    steps = Levenshtein.opcodes(one.text, other.text)
    places = [index for index, step in enumerate(steps) if step.tag != "equal"]
    stretches = [
        (mine[step.src_start : step.src_end], theirs[step.dest_start : step.dest_end])
        for step in steps
    ]
    spelled = [
        _spelled([pair[index == place] for index, pair in enumerate(stretches)]) for place in places
    ]
    scores = _scores([one.text, *spelled], looks, opinion)
    gains = dict(zip(places, (scores[1:] - scores[0]).tolist(), strict=True))
    letters: list[_Letter] = []
    for index, pair in enumerate(stretches):
        gain = gains.get(index)
        if gain is None:
            letters += pair[0]
        else:
            sure = 1 / (1 + math.exp(-min(abs(gain), 30.0)))
            letters += [letter._replace(sure=min(letter.sure, sure)) for letter in pair[gain > 0]]
    return _reading(letters)


def _letters(reading: Reading) -> list[_Letter]:
    return [
        _Letter(*letter)
        for letter in zip(reading.text, reading.confidences, reading.positions, strict=True)
    ]


def _spelled(stretches: Sequence[Sequence[_Letter]]) -> str:
    return "".join(letter.text for stretch in stretches for letter in stretch).strip()


def _scores(texts: Sequence[str], looks: Sequence[Look], opinion: Opinion) -> NDArray[np.float64]:
    """How far all looks and the language believe each text, as natural logarithms."""
    seen = [
        log_chances(look.lattice, [[look.classes[letter] for letter in text] for text in texts])
        for look in looks
    ]
    return np.asarray(np.mean(seen, axis=0) + [opinion(text) for text in texts], np.float64)


def _reading(letters: Sequence[_Letter]) -> Reading:
    text = "".join(letter.text for letter in letters)
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    if first >= last:
        return EMPTY
    kept = letters[first:last]
    return Reading(
        text=text[first:last],
        confidence=sum(letter.sure for letter in kept) / len(kept),
        confidences=tuple(letter.sure for letter in kept),
        positions=tuple(letter.place for letter in kept),
    )
