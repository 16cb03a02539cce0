"""A sound bag opened for forging: one statement is changed, and all that is generated from it is made again.

This is what somebody can do who has the bag, this program, and no key: page, index, data package, PREMIS, bag-info and
all manifests agree with the forged statement, so only a check of what is said against what was recorded finds it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from archive.page.bag_info import info_fields
from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive.page.readme import readme_verify
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive.version import AGENT, __version__
from archive.warc.scan import WarcScan
from archive_manifests import cdxj, custody, disclosure, layout, records
from archive_manifests import ledger as ledgers
from archive_manifests.custody import Event
from archive_manifests.datapackage import datapackage_json, parse_datapackage, title_of
from archive_manifests.ledger import Copy, Ledger, SourceEntry
from archive_manifests.pages import pages_jsonl
from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from archive_manifests.premis import premis_lines
from archive_manifests.records import RecordLine
from archive_manifests.tags import Oxum, format_bag_info

LEDGER = "data/sources.json"
LOG = "data/provenance/records.jsonl"
EVENTS = "data/provenance/events.jsonl"


@dataclass
class ForgedBag:
    """A copy of a sound bag. Change it, then `seal_over`, then `findings`."""

    path: Path

    @classmethod
    def copy_of(cls, bag: Path, to: Path) -> ForgedBag:
        shutil.copytree(bag, to)
        return cls(to)

    # What is in it

    def read(self, path: str) -> bytes:
        return (self.path / path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        place = self.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    @property
    def ledger(self) -> Ledger:
        return ledgers.from_json(self.read(LEDGER))

    @ledger.setter
    def ledger(self, ledger: Ledger) -> None:
        self.write(LEDGER, ledgers.to_json(ledger).encode())

    @property
    def records(self) -> list[RecordLine]:
        lines = self.read(LOG).splitlines(keepends=True)
        return [records.parse_line(line, number) for number, line in enumerate(lines, start=1)]

    def events(self) -> list[Event]:
        lines = self.read(EVENTS).splitlines(keepends=True)
        return [custody.parse_line(line, number) for number, line in enumerate(lines, start=1)]

    def entry(self, source: str) -> SourceEntry:
        return next(entry for entry in self.ledger.sources if entry.id == source)

    # Changing it

    def set_source(self, source: str, **changes: Any) -> None:
        """State something else of one source."""
        ledger = self.ledger
        sources = tuple(replace(e, **changes) if e.id == source else e for e in ledger.sources)
        self.ledger = replace(ledger, sources=sources)

    def set_copy(self, source: str, kind: str, **changes: Any) -> None:
        """State something else of one copy of a source."""
        copies = tuple(replace(c, **changes) if c.kind == kind else c for c in self.entry(source).copies)
        self.set_source(source, copies=copies)

    def copy(self, source: str, kind: str) -> Copy:
        return next(copy for copy in self.entry(source).copies if copy.kind == kind)

    def set_records(self, changed: Iterable[RecordLine]) -> None:
        """State other records, chained again."""
        self.write(LOG, "".join(records.chained(changed)).encode())

    def relog(self) -> None:
        """Log the WARCs as they are now."""
        before = {record.id: record for record in self.records}
        lines = []
        for place in sorted(self.path.glob("data/archive/*")):
            path = f"data/archive/{place.name}"
            scan = WarcScan(BagPath(path))
            scan.feed(place.read_bytes())
            for each in scan.close().records():
                known = before.get(each.id)
                lines.append(
                    RecordLine(
                        *(path, each.offset, each.length, each.sha256, each.id, each.type, each.uri, each.date),
                        http_status=each.http_status,
                        mime=known.mime if known else each.mime,
                        payload_sha256=known.payload_sha256 if known else each.payload_sha256,
                        truncated=each.truncated,
                        method=known.method if known else None,
                    )
                )
        self.set_records(lines)

    def set_warcinfo(self, old: str, new: str) -> None:
        """State something else in the warcinfo of each WARC, its digest and length made right again."""
        for place in sorted(self.path.glob("data/archive/*")):
            scan = WarcScan(BagPath(place.name))
            data = place.read_bytes()
            scan.feed(data)
            first = next(iter(scan.close().records()))
            member = data[: first.length]
            block = gzip.decompress(member).split(b"\r\n\r\n", 1)[1][:-4]
            place.write_bytes(_with_block(member, block.replace(old.encode(), new.encode())) + data[first.length :])

    def set_version(self, version: str) -> None:
        """State everywhere that another version of this program made the bag."""
        other = AGENT.replace(__version__, version)
        self.set_warcinfo(f"software: {AGENT}", f"software: {other}")
        self.relog()
        self.set_json(layout.SOFTWARE, lambda stated: stated.update(version=version))
        self.set_json(layout.DATA_PACKAGE, lambda stated: stated.update(software=other))
        self.set_events(lambda events: [replace(event, agent=other) for event in events])

    def set_blocks(self, blocks: dict[str, bytes]) -> None:
        """Put other blocks into records, by id: their digests, lengths and lines of the log made right again."""
        before = {record.id: record for record in self.records}
        changes = {name: lambda member, block=block: _with_block(member, block) for name, block in blocks.items()}
        self._set_members(changes)
        self.set_records(
            replace(each, payload_sha256=hashlib.sha256(blocks[each.id]).hexdigest())
            if each.id in blocks and before[each.id].payload_sha256 is not None
            else replace(each, payload_sha256=before[each.id].payload_sha256)
            for each in self.records
        )

    def set_heads(self, changes: dict[str, tuple[str, str]]) -> None:
        """State something else in the WARC headers of records, by id: what was stated, and what is."""

        def changed(member: bytes, was: str, now: str) -> bytes:
            head, end, rest = gzip.decompress(member).partition(b"\r\n\r\n")
            assert was.encode() in head
            return gzip.compress(head.replace(was.encode(), now.encode()) + end + rest, mtime=0)

        self._set_members({name: lambda member, one=one: changed(member, *one) for name, one in changes.items()})

    def _set_members(self, changes: Mapping[str, Callable[[bytes], bytes]]) -> None:
        """Store other members for records, by id, and log the WARCs as they are then."""
        before = {record.id: record for record in self.records}
        for path in {before[name].file for name in changes}:
            data, made = self.read(path), b""
            for each in sorted((each for each in before.values() if each.file == path), key=lambda each: each.offset):
                member = data[each.offset : each.offset + each.length]
                made += changes[each.id](member) if each.id in changes else member
            self.write(path, made)
        self.relog()

    def block_of(self, record: str) -> bytes:
        """The block of a record."""
        line = next(each for each in self.records if each.id == record)
        member = self.read(line.file)[line.offset : line.offset + line.length]
        return gzip.decompress(member).partition(b"\r\n\r\n")[2][:-4]

    def set_events(self, change: Callable[[list[Event]], list[Event]]) -> None:
        self.write(EVENTS, "".join(custody.chained(replace(e, prev=None) for e in change(self.events()))).encode())

    def set_json(self, path: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change a JSON document in its own canonical form."""
        document = json.loads(self.read(path))
        change(document)
        self.write(path, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())

    # Making the rest agree

    def seal_over(self, *, leave: Iterable[str] = ()) -> None:
        """Generate what is generated, and write every manifest again. What is in `leave` stays as it is."""
        retained = set(leave)
        if EVENTS not in retained:
            self._remake_events()
        ledger, log, events = self.ledger, self.records, self.events()
        made = {"data/indexes/index.cdx": cdxj.index_cdx(log), "data/pages/pages.jsonl": pages_jsonl(ledger, log)}
        self._write_all(made, retained)
        self._write_all({"data/datapackage.json": self._package(ledger)}, retained)
        name = self.path.name
        stated = [each for each in self._stated() if each[0] not in ("data/index.html", "data/provenance/premis.xml")]
        premis = "".join(premis_lines(ledger, events, stated, name=name))
        self._write_all({"data/provenance/premis.xml": premis}, retained)
        sizes = {path: size for path, size, *_ in self._stated() if path != "data/index.html"}
        text = self.path / "data/report/text.txt"
        words = text.read_text("utf-8") if text.is_file() else None
        page = render_page(
            PageContent(ledger=ledger, text=words, records=log, events=events, files=sizes, name=name)
        )
        self._write_all({"data/index.html": page}, retained)
        self._write_commitment(ledger, log)
        self._write_tag_files(ledger, events, retained)

    def _write_commitment(self, ledger: Ledger, log: list[RecordLine]) -> None:
        if (self.path / layout.SEED).is_file():
            seed = disclosure.parse_seed(self.read(layout.SEED))
            items = disclosure.items_of(log, [(path, sha256) for path, _, sha256, _ in self._stated()], ledger)
            self.write(layout.DISCLOSURE, disclosure.format_commitment(disclosure.commit(seed, items)).encode())

    def _remake_events(self) -> None:
        before = self.events()
        digested = ("archive/", "media/", "views/", "report/", "provenance/time/")
        made = custody.events_of(
            self.ledger,
            agent=before[0].agent,
            resumed=list(custody.resumed_of(before)),
            files=sum(path.removeprefix("data/").startswith(digested) for path in self._payload()),
            records=len(self.records),
            finished=before[-1].time,
            nonce=before[0].facts.get("nonce"),
        )
        self.write(EVENTS, "".join(custody.chained(made)).encode())

    def rewrite_manifests(self) -> None:
        """Write every manifest again, and nothing else."""
        stated = self._stated()
        for at, algorithm in ((2, "sha256"), (3, "sha512")):
            payload = {BagPath(str(each[0])): str(each[at]) for each in stated}
            self.write(manifest_name(algorithm), format_manifest(payload).encode())
        tags = [p.name for p in self.path.iterdir() if p.is_file() and not p.name.startswith("tagmanifest-")]
        for algorithm in ("sha256", "sha512"):
            listed = {BagPath(name): hashlib.new(algorithm, self.read(name)).hexdigest() for name in tags}
            self.write(manifest_name(algorithm, tag=True), format_manifest(listed).encode())

    def _write_tag_files(self, ledger: Ledger, events: list[Event], retained: set[str]) -> None:
        self.rewrite_manifests()
        oxum = Oxum(sum((self.path / p).stat().st_size for p in self._payload()), len(self._payload()))
        identity = hashlib.sha256(self.read("manifest-sha256.txt")).hexdigest()
        fields = info_fields(ledger, oxum, identity, events[-1].time[:10], events[-1].agent)
        readme = readme_verify(self.path.name, demonstration=ledger.conditions.demonstration)
        self._write_all({"bag-info.txt": format_bag_info(fields), "README-VERIFY.txt": readme}, retained)
        self.rewrite_manifests()

    def _write_all(self, made: dict[str, str], retained: set[str]) -> None:
        for path, text in made.items():
            if path not in retained:
                self.write(path, text.encode())

    def _package(self, ledger: Ledger) -> str:
        software = parse_datapackage(self.read("data/datapackage.json")).software or AGENT
        resources = [
            (path.rpartition("/")[2].lower(), path.removeprefix("data/"), size, sha256)
            for path, size, sha256, _ in self._stated()
            if path.split("/")[1] in ("archive", "indexes", "pages")
        ]
        return datapackage_json(title_of(ledger), self.events()[-1].time, software, resources)

    def _payload(self) -> list[str]:
        return sorted(p.relative_to(self.path).as_posix() for p in (self.path / "data").rglob("*") if p.is_file())

    def _stated(self) -> list[tuple[str, int, str, str]]:
        return [(path, *_digested(self.path / path)) for path in self._payload()]

    # What verify says of it

    def verified(self) -> Verification:
        return verify(self.path, jobs=1)

    def errors(self) -> list[tuple[str, str | None]]:
        """Code and source of every error."""
        return [(f.code, f.source) for f in self.verified().findings if f.severity == "error"]


