"""Whether running text still tells of the same person: ``…, sinh ngày …, dân tộc …``."""

import re

PERSONAL = frozenset(
    "birth_date sex ethnicity nationality residence home_town personal_id identity_paper".split()
)
"""What clauses tell of a person; what a death or a registration was is told otherwise."""
_CLAUSE_ENDED = re.compile(r"(?:^|[,;(])\s*$")
_ANOTHER = re.compile(
    r"(?<!\w)(?:ông|bà|anh|chị|cô|em|cháu|con|chồng|vợ|cha|bố|mẹ|với|và|cùng|của)(?!\w)"
)
"""Words, in small letters, with which a sentence goes on to somebody else."""
_ANY_CASE = re.compile(r"(?<!\w)(?:Ông|Bà|Anh|Chị)\s+[^\W\d_]")
_NAME = re.compile(r"[^\W\d_]{2,}(?:\s+[^\W\d_]+)+")


def tells_on(said: str, *, behind_name: bool) -> bool:
    """Whether a clause that follows ``said`` is of the person whose label stands before it.

    ``said`` reaches from that label to the clause. ``behind_name``: that label is the one of the name.
    """
    names = [match for match in _NAME.finditer(said) if match.group().isupper()]
    others = names[1:] if behind_name else names
    return (
        _CLAUSE_ENDED.search(said) is not None
        and not others
        and _ANOTHER.search(said) is None
        and _ANY_CASE.search(said) is None
    )
