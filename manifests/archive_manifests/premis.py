"""PREMIS 3.0 (`data/provenance/premis.xml`): files, events and agents, as preservation systems take them in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from archive_manifests import layout
from archive_manifests.custody import Event
from archive_manifests.ledger import Ledger, SourceEntry

PATH = layout.PREMIS
NOT_COVERED = frozenset({PATH, layout.PAGE})
"""Payload files that the document does not describe: itself, whose digest it cannot hold, and the page for people."""

File = tuple[str, int, str, str]
"""Path in the bag, octets, hex sha256, hex sha512."""

_NAMESPACE = "http://www.loc.gov/premis/v3"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as a reference. (XML 1.0, section 2.2)"""

_TO_ESCAPE = re.compile("[&<>\r]|" + _NOT_XML.pattern)

_SOFTWARE = re.compile(r"(\S+)[ /](\d+\.\S+)\Z")
_OF_SOURCE = re.compile(r"data/(?:archive/(s\d+)[.-]|(?:views|media)/(s\d+)/)")

_FORMATS = {
    "cdx": "application/x-cdxj",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "htm": "text/html",
    "html": "text/html",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "m4a": "audio/mp4",
    "md": "text/markdown",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "toml": "application/toml",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "warc": "application/warc",
    "webm": "video/webm",
    "webp": "image/webp",
    "xml": "application/xml",
}
"""Ending of a name -> media type: stated by the name, as formatNote says, not by looking into the file."""


def premis_xml(ledger: Ledger, events: Iterable[Event], files: Iterable[File], *, name: str | None = None) -> str:
    """The whole document. `name` is the bag's, where it is not the report's id. The order of `files` stays."""
    return "".join(premis_lines(ledger, events, files, name=name))


def premis_lines(
    ledger: Ledger, events: Iterable[Event], files: Iterable[File], *, name: str | None = None
) -> Iterator[str]:
    """The document piece by piece, so that a bag of many files costs no memory."""
    bag = name or ledger.report.stated.id
    numbered = list(enumerate(events, start=1))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f'<premis xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{_NAMESPACE} https://www.loc.gov/standards/premis/premis.xsd" version="3.0">\n'
    )
    yield _bag(bag, ledger)
    known = {source.id for source in ledger.sources}
    of_bag = _relationship("structural", "is included in", [("bag", bag)])
    of_source: dict[str | None, str] = {
        source: _relationship("structural", "represents", [("source", source)]) for source in known
    }
    for source in ledger.sources:
        yield _source(source, ledger)
    for file in files:
        if file[0] not in NOT_COVERED:
            yield _file(file, of_bag, of_source)
    for number, event in numbered:
        yield _event(number, event, bag, known)
    for agent in dict.fromkeys(event.agent for _, event in numbered):
        yield _agent(agent)
    yield "</premis>\n"


def _bag(bag: str, ledger: Ledger) -> str:
    """The bag as a representation of the report and its sources."""
    covers = "Every file under data/ but " + " and ".join(sorted(NOT_COVERED))
    return _object(
        "representation",
        _identifier("object", "bag", bag),
        _property("files described here", covers),
        _property("report", ledger.report.stated.id),
        _property("demonstration", "yes") if ledger.conditions.demonstration else "",
        _tag("originalName", ledger.report.stated.title) if ledger.report.stated.title else "",
        *(
            _relationship("structural", "includes", [("source", source.id) for source in ledger.sources])
            for _ in ledger.sources[:1]
        ),
    )


def _source(source: SourceEntry, ledger: Ledger) -> str:
    """A cited source as an intellectual entity, with the verdict that it ended in."""
    return _object(
        "intellectualEntity",
        _identifier("object", "source", source.id),
        _identifier("object", "URI as cited", source.cited),
        _property("verdict", source.status if source.reason is None else f"{source.status}: {source.reason}"),
        _property("cited by report", ledger.report.stated.id),
    )


def _file(file: File, of_bag: str, of_source: Mapping[str | None, str]) -> str:
    path, size, sha256, sha512 = file
    name = path.rpartition("/")[2].lower()
    inner = name.removesuffix(".gz")
    form = _format(inner.rpartition(".")[2], inner != name)
    of = _OF_SOURCE.match(path)
    source = of[1] or of[2] if of else None
    return _file_like() % (_text(path), _text(sha256), _text(sha512), size, form, of_bag, of_source.get(source, ""))


