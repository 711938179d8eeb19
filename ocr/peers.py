"""Other readers on the same pages, for ``hoso bench reading``."""

import os
import subprocess

import cv2

from domain.errors import ErrorCode, HosoError
from domain.page import PageImage
from ocr.tesseract import find_tessdata

_SECONDS = 300


def tesseract_page(page: PageImage) -> str:
    """The text of a whole page by the ``tesseract`` program, its own layout analysis, one thread.

    Raises ``tool_missing`` where the program is not installed.
    """
    picture = cv2.imencode(".png", page.pixels)[1].tobytes()
    argv = [
        *("tesseract", "-", "-", "-l", "vie", "--dpi", str(page.dpi)),
        *("--tessdata-dir", str(find_tessdata())),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, the page goes in by the pipe
            argv,
            input=picture,
            capture_output=True,
            check=True,
            timeout=_SECONDS,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except FileNotFoundError as error:
        raise HosoError(ErrorCode.TOOL_MISSING, tool="tesseract") from error
    return done.stdout.decode("utf-8")
