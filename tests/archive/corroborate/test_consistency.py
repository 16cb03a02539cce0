"""What a corroboration states follows from itself, or the one who has a single bag sees that something was taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.corroborate.check import check_corroboration
from archive.corroborate.consistency import inconsistencies
from archive.corroborate.corroborate import corroborate
from archive.corroborate.countersign import write_corroboration
from archive_manifests.corroboration import (
    ArchiveEvidence,
    CorroboratedSource,
    Corroboration,
    Difference,
    Independence,
    PairStatus,
    SourceState,
    sorted_sources,
)
from tests.archive.corroborate.observed_site import make_report, observe

NOW = datetime(2030, 1, 1, tzinfo=UTC)
Forge = Callable[[Corroboration], Corroboration]


@pytest.fixture(scope="module")
def bags(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three bags of three sources; the third saw another story, and nobody signed the second."""
    folder = tmp_path_factory.mktemp("bags")
    report = make_report(folder / "report", ("story", "plain", "photo"))
    keys = {"one": 1, "two": None, "three": 3}
    return [observe(report, folder / name / "R1", "forged" if name == "three" else "ok", key) for name, key in keys.items()]


@pytest.fixture(scope="module")
def found(bags: list[Path]) -> Corroboration:
    return corroborate(bags, now=NOW)


def forged(document: Corroboration, at: int, **change: object) -> Corroboration:
    """The document with one source changed, in the order that its state then has."""
    sources = [replace(one, **change) if number == at else one for number, one in enumerate(document.sources)]  # type: ignore[arg-type]
    return replace(document, sources=sorted_sources(sources))


def same(source: CorroboratedSource) -> dict[str, object]:
    """The pairs and the state of a source, all of which saw the same by what is stated."""
    pairs = tuple(replace(pair, status=PairStatus.SAME_TEXT, differences=()) for pair in source.pairs)
    return {"pairs": pairs, "state": SourceState.CORROBORATED}


def without_observer(document: Corroboration) -> Corroboration:
    return replace(document, observers=document.observers[:-1])


def trusted(document: Corroboration) -> Corroboration:
    """Every observer is said to be independent of every other one."""
    relations = [
        replace(one, independence=Independence.INDEPENDENT, reasons=("different-keys",)) for one in document.relations
    ]
    return replace(document, relations=tuple(relations))


def one_key(document: Corroboration) -> Corroboration:
    """Two observers with one key, that are said to be two."""
    keyed = next(one.keys for one in document.observers if one.keys)
    observers = [
        replace(one, keys=keyed, conditions=tuple(code for code in one.conditions if code != "unsigned"))
        for one in document.observers
    ]
    return replace(document, observers=tuple(observers))


FORGED: dict[str, Forge] = {
    "contradicting-pairs-taken-out": lambda one: forged(one, 0, pairs=(), state=SourceState.CORROBORATED),
    "a-pair-taken-out": lambda one: forged(one, 1, pairs=one.sources[1].pairs[:-1]),
    "a-difference-called-none": lambda one: forged(
        one, 0, pairs=tuple(replace(pair, status=PairStatus.SAME_BYTES) for pair in one.sources[0].pairs)
    ),
    "other-bytes-called-the-same": lambda one: forged(
        one, 0, **same(one.sources[0]) | {"pairs": tuple(
            replace(pair, status=PairStatus.SAME_BYTES, differences=()) for pair in one.sources[0].pairs)}
    ),
    "gone-and-shown-called-alike": lambda one: forged(
        one, 1, sightings=(replace(one.sources[1].sightings[0], status="gone"), *one.sources[1].sightings[1:])
    ),
    "a-wall-called-seen": lambda one: forged(
        one, 1, sightings=tuple(
            replace(each, status="blocked", reason="challenge") for each in one.sources[1].sightings)
    ),
    "more-independent-than-keys": lambda one: forged(one, 1, independent=3),
    "corroborated-by-one": lambda one: forged(one, 1, sightings=one.sources[1].sightings[:1]),
    "seen-called-not-seen": lambda one: forged(one, 1, state=SourceState.NOT_SEEN),
    "shown-called-gone": lambda one: forged(one, 1, state=SourceState.SEEN_GONE),
    "a-pair-of-its-own-independence": lambda one: forged(
        one, 1, pairs=tuple(
            replace(pair, independence=Independence.INDEPENDENT, reasons=("different-signers",))
            for pair in one.sources[1].pairs)
    ),
    "archives-without-copies": lambda one: forged(one, 1, archives=ArchiveEvidence("several-archives")),
    "an-unknown-observer": lambda one: forged(
        one, 1, sightings=(*one.sources[1].sightings, replace(one.sources[1].sightings[0], observer="o9"))
    ),
    "a-source-twice": lambda one: replace(one, sources=(*one.sources, one.sources[-1])),
    "contradictions-last": lambda one: replace(one, sources=tuple(reversed(one.sources))),
    "an-observer-taken-out": without_observer,
    "an-observer-twice": lambda one: replace(one, observers=(*one.observers, one.observers[0])),
    "relations-taken-out": lambda one: replace(one, relations=()),
    "unsigned-called-independent": trusted,
    "one-key-called-two": one_key,
    "conditions-taken-out": lambda one: replace(
        one, observers=tuple(replace(each, conditions=()) for each in one.observers)
    ),
    "another-report": lambda one: replace(one, report=replace(one.report, title="Other")),
}  # fmt: skip


