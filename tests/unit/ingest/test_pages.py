"""Files become pages: untouched scans, rendered documents, and every kind of picture."""

import io
import subprocess
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pikepdf
import pytest
from drawn_pages import Array, colour, text_page
from PIL import Image

from domain.errors import ErrorCode, HosoError
from domain.page import LostPage, PageImage
from ingest import pdf_files
from ingest.inspection import Limits, inspect
from ingest.pages import split
from ingest.raster import resolution

LIMITS = Limits()
PAGE = text_page(dpi=150)
HEIGHT, WIDTH = PAGE.shape


def pages_of(data: bytes) -> list[PageImage]:
    pages = list(split(data, limits=LIMITS))
    assert all(isinstance(page, PageImage) for page in pages)
    return pages


def jpeg_of(array: Array, **save: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "JPEG", quality=90, **save)
    return out.getvalue()


def decoded(jpeg: bytes) -> Array:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_UNCHANGED), np.uint8)


def scan_pdf(
    images: list[tuple[bytes, dict[str, object]]],
    *,
    rotate: int = 0,
    content: bytes | None = None,
    placed: list[str] | None = None,
) -> bytes:
    """A PDF page of 150 dpi made of images one below the other."""
    pdf = pikepdf.new()
    size = (WIDTH / 150 * 72, HEIGHT / 150 * 72)
    pdf.add_blank_page(page_size=size)
    known = pikepdf.Dictionary()
    paint, top = b"", size[1]
    for index, (raw, entries) in enumerate(images):
        stream = pikepdf.Stream(pdf, raw)
        stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        for key, value in entries.items():
            stream[f"/{key}"] = value
        known[f"/Im{index}"] = stream
        height = int(stream.Height) / 150 * 72
        top -= height
        place = placed[index] if placed else f"{size[0]:.4f} 0 0 {height:.4f} 0 {top:.4f}"
        paint += f"q {place} cm /Im{index} Do Q\n".encode()
    page = pdf.pages[0]
    page.obj.Resources = pikepdf.Dictionary(XObject=known)
    page.obj.Contents = pikepdf.Stream(pdf, paint if content is None else content)
    page.obj.Rotate = rotate
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def entries(array: Array, **more: object) -> dict[str, object]:
    height, width = array.shape[:2]
    space = pikepdf.Name.DeviceGray if array.ndim == 2 else pikepdf.Name.DeviceRGB
    base = {"Width": width, "Height": height, "ColorSpace": space, "BitsPerComponent": 8}
    return base | more


def jpeg_image(array: Array) -> tuple[bytes, dict[str, object]]:
    return jpeg_of(array), entries(array, Filter=pikepdf.Name.DCTDecode)


