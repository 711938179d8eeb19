"""From a CTC lattice, the probability of every letter at every time step, to letters.

Graves et al., "Connectionist Temporal Classification", 2006. The search with a language model follows Hannun
et al., "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs", 2014,
but on best paths instead of their sums, so that every letter keeps its place.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr.language_model import ORDER, START, LanguageModel, folded

Lattice = NDArray[np.float32]
"""Probabilities, time × classes; class 0 is the blank."""

_TRUST = 0.2
"""Weight of the language against the picture: odds of 100 to 1 in the one are 2.5 to 1 in the other."""
_STRANGEST = -10.0
"""Natural logarithm of the least chance the language may give a letter: names follow no statistics."""
_LETTER_BONUS = 0.4
"""Without it every letter costs something, and the shortest reading wins."""
_FOLLOWED = 0.03
"""Letters less probable than this at a time step are not followed."""
_WIDTH, _HOPELESS = 8, 6.0
"""Readings followed side by side, and how far (natural logarithm) one may fall behind the best."""
_LEAST = 1e-6
"""Chance of a letter where the network sees none: no single step may rule a spelling out."""
_CERTAIN, _CONTENDER = 0.9, 0.1
"""A letter is settled at once when it is so probable, and no other is more probable than that."""


class Run(NamedTuple):
    """One letter on a path: its class, its time steps [start, end), how clearly a letter is seen there."""

    letter: int
    start: int
    end: int
    probability: float


def probabilities(scores: NDArray[Any]) -> Lattice:
    """``scores`` as probabilities, whether the network ends in a softmax or not."""
    lattice = np.asarray(scores, np.float32)
    if abs(float(lattice[0].sum()) - 1.0) < 1e-2 and float(lattice[0].min()) >= 0.0:
        return lattice
    risen = np.exp(lattice - lattice.max(axis=1, keepdims=True))
    return np.asarray(risen / risen.sum(axis=1, keepdims=True), np.float32)


def joined(pieces: Sequence[Lattice], pitch: int) -> Lattice:
    """The lattice of a line that was read in overlapping pieces, each ``pitch`` steps after the one before.

    A piece ends, and the next goes on, where both see no letter, so that none is lost, parted or seen twice.
    Each must be longer than what it shares with the one before.
    """
    whole = pieces[0]
    for number, piece in enumerate(pieces[1:], start=1):
        begin = number * pitch
        # The outermost steps see a letter by half: the middle half of what both see counts.
        shared = len(whole) - begin
        first, last = shared // 4, shared - shared // 4
        empty = whole[begin + first : begin + last, 0] * piece[first:last, 0]
        seam = first + int(empty.argmax())
        whole = np.concatenate([whole[: begin + seam], piece[seam:]])
    return whole


def best_path(lattice: Lattice) -> tuple[Run, ...]:
    """The most probable class at every step; repeated classes collapse, blanks vanish."""
    best = lattice.argmax(axis=1)
    starts = np.flatnonzero(np.append(True, best[1:] != best[:-1]))
    peaks = np.maximum.reduceat(lattice.max(axis=1), starts)
    ends = np.append(starts[1:], len(best))
    runs = zip(best[starts].tolist(), starts.tolist(), ends.tolist(), peaks.tolist(), strict=True)
    return tuple(Run(*run) for run in runs if run[0] != 0)


def log_chances(lattice: Lattice, spellings: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """For each sequence of classes the natural logarithm of its chance, the sum over all paths that spell it.

    The forward algorithm of Graves et al., section 4.1, rescaled at every step; all sequences at once.
    """
    longest = max(map(len, spellings))
    classes = np.zeros((len(spellings), 2 * longest + 1), np.intp)
    for row, spelling in zip(classes, spellings, strict=True):
        row[1 : 2 * len(spelling) : 2] = spelling
    # a letter may follow another without a blank between, unless it is the same
    leaps = np.zeros(classes.shape)
    leaps[:, 3::2] = classes[:, 3::2] != classes[:, 1:-2:2]
    seen = np.maximum(lattice, _LEAST)[:, classes].astype(np.float64)
    reached = np.zeros(classes.shape)
    reached[:, :2] = seen[0, :, :2]
    total = np.zeros(len(spellings))
    for step in seen[1:]:
        grown = reached.copy()
        grown[:, 1:] += reached[:, :-1]
        grown[:, 2:] += reached[:, :-2] * leaps[:, 2:]
        grown *= step
        highest = grown.max(axis=1)
        total += np.log(highest)
        reached = grown / highest[:, None]
    lengths = [len(spelling) for spelling in spellings]
    ends = [
        row[max(0, 2 * n - 1) : 2 * n + 1].sum() for row, n in zip(reached, lengths, strict=True)
    ]
    with np.errstate(divide="ignore"):  # a spelling longer than the lattice has no chance at all
        return np.asarray(total + np.log(ends), np.float64)


class Window(NamedTuple):
    """A stretch of a path to be searched: the runs from ``first`` up to ``last``, the steps [begin, end)."""

    first: int
    last: int
    begin: int
    end: int


def contested(lattice: Lattice, path: Sequence[Run]) -> list[Window]:
    """Where the path has a doubtful letter or passes by a probable one, with the letters that tell which."""
    passed = lattice[:, 1:].copy()
    for before, run, after in zip((None, *path), path, (*path[1:], None), strict=False):
        begin, end = before.end if before else 0, after.start if after else len(lattice)
        passed[begin:end, run.letter - 1] = 0
    open_steps = passed.max(axis=1, initial=0) > _CONTENDER
    for run in path:
        if run.probability < _CERTAIN:
            open_steps[run.start : run.end] = True
    starts, ends = [run.start for run in path], [run.end for run in path]
    windows: list[Window] = []
    for step in np.flatnonzero(open_steps).tolist():
        first = max(0, bisect_right(ends, step) - 1)
        last = min(len(path), bisect_right(starts, step) + ORDER - 1)
        begin = ends[first - 1] if first else 0
        end = starts[last] if last < len(path) else len(lattice)
        if windows and first <= windows[-1].last:
            first, _, begin, _ = windows.pop()
        windows.append(Window(first, last, begin, end))
    return windows


_Chain = tuple[Any, Run] | None
"""The runs of a path, the last one outside, so that readings share what they have in common."""


class _Reading(NamedTuple):
    """The best paths that spell the same letters: the one that ends in a blank, the one that does not.

    Scores are natural logarithms of the picture's probability; what the language says is the same for both.
    """

    blank: float
    blank_runs: _Chain
    letter: float
    letter_runs: _Chain

    @property
    def score(self) -> float:
        return max(self.blank, self.letter)

    @property
    def runs(self) -> _Chain:
        return self.blank_runs if self.blank >= self.letter else self.letter_runs


_NEVER = float("-inf")
_NONE = _Reading(_NEVER, None, _NEVER, None)
_EMPTY = _Reading(0.0, None, _NEVER, None)


def opinion(language: LanguageModel, text: str) -> float:
    """What the language says to a whole text, weighed against the logarithm of the picture's chance."""
    said = START + folded(text)
    reach = ORDER - 1
    return sum(
        _weighed(language, said[max(0, place - reach) : place], said[place])
        for place in range(1, len(said))
    )


