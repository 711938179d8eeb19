"""Which training lines are worth their time: those that an earlier model does not read with ease.

After a few hundred thousand lines four in five teach nothing: measured on *small*, the easiest 80 % make
1 % of the loss. A reader that costs a tenth of a training step finds them out, so that the network spends
its steps on the others ("selective backprop", Jiang et al., 2019).
"""

from __future__ import annotations

import random
from pathlib import Path

from ocr.ctc import best_path
from ocr.training import alphabet
from ocr.training.damage import Image
from ocr.training.exported import ExportedModel

_EASE = 0.9
"""A line is easy when it is read rightly and no letter of it with less confidence."""
_EASY_SHARE = 0.1
"""Easy lines that pass nevertheless, so that what is known is not forgotten."""
_SILENT_SHARE = 0.4
"""Of pictures without print more pass: most are easy, and a stray sign on a seal is a wrong value."""


class Sieve:
    """Holds back most of the lines that the model in ``folder`` reads with ease."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Load the model; ``seed`` decides which easy lines pass."""
        self._model = ExportedModel(folder)
        self._rng = random.Random(seed)

    def __call__(self, image: Image, text: str) -> bool:
        """Whether the line goes into training."""
        share = _EASY_SHARE if text else _SILENT_SHARE
        return not self._is_easy(image, text) or self._rng.random() < share

    def _is_easy(self, image: Image, text: str) -> bool:
        scores = self._model.scores(image)
        if alphabet.decode(scores.argmax(-1).tolist()).strip() != text:
            return False
        return all(run.probability >= _EASE for run in best_path(scores))
