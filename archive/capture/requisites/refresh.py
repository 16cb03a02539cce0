"""`Refresh`, as a header or a `<meta>`. (HTML Standard, 4.2.5.3, "shared declarative refresh steps")"""

from __future__ import annotations

import re

_SHAPE = re.compile(
    r"""[ \t\n\f\r]* (?P<seconds>[0-9]+|(?=\.)) [0-9.]*
        (?: (?: [ \t\n\f\r]*[;,][ \t\n\f\r]* | [ \t\n\f\r]+ ) (?P<rest>.*) )? \Z""",
    re.VERBOSE | re.DOTALL,
)
_URL_IS = re.compile(r"url[ \t\n\f\r]*=[ \t\n\f\r]*", re.IGNORECASE)


def split(text: str) -> tuple[float, str] | None:
    """Seconds and target of a refresh; the target is empty where the page refreshes itself; None if it is none."""
    shape = _SHAPE.match(text)
    if shape is None:
        return None
    seconds = float(min(int(shape["seconds"][:9] or "0"), 10**9))
    rest = shape["rest"] or ""
    named = _URL_IS.match(rest)
    if named:
        rest = rest[named.end() :]
    if rest[:1] in ("'", '"'):
        rest = rest[1:].partition(rest[0])[0]
    return seconds, rest.strip(" \t\n\f\r")
