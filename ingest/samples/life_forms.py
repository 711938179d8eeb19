"""Papers about marriage and death."""

from datetime import date, timedelta

from domain.form import FormCode
from domain.person import Person
from ingest.samples.dates import DateStyle, in_figures, in_words
from ingest.samples.office import (
    Hand,
    birth_row,
    draw_head,
    draw_issue_date,
    identity_paper_row,
    name_row,
    office_of,
    personal_row,
    registration_row,
)
from ingest.samples.people import TODAY, draw_day, draw_descent, draw_name
from ingest.samples.places import TWO_TIERS_SINCE, Commune
from ingest.samples.sheet import Entry, Row, Sheet, single
from ingest.samples.vocabulary import vocabulary


def marital_status_confirmation(hand: Hand, person: Person, commune: Commune) -> Sheet:
    """Giấy xác nhận tình trạng hôn nhân."""
    rng = hand.rng
    born = date.fromisoformat(person.birth_date or "")
    of_age = born + timedelta(days=round(365.25 * (18 if person.sex == "female" else 20)))
    issued = draw_issue_date(rng, of_age, commune)
    head = draw_head(hand, commune, suffix="UBND-XNTTHN", issued=issued)
    start = draw_day(rng, of_age, issued - timedelta(days=1))
    period = Row(
        entries=(
            Entry(label="Trong thời gian cư trú tại: ", text=commune.text),
            Entry(label="từ ngày", text=in_figures(start, DateStyle.WORDS),
                  field="period_from", value=start.isoformat()),
            Entry(label="đến ngày", text=in_figures(issued, DateStyle.WORDS),
                  field="period_to", value=issued.isoformat()),
        ),
        flow=True,
    )  # fmt: skip
    rows = (
        Row(entries=(Entry(label=_request(hand, person)),), flow=True),
        name_row(hand, "Họ, chữ đệm, tên: ", person, "full_name"),
        birth_row(hand, person, words=False),
        personal_row(person),
        identity_paper_row(hand, person, "identity_paper", before=issued),
        single("Nơi cư trú: ", person.residence or "", field="residence"),
        period,
        single("Tình trạng hôn nhân: ", _status(hand, person), field="marital_status"),
        single("Giấy này được cấp để: ", rng.choice(_PURPOSES)),
        Row(
            entries=(
                Entry(
                    label="Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp./."
                ),
            ),
            flow=True,
        ),
    )
    return Sheet(
        form=FormCode.MARITAL_STATUS_CONFIRMATION,
        agency=head.agency,
        issuing_agency=head.issuing_agency,
        number=head.number,
        place_date=head.place_date,
        titles=("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",),
        rows=rows,
        signer_titles=("NGƯỜI KÝ GIẤY XÁC NHẬN", *head.signer_titles),
        signer_name=head.signer_name,
    )


_PURPOSES = (
    "làm thủ tục đăng ký kết hôn",
    "bổ túc hồ sơ vay vốn ngân hàng",
    "làm thủ tục chuyển nhượng quyền sử dụng đất",
    "bổ túc hồ sơ xin việc làm",
)


def _request(hand: Hand, person: Person) -> str:
    title = "ông" if person.sex == "male" else "bà"
    return f"Xét đề nghị của {title} {hand.name(person)}, xác nhận:"


def _status(hand: Hand, person: Person) -> str:
    """The wording the declaration's footnotes prescribe for each case."""
    rng = hand.rng
    if person.marital_status == "single":
        return rng.choice(
            (
                "Chưa đăng ký kết hôn với ai",
                "Hiện tại chưa đăng ký kết hôn với ai",
                "Chưa đăng ký kết hôn lần nào",
            )
        )
    day = in_figures(draw_day(rng, date(2008, 1, 1), date(2018, 12, 31)), DateStyle.DAY_WORDS)
    number = f"{rng.randint(1, 300)}/{rng.randint(2008, 2018)}"
    if person.marital_status == "divorced":
        return (
            f"Đã đăng ký kết hôn, nhưng đã ly hôn theo Quyết định ly hôn số {number}/QĐST-HNGĐ "
            f"{day}; hiện tại chưa đăng ký kết hôn với ai"
        )
    other = "male" if person.sex == "female" else "female"
    spouse = f"{'chồng là ông' if other == 'male' else 'vợ là bà'}"
    name = draw_name(rng, draw_descent(rng), other)
    return f"Hiện tại đang có {spouse} {name} (Giấy chứng nhận kết hôn số {number} cấp {day})"


