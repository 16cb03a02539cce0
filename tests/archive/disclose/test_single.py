"""One record or file alone: its bytes, its audit path, and every way to break them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.annotate.annotate import AnnotationOrder, annotate
from archive.annotate.exhibits.write import ExhibitOrder
from archive.disclose.single import SingleOrder, check_one, disclose_one
from archive.errors import StatementError, UsageProblem
from archive.trust.seal_folder import seal_folder
from archive_manifests.disclosure import Tree, leaf_of, root_of
from tests.archive.disclose.test_disclose import bag, sealed  # noqa: F401 -- fixtures

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def records(bag: Path) -> list[str]:  # noqa: F811
    return [json.loads(line)["id"] for line in (bag / "data/provenance/records.jsonl").read_bytes().splitlines()]


def test_a_record_alone_leads_to_the_sealed_root_and_names_nothing_else(bag: Path) -> None:  # noqa: F811
    chosen = records(bag)[2]
    made = disclose_one(SingleOrder(bag, bag.with_name("one"), record=chosen), now=NOW)
    found = check_one(made.folder)
    assert found.is_in_tree and found.is_sealed and found.path.ref == chosen
    line = next(json.loads(line) for line in (bag / "data/provenance/records.jsonl").read_bytes().splitlines() if chosen.encode() in line)
    stored = (bag / line["file"]).read_bytes()[line["offset"] : line["offset"] + line["length"]]
    assert (made.folder / "record.warc.gz").read_bytes() == stored
    written = b"".join(place.read_bytes() for place in made.folder.rglob("*") if place.is_file())
    assert (bag / "data/provenance/seed.txt").read_bytes().strip() not in written
    assert [other for other in records(bag) if other != chosen and other.encode() in written.replace(stored, b"")] == []
    events = [json.loads(each) for each in (seal_folder(bag) / "custody.jsonl").read_bytes().splitlines()]
    assert events[-1]["type"] == "dissemination" and events[-1]["objects"] == [chosen]


def _flip(folder: Path) -> None:
    place = folder / "exhibit.txt"
    place.write_bytes(place.read_bytes()[:-1] + b"?")


def _change(name: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        proof = json.loads((folder / "proof.json").read_bytes())
        proof[name] = value(proof[name]) if callable(value) else value
        (folder / "proof.json").write_text(json.dumps(proof))

    return change


@pytest.mark.parametrize(
    "forge",
    [
        _flip,
        _change("salt", "0" * 64),
        _change("kind", "record"),
        _change("index", lambda index: index ^ 1),
        _change("path", lambda path: list(reversed(path))),
        _change("root", "0" * 64),
    ],
)
def test_a_changed_part_or_proof_does_not_lead_to_the_root(bag: Path, forge: Callable[[Path], None]) -> None:  # noqa: F811
    made = disclose_one(SingleOrder(bag, bag.with_name("one"), file="data/report/text.txt"), now=NOW)
    forge(made.folder)
    assert not check_one(made.folder).is_in_tree


def test_another_seal_or_none_is_not_taken_for_this_one(bag: Path) -> None:  # noqa: F811
    made = disclose_one(SingleOrder(bag, bag.with_name("one"), file="data/report/text.txt"), now=NOW)
    place = made.folder / "seal/seal.json"
    root = json.loads(place.read_bytes())["disclosure"]["root"].encode()
    place.write_bytes(place.read_bytes().replace(root, b"0" * 64))
    assert check_one(made.folder).is_sealed is False
    shutil.rmtree(made.folder / "seal")
    assert check_one(made.folder).is_sealed is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"size": 3}, "contradict"), ({"salt": "xyz"}, "64 lower-case hex"), ({"schema": "archive.audit-path/9"}, "not known")],
)
def test_a_proof_that_contradicts_itself_is_not_read(bag: Path, changed: dict[str, object], said: str) -> None:  # noqa: F811
    made = disclose_one(SingleOrder(bag, bag.with_name("one"), file="data/report/text.txt"), now=NOW)
    proof = json.loads((made.folder / "proof.json").read_bytes())
    (made.folder / "proof.json").write_text(json.dumps(proof | changed))
    with pytest.raises(StatementError, match=said):
        check_one(made.folder)


@pytest.mark.parametrize("file", ["data/provenance/seed.txt", "data/archive/s01.warc.gz"])
def test_the_seed_and_what_is_no_payload_file_are_never_disclosed_alone(bag: Path, file: str) -> None:  # noqa: F811
    with pytest.raises(UsageProblem, match="no payload file that is disclosed on its own"):
        disclose_one(SingleOrder(bag, bag.with_name("one"), file=file), now=NOW)
    assert not bag.with_name("one").exists()


@given(st.integers(0, 6).flatmap(lambda depth: st.tuples(st.just(depth), st.integers(0, (1 << depth) - 1))))
def test_every_leaf_of_every_tree_leads_to_its_root_and_no_other_leaf_does(place: tuple[int, int]) -> None:
    depth, index = place
    leaves = sorted(leaf_of(bytes(32), "record", number.to_bytes(32, "big")) for number in range(1 << depth))
    tree = Tree(leaves)
    assert root_of(leaves[index], index, tree.path(index)) == tree.root
    assert root_of(bytes(32), index, tree.path(index)) != tree.root


def test_an_exhibit_is_named_by_its_source_or_its_number(bag: Path, tmp_path: Path) -> None:  # noqa: F811
    """A source's record shows it; a number leads to what its exhibit was made of, and only with the book of numbers."""
    annotate(AnnotationOrder(bag, tmp_path / "out", exhibits=ExhibitOrder()))
    entry = json.loads((bag / "data/sources.json").read_bytes())["sources"][0]
    by_source = disclose_one(SingleOrder(bag, tmp_path / "one", file="s01"), now=NOW)
    assert by_source.path.kind == "record" and by_source.path.ref in entry["exchanges"]
    assert check_one(by_source.folder).is_sealed
    book = json.loads((tmp_path / "out/exhibits.json").read_bytes())
    number = f"{book['prefix']}{book['exhibits'][0]['first']:07d}"
    by_number = disclose_one(SingleOrder(bag, tmp_path / "two", file=number, exhibits=tmp_path / "out"), now=NOW)
    assert by_number.path.ref == by_source.path.ref  # a slip sheet stands for the source's record
    with pytest.raises(UsageProblem, match="--exhibits"):
        disclose_one(SingleOrder(bag, tmp_path / "three", file=number), now=NOW)
    unknown = SingleOrder(bag, tmp_path / "three", file=f"{book['prefix']}9999999", exhibits=tmp_path / "out")
    with pytest.raises(UsageProblem, match="gives this number to nothing"):
        disclose_one(unknown, now=NOW)
    assert not (tmp_path / "three").exists()


@pytest.mark.parametrize("name", ["s99", "data/nothing.mp4", "bagit.txt", "data/provenance/seed.txt", "one"])
def test_what_is_no_part_is_refused_by_name(bag: Path, tmp_path: Path, name: str) -> None:  # noqa: F811
    with pytest.raises(UsageProblem, match=re.escape(f"--exhibit {name}: ")):
        disclose_one(SingleOrder(bag, tmp_path / "one", file=name), now=NOW)
    assert not (tmp_path / "one").exists()
