"""The disclosure commitment: any leaf can be shown, and none guessed."""

from __future__ import annotations

import hashlib
import hmac

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archive_manifests import disclosure
from archive_manifests.disclosure import Commitment, Item, Tree, commit, leaf_of, root_of, salt_of, tree_of
from archive_manifests.errors import StatementError
from archive_manifests.ledger import Status
from archive_manifests.records import RecordLine
from tests.archive.page.sample_ledger import ledger, source

SEED = bytes(range(32))


def item(number: int) -> Item:
    return Item("file", f"data/{number}", hashlib.sha256(b"%d" % number).digest())


def test_the_root_is_the_one_that_the_documented_formula_gives() -> None:
    """Computed again from the page in docs/reference, with nothing of the module under test."""
    one = item(1)
    salt = hmac.new(SEED, b"salt\0file\0data/1", "sha256").digest()
    leaves = [hashlib.sha256(b"\0archive-leaf/1\0" + salt + b"file\0" + one.sha256).digest()]
    leaves += [hmac.new(SEED, b"padding\0" + str(n).encode(), "sha256").digest() for n in range(255)]
    level = sorted(leaves)
    while len(level) > 1:
        level = [hashlib.sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level), 2)]
    assert commit(SEED, [one]) == Commitment("archive-leaf/1", level[0].hex(), 256)


@given(st.integers(1, 600), st.data())
def test_every_leaf_leads_to_the_root_by_its_path_and_no_other_does(count: int, data: st.DataObject) -> None:
    tree = tree_of(SEED, map(item, range(count)))
    leaves = tree.levels[0]
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert root_of(leaves[index], index, tree.path(index)) == tree.root
    other = data.draw(st.integers(0, len(leaves) - 1).filter(lambda number: number != index))
    assert root_of(leaves[other], index, tree.path(index)) != tree.root


def test_a_small_and_a_large_bag_have_trees_of_a_power_of_two() -> None:
    sizes = [commit(SEED, map(item, range(count))).size for count in (0, 1, 256, 257, 1000)]
    assert sizes == [256, 256, 256, 512, 1024]


def test_a_tree_of_another_number_of_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match="3 leaves; expected a power of two"):
        Tree([bytes(32)] * 3)


@pytest.mark.parametrize("size", [0, 32, 64, 65, 200])
def test_salts_are_keyed_by_the_seed_whatever_its_length(size: int) -> None:
    seed = bytes(range(size))
    assert salt_of(seed, "file", "\u0628") == hmac.new(seed, b"salt\0file\0\xd8\xa8", "sha256").digest()


def test_the_salt_differs_with_seed_kind_and_reference() -> None:
    salts = {salt_of(SEED, "file", "a"), salt_of(SEED, "record", "a"), salt_of(SEED, "file", "b")}
    assert len(salts | {salt_of(bytes(32), "file", "a")}) == 4
    assert leaf_of(bytes(32), "file", bytes(32)) != leaf_of(bytes(32), "record", bytes(32))


def test_the_two_halves_of_an_entry_hold_every_field_once() -> None:
    entry = source(1, "https://example.org/a", Status.CAPTURED)
    halves = [msgspec.json.decode(half) for half in (disclosure.citations_half(entry), disclosure.capture_half(entry))]
    assert halves[0]["id"] == halves[1]["id"] == "s01"
    fields = [name for half in halves for name in half if name != "id"]
    assert sorted(["id", *fields]) == sorted(msgspec.to_builtins(entry))
    assert "cited" in halves[0] and "cited" not in halves[1]


def test_each_part_of_a_ledger_changes_the_leaf_that_holds_it_and_no_other() -> None:
    whole = ledger(tuple(source(number, f"https://example.org/{number}", Status.CAPTURED) for number in (1, 2)))
    before = {(each.kind, each.ref): each.sha256 for each in disclosure.ledger_items(whole)}
    entry = replace(whole.sources[1], title="another title")
    after = disclosure.ledger_items(replace(whole, sources=(whole.sources[0], entry)))
    assert [(each.kind, each.ref) for each in after if before[(each.kind, each.ref)] != each.sha256] == [
        ("capture", "s02")
    ]
    after = disclosure.ledger_items(replace(whole, ended="2030-01-01T00:00:00Z"))
    assert [each.kind for each in after if before[(each.kind, each.ref)] != each.sha256] == ["conditions"]


def test_neither_seed_nor_warc_is_a_file_item_and_each_record_is_an_item() -> None:
    files = [("data/provenance/seed.txt", "00" * 32), ("data/archive/s01.warc.gz", "11" * 32), ("data/a", "22" * 32)]
    found = disclosure.file_items(files)
    assert list(found) == [Item("file", "data/a", b"\x22" * 32)]
    record = RecordLine("data/archive/s01.warc.gz", 0, 1, "33" * 32, "urn:uuid:1", "response", None, "")
    assert list(disclosure.record_items([record])) == [Item("record", "urn:uuid:1", b"\x33" * 32)]


def test_the_seed_and_the_commitment_read_back() -> None:
    assert disclosure.parse_seed(disclosure.format_seeds([SEED]).encode()) == SEED
    commitment = commit(SEED, [])
    assert disclosure.parse_commitment(disclosure.format_commitment(commitment).encode()) == commitment


@pytest.mark.parametrize("content", [b"", SEED.hex().encode(), SEED.hex().upper().encode() + b"\n", b"0" * 63 + b"\n"])
def test_a_seed_in_any_other_form_is_refused(content: bytes) -> None:
    with pytest.raises(StatementError, match=r"seed\.txt: expected 64 lower-case hex digits"):
        disclosure.parse_seed(content)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("sha256:", "sha512:"), "expected the lines"),
        (("Size: 256", "Size: 0256"), "expected the lines"),
        (("archive-leaf/1", "archive-leaf/9"), "scheme 'archive-leaf/9' is not known"),
        (("256\n", "256\nMore: 1\n"), "expected the lines"),
    ],
)
def test_a_commitment_in_any_other_form_is_refused(change: tuple[str, str], said: str) -> None:
    text = disclosure.format_commitment(commit(SEED, []))
    with pytest.raises(StatementError, match=said):
        disclosure.parse_commitment(text.replace(*change).encode())


def test_the_nonce_of_a_bag_follows_from_its_seed() -> None:
    assert disclosure.nonce_of(SEED) != disclosure.nonce_of(bytes(32)) and len(disclosure.nonce_of(SEED)) == 32