def death_extract(hand: Hand, person: Person, commune: Commune) -> Sheet:
    """Trích lục khai tử (bản sao)."""
    rng = hand.rng
    born = date.fromisoformat(person.birth_date or "")
    first, last = (
        (date(2016, 2, 1), TWO_TIERS_SINCE - timedelta(days=60))
        if commune.is_old
        else (TWO_TIERS_SINCE, TODAY - timedelta(days=60))
    )
    died = draw_day(rng, max(first, born + timedelta(days=400)), last)
    registered = died + timedelta(days=rng.randint(1, 14))
    head = draw_head(
        hand, commune, suffix="TLKT-BS", issued=draw_issue_date(rng, registered, commune)
    )
    hour, minute = rng.randint(0, 23), rng.randint(0, 59)
    death = Row(
        entries=(
            Entry(label="Đã chết vào lúc:", text=f"{hour:02d} giờ {minute:02d} phút,",
                  field="death_time", value=f"{hour:02d}:{minute:02d}"),
            Entry(label="", text=in_figures(died, DateStyle.DAY_WORDS), field="death_date",
                  value=died.isoformat()),
            Entry(label="ghi bằng chữ:", text=in_words(died, commas=hand.commas)),
        ),
        flow=True,
    )  # fmt: skip
    place = rng.choice((person.residence or "", f"Bệnh viện Đa khoa {commune.province.lower()}"))
    if place.startswith("Bệnh viện"):
        place = f"Bệnh viện Đa khoa {commune.province[0].lower()}{commune.province[1:]}"
    rows = (
        name_row(hand, "Họ, chữ đệm, tên: ", person, "full_name"),
        birth_row(hand, person, words=False),
        personal_row(person),
        single("Số định danh cá nhân: ", person.personal_id, field="personal_id"),
        identity_paper_row(hand, person, "identity_paper", before=died),
        death,
        single("Nơi chết: ", place, field="death_place"),
        single("Nguyên nhân chết: ", rng.choice(vocabulary()["death_causes"]),
               field="death_cause"),
        single("Đã được đăng ký khai tử tại: ", office_of(commune), field="registration_place"),
        registration_row(hand, registered),
        single("Ghi chú: ", ""),
    )  # fmt: skip
    return Sheet(
        form=FormCode.DEATH_EXTRACT,
        agency=head.agency,
        issuing_agency=head.issuing_agency,
        number=head.number,
        place_date=head.place_date,
        titles=("TRÍCH LỤC KHAI TỬ", "(BẢN SAO)"),
        rows=rows,
        signer_titles=("NGƯỜI KÝ TRÍCH LỤC", *head.signer_titles),
        signer_name=head.signer_name,
    )


def marriage_certificate(hand: Hand, wife: Person, husband: Person, commune: Commune) -> Sheet:
    """Giấy chứng nhận kết hôn: wife left, husband right."""
    rng = hand.rng
    youngest = max(date.fromisoformat(one.birth_date or "") for one in (wife, husband))
    registered = draw_issue_date(rng, youngest + timedelta(days=round(365.25 * 20)), commune)
    head = draw_head(hand, commune, suffix="GCNKH", issued=registered)
    number = f"{rng.randint(1, 300)}/{registered.year}"
    dated = in_figures(registered, DateStyle.DAY_WORDS)
    rows = (
        _pair(
            *(
                _renamed(name_row(hand, f"Họ, chữ đệm, tên {word}: ", one, "full_name"), role)
                for one, role, word in ((wife, "wife", "vợ"), (husband, "husband", "chồng"))
            )
        ),
        *(_pair(left, right) for left, right in _spouse_rows(hand, wife, husband, before=registered)),
        single("Nơi đăng ký kết hôn: ", office_of(commune), field="registration_place"),
        single("Ngày, tháng, năm đăng ký: ", dated, field="registration_date",
               value=registered.isoformat()),
    )  # fmt: skip
    return Sheet(
        form=FormCode.MARRIAGE_CERTIFICATE,
        agency=head.agency,
        issuing_agency=Entry(label="", text=""),
        number=Entry(label="Số: ", text=number, field="number", value=number),
        place_date=None,
        titles=("GIẤY CHỨNG NHẬN KẾT HÔN",),
        rows=rows,
        signer_titles=("NGƯỜI KÝ GIẤY CHỨNG NHẬN KẾT HÔN", *head.signer_titles),
        signer_name=head.signer_name,
        left_signer=("Vợ                    Chồng",),
        header_centred=True,
    )


def _spouse_rows(
    hand: Hand, wife: Person, husband: Person, *, before: date
) -> list[tuple[Row, Row]]:
    """The same facts of both, to stand side by side."""

    def facts(person: Person, role: str) -> tuple[Row, ...]:
        rows = (
            birth_row(hand, person, words=False),
            single("Dân tộc: ", person.ethnicity or "", field="ethnicity"),
            single("Quốc tịch: ", person.nationality or "", field="nationality"),
            single("Nơi cư trú: ", person.residence or "", field="residence"),
            identity_paper_row(hand, person, "identity_paper", before=before),
        )
        return tuple(_renamed(row, role) for row in rows)

    return list(zip(facts(wife, "wife"), facts(husband, "husband"), strict=True))


def _renamed(row: Row, role: str) -> Row:
    """The row's fields as those of ``role``."""
    entry = row.entries[0]
    return Row(
        entries=(
            Entry(label=entry.label, text=entry.text, field=f"{role}_{entry.field}",
                  value=entry.value),
        )
    )  # fmt: skip


def _pair(left: Row, right: Row) -> Row:
    return Row(entries=(*left.entries, *right.entries), shares=(0.5, 0.5), cells=True)
