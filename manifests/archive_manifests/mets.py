"""What a METS file states of the files of a package: their places, digests and sizes. (METS 1.12.1; CSIP 2.1.0)

Read leniently: what is not of the form becomes a problem in words, and everything that can be read is read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

from msgspec import Struct, field

from archive_manifests.errors import StatementError
from archive_manifests.fixity import Fixity

MOST_FILES = 2_000_000
_MOST_PROBLEMS = 20
_SHOWN = 200

ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
"""METS' names of algorithms -> those of hashlib. Its others (Adler-32, CRC32, HAVAL, TIGER…) prove nothing."""


class MetsFile(Struct, frozen=True):
    """One file, as METS lists it."""

    path: str
    """Relative to the folder of the METS file."""
    fixity: Fixity | None
    octets: int | None


class Mets(Struct):
    """What one METS file states."""

    take: Callable[[MetsFile], None]
    """Is given each file: of a million nobody wants a list."""
    files: int = 0
    problems: list[str] = field(default_factory=list)

    def add_problem(self, text: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(text)


def read_mets(stream: BinaryIO, take: Callable[[MetsFile], None]) -> Mets:
    """Read a METS file as a stream; nothing that it refers to is opened. Raises `StatementError` where it is no XML.

    `take` gets each file that it lists; what is returned says what was wrong.
    """
    from lxml import etree

    found = Mets(take)
    try:
        depth, guards = 0, {"resolve_entities": False, "no_network": True, "load_dtd": False}
        for event, element in etree.iterparse(stream, events=("start", "end"), **guards):
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1 and etree.QName(element).localname != "mets":
                raise StatementError(f"METS.xml: its root is {etree.QName(element).localname[:_SHOWN]!r}, not mets")
            if event == "end" and isinstance(element.tag, str):
                _take(element, found)
    except etree.XMLSyntaxError as error:
        raise StatementError(f"METS.xml: {error.msg}") from error
    return found


def _take(element: Any, found: Mets) -> None:
    """Take in an element that has ended, and let go of what is in it: a package may have a million files."""
    from lxml import etree

    name = etree.QName(element).localname
    if name not in ("file", "mdRef", "mptr"):
        if name != "FLocat":
            element.clear()
        return
    places = [element] if name != "file" else [one for one in element if _local(one) == "FLocat"]
    for place in places:
        href = _href(place)
        path = _path_of(href) if href is not None else None
        if path is None:
            found.add_problem(f"a {name} that names no file of the package: {str(href)[:_SHOWN]!r}")
        elif name != "mptr" and found.files < MOST_FILES:
            found.files += 1
            found.take(MetsFile(path, _fixity(element, path, found), _octets(element.get("SIZE"))))
    if name == "file":
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _href(element: Any) -> str | None:
    """`xlink:href` of METS 1, `LOCREF` of METS 2."""
    named: Iterator[str] = (
        value for key, value in element.attrib.items() if str(key).rpartition("}")[2] in ("href", "LOCREF")
    )
    return next(named, None)


def _path_of(href: str) -> str | None:
    """The path that an address names within the package; None where it leads elsewhere."""
    text = unquote(href.removeprefix("file://").removeprefix("file:").removeprefix("./"), errors="surrogateescape")
    if "://" in text or text.startswith("/") or "\0" in text:
        return None
    path = posixpath.normpath(text)
    return None if path in (".", "") or path.startswith("../") or path == ".." else path


def _fixity(element: Any, path: str, found: Mets) -> Fixity | None:
    kind, value = element.get("CHECKSUMTYPE"), element.get("CHECKSUM")
    algorithm = ALGORITHMS.get(str(kind).upper())
    if value is None or algorithm is None:
        found.add_problem(f"{path[:_SHOWN]}: no digest in an algorithm that is known ({str(kind)[:40]})")
        return None
    try:
        return Fixity.parse(f"{algorithm}:{value.strip()}")
    except StatementError:
        found.add_problem(f"{path[:_SHOWN]}: not a digest: {str(value)[:_SHOWN]!r}")
        return None


def _octets(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 19 else None
