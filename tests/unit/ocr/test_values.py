"""Values by kind: normal form, place within the text, repairs."""

import pytest

from ocr.repair import mend_figures, repair
from ocr.values import (
    Kind,
    is_whole,
    kind_of_field,
    locate,
    normalise,
    normalise_typed,
    tells_no_end,
)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("full_name", "NGUYỄN VĂN AN .....", "Nguyễn Văn An"),
        ("mother_full_name", "h’hen niê", "H'Hen Niê"),
        ("birth_date", "ngày 05 tháng 3 năm 1998", "1998-03-05"),
        ("father_birth_date", "1968", "1968"),
        ("birth_date", "31/02/1998", None),
        ("birth_date", "04 •6 •1964", "1964-06-04"),
        ("death_time", "14 giờ 05 phút, ngày 02 tháng 3 năm 2021", "14:05"),
        ("sex", "Nữ ......", "female"),
        ("sex", "NAM", "male"),
        ("sex", "Kinh", None),
        ("ethnicity", "khơ-me", "Khơ-Me"),
        ("ethnicity", "H'Mông", "Mông"),
        ("wife_nationality", "VIỆT NAM", "Việt Nam"),
        ("personal_id", "024 198 003 456", "024198003456"),
        ("personal_id", "O24I98OO3456", "024198003456"),
        ("personal_id", "12345", None),
        ("number", "12 / 2020 / TLKS-BS", "12/2020/TLKS-BS"),
        ("residence", "P.5,Q.10 ,TP.HCM", "P.5, Q.10, TP.HCM"),
        ("home_town", "..........", None),
        ("father_full_name", "Không có", None),
        ("marital_status", "Chưa đăng ký kết hôn với ai", "Chưa đăng ký kết hôn với ai"),
    ],
)
def test_normal_forms(field: str, text: str, value: str | None) -> None:
    assert normalise(field, text) == value


def test_kinds_disregard_the_role() -> None:
    assert kind_of_field("husband_birth_date") is Kind.DATE
    assert kind_of_field("declarant_full_name") is Kind.NAME
    assert kind_of_field("marital_status") is Kind.TEXT
    assert kind_of_field("wife_identity_paper") is Kind.TEXT


@pytest.mark.parametrize(
    ("field", "text", "part"),
    [
        ("death_date", "14 giờ 05 phút, ngày 02 tháng 3 năm 2021 tại", "ngày 02 tháng 3 năm 2021"),
        ("death_time", "14 giờ 05 phút, ngày 02 tháng 3 năm 2021", "14 giờ 05 phút"),
        ("personal_id", "CCCD số 024198003456 cấp 2021", "024198003456"),
        ("registration_number", ": 45 ,", "45"),
        ("full_name", " : LÊ AN ....", "LÊ AN"),
        ("declarant_full_name", "Nguyễn Đức Lộc (cha)", "Nguyễn Đức Lộc"),
        ("declarant_full_name", "Bùi Bích Uyên ( mẹ đẻ ).", "Bùi Bích Uyên"),
        ("declarant_full_name", "(Bà) Trần Thị Na", "(Bà) Trần Thị Na"),
    ],
)
def test_values_are_located_in_running_text(field: str, text: str, part: str) -> None:
    start, end = locate(field, text)
    assert text[start:end] == part


@pytest.mark.parametrize("text", ["on/1.2/2025", "20/1.2/2025", "on/ 1.2/2025", "20/o1.2/2025"])
def test_no_date_begins_behind_what_was_misread_of_it(text: str) -> None:
    start, end = locate("issue_date", text)
    assert text[start:end] == text
    assert normalise("issue_date", text) is None


