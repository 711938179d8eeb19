"""``hoso bench reading``: many readers on the same pages, each in a process of its own, scored alike."""

import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.reading_material import GENERATED, SCAN, Material
from api.reading_scores import GeneratedScore, ScanScore, score_generated, score_scan
from ocr.engine import CAREFUL_MODEL, FAST_MODEL, shipped_language, shipped_model
from ocr.model_files import LATIN_READER, model_dir
from ocr.peers import foreign
from ocr.peers.catalogue import PEERS, Peer
from ocr.peers.environment import prepare_environment
from ocr.peers.process import Batch, Outcome, ReaderFailedError, run_reader
from ocr.tesseract import find_tessdata

_OURS = (sys.executable, "-m", "api.bench_reader")
_OUR_LINES = (sys.executable, "-m", "ocr.peers.own_lines")
_FOREIGN = str(Path(foreign.__file__))
OWN_MAKE = "Hoso"


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """One reader of the run."""

    key: str
    name: str
    make: str
    """Readers of one make are one witness."""
    reader: str
    """Its name in the reader's process."""
    reads_lines: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    peer: Peer | None = None
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one reader showed, or why it showed nothing."""

    entrant: Entrant
    failure: str = ""
    scan: ScanScore | None = None
    generated: GeneratedScore | None = None
    seconds_per_page: Mapping[str, float] = field(default_factory=dict)
    """By material; for a line reader with the seconds to find the lines."""
    milliseconds_per_line: float | None = None
    load_seconds: float = 0.0
    peak_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Run:
    """All of one run."""

    results: tuple[Result, ...]
    pages: Mapping[str, int]
    """By material."""
    lines: int
    """Line pictures given to the line readers; 0 where none ran."""
    steadiness: float | None = None
    """Slowest by fastest time of one fixed piece of work, done between the readers."""


def entrants(*, tessdata_best: Path | None) -> tuple[Entrant, ...]:
    """Every reader this installation can try, ours first. Raises ``tool_missing`` without Tesseract."""
    fast = str(find_tessdata())
    tesseract = [("fast", fast)] + ([("best_int", str(tessdata_best))] if tessdata_best else [])
    return (
        Entrant(
            key="hoso", name="Hoso, as installed", make=OWN_MAKE, reader="pipeline",
            about="everything `hoso read` does, from the scan's bytes to the record: decoding, clean-up, "
            "orientation, detection, recognition, second opinion, extraction",
        ),
        Entrant(
            key="hoso-reading", name="Hoso, reading only", make=OWN_MAKE, reader="reading",
            about="clean-up, orientation, detection and recognition by both models; no second opinion, no "
            "extraction",
        ),
        *_own_models(),
        Entrant(
            key="pp-ocrv6-small", name="PP-OCRv6 small, lines", make="PP-OCR", reader="paddle-lines",
            reads_lines=True, options={"model": str(model_dir(LATIN_READER))},
            about="the official recogniser on our line pictures; its alphabet lacks 88 of the 134 "
            "accented letters",
        ),
        *(
            Entrant(
                key=f"tesseract-lines-{kind}", name=f"Tesseract {kind}, lines", make="Tesseract",
                reader="tesseract-lines", reads_lines=True, options={"tessdata": folder},
                about=f"`vie` ({kind}), page segmentation mode 7, on our line pictures (tesserocr)",
            )
            for kind, folder in tesseract
        ),
        *(_entrant_of(peer) for peer in PEERS),
        Entrant(
            key="tesseract-page", name="Tesseract fast, page", make="Tesseract",
            reader="tesseract-page", options={"tessdata": fast},
            about="the program with `vie` (fast) and its own layout analysis",
        ),
    )  # fmt: skip


def _own_models() -> tuple[Entrant, ...]:
    """Each model of ours, and both together, as line readers."""
    spoken = {"language": str(shipped_language())}
    fast, careful = shipped_model(FAST_MODEL), shipped_model(CAREFUL_MODEL)
    single = tuple(
        Entrant(
            key=f"hoso-{folder.name.rsplit('_', 1)[-1]}",
            name=f"{folder.name}, lines",
            make=OWN_MAKE,
            reader="paddle-lines",
            reads_lines=True,
            options={"model": str(folder), **spoken},
            about="our recogniser alone on our line pictures, with the letter statistics",
        )
        for folder in (careful, fast)
    )
    both = Entrant(
        key="hoso-both", name="Hoso's two models, lines", make=OWN_MAKE, reader="together-lines",
        reads_lines=True, options={"fast": str(fast), "careful": str(careful), **spoken},
        about="both recognisers on our line pictures, the careful one where the fast one doubts, as pages "
        "are read with them",
    )  # fmt: skip
    return (*single, both)


def _entrant_of(peer: Peer) -> Entrant:
    what = "lines" if peer.reads_lines else "page"
    make = {"rapidocr": "PP-OCR", "ocrmypdf": "Tesseract"}.get(peer.key, peer.key)
    return Entrant(
        key=peer.key, name=f"{peer.key} {peer.version}, {what}", make=make, reader=peer.key,
        reads_lines=peer.reads_lines, peer=peer, about=peer.about,
    )  # fmt: skip


def measure_readers(
    chosen: Sequence[Entrant],
    materials: Sequence[Material],
    *,
    cache: Path,
    work: Path,
    on_reader: Callable[[str], None],
) -> Run:
    """Run every reader over all materials, one after the other, and score them.

    ``cache`` keeps the peers' environments, ``work`` receives files of the run, ``on_reader`` is told
    who reads now. A reader that fails gives a result with the reason.
    """
    finder: Outcome | None = None
    if any(one.reads_lines for one in chosen):
        materials = [one.with_crops(work / f"{one.batch.name}.npz") for one in materials]
        on_reader("finding the lines")
        batches = [one.batch for one in materials]
        finder = run_reader(_OURS, reader="finder", batches=batches, folder=work / "finder")
    outcomes: dict[str, Outcome | str] = {}
    trials = [_trial_seconds()]
    for one in chosen:
        on_reader(one.name)
        batches = [material.batch for material in materials]
        try:
            outcomes[one.key] = _read(one, batches, cache=cache, folder=work / one.key)
        except ReaderFailedError as error:
            outcomes[one.key] = str(error) or "failed without a word"
        trials.append(_trial_seconds())
    lines = sum(len(page) for pages in finder.pages.values() for page in pages) if finder else 0
    return Run(
        results=_scored(chosen, outcomes, materials, finder, lines),
        pages={material.batch.name: material.pages for material in materials},
        lines=lines,
        steadiness=max(trials) / min(trials),
    )


def _trial_seconds() -> float:
    """Processor seconds of a fixed piece of work: longer when others use the core's caches and twin."""
    began = time.process_time()
    sum(number * number for number in range(1_500_000))
    return time.process_time() - began


