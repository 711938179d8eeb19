"""Cards: the QR code by shape, out of a picture, and against print and machine-readable zone."""

import io
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
import segno

from domain.form import FormCode
from domain.geometry import Box
from domain.page import CleanPage, Quality
from domain.record import Check, CheckOutcome, FieldValue, Record
from matching.conclusion import conclude
from ocr.card import CardSources, merge
from ocr.card_comparison import compared_again, same
from ocr.mrz import find_zone
from ocr.qr import CardCode, find_card_code, parse_card_code
from tests.unit.ocr.conftest import text_line_at

BOX = Box.upright(left=0, top=0, right=10, bottom=10)
PAYLOAD = (
    "024198003456||Nguyễn Thị Hương|05031998|Nữ|Thôn 2, Nghĩa Trung, Việt Yên, Bắc Giang|20112021"
)
ZONE = find_zone(
    (
        "IDVNM1980034564024198003456<<4",
        "9803053F3803051VNM<<<<<<<<<<<4",
        "NGUYEN<<THI<HUONG<<<<<<<<<<<<<",
    )
)


def code_of(text: str) -> CardCode | None:
    return parse_card_code(text, page=1, box=BOX)


def printed(value: str | None, *, certain: bool = False, agreed: bool | None = None) -> FieldValue:
    return FieldValue(
        text=value or "?",
        value=value,
        confidence=0.8,
        certain=certain,
        page=1,
        box=BOX,
        agreed=agreed,
    )


def both() -> CardSources:
    """The code and the zone of one card."""
    place = np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0]])
    line = text_line_at("IDVNM", left=0.0, row=1, page=1, agreed=None)
    lines = (replace(line, place=place),)
    return CardSources(code=code_of(PAYLOAD), zone=ZONE, zone_lines=lines)


def outcomes(checks: Sequence[Check]) -> dict[str, str]:
    return {check.code: str(check.outcome) for check in checks}


def test_fields_are_told_apart_by_shape() -> None:
    full = code_of(PAYLOAD)
    assert full is not None
    assert full.full_name == "Nguyễn Thị Hương"
    assert (full.birth_date, full.sex, full.issue_date) == ("1998-03-05", "female", "2021-11-20")
    without_old_number = code_of(PAYLOAD.replace("||", "|"))
    assert without_old_number == full
    with_old_number = code_of(PAYLOAD.replace("||", "|123456789|") + "||Cha|Mẹ")
    assert with_old_number == full
    assert code_of("https://example.org/|a|b|c|d") is None


def test_a_code_is_found_on_a_page() -> None:
    buffer = io.BytesIO()
    segno.make(PAYLOAD, error="m").save(buffer, kind="png", scale=4)
    picture = cv2.imdecode(np.frombuffer(buffer.getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)
    page = np.full((600, 900), 255, np.uint8)
    page[100 : 100 + picture.shape[0], 300 : 300 + picture.shape[1]] = picture
    found = find_card_code(
        CleanPage(
            number=1,
            pixels=page,
            to_scan=np.array([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]),
            dpi=300,
            quality=Quality(dpi=300, skew=0, blur=0, usable=True),
        )
    )
    assert found is not None
    assert found.personal_id == "024198003456"
    assert 590 < found.box.left < 640  # pixels of the scan, twice those of the page


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (30, 1)])
def test_a_strip_without_room_for_a_code_has_none(shape: tuple[int, int]) -> None:
    strip = CleanPage(
        number=1,
        pixels=np.full(shape, 255, np.uint8),
        to_scan=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        dpi=1,
        quality=Quality(dpi=1, skew=0, blur=0, usable=False),
    )
    assert find_card_code(strip) is None


def test_a_misread_print_is_put_right() -> None:
    fields, checks = merge(
        {"full_name": printed("Nguyễn Thị Hưong")}, CardSources(code=code_of(PAYLOAD))
    )
    assert fields["full_name"].value == "Nguyễn Thị Hương"
    assert fields["full_name"].certain
    assert fields["birth_date"].value == "1998-03-05"
    assert [item.outcome for item in checks] == [CheckOutcome.PASS]


