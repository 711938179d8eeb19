"""Values that do not look like one whole value are not promised, whatever the readers agree on."""

import pytest

from ocr.promises import looks_like_one


@pytest.mark.parametrize(
    ("name", "one", "not_one"),
    [
        ("mother_nationality", "Cộng hòa liên bang Đức", "Việt huyện Ân Thi - tỉnh Hưng Yên"),
        ("nationality", "VIỆT NAM", "Việt Nan"),
        ("nationality", "Hoa Kỳ", "Việt Nam, xã Đại Đồng"),
        ("father_residence", "thôn Sa Bình, xã Long Đức", "trú/tạm Ấp Sa Bình, xã Long Đức"),
        ("residence", "Thôn Tiên Sơn, phường Láng", "cuối cùng Thôn Tiên Sơn, phường Láng"),
        ("identity_paper", "CCCD số 1 do Cục Cảnh sát cấp", "CCCD số 1 do Cục Cánh sát cấp"),
        ("registration_place", "UBND xã Vân Côn, tỉnh A", "Nơi đăng ký UBND xã Vân Côn, tỉnh A"),
        ("nationality", "Cộng hòa xã hội chủ nghĩa Việt Nam", "Việt Nam 2"),
        ("residence", "sn 12 ngõ 5, xã B", "tạm trú Ấp 3, xã B"),
        ("registration_place", "Xã Gio Mỹ, tỉnh A", "Số đăng ký UBND xã B"),
        ("registration_place", "Sở Tư pháp tỉnh A", "Đã đăng ký tại UBND xã B"),
        ("residence", "trụ sở UBND xã B", "trú Ấp 3, xã B"),
        ("death_cause", "a) Suy tim b) Viêm phổi", "Suy tim (độ IV"),
        ("registration_place", "Ủy ban nhân dân phường B", "UBND phường B (nay là phường C"),
        ("death_cause", "Xơ gan", "Xơ gan. Việc khai tử đã được đăng ký tại UBND phường Tân Quý"),
        ("residence", "Ấp 3, TP. Hồ Chí Minh", "Ấp 3, thôn.Mường"),
        ("full_name", "TỐNG THỊ MINH MỸ", "TỐNG THỊ MINH MỸ Nam"),
        ("residence", "Ấp 3, xã B", "Ấp 3, xã B Giới tính: Nam"),
        ("identity_paper", "CMND số 1 cấp ngày 02/01/2004", "CMND cấp ngày 02/01/2004 Người có"),
    ],
)
def test_one_value_is_told_from_more_and_from_less(name: str, one: str, not_one: str) -> None:
    assert looks_like_one(name, one, one)
    assert not looks_like_one(name, not_one, not_one)
