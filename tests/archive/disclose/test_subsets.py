"""Names of what is withheld, in every spelling; what goes with a disclosed record; the redacted text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.disclose import search
from archive.disclose.disclose import DisclosureOrder, disclose
from archive.disclose.redaction import redacted_text
from archive.disclose.search import NameSearch
from archive.disclose.selection import _companions
from archive.verify.run import verify
from archive_manifests.disclosure_copy import REDACTED, WITHHELD
from archive_manifests.findings import State
from archive_manifests.ledger import Status
from tests.archive.disclose.test_disclose import bag, sealed, trusting  # noqa: F401 -- fixtures
from tests.archive.page.sample_ledger import source

IDS = st.integers(0, 12)


@given(st.dictionaries(IDS, st.sets(IDS, max_size=3), max_size=13), st.sets(IDS))
def test_a_companion_refers_to_nothing_that_is_not_in_the_copy(ties: dict[int, set[int]], named: set[int]) -> None:
    """A request or a description goes along only where all that it refers to is disclosed."""
    texts = {f"r{one}": tuple(f"r{other}" for other in others - {one}) for one, others in ties.items()}
    wanted = {f"r{one}" for one in named}
    companions = _companions([], texts, wanted)
    assert all(set(texts[each]) <= wanted | companions for each in companions)
    assert not companions & wanted


SECRET = "https://secret.example/witness/Ann%C3%A9?id=42&x=1"
CANARIES = {
    "as it is": SECRET,
    "decoded": "https://secret.example/witness/Anné?id=42&x=1",
    "escaped for HTML": SECRET.replace("&", "&amp;"),
    "escaped for JSON": SECRET.replace("/", "\\/"),
    "escaped for scripts": SECRET.replace("&", "\\u0026"),
    "encoded once more": "https%3A%2F%2Fsecret.example%2Fwitness%2FAnn%C3%A9%3Fid%3D42%26x%3D1",
    "in capitals": SECRET.upper(),
    "without scheme": "secret.example/witness/Ann%C3%A9?id=42&x=1",
    "its path alone": "/witness/Ann%C3%A9",
}


@pytest.mark.parametrize("spelled", CANARIES)
def test_a_name_is_found_in_every_spelling_and_across_pieces(monkeypatch: pytest.MonkeyPatch, spelled: str) -> None:
    monkeypatch.setattr(search, "WINDOW", 64)
    hidden, shown = source(2, SECRET, Status.CAPTURED), source(1, "https://open.example/", Status.CAPTURED)
    names = NameSearch([hidden], [shown])
    content = b"x" * 5000 + CANARIES[spelled].encode() + b"y" * 5000
    for size in (7, 1000, len(content)):
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        assert {hit.source for hit in names.search("here", pieces)} == {"s02"}
    assert list(names.search("here", [b"nothing of it"])) == []


def test_redacted_text_names_nothing_withheld_and_is_marked_as_derived(bag: Path, tmp_path: Path) -> None:  # noqa: F811
    order = DisclosureOrder(bag, tmp_path / "copy", frozenset({"s02"}), "safety", accepts_names=True, with_text=True)
    made = disclose(order, now=datetime(2026, 11, 30, tzinfo=UTC))
    text = (made.path / REDACTED).read_text("utf-8")
    assert "?p=55768" not in text and text.count("[withheld]") == 2 and "?p=24105" in text
    assert REDACTED in json.loads((made.path / WITHHELD).read_bytes())["derived"]
    assert verify(made.path, trust=trusting(tmp_path / "trust"), jobs=1).answers["origin"].state is State.PASSED
    assert not [hit for hit in made.hits if hit.place == REDACTED]


def test_a_name_that_a_line_break_parts_is_taken_out_too() -> None:
    hidden = source(2, "https://secret.example/witness/Anne", Status.CAPTURED)
    text = redacted_text("See https://secret.example/wit\nness/Anne and go on.", [hidden], [])
    assert "witness" not in "".join(text.split()) and text.endswith("See [withheld] and go on.")