def test_a_contradicting_print_stays_and_warns() -> None:
    fields, checks = merge(
        {"full_name": printed("Trần Quốc Bảo", certain=True)}, CardSources(code=code_of(PAYLOAD))
    )
    assert fields["full_name"].value == "Trần Quốc Bảo"
    assert not fields["full_name"].certain
    assert checks[0].outcome is CheckOutcome.FAIL
    assert checks[0].facts["different"] == ["full_name"]
    assert checks[0].facts["printed"] == {"full_name": "Trần Quốc Bảo"}
    assert checks[0].facts["says"]["full_name"] == "Nguyễn Thị Hương"  # type: ignore[index]


def test_figures_that_both_readers_saw_are_not_put_right_by_a_code_that_says_others() -> None:
    sure, unsure = printed("2021-12-20", certain=True), printed("2021-12-20")
    source = CardSources(code=code_of(PAYLOAD))
    fields, (check,) = merge({"issue_date": sure}, source)
    assert (fields["issue_date"].value, fields["issue_date"].certain) == ("2021-12-20", False)
    assert check.outcome is CheckOutcome.FAIL
    fields, _ = merge({"issue_date": unsure}, source)
    assert (fields["issue_date"].value, fields["issue_date"].certain) == ("2021-11-20", True)
    fields, _ = merge({"issue_date": printed("2021-08-26")}, source)
    assert not fields["issue_date"].certain


def test_the_zone_confirms_numbers_and_dates_but_never_writes_names() -> None:
    line_box = {"full_name": printed("Nguyễn Thị Hương"), "birth_date": printed(None)}
    code = code_of(PAYLOAD)
    assert ZONE is not None
    assert code is not None
    fields, checks = merge(line_box, CardSources(code=code, zone=None))
    assert fields["birth_date"].certain
    assert {item.code for item in checks} == {"card_qr"}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("birth_date", "1998-03-08"),
        ("personal_id", "024198003459"),
        ("full_name", "Nguyễn Thị Hướng"),
        ("full_name", "Nguyễn Thị Hươu"),
        ("valid_until", "2028-03-05"),
    ],
)
@pytest.mark.parametrize("doubted", [False, True])
def test_no_source_takes_away_what_both_readers_saw(
    name: str,
    other: str,
    doubted: bool,  # noqa: FBT001 - a case
) -> None:
    """Also where readers differ over the rest of it, or one of them alone is beyond doubt."""
    print_ = {name: printed(other, certain=not doubted, agreed=not doubted)}
    words = other.split()[-1:] if " " in other else other.split("-")
    fields, checks = merge(print_, both(), sure_words={name: words if doubted else ()})
    assert (fields[name].value, fields[name].certain) == (other, False)
    told = [check for check in checks if name in check.facts.get("different", ())]  # type: ignore[operator]
    assert told
    for check in told:
        assert check.outcome is CheckOutcome.FAIL
        assert check.facts["printed"] == {name: other}
    record = Record(
        file="f",
        sha256="s",
        pages=(1,),
        form=FormCode.IDENTITY_CARD,
        form_confidence=1.0,
        quality=Quality(dpi=300, skew=0, blur=0, usable=True),
        lines=(),
        fields=fields,
        checks=checks,
    )
    reasons = conclude(record, ()).reasons
    assert {f"check_failed_{check.code}" for check in told} <= set(reasons)


@pytest.mark.parametrize(
    ("name", "sure", "other"),
    [
        ("birth_date", ("05", "1998"), ("05", "1985")),
        ("personal_id", ("0241980034",), ("0010980012",)),
        ("full_name", ("Nguyễn",), ("Trần",)),
    ],
)
def test_no_code_takes_away_figures_of_a_reading_that_is_no_value(
    name: str, sure: tuple[str, ...], other: tuple[str, ...]
) -> None:
    source, shown = CardSources(code=code_of(PAYLOAD)), {name: printed(None)}
    fields, (check,) = merge(shown, source, sure_words={name: sure})
    assert fields[name].value is not None
    assert check.outcome is CheckOutcome.PASS
    fields, (check,) = merge(shown, source, sure_words={name: other})
    assert (fields[name].value, fields[name].certain) == (None, False)
    assert check.facts["different"] == [name]


