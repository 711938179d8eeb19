"""What ``hoso bench reading`` reads: a real scan with its published text, and drawn civil papers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pikepdf
from PIL import Image

from domain.errors import ErrorCode, HosoError
from domain.page import PageImage
from ingest.inspection import Limits
from ingest.pages import every_page
from ingest.samples.damage import DamageLevel
from ingest.samples.pages import make_page
from ocr.peers.process import Batch

SCAN, GENERATED = "scan", "generated"
SEED = 20261122
"""Of the drawn papers; no model was trained or tuned on what it draws."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """Pages on disk and what stands on them."""

    batch: Batch
    truth: str = ""
    """The published text of a scan."""
    whole: bool = True
    """Whether all pages of the scan are there; else the truth has more than the pages."""
    lines: tuple[tuple[str, ...], ...] = ()
    """Of drawn papers: the lines of each page."""
    levels: tuple[DamageLevel, ...] = ()
    """Of drawn papers: the damage of each page."""

    @property
    def pages(self) -> int:
        """Number of pages."""
        return len(self.batch.pages)

    def with_crops(self, path: Path) -> "Material":
        """The same, the line pictures going to ``path``."""
        return replace(self, batch=replace(self.batch, crops=str(path)))


def scan_material(folder: Path, *, pages: int, limits: Limits, work: Path) -> Material:
    """``scan.pdf`` and ``truth.txt`` of ``folder``; only the first ``pages`` unless that is 0.

    Raises ``not_found`` where a file is absent.
    """
    scan, truth = folder / "scan.pdf", folder / "truth.txt"
    for path in (scan, truth):
        if not path.is_file():
            raise HosoError(ErrorCode.NOT_FOUND, path=str(path))
    file = work / "scan.pdf"
    work.mkdir(parents=True)
    with pikepdf.open(scan) as pdf:
        whole = not pages or pages >= len(pdf.pages)
        if not whole:
            del pdf.pages[pages:]
            pdf.save(file)
    if whole:
        file.write_bytes(scan.read_bytes())
    images = islice(every_page(scan.read_bytes(), limits=limits), pages or None)
    return Material(
        batch=Batch(name=SCAN, files=(str(file),), pages=_pictures(images, work)),
        truth=truth.read_text(encoding="utf-8"),
        whole=whole,
    )


def generated_material(
    count: int, *, seed: int, limits: Limits, work: Path, on_page: Callable[[int], None]
) -> Material:
    """``count`` drawn papers, damage light, medium, heavy in turn; ``on_page`` is told how many."""
    work.mkdir(parents=True)
    levels = tuple(DamageLevel)
    files: list[str] = []
    images: list[PageImage] = []
    lines: list[tuple[str, ...]] = []
    for index in range(count):
        sample = make_page(index, seed=seed, level=levels[index % len(levels)])
        path = work / sample.file
        path.write_bytes(sample.content)
        files.append(str(path))
        lines.append(sample.lines)
        images += every_page(sample.content, limits=limits)
        on_page(index + 1)
    return Material(
        batch=Batch(name=GENERATED, files=tuple(files), pages=_pictures(images, work)),
        lines=tuple(lines),
        levels=tuple(levels[index % len(levels)] for index in range(count)),
    )


def _pictures(images: Iterable[PageImage], work: Path) -> tuple[str, ...]:
    """Each page as a PNG that tells its resolution: the same pixels for every reader."""
    paths = []
    for number, image in enumerate(images, start=1):
        path = work / f"page{number:04d}.png"
        pixels = image.pixels if image.pixels.ndim == 2 else image.pixels[:, :, ::-1]  # noqa: PLR2004
        picture = Image.fromarray(pixels)
        picture.save(path, "PNG", dpi=(image.dpi, image.dpi), compress_level=1)
        paths.append(str(path))
    return tuple(paths)
