"""The bytes around a signature or a time stamp, which no signature protects, are as we would write them."""

from asn1crypto import cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.refusal import Problem, Refusal


def check_container(pdf: bytes, item: EmbeddedPdfSignature) -> None:
    """The gap in the byte range is the signature in upper-case hex, padded with zeros, and nothing else.

    Without this the padding, and the case of every hex digit, of the last signature could be changed.
    """
    first, first_length, second, second_length = (int(value) for value in item.byte_range)
    content = item.pkcs7_content
    token = cms.ContentInfo.load(content).dump()
    expected = b"<" + token.hex().upper().encode() + b"00" * (len(content) - len(token)) + b">"
    if second + second_length > len(pdf):
        raise Refusal(Problem.CUT_SHORT, field=item.field_name)
    if first != 0 or pdf[first_length:second] != expected:
        raise Refusal(Problem.SIGNATURE_CONTAINER_ALTERED, field=item.field_name)


def check_token_extras(item: EmbeddedPdfSignature, known: set[bytes]) -> None:
    """Nothing that no signature covers rides along in the last time stamp."""
    data: cms.SignedData = item.signed_data
    signer = data["signer_infos"][0]
    allowed = {*known, item.signer_cert.dump()}
    # names compare without regard to case, so the name of the signer must be compared as bytes
    sid = signer["sid"]
    named_exactly = (
        sid.name != "issuer_and_serial_number"
        or sid.chosen["issuer"].dump() == item.signer_cert.issuer.dump()
    )
    plain = (
        named_exactly
        and data["version"].native == "v3"
        and signer["version"].native in {"v1", "v3"}
        and len(data["signer_infos"]) == 1
        and [entry.dump() for entry in data["digest_algorithms"]]
        == [signer["digest_algorithm"].dump()]
        and not data["crls"]
        and not signer["unsigned_attrs"]
        and all(entry.chosen.dump() in allowed for entry in data["certificates"] or ())
    )
    if not plain:
        raise Refusal(Problem.TIMESTAMP_EXTRAS_UNEXPECTED)