def test_a_code_that_nothing_on_the_print_vouches_for_fills_in_what_is_not_certain() -> None:
    source = CardSources(code=code_of(PAYLOAD))
    fields, _ = merge(
        {"home_town": printed("Việt Yên", certain=True), "sex": printed(None)}, source
    )
    for name in ("full_name", "birth_date", "sex"):
        assert fields[name].value is not None
        assert not fields[name].certain
    for name, value in {"full_name": "Nguyễn Thị Hương", "personal_id": "024198003456"}.items():
        fields, _ = merge({name: printed(value)}, source)
        assert fields["birth_date"].certain, name
    assert merge({}, both())[0]["issue_date"].certain  # the zone has the number too


def test_a_reading_in_doubt_still_gives_way_to_the_code() -> None:
    print_ = {"full_name": printed("Nguyen Thị Hưong"), "birth_date": printed("1998-03-08")}
    fields, checks = merge(print_, both(), sure_words={"full_name": ["THỊ"], "birth_date": ["08"]})
    assert (fields["full_name"].value, fields["full_name"].certain) == ("Nguyễn Thị Hương", True)
    assert not fields["birth_date"].certain  # the day, beyond doubt, is another
    fields, checks = merge(print_, both(), sure_words={"birth_date": ["03", "1998"]})
    assert (fields["birth_date"].value, fields["birth_date"].certain) == ("1998-03-05", True)
    assert set(outcomes(checks).values()) == {"pass"}


def test_how_a_tone_is_placed_and_what_a_place_is_called_make_no_difference() -> None:
    code = code_of(PAYLOAD.replace("Nguyễn Thị Hương", "Hoàng Thị Hoà"))
    shown = {
        "full_name": printed("Hoàng Thị Hòa", certain=True, agreed=True),
        "residence": printed(
            "Thôn 2, xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang", certain=True, agreed=True
        ),
    }
    fields, checks = merge(shown, CardSources(code=code))
    assert fields["full_name"].value == "Hoàng Thị Hòa"  # as it stands on the paper
    assert fields["residence"].value == shown["residence"].value
    assert fields["residence"].certain
    assert outcomes(checks) == {"card_qr": "pass"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Phường Thạnh Lộc, quận 12, thành phố Hồ Chí Minh",
            "Phường Thanh Lộc, quận 12, thành phố Hồ Chí Minh",
        ),
        ("Xã Thanh Tân, thành phố Huế", "Xã Tân, thành phố Huế"),
        (
            "Số 5 Võ Thành Trang, thành phố Hồ Chí Minh",
            "Số 5 Võ Trang, thành phố Hồ Chí Minh",
        ),
        ("12 Tô Hiệu, tổ 5, phường 3", "12 Hiệu, tổ 5, phường 3"),
        ("Mỹ Trà, huyện Cao Lãnh, Đồng Tháp", "Mỹ Trà, thành phố Cao Lãnh, Đồng Tháp"),
        ("Mỹ Trà, H. Cao Lãnh, Đồng Tháp", "Mỹ Trà, TP Cao Lãnh, Đồng Tháp"),
        ("Thị trấn Thanh Ba, Phú Thọ", "xã Thanh Ba, Phú Thọ"),
        ("Thôn Xá, xã Tân", "Thôn, xã Tân"),
        ("Xã Tứ Xã, Phú Thọ", "Xã Tứ, Phú Thọ"),
        ("Thôn 5, xã Tân", "Tổ 5, xã Tân"),
    ],
)
def test_marks_names_and_kinds_of_a_place_count(one: str, other: str) -> None:
    assert not same("residence", one, other)
    assert not same("residence", other, one)
    shown = {"residence": printed(one, certain=True, agreed=True)}
    _, (check,) = merge(
        shown,
        CardSources(
            code=code_of(PAYLOAD.replace("Thôn 2, Nghĩa Trung, Việt Yên, Bắc Giang", other))
        ),
    )
    assert check.outcome is CheckOutcome.FAIL


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "12 Lê Lợi, phường Bến Nghé, quận 1, thành phố Hồ Chí Minh",
            "12 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM",
        ),
        ("Phường 5, Quận 10, Thành phố Hồ Chí Minh", "P.5, Q.10, TP Hồ Chí Minh"),
        ("Thị trấn Thanh Ba, huyện Thanh Ba, tỉnh Phú Thọ", "TT Thanh Ba, Thanh Ba, Phú Thọ"),
        ("TT. Thanh Ba, Thanh Ba, Phú Thọ", "Thị trấn Thanh Ba, Thanh Ba, Phú Thọ"),
        ("Tổ dân phố 4, phường Yên Nghĩa, Hà Đông, Hà Nội", "TDP 4, Yên Nghĩa, Hà Đông, Hà Nội"),
        ("Thôn 2 xã Nghĩa Trung, Việt Yên, Bắc Giang", "Thôn 2, Nghĩa Trung, Việt Yên, Bắc Giang"),
        ("12 Lê Lợi phường Bến Nghé, quận 1", "12 Lê Lợi, Phường Bến Nghé, Quận 1"),
        ("XÃ TỨ XÃ, HUYỆN LÂM THAO, PHÚ THỌ", "Tứ Xã, Lâm Thao, Phú Thọ"),
        ("Khóm Hoà Bình, Thủ Thừa, Long An", "Khóm Hòa Bình, Thủ Thừa, Long An"),
    ],
)
def test_a_place_may_be_written_short_or_without_kinds(one: str, other: str) -> None:
    assert same("residence", one, other)
    assert same("residence", other, one)


