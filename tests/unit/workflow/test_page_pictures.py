"""A page picture that is lost or damaged is made again from the original, as it was made when read."""

import hashlib
import io
from dataclasses import replace

import pytest
from PIL import Image

from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.page import PageFacts, Quality
from domain.ports import Bucket
from ingest.inspection import Limits
from tests.fakes.house import of_state, sample_document, sample_record
from tests.unit.workflow.conftest import Office
from workflow.page_pictures import page_pictures
from workflow.pictures import page_key

_WIDE = (400, 300)


def original() -> bytes:
    """Two pages that lie on their side: each darker at its left."""
    first, second = Image.new("L", _WIDE, 255), Image.new("L", _WIDE, 255)
    first.paste(20, (0, 0, 60, 300))
    second.paste(90, (0, 0, 60, 300))
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=[second], dpi=(200, 200))
    return out.getvalue()


@pytest.fixture
def read(office: Office) -> Document:
    """A document whose pages were turned upright when it was read; the original is kept, pictures are not."""
    data = original()
    sha256 = hashlib.sha256(data).hexdigest()
    office.objects.put(Bucket.ORIGINALS, sha256, data, media_type="image/tiff")
    facts = tuple(
        PageFacts(
            number=number,
            width=_WIDE[1],
            height=_WIDE[0],
            dpi=200,
            rotation=90,
            quality=Quality(dpi=200, skew=0, blur=0, usable=True),
        )
        for number in (1, 2)
    )
    record = replace(sample_record(), sha256=sha256, page_facts=facts)
    return sample_document(of_state(DocumentState.REVIEW), sha256=sha256, record=record)


def pictures(office: Office, document: Document) -> list[Image.Image]:
    made = page_pictures(document, (1, 2), objects=office.objects, limits=Limits())
    return [Image.open(io.BytesIO(made[number])) for number in (1, 2)]


def is_upright(picture: Image.Image) -> bool:
    """Turned counter-clockwise by a quarter, what was at the left is at the bottom."""
    grey = picture.convert("L")
    return grey.size == (300, 400) and grey.getpixel((150, 395)) < grey.getpixel((150, 5))


def test_what_is_lost_is_made_again_upright_and_kept(office: Office, read: Document) -> None:
    assert all(is_upright(picture) for picture in pictures(office, read))
    assert office.objects.exists(Bucket.PAGES, page_key(read.sha256, 2))
    del office.objects.versions[Bucket.ORIGINALS, read.sha256]
    assert all(is_upright(picture) for picture in pictures(office, read))


def test_what_is_there_is_left_alone(office: Office, read: Document) -> None:
    key = page_key(read.sha256, 1)
    office.objects.put(Bucket.PAGES, key, b"as kept", media_type="image/jpeg")
    made = page_pictures(read, (1, 2), objects=office.objects, limits=Limits())
    assert made[1] == b"as kept"
    assert office.objects.versions[Bucket.PAGES, key] == [b"as kept"]


def test_without_an_original_it_is_said_which_one_is_missing(
    office: Office, read: Document
) -> None:
    del office.objects.versions[Bucket.ORIGINALS, read.sha256]
    with pytest.raises(HosoError) as refused:
        pictures(office, read)
    assert refused.value.code is ErrorCode.OBJECT_MISSING
    assert refused.value.facts["key"] == read.sha256
