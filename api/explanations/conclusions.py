"""What the check of a file came to, in words: the same on the page and on the terminal."""

from api.explanations.foreign import shown
from api.explanations.locale import Locale, written_date
from api.explanations.sentences import label, wording
from domain.verification import Genuineness, VerificationReport


def conclusion(report: VerificationReport, locale: Locale) -> str:
    """The headline of a checked file."""
    if report.is_revoked:
        return wording("verify.revoked", locale)
    if report.is_of_another_register:
        return wording("verify.not_here", locale)
    if report.ended:
        return wording("verify.ended", locale)
    return label("genuineness", str(report.genuineness), locale)


def proviso(report: VerificationReport, locale: Locale) -> str | None:
    """What must be said beside the headline, ``None`` where it says all."""
    if report.is_of_another_register:
        key = "verify.unknown_seal_detail" if report.has_unknown_seal else "verify.not_here_detail"
        return wording(key, locale, signer=_sealed_by(report))
    if report.ended and report.valid_until is not None:
        day = written_date(report.valid_until.isoformat(), locale)
        return wording("verify.ended_detail", locale, date=day)
    return None


def advice(report: VerificationReport, locale: Locale) -> tuple[str, ...]:
    """What stands under the headline: what must be said beside it, else what to do with the file.

    Of a genuine copy of which there is nothing to say beside, nothing.
    """
    beside = proviso(report, locale)
    if beside:
        return (beside,)
    if report.genuineness is Genuineness.GENUINE:
        return ()
    unchecked = report.genuineness is Genuineness.UNCHECKED
    key = "verify.unchecked_detail" if unchecked else "verify.not_genuine_detail"
    return (wording(key, locale),)


def way_out(report: VerificationReport, locale: Locale) -> tuple[str, ...]:
    """For who may hold a copy saved again: the question, what that does, where the right one is had."""
    if not report.may_be_resaved:
        return ()
    keys = ("verify.resaved", "verify.resaved_detail", "verify.resaved_remedy")
    return tuple(wording(key, locale) for key in keys)


def _sealed_by(report: VerificationReport) -> str:
    """The last signer, as its certificate names it: the seal stands behind the officer."""
    if not report.signatures:
        return "…"
    seal = report.signatures[-1]
    names = (seal.signer, seal.organization)
    return ", ".join(dict.fromkeys(shown(name) for name in names if name))