@pytest.mark.parametrize(
    ("field", "read", "meant"),
    [
        ("full_name", "Nguyên Thanh Ly", "Nguyễn Thanh Ly"),
        ("full_name", "NGUYÊN THANH LY", "NGUYỄN THANH LY"),
        ("full_name", "Lê Nguyên Ly", "Lê Nguyên Ly"),
        ("full_name", "Vu Thị Mai", "Vu Thị Mai"),
        ("residence", "phường 14. quận Bình Thạnh", "phường 14, quận Bình Thạnh"),
        ("residence", "thành ' phố Hà Nội", "thành   phố Hà Nội"),
        ("ethnicity", "Krinh", "Kinh"),
        ("ethnicity", "Tày", "Tày"),
        ("sex", "Nir", "Nữ"),
        ("full_name", "Kpă H'Tuyết", "Kpă H'Tuyết"),
        (
            "residence",
            "phường 1, thành. phố Đà Lạt, tinh Lâm Đồng",
            "phường 1, thành phố Đà Lạt, tỉnh Lâm Đồng",
        ),
        (
            "issuing_agency",
            "ỦY BAN NHÂN DÂN. XÃ CÙ VÂN HUYỆN ĐẠI TỪ; TỈNH THÁI NGUYÊN",
            "ỦY BAN NHÂN DÂN XÃ CÙ VÂN HUYỆN ĐẠI TỪ, TỈNH THÁI NGUYÊN",
        ),
        ("residence", "phường 7, tỉnh Bà Rịa - Vũng Tàu", "phường 7, tỉnh Bà Rịa - Vũng Tàu"),
        ("residence", "Xã la Nhin, ỉnh Gia Lai", "Xã Ia Nhin, tỉnh Gia Lai"),
        ("number", "3UBND-XNTTHN", "3/UBND-XNTTHN"),
        ("number", "733/2021/TLKT-ĐS", "733/2021/TLKT-BS"),
        (
            "home_town",
            "Xã Chiềng Ngần, thành phố Sơn. La, tỉnh. Sơn La",
            "Xã Chiềng Ngần, thành phố Sơn La, tỉnh Sơn La",
        ),
        ("residence", "số 3 đường 3.2, TP. Huế", "số 3 đường 3.2, TP. Huế"),
        (
            "identity_paper",
            "CMND số.145986345.do Công an tỉnh. Lạng Sơn. cấp ngày 04.11.2003",
            "CMND số 145986345 do Công an tỉnh Lạng Sơn cấp ngày 04.11.2003",
        ),
        ("identity_paper", "nơi cấp:. Cục Cảnh. sát", "nơi cấp: Cục Cảnh sát"),
        ("residence", "Phòng 1203.CT2B, phường Láng", "Phòng 1203.CT2B, phường Láng"),
        ("birth_date", "1.9.92", "1.9.92"),
        ("birth_date", "1.992", "1992"),
        ("birth_date", "05.03.1992", "05.03.1992"),
        ("birth_date", "1.5 tháng 05 năm.2015", "15 tháng 05 năm.2015"),
        ("nationality", "Việt Nan", "Việt Nam"),
        ("nationality", "Lào", "Lào"),
    ],
)
def test_repairs(field: str, read: str, meant: str) -> None:
    assert repair(field, read) == meant