_DIGESTED: dict[tuple[str, int, int], tuple[int, str, str]] = {}
_SETTLED = 1_000_000_000


def _digested(place: Path) -> tuple[int, str, str]:
    """Size, SHA-256 and SHA-512 of a file.

    Copies of a bag keep the times of its files, so that those that no test has written are read once for all tests.
    A time in whole seconds is no file system's own, and a file that was written a moment ago may be written again.
    """
    stat = place.stat()
    known = (place.name, stat.st_size, stat.st_mtime_ns)
    if (found := _DIGESTED.get(known)) is not None:
        return found
    data = place.read_bytes()
    found = len(data), hashlib.sha256(data).hexdigest(), hashlib.sha512(data).hexdigest()
    if stat.st_mtime_ns % _SETTLED and time.time_ns() - stat.st_mtime_ns > _SETTLED:
        _DIGESTED[known] = found
    return found


def _with_block(member: bytes, block: bytes) -> bytes:
    """A stored record with another block, its digest and length made right again."""
    head, _, rest = gzip.decompress(member).partition(b"\r\n\r\n")
    before = rest[:-4]
    for was, now in (
        (hashlib.sha256(before).hexdigest(), hashlib.sha256(block).hexdigest()),
        (f"Content-Length: {len(before)}", f"Content-Length: {len(block)}"),
    ):
        head = head.replace(was.encode(), now.encode())
    return gzip.compress(head + b"\r\n\r\n" + block + b"\r\n\r\n", mtime=0)
