"""What a certified copy of ours may contain at all; everything else in a PDF is refused.

A list of what is allowed, not of what is known to be bad: the attacks of the next years will use
parts of PDF that an e-copy never needs.
"""

from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.refusal import Problem, Refusal

_CATALOG_KEYS = frozenset(
    "/Type /Pages /Lang /Metadata /OutputIntents /PageLayout /ViewerPreferences /AcroForm /Perms "
    "/DSS /Extensions /MarkInfo".split()
)
_FORM_KEYS = frozenset({"/Fields", "/SigFlags"})
_FORBIDDEN_KEYS = frozenset(
    "/A /AA /AF /EF /EmbeddedFiles /EmbeddedFile /JS /JavaScript /Launch /OC /OCProperties /OCGs "
    "/OpenAction /Next /NeedAppearances /RichMediaContent /RichMediaSettings /URI /XFA /Alternates "
    "/OPI /Ref /PieceInfo /Threads /Collection /Requirements /AlternatePresentations /Movie "
    "/FFilter /FDecodeParms".split()
)
_FORBIDDEN_NAMES = frozenset(
    "/JavaScript /Launch /SubmitForm /ImportData /ResetForm /GoToR /GoToE /Filespec /EmbeddedFile "
    "/RichMedia /Rendition /Movie /Sound /3D /Hide /SetOCGState /OCG /OCMD /PS".split()
)
_MAX_OBJECTS = 20_000
"""Many times what our longest copies hold; bounds the work on a hostile file."""
_MAX_DEPTH = 40


def check_catalog(reader: PdfFileReader) -> None:
    """Refuse encryption, hybrid cross-references and catalog entries that we never write."""
    if "/Encrypt" in reader.trailer:
        raise Refusal(Problem.ENCRYPTED)
    if reader.xrefs.hybrid_xrefs_present:
        raise Refusal(Problem.HYBRID_CROSS_REFERENCES)
    unknown = sorted(set(reader.root) - _CATALOG_KEYS)
    if unknown:
        raise Refusal(Problem.CATALOG_ENTRY_UNEXPECTED, entries=unknown)
    form = reader.root["/AcroForm"] if "/AcroForm" in reader.root else {}  # noqa: SIM401 - get() does not follow references
    unknown = sorted(set(form) - _FORM_KEYS)
    if unknown:
        raise Refusal(Problem.FORM_ENTRY_UNEXPECTED, entries=unknown)


def check_objects(reader: PdfFileReader) -> None:
    """Refuse active, hidden, optional or embedded content in any object of any revision."""
    for item in _all_objects(reader):
        if not isinstance(item, generic.DictionaryObject):
            continue
        keys = set(item)
        bad = sorted(keys & _FORBIDDEN_KEYS)
        if bad:
            raise Refusal(Problem.ACTIVE_CONTENT, entries=bad)
        for key in ("/S", "/Type", "/Subtype"):
            if key in item and item.raw_get(key) in _FORBIDDEN_NAMES:
                raise Refusal(Problem.ACTIVE_CONTENT, entries=[str(item.raw_get(key))])
        if isinstance(item, generic.StreamObject) and "/F" in keys:
            raise Refusal(Problem.EXTERNAL_STREAM)
        # anything with a rectangle on the page other than a signature's widget is an annotation
        if "/Rect" in keys and item.get("/FT") != "/Sig":
            raise Refusal(Problem.ANNOTATION)


def _all_objects(reader: PdfFileReader) -> Iterator[generic.PdfObject]:
    count = 0
    for revision in range(reader.xrefs.total_revisions):
        resolver = reader.get_historical_resolver(revision)
        for reference in sorted(
            reader.xrefs.explicit_refs_in_revision(revision), key=lambda ref: ref.idnum
        ):
            count += 1
            if count > _MAX_OBJECTS:
                raise Refusal(Problem.TOO_MANY_OBJECTS)
            yield from _inner(resolver.get_object(reference), 0)


def _inner(item: generic.PdfObject, depth: int) -> Iterator[generic.PdfObject]:
    """``item`` and all direct objects within it; references are visited where they stand."""
    if depth > _MAX_DEPTH:
        raise Refusal(Problem.NESTED_TOO_DEEP)
    yield item
    if isinstance(item, generic.DictionaryObject):
        for key in item:
            yield from _inner(item.raw_get(key), depth + 1)
    elif isinstance(item, generic.ArrayObject):
        for index in range(len(item)):
            yield from _inner(item.raw_get(index), depth + 1)
