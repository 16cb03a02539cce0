"""What the annex says of each source: gaps are gaps, doubts are doubts, and every entry refers to a part of the bag."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.annotate.entries import AnnotatedSource, Sign, annex_entries
from archive.words import languages, load
from archive_manifests.disclosure import Tree, leaf_of, salt_of
from archive_manifests.ledger import Copy, Memento, Reading, Status
from tests.archive.page import sample_ledger as samples

SEED = bytes(range(32))


def entries_of(*sources, language: str = "en", records=(), files=None):  # type: ignore[no-untyped-def]
    ledger = samples.ledger(sources)
    return annex_entries(AnnotatedSource(ledger, {line.id: line for line in records}, files or {}, SEED), load(language))


@pytest.mark.parametrize("language", languages())
def test_every_verdict_has_its_sign_and_sentences_in_every_language(language: str) -> None:
    for entry, annex in zip(samples.every_verdict().sources, entries_of(*samples.every_verdict().sources, language=language), strict=True):
        expected = Sign.PARTIAL if entry.status is Status.PARTIAL else Sign.GAP if entry.status.is_gap else Sign.CAPTURED
        assert annex.sign is expected and annex.verdict and annex.why
        assert annex.label.endswith({Sign.CAPTURED: str(annex.number), Sign.PARTIAL: "~", Sign.GAP: "×"}[expected])
        assert (annex.instant is None) == (expected is Sign.GAP)


def test_an_uncertain_reading_is_marked_as_one_until_a_person_settles_it() -> None:
    doubtful = samples.source(1, "https://example.org/a", Status.CAPTURED, readings=(Reading("https://example.org/a", "uncertain", ("line-break",)),))
    settled = replace(doubtful, readings=(Reading("https://example.org/a", "certain"),))
    first, second = entries_of(doubtful, settled)
    assert first.label == "1?" and first.doubts == load("en").sentence("doubt.line-break")
    assert second.label == "2" and second.doubts is None


def test_an_entry_refers_to_the_record_that_answered_last() -> None:
    lines = [samples.record(1, "https://example.org/a", 301), samples.record(2, "https://example.org/b", 200)]
    lines.append(samples.record(3, "https://example.org/b", None))
    (entry,) = entries_of(samples.source(1, "https://example.org/a", Status.CAPTURED, exchanges=tuple(line.id for line in lines)), records=lines)
    assert (entry.evidence.kind, entry.evidence.ref) == ("record", lines[1].id)
    salt = salt_of(SEED, "record", lines[1].id)
    assert entry.evidence.leaf == leaf_of(salt, "record", bytes.fromhex(lines[1].sha256)).hex()


def test_without_a_record_an_entry_refers_to_a_file_or_to_the_ledger_itself() -> None:
    copy = Copy("supplied", None, "2026-11-22T10:00:00Z", holder="anna", files=("data/media/s01/a.pdf",))
    supplied = samples.source(1, "https://example.org/a", Status.SUPPLIED, copies=(copy,))
    skipped = samples.source(2, "https://example.org/b", Status.NOT_ATTEMPTED, "skipped")
    one, two = entries_of(supplied, skipped, files={"data/media/s01/a.pdf": "ab" * 32})
    assert (one.evidence.kind, one.evidence.ref, one.time_key) == ("file", "data/media/s01/a.pdf", "annex.time_supplied")
    assert (two.evidence.kind, two.evidence.ref) == ("capture", "s02")
    assert two.evidence.leaf is not None and two.evidence.sha256 is None


def test_a_memento_has_its_public_address_and_its_age() -> None:
    memento = Memento("https://web.archive.org/web/2020/https://example.org/a", "2020-01-02T00:00:00Z", -500, False)
    (entry,) = entries_of(samples.source(1, "https://example.org/a", Status.MEMENTO, memento=memento))
    assert entry.public_copy == (memento.url, load("en").instant(memento.datetime))
    assert "500 days before the report" in (entry.why or "")


def test_times_are_given_to_the_second() -> None:
    (entry,) = entries_of(samples.source(1, "https://example.org/a", Status.CAPTURED, started="2026-11-22T10:00:00.123456Z"))
    assert entry.instant == "2026-11-22T10:00:00Z" and "123456" not in (entry.time or "")


def test_leaves_of_entries_are_those_of_the_bags_own_tree() -> None:
    from archive_manifests.disclosure import ledger_items

    skipped = samples.source(1, "https://example.org/b", Status.NOT_ATTEMPTED, "skipped")
    ledger = samples.ledger((skipped,))
    leaves = sorted(leaf_of(salt_of(SEED, i.kind, i.ref), i.kind, i.sha256) for i in ledger_items(ledger))
    (entry,) = entries_of(skipped)
    assert bytes.fromhex(entry.evidence.leaf or "") in Tree(leaves + [bytes(32)] * (8 - len(leaves))).levels[0]
