"""A ledger that holds everything a page must show, and a text to go with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from archive_manifests.custody import Event
from archive_manifests.ledger import (
    REASONS,
    SCHEMA,
    Conditions,
    Copy,
    Facet,
    Facets,
    Ledger,
    Memento,
    ReportEntry,
    Requisite,
    SourceEntry,
    Status,
    Verdict,
)
from archive_manifests.notes import note
from archive_manifests.records import RecordLine
from archive_manifests.sources import Citation, Report

PILOT = Path(__file__).parents[3] / "manifests" / "examples" / "R210517"
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
STARTED, ENDED = "2026-11-22T10:00:00Z", "2026-11-22T10:14:32Z"
FACETS = Facets(
    source_code=Facet(True),
    appearance=Facet(False, note("no-browser")),
    media=Facet(False, note("no-media-named")),
)
NOTHING = Facets(*(Facet(False, note("source-is", verdict="gone")) for _ in range(3)))

HOSTILE = (
    '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>{{7*7}}{% raw %}'
    "\x1b[31mred\x1b[0m\u202eexe.fdp\u2066\x00\ue000&amp;</title></style>\u2028\ud800"
)
"""What a page, a report or a server may say to break out of where it is shown."""


def source(number: int, cited: str, status: Status, reason: str | None = None, **changes: Any) -> SourceEntry:
    """A source with its verdict; whatever is not given is as plain as can be."""
    is_gap = status.is_gap and status is not Status.PARTIAL
    entry = SourceEntry(
        id=f"s{number:02d}",
        cited=cited,
        citations=(),
        status=status,
        reason=reason,
        detail=None,
        live=Verdict(status, reason),
        copies=(),
        final_url=None if is_gap else cited,
        http_status=None if is_gap else 200,
        started=f"2026-11-22T10:0{number % 10}:07Z",
        ended=f"2026-11-22T10:0{number % 10}:31Z",
        exchanges=(),
        requisites=(),
        facets=NOTHING if is_gap else FACETS,
    )
    return replace(entry, **changes)


def ledger(sources: tuple[SourceEntry, ...], conditions: Conditions | None = None, **report: Any) -> Ledger:
    """A ledger over sources."""
    stated = Report("R210517", title="The Syrian Regime Threatens the Families of Activists", date="2021-05-21")
    return Ledger(
        schema=SCHEMA,
        report=ReportEntry(replace(stated, **report), "data/report/original.txt", "R210517.txt", 18_107, 7),
        conditions=conditions or Conditions(USER_AGENT),
        started=STARTED,
        ended=ENDED,
        sources=sources,
    )


def every_verdict() -> Ledger:
    """A source for every status with every one of its reasons."""
    observed = [(status, reason) for status, reasons in REASONS.items() for reason in (sorted(reasons) or [None])]
    return ledger(
        tuple(
            source(number, f"https://example.org/{status}/{reason}", status, reason)
            for number, (status, reason) in enumerate(observed, start=1)
        )
    )


def pilot_text() -> str:
    return (PILOT / "report.txt").read_text("utf-8")


def record(number: int, uri: str, status: int | None, *, source_id: str = "s01") -> RecordLine:
    return RecordLine(
        file=f"data/archive/{source_id}.warc.gz",
        offset=number * 4_211,
        length=4_000,
        sha256=f"{number:064x}",
        id=f"urn:uuid:00000000-0000-4000-8000-{int(source_id[1:]):04d}{number:08d}",
        type="metadata" if status is None else "response",
        uri=uri,
        date=f"2026-11-22T10:00:{number % 60:02d}Z",
        http_status=status,
        mime=None if status is None else "text/html",
    )


def cited_in(text: str, url: str, page: int, context: str | None = None) -> tuple[Citation, ...]:
    """Every place where the URL stands as a line of the text."""
    found, start = [], text.find(url + "\n")
    while start >= 0:
        line = text.count("\n", 0, start) + 1
        found.append(Citation(page=page, line=line, offset=start, length=len(url), context=context))
        start = text.find(url + "\n", start + len(url))
    return tuple(found)


ARABIC_URL = "https://www.faselhd.pro/movies/%D9%81%D9%8A%D9%84%D9%85-cave-2019"


class Pilot:
    """The pilot's nine sources, with one verdict of most kinds, as they might have ended."""

    def __init__(self) -> None:
        self.text = pilot_text()
        self.records = [
            record(1, "https://sn4hr.org/blog/2019/04/30/53633/", 200),
            record(1, "https://sn4hr.org/?p=24105", 301, source_id="s02"),
            record(2, "https://sn4hr.org/blog/2016/06/29/24105/", 200, source_id="s02"),
            record(1, "https://www.youtube.com/watch?v=ut0DuECJLjs", 200, source_id="s03"),
            record(1, ARABIC_URL, 403, source_id="s05"),
            record(1, "http://webtv.un.org/", None, source_id="s07"),
        ]
        self.files = {
            "data/report/original.txt": 18_107,
            "data/report/text.txt": 18_107,
            "data/sources.json": 44_120,
            **{f"data/archive/s{number:02d}.warc.gz": 1_234_567 * number for number in (1, 2, 3, 5, 7)},
            "data/views/s01/thumbnail.png": 20_480,
            "data/views/s01/screenshot.png": 1_048_576,
            "data/views/s01/page.pdf": 348_576,
            "data/media/s03/video.mp4": 88_048_576,
            "data/media/s03/video.info.json": 40_960,
            "data/media/s09/photo.jpg": 348_576,
            "data/media/s09/page.html": 12_000,
        }
        self.events = [
            Event(1, STARTED, "creation", "evidence-archive 0.1.0", "the work was begun", "begun"),
            Event(2, "2026-11-22T10:02:00Z", "capture", "evidence-archive 0.1.0", "s01 was captured", "captured"),
            Event(3, ENDED, "ingestion", "evidence-archive 0.1.0", "the bag was finished", "finished"),
        ]

    def ledger(self, **report: Any) -> Ledger:
        conditions = Conditions(
            USER_AGENT,
            connect_to=("*:443:127.0.0.1:8443", ":80:127.0.0.1:8080"),
            added_cas=("sha256:" + "a1b2" * 16,),
            demonstration=True,
            memento_policy=note("memento-policy-wayback"),
            limits={"delay": 1.0, "max_size": 5_000_000_000.0},
            clock=note("clock-ahead", seconds=2, hosts=12),
        )
        return ledger(tuple(self._sources()), conditions, publisher="Syrian Network for Human Rights", **report)

    def _sources(self) -> list[SourceEntry]:
        failed = [
            Requisite(f"https://sn4hr.org/wp-content/uploads/2016/06/{name}.jpg", "failed", "timeout", "image")
            for name in ("one", "two", "%d8%b3%d8%a7%d8%b1%d8%a9")
        ]
        sick = Requisite("https://fonts.example.net/css?family=Droid", "error", "http", "style", status=404)
        whole = [Requisite(f"https://sn4hr.org/style-{n}.css", "captured", None, "style") for n in range(12)]
        ids = {record.uri: record.id for record in self.records}
        return [
            self._source(1, "https://sn4hr.org/blog/2019/04/30/53633/", 2, Status.CAPTURED,
                         exchanges=(ids["https://sn4hr.org/blog/2019/04/30/53633/"],), requisites=(*whole, sick),
                         facets=Facets(Facet(True), Facet(True), Facet(False, note("no-media-named"))),
                         title="Ali Othman: a prominent activist | SNHR"),
            self._source(2, "https://sn4hr.org/?p=24105", 2, Status.PARTIAL, "requisites",
                         exchanges=(ids["https://sn4hr.org/?p=24105"], ids["https://sn4hr.org/blog/2016/06/29/24105/"]),
                         final_url="https://sn4hr.org/blog/2016/06/29/24105/", requisites=(*whole, *failed, sick),
                         title="سارة العلاو: شهادة معتقلة سابقة"),
            self._source(3, "https://www.youtube.com/watch?v=ut0DuECJLjs", 2, Status.CAPTURED, graphic=True,
                         exchanges=(ids["https://www.youtube.com/watch?v=ut0DuECJLjs"],),
                         facets=Facets(Facet(True), Facet(False, note("no-browser")), Facet(True)), quote_found="yes"),
            self._source(4, "https://sn4hr.org/blog/2018/04/08/51899/", 3, Status.UNREACHABLE, "dns",
                         memento_lookup="none", detail=note("no-response", detail="no address for sn4hr.org (NXDOMAIN), asked three times")),
            self._source(5, ARABIC_URL, 3, Status.BLOCKED, "challenge", http_status=403,
                         exchanges=(ids[ARABIC_URL],), detail=note("login-page", detail="Just a moment...")),
            self._source(6, self._line("https://www.coe.int"), 3, Status.GONE, "soft-404", http_status=200,
                         memento_lookup="error"),
            self._source(7, self._line("http://webtv.un.org"), 4, Status.MEMENTO,
                         live=Verdict(Status.UNREACHABLE, "dns"), exchanges=(ids["http://webtv.un.org/"],),
                         memento=Memento("https://web.archive.org/web/20210402112000id_/http://webtv.un.org/",
                                         "2021-04-02T11:20:00Z", -49, False), memento_lookup="found",
                         copies=(Copy("memento", "https://web.archive.org/web/20210402112000id_/http://webtv.un.org/",
                                      STARTED, "web.archive.org", (ids["http://webtv.un.org/"],)),)),
            self._source(8, "https://sn4hr.org/?p=55768", 4, Status.NOT_ATTEMPTED, "skipped", started=None, ended=None),
            self._source(9, self._line("https://drive.google.com"), 5, Status.SUPPLIED,
                         live=Verdict(Status.BLOCKED, "login"), graphic=False,
                         copies=(Copy("supplied", None, "2021-05-20T00:00:00Z", "SNHR, documentation desk",
                                      files=("data/media/s09/photo.jpg", "data/media/s09/page.html"),
                                      notes=(note("supplied", detail="saved in a browser, logged in", name="photo.jpg"),)),),
                         notes=(note("attested-unnamed", when="2026-11-22T12:00:00Z",
                                     detail="the photo shows what the report says"),)),
        ]  # fmt: skip

    def _line(self, start: str) -> str:
        return next(line for line in self.text.splitlines() if line.startswith(start))

    def _source(self, number: int, url: str, page: int, status: Status, *more: Any, **changes: Any) -> SourceEntry:
        context = "The Syrian regime has also forced many, through torture, to appear on state-run media."
        citations = cited_in(self.text, url, page, context)
        return source(number, url, status, *more, **{"citations": citations, **changes})

    def arguments(self, **report: Any) -> dict[str, Any]:
        """What `render_page` takes."""
        return {
            "ledger": self.ledger(**report),
            "text": self.text,
            "records": self.records,
            "events": self.events,
            "files": self.files,
        }


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
