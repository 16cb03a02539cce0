"""Fetching a few sources from the loopback internet by the real path, and reading the bag with a reader not ours."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive_manifests.ledger import Copy, Requisite, SourceEntry
from tests.world import World

DATE = "2021-05-21"


@dataclass(frozen=True, slots=True)
class Stored:
    """One WARC record as it lies in the bag."""

    type: str
    id: str
    uri: str
    block: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class Fetched:
    """What a fetch made."""

    world: World
    bag: Path
    entries: list[SourceEntry]
    records: list[Stored] = field(default_factory=list)

    @property
    def entry(self) -> SourceEntry:
        (entry,) = self.entries
        return entry

    @property
    def verdict(self) -> tuple[str, str | None]:
        return str(self.entry.status), self.entry.reason

    def urls(self, host: str | None = None) -> list[str]:
        """What was requested, the robots.txt of each host aside."""
        return [url for url in self.world.urls(host) if not url.endswith("/robots.txt")]

    def notes(self, schema: str) -> list[tuple[Stored, dict[str, Any]]]:
        """The metadata records of one kind, with their JSON."""
        found = []
        for record in self.records:
            if record.type == "metadata" and record.headers["Content-Type"] == "application/json":
                observed = json.loads(record.block)
                if observed.get("schema") == schema:
                    found.append((record, observed))
        return found

    def record(self, ident: str) -> Stored:
        return next(record for record in self.records if record.id == ident)

    def copy(self, kind: str) -> Copy:
        (copy,) = [copy for copy in self.entry.copies if copy.kind == kind]
        return copy

    def requisites(self, entry: SourceEntry | None = None) -> dict[str, tuple[str, str | None]]:
        return {each.url: (each.outcome, each.reason) for each in (entry or self.entry).requisites}

    def requisite(self, part: str) -> Requisite:
        (found,) = [each for each in self.entry.requisites if part in each.url]
        return found


def fetched(
    world: World, folder: Path, *cited: str, report: str = f'date = "{DATE}"', source: str = "", **settings: Any
) -> Fetched:
    """Fetch a source manifest of these sources; `report` and `source` are lines of its TOML."""
    manifest = folder / "sources.toml"
    tables = "".join(f"[[source]]\ncited = {json.dumps(url, ensure_ascii=False)}\n{source}\n" for url in cited)
    manifest.write_text(f'[report]\nid = "T1"\n{report}\n\n{tables}', encoding="utf-8")
    wanted = {"connect_to": tuple(world.connect_to), "cacerts": (Path(world.ca_file),), "delay": 0.0}
    result = fetch(manifest, folder / "T1", FetchSettings(**{**wanted, **settings}))
    made = Fetched(world, result.bag, list(result.ledger.sources), stored(result.bag))
    assert_every_byte_is_stored(made)
    assert world.strays == []
    assert_every_id_is_there(made)
    return made


def stored(bag: Path) -> list[Stored]:
    found = []
    for path in sorted((bag / "data/archive").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                headers = dict(record.rec_headers.headers)
                ident = headers["WARC-Record-ID"].strip("<>")
                uri = headers.get("WARC-Target-URI", "")
                found.append(Stored(record.rec_type, ident, uri, record.raw_stream.read(), headers))
    return found


def assert_every_byte_is_stored(made: Fetched) -> None:
    """Each answer that the world sent is in the WARC once, as it was sent, and nothing else is."""
    # What is no HTTP stands in a resource.
    raw = ("application/http;msgtype=response", "application/octet-stream")
    answers = [record for record in made.records if record.headers.get("Content-Type") in raw]
    retained = Counter((record.uri, record.block) for record in answers)
    sent = Counter((seen.url, seen.sent) for seen in made.world.requested() if seen.size)
    assert sorted(url for url, _ in sent - retained) == []
    assert sorted(url for url, _ in retained - sent) == []


def assert_every_id_is_there(made: Fetched) -> None:
    """Whatever the ledger names is in the bag, and no exchange is there that no source owns up to."""
    ids = {record.id for record in made.records}
    owned: set[str] = set()
    for entry in made.entries:
        owned |= {*entry.exchanges, *(record for copy in entry.copies for record in copy.records)}
        owned |= {each.record for each in entry.requisites if each.record}
        owned |= {hop for each in entry.requisites for hop in each.hops}
        for copy in entry.copies:
            for path in copy.files:
                assert (made.bag / path).is_file()
    assert owned - ids == set()
    answers = {record.id: record.uri for record in made.records if record.type == "response"}
    assert [uri for ident, uri in answers.items() if ident not in owned] == []
