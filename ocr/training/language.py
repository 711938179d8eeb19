"""``python -m ocr.training.language --out FILE``: counts letters for :mod:`ocr.language_model`.

The texts are those that the recognisers learn from. The words kept for the examination are not in them unless
``--complete`` is given, for the file that ships: a citizen may well bear one of those names.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.language_model import DEAREST, ORDER, START, STEP, folded, key
from ocr.training.corpus import Corpus

_LENGTHS = (6, 12, 20, 30, 42, 60, 80)
_FEWEST = {5: 2, 6: 2}
"""Longer sequences met but once say little and would take most of the room."""
_BITS = 8
"""Per letter, so that a sequence of six is one number; folded, there are about 160 letters and signs."""


def texts(lines: int, seed: int, *, complete: bool = False) -> list[str]:
    """Lines as the recognisers learn from; if ``complete``, one in twelve with the words kept from them."""
    seen, kept = Corpus(seed), Corpus(seed, held_out=True)
    chance = random.Random(seed)
    return [
        (kept if complete and number % 12 == 0 else seen).line(chance.choice(_LENGTHS))
        for number in range(lines)
    ]


def prices(lines: Iterable[str]) -> dict[int, int]:
    """For the key of each sequence of letters: what its last one costs after the others, in ``STEP``."""
    whole = [START + folded(line) for line in lines]
    letters = sorted(set().union(*whole))
    code = {letter: number for number, letter in enumerate(letters, start=1)}
    stream = np.array([code.get(letter, 0) for line in whole for letter in (*line, "")], np.uint64)
    table: dict[int, int] = {}
    shorter = {0: int(np.count_nonzero(stream)) - len(whole)}
    for length in range(1, ORDER + 1):
        counted = _counted(stream, length)
        for packed, count in counted.items():
            spelled = _spelled(packed, letters)
            if count >= _FEWEST.get(length, 1) and not spelled.endswith(START):
                price = math.log(shorter[packed >> _BITS] / count) / STEP
                table[key(spelled)] = min(DEAREST, round(price))
        shorter = counted
    return table


def _counted(stream: NDArray[np.uint64], length: int) -> dict[int, int]:
    """How often each sequence of ``length`` letters occurs in a line; its last letter has the lowest bits."""
    windows = np.zeros(len(stream) - length + 1, np.uint64)
    inside = np.ones(len(windows), bool)
    for place in range(length):
        part = stream[place : place + len(windows)]
        windows = (windows << np.uint64(_BITS)) | part
        inside &= part != 0
    found, counts = np.unique(windows[inside], return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _spelled(packed: int, letters: Sequence[str]) -> str:
    return "".join(letters[byte - 1] for byte in packed.to_bytes(ORDER) if byte)


def write(table: dict[int, int], file: Path) -> None:
    """Keys in ascending order, a byte for each price."""
    keys = np.array(sorted(table), np.uint32)
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, keys=keys, prices=np.array([table[int(k)] for k in keys], np.uint8))


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training.language", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=777)
    parser.add_argument("--complete", action="store_true", help="also the words of the examination")
    wanted = parser.parse_args()
    write(prices(texts(wanted.lines, wanted.seed, complete=wanted.complete)), wanted.out)


if __name__ == "__main__":
    main()
