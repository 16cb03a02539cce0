"""Records that were forged with their digests, log and manifests: each is compared with those that it names."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.words.notes import with_text
from archive_manifests.ledger import Facet, Status, Verdict
from archive_manifests.notes import note
from archive_manifests.records import RecordLine
from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.newspaper import HOST, Press, article, playlist, shown, stream
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.replies import Answer, Close, Reply, Request
from tests.world.site import Site
from tests.world.site import file as served_file
from tests.world.sites import faselhd

OF_THE_WORLD = {"private-trust", "redirected-capture"}
ARCHIVE = "data/archive/s01.warc.gz"
VAULT = "https://vault.example/timemap/link/{+url}"
LARGE = bytes(range(256)) * (40 << 10)  # 10 MiB
CUT_AT = 9 << 20
CITED = {
    "page": "https://sn4hr.org/blog/2019/04/30/53633/",
    "stream": f"https://{HOST}/hls",
    "video": "https://www.youtube.com/watch?v=ut0DuECJLjs",
    "served": f"https://{HOST}/served",
    "large": "https://cut.example/large.bin",
    "memento": f"https://{faselhd.HOST}{faselhd.VIDEO}",
}


class Cut(Site):
    """A large file, of which the first response breaks off."""

    hosts = ("cut.example",)

    def reply(self, request: Request) -> Reply | Answer:
        if request.target != "/large.bin":
            return super().reply(request)
        start = request.range[0] if request.range else 0
        fields = [f"Content-Length: {len(LARGE) - start}", 'ETag: "one"', "Content-Type: application/zip"]
        fields += [f"Content-Range: bytes {start}-{len(LARGE) - 1}/{len(LARGE)}"] if request.range else []
        head = "\r\n".join([f"HTTP/1.1 {'206 Partial Content' if request.range else '200 OK'}", *fields, "", ""]).encode()
        return Answer([head, LARGE[start:]] if request.range else [head, LARGE[:CUT_AT], Close()], keeps=False)


class Bags(dict[str, Path]):
    """A page, a stream in pieces, a video with subtitles, a file in parts, and a copy that an archive holds.

    Each is captured when it is first forged.
    """

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        pieces = Press({"/hls": shown("/v.m3u8"), "/v.m3u8": playlist('#EXT-X-MAP:URI="/init.mp4"')})
        clip = {"/served": article('<video src="/clip.mp4"></video>'), "/clip.mp4": served_file(stream(), "video/mp4")}
        self._sites: dict[str, list[Site]] = {"stream": [pieces], "large": [Cut()], "served": [Press(clip)]}

    def __missing__(self, name: str) -> Path:
        with World(self._sites.get(name)) as world:
            looks = {"memento": True, "every_archive": True, "timemaps": (VAULT,)} if name == "memento" else {"memento": False}
            self[name] = fetched(world, self._factory.mktemp(name), CITED[name], **looks).bag
        assert findings(ForgedBag(self[name])) == set()
        return self[name]


@pytest.fixture(scope="module")
def bags(tmp_path_factory: pytest.TempPathFactory) -> Bags:
    return Bags(tmp_path_factory)


def findings(bag: ForgedBag) -> set[tuple[str, str]]:
    """The code of each error, and what it is about."""
    found = [each for each in bag.verified().findings if each.code not in OF_THE_WORLD]
    return {(each.code, (each.note or "").partition(":")[0].partition(" ")[0]) for each in found}


@dataclass
class Forged(ForgedBag):
    """A bag whose records can be found by what they hold."""

    def metadata(self, schema: str) -> Iterator[tuple[RecordLine, dict[str, Any]]]:
        for each in self.records:
            if each.type == "metadata":
                about = json.loads(self.block_of(each.id))
                if about.get("schema") == schema:
                    yield each, about

    def tie(self, role: str) -> tuple[RecordLine, dict[str, Any]]:
        return next((record, tie) for record, tie in self.metadata("archive.media/1") if tie["role"] == role)

    def set_metadata(self, record: RecordLine, about: dict[str, Any]) -> None:
        self.set_blocks({record.id: (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()})

    def head_of(self, record: RecordLine) -> str:
        line = next(each for each in self.records if each.id == record.id)
        member = self.read(line.file)[line.offset : line.offset + line.length]
        return gzip.decompress(member).partition(b"\r\n\r\n")[0].decode()

    def responses(self, part: str = "") -> list[RecordLine]:
        return [each for each in self.records if each.type == "response" and part in (each.uri or "")]

    def request_of(self, response: RecordLine) -> RecordLine:
        requests = [each for each in self.records if each.type == "request"]
        return next(each for each in requests if response.id in self.head_of(each))

    def set_request(self, was: bytes, now: bytes) -> None:
        name = self.request_of(self.responses("/blog/2019")[0]).id
        self.set_blocks({name: self.block_of(name).replace(was, now, 1)})

    def drop(self, *dropped: RecordLine) -> None:
        """Take records out, and what refers to them from their exchange."""
        names = {each.id for each in dropped}
        lines = [each for each in self.records if each.file == ARCHIVE and each.id not in names]
        members = [self.read(ARCHIVE)[each.offset : each.offset + each.length] for each in lines]
        self.write(ARCHIVE, b"".join(members))
        self.relog()
        for each in self.records:
            for name in names:
                if f"WARC-Concurrent-To: <{name}>" in self.head_of(each):
                    self.set_heads({each.id: (f"WARC-Concurrent-To: <{name}>\r\n", "")})

    def add(self, kind: str, uri: str | None, block: bytes, media_type: str, **fields: str) -> str:
        """Append a record; its id is returned."""
        name, first = f"urn:uuid:{uuid.uuid4()}", self.records[0]
        head = {
            "WARC-Type": kind, "WARC-Record-ID": f"<{name}>", "WARC-Date": self.records[-1].date,
            "Content-Type": media_type, "WARC-Block-Digest": f"sha256:{hashlib.sha256(block).hexdigest()}",
            "WARC-Warcinfo-ID": f"<{first.id}>", "Content-Length": str(len(block)),
            **{key.replace("_", "-"): value for key, value in fields.items()}, **({"WARC-Target-URI": uri} if uri else {}),
        }  # fmt: skip
        text = "\r\n".join(["WARC/1.1", *(f"{key}: {value}" for key, value in head.items()), "", ""]).encode()
        self.write(ARCHIVE, self.read(ARCHIVE) + gzip.compress(text + block + b"\r\n\r\n", mtime=0))
        self.relog()
        return name

    def set_content(self, record: RecordLine, tie: dict[str, Any], block: bytes) -> None:
        """Put other bytes into a file and the record that holds it, and state their digest wherever one is stated."""
        was, now = str(tie["sha256"]), hashlib.sha256(block).hexdigest()
        self.set_blocks({str(tie["record"]): block})
        self.set_metadata(record, json.loads(json.dumps(tie).replace(was, now)) | {"size": len(block)})
        self.write(str(tie["path"]), block)


def _another_end(bag: Forged) -> tuple[RecordLine, dict[str, Any]]:
    record, tie = bag.tie("video")
    bag.set_content(record, tie, bag.block_of(str(tie["record"]))[:-8] + b"FORGED!!")
    return bag.tie("video")


def stream_with_another_end(bag: Forged) -> None:
    _another_end(bag)


def stream_of_no_pieces(bag: Forged) -> None:
    record, tie = _another_end(bag)
    bag.set_metadata(record, {**tie, "made_of": [{**part, "exchanges": []} for part in tie["made_of"]]})


def stream_made_of_nothing(bag: Forged) -> None:
    record, tie = _another_end(bag)
    bag.set_metadata(record, {name: value for name, value in tie.items() if name != "made_of"})


def erased_subtitles(bag: Forged) -> None:
    record, tie = bag.tie("subtitles")
    bag.drop(record)
    (bag.path / tie["path"]).unlink()
    files = tuple(file for file in bag.copy("s01", "live").files if file != tie["path"])
    bag.set_copy("s01", "live", files=files)


def stream_of_another_digest(bag: Forged) -> None:
    record, tie = bag.tie("video")
    tie["made_of"][0]["sha256"] = "0" * 64
    bag.set_metadata(record, tie)


def stream_twice_in_place_of_two(bag: Forged) -> None:
    record, tie = bag.tie("video")
    bag.set_metadata(record, {**tie, "made_of": [tie["made_of"][0]] * 2})


def tie_of_another_record(bag: Forged) -> None:
    record, _ = bag.tie("video")
    was = next(line for line in bag.head_of(record).splitlines() if line.startswith("WARC-Refers-To"))
    bag.set_heads({record.id: (was, f"WARC-Refers-To: <{bag.responses('watch')[0].id}>")})


def file_of_another_page(bag: Forged) -> None:
    record, tie = bag.tie("video")
    bag.set_metadata(record, {**tie, "page": "https://sn4hr.org/another"})


def file_of_the_record_of_no_page(bag: Forged) -> None:
    record, tie = bag.tie("video")
    first = bag.records[0]
    bag.set_metadata(record, {**tie, "page_record": first.id})


def picture_in_a_coding_that_is_not_undone(bag: Forged) -> None:
    record, tie = bag.tie("picture")
    name, false = str(tie["record"]), b"another picture"
    payload = next(each.payload_sha256 for each in bag.records if each.id == name)
    bag.set_blocks({name: bag.block_of(name).replace(b"\r\n\r\n", b"\r\nContent-Encoding: br\r\n\r\n", 1)})
    bag.set_records(replace(each, payload_sha256=payload) if each.id == name else each for each in bag.records)
    bag.set_metadata(record, {**tie, "sha256": hashlib.sha256(false).hexdigest(), "size": len(false)})
    bag.write(str(tie["path"]), false)


def video_that_is_gone(bag: Forged) -> None:
    entry = bag.entry("s01")
    bag.drop(*(record for record, _ in bag.metadata("archive.media/1")))
    for file in bag.copy("s01", "live").files:
        (bag.path / file).unlink()
    for folder in ("data/media/s01", "data/media"):
        (bag.path / folder).rmdir()
    why = with_text(note("video-refused", detail="Video unavailable"))
    absent = Facet(False, with_text(note("source-is", verdict="gone")))
    bag.set_copy("s01", "live", files=(), status=Status.GONE, notes=(why,))
    facets = replace(entry.facets, source_code=absent, media=Facet(False, why))
    changes = {"status": Status.GONE, "reason": "not-found", "detail": why, "facets": facets}
    bag.set_source("s01", live=Verdict(Status.GONE, "not-found", why), **changes)


def statement_dropped(bag: Forged) -> None:
    """What the extractor stated, and each tie but that of the picture: then the player seems to have refused the video."""
    picture, _ = bag.tie("picture")
    ties = {record.id: (record, tie) for record, tie in bag.metadata("archive.media/1")}
    left = tuple(str(tie["path"]) for name, (_, tie) in ties.items() if name == picture.id)
    stated = [record for record, _ in bag.metadata("archive.videos/1")]
    bag.drop(*stated, *(record for name, (record, _) in ties.items() if name != picture.id))
    _without_files(bag, *(file for file in bag.copy("s01", "live").files if file not in left))
    why = with_text(note("video-refused", detail="Video unavailable"))
    absent = Facet(False, with_text(note("source-is", verdict="gone")))
    bag.set_copy("s01", "live", status=Status.GONE, notes=(why,))
    changes = {"status": Status.GONE, "reason": "not-found", "detail": why}
    facets = replace(bag.entry("s01").facets, source_code=absent, media=Facet(False, why))
    bag.set_source("s01", live=Verdict(Status.GONE, "not-found", why), facets=facets, **changes)


def extractor_denied(bag: Forged) -> None:
    """Whatever an extractor left, but for its requests: then none seems to have been installed."""
    schemas = ("archive.videos/1", "archive.media/1")
    bag.drop(*(record for schema in schemas for record, _ in bag.metadata(schema)))
    _without_files(bag, *bag.copy("s01", "live").files)
    why = with_text(note("video-missing", why=note("no-extractor")))
    bag.set_copy("s01", "live", status=Status.PARTIAL, notes=(why,))
    facets = replace(bag.entry("s01").facets, media=Facet(False, why))
    verdict = Verdict(Status.PARTIAL, "media", why)
    bag.set_source("s01", live=verdict, status=Status.PARTIAL, reason="media", detail=why, facets=facets)


def picture_erased(bag: Forged) -> None:
    record, tie = bag.tie("picture")
    bag.drop(record)
    _without_files(bag, str(tie["path"]))


def served_video_erased(bag: Forged) -> None:
    record, tie = bag.tie("video")
    bag.drop(record)
    _without_files(bag, str(tie["path"]))


def served_video_called_unwritten(bag: Forged) -> None:
    (video,) = [each for each in bag.entry("s01").requisites if each.kind == "media"]
    served_video_erased(bag)
    lacking = with_text(note("url-only-in-records", url=video.url))
    bag.set_source("s01", notes=(*bag.entry("s01").notes, lacking))


def _without_files(bag: Forged, *files: str) -> None:
    for file in files:
        (bag.path / file).unlink()
        with contextlib.suppress(OSError):
            (bag.path / file).parent.rmdir()
            (bag.path / "data/media").rmdir()
    bag.set_copy("s01", "live", files=tuple(each for each in bag.copy("s01", "live").files if each not in files))


def body_with_another_end(bag: Forged) -> None:
    record = next(each for each in bag.records if each.type == "resource")
    bag.set_blocks({record.id: bag.block_of(record.id)[:-8] + b"FORGED!!"})


def body_of_parts_in_another_order(bag: Forged) -> None:
    record, about = next(bag.metadata("archive.joined/1"))
    bag.set_metadata(record, {**about, "parts": about["parts"][::-1]})


def body_of_one_part(bag: Forged) -> None:
    record, about = next(bag.metadata("archive.joined/1"))
    bag.set_metadata(record, {**about, "parts": about["parts"][:1]})


def conversion_of_nobody(bag: Forged) -> None:
    page = bag.responses("/blog/2019")[0]
    bag.add("conversion", page.uri, b"invented", "text/plain", WARC_Refers_To=f"<{page.id}>")


def resource_of_nothing(bag: Forged) -> None:
    name = bag.add("resource", bag.responses("/blog/2019")[0].uri, b"invented", "application/pdf")
    entry = bag.entry("s01")
    bag.set_source("s01", exchanges=(*entry.exchanges, name))
    bag.set_records(
        replace(each, payload_sha256=hashlib.sha256(b"invented").hexdigest()) if each.id == name else each
        for each in bag.records
    )


def response_of_no_statement(bag: Forged) -> None:
    block, ended = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", bag.records[-1].date
    answer = bag.add("response", "https://sn4hr.org/secret", block, _HTTP, WARC_Exchange_Ended=ended)
    bag.set_source("s01", exchanges=(*bag.entry("s01").exchanges, answer))


_HTTP = "application/http;msgtype=response"


def metadata_of_nobody(bag: Forged) -> None:
    page = bag.responses("/blog/2019")[0]
    bag.add("metadata", None, b'{"schema": "archive.other/1"}', "application/json", WARC_Refers_To=f"<{page.id}>")


def description_of_another_address(bag: Forged) -> None:
    record, about = next(bag.metadata("archive.exchange/1"))
    bag.set_metadata(record, {**about, "url": f"{about['url']}x"})


def description_dropped(bag: Forged) -> None:
    bag.drop(*(record for record, about in bag.metadata("archive.exchange/1") if "/robots" in about["url"]))


def request_dropped(bag: Forged) -> None:
    bag.drop(bag.request_of(next(each for each in bag.responses() if each.mime == "text/css")))


def requests_of_two_exchanged(bag: Forged) -> None:
    page, sheet = bag.responses("/blog/2019")[0], next(each for each in bag.responses() if each.mime == "text/css")
    bag.set_heads({sheet.id: (bag.request_of(sheet).id, bag.request_of(page).id)})


def responses_of_two_exchanged(bag: Forged) -> None:
    page, sheet = bag.responses("/blog/2019")[0], next(each for each in bag.responses() if each.mime == "text/css")
    requests = bag.request_of(page), bag.request_of(sheet)
    bag.set_heads({requests[0].id: (page.id, sheet.id), requests[1].id: (sheet.id, page.id)})


def request_of_another_response(bag: Forged) -> None:
    page, sheet = bag.responses("/blog/2019")[0], next(each for each in bag.responses() if each.mime == "text/css")
    bag.set_heads({bag.request_of(sheet).id: (sheet.id, page.id)})


def two_requests_of_a_response(bag: Forged) -> None:
    page = bag.responses("/blog/2019")[0]
    request = bag.request_of(page)
    head = {"WARC_Concurrent_To": f"<{page.id}>", "WARC_IP_Address": "127.0.0.1"}
    bag.add("request", page.uri, bag.block_of(request.id), "application/http;msgtype=request", **head)


def _ended(to: Callable[[str], str]) -> Callable[[Forged], None]:
    def forge(bag: Forged) -> None:
        described = {about["url"] for _, about in bag.metadata("archive.exchange/1")}  # those on a new connection
        sheet = next(each for each in bag.responses() if each.mime == "text/css" and each.uri not in described)
        line = next(line for line in bag.head_of(sheet).splitlines() if line.startswith("WARC-Exchange-Ended"))
        stated = line.removeprefix("WARC-Exchange-Ended: ")
        bag.set_heads({sheet.id: (line, f"WARC-Exchange-Ended: {to(stated)}")})

    return forge


def _request(was: bytes, now: bytes) -> Callable[[Forged], None]:
    return lambda bag: bag.set_request(was, now)


def lookup_for_another_day(bag: Forged) -> None:
    record, about = next(bag.metadata("archive.memento/1"))
    bag.set_metadata(record, {**about, "report_date": "2016-01-01"})


def video_without_description(bag: Forged) -> None:
    record, tie = bag.tie("description")
    bag.drop(record)
    (bag.path / tie["path"]).unlink()
    files = tuple(file for file in bag.copy("s01", "live").files if file != tie["path"])
    bag.set_copy("s01", "live", files=files)


def lookup_of_another_archive(bag: Forged) -> None:
    lookups = {about["archive_host"]: (record, about) for record, about in bag.metadata("archive.memento/1")}
    record, about = lookups["vault.example"]
    bag.set_metadata(record, {**about, "archive_host": "web.archive.org"})


MADE, SENT, LINE = "derivation-contradicted", "exchange-contradicted", ("exchange-contradicted", "request")
BROTLI = {("file-contradicted", "s01"), ("verdict-contradicted", "https"), ("verdict-contradicted", "1")}
GONE = {("derivation-contradicted", "conversion"), ("facet-contradicted", "media;"), ("verdict-contradicted", "s01")}
LINKED, TIED = ("exchange-contradicted", "WARC-Concurrent-To"), ("media-unexplained", "s01")
UNLISTED, NOTED = ("file-unlisted", "s01"), ("note-contradicted", "nothing")
ERASED = {(MADE, "conversion"), NOTED, TIED, ("media-unexplained", "https")}
ON_PAGE: dict[str, tuple[Callable[[Forged], None], tuple[str, str]]] = {
    "ended before it began": (_ended(lambda _: "2016-01-01T00:00:00.000000Z"), (SENT, "WARC-Exchange-Ended")),
    "ended after the run": (_ended(lambda stated: f"9{stated[1:]}"), (SENT, "WARC-Exchange-Ended")),
    "another path": (_request(b"/blog/2019", b"/blog/2018"), LINE),
    "another host": (_request(b"Host: sn4hr.org", b"Host: evil.example"), LINE),
    "two hosts": (_request(b"\r\nAccept:", b"\r\nHost: evil.example\r\nAccept:"), LINE),
    "an absolute address": (_request(b"GET /", b"GET https://evil.example/"), LINE),
    "a password": (_request(b"\r\n\r\n", b"\r\nAuthorization: Basic eDp5\r\n\r\n"), (SENT, "Authorization")),
}
FORGERIES: dict[str, tuple[str, Callable[[Forged], None], set[tuple[str, str]]]] = {
    **{name: ("page", forge, {found}) for name, (forge, found) in ON_PAGE.items()},
    "a stream with another end": ("stream", stream_with_another_end, {(MADE, "resource")}),
    "a stream of no pieces": ("stream", stream_of_no_pieces, {(MADE, "resource"), TIED}),
    "a stream made of nothing": ("stream", stream_made_of_nothing, {(MADE, "resource"), TIED}),
    "subtitles erased": ("video", erased_subtitles, {TIED, UNLISTED}),
    "a stream of another digest": ("video", stream_of_another_digest, {(MADE, "response")}),
    "a stream twice": ("video", stream_twice_in_place_of_two, {TIED}),
    "a tie moved": ("video", tie_of_another_record, {(MADE, "conversion"), TIED, ("file-unexplained", "s01")}),
    "a file of another page": ("video", file_of_another_page, {(MADE, "data/media/s01/video.mp4;")}),
    "a file of the record of no page": ("video", file_of_the_record_of_no_page, {(MADE, "data/media/s01/video.mp4;")}),
    "a picture in Brotli": ("video", picture_in_a_coding_that_is_not_undone, BROTLI),
    "a video that is gone": ("video", video_that_is_gone, {*GONE, TIED, UNLISTED}),
    "a statement dropped": ("video", statement_dropped, {*ERASED, ("verdict-contradicted", "the"), ("facet-contradicted", "media;")}),
    "an extractor denied": ("video", extractor_denied, {(MADE, "conversion"), NOTED, TIED}),
    "a picture erased": ("video", picture_erased, {UNLISTED}),
    "a served video erased": ("served", served_video_erased, {TIED}),
    "a served video called unwritten": ("served", served_video_called_unwritten, {TIED, NOTED}),
    "a body with another end": ("large", body_with_another_end, {(MADE, "resource")}),
    "a body of parts in another order": ("large", body_of_parts_in_another_order, {(MADE, "resource")}),
    "a body of one part": ("large", body_of_one_part, {(MADE, "resource")}),
    "a conversion of nobody": ("page", conversion_of_nobody, {("record-unexplained", "s01")}),
    "a resource of nothing": ("page", resource_of_nothing, {(MADE, "resource")}),
    "a response of no statement": ("page", response_of_no_statement, {("exchange-foreign", "s01"), LINKED, (SENT, "connection")}),
    "metadata of nobody": ("page", metadata_of_nobody, {("record-unexplained", "s01")}),
    "metadata of another address": ("page", description_of_another_address, {(SENT, "metadata")}),
    "metadata dropped": ("page", description_dropped, {(SENT, "connection")}),
    "a request dropped": ("page", request_dropped, {LINKED}),
    "another's request": ("page", requests_of_two_exchanged, {LINKED}),
    "requests that name each other's responses": ("page", responses_of_two_exchanged, {LINKED}),
    "a request of another response": ("page", request_of_another_response, {LINKED}),
    "two requests of a response": ("page", two_requests_of_a_response, {LINKED}),
    "a look-up for another day": ("memento", lookup_for_another_day, {("memento-contradicted", "the")}),
    "a video without its description": ("video", video_without_description, {("media-unexplained", "https"), UNLISTED}),
    "a look-up of another archive": ("memento", lookup_of_another_archive, {("memento-contradicted", "archive_host;")}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_record_is_found(name: str, bags: Bags, tmp_path: Path) -> None:
    of, forge, expected = FORGERIES[name]
    shutil.copytree(bags[of], tmp_path / "T1")
    bag = Forged(tmp_path / "T1")
    forge(bag)
    bag.seal_over()
    assert findings(bag) == expected
