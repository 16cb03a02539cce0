"""An observer countersigns nothing but what a comparison of the same bags gives."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.corroborate.agreement import disagreement
from archive.corroborate.corroborate import corroborate
from archive.corroborate.countersign import read_folder, write_corroboration
from archive.corroborate.page import render_corroboration
from archive.errors import AlreadyThere
from archive.trust.seal_folder import seal_folder
from archive_manifests.corroboration import (
    FILE,
    PAGE,
    Corroboration,
    Independence,
    ObserverFacts,
    RefusedBag,
    SourceState,
    sorted_sources,
    to_json,
)
from tests.archive.corroborate.observed_site import make_report, observe
from tests.cli.invoke import run as invoke

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def bags(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("bags")
    report = make_report(folder / "report", ("story", "plain"))
    made = {"mine": ("ok", 1), "forged": ("forged", 2)}
    return [observe(report, folder / name / "R210517", way, key) for name, (way, key) in made.items()]


@pytest.fixture(scope="module")
def document(bags: list[Path]) -> Corroboration:
    return corroborate(bags, now=NOW)


def of_first(**changes: object) -> Callable[[Corroboration], Corroboration]:
    def forge(document: Corroboration) -> Corroboration:
        first: ObserverFacts = replace(document.observers[0], **changes)  # type: ignore[arg-type]
        return replace(document, observers=(first, *document.observers[1:]))

    return forge


def with_state(document: Corroboration) -> Corroboration:
    forged = [replace(one, state=SourceState.CORROBORATED) for one in document.sources]
    return replace(document, sources=sorted_sources(forged))


FORGERIES: list[tuple[Callable[[Corroboration], Corroboration], str]] = [
    (of_first(conditions=()), "o1 conditions: none there, connect-to"),
    (of_first(round="another"), "o1 round: another there, none here"),
    (of_first(keys=()), "o1 keys: none there, SHA256:"),
    (of_first(started="2020-01-01T00:00:00Z"), "o1 started: 2020-01-01T00:00:00Z there"),
    (of_first(authorities=("Time Ltd",)), "o1 authorities: Time Ltd there, none here"),
    (of_first(not_later_than="2020-01-01T00:00:00Z"), "o1 not_later_than: 2020-01-01T00:00:00Z there, none here"),
    (lambda one: replace(one, report=replace(one.report, title="Another")), "report: Another there"),
    (lambda one: replace(one, refused=(RefusedBag("R1", None, "unsound", "x"),)), "bags that do not count: a bag unso"),
    (
        lambda one: replace(
            one, relations=tuple(replace(each, independence=Independence.UNKNOWN) for each in one.relations)
        ),
        "o1 – o2: unknown there, independent here",
    ),
    (with_state, "http://daily.example/story: corroborated there, contradicted here"),
    (lambda one: replace(one, sources=one.sources[1:]), "other sources"),
    (lambda one: replace(one, observers=one.observers[1:]), "other bags"),
]


@pytest.mark.parametrize(("forge", "expected"), FORGERIES)
def test_a_document_that_states_more_or_less_is_not_agreed_with(
    document: Corroboration, forge: Callable[[Corroboration], Corroboration], expected: str
) -> None:
    assert disagreement(document, document) is None
    found = disagreement(forge(document), document)
    assert found is not None
    assert found.startswith(expected)


def test_names_and_what_one_reader_alone_trusts_are_no_disagreement(document: Corroboration) -> None:
    named = of_first(bag="of-anna", signers=("anna",))(document)
    relations = tuple(replace(one, reasons=("different-signers",)) for one in named.relations)
    pairs = [[replace(pair, reasons=("different-signers",)) for pair in one.pairs] for one in named.sources]
    sources = tuple(replace(one, pairs=tuple(each)) for one, each in zip(named.sources, pairs, strict=True))
    named = replace(named, relations=relations, sources=sources)
    assert disagreement(named, document) is None
    assert disagreement(document, named) is None
    stamped = {"authorities": ("Time Ltd",), "not_later_than": "2029-01-01T00:00:00Z"}
    mine, theirs = of_first(**stamped)(document), of_first(authorities=("Time Ltd",))(document)
    assert disagreement(theirs, mine) is None


def test_an_altered_document_and_an_altered_page_are_refused(document: Corroboration, tmp_path: Path) -> None:
    folder = write_corroboration(document, tmp_path / "c", "en").folder
    forged = of_first(conditions=())(read_folder(folder))
    (folder / FILE).write_text(to_json(forged))
    (folder / PAGE).write_text(render_corroboration(forged))
    with pytest.raises(AlreadyThere, match=r"states something else \(o1 conditions: none there"):
        write_corroboration(document, folder, "en")
    (folder / FILE).write_text(to_json(document))
    (folder / PAGE).write_text(render_corroboration(document).replace("Contradicted", "Corroborated"))
    with pytest.raises(AlreadyThere, match=r"index\.html: not the page that corroboration\.json gives"):
        write_corroboration(document, folder, "en")
    (folder / PAGE).write_text(render_corroboration(document, "fr"))
    assert not write_corroboration(document, folder, "en").is_new


def test_bags_that_were_signed_since_give_another_document(bags: list[Path], tmp_path: Path) -> None:
    unsigned = []
    for bag in bags:
        unsigned.append(tmp_path / bag.parent.name / bag.name)
        shutil.copytree(bag, unsigned[-1])
    out = tmp_path / "c"
    first = invoke("corroborate", *unsigned, "-o", out)
    assert first.exit_code == 1
    assert "each signs their own (archive sign BAG --key KEY)" in first.stdout
    for bag in bags:
        shutil.copytree(seal_folder(bag), seal_folder(tmp_path / bag.parent.name / bag.name))
    again = invoke("corroborate", *unsigned, "-o", out)
    assert again.exit_code == 2
    assert "states something else (o1 keys: none there, SHA256:" in again.stderr