@cache
def _file_like() -> str:
    """A file's object, with places for what differs: a bag may have very many."""
    place = _Xml("%s")
    digests = (_fixity("SHA-256", place), _fixity("SHA-512", place))
    about = _tag("objectCharacteristics", *digests, _tag("size", _Xml("%d")), place)
    return _object("file", _identifier("object", "path in the bag", place), about, place, place)


@lru_cache(maxsize=256)
def _format(ending: str, is_packed: bool) -> str:
    media_type = _FORMATS.get(ending, "application/octet-stream")
    is_warc = media_type == "application/warc"
    notes = ["derived from the file's name"]
    if is_packed:
        notes.append("compressed with gzip, a member a record" if is_warc else "compressed with gzip")
    return _tag(
        "format",
        _tag("formatDesignation", _tag("formatName", media_type), _tag("formatVersion", "1.1") if is_warc else ""),
        *(_tag("formatNote", note) for note in notes),
    )


def _event(number: int, event: Event, bag: str, known: set[str]) -> str:
    return _tag(
        "event",
        _identifier("event", "number in events.jsonl", str(number)),
        _tag("eventType", event.type),
        _tag("eventDateTime", event.time),
        *(_tag("eventDetailInformation", _tag("eventDetail", detail)) for detail in _details(event)),
        _tag("eventOutcomeInformation", _tag("eventOutcome", event.outcome)) if event.outcome else "",
        _identifier("linkingAgent", "name", event.agent),
        *(_identifier("linkingObject", _kind(object_id, bag, known), object_id) for object_id in event.objects),
    )


def _details(event: Event) -> Iterator[str]:
    if event.detail:
        yield event.detail
    yield from (f"{key}: {value}" for key, value in event.facts.items())


def _kind(object_id: str, bag: str, known: set[str]) -> str:
    if object_id == bag:
        return "bag"
    return "source" if object_id in known else "path in the bag"


def _agent(agent: str) -> str:
    software = _SOFTWARE.match(agent)
    return _tag(
        "agent",
        _identifier("agent", "name", agent),
        _tag("agentName", software[1] if software else agent),
        _tag("agentType", "software") if software else "",
        _tag("agentVersion", software[2]) if software else "",
    )


def _object(kind: str, *children: str) -> str:
    return f'<object xsi:type="{kind}">\n{"".join(children)}</object>\n'


def _identifier(of: str, kind: str, value: str) -> str:
    """`objectIdentifier`, `linkingAgentIdentifier`…: a type and a value, spelled alike in all."""
    return _tag(f"{of}Identifier", _tag(f"{of}IdentifierType", kind), _tag(f"{of}IdentifierValue", value))


def _property(kind: str, value: str) -> str:
    return _tag(
        "significantProperties", _tag("significantPropertiesType", kind), _tag("significantPropertiesValue", value)
    )


def _relationship(kind: str, sub_kind: str, related: Sequence[tuple[str, str]]) -> str:
    return _tag(
        "relationship",
        _tag("relationshipType", kind),
        _tag("relationshipSubType", sub_kind),
        *(_identifier("relatedObject", id_type, value) for id_type, value in related),
    )


def _fixity(algorithm: str, value: str) -> str:
    return _tag("fixity", _tag("messageDigestAlgorithm", algorithm), _tag("messageDigest", value))


class _Xml(str):
    """A piece of XML, against text that is still to be escaped."""

    __slots__ = ()


def _tag(name: str, *children: str) -> str:
    inside = "".join([child if isinstance(child, _Xml) else _text(child) for child in children])
    return _Xml(f"<{name}>{inside}</{name}>\n")


def _text(text: str) -> str:
    """Text as it stands in XML. A bare CR would be read as LF. (XML 1.0, section 2.11)"""
    if _TO_ESCAPE.search(text) is None:
        return text
    # As `xml.sax.saxutils.escape` does it, which loads an HTTP client.
    text = _NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;").replace("\r", "&#13;")
