"""A file becomes page images."""

from collections.abc import Iterator

import numpy as np

from domain.errors import ErrorCode, HosoError
from domain.page import LostPage, PageImage
from ingest.inspection import Limits, inspect, recognise
from ingest.isolation import ParserLostError, run
from ingest.media import Kind

_DEATHS = 3
"""So many pages of a file may end their parser, or take all its time, before the file is given up."""


def split(data: bytes, *, limits: Limits, first: int = 1) -> Iterator[PageImage | LostPage]:
    """Yield the pages of a PDF, TIFF, JPEG, PNG or WebP, one at a time, parsed in another process.

    Scans inside PDFs come out untouched; other PDF pages are drawn at 300 dpi. A page that cannot be had
    is a ``LostPage``, and those after it come all the same; pages before ``first`` are passed over, and
    none comes that the file has not got.
    Raises as :func:`ingest.inspection.inspect` does where it is the file that cannot be read.
    """
    kind = recognise(data, limits=limits)
    deaths = 0
    number = first
    while True:
        try:
            for page in _parsed(data, kind, limits, number):
                yield page
                number = page.number + 1
        except ParserLostError as error:
            deaths += 1
            if deaths > _DEATHS:
                raise
            if number > inspect(data, name="", limits=limits).pages:
                return  # it died with every page told: none is lost
            # it died over this page; another one goes on behind it
            yield _lost(number, error)
            number += 1
        else:
            return


def every_page(data: bytes, *, limits: Limits) -> Iterator[PageImage]:
    """As :func:`split`, of a file that must be whole: raises the error of the first page that is lost."""
    for page in split(data, limits=limits):
        if isinstance(page, LostPage):
            raise page.error
        yield page


def _parsed(data: bytes, kind: Kind, limits: Limits, first: int) -> Iterator[PageImage | LostPage]:
    options = {**limits.options, "first": first}
    answers = run("pages", data, kind, options=options, allowance=limits.allowance)
    for number, (header, payload) in enumerate(answers, start=first):
        if "lost" in header:
            yield _lost(number, HosoError(ErrorCode(header["lost"]), **header["facts"]))
        else:
            pixels = np.frombuffer(payload, dtype=np.uint8).reshape(header["shape"])
            yield PageImage(number=number, pixels=pixels, dpi=header["dpi"])


def _lost(number: int, error: HosoError) -> LostPage:
    return LostPage(number=number, error=HosoError(error.code, **{**error.facts, "page": number}))
