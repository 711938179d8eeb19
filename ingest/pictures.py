"""Page images as pictures for people and for the e-copy."""

import cv2

from domain.errors import ErrorCode, HosoError
from domain.page import PageImage


def encode_jpeg(page: PageImage, *, quality: int = 88) -> bytes:
    """The page as JPEG, with its resolution in the JFIF header so that it prints at 100 %."""
    done, encoded = cv2.imencode(".jpg", page.pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise HosoError(ErrorCode.INTERNAL, problem="a page could not be encoded as JPEG")
    picture = bytearray(encoded.tobytes())
    # JFIF APP0 (ITU-T T.871 § 10.1): units byte at 13, then horizontal and vertical density
    if picture[6:11] == b"JFIF\x00":
        picture[13] = 1
        picture[14:16] = picture[16:18] = page.dpi.to_bytes(2, "big")
    return bytes(picture)