def _read(one: Entrant, batches: Sequence[Batch], *, cache: Path, folder: Path) -> Outcome:
    command: tuple[str, ...] = _OURS
    if one.peer is not None:
        missing = [name for name in one.peer.programs if shutil.which(name) is None]
        if missing:
            msg = f"needs a program that is not installed: {', '.join(missing)}"
            raise ReaderFailedError(msg)
        python = prepare_environment(cache / one.peer.folder, one.peer.requirements)
        command = (str(python), "-I", _FOREIGN)
    elif one.reader in foreign.FOREIGN:
        command = (sys.executable, "-I", _FOREIGN)
    elif one.reads_lines:
        command = _OUR_LINES
    return run_reader(
        command, reader=one.reader, batches=batches, folder=folder, options=one.options
    )


def _scored(
    chosen: Sequence[Entrant],
    outcomes: Mapping[str, Outcome | str],
    materials: Sequence[Material],
    finder: Outcome | None,
    lines: int,
) -> tuple[Result, ...]:
    read = {key: one for key, one in outcomes.items() if isinstance(one, Outcome)}
    makes = {one.key: one.make for one in chosen}
    scans: Mapping[str, ScanScore] = {}
    drawn: Mapping[str, GeneratedScore] = {}
    for material in materials:
        pages = {key: one.pages[material.batch.name] for key, one in read.items()}
        if material.batch.name == SCAN:
            scans = score_scan(material, pages, makes)
        elif material.batch.name == GENERATED:
            drawn = score_generated(material, pages)
    results = []
    for one in chosen:
        outcome = outcomes[one.key]
        if isinstance(outcome, str):
            results.append(Result(entrant=one, failure=outcome))
            continue
        found = finder.seconds if one.reads_lines and finder else {}
        spent = sum(outcome.seconds.values())
        results.append(
            Result(
                entrant=one,
                scan=scans.get(one.key),
                generated=drawn.get(one.key),
                seconds_per_page={
                    material.batch.name: (
                        outcome.seconds[material.batch.name] + found.get(material.batch.name, 0.0)
                    )
                    / max(1, material.pages)
                    for material in materials
                },
                milliseconds_per_line=1000 * spent / lines if one.reads_lines and lines else None,
                load_seconds=outcome.load_seconds,
                peak_bytes=outcome.peak_bytes,
            )
        )
    return tuple(results)
