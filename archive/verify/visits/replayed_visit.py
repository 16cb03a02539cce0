"""A visit made again from the records alone: the code that captured a source runs on the exchanges that are stored.

What comes of it is what the ledger must say. No socket is opened: a request is answered by the record that holds the
response, or by the statement that no record does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, cast

from msgspec import Struct, field
from msgspec.structs import replace

from archive.capture.derived_records import DerivedRecords
from archive.capture.fetcher import Fetcher
from archive.capture.host_queues import ResultReceiver
from archive.capture.retry import may_pass
from archive.capture.settings import FetchSettings
from archive.capture.visit import CaptureContext, Visit, VisitOutcome, web_readings
from archive.errors import WarcError
from archive.http.head import Head
from archive.net import Failure, Request
from archive.systems import system_for
from archive.systems.video.extractor import StatedExtractor
from archive.systems.video.source_videos import add_videos, shows_videos
from archive.urls import Url
from archive.verify.records.stored_exchange import SCHEMA, stored_exchange
from archive.verify.records.stored_records import StoredRecords
from archive.workfolder.events import FileAdded
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose
from archive_manifests.ledger import Conditions, Requisite, SourceEntry
from archive_manifests.sources import Report, Source

CACHED = 2048
"""Exchanges whose heads stay in memory: pages of one site share their requisites."""
TOKEN = "0123456789abcdef"  # noqa: S105 -- stands for the random text in a probe's address


_PLAIN = (None, Purpose.COOKIES_OF_VISIT)
"""Purposes of simple requests for an address."""


class NotRecorded(Failure, frozen=True):
    """Stands for a request that no record of the source answers; nothing is sent, as under a limit of the run."""

    stage: str = "policy"
    reason: str = "limit"
    message: str = "no record of the source answers this request"


class StoredExchanges(Struct):
    """The exchanges of a bag, found by what was requested."""

    records: StoredRecords
    metadata_of: Mapping[str, tuple[str, ...]]
    """Record -> the metadata records that refer to it."""
    method_of: Mapping[str, str]
    """Record -> its method, where the records log states another than GET."""
    _exchanges: dict[str, Recorded | None] = field(default_factory=dict)
    _about: dict[str, dict[str, Any]] = field(default_factory=dict)

    def about(self, name: str) -> dict[str, Any]:
        """What was recorded of an exchange beside its bytes; empty where nothing was."""
        found = self._about.get(name)
        if found is None:
            if len(self._about) > CACHED:
                self._about.clear()
            found = self._about[name] = self._read_about(name)
        return found

    def _read_about(self, name: str) -> dict[str, Any]:
        names = (name, *self.metadata_of.get(name, ()))
        for each in names:
            record = self.records.get(each)
            if record is not None and record.type == "metadata":
                about = self.records.metadata(each)
                if about.get("schema") == SCHEMA:
                    return about
        return {}

    def get(self, name: str) -> Recorded | None:
        """The exchange that a record stands for. Raises `Broken`."""
        if name not in self._exchanges:
            if len(self._exchanges) > CACHED:
                self._exchanges.clear()
            try:
                found = stored_exchange(self.records, name, self.about(name), self.method_of.get(name, "GET"))
            except WarcError:
                found = None
            self._exchanges[name] = found
        return self._exchanges[name]

    def forget(self) -> None:
        """Free what was read: it is read again where it is needed again."""
        self._exchanges.clear()
        self.records.forget()


class StoredFetcher:
    """Answers the requests of one source's visit from the records that its ledger entry names."""

    def __init__(
        self,
        exchanges: StoredExchanges,
        entry: SourceEntry,
        probes: tuple[str, ...] = (),
        lost: Mapping[str, Requisite] | None = None,
        *,
        earliest: bool = False,
    ) -> None:
        """`lost` is what the ledger says of requisites whose records could not be read, by address.

        With `earliest`, the first exchange of an address answers, as when the source was visited first.
        """
        self._is_earliest = earliest
        self._exchanges, self._entry, self._lost = exchanges, entry, lost or {}
        self.source = entry.id
        self._by_url: dict[str, list[str]] = {}
        self._probes = probes
        self._cookies: dict[str, str] = {}
        """Record -> the cookies of its visit that the request sent."""
        self.derived = StoredFiles()
        self.requested: set[str] = set()
        """Addresses that the visit requested."""
        self.missing: list[str] = []
        """Addresses of pages that were to be requested, and that no record of the source answers."""
        final = dict.fromkeys(_final_records(entry))
        of_requisites = dict.fromkeys(name for name in _of_requisites(entry) if name not in final)
        others = dict.fromkeys(name for name in entry.exchanges if name not in final and name not in of_requisites)
        for name in (*others, *of_requisites, *final):
            record = exchanges.records.get(name)
            self._cookies[name] = _cookies_of(exchanges.about(name))
            if record is not None and record.uri is not None:
                self._by_url.setdefault(record.uri, []).append(name)
            elif record is not None and (uri := exchanges.about(name).get("url")) is not None:
                self._by_url.setdefault(str(uri), []).append(name)

    def call(self, function: Callable[..., object], *values: Any) -> None:
        """Call a function where responses arrive: here and now."""
        function(*values)

    def fetch(self, url: Url, *, series: str, cookies: str = "", **_: object) -> Future[Recorded]:
        """Answer a request by GET with the last exchange of that address: earlier ones are attempts."""
        self.requested.add(url.href)
        names = self._by_url.get(url.href, [])
        for name in names if self._is_earliest else reversed(names):
            if name not in self._probes and self._cookies[name] == cookies:
                found = self._exchanges.get(name)
                if found is not None and found.method == "GET":
                    return _Settled(found if self._is_earliest else self._last_attempt(found, cookies))
        if (requisite := self._lost.get(url.href)) is not None:
            return _Settled(_as_stated(url, requisite))
        self.missing.append(url.href)
        return _Settled(_not_recorded(url))

    def deliver(self, url: Url, *, series: str, receiver: ResultReceiver) -> None:
        """Give the answer at once to what waits for it."""
        receiver.set_result(self.fetch(url, series=series).result())

    def _last_attempt(self, found: Recorded, cookies: str) -> Recorded:
        """The attempt that counts, by the dates of the records and not by the order in the ledger.

        Where `found` may pass, the last one counts; but for a body that was cut, which may be longer than later ones.
        """
        if not may_pass(found):
            return found
        later = [
            each
            for name in self._by_url.get(found.url.href, ())
            if self._cookies[name] == cookies and purpose_of(self._exchanges.about(name)) in _PLAIN
            if (each := self._exchanges.get(name)) is not None and each.method == "GET"
            if each.started > found.started
        ]
        last = max(later, key=lambda each: each.started, default=found)
        return found if may_pass(last) and found.truncated is not None else last

    def send(
        self, request: Request, *, series: str, note: dict[str, str] | None = None, **_: object
    ) -> Future[Recorded]:
        """Answer a request that stands for itself: a probe by its shape, any other by address and method."""
        self.requested.add(request.url.href)
        if note is not None and note.get("purpose") == Purpose.SOFT_404_PROBE:
            return _Settled(self._probe(request.url) or _not_recorded(request.url))
        for name in reversed(self._by_url.get(request.url.href, ())):
            found = self._exchanges.get(name)
            if found is not None and found.method == request.method:
                return _Settled(found)
        return _Settled(_not_recorded(request.url))

    def _probe(self, url: Url) -> Recorded | None:
        for name in reversed(self._probes):
            found = self._exchanges.get(name)
            if found is not None and _shape(found.url) == _shape(url):
                return found
        return None


