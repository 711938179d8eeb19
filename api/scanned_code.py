"""A code in an address with all that a scanner sent behind it: the same for the page and for REST."""

from starlette.convertors import Convertor, register_url_convertor

SCANNED = "scanned"
"""What follows to the end of the path, as in ``/v/{code:scanned}``: slashes, and line breaks too, at which
Starlette's own ``path`` ends. A QR of a copy holds three lines."""


class _Scanned(Convertor[str]):
    regex = r"(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor(SCANNED, _Scanned())