def _weighed(language: LanguageModel, before: str, letter: str) -> float:
    chance = max(_STRANGEST, language.log_probability(before, letter))
    return _TRUST * chance + _LETTER_BONUS


class Found(NamedTuple):
    """The letters of a line, and how far the least clear stretch of it leads its next best spelling.

    ``lead`` is the natural logarithm of how many times likelier it is: infinite where nothing is contested,
    ``_HOPELESS`` where all rivals fell behind.
    """

    runs: tuple[Run, ...]
    lead: float


class Search:
    """Finds the letters for which picture and language speak together."""

    def __init__(self, letters: Sequence[str], language: LanguageModel | None) -> None:
        """``letters`` are the classes of the lattice, the blank first.

        Without a language the picture alone decides.
        """
        self._folded = [folded(letter) for letter in letters]
        self._language = language

    def path(self, lattice: Lattice) -> Found:
        """The best path, searched again with the language where it is contested."""
        seen = best_path(lattice)
        settled: list[Run] = []
        done, lead = 0, math.inf
        for window in contested(lattice, seen):
            settled += seen[done : window.first]
            settled, leads = self._searched(lattice, window, settled)
            done, lead = window.last, min(lead, leads)
        return Found((*settled, *seen[done:]), lead)

    def _searched(
        self, lattice: Lattice, window: Window, past: list[Run]
    ) -> tuple[list[Run], float]:
        """``past`` and the best letters of a window after it, and how far they lead others."""
        spelled = "".join(chr(run.letter) for run in past[-ORDER:])
        spoken = {spelled: 0.0}
        start = _Reading(_NEVER, None, 0.0, (None, past[-1])) if past else _EMPTY
        beam = {spelled: start}
        steps = lattice[window.begin : window.end]
        for time, options in enumerate(_options(steps), start=window.begin):
            grown: dict[str, _Reading] = {}
            for known, reading in beam.items():
                _extend(grown, known, reading, time, options)
            for spelled in grown:
                if spelled not in spoken:
                    spoken[spelled] = spoken[spelled[:-1]] + self._opinion(spelled)
            beam = _fittest(grown, spoken)
        total = {known: reading.score + spoken[known] for known, reading in beam.items()}
        best, *others = sorted(total, key=total.__getitem__, reverse=True)
        lead = total[best] - total[others[0]] if others else _HOPELESS
        return [*past[:-1], *tuple(_unchained(beam[best].runs))[::-1]], lead

    def _opinion(self, spelled: str) -> float:
        """What the language says to the last letter."""
        if self._language is None:
            return 0.0
        *past, last = (self._folded[ord(code)] for code in spelled[-ORDER:])
        before = "".join(past) if len(spelled) >= ORDER else START + "".join(past)
        return _weighed(self._language, before, last)


