"""The process of one of our own page readers for ``hoso bench reading``.

``python -m api.bench_reader JOB ANSWER`` speaks as :mod:`ocr.peers.foreign` does, so that ours are
measured exactly like the others.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from api.reader import make_reader
from domain.page import CleanPage, PageImage, Pixels
from ingest.cleaning import clean, rotate
from ocr.engine import ReadingEngine
from ocr.peers.foreign import Pages, Reader, serve
from storage.settings import load_settings
from workflow.reading import read_file


class WholePipeline(Reader):
    """Everything ``hoso read`` does, from the bytes of the file to the records."""

    def __init__(self, _options: Mapping[str, Any]) -> None:
        self._reader = make_reader(load_settings())
        self.facts = {"readers": self._reader.engine.readers}

    def read(self, batch: Mapping[str, Any]) -> Pages:
        """Lines of the records, by page of the batch."""
        pages: Pages = []
        for path in map(Path, batch["files"]):
            records = read_file(path.read_bytes(), name=path.name, reader=self._reader).records
            lines = [line for record in records for line in record.lines]
            last = max((page for record in records for page in record.pages), default=1)
            pages += [
                [line.text for line in lines if line.page == number]
                for number in range(1, last + 1)
            ]
        return pages


class ReadingOnly(Reader):
    """Clean-up, orientation, detection and recognition; no second opinion, no extraction."""

    def __init__(self, _options: Mapping[str, Any]) -> None:
        self._engine = ReadingEngine(second_opinion=False)
        self.facts = {"readers": self._engine.readers}

    def read(self, batch: Mapping[str, Any]) -> Pages:
        """In our reading order."""
        return [
            [line.text for line in self._engine.read_page(page)]
            for page in _cleaned(batch, self._engine)
        ]


class LineFinder(Reader):
    """Clean-up, orientation and detection; writes the crops the line readers are given."""

    def __init__(self, _options: Mapping[str, Any]) -> None:
        self._engine = ReadingEngine(second_opinion=False)

    def read(self, batch: Mapping[str, Any]) -> Pages:
        """One empty line per crop; the crops go to the batch's file."""
        crops: dict[str, Pixels] = {}
        pages: Pages = []
        for number, page in enumerate(_cleaned(batch, self._engine)):
            found = self._engine.find_lines(page)
            for index, (_, crop) in enumerate(found):
                crops[f"{number:05d}_{index:05d}"] = crop.pixels
            pages.append([""] * len(found))
        np.savez(batch["crops"], **crops)  # type: ignore[arg-type]  # names cannot clash: digits
        return pages


def _cleaned(batch: Mapping[str, Any], engine: ReadingEngine) -> Iterator[CleanPage]:
    for number, path in enumerate(batch["pages"], start=1):
        page = _page(Path(path), number)
        cleaned = clean(page)
        rotation = engine.rotation(cleaned.pixels)
        yield clean(rotate(page, rotation)) if rotation else cleaned


def _page(path: Path, number: int) -> PageImage:
    with Image.open(path) as picture:
        dpi = round(float(picture.info["dpi"][0]))
        pixels = np.asarray(picture)
    if pixels.ndim != 2:  # noqa: PLR2004 - grey has two dimensions
        pixels = np.ascontiguousarray(pixels[:, :, ::-1])  # RGB to BGR
    return PageImage(number=number, pixels=np.asarray(pixels, np.uint8), dpi=dpi)


OWN: Mapping[str, Callable[[Mapping[str, Any]], Reader]] = {
    "pipeline": WholePipeline,
    "reading": ReadingOnly,
    "finder": LineFinder,
}

if __name__ == "__main__":
    cv2.setNumThreads(1)
    sys.exit(serve(sys.argv[1:], OWN))