def purpose_of(about: Mapping[str, Any]) -> object:
    """Why an exchange took place that is not simply a request for its address; None for any other."""
    note = about.get("note")
    return note.get("purpose") if isinstance(note, dict) else None


def probes_of(exchanges: StoredExchanges, entry: SourceEntry) -> Iterator[str]:
    """The responses to probes: of the entry, and of its files where the ledger ties them to no source."""
    for name in entry.exchanges:
        if purpose_of(exchanges.about(name)) == Purpose.SOFT_404_PROBE:
            yield name


def requested_reading(entry: SourceEntry, source: Source) -> Url | None:
    """The reading that was requested last, where it is one; else the likeliest, so that the others are compared."""
    readings = web_readings(source)
    if entry.request_url is None or not readings:
        return None
    return next((url for url in readings if url.href == entry.request_url), readings[0])


def _cookies_of(about: Mapping[str, Any]) -> str:
    note = about.get("note")
    cookies = note.get("cookies") if isinstance(note, dict) else None
    return cookies if isinstance(cookies, str) else ""


def _shape(url: Url) -> tuple[str, int, int]:
    """What the probes of one address have in common; the random text of each is left out."""
    path, _, query = url.target.partition("?")
    return url.origin, path.count("/"), query.count("&") if query else -1


def _of_requisites(entry: SourceEntry) -> Iterator[str]:
    for requisite in entry.requisites:
        yield from requisite.hops
        if requisite.record is not None:
            yield requisite.record


def _final_records(entry: SourceEntry) -> Iterator[str]:
    """The records that the ledger says its verdict rests on: last, so that they answer before earlier attempts."""
    for copy in entry.copies:
        yield from copy.records


def _not_recorded(url: Url) -> Recorded:
    return Recorded(url, "GET", "", None, NotRecorded(), None, "", "", 0, is_fresh=False)


def _as_stated(url: Url, requisite: Requisite) -> Recorded:
    """A response as the ledger states it, without the content that its record had."""
    head = Head("1.1", requisite.status or 200, "", (), True)
    return Recorded(url, "GET", requisite.record or "", head, None, None, "", "", 0, is_fresh=False)