def _extend(
    grown: dict[str, _Reading],
    spelled: str,
    reading: _Reading,
    time: int,
    options: Sequence[tuple[int, float, float]],
) -> None:
    """Let a reading go on by each of the letters that the next time step offers."""
    last = ord(spelled[-1]) if spelled else 0
    for letter, probability, logarithm in options:
        if letter == 0:
            _offer(grown, spelled, reading.score + logarithm, reading.runs, blank=True)
            continue
        score, runs = reading.score, reading.runs
        if letter == last:
            if reading.letter_runs is not None:
                chain, run = reading.letter_runs
                longer = Run(letter, run.start, time + 1, max(run.probability, probability))
                _offer(grown, spelled, reading.letter + logarithm, (chain, longer))
            # the same letter once more needs a blank between
            score, runs = reading.blank, reading.blank_runs
        begun = Run(letter, time, time + 1, probability)
        _offer(grown, spelled + chr(letter), score + logarithm, (runs, begun))


def _offer(
    grown: dict[str, _Reading], spelled: str, score: float, runs: _Chain, *, blank: bool = False
) -> None:
    """Keep a path if it is the best with its letters and its kind of end."""
    known = grown.get(spelled, _NONE)
    if blank and score > known.blank:
        grown[spelled] = known._replace(blank=score, blank_runs=runs)
    elif not blank and score > known.letter:
        grown[spelled] = known._replace(letter=score, letter_runs=runs)


def _options(lattice: Lattice) -> Iterator[list[tuple[int, float, float]]]:
    """For each time step the classes worth following: class, how clear a letter is there, logarithm.

    How clear is the probability of the clearest letter, be it another one: on lines never trained on, letters
    that the language chose were right in 71 to 76 % where this said 47 to 54.
    """
    clearest = lattice[:, 1:].max(axis=1).tolist()
    for row, clear in zip(lattice, clearest, strict=True):
        # garbage may leave nothing probable at all: the likeliest is followed nevertheless
        classes = np.flatnonzero(row >= min(_FOLLOWED, row.max()))
        logarithms = np.log(row[classes]).tolist()
        yield [
            (letter, clear, log) for letter, log in zip(classes.tolist(), logarithms, strict=True)
        ]


def _fittest(grown: dict[str, _Reading], spoken: dict[str, float]) -> dict[str, _Reading]:
    """The readings that may still win."""
    total = {spelled: reading.score + spoken[spelled] for spelled, reading in grown.items()}
    order = sorted(total, key=total.__getitem__, reverse=True)[:_WIDTH]
    least = total[order[0]] - _HOPELESS
    return {spelled: grown[spelled] for spelled in order if total[spelled] > least}


def _unchained(chain: _Chain) -> Iterator[Run]:
    while chain is not None:
        chain, run = chain
        yield run
