"""What a court and the desk are told of a source: the state, and which observers saw nothing of it."""

from __future__ import annotations

import pytest

from archive.corroborate.standing import Standing, standings
from archive.words import languages
from archive_manifests.corroboration import (
    SCHEMA,
    ArchiveEvidence,
    CorroboratedSource,
    Corroboration,
    ObserverFacts,
    ReportFacts,
    Sighting,
    SourceState,
)

REPORT = ReportFacts("R1", None)


def sighting(observer: str, status: str, *, is_seen: bool) -> Sighting:
    return Sighting(
        observer=observer, source="s01", cited="https://news.example/", status=status, reason=None, is_seen=is_seen,
        final_url=None, title=None, visited=None, payload_sha256=None, text_sha256=None,
    )  # fmt: skip


def observer(name: str) -> ObserverFacts:
    return ObserverFacts(
        name=name, bag=name, tagmanifest=f"sha256:{name}", report=REPORT, keys=(), signers=(), started="", ended="",
        not_earlier_than=None, not_later_than=None, authorities=(), round=None, conditions=(), records_head=None,
    )  # fmt: skip


def document(*sightings: Sighting) -> Corroboration:
    seen = sum(one.is_seen for one in sightings)
    source = CorroboratedSource(
        "https://news.example/", SourceState.CORROBORATED, seen, seen, sightings, (), ArchiveEvidence("none")
    )
    observers = tuple(observer(one.observer) for one in sightings)
    return Corroboration(SCHEMA, "", REPORT, observers, (), (), (source,))


def test_who_met_a_wall_is_said_beside_what_the_others_saw() -> None:
    sides = ("o1", "captured"), ("o2", "captured"), ("o3", "blocked"), ("o4", "blocked"), ("o5", "unreachable")
    found = standings(document(*(sighting(*one, is_seen=one[1] == "captured") for one in sides)), "sha256:o1")["s01"]
    assert found.unseen == (("o3", "blocked"), ("o4", "blocked"), ("o5", "unreachable"))
    assert found.sentence() == (
        "2 observers with different keys captured this source and saw the same, but for what changes with every visit. "
        "3 of its 5 observers saw nothing of this source (o3: Blocked; o4: Blocked; o5: Not reachable)."
    )


def test_nothing_more_is_said_where_all_saw_it() -> None:
    found = standings(document(*(sighting(one, "captured", is_seen=True) for one in ("o1", "o2"))), "sha256:o2")["s01"]
    assert found == Standing("corroborated", 2, 2, "https://news.example/")
    assert "saw nothing" not in found.sentence()


@pytest.mark.parametrize("language", languages())
def test_every_language_names_them(language: str) -> None:
    assert "o3" in Standing("corroborated", 2, 2, unseen=(("o3", "blocked"),)).sentence(language)
