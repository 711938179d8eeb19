"""The examination as a command: our models, Tesseract and asterocr on the same held-out crops.

``python -m ocr.training.examination --fonts DIR… --models FAST CAREFUL [--language FILE] [--tessdata DIR…]
[--asterocr CACHE]`` prints one row per reader and level, over 3,000 lines unless ``--lines`` says otherwise,
one thread each. A model reads as stock PaddleOCR has it, with ``--language`` again with the letter
statistics, and two models together: as text lines are read (the careful one where the fast one doubts) and
as values are (both look at every line).
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import yaml
from PIL import Image as Picture

from ocr.ctc import best_path
from ocr.language_model import LanguageModel
from ocr.paddle import PaddleRecogniser
from ocr.peers import foreign
from ocr.peers.catalogue import PEERS
from ocr.peers.environment import prepare_environment
from ocr.peers.foreign import cpu_seconds
from ocr.peers.process import Batch, run_reader
from ocr.recogniser import Recogniser
from ocr.together import DOUBTFUL, Together
from ocr.training import fonts, heldout
from ocr.training.damage import Image
from ocr.training.exported import ExportedModel
from ocr.training.heldout import Marks, Question, Reader


class ModelReader:
    """An exported model folder, run line by line as stock PaddleOCR does."""

    def __init__(self, folder: Path) -> None:
        """Load ``inference.onnx`` and the dictionary of ``inference.yml``."""
        self._model = ExportedModel(folder)
        described = yaml.safe_load((folder / "inference.yml").read_text(encoding="utf-8"))
        self._letters = ["", *described["PostProcess"]["character_dict"], " "]

    def __call__(self, images: Sequence[Image]) -> list[str]:
        """Best-path readings."""
        return [self._read(image) for image in images]

    def _read(self, image: Image) -> str:
        runs = best_path(self._model.scores(image))
        return "".join(self._letters[run.letter] for run in runs).strip()


class ProductReader:
    """Models as pages are read with them: long lines cut, doubtful letters settled by the language."""

    def __init__(self, recogniser: Recogniser) -> None:
        """Read with ``recogniser``."""
        self._recogniser = recogniser

    def __call__(self, images: Sequence[Image]) -> list[str]:
        """Readings."""
        return [reading.text for reading in self._recogniser.read(images)]


class TesseractReader:
    """Tesseract ``vie`` on single lines (psm 7), the usual free choice for Vietnamese."""

    def __init__(self, tessdata: Path) -> None:
        """``tessdata`` holds ``vie.traineddata``."""
        import tesserocr  # noqa: PLC0415 - only this reader needs it

        self._engine = tesserocr.PyTessBaseAPI(path=str(tessdata), lang="vie", psm=7)

    def __call__(self, images: Sequence[Image]) -> list[str]:
        """Readings of the crops with the white margin that Tesseract expects."""
        said: list[str] = []
        for image in images:
            framed = cv2.copyMakeBorder(image, 8, 8, 8, 8, cv2.BORDER_REPLICATE)
            self._engine.SetImage(Picture.fromarray(np.asarray(framed, np.uint8)))
            said.append(self._engine.GetUTF8Text().strip())
        return said


class AsterReader:
    """asterocr in an environment of its own, run as ``hoso bench reading`` runs it."""

    def __init__(self, cache: Path) -> None:
        """``cache`` keeps the environment, which is made on first use."""
        peer = next(peer for peer in PEERS if peer.key == "asterocr")
        self.name = f"asterocr {peer.version}"
        self._python = prepare_environment(cache / peer.folder, peer.requirements)

    def __call__(self, images: Sequence[Image]) -> list[str]:
        """Readings of the crops."""
        with tempfile.TemporaryDirectory() as folder:
            crops = Path(folder) / "crops.npz"
            named = {f"0_{number:06d}": image for number, image in enumerate(images)}
            np.savez(crops, allow_pickle=False, **named)
            outcome = run_reader(
                [str(self._python), "-I", foreign.__file__],
                reader="asterocr",
                batches=[Batch(name="lines", pages=("all",), crops=str(crops))],
                folder=Path(folder),
            )
        return list(outcome.pages["lines"][0])


def _row(name: str, level: str, marks: Marks, milliseconds: float) -> dict[str, object]:
    return {
        "reader": name,
        "level": level,
        "lines": marks.lines,
        "letters": marks.letters,
        "cer_percent": round(100 * marks.cer, 3),
        "tone_percent": round(100 * marks.tone_rate, 3),
        "exact_percent": round(100 * marks.exact_rate, 2),
        "ms_per_line": round(milliseconds, 2),
    }


def _examined(name: str, reader: Reader, asked: Sequence[Question]) -> None:
    began = cpu_seconds()
    totals = heldout.examine(reader, asked)
    spent = 1000 * (cpu_seconds() - began) / len(asked)
    for level, marks in totals.items():
        print(json.dumps(_row(name, level, marks, spent)), flush=True)  # noqa: T201 - a report


_ALWAYS = math.inf
"""No reading leads by so much that only one of two models looks."""


def _examine_product(
    folders: Sequence[Path], language: LanguageModel, asked: Sequence[Question]
) -> None:
    """Each model with the language, and two together."""
    models = [PaddleRecogniser(folder, language=language) for folder in folders]
    for model in models:
        _examined(f"{model.name} with language", ProductReader(model), asked)
    if len(models) != 2:
        return
    fast, careful = models
    for name, doubtful in (("as text", DOUBTFUL), ("as values", _ALWAYS)):
        both = Together(fast=fast, careful=careful, language=language, doubtful=doubtful)
        _examined(f"{both.name}, {name}", ProductReader(both), asked)


def main() -> None:
    """Examine every reader that was named."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training.examination", description=__doc__)
    parser.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts")])
    parser.add_argument("--models", type=Path, nargs="*", default=[])
    parser.add_argument("--language", type=Path, metavar="FILE", help="letter statistics")
    parser.add_argument("--tessdata", type=Path, nargs="*", default=[])
    parser.add_argument(
        "--asterocr", type=Path, metavar="CACHE", help="where its environment is kept"
    )
    parser.add_argument("--lines", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=heldout.SEED)
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    held = fonts.split(fonts.collect(wanted.fonts))[1]
    asked = heldout.questions(held, wanted.lines, wanted.seed)
    for folder in wanted.models:
        _examined(folder.name, ModelReader(folder), asked)
    if wanted.language:
        _examine_product(wanted.models, LanguageModel(wanted.language), asked)
    for folder in wanted.tessdata:
        _examined(f"tesseract:{folder.name}", TesseractReader(folder), asked)
    if wanted.asterocr:
        aster = AsterReader(wanted.asterocr)
        _examined(aster.name, aster, asked)


if __name__ == "__main__":
    main()
