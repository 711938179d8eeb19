"""The machine-readable zone: check digits, and letters that a reader confuses with figures."""

from ocr.mrz import check_digit, find_zone

VECTOR = (
    "IDVNM1980034564024198003456<<4",
    "9803053F3803051VNM<<<<<<<<<<<4",
    "NGUYEN<<THI<HUONG<<<<<<<<<<<<<",
)


def test_check_digit_of_the_standard() -> None:
    assert check_digit("520727") == 3  # ICAO 9303-3, worked example
    assert check_digit("D23145890<<<") != check_digit("D23145809<<<")


def test_the_known_vector() -> None:
    zone = find_zone(VECTOR)
    assert zone is not None
    assert zone.personal_id == "024198003456"
    assert zone.birth_date == "1998-03-05"
    assert zone.sex == "female"
    assert zone.valid_until == "2038-03-05"
    assert zone.name == "NGUYEN THI HUONG"
    assert zone.valid == {"personal_id", "birth_date", "valid_until", "composite"}


def test_letters_read_for_figures_are_put_right() -> None:
    read = ("lDVNMI98OO34564O24I98OO3456<<4", VECTOR[1].replace("0", "O"), VECTOR[2])
    zone = find_zone(read)
    assert zone is not None
    assert zone.personal_id == "024198003456"
    assert "personal_id" in zone.valid


def test_a_wrong_figure_is_not_valid() -> None:
    zone = find_zone((VECTOR[0].replace("024198003456", "024198003466"), *VECTOR[1:]))
    assert zone is not None
    assert "personal_id" not in zone.valid
    assert "composite" not in zone.valid


def test_a_card_without_expiry_has_no_date() -> None:
    second = "9803053F9912315VNM<<<<<<<<<<<"
    zone = find_zone((VECTOR[0], second + "0", VECTOR[2]))
    assert zone is not None
    assert zone.valid_until is None


def test_ordinary_lines_are_no_zone() -> None:
    assert find_zone(["CĂN CƯỚC CÔNG DÂN", "Họ và tên", "NGUYỄN THỊ HƯƠNG"]) is None
