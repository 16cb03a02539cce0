"""What the annex says of each source: gaps are gaps, doubts are doubts, and every entry refers to a part of the bag."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from archive.annotate.entries import AnnexFacts, AnnotatedSource, Sign, annex_entries
from archive.annotate.office import comment_lines
from archive.annotate.plain import annex_text
from archive.words import languages, load
from archive_manifests.disclosure import Tree, leaf_of, salt_of
from archive_manifests.ledger import Copy, Memento, Reading, Status
from tests.archive.page import sample_ledger as samples

SEED = bytes(range(32))


def entries_of(*sources, language: str = "en", records=(), files=None):  # type: ignore[no-untyped-def]
    ledger = samples.ledger(sources)
    return annex_entries(AnnotatedSource(ledger, {line.id: line for line in records}, files or {}, SEED), load(language))


_SIGNS = {
    Status.CAPTURED: (Sign.CAPTURED, ""),
    Status.MEMENTO: (Sign.MEMENTO, "*"),
    Status.SUPPLIED: (Sign.SUPPLIED, "+"),
    Status.PARTIAL: (Sign.PARTIAL, "~"),
}


@pytest.mark.parametrize("language", languages())
def test_every_verdict_has_its_sign_and_sentences_in_every_language(language: str) -> None:
    for entry, annex in zip(samples.every_verdict().sources, entries_of(*samples.every_verdict().sources, language=language), strict=True):
        sign, end = _SIGNS.get(entry.status, (Sign.GAP, "×"))
        assert annex.sign is sign and annex.verdict and annex.why
        assert annex.label == f"{annex.number}{end}"
        assert (annex.instant is None) == (sign is Sign.GAP)


def test_an_uncertain_reading_is_marked_as_one_until_a_person_settles_it() -> None:
    doubtful = samples.source(1, "https://example.org/a", Status.CAPTURED, readings=(Reading("https://example.org/a", "uncertain", ("line-break",)),))
    settled = replace(doubtful, readings=(Reading("https://example.org/a", "certain"),))
    first, second = entries_of(doubtful, settled)
    assert first.label == "1?" and first.doubts == load("en").sentence("doubt.line-break")
    assert second.label == "2" and second.doubts is None


def test_an_entry_refers_to_the_page_and_not_to_a_video_within_it_or_to_a_look_up() -> None:
    url = "https://example.org/a"
    hop, page = samples.record(1, url, 301), samples.record(2, "https://example.org/b", 200)
    picture = samples.record(3, "https://i.example.net/thumbnail.jpg", 200)
    copy = Copy("live", page.uri, "2026-11-22T10:00:00Z", records=(hop.id, page.id), status=Status.CAPTURED)
    failure = replace(samples.record(4, url, None), type="metadata")
    lookup = samples.record(5, "https://web.archive.org/cdx/search/cdx?url=a", 200)
    captured = samples.source(1, url, Status.CAPTURED, exchanges=(hop.id, page.id, picture.id), copies=(copy,))
    failed = samples.source(2, url, Status.UNREACHABLE, "timeout", exchanges=(failure.id, lookup.id))
    one, two = entries_of(captured, failed, records=(hop, page, picture, failure, lookup))
    assert (one.evidence.kind, one.evidence.ref) == ("record", page.id)
    salt = salt_of(SEED, "record", page.id)
    assert one.evidence.leaf == leaf_of(salt, "record", bytes.fromhex(page.sha256)).hex()
    assert (two.evidence.kind, two.evidence.ref) == ("record", failure.id)


def test_an_entry_names_the_place_in_the_page_and_the_files_that_a_person_can_open() -> None:
    files = tuple(f"data/media/s01/{name}" for name in ("video.mp4", "a.vtt", "b.vtt", "info.json"))
    copy = Copy("live", None, "2026-11-22T10:00:00Z", files=(*files, "data/media/s01/not-there.jpg"))
    (entry,) = entries_of(samples.source(1, "https://example.org/a", Status.CAPTURED, copies=(copy,)), files=dict.fromkeys(files, "ab" * 32))
    assert entry.places == ("data/index.html#en-s01", *files[:3], "…")


@pytest.mark.parametrize("language", languages())
def test_conditions_that_make_captures_false_are_said_beside_every_mark_and_sheet(language: str) -> None:
    entries = entries_of(samples.source(1, "https://example.org/a", Status.CAPTURED), language=language)
    words = load(language)
    plain = AnnexFacts(words, "R1", f"sha256:{'ab' * 32}", "r.txt", "cd" * 32, 7, entries)
    doubtful = replace(plain, doubtful=replace(samples.ledger(()).conditions, demonstration=True, cookies=True).doubtful)
    said = [words.sentence(f"condition_name.{name}") for name in ("demonstration", "cookies")]
    for facts, expected in ((plain, [False, False]), (doubtful, [True, True])):
        comment, annex = "\n".join(comment_lines(facts, entries[0])), annex_text(facts, "signed")
        assert [name in comment for name in said] == [name in annex for name in said] == expected


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