class _Settled(Future[Recorded]):
    """A response that is there already: nobody waits for it, so that nothing is locked."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def done(self) -> bool:
        return True

    def result(self, timeout: float | None = None) -> Recorded:
        return self._recorded

    def add_done_callback(self, fn: Callable[[Future[Recorded]], object]) -> None:
        fn(self)


class StoredFiles(Struct):
    """Takes the place of the writer of derived records: nothing is written, and the digest of what would be is kept."""

    files: dict[str, FileAdded] = field(default_factory=dict)
    statements: list[Mapping[str, Any]] = field(default_factory=list)
    """What would be written as metadata of an exchange."""

    def save_payload(self, path: str, recorded: Recorded, limit: int) -> FileAdded:
        """Derive the file that a response's content is laid down as. Raises `CodingError`."""
        digest, size = hashlib.sha256(), 0
        for piece in recorded.decoded(limit):
            digest.update(piece)
            size += len(piece)
        filed = self.files[path] = FileAdded(path, size, digest.hexdigest(), "")
        return filed

    def write_statement(self, series: str, about: str, block: Mapping[str, Any]) -> None:
        """Take note of a statement on an exchange, so that what is stored of it can be compared."""
        self.statements.append(block)


class Derived(Struct, frozen=True):
    """What the records of a source say, by the same code that captured it."""

    url: Url
    """The address that was visited."""
    outcome: VisitOutcome
    missing: tuple[str, ...]
    requested: frozenset[str]
    """Addresses that the visit requests."""
    files: Mapping[str, FileAdded]
    """Files that capture lays down beside the records, by path."""
    is_with_videos: bool = False
    """True where the outcome is also what the extractor stated of the source's videos."""
    served: tuple[Requisite, ...] = ()
    """The media of the page that capture writes as files; none where it is not `is_with_videos`."""

    def shows_open_videos(self, source: Source) -> bool:
        """True where the verdict may depend on a video of which no statement of the extractor is recorded."""
        return not self.is_with_videos and shows_videos(self.outcome, source)


class StoredSource(Struct, frozen=True):
    """A source, and what its visits are made again of."""

    exchanges: StoredExchanges
    entry: SourceEntry
    source: Source
    report: Report
    conditions: Conditions
    probes: tuple[str, ...]
    """The responses to its probes."""
    videos: Sequence[Mapping[str, Any]] | None
    """What the extractor stated of its videos; None where it may have fetched some and stated nothing."""


def replay_visit(
    stored: StoredSource, url: Url, lost: Mapping[str, Requisite] | None = None, *, earliest: bool = False
) -> Derived:
    """Capture `url` again from what is stored of a source. Raises `Broken`.

    `lost` and `earliest` are those of `StoredFetcher`.
    """
    fetcher = StoredFetcher(stored.exchanges, stored.entry, stored.probes, lost, earliest=earliest)
    visit = stored_visit(fetcher, url, stored.source, stored.report, stored.conditions)
    outcome, videos = system_for(url).capture(visit), stored.videos
    derived = Derived(url, outcome, tuple(fetcher.missing), frozenset(fetcher.requested), fetcher.derived.files)
    if videos is None or lost or fetcher.missing:
        return derived
    extractor = StatedExtractor(videos)
    whole = _with_videos(visit, outcome, extractor)
    if not extractor.is_complete:
        return derived
    return replace(derived, outcome=whole, is_with_videos=True, served=tuple(extractor.served))


def _with_videos(visit: Visit, outcome: VisitOutcome, extractor: StatedExtractor) -> VisitOutcome:
    """The outcome with the videos, as the extractor stated it; not all of it where it stated nothing of one of them."""
    whole = replace(
        outcome,
        requisites=[*outcome.requisites],
        extra_records=[*outcome.extra_records],
        copies=[*outcome.copies],
        files=[*outcome.files],
        notes=[*outcome.notes],
    )
    add_videos(visit, whole, extractor)
    return whole


_DEFAULT_REQUISITES = FetchSettings().requisites


@lru_cache(maxsize=8)
def _settings(requisites: int, *, media: bool, third_parties: bool) -> FetchSettings:
    return FetchSettings(
        allow_private=True,
        media=media,
        third_parties=third_parties,
        every_archive=True,  # those that were queried are all there are
        delay=0.0,
        browser=False,
        requisites=requisites,
    )


def stored_visit(fetcher: StoredFetcher, url: Url, source: Source, report: Report, conditions: Conditions) -> Visit:
    """A visit whose requests are answered from what is stored."""
    requisites = int(conditions.limits.get("requisites", _DEFAULT_REQUISITES))
    settings = _settings(requisites, media=conditions.media, third_parties=conditions.third_parties)
    token: Callable[[], str] = lambda: TOKEN  # noqa: E731
    context = CaptureContext(
        report,
        settings,
        cast(Fetcher, fetcher),
        cast(DerivedRecords, fetcher.derived),
        cast(WorkFolder, None),  # videos alone use it, and they are compared by their files
        token,
    )
    return Visit(fetcher.source, source, url, context)
