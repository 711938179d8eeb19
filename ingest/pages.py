"""A file becomes page images."""

from collections.abc import Iterator

import numpy as np

from domain.page import PageImage
from ingest.inspection import Limits, recognise
from ingest.isolation import run


def split(data: bytes, *, limits: Limits) -> Iterator[PageImage]:
    """Yield the pages of a PDF, TIFF, JPEG, PNG or WebP, one at a time, parsed in another process.

    Scans inside PDFs come out untouched; other PDF pages are drawn at 300 dpi. Raises as
    :func:`ingest.inspection.inspect` does, possibly after some pages.
    """
    kind = recognise(data, limits=limits)
    answers = run("pages", data, kind, options=limits.options, allowance=limits.allowance)
    for number, (header, payload) in enumerate(answers, start=1):
        pixels = np.frombuffer(payload, dtype=np.uint8).reshape(header["shape"])
        yield PageImage(number=number, pixels=pixels, dpi=header["dpi"])
