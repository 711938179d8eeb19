"""Records what the engine read on sample documents, so that extraction is tested without the engine.

    hoso samples make --out DIR --count N --seed S
    python -m tests.golden.ocr.record DIR tests/golden/ocr/readings.jsonl FILE…

``DIR`` holds ``truth.jsonl``, whose lines name a file, its form and fields, and its layout if it has one;
other generators gave ``other_offices.jsonl``. Without names all files are recorded. Writes one manifest
line, then one line per document: the lines as both readers left them, the expected form, the expected
fields (the generator's truth) and which of them are not right.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from domain.form import FormCode
from domain.page import CleanPage
from ingest.cleaning import clean, rotate
from ingest.inspection import Limits
from ingest.pages import every_page
from ocr.documents import in_form_order
from ocr.engine import ReadingEngine
from ocr.extraction import extract
from ocr.form_library import library
from ocr.text_line import TextLine
from tests.golden.ocr.lines import packed

PACKAGES = ("paddleocr", "onnxruntime", "tesserocr", "opencv-contrib-python")


def upright(data: bytes, engine: ReadingEngine) -> Iterator[CleanPage]:
    for scan in every_page(data, limits=Limits()):
        cleaned = clean(scan)
        turn = engine.rotation(cleaned.pixels)
        yield clean(rotate(scan, turn)) if turn else cleaned


def lines_of(page: CleanPage, engine: ReadingEngine, *, card: bool) -> tuple[TextLine, ...]:
    lines = engine.read_lines(page)
    return engine.with_red_print(page, lines) if card else lines


def main(folder: Path, out: Path, files: list[str]) -> None:
    engine = ReadingEngine()
    manifest = {"readers": engine.readers, "packages": {name: version(name) for name in PACKAGES}}
    truths = map(json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines())
    with out.open("w", encoding="utf-8") as target:
        target.write(json.dumps(manifest, ensure_ascii=False) + "\n")
        for truth in truths:
            if files and Path(truth["file"]).name.partition("_")[0] not in files:
                continue
            data = (folder / truth["file"]).read_bytes()
            card = truth["form"] == FormCode.IDENTITY_CARD
            pages = upright(data, engine)
            lines = [line for page in pages for line in lines_of(page, engine, card=card)]
            spec = next(form for form in library().forms if form.code == truth["form"])
            read = engine.second_opinion(lines)
            found = extract(spec, in_form_order(spec, read)).fields
            values = {name: field.value for name, field in found.items()}
            misread = {n: values.get(n) for n, v in truth["fields"].items() if values.get(n) != v}
            entry = {
                "layout": truth.get("layout", truth["form"]),
                "form": truth["form"],
                "fields": truth["fields"],
                "misread": misread,
                "lines": list(map(packed, read)),
            }
            target.write(json.dumps(entry, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