@pytest.mark.parametrize(
    ("field", "value", "whole"),
    [
        ("home_town", "xã Nhân Cơ, huyện Đắk R'Lấp, tỉnh Đắk Nông", True),
        ("home_town", "xã Nhân Cơ, huyện Đắk RLấp, tỉnh Đắk Nông", False),
        ("residence", "phường 7, thành phố", False),
        ("home_town", "phường Dĩnh Kế, thành phố Bắc Giang, tỉnh Bắc", False),
        ("home_town", "Nghĩa Trung, Việt Yên, Bắc Giang", True),
        ("residence", "xã Nghĩa Trung", False),
        ("full_name", "Chu Khánh", True),
        ("full_name", "Khánh", False),
        ("ethnicity", "Kinh", True),
        ("ethnicity", "Kinh Quoc", False),
        ("residence", "ngày 03/08/2025 số 252, xã Thoại Sơn, tỉnh An Giang", False),
        ("residence", "số 252, xã Thoại Sơn, tỉnh An Giang", True),
        ("residence", "xã Giang Hải, huyện Phú Lộc, phố Huế", False),
        ("residence", "xã Giang Hải, huyện Phú Lộc, thành phố Huế", True),
        ("identity_paper", "Thẻ căn cước số 091089212342 do Bộ Công an cấp", False),
        ("identity_paper", "Thẻ căn cước số 091089212342 cấp ngày 03/08/2025", True),
        ("registration_place", "Ủy ban nhân dân xã Lái, huyện Ba Tri, tỉnh Bến Tre", True),
        ("registration_place", "Ủy ban hành chính xã Lái, huyện Ba Tri, tỉnh Bến Tre", True),
        ("registration_place", "Ủy bai ân dân xã Lái, huyện Ba Tri, tỉnh Bến Tre", False),
        ("registration_place", "Ủy ban quân dân xã Lái, huyện Ba Tri, tỉnh Bến Tre", False),
        ("issuing_agency", "ỦY BAN NHÂN DÂN", False),
        ("issuing_agency", "ỦY BAN NHÂN DÂN XÃ NGHĨA TRUNG", True),
    ],
)
def test_what_lost_an_end_or_got_another_is_not_whole(
    field: str, value: str, *, whole: bool
) -> None:
    assert is_whole(field, value) is whole


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ngày I6 tháng l1 năm 1979", "ngày 16 tháng 11 năm 1979"),
        ("15 tháng 8 năm 201ó", "15 tháng 8 năm 2016"),
        ("O5/O3/l998", "05/03/1998"),
        ("ông Lê Sol, 24 tuổi", "ông Lê Sol, 24 tuổi"),
    ],
)
def test_figures_are_mended_where_figures_must_stand(read: str, meant: str) -> None:
    assert mend_figures(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Nông Thị Nhình I", "Nông Thị Nhình"),
        ("HỨA NGỌC THÚY ï", "HỨA NGỌC THÚY"),
        ("Y Moan", "Y Moan"),
        ("I", "I"),
    ],
)
def test_the_rule_between_two_columns_is_no_part_of_a_name(read: str, meant: str) -> None:
    assert repair("full_name", read) == meant


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("05/03/1998", "1998-03-05"),
        (" ngày 5 tháng 3 năm 1998. ", "1998-03-05"),
        ("1998-05-03", "1998-05-03"),
        ("05031998", "1998-03-05"),
        ("1998", "1998"),
        ("mùng năm tháng ba năm một nghìn chín trăm chín mươi tám", "1998-03-05"),
        ("Ngày mùng năm, tháng ba, năm một nghìn chín trăm chín mươi tám", "1998-03-05"),
        ("mùng 5 tháng 3 năm 1998", "1998-03-05"),
        ("Ngày: 05/03/1998", "1998-03-05"),
        ("Sinh ngày 05/03/1998", "1998-03-05"),
        ("Ngày, tháng, năm sinh: 05/03/1998", "1998-03-05"),
        ("sinh năm 1998", "1998"),
        ("(05/03/1998)", "1998-03-05"),
        ("05/03/1998 (ÂL)", None),
        ("(05/03/1998) (06/03/1998)", None),
        ("mùng 15 tháng 3 năm 1998", None),
        ("31/02/1998", None),
        ("3/5/1998 hay 5/3/1998", None),
        ("15/3/1998, 16/3/1998", None),
        ("05/03/1998 (cải chính: 06/06/1990)", None),
        ("1998-05-03 sai", None),
        ("1998 hoặc 1999", None),
        ("mùng năm tháng ba năm một nghìn chín trăm chín mươi tám hay chín", None),
        ("mùng ba mùng bốn tháng năm năm một nghìn chín trăm tám mươi", None),
        ("ngày hai, ba tháng năm năm một nghìn chín trăm tám mươi", None),
        ("ngày năm tháng ba năm một nghìn chín trăm tám mươi lăm sáu", None),
        ("ngày năm tháng ba năm một chín bảy ba bốn", None),
        ("ngày năm tháng ba năm hai nghìn; ngày sáu tháng ba năm hai nghìn", None),
        ("ngày năm tháng ba năm hai nghìn (hai nghìn linh một)", None),
        ("ngày năm tháng ba năm hai nghìn, năm hai nghìn linh một", None),
    ],
)
def test_a_typed_date_is_one_date_alone(typed: str, value: str | None) -> None:
    assert normalise_typed("birth_date", typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("nguyễn  văn an", "Nguyễn Văn An"),
        ("H’Hen Niê", "H'Hen Niê"),
        ("Y-Blô Ê-ban", "Y-Blô Ê-Ban"),
        ("Nguyễn Văn \u0410n", None),  # А of the Cyrillic alphabet
        ("Nguyễn Văn An 🙂", None),
        ("<b>An</b>", None),
        ("An 2", None),
        ("J. Smith", "J Smith"),
        ("An (hay Ân?)", None),
        ("Nguyễn Thị A (tức B)", None),
        ("Nguyễn Văn An?", None),
        ("Nguyễn Văn An / Ân", None),
        ("Nguyễn Văn An & Ân", None),
        ("Nguyễn Văn @n", None),
        ("Nguyễn Văn *** An", None),
        ("Nguyễn An, Trần Ân", None),
        ("Nguyễn\u200bVăn A", None),
        ("Nguyễn\ufeffVăn A", None),
        ("\u200bNguyễn Văn A\ufeff", "Nguyễn Văn A"),
        ("Nguyễn \u200bVăn A", "Nguyễn Văn A"),
    ],
)
def test_a_typed_name_is_letters(typed: str, value: str | None) -> None:
    assert normalise_typed("full_name", typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("14 giờ 30 phút", "14:30"),
        ("14h30", "14:30"),
        ("14:30", "14:30"),
        ("lúc 14 giờ 30", "14:30"),
        ("14 giờ", "14:00"),
        ("10 giờ hay 11 giờ", None),
        ("10:30 hoặc 11:30", None),
        ("25 giờ", None),
        ("2 giờ chiều", None),
    ],
)
def test_a_typed_time_is_one_time_alone(typed: str, value: str | None) -> None:
    assert normalise_typed("death_time", typed) == value


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("ngày 3 tháng 4 năm 202… 5 giờ 30 phút", None),
        ("ngày 3 tháng 4 năm 202...... 5 giờ 30 phút", None),
        ("ngày 3 tháng 4 năm 20… 15 giờ 30 phút", None),
        ("2 … 5 tháng 3 năm 1998", "1998-03-05"),
        ("số 2……5 tháng 3 năm 1998", "1998-03-05"),
        ("ngày 5 tháng 1…2 năm 1998", None),
        ("ngày … 19 … tháng … 02 năm 20 14", "2014-02-19"),
        ("ngày … 19 …… tháng …… 02 năm …… 2014", "2014-02-19"),
        ("05 tháng 03 năm 19 … 95", "1995-03-05"),
        ("05 tháng 03 năm 19...... 95", "1995-03-05"),
        ("05 tháng 03 năm …19…95…", "1995-03-05"),
    ],
)
def test_a_leader_joins_no_figures_of_two_values(read: str, value: str | None) -> None:
    assert normalise("death_date", repair("death_date", read)) == value
    assert normalise("death_date", read) in {value, None}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("015 087 973 320", "015087973320"),
        ("015.087.973.320", "015087973320"),
        ("０１５０８７９７３３２０", "015087973320"),
        ("123456789", "123456789"),
        ("l15087973320", None),
        ("O15087973320", None),
        ("٠١٥٠٨٧٩٧٣٣٢٠", None),
        ("000000000000", None),
        ("15087973320", None),
        ("015087973320 015087973321", None),
    ],
)
def test_a_typed_number_of_a_person_is_figures_alone(typed: str, value: str | None) -> None:
    assert normalise_typed("mother_personal_id", typed) == value


def test_figures_of_full_width_are_taken_everywhere_and_of_other_scripts_nowhere() -> None:
    assert normalise_typed("birth_date", "３１/１２/１９９０") == "1990-12-31"
    assert normalise_typed("registration_number", "１２") == "12"
    assert normalise_typed("death_time", "１４:３０") == "14:30"
    assert normalise_typed("birth_date", "٠٥/٠٣/١٩٩٨") is None
    assert normalise_typed("registration_number", "١٢") is None


@pytest.mark.parametrize(
    ("name", "text", "endless"),
    [
        ("valid_until", "Không thời hạn", True),
        ("valid_until", "KHÔNG CÓ THỜI HẠN.", True),
        ("valid_until", "không xác định thời hạn", True),
        ("period_to", "đến nay", True),
        ("period_to", "nay", True),
        ("period_to", "hiện nay", True),
        ("period_to", "cho đến nay", True),
        ("period_to", "21/08/2025", False),
        ("valid_until", "Không", False),
        ("birth_date", "Không thời hạn", False),
    ],
)
def test_what_has_no_end(name: str, text: str, endless: bool) -> None:  # noqa: FBT001 - a case
    assert tells_no_end(name, text) is endless
