"""Records what the engine read on sample documents, so that extraction is tested without the engine.

    hoso samples make --out DIR --count N --seed S
    python tests/golden/ocr/record.py DIR tests/golden/ocr/readings.jsonl FILE…

Writes one manifest line, then one line per document: the lines as both readers left them, the expected
form, the expected fields (the generator's truth) and which of them the readers got wrong.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from domain.page import CleanPage
from ingest.cleaning import clean, rotate
from ingest.inspection import Limits
from ingest.pages import split
from ocr.columns import part_columns
from ocr.engine import ReadingEngine
from ocr.extraction import extract
from ocr.form_library import library
from ocr.text_line import TextLine

PACKAGES = ("paddleocr", "onnxruntime", "tesserocr", "opencv-contrib-python")


def upright(data: bytes, engine: ReadingEngine) -> Iterator[CleanPage]:
    for scan in split(data, limits=Limits()):
        cleaned = clean(scan)
        turn = engine.rotation(cleaned.pixels)
        yield clean(rotate(scan, turn)) if turn else cleaned


def packed(line: TextLine) -> dict[str, Any]:
    return {
        "page": line.page,
        "row": line.row,
        "text": line.text,
        "sure": round(min(line.sure), 3),
        "agreed": line.agreed and "".join(str(int(flag)) for flag in line.agreed),
        "place": line.place.round(1).tolist(),
    }


def main(folder: Path, out: Path, files: list[str]) -> None:
    engine = ReadingEngine()
    manifest = {"readers": engine.readers, "packages": {name: version(name) for name in PACKAGES}}
    truths = map(json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines())
    with out.open("w", encoding="utf-8") as target:
        target.write(json.dumps(manifest, ensure_ascii=False) + "\n")
        for truth in truths:
            if Path(truth["file"]).name.partition("_")[0] not in files:
                continue
            data = (folder / truth["file"]).read_bytes()
            lines = [line for page in upright(data, engine) for line in engine.read_lines(page)]
            spec = next(form for form in library().forms if form.code == truth["form"])
            read = engine.second_opinion(part_columns(spec, lines))
            found = extract(spec, read).fields
            values = {name: field.value for name, field in found.items()}
            misread = {n: values.get(n) for n, v in truth["fields"].items() if values.get(n) != v}
            entry = {
                "form": truth["form"],
                "fields": truth["fields"],
                "misread": misread,
                "lines": list(map(packed, read)),
            }
            target.write(json.dumps(entry, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
