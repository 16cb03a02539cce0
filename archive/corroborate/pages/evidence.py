"""What one bag has of one source, in the form in which it is compared with what another observer has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeGuard

from archive.capture.requisites import encoding
from archive.corroborate.pages.bag_records import COMPARED_AT_MOST, BagRecords
from archive.corroborate.pages.content import ComparedPage, MediaPlace, TextBlock
from archive.corroborate.pages.feeds import feed_as_data
from archive.corroborate.pages.file_digest import file_digest
from archive.corroborate.pages.playlists import Playlist, is_playlist, read_playlist
from archive.corroborate.pages.read_page import read_page
from archive.corroborate.pages.script_data import LONGEST_SCRIPT, is_plain_json
from archive.corroborate.pages.tree import PageTree, read_tree
from archive.corroborate.texts.folding import fold
from archive.corroborate.texts.places import is_service_address, site_of_address
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Copy, Requisite, SourceEntry, Status

STATED = (
    "content-type", "content-disposition", "last-modified", "location", "refresh", "content-language", "link",
    "memento-datetime", "x-robots-tag", "content-security-policy",
)  # fmt: skip
"""Headers that say something of the source; all others are of the server's work."""
_OTHERS = frozenset(("live", "reading", "successor"))
"""Copies beside the page itself: a post as its network sends it to other sites, other readings, new addresses."""
EXTRACTED = "info.json"
"""What an extractor writes has the time of its run in it."""
_TEXT_TYPES = re.compile(r"text/(?!html)|application/(?:json|xml|rss\+xml|atom\+xml|rdf\+xml|[\w.-]+\+json)\Z")
_XHTML = "application/xhtml+xml"
_HTML = frozenset(("text/html", _XHTML))
_BETWEEN_ELEMENTS = re.compile(r"><(?!/)")
"""Where one element of XML, or its first child, begins behind another."""
_XML = frozenset(("application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/rdf+xml"))
_DATA = re.compile(r"application/(?:[\w.-]+\+)?json")
"""JSON, also of a kind of its own: `application/geo+json`. (RFC 6839, section 3.1)"""
_MOST_FRAMES = 1_000
_MOST_SAID = 200
"""Texts of another site's frame that are read."""


@dataclass(frozen=True, slots=True)
class RequisiteEvidence:
    """A requisite as a bag has it."""

    kind: str
    outcome: str
    sha256: str | None
    is_decorative: bool = False
    record: str | None = None
    load: Callable[[], bytes | None] | None = field(default=None, compare=False)
    """Gives its decoded body, where the bag can be read at any place."""
    is_page: bool = True
    """Of a frame: its text is compared, and not its bytes."""
    playlist: Playlist | None = None
    """Of a film in parts."""


