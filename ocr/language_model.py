"""How likely a letter is after those before it, in the words of Vietnamese records.

Counts of sequences of up to six letters, without regard to case ("stupid backoff", Brants et al., 2007),
gathered by :mod:`ocr.training.language` from the texts that the recognisers learn from. All figures count as
one sign: no number is ever thought likelier than another.
"""

import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.errors import ErrorCode, HosoError

ORDER: Final = 6
"""Letters in the longest sequence counted."""
START: Final = "\n"
"""Stands before the first letter of a line."""
STEP: Final = 0.08
DEAREST: Final = 255
"""Natural logarithm per unit of a stored price, and the largest price that fits a byte."""
_FORGETTING: Final = -0.5
"""A letter of the past that must be forgotten, because nothing is known after it: a factor of 0.6."""
_UNKNOWN: Final = -14.0
"""A letter in no text at all."""


def folded(text: str) -> str:
    """``text`` as it is counted, letter for letter: small ones, one sign for all figures."""
    return "".join("0" if letter.isdigit() else letter.lower()[:1] for letter in text)


def key(sequence: str) -> int:
    """The number a sequence is stored under; one in a few thousand of those never counted finds another's."""
    return zlib.crc32(sequence.encode())


class LanguageModel:
    """Letter statistics from a file that :mod:`ocr.training.language` wrote."""

    def __init__(self, file: Path) -> None:
        """Load them. Raises ``models_missing`` where the file is absent or something else."""
        try:
            with np.load(file) as stored:
                self._keys: NDArray[np.uint32] = stored["keys"]
                self._prices: NDArray[np.uint8] = stored["prices"]
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise HosoError(
                ErrorCode.MODELS_MISSING,
                model=file.name,
                remedy="the file must hold the arrays keys and prices",
            ) from error
        self.log_probability = lru_cache(maxsize=100_000)(self._log_probability)

    def _log_probability(self, past: str, letter: str) -> float:
        """Natural logarithm of the chance of ``letter`` after ``past``, both :func:`folded`."""
        forgotten = 0.0
        for begin in range(max(0, len(past) - ORDER + 1), len(past) + 1):
            price = self._price(past[begin:] + letter)
            if price is not None:
                return forgotten - price * STEP
            forgotten += _FORGETTING
        return forgotten + _UNKNOWN

    def _price(self, sequence: str) -> int | None:
        wanted = key(sequence)
        place = int(self._keys.searchsorted(np.uint32(wanted)))
        if place < len(self._keys) and int(self._keys[place]) == wanted:
            return int(self._prices[place])
        return None
