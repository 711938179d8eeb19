"""What this installation takes in."""

from ingest.inspection import Limits
from storage.settings import Settings


def intake_limits(settings: Settings) -> Limits:
    """What a file may cost here."""
    return Limits(
        max_bytes=settings.upload_max_bytes,
        max_pages=settings.upload_max_pages,
        max_pixels=settings.image_max_pixels,
    )
