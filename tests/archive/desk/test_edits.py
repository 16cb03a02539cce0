from __future__ import annotations

import pytest

from archive.desk import edits
from archive.desk.edits import OWN, Decision, accept, add, decide, leave_out, remove
from archive.errors import UsageProblem
from archive_manifests.source_toml import from_toml, to_toml
from archive_manifests.sources import Citation, PassedOver, Report, Source, SourceManifest

SURE = Source("https://a.example/", (Citation(page=1, line=1),))
BROKEN = Source(
    "https://b.example/one-", (Citation(page=1, line=2),), ("https://b.example/one-two",), ("line-break",)
)
BARE = Source("b.example/x", (Citation(),), ("https://b.example/x", "http://b.example/x"), ("no-scheme",))
MANIFEST = SourceManifest(Report("R1"), (SURE, BROKEN, BARE))


def test_accepting_settles_the_doubt_with_the_likeliest_address() -> None:
    assert accept(MANIFEST, 1).sources[1].reading == "https://b.example/one-"
    assert accept(MANIFEST, 2).sources[2].reading == "https://b.example/x"


@pytest.mark.parametrize(
    ("index", "decision", "reading"),
    [
        (0, Decision("0"), None),
        (1, Decision("1"), "https://b.example/one-two"),
        (1, Decision("9"), None),
        (1, Decision("-1"), None),
        (1, Decision(OWN, own="https://b.example/typed"), "https://b.example/typed"),
        (0, Decision(OWN, own=" https://a.example/other "), "https://a.example/other"),
    ],
)
def test_a_decision_is_what_the_source_manifest_says(index: int, decision: Decision, reading: str | None) -> None:
    changed = decide(MANIFEST, index, decision)
    assert changed.sources[index].reading == reading
    assert from_toml(to_toml(changed)).sources[index].reading == reading
    assert [one for number, one in enumerate(changed.sources) if number != index] == [
        one for number, one in enumerate(MANIFEST.sources) if number != index
    ]


@pytest.mark.parametrize("typed", ["", "b.example/x", "ftp://b.example/", "javascript:alert(1)", "https://", "https://a\nb/"])
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem, match="web address"):
        decide(MANIFEST, 0, Decision(OWN, own=typed))
    with pytest.raises(UsageProblem, match="web address"):
        add(MANIFEST, typed)


def test_marks_are_set_and_taken_back() -> None:
    marked = decide(MANIFEST, 0, Decision(graphic=True, skip=True, sensitivity="names a witness", note="n", media=False))
    source = marked.sources[0]
    assert (source.graphic, source.skip, source.sensitivity, source.note, source.media) == (
        True, True, "names a witness", "n", False,
    )  # fmt: skip
    assert decide(marked, 0, Decision()).sources[0] == SURE
    assert leave_out(marked, 0, skip=False).sources[0].skip is False


def test_a_source_is_added_once_and_only_an_added_one_is_removed() -> None:
    more = add(MANIFEST, "https://c.example/", 3)
    assert more.sources[3] == Source("https://c.example/", (Citation(page=3, found_by="person"),))
    with pytest.raises(UsageProblem, match="already"):
        add(more, "https://c.example/")
    assert remove(more, 3) == MANIFEST
    with pytest.raises(UsageProblem, match="the report cites it"):
        remove(more, 0)


def test_what_was_passed_over_can_be_added_where_it_is_an_address() -> None:
    assert edits.as_address(PassedOver("bare-host", "c.example")) == "https://c.example"
    assert edits.as_address(PassedOver("javascript", "javascript:x")) is None