def test_an_address_of_which_a_row_was_not_found_is_the_codes() -> None:
    beginning = {"residence": printed("Thôn 2, Nghĩa Trung, Việt", agreed=True)}
    fields, checks = merge(beginning, CardSources(code=code_of(PAYLOAD)))
    whole = fields["residence"]
    assert (whole.value, whole.certain) == ("Thôn 2, Nghĩa Trung, Việt Yên, Bắc Giang", True)
    assert outcomes(checks)["card_qr"] == "pass"
    other = {"residence": printed("Thôn 2, Nghĩa Trùng", agreed=True)}
    fields, checks = merge(other, CardSources(code=code_of(PAYLOAD)))
    assert not fields["residence"].certain
    assert outcomes(checks)["card_qr"] == "fail"


def test_two_sources_that_say_otherwise_settle_nothing() -> None:
    code = code_of(PAYLOAD.replace("05031998", "06031998"))
    for print_ in (
        {},
        {"birth_date": printed("1998-03-08")},
        {"birth_date": printed("1998-03-05")},
    ):
        fields, checks = merge(print_, replace(both(), code=code))
        assert not fields["birth_date"].certain
        assert "fail" in outcomes(checks).values()


@pytest.mark.parametrize(
    ("line", "name", "outcome"),
    [
        ("NGUYEN<<THI<HUONG<<<<<<<<<<<<<", "Nguyễn Thị Hương", "pass"),
        ("NGUYEN<<THI<HUONG<<<<<<<<<<<<<", "Nguyễn Thị Hường Giang", "fail"),
        ("NGUYEN<<THI<HUONG<<<<<<<<<<<<<", "Nguyễn Thị Hươu", "fail"),
        ("NGUYEN<<THI<HUONG<<<<<<<<<<<<<", "Nguyễn Thị", "fail"),
        ("NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<", "Nguyễn Văn Anh", "fail"),
        ("TRAN<<THI<HOA<<<<<<<<<<<<<<<<<", "Trần Thị Hoàng", "fail"),
        ("CONG<TANG<<TON<NU<HOANG<PHUONG", "Công Tằng Tôn Nữ Hoàng Phương", "pass"),
        ("CONG<HUYEN<TON<NU<<HOANG<THUY<", "Công Huyền Tôn Nữ Hoàng Thủy", "pass"),
        ("CONG<HUYEN<TON<NU<<HOANG<PHUON", "Công Huyền Tôn Nữ Hoàng Phương", "pass"),
        ("CONG<HUYEN<TON<NU<<HOANG<PHUON", "Công Huyền Tôn Nữ Hoàng Phượng Vy", "pass"),
        ("CONG<HUYEN<TON<NU<<HOANG<PHUON", "Công Huyền Tôn Nữ Hoàng Phúc", "fail"),
        ("CONG<HUYEN<TON<NU<<HOANG<THUY<", "Công Huyền Tôn Nữ Hoàng Thùy Anh", "fail"),
    ],
)
def test_a_zones_name_has_no_marks_and_is_cut_short_only_where_it_fills_its_places(
    line: str, name: str, outcome: str
) -> None:
    assert len(line) == 30
    zone = find_zone(("IDVNM1980034564024198003456<<4", "9803053F3803051VNM<<<<<<<<<<<4", line))
    fields = {"full_name": printed(name, certain=True, agreed=True)}
    _, checks = merge(fields, replace(both(), code=None, zone=zone))
    assert outcomes(checks)["card_mrz_name"] == outcome


