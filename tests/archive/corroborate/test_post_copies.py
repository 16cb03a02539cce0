"""A post whose page shows nothing without programs: its network sends the post itself in a second answer."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace
from typing import Any

from msgspec import structs

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.evidence import SourceEvidence, read_evidence
from archive_manifests.ledger import Copy
from archive_manifests.records import RecordLine
from tests.archive.corroborate.page_pairs import entry

SHELL = "https://post.example/user/status/1844"
API = "https://cdn.post.example/result?id=1844&lang=en"
POST = {"id": "1844", "text": "Three reporters were taken from the hotel at 16:10", "favorite_count": 1204}


class Records:
    """The records of a bag, in memory: one exchange for each address."""

    def __init__(self, bodies: dict[str, tuple[str, bytes]], links: tuple[str, ...] = ()) -> None:
        self.links = links
        self.bodies = {f"urn:uuid:{url}": body for url, body in bodies.items()}
        self.lines = {
            name: RecordLine(
                "data/archive/s01.warc.gz", 0, 1, hashlib.sha256(body).hexdigest(), name, "response", name[9:],
                "2026-11-29T10:00:00Z", 200, kind, hashlib.sha256(body).hexdigest(),
            )
            for name, (kind, body) in self.bodies.items()
        }  # fmt: skip

    def exchange(self, name: str) -> Any:
        kind, _ = self.bodies[name]
        head = SimpleNamespace(all=lambda field: list(self.links) if field == "link" else [])
        return SimpleNamespace(media_type=kind, answer=name, charset="utf-8", url=SimpleNamespace(href=name[9:]), head=head)

    def content(self, name: str) -> bytes:
        return self.bodies[name][1]


def post(links: tuple[str, ...] = (), **said: object) -> SourceEvidence:
    """What a bag has of the post, which says `said` instead; without its second answer where that is `None`."""
    answer = json.dumps({**POST, **said}).encode()
    bodies = {SHELL: ("text/html", b"<title>Post</title><div id=root></div>"), API: ("application/json", answer)}
    if said.get("text", "") is None:
        del bodies[API]
    copies = tuple(Copy("live", url, "2026-11-29T10:00:00Z", records=(f"urn:uuid:{url}",)) for url in bodies)
    return read_evidence(structs.replace(entry(), copies=copies), Records(bodies, links), {})  # type: ignore[arg-type]


def found(other: SourceEvidence) -> tuple[str, list[tuple[str, bool, str, str]]]:
    compared = compare_sources(post(), other)
    assert compared is not None
    return str(compared.status), [
        (each.what, each.is_substance, each.first, each.second) for each in compared.differences
    ]


def test_the_post_itself_is_compared_and_not_only_the_page_around_it() -> None:
    assert found(post()) == ("same-bytes", [])
    assert found(post(favorite_count=1210))[0] != "contradicts"
    other = POST["text"].replace("taken", "invited")  # type: ignore[attr-defined]
    assert found(post(text=other)) == (
        "contradicts", [("data", True, f"document.text: {POST['text']}", f"document.text: {other}")],
    )  # fmt: skip


def test_a_post_that_one_observer_alone_has_is_missing_at_the_other() -> None:
    status, differences = found(post(text=None))
    assert (status, [each[:2] for each in differences]) == ("differs", [("missing", False)])
    assert differences[0][2].startswith("cdn.post.example/result?id=1844")


def test_every_field_of_a_head_that_has_the_same_name_is_compared() -> None:
    preload, sheet = "</a.js>; rel=preload", "</hide.css>; rel=stylesheet"
    compared = compare_sources(post((preload,)), post((preload, sheet)))
    assert compared is not None
    found = [(each.what, each.is_substance, each.second) for each in compared.differences]
    assert found == [("style", True, "post.example/hide.css")]
