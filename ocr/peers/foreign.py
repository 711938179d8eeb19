"""The process of one reader: ``python foreign.py JOB ANSWER``.

Runs in the reader's own environment, so it imports nothing of ours and a reader's library only once
that reader is asked for. JOB names the ``reader``, its ``options`` and the ``batches``; ANSWER gets
the lines of every page and the processor seconds of each batch, those of child processes included.
"""

import importlib
import itertools
import json
import math
import resource
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Pages = list[list[str]]
"""The lines of each page."""


class Reader(ABC):
    """Reads batches; construction loads what it needs and is not counted as reading."""

    facts: Mapping[str, Any] = {}

    def ready(self, batch: Mapping[str, Any]) -> None:  # noqa: B027 - most need nothing
        """Whatever a batch needs that is not reading; not timed."""

    @abstractmethod
    def read(self, batch: Mapping[str, Any]) -> Pages:
        """The lines of each page of the batch."""


def serve(
    arguments: list[str], readers: Mapping[str, Callable[[Mapping[str, Any]], Reader]]
) -> int:
    """Do the job of ``arguments`` (JOB, ANSWER) with one of ``readers`` (made from its options)."""
    job = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    reader = readers[job["reader"]](job["options"])
    batches = {}
    for batch in job["batches"]:
        reader.ready(batch)
        began = cpu_seconds()
        pages = reader.read(batch)
        batches[batch["name"]] = {"seconds": cpu_seconds() - began, "pages": pages}
    answer = json.dumps({"batches": batches, "facts": dict(reader.facts)}, ensure_ascii=False)
    Path(arguments[1]).write_text(answer, encoding="utf-8")
    return 0