def test_what_corroborate_writes_follows_from_itself(found: Corroboration) -> None:
    assert [str(one.state) for one in found.sources] == ["contradicted", "corroborated", "corroborated"]
    assert list(inconsistencies(found)) == []


@pytest.mark.parametrize("name", FORGED)
def test_what_does_not_follow_is_found(found: Corroboration, name: str) -> None:
    assert list(inconsistencies(FORGED[name](found)))


def test_a_source_is_reported_once(found: Corroboration) -> None:
    (wrong,) = inconsistencies(FORGED["contradicting-pairs-taken-out"](found))
    assert (wrong.about, wrong.expected, wrong.found) == (
        found.sources[0].address, "o1 – o2 compared", "no pair o1 – o2"
    )  # fmt: skip


def test_a_difference_in_what_changes_follows_from_itself(found: Corroboration) -> None:
    """Whoever makes up a counter where two bags differ is found by these bags alone."""
    counter = Difference("counter", False, "1", "2")
    pairs = tuple(replace(each, status=PairStatus.DIFFERS, differences=(counter,)) for each in found.sources[0].pairs)
    made_up = forged(found, 0, pairs=pairs, state=SourceState.CORROBORATED)
    assert list(inconsistencies(made_up)) == []


def differing(bag: Path, document: Corroboration, folder: Path) -> list[tuple[str, str]]:
    write_corroboration(document, folder, "en")
    wrong = check_corroboration(bag, folder, None, NOW).findings
    return [(one.expected.split()[0], one.note) for one in wrong if one.code == "corroboration-differs"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("started", {"started": "2020-01-01T00:00:00Z"}), ("round", {"round": "made up"}), ("records_head", {"records_head": "0" * 64}),
        ("conditions", {"conditions": ("no-bracket", "no-round")}), ("keys", {"keys": ("SHA256:another",)}),
    ],
)  # fmt: skip
def test_what_is_stated_of_an_observer_is_compared_with_its_bag(
    bags: list[Path], found: Corroboration, tmp_path: Path, name: str, change: dict[str, object]
) -> None:
    fingerprint = corroborate([bags[0], bags[0]], now=NOW).observers[0].tagmanifest
    ours = next(one for one in found.observers if one.tagmanifest == fingerprint)
    observers = tuple(replace(one, **change) if one is ours else one for one in found.observers)  # type: ignore[arg-type]
    assert differing(bags[0], replace(found, observers=observers), tmp_path / "c") == [(name, ours.name)]


def test_a_source_that_is_left_out_is_found_by_every_bag_that_cites_it(
    bags: list[Path], found: Corroboration, tmp_path: Path
) -> None:
    rest = replace(found, sources=found.sources[1:])
    assert differing(bags[0], rest, tmp_path / "c") == [("source", found.sources[0].address)]
