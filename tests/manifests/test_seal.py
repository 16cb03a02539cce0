"""The document that is signed: one spelling, and nothing in it that cannot be changed unseen."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from archive_manifests.disclosure import Commitment
from archive_manifests.errors import StatementError
from archive_manifests.seal import SealedFacts, TagManifestDigests, differences, document, parse

FACTS = SealedFacts(
    bag_id="urn:uuid:7d1c9a4e-0000-5000-8000-000000000001",
    tag_manifests=(
        TagManifestDigests("tagmanifest-sha256.txt", "a" * 64, "b" * 128),
        TagManifestDigests("tagmanifest-sha512.txt", "c" * 64, "d" * 128),
    ),
    events_head="e" * 64,
    disclosure=Commitment("archive-leaf/1", "f" * 64, 512),
)


def test_the_same_facts_always_give_the_same_bytes_and_come_back() -> None:
    assert document(FACTS) == document(parse(document(FACTS)))
    assert parse(document(FACTS)) == FACTS


def test_no_flipped_bit_leaves_a_seal_of_the_same_facts() -> None:
    content = document(FACTS)
    for position in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[position // 8] ^= 1 << position % 8
        try:
            found = parse(bytes(flipped))
        except StatementError:
            continue
        assert found != FACTS, position


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.replace('"purpose"', '"note": "x",\n "purpose"'),
        lambda text: text.replace("\n ", "\n  "),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("archive.seal/2", "archive.seal/1"),
        lambda text: text.replace("archive-bag-seal", "archive-receipt"),
        lambda text: text.replace('"size": 512', '"size": 512.0'),
        lambda text: text.replace('"size": 512', '"size": 512,\n  "size": 512'),
        lambda text: "[" * 100_000,
        lambda text: "",
    ],
)
def test_any_other_spelling_is_refused(changed: object) -> None:
    with pytest.raises(StatementError, match=r"seal\.json"):
        parse(changed(document(FACTS).decode()).encode())  # type: ignore[operator]


def test_every_difference_is_reported_by_name() -> None:
    other = SealedFacts(None, FACTS.tag_manifests[:1], None, None)
    observed = differences(FACTS, other)
    assert [name for name, _, _ in observed] == ["bag_id", "tag_manifests", "events_head", "disclosure"]
    assert observed[3] == ("disclosure", f"sha256:{'f' * 64} over 512 leaves (archive-leaf/1)", "none")
    assert differences(FACTS, FACTS) == []


def test_digests_that_differ_are_reported_as_they_are_and_their_absence_in_words() -> None:
    observed = [f"tagmanifest-sha256.txt sha256:{'a' * 64}, tagmanifest-sha512.txt sha256:{'c' * 64}", "none"]
    bare = replace(FACTS, tag_manifests=(), events_head=None)
    assert differences(FACTS, bare) == [
        ("tag_manifests", *observed),
        ("events_head", str(FACTS.events_head), "none"),
    ]