@dataclass(frozen=True, slots=True)
class CopyEvidence:
    """One copy of a source: what the server, or another archive, sent."""

    url: str
    visit: datetime
    media_type: str
    payload_sha256: str | None
    content: ComparedPage | None = None
    """Of a page, or of a text; None for a file."""
    body_sha256: str | None = None
    """Of a file, without what its program writes again each time: the date in a PDF."""
    load: Callable[[], bytes | None] | None = field(default=None, compare=False)
    """Gives the body of a file."""
    is_cut: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    """What the response states of itself: names in lower case, of `STATED` alone."""
    hops: tuple[tuple[int, str], ...] = ()
    """Status and address of each redirect on the way to it."""

    @property
    def text(self) -> list[TextBlock]:
        """The visible blocks outside changing places."""
        return [block for block in self.content.blocks if block.kind == "visible"] if self.content else []

    @property
    def text_sha256(self) -> str | None:
        """Hex sha256 of the visible text, folded, a block a line; None for a file, and where there is none."""
        if not self.text:
            return None
        return hashlib.sha256("\n".join(fold(block.text) for block in self.text).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceEvidence:
    """All that a bag has of a source."""

    entry: SourceEntry
    live: CopyEvidence | None
    """None where the live web gave nothing that could be recorded."""
    mementos: tuple[tuple[Copy, CopyEvidence], ...] = ()
    others: tuple[tuple[Copy, CopyEvidence], ...] = ()
    """Other copies of the live web: of its own, of other readings of the address, and of its new addresses."""
    requisites: Mapping[str, RequisiteEvidence] = field(default_factory=dict)
    files: Mapping[str, str | None] = field(default_factory=dict)
    """Films, subtitles: last part of the path -> digest."""
    extracts: Mapping[str, str] = field(default_factory=dict)
    """What an extractor read of a film's page: name of a statement -> text."""
    rendered: tuple[str, ...] = ()
    """Lines that a browser showed."""
    scripts: Mapping[str, str] = field(default_factory=dict)
    """Address of a script -> its text."""
    records: frozenset[str] = frozenset()
    """Ids of the records of the live copy, and digests of their stored bytes."""

    @property
    def is_compared(self) -> bool:
        """False where there is more of it than is compared: with other bytes it is no second sighting."""
        scripts = all(len(script) <= LONGEST_SCRIPT for script in self.scripts.values())
        return scripts and (self.live is None or self.live.content is None or self.live.content.is_whole)

    @property
    def media_sha256(self) -> str | None:
        """Hex sha256 over the digests of pictures, films and sound, in order; None where there are none."""
        digests = sorted(
            one.sha256 for one in self.requisites.values() if one.kind in ("image", "media") and one.sha256
        )
        digests += sorted(digest for digest in self.files.values() if digest)
        return hashlib.sha256("\n".join(digests).encode()).hexdigest() if digests else None


OBSERVED_WALLS = frozenset(("forbidden", "geo", "legal"))
"""Refusals that say something of the source itself; a challenge, a login, a rate limit say something of the visitor."""


def has_observed(entry: SourceEntry) -> bool:
    """True where the live web said something about the source: it showed it, or said that it is gone or closed."""
    live = entry.live
    if live.status in (Status.CAPTURED, Status.PARTIAL, Status.GONE):
        return True
    return live.status is Status.BLOCKED and live.reason in OBSERVED_WALLS


def is_shown(entry: SourceEntry) -> bool:
    """True where the live web showed the source, whole or with gaps."""
    return entry.live.status in (Status.CAPTURED, Status.PARTIAL)


def read_evidence(
    entry: SourceEntry,
    records: BagRecords,
    digests: Mapping[str, str],
    rendered: tuple[str, ...] = (),
    extracts: Mapping[str, str] | None = None,
    agent: str = "",
) -> SourceEvidence:
    """Read what a bag has of a source: `digests` of the payload manifest, `agent` that the observer sent."""
    requisites = with_playlists({one.url: _requisite(one, records) for one in entry.requisites})
    reader = _CopyReader(records, requisites, agent)
    live = next((copy for copy in entry.copies if copy.kind in ("live", "reading")), None)
    mementos = ((copy, reader.read(copy)) for copy in entry.copies if copy.kind == "memento")
    beside = (copy for copy in entry.copies if copy.kind in _OTHERS and copy is not live)
    paths = [path for copy in entry.copies if copy.kind != "supplied" for path in copy.files]
    return SourceEvidence(
        entry=entry,
        live=reader.read(live) if live is not None else None,
        mementos=tuple((copy, found) for copy, found in mementos if found is not None),
        others=tuple((copy, found) for copy in beside if (found := reader.read(copy)) is not None),
        requisites=requisites,
        files={path.rpartition("/")[2]: digests.get(path) for path in paths if not path.endswith(EXTRACTED)},
        rendered=rendered,
        extracts=extracts or {},
        scripts={url: text for url, one in requisites.items() if (text := _script(url, one, records)) is not None},
        records=frozenset(_identities(live.records if live is not None else (), records)),
    )


def memento_time(copy: Copy) -> str | None:
    """When an archive says that it made its copy; None for a copy of the live web."""
    for note in copy.notes:
        if note.code == "memento-captured" and isinstance(when := note.facts.get("when"), str):
            return when
    return None


def _identities(names: tuple[str, ...], records: BagRecords) -> Iterator[str]:
    for name in names:
        line = records.lines.get(name)
        if line is not None and line.type in ("response", "resource"):
            yield from (line.id, line.sha256)


def _requisite(one: Requisite, records: BagRecords) -> RequisiteEvidence:
    line = records.lines.get(one.record) if one.record is not None else None
    digest = line.payload_sha256 if line is not None and one.outcome == "captured" else None
    load = partial(records.content, one.record) if digest is not None and one.record is not None else None
    is_page = one.kind != "frame" or one.record is None or _is_page(one.record, records)
    return RequisiteEvidence(one.kind, one.outcome, digest, one.decorative, one.record, load, is_page)


def with_playlists(requisites: Mapping[str, RequisiteEvidence]) -> dict[str, RequisiteEvidence]:
    """The same, with what each playlist states and the digest of what it plays; inner playlists by what they play."""
    found = dict(requisites)
    for _ in range(2):  # the playlist of each quality, then that of all
        known = {url: _digest_of(one) for url, one in found.items()}
        for url, one in requisites.items():
            if is_playlist(url) and one.load is not None and (body := one.load()) is not None:
                found[url] = replace(one, playlist=read_playlist(body, url, known.get))
    return found


def _digest_of(one: RequisiteEvidence) -> str | None:
    """Of a playlist whose parts are all there, over these: its own bytes are those of one visit."""
    if one.playlist is None or None in one.playlist.digests:
        return one.sha256 if one.playlist is None else None
    said = "\n".join((one.playlist.shape, *map(str, one.playlist.digests)))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _is_page(name: str, records: BagRecords) -> bool:
    recorded = records.exchange(name)
    return recorded is None or recorded.media_type in _HTML


def _script(url: str, one: RequisiteEvidence, records: BagRecords) -> str | None:
    if one.kind != "script" or one.record is None or one.outcome != "captured" or is_service_address(url):
        return None
    content = records.content(one.record)
    return content.decode("utf-8", "replace") if content is not None else None


@dataclass(slots=True)
class _CopyReader:
    """Reads copies of one source with the style sheets and frames that they need."""

    records: BagRecords
    requisites: Mapping[str, RequisiteEvidence]
    agent: str = ""

    def read(self, copy: Copy) -> CopyEvidence | None:
        """The last response of a copy: the page, behind its redirects."""
        lines = [self.records.lines[name] for name in copy.records if name in self.records.lines]
        responses = [line for line in lines if line.type in ("response", "resource", "revisit")]
        if not responses:
            return None
        line = responses[-1]
        recorded = self.records.exchange(line.id)
        media_type = (recorded.media_type if recorded is not None else line.mime) or ""
        content, body = self._content(recorded, media_type, moment_of(line.date))
        return CopyEvidence(
            url=line.uri or copy.url or "",
            visit=moment_of(line.date),
            media_type=media_type,
            payload_sha256=line.payload_sha256,
            content=content,
            body_sha256=body,
            load=partial(self.records.content, line.id) if content is None else None,
            is_cut=line.truncated is not None,
            headers=_stated(recorded) if recorded is not None else {},
            hops=tuple((each.http_status, each.uri or "") for each in responses[:-1] if is_redirect(each.http_status)),
        )

    def _content(
        self, recorded: Recorded | None, media_type: str, visit: datetime
    ) -> tuple[ComparedPage | None, str | None]:
        if recorded is None:
            return None, None
        body = self.records.content(recorded.answer)
        if body is None:
            return None, None
        if media_type in _HTML or (media_type in ("", "text/plain") and _looks_like_html(body)):
            tree = read_tree(body, recorded.charset, is_xml=media_type == _XHTML)
            del body  # as large as all of what is read from it
            return self._page(tree, recorded), None
        if media_type in _XML and (feed := feed_as_data(body)) is not None:
            content = read_text(feed)
            content.is_data = True
            return content, None
        if _TEXT_TYPES.match(media_type):
            text = encoding.decode(body, encoding.codec_of(recorded.charset) or "utf-8")
            content = read_text(text, media_type)
            content.is_whole = len(body) <= COMPARED_AT_MOST
            content.is_data = _DATA.fullmatch(media_type) is not None and is_plain_json(body)
            return content, None
        return None, file_digest(body, media_type, visit)

    def _page(self, tree: PageTree, recorded: Recorded, depth: int = 0) -> ComparedPage:
        content = read_page(tree, recorded.url.href, self._sheet)
        content.agent = self.agent
        for frame in content.frames[:_MOST_FRAMES] if depth < 2 else ():
            one = self.requisites.get(frame.url)
            inner = self.records.exchange(one.record) if one is not None and one.record is not None else None
            is_own = site_of_address(frame.url) == site_of_address(recorded.url.href)
            is_other = frame.slot is not None and not is_own
            if inner is None or inner.media_type not in _HTML:
                continue
            data = self.records.content(inner.answer)
            if is_other or (_is_far(one) and not is_own):
                content.beside += _said(read_tree(data, inner.charset)) if data is not None else ()
                continue
            if data is not None:
                tree = read_tree(data, inner.charset, is_xml=inner.media_type == _XHTML)
                add_frame(content, frame, self._page(tree, inner, depth + 1), is_own=is_own)
        return content

    def _sheet(self, url: str) -> str | None:
        one = self.requisites.get(url)
        if one is None or one.record is None or one.outcome != "captured":
            return None
        data = self.records.content(one.record)
        return encoding.decode(data, encoding.of_css(data, None)) if data is not None else None


def _stated(recorded: Recorded) -> dict[str, str]:
    """What a response states in `STATED`: all values of a field as one, with commas. (RFC 9110, section 5.3)"""
    if recorded.head is None:
        return {}
    found = {name: ", ".join(filter(None, recorded.head.all(name))) for name in STATED}
    return {name: text for name, text in found.items() if text}


def is_redirect(status: int | None) -> TypeGuard[int]:
    """True for a status that leads to another address. (RFC 9110, section 15.4)"""
    return status is not None and 300 <= status < 400


def _said(tree: PageTree) -> Iterator[str]:
    """What another site's frame says in a changing place: its texts, and those of its pictures."""
    for block in read_page(tree, "", lambda _: None).blocks[:_MOST_SAID]:
        if block.kind in ("visible", "title") or block.how in ("alt", "title", "aria-label"):
            yield block.text


def _of_text(blocks: list[TextBlock]) -> list[TextBlock]:
    """The texts of a frame in the page: none of them is in the frame around its main text, whatever it calls itself."""
    return [replace(block, is_framed=False, section="article") for block in blocks]


def _within(frame: MediaPlace, blocks: list[TextBlock]) -> list[TextBlock]:
    """The texts of a frame that stands in a changing place: they are of that place."""
    name = " ".join(sorted(frame.labels))
    return [replace(block, slot=block.slot or frame.slot, slot_name=block.slot_name or name) for block in blocks]


def add_frame(content: ComparedPage, frame: MediaPlace, page: ComparedPage, *, is_own: bool) -> None:
    """Add the page in a frame to the page that it stands in; of the same site, also what it frames, runs and styles."""
    content.blocks += _of_text(page.blocks) if frame.slot is None else _within(frame, page.blocks)
    content.media += page.media
    content.is_whole = content.is_whole and page.is_whole
    if frame.slot is None and is_own:
        content.frames += page.frames
        content.scripts += page.scripts
        content.data += page.data
        content.linked += page.linked
        content.risky += [text for text in page.risky if text not in page.apart]
        content.unread += [text for text in page.unread if text not in page.apart]


def _is_far(one: RequisiteEvidence | None) -> bool:
    return one is not None and one.is_decorative


def _looks_like_html(body: bytes) -> bool:
    return re.match(rb"\s*<(?:!doctype html|html)\b", body[:512], re.IGNORECASE) is not None


def read_text(text: str, media_type: str = "text/plain") -> ComparedPage:
    """A text by its lines; XML also by its elements, which may all stand in one line."""
    if media_type in _XML:
        text = _BETWEEN_ELEMENTS.sub(">\n<", text)
    content = ComparedPage()
    content.blocks = [TextBlock(" ".join(line.split())) for line in text.splitlines() if line.strip()]
    return content


def moment_of(text: str) -> datetime:
    """An instant of a record in UTC; the beginning of time for one that cannot be read."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return datetime(1, 1, 2, tzinfo=UTC)
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
