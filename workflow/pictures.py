"""Page pictures: upright JPEGs of the pages of an original; made when read, shown and certified later."""


def page_key(sha256: str, number: int) -> str:
    """Key of the upright picture of page ``number`` (from 1) of the original with this SHA-256."""
    return f"{sha256}/{number}.jpg"