def test_embedded_jpeg_comes_out_untouched() -> None:
    rgb = np.ascontiguousarray(colour(PAGE)[:, :, ::-1])
    rgb[100:200, 100:300] = (200, 30, 40)
    raw, facts = jpeg_image(rgb)
    (page,) = pages_of(scan_pdf([(raw, facts)]))
    assert page.dpi == 150
    assert np.array_equal(page.pixels, decoded(raw))


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotate_entry_turns_clockwise(rotate: int) -> None:
    raw, facts = jpeg_image(PAGE)
    (page,) = pages_of(scan_pdf([(raw, facts)], rotate=rotate))
    assert np.array_equal(page.pixels, np.rot90(decoded(raw), -rotate // 90))


def test_strips_are_put_together() -> None:
    middle = HEIGHT // 3
    upper, lower = (
        jpeg_image(np.ascontiguousarray(part)) for part in (PAGE[:middle], PAGE[middle:])
    )
    (page,) = pages_of(scan_pdf([upper, lower]))
    assert np.array_equal(page.pixels, np.vstack([decoded(upper[0]), decoded(lower[0])]))


def bitonal_image(kind: str) -> tuple[bytes, dict[str, object]]:
    """The page in one bit, written in another way each time, white paper in all of them."""
    bits = PAGE > 127
    facts = entries(PAGE, BitsPerComponent=1)
    if kind == "plain":
        return np.packbits(bits, axis=1).tobytes(), facts
    if kind == "decode":
        inverted = np.packbits(~bits, axis=1).tobytes()
        return inverted, facts | {"Decode": pikepdf.Array([1, 0])}
    if kind == "mask":
        del facts["ColorSpace"]
        return np.packbits(bits, axis=1).tobytes(), facts | {"ImageMask": True}
    if kind == "palette":
        palette = pikepdf.Array(
            [
                pikepdf.Name.Indexed,
                pikepdf.Name.DeviceRGB,
                1,
                pikepdf.String(b"\x00" * 3 + b"\xff" * 3),
            ]
        )
        return np.packbits(bits, axis=1).tobytes(), facts | {"ColorSpace": palette}
    out = io.BytesIO()
    Image.fromarray(bits).save(out, "TIFF", compression="group4", tiffinfo={278: HEIGHT})
    tiff = Image.open(out)
    offset, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    black_is_1 = tiff.tag_v2[262] == 0
    parameters = pikepdf.Dictionary(K=-1, Columns=WIDTH, Rows=HEIGHT, BlackIs1=False)
    assert len(tiff.tag_v2[273]) == 1
    facts |= {"Filter": pikepdf.Name.CCITTFaxDecode, "DecodeParms": parameters}
    if not black_is_1:
        parameters.BlackIs1 = True
    return out.getvalue()[offset : offset + length], facts


@pytest.mark.parametrize("kind", ["plain", "decode", "mask", "palette", "ccitt"])
def test_bitonal_scans_of_every_make_are_black_on_white(kind: str) -> None:
    (page,) = pages_of(scan_pdf([bitonal_image(kind)]))
    grey = page.pixels if page.pixels.ndim == 2 else page.pixels[:, :, 0]
    expected = np.where(PAGE > 127, 255, 0)
    assert grey.shape == expected.shape
    assert page.dpi == 150
    assert (np.abs(grey.astype(int) - expected) > 60).mean() < 0.001


def test_cmyk_scan_is_read_in_its_colours() -> None:
    cmyk = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    cmyk[:, :, 1:3] = 230  # magenta and yellow: red
    cmyk[HEIGHT // 2 :] = 0
    facts = entries(PAGE, ColorSpace=pikepdf.Name.DeviceCMYK)
    (page,) = pages_of(scan_pdf([(cmyk.tobytes(), facts)]))
    assert page.pixels.shape == (HEIGHT, WIDTH, 3)
    blue, green, red = (int(one) for one in page.pixels[50, 50])
    assert red > 180
    assert max(blue, green) < 120
    assert page.pixels[-50, 50].min() > 245


def test_visible_text_over_a_scan_is_rendered_not_lost() -> None:
    pdf = pikepdf.open(io.BytesIO(scan_pdf([jpeg_image(np.full_like(PAGE, 255))])))
    page = pdf.pages[0]
    page.obj.Resources.Font = pikepdf.Dictionary(
        F=pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for mode, dark in ((0, True), (3, False)):
        page.obj.Contents = pikepdf.Stream(
            pdf,
            page.obj.Contents.read_bytes() if mode == 3 else page.obj.Contents.read_bytes()
            + f"BT /F 40 Tf {mode} Tr 50 300 Td (SAO Y) Tj ET".encode(),
        )  # fmt: skip
        if mode == 3:
            visible = page.obj.Contents.read_bytes().replace(b" 0 Tr", b" 3 Tr")
            page.obj.Contents = pikepdf.Stream(pdf, visible)
        out = io.BytesIO()
        pdf.save(out)
        (image,) = pages_of(out.getvalue())
        assert bool(image.pixels.min() < 100) is dark
        assert image.dpi == (300 if dark else 150)


def test_small_picture_on_a_page_is_rendered_at_300_dpi() -> None:
    data = scan_pdf([jpeg_image(PAGE)], placed=["100 0 0 120 50 50"])
    (page,) = pages_of(data)
    assert page.dpi == 300
    assert abs(page.pixels.shape[1] - WIDTH * 2) <= 2


def test_pages_come_one_at_a_time_and_in_order() -> None:
    out = io.BytesIO()
    shades = [Image.new("L", (500, 700), 40 * one) for one in range(4)]
    shades[0].save(out, "TIFF", save_all=True, append_images=shades[1:], dpi=(200, 200))
    pages = pages_of(out.getvalue())
    assert [page.number for page in pages] == [1, 2, 3, 4]
    assert [int(page.pixels[0, 0]) for page in pages] == [0, 40, 80, 120]
    assert {page.dpi for page in pages} == {200}


def torn_pdf() -> bytes:
    """Three scans, the JPEG of the second cut off in its head."""
    whole = pikepdf.new()
    scans = [pikepdf.open(io.BytesIO(scan_pdf([jpeg_image(PAGE)]))) for _ in range(3)]
    for scan in scans:
        whole.pages.append(scan.pages[0])
    image = whole.pages[1].obj.Resources.XObject.Im0
    image.write(image.read_raw_bytes()[:300], filter=pikepdf.Name.DCTDecode)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def tiff_of(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    pages[0].save(
        out, "TIFF", save_all=True, append_images=pages[1:], compression="jpeg", dpi=(150, 150)
    )
    return out.getvalue()


def torn_tiff() -> bytes:
    """Three pages, the picture of the second overwritten."""
    data = bytearray(tiff_of(*[Image.fromarray(PAGE)] * 3))
    with Image.open(io.BytesIO(data)) as picture:
        picture.seek(1)
        offset, length = picture.tag_v2[273][0], picture.tag_v2[279][0]
    data[offset : offset + length] = b"\0" * length
    return bytes(data)


def large_tiff(*, first: bool = False) -> bytes:
    """Three pages, one of them of 139 megapixels."""
    page, large = Image.fromarray(PAGE > 127), Image.new("1", (9921, 14031), 1)
    pages = [large, page, page] if first else [page, large, page]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "lost", "code"),
    [
        (torn_pdf(), 2, ErrorCode.FILE_BROKEN),
        (torn_tiff(), 2, ErrorCode.FILE_BROKEN),
        (large_tiff(), 2, ErrorCode.IMAGE_TOO_LARGE),
        (large_tiff(first=True), 1, ErrorCode.IMAGE_TOO_LARGE),
    ],
    ids=["torn-pdf", "torn-tiff", "large-tiff", "large-first"],
)
def test_a_page_that_cannot_be_had_is_lost_alone(data: bytes, lost: int, code: ErrorCode) -> None:
    assert inspect(data, name="a", limits=LIMITS).pages == 3
    pages = list(split(data, limits=LIMITS))
    assert [page.number for page in pages] == [1, 2, 3]
    (gone,) = [page for page in pages if isinstance(page, LostPage)]
    assert (gone.number, gone.error.code, gone.error.facts["page"]) == (lost, code, lost)
    sound = [page for page in pages if isinstance(page, PageImage)]
    assert all(page.pixels.shape[:2] == PAGE.shape for page in sound)
    assert all(page.pixels.min() < 100 for page in sound), "they show what they showed"


def test_a_picture_cut_by_a_full_disk_is_not_a_broken_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cut = subprocess.CompletedProcess(args=[], returncode=1)
    monkeypatch.setattr("ingest.pdf_files.subprocess.run", lambda *_, **__: cut)
    limits = pdf_files.RenderLimits(max_pages=1, max_pixels=1, scratch=tmp_path)
    outcomes = []
    for free in (0, 2**30):
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr("ingest.pdf_files.shutil.disk_usage", lambda _, usage=usage: usage)
        with pytest.raises(HosoError) as refused:
            pdf_files._pdfimages(tmp_path / "a.pdf", 1, limits, size=(1, 1))
        outcomes.append(refused.value.code)
    assert outcomes == [ErrorCode.DISK_SPACE_SHORT, ErrorCode.FILE_BROKEN]


def test_without_poppler_no_page_is_called_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HosoError) as refused:
        pdf_files._poppler(tmp_path / "a.pdf", 1, size=(1, 1))
    assert refused.value.code is ErrorCode.TOOL_MISSING


def test_pages_before_the_first_wanted_are_passed_over() -> None:
    numbers = [page.number for page in split(torn_pdf(), limits=LIMITS, first=2)]
    assert numbers == [2, 3]


def test_photo_is_turned_by_exif() -> None:
    exif = Image.Exif()
    exif[274] = 6  # camera turned: show it turned 90° clockwise
    raw = jpeg_of(PAGE, exif=exif)
    (page,) = pages_of(raw)
    assert page.pixels.shape == (WIDTH, HEIGHT)
    assert np.array_equal(page.pixels, np.rot90(np.asarray(Image.open(io.BytesIO(raw))), -1))


@pytest.mark.parametrize(
    ("mode", "shade", "expected"),
    [
        ("RGBA", (0, 0, 0, 0), (255, 255, 255)),
        ("RGBA", (200, 0, 0, 255), (0, 0, 200)),
        ("P", 0, (0, 0, 0)),
        ("LA", (0, 0), (255, 255, 255)),
    ],
)
def test_alpha_lies_over_white(mode: str, shade: object, expected: tuple[int, ...]) -> None:
    out = io.BytesIO()
    Image.new(mode, (50, 50), shade).save(out, "PNG")
    (page,) = pages_of(out.getvalue())
    assert tuple(page.pixels[5, 5]) == expected


def test_sixteen_bits_become_eight() -> None:
    deep = np.full((60, 60), 65535, np.uint16)
    deep[:30] = 32768
    out = io.BytesIO()
    Image.fromarray(deep).save(out, "PNG")
    (page,) = pages_of(out.getvalue())
    assert (int(page.pixels[5, 5]), int(page.pixels[-5, 5])) == (127, 255)


@pytest.mark.parametrize(
    ("size", "stated", "dpi"),
    [
        ((2480, 3508), 300, 300),
        ((2480, 3508), None, 300),
        ((2480, 3508), 72, 300),
        ((1654, 2339), 200.4, 200),
        ((1011, 638), None, 300),
        ((1600, 1200), 5000, 137),
    ],
)
def test_resolution_is_stated_or_inferred(
    size: tuple[int, int], stated: float | None, dpi: int
) -> None:
    assert resolution(*size, stated) == dpi


LAW = Path(__file__).parents[3] / ".." / "shared" / "data/scans/luat_cu_tru_68_2020/scan.pdf"


@pytest.mark.skipif(not LAW.exists(), reason="../shared/data is absent")
def test_jbig2_of_a_real_scan_comes_dot_for_dot(tmp_path: Path) -> None:
    pages = split(LAW.read_bytes(), limits=LIMITS)
    next(pages)
    page = next(pages)
    pages.close()  # type: ignore[attr-defined]
    subprocess.run(
        ["pdfimages", "-f", "2", "-l", "2", "-png", str(LAW), str(tmp_path / "i")], check=True
    )
    (stored,) = tmp_path.glob("i*.png")
    expected = np.asarray(Image.open(stored).convert("L"))
    assert page.pixels.shape == expected.shape
    assert (page.pixels != expected).mean() < 0.0005
