"""Papers about a birth: extract, certificate, and the amendment extract that looks like them."""

from datetime import date, timedelta

from domain.form import FormCode
from domain.person import Person
from ingest.samples.dates import DateStyle, in_figures
from ingest.samples.office import (
    Hand,
    birth_row,
    draw_head,
    draw_issue_date,
    identity_paper_row,
    name_row,
    office_of,
    parent_rows,
    personal_row,
    registration_row,
)
from ingest.samples.places import Commune
from ingest.samples.sheet import Entry, Row, Sheet, single


def birth_extract(
    hand: Hand, child: Person, mother: Person, father: Person, commune: Commune
) -> Sheet:
    """Trích lục khai sinh (bản sao)."""
    born = date.fromisoformat(child.birth_date or "")
    registered = born + timedelta(days=hand.rng.randint(2, 55))
    issued = draw_issue_date(hand.rng, registered, commune)
    head = draw_head(hand, commune, suffix="TLKS-BS", issued=issued)
    rows = (
        name_row(hand, "Họ, chữ đệm, tên: ", child, "full_name"),
        birth_row(hand, child, words=True),
        personal_row(child),
        single("Nơi sinh: ", child.birth_place or "", field="birth_place"),
        single("Quê quán: ", child.home_town or "", field="home_town"),
        single("Số định danh cá nhân: ", child.personal_id, field="personal_id"),
        *parent_rows(hand, mother, "mother", "mẹ"),
        *parent_rows(hand, father, "father", "cha"),
        single("Đăng ký khai sinh tại: ", office_of(commune), field="registration_place"),
        registration_row(hand, registered),
        single("Ghi chú: ", hand.rng.choice(("", "", "Không", "Đăng ký đúng hạn"))),
    )
    return Sheet(
        form=FormCode.BIRTH_EXTRACT,
        agency=head.agency,
        issuing_agency=head.issuing_agency,
        number=head.number,
        place_date=head.place_date,
        titles=("TRÍCH LỤC KHAI SINH", "(BẢN SAO)"),
        rows=rows,
        signer_titles=("NGƯỜI KÝ TRÍCH LỤC", *head.signer_titles),
        signer_name=head.signer_name,
    )


def birth_certificate(
    hand: Hand, child: Person, mother: Person, father: Person, commune: Commune
) -> Sheet:
    """Giấy khai sinh (bản chính)."""
    born = date.fromisoformat(child.birth_date or "")
    registered = max(date(2016, 2, 1), born + timedelta(days=hand.rng.randint(2, 55)))
    head = draw_head(hand, commune, suffix="GKS", issued=registered)
    number = f"{hand.rng.randint(1, 420)}/{registered.year}"
    declarant = hand.rng.choice((mother, father))
    dated = in_figures(registered, DateStyle.DAY_WORDS)
    rows = (
        name_row(hand, "Họ, chữ đệm, tên: ", child, "full_name"),
        birth_row(hand, child, words=True),
        personal_row(child),
        single("Nơi sinh: ", child.birth_place or "", field="birth_place"),
        single("Quê quán: ", child.home_town or "", field="home_town"),
        single("Số định danh cá nhân: ", child.personal_id, field="personal_id"),
        *parent_rows(hand, mother, "mother", "mẹ"),
        *parent_rows(hand, father, "father", "cha"),
        name_row(
            hand, "Họ, chữ đệm, tên người đi đăng ký khai sinh: ", declarant, "declarant_full_name"
        ),
        identity_paper_row(hand, declarant, "identity_paper", before=registered),
        single("Nơi đăng ký khai sinh: ", office_of(commune), field="registration_place"),
        single(
            "Ngày, tháng, năm đăng ký: ", dated, field="registration_date",
            value=registered.isoformat(),
        ),
    )  # fmt: skip
    return Sheet(
        form=FormCode.BIRTH_CERTIFICATE,
        agency=head.agency,
        issuing_agency=Entry(label="", text=""),
        number=Entry(label="Số: ", text=number, field="number", value=number),
        place_date=None,
        titles=("GIẤY KHAI SINH",),
        rows=rows,
        signer_titles=("NGƯỜI KÝ GIẤY KHAI SINH", *head.signer_titles),
        signer_name=head.signer_name,
        header_centred=True,
        back_titles=("PHẦN GHI CHÚ NHỮNG THÔNG TIN THAY ĐỔI SAU NÀY",),
    )


def amendment_extract(hand: Hand, child: Person, commune: Commune) -> Sheet:
    """Trích lục cải chính hộ tịch: carries a birth record's labels, is none."""
    rng = hand.rng
    born = date.fromisoformat(child.birth_date or "")
    registered = born + timedelta(days=rng.randint(2, 55))
    issued = draw_issue_date(rng, registered, commune)
    head = draw_head(hand, commune, suffix="TLCCHT-BS", issued=issued)
    wrong = born.year + rng.choice((-1, 1, 2))
    cited = (
        f"Giấy khai sinh số {rng.randint(1, 420)}, đăng ký "
        f"{in_figures(registered, DateStyle.DAY_WORDS)} tại {office_of(commune)}"
    )
    rows = (
        name_row(hand, "Họ, chữ đệm, tên: ", child, "full_name"),
        birth_row(hand, child, words=False),
        personal_row(child),
        single("Số định danh cá nhân: ", child.personal_id, field="personal_id"),
        single("Nơi cư trú: ", child.residence or "", field="residence"),
        single("Đã được cải chính trong ", cited),
        single("Nội dung: ", f"Cải chính năm sinh từ {wrong} thành {born.year}."),
        Row(entries=(Entry(label="Ghi chú: ", text=""),)),
    )
    return Sheet(
        form=FormCode.AMENDMENT_EXTRACT,
        agency=head.agency,
        issuing_agency=head.issuing_agency,
        number=head.number,
        place_date=head.place_date,
        titles=("TRÍCH LỤC CẢI CHÍNH HỘ TỊCH", "(BẢN SAO)"),
        rows=rows,
        signer_titles=("NGƯỜI KÝ TRÍCH LỤC", *head.signer_titles),
        signer_name=head.signer_name,
    )