def cpu_seconds() -> float:
    """Processor seconds so far, of this process and of the children it has waited for."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class RapidOcr(Reader):
    """rapidocr with the models of its wheel, its own detection and order."""

    def __init__(self, _options: Mapping[str, Any]) -> None:
        importlib.import_module("cv2").setNumThreads(1)
        engine = "EngineConfig.onnxruntime."
        threads = {engine + name: 1 for name in ("intra_op_num_threads", "inter_op_num_threads")}
        self._read = importlib.import_module("rapidocr").RapidOCR(params=threads)

    def read(self, batch: Mapping[str, Any]) -> Pages:
        """As the library orders the lines."""
        return [[str(text) for text in (self._read(path).txts or ())] for path in batch["pages"]]


class TesseractPages(Reader):
    """The ``tesseract`` program with its own layout analysis, one process for the batch."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._tessdata = options["tessdata"]

    def read(self, batch: Mapping[str, Any]) -> Pages:
        """As the program orders the lines; form feeds part the pages."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listing:
            listing.write("\n".join(batch["pages"]) + "\n")
            listing.flush()
            command = ["tesseract", listing.name, "-", "-l", "vie"]
            done = subprocess.run(  # noqa: S603 - our own arguments
                [*command, "--tessdata-dir", self._tessdata], capture_output=True, check=True
            )
        return _parted(done.stdout.decode("utf-8"), len(batch["pages"]))


class OcrMyPdf(Reader):
    """OCRmyPDF: recognition and its text file; the searchable PDF is not written."""

    def __init__(self, _options: Mapping[str, Any]) -> None:
        self._ocrmypdf = importlib.import_module("ocrmypdf")
        self._img2pdf = importlib.import_module("img2pdf")
        self._folder = tempfile.TemporaryDirectory(prefix="hoso-ocrmypdf-")

    def ready(self, batch: Mapping[str, Any]) -> None:
        """The pages as one PDF, pictures untouched."""
        self._file("pdf").write_bytes(self._img2pdf.convert(batch["pages"]))

    def read(self, batch: Mapping[str, Any]) -> Pages:
        """Of the sidecar text; form feeds part the pages."""
        sidecar = self._file("txt")
        self._ocrmypdf.ocr(
            self._file("pdf"),
            "-",
            language=["vie"],
            sidecar=sidecar,
            output_type="none",
            jobs=1,
            use_threads=True,
            progress_bar=False,
        )
        return _parted(sidecar.read_text(encoding="utf-8"), len(batch["pages"]))

    def _file(self, suffix: str) -> Path:
        return Path(self._folder.name) / f"pages.{suffix}"


class AsterOcr(Reader):
    """asterocr on line pictures, one thread.

    It fails beyond 1,024 pixels, so wider ones are cut, and it reads our close crops badly: a border of
    6 % of the height above and below halved its errors on the real scan, 12 % did less.
    """

    _HEIGHT, _WIDEST, _PIECE, _REACH, _BORDER = 32, 1020, 800, 100, 0.06

    def __init__(self, _options: Mapping[str, Any]) -> None:
        runtime = importlib.import_module("onnxruntime")
        self._numpy = importlib.import_module("numpy")
        self._reader = importlib.import_module("asterocr").AsterOCR(enable_telemetry=False)
        threads = runtime.SessionOptions()
        threads.intra_op_num_threads = threads.inter_op_num_threads = 1
        self._reader.session = runtime.InferenceSession(
            self._reader.model_path, threads, providers=["CPUExecutionProvider"]
        )

    def read(self, batch: Mapping[str, Any]) -> Pages:
        """Line by line."""
        return [[self._line(crop) for crop in page] for page in crops_by_page(batch)]

    def _line(self, crop: Any) -> str:
        said = (self._reader.predict(piece) for piece in self._pieces(self._bordered(crop)))
        return " ".join(text.strip() for text in said if text.strip())

    def _bordered(self, crop: Any) -> Any:
        """The crop with paper above and below."""
        rows = max(1, round(crop.shape[0] * self._BORDER))
        paper = int(self._numpy.percentile(crop, 90))
        sides = ((rows, rows), *((0, 0) for _ in crop.shape[1:]))
        return self._numpy.pad(crop, sides, constant_values=paper)

    def _pieces(self, crop: Any) -> list[Any]:
        """The crop, cut at the widest gap near each even cut if it is wider than the network takes."""
        height, width = crop.shape[:2]
        scale = height / self._HEIGHT
        if width <= self._WIDEST * scale:
            return [crop]
        numpy = self._numpy
        grey = crop if crop.ndim == 2 else crop.mean(axis=2)
        paper = numpy.percentile(grey, 90)
        ink = numpy.clip(paper - 24 - grey.astype(float), 0, None).sum(axis=0)
        count = math.ceil(width / (self._PIECE * scale))
        cuts = [0]
        for number in range(1, count):
            middle = width * number // count
            low, high = int(middle - self._REACH * scale), int(middle + self._REACH * scale)
            cuts.append(low + widest_gap(ink[low:high], 0.1 * float(numpy.median(ink))))
        return [crop[:, left:right] for left, right in itertools.pairwise([*cuts, width])]


def widest_gap(ink: Any, empty: float) -> int:
    """The middle of the longest run of columns with no more ink than ``empty``; else the lightest."""
    best, best_length, start = int(ink.argmin()), 0, None
    for column, amount in enumerate([*ink.tolist(), float("inf")]):
        if amount <= empty:
            start = column if start is None else start
        elif start is not None:
            if column - start > best_length:
                best, best_length = (start + column) // 2, column - start
            start = None
    return best


def crops_by_page(batch: Mapping[str, Any]) -> list[list[Any]]:
    """Line pictures of each page, in reading order."""
    pages: list[list[Any]] = [[] for _ in batch["pages"]]
    with importlib.import_module("numpy").load(batch["crops"]) as crops:
        for name in sorted(crops.files):
            pages[int(name.split("_")[0])].append(crops[name])
    return pages


def _parted(text: str, count: int) -> Pages:
    pages = [page.splitlines() for page in text.split("\f")]
    return (pages + [[] for _ in range(count)])[:count]


FOREIGN: Mapping[str, Callable[[Mapping[str, Any]], Reader]] = {
    "rapidocr": RapidOcr,
    "tesseract-page": TesseractPages,
    "ocrmypdf": OcrMyPdf,
    "asterocr": AsterOcr,
}

if __name__ == "__main__":
    sys.exit(serve(sys.argv[1:], FOREIGN))