def test_after_a_correction_the_card_is_compared_again() -> None:
    shown = {
        "birth_date": printed("1998-03-05", certain=True, agreed=True),
        "full_name": printed("Nguyễn Thị Hương", certain=True, agreed=True),
        "personal_id": printed("024198003456", certain=True, agreed=True),
    }
    before, checks = merge(shown, both())
    assert set(outcomes(checks).values()) == {"pass"}
    typed = {
        "birth_date": printed("1998-03-06", certain=True),
        "full_name": printed("Trần Văn Khác", certain=True),
        "personal_id": printed(None, certain=True),
    }
    again = compared_again(checks, (), before=before, fields=before | typed, typed=typed)
    assert set(outcomes(again).values()) == {"fail"}
    assert again[0].facts["different"] == ["personal_id", "birth_date"]
    mended = compared_again(again, (), before=before | typed, fields=before, typed=typed)
    assert set(outcomes(mended).values()) == {"pass"}


@pytest.mark.parametrize("text", ["", "Không thời hạn"])
def test_a_correction_that_leaves_no_value_does_not_make_a_card_agree(text: str) -> None:
    before, checks = merge({"valid_until": printed("2053-03-05", certain=True)}, both())
    assert outcomes(checks)["card_mrz"] == "fail"
    typed = {"valid_until": replace(printed(None, certain=True), text=text)}
    again = compared_again(checks, (), before=before, fields=before | typed, typed=typed)
    assert outcomes(again)["card_mrz"] == "fail"
    assert again[0].facts["printed"] == {"valid_until": text or None}


def test_what_was_read_before_sources_were_kept_is_withdrawn_where_it_was_corrected() -> None:
    kept = (
        Check(code="card_mrz", outcome=CheckOutcome.PASS),
        Check(code="card_mrz_name", outcome=CheckOutcome.PASS),
        Check(code="card_qr", outcome=CheckOutcome.WARN, facts={"different": ["birth_date"]}),
    )
    fields = {"birth_date": printed("1998-03-06", certain=True)}
    again = compared_again(kept, (), before=fields, fields=fields, typed={"birth_date"})
    assert outcomes(again) == {"card_mrz": "warn", "card_mrz_name": "pass", "card_qr": "warn"}
    assert again[0].facts == {"not_compared": ["birth_date"]}


def test_a_corrected_number_makes_a_card_one_persons_again() -> None:
    one = Check(code="card_one_person", outcome=CheckOutcome.FAIL)
    lines = ["Số / No.: 024198888888"]
    before, checks = merge({"personal_id": printed("024198888888", certain=True)}, both())
    fields = before | {"personal_id": printed("024198003456", certain=True)}
    again = compared_again((*checks, one), lines, before=before, fields=fields, typed=fields)
    assert outcomes(again)["card_one_person"] == "pass"
    two = ["024198888888", "001198000001"]
    again = compared_again((*checks, one), two, before=before, fields=fields, typed=fields)
    assert outcomes(again)["card_one_person"] == "fail"
