"""A disclosure copy: proven to be a part of the sealed bag, and no help to whoever guesses what is withheld."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest
from warcio.checker import Checker

from archive.bag.open import open_bag
from archive.disclose.disclose import Disclosed, DisclosureOrder, NamesFound, NotDisclosable, disclose
from archive.errors import BagUnreadable, UsageProblem
from archive.fetch.fetch import fetch
from archive.replay.contents import read_contents
from archive.seal.facts import read_facts
from archive.seal.sign import add_signature, write_seal
from archive.ssh.allowed_signers import entry_line
from archive.trust.seal_folder import seal_folder
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests import layout
from archive_manifests.disclosure_copy import LEAVES, PROOFS, WITHHELD
from archive_manifests.findings import Kind, State
from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.sample_bags import observed
from tests.archive.verify.standalone import check_alone
from tests.world import World
from tests.world.sealed_bag import file_key

NOW = datetime(2026, 11, 30, tzinfo=UTC)
REPORT = """A report of three pages.
One: https://sn4hr.org/?p=24105 and two: https://sn4hr.org/?p=55768 it is.
Three: https://drive.google.com/file/d/1o-KAWNsfrHq6hAEDozEArdP3wEp2Tje6/view at last.
Contact: press@ngo-of-this-report.example
"""
PASSED_OVER = b"ngo-of-this-report"
"""What the report names beside its sources: no part of a copy."""


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag of three sources, signed."""
    folder = tmp_path_factory.mktemp("disclose")
    (folder / "report.txt").write_text(REPORT)
    with World() as world:
        bag = fetch(folder / "report.txt", folder / "R1", settings_for(world, media=False)).bag
    with open_bag(bag) as opened:
        facts = read_facts(opened)
    seal = seal_folder(bag)
    add_signature(seal, write_seal(seal, facts), file_key(1))
    return bag


@pytest.fixture
def bag(sealed: Path, tmp_path: Path) -> Path:
    shutil.copytree(seal_folder(sealed), tmp_path / "R1.seal")
    return Path(shutil.copytree(sealed, tmp_path / "R1"))


@pytest.fixture(scope="module")
def withheld(sealed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the copy that leaves out the third source, beside its seal: made once, copied by each test."""
    folder = tmp_path_factory.mktemp("withheld")
    shutil.copytree(seal_folder(sealed), folder / "R1.seal")
    copied(Path(shutil.copytree(sealed, folder / "R1")))
    shutil.rmtree(folder / "R1")
    return folder


@pytest.fixture
def copy(withheld: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(withheld, tmp_path / "withheld")) / "copy"


def trusting(folder: Path) -> Path:
    """A trust folder that knows the signer."""
    folder.mkdir()
    (folder / "allowed_signers").write_text(entry_line("anna")(file_key(1).public_key) + "\n")
    return folder


def copied(bag: Path, withhold: str = "s03", **wishes: object) -> Disclosed:
    order = DisclosureOrder(bag, bag.with_name("copy"), frozenset(withhold.split(",")), "safety", **wishes)  # type: ignore[arg-type]
    return disclose(order, now=NOW)


def remake_manifests(copy: Path) -> None:
    """Everything made right again, as whoever forges a copy would."""
    payload = sorted(place for place in (copy / "data").rglob("*") if place.is_file())
    tags = [place for place in copy.iterdir() if place.is_file() and "manifest-" not in place.name]
    for algorithm in ("sha256", "sha512"):
        _write(copy, manifest_name(algorithm), payload, algorithm)
    octets = sum(place.stat().st_size for place in payload)
    info = (copy / layout.BAG_INFO).read_text().splitlines()
    lines = [f"Payload-Oxum: {octets}.{len(payload)}" if line.startswith("Payload-Oxum") else line for line in info]
    (copy / layout.BAG_INFO).write_text("\n".join(lines) + "\n")
    for algorithm in ("sha256", "sha512"):
        manifests = [copy / manifest_name(each) for each in ("sha256", "sha512")]
        _write(copy, manifest_name(algorithm, tag=True), [*tags, *manifests], algorithm)


def _write(copy: Path, name: str, places: list[Path], algorithm: str) -> None:
    stated = {
        BagPath(str(place.relative_to(copy))): hashlib.new(algorithm, place.read_bytes()).hexdigest() for place in places
    }
    (copy / name).write_text(format_manifest(stated))


def alone(copy: Path) -> tuple[int, str]:
    """Exit code of verify.py, and what it says of the origin."""
    code, lines = check_alone(copy)
    (answers,) = [line for line in lines if line.startswith("structure ")]
    return code, answers.rpartition(", ")[2]


def test_verify_alone_proves_the_origin_and_calls_it_unchecked_without_the_seal(copy: Path) -> None:
    assert alone(copy)[1] == "origin passed"
    (copy.with_name("copy.seal") / "seal.json").unlink()
    code, origin = alone(copy)
    assert code == 3 and "not checked" in origin


def origin_findings(copy: Path) -> list[str]:
    return [line for line in observed(verify(copy, jobs=1)) if "origin" in line]


def test_a_copy_is_a_sound_bag_whose_origin_is_proven_by_the_originals_seal(bag: Path, tmp_path: Path) -> None:
    made = copied(bag)
    found = verify(made.path, trust=trusting(tmp_path / "trust"), jobs=1)
    assert [line for line in observed(found) if not line.startswith("(")] == []
    origin = found.answers["origin"]
    assert (origin.state, found.answers["who"].state) == (State.PASSED, State.PASSED)
    assert origin.facts == {"disclosed": ["s01", "s02"], "because": "safety", "withheld": 1}
    bagit.Bag(str(made.path)).validate()
    for warc in (made.path / "data/archive").iterdir():
        checker = Checker(type("Command", (), {"verbose": False, "inputs": [str(warc)]}))
        checker.process_all()
        assert checker.exit_value == 0


def test_without_trust_the_origin_is_not_called_passed(copy: Path) -> None:
    found = verify(copy, jobs=1)
    assert found.answers["origin"].state is State.NOT_CHECKED
    assert found.answers["origin"].why == "2 of 3 sources of the original; 1 withheld: safety; signer not known"


def test_a_copy_holds_no_byte_and_no_digest_of_what_is_withheld(sealed: Path, copy: Path) -> None:
    everything = b"\n".join(_decoded(place) for place in sorted(copy.rglob("*")) if place.is_file())
    log = [json.loads(line) for line in (sealed / "data/provenance/records.jsonl").read_bytes().splitlines()]
    retained = {json.loads(line)["ref"] for line in (copy / PROOFS).read_bytes().splitlines()}
    withheld = [line for line in log if line["id"] not in retained and line["type"] != "warcinfo"]
    open_digests = {line["payload_sha256"] for line in log if line["id"] in retained} | {hashlib.sha256().hexdigest(), None}
    assert withheld
    for line in withheld:
        assert line["id"].encode() not in everything and line["sha256"].encode() not in everything, line
        assert line["payload_sha256"] in open_digests or line["payload_sha256"].encode() not in everything, line
    assert (sealed / "data/provenance/seed.txt").read_bytes().strip() not in everything


def test_a_copy_names_nothing_that_the_report_names_beside_its_sources(sealed: Path, copy: Path) -> None:
    assert PASSED_OVER in (sealed / layout.LEDGER).read_bytes()
    assert PASSED_OVER in (sealed / layout.PAGE).read_bytes()
    assert [place for place in copy.rglob("*") if place.is_file() and PASSED_OVER in place.read_bytes()] == []


def test_whoever_owns_what_is_withheld_cannot_find_its_leaf(sealed: Path, copy: Path) -> None:
    """With every digest that a holder of the withheld bytes can compute, and every salt that the copy discloses."""
    leaves = set((copy / LEAVES).read_text().split())
    salts = {bytes.fromhex(json.loads(line)["salt"]) for line in (copy / PROOFS).read_bytes().splitlines()}
    log = [json.loads(line) for line in (sealed / "data/provenance/records.jsonl").read_bytes().splitlines()]
    retained = {json.loads(line)["ref"] for line in (copy / PROOFS).read_bytes().splitlines()}
    guesses = {bytes.fromhex(line["sha256"]) for line in log if line["id"] not in retained}
    hits = [
        digest
        for digest in guesses
        for salt in (*salts, b"", bytes(32))
        if hashlib.sha256(b"\0archive-leaf/1\0" + salt + b"record\0" + digest).hexdigest() in leaves
    ]
    assert hits == []


def _decoded(place: Path) -> bytes:
    data = place.read_bytes()
    return gzip.decompress(data) if place.suffix == ".gz" else data


def test_names_of_what_is_withheld_stop_the_copy_and_are_listed(bag: Path) -> None:
    with pytest.raises(NamesFound) as stopped:
        copied(bag, "s02")
    assert {hit.source for hit in stopped.value.hits} == {"s02"}
    assert sorted(place.name for place in bag.parent.iterdir()) == ["R1", "R1.seal"]


def test_the_sentence_of_two_sources_is_accepted_and_nothing_else_with_it(bag: Path) -> None:
    with pytest.raises(NamesFound, match="--accept-sentences"):
        copied(bag, "s02")
    made = copied(bag, "s02", accepts_sentences=True)
    assert [(hit.source, hit.place) for hit in made.hits] == [("s02", "data/sources.json (citations of s01)")]
    assert verify(made.path, jobs=1).errors == 0


def conditions_of(found: Verification) -> set[tuple[str, str | None]]:
    return {(one.code, one.found) for one in found.findings if one.kind is Kind.CONDITION}


def test_a_copy_warns_of_the_conditions_of_its_original(sealed: Path, copy: Path) -> None:
    found = verify(copy, jobs=1)
    assert conditions_of(found) == conditions_of(verify(sealed, jobs=1)) != set()
    paths = {str(one.path) for one in found.findings if one.kind is Kind.CONDITION}
    assert paths == {"data/ledger/conditions.json"}


def test_the_sources_of_a_copy_are_read_as_those_of_a_bag(sealed: Path, copy: Path) -> None:
    original, contents = read_contents(sealed), read_contents(copy)
    assert contents.ledger.sources == original.ledger.sources[:2]
    assert original.withheld is None
    assert contents.withheld is not None and contents.withheld.sources == 1
    assert (contents.ledger.conditions, contents.ledger.report) == (original.ledger.conditions, original.ledger.report)


def test_a_copy_that_lists_no_source_id_is_not_read(copy: Path) -> None:
    place = copy / WITHHELD
    place.write_bytes(place.read_bytes().replace(b'"s01"', b'"../s01"', 1))
    with pytest.raises(BagUnreadable, match="expected ids of sources such as s01; see: archive verify"):
        read_contents(copy)


def test_the_custody_log_holds_each_copy_and_what_it_adds(bag: Path) -> None:
    assert copied(bag).adds == ("s01", "s02")
    order = DisclosureOrder(bag, bag.with_name("other"), frozenset({"s01", "s02"}), "legal", accepts_names=True)
    assert disclose(order, now=NOW).adds == ("s03",)
    events = [json.loads(line) for line in (bag.with_name("R1.seal") / "custody.jsonl").read_bytes().splitlines()]
    assert [(event["type"], event["objects"]) for event in events] == [
        ("dissemination", ["s01", "s02"]),
        ("dissemination", ["s03"]),
    ]


def test_the_number_of_withheld_sources_is_reported_only_where_its_maker_wants(bag: Path) -> None:
    made = copied(bag, shows_count=False)
    assert json.loads((made.path / WITHHELD).read_bytes())["sources"] is None
    assert "withheld" not in verify(made.path, jobs=1).answers["origin"].facts


def _flip_in_warc(copy: Path) -> None:
    warc = copy / "data/archive/d01.warc.gz"
    data = bytearray(warc.read_bytes())
    data[-20] ^= 1
    warc.write_bytes(data)


def _edit_verdict(copy: Path) -> None:
    place = copy / "data/ledger/s01.capture.json"
    place.write_bytes(place.read_bytes().replace(b'"status":"captured"', b'"status":"gone"', 1))


def _add_leaf(copy: Path) -> None:
    place = copy / LEAVES
    lines = place.read_text().split()
    lines[0] = "0" * 64
    place.write_text("".join(f"{line}\n" for line in sorted(lines)))


def _append_record(copy: Path) -> None:
    warc = copy / "data/archive/d01.warc.gz"
    block = b"forged"
    head = (
        f"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        f"WARC-Date: 2026-11-22T10:00:00Z\r\nWARC-Target-URI: https://sn4hr.org/forged\r\nContent-Type: text/plain\r\n"
        f"WARC-Block-Digest: sha256:{hashlib.sha256(block).hexdigest()}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    warc.write_bytes(warc.read_bytes() + gzip.compress(head.encode() + block + b"\r\n\r\n"))


def _smuggle_file(copy: Path) -> None:
    (copy / "data/media/s01").mkdir(parents=True, exist_ok=True)
    (copy / "data/media/s01/affidavit.txt").write_text("forged")


def _smuggle_as_derived(copy: Path) -> None:
    _smuggle_file(copy)
    place = copy / WITHHELD
    place.write_bytes(place.read_bytes().replace(b'"data/datapackage.json"', b'"data/media/s01/affidavit.txt"'))


def _drop_entry(copy: Path) -> None:
    (copy / "data/ledger/s01.capture.json").unlink()
    _drop_proofs(copy, lambda proof: proof["ref"] == "s01" and proof["kind"] == "capture")


def _drop_proofs(copy: Path, is_dropped: object) -> None:
    place = copy / PROOFS
    lines = place.read_bytes().splitlines(keepends=True)
    place.write_bytes(b"".join(line for line in lines if not is_dropped(json.loads(line))))  # type: ignore[operator]


def _claim_less_is_withheld(copy: Path) -> None:
    place = copy / WITHHELD
    place.write_bytes(place.read_bytes().replace(b'"s01",', b"", 1))


def _swap_kinds(copy: Path) -> None:
    place = copy / PROOFS
    place.write_bytes(place.read_bytes().replace(b'"kind":"capture","ref":"s01"', b'"kind":"capture","ref":"s02"', 1))


def _proof_lines(copy: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (copy / PROOFS).read_bytes().splitlines()]


def _write_proofs(copy: Path, proofs: list[dict[str, object]]) -> None:
    lines = [json.dumps(proof, ensure_ascii=False, separators=(",", ":")) + "\n" for proof in proofs]
    (copy / PROOFS).write_text("".join(lines), "utf-8")


def _records(copy: Path) -> list[dict[str, object]]:
    return [proof for proof in _proof_lines(copy) if proof["kind"] == "record"]


def _double_record(copy: Path) -> None:
    warc, first = copy / "data/archive/d01.warc.gz", _records(copy)[1]
    data = warc.read_bytes()
    warc.write_bytes(data + data[first["offset"] : first["offset"] + first["length"]])  # type: ignore[operator,misc]


def _move_record(copy: Path) -> None:
    warc, last = copy / "data/archive/d01.warc.gz", _records(copy)[-1]
    data = warc.read_bytes()
    warc.write_bytes(data[last["offset"] :] + data[: last["offset"]])  # type: ignore[misc]


def _drop_record(copy: Path) -> None:
    warc, last = copy / "data/archive/d01.warc.gz", _records(copy)[-1]
    warc.write_bytes(warc.read_bytes()[: last["offset"]])  # type: ignore[misc]
    _drop_proofs(copy, lambda proof: proof["ref"] == last["ref"])


def _double_proof(copy: Path) -> None:
    _write_proofs(copy, [*_proof_lines(copy), _proof_lines(copy)[0]])


def _swap_salts(copy: Path) -> None:
    proofs = _proof_lines(copy)
    proofs[0]["salt"], proofs[1]["salt"] = proofs[1]["salt"], proofs[0]["salt"]
    _write_proofs(copy, proofs)


def _stretch_record(copy: Path) -> None:
    proofs = _proof_lines(copy)
    proofs[0]["length"] = proofs[0]["length"] + proofs[1]["length"]  # type: ignore[operator]
    _write_proofs(copy, proofs)


def _rename_kind(copy: Path) -> None:
    proofs = _proof_lines(copy)
    proofs[0]["kind"] = "file"
    _write_proofs(copy, proofs)


def _respell_entry(copy: Path) -> None:
    place = copy / "data/ledger/s01.capture.json"
    place.write_text(json.dumps(json.loads(place.read_bytes()), indent=1))


def _halve_leaves(copy: Path) -> None:
    lines = (copy / LEAVES).read_text().splitlines(keepends=True)
    (copy / LEAVES).write_text("".join(lines[: len(lines) // 2]))


def _shuffle_leaves(copy: Path) -> None:
    lines = (copy / LEAVES).read_text().splitlines(keepends=True)
    (copy / LEAVES).write_text("".join(reversed(lines)))


def _point_elsewhere(copy: Path) -> None:
    """A proof about a true part, said to lie where something else lies."""
    (copy / "data/ledger/s02.notes.json").write_bytes((copy / "data/ledger/s02.capture.json").read_bytes())
    proofs = _proof_lines(copy)
    for proof in proofs:
        if proof["path"] == "data/ledger/s02.capture.json":
            proof["path"] = "data/ledger/s02.notes.json"
    _write_proofs(copy, proofs)


def _hide_warc(copy: Path) -> None:
    (copy / "data/extra").mkdir()
    shutil.copy(copy / "data/archive/d01.warc.gz", copy / "data/extra/e01.warc.gz")


def _swap_seal(copy: Path) -> None:
    place = copy.with_name("copy.seal") / "seal.json"
    root = json.loads(place.read_bytes())["disclosure"]["root"]
    place.write_bytes(place.read_bytes().replace(root.encode(), b"0" * 64))


def _drop_conditions(copy: Path) -> None:
    (copy / "data/ledger/conditions.json").unlink()
    _drop_proofs(copy, lambda proof: proof["kind"] == "conditions")


def _edit_conditions(copy: Path) -> None:
    place = copy / "data/ledger/conditions.json"
    place.write_bytes(place.read_bytes().replace(b'"demonstration":true', b'"demonstration":false', 1))
    place.write_bytes(place.read_bytes().replace(b'"cookies":false', b'"cookies":true', 1))


def _claim_nothing_is_withheld(copy: Path) -> None:
    place = copy / WITHHELD
    place.write_bytes(place.read_bytes().replace(b'"sources": 1', b'"sources": 0').replace(b'"sources":1', b'"sources":0'))


def _smuggle_among_proofs(copy: Path) -> None:
    (copy / "data/disclosure/affidavit.txt").write_text("forged")


def _smuggle_among_records(copy: Path) -> None:
    (copy / "data/archive/affidavit.txt").write_text("forged")


def _smuggle_empty_warc(copy: Path) -> None:
    (copy / "data/archive/d02.warc.gz").write_bytes(b"")


def _no_proofs(copy: Path) -> None:
    (copy / PROOFS).unlink()
    _flip_in_warc(copy)


def _empty_proofs(copy: Path) -> None:
    (copy / PROOFS).write_bytes(b"")


FORGERIES = {
    "no proofs": (_no_proofs, {"origin-unreadable"}),
    "proofs of nothing": (_empty_proofs, {"origin-unreadable"}),
    "a file among the proofs": (_smuggle_among_proofs, {"origin-unproven"}),
    "a file among the records": (_smuggle_among_records, {"origin-unproven"}),
    "a WARC of nothing": (_smuggle_empty_warc, {"origin-unproven"}),
    "nothing said to be withheld": (_claim_nothing_is_withheld, {"origin-incomplete"}),
    "dropped conditions": (_drop_conditions, {"origin-incomplete"}),
    "edited conditions": (_edit_conditions, {"origin-unproven", "origin-incomplete"}),
    "a doubled record": (_double_record, {"origin-unproven"}),
    "a moved record": (_move_record, {"origin-unproven"}),
    "a dropped record": (_drop_record, set()),
    "a doubled proof": (_double_proof, {"origin-unproven"}),
    "swapped salts": (_swap_salts, {"origin-unproven"}),
    "a proof over two records": (_stretch_record, {"origin-unproven"}),
    "a record called a file": (_rename_kind, {"origin-unproven"}),
    "an entry in another spelling": (_respell_entry, {"origin-unproven", "origin-incomplete"}),
    "half of the leaves": (_halve_leaves, set()),
    "leaves in another order": (_shuffle_leaves, {"origin-unreadable"}),
    "a part at another place": (_point_elsewhere, {"origin-unproven"}),
    "records in another folder": (_hide_warc, {"origin-unproven"}),
    "the seal of another tree": (_swap_seal, set()),
    "a flipped bit in a record": (_flip_in_warc, {"origin-unproven"}),
    "an edited verdict": (_edit_verdict, {"origin-unproven", "origin-incomplete"}),
    "a leaf of one's own": (_add_leaf, set()),
    "an appended record": (_append_record, {"origin-unproven"}),
    "a smuggled file": (_smuggle_file, {"origin-unproven"}),
    "a smuggled file called derived": (_smuggle_as_derived, {"origin-unproven"}),
    "a dropped entry": (_drop_entry, {"origin-incomplete"}),
    "a source left out of the list": (_claim_less_is_withheld, {"origin-incomplete"}),
    "a proof for another source": (_swap_kinds, {"origin-unproven", "origin-incomplete"}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_copy_is_not_of_the_sealed_bag(copy: Path, tmp_path: Path, name: str) -> None:
    forge, codes = FORGERIES[name]
    forge(copy)
    remake_manifests(copy)
    found = verify(copy, trust=trusting(tmp_path / "trust"), jobs=1)
    assert found.answers["origin"].state is State.FAILED
    assert {finding.code for finding in found.findings if finding.question == "origin"} >= codes
    assert alone(copy)[1] == "origin FAILED"


@pytest.mark.parametrize(
    ("withhold", "because", "said"),
    [
        ("s09", "safety", "no such source; there are s01, s02, s03"),
        ("s01,s02,s03", "safety", "nothing would be left"),
        ("", "safety", "name at least one source"),
        ("s03", "Because I say so", "expected a code such as safety"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_by_name(bag: Path, withhold: str, because: str, said: str) -> None:
    order = DisclosureOrder(bag, bag.with_name("copy"), frozenset(filter(None, withhold.split(","))), because)
    with pytest.raises(UsageProblem, match=said):
        disclose(order, now=NOW)
    assert not bag.with_name("copy").exists()


def test_an_altered_bag_is_not_disclosed_in_part(bag: Path) -> None:
    (bag / "data/report/text.txt").write_text("another text")
    with pytest.raises(NotDisclosable, match="Only a sound bag is disclosed in part"):
        copied(bag)


ADDED = {
    "affidavit.txt": (b"I swear\n", "added"),
    "legal/affidavit.txt": (b"I swear\n", "added"),
    layout.README: (b"All of this is true.\n", "replaced"),
    layout.BAG_INFO: (b"Source-Organization: International Criminal Court\n", "replaced"),
}


@pytest.mark.parametrize("name", ADDED)
def test_words_that_somebody_puts_into_a_copy_are_named_as_not_sealed(copy: Path, tmp_path: Path, name: str) -> None:
    trust = trusting(tmp_path / "trust")
    before = verify(copy, trust=trust, jobs=1)
    assert not [one for one in before.findings if one.code == "tag-file-not-sealed"]
    assert "not_sealed" not in before.answers["who"].facts
    content, what = ADDED[name]
    place = copy / name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(place.read_bytes() + content if name == layout.BAG_INFO else content)
    remake_manifests(copy)
    found = verify(copy, trust=trust, jobs=1)
    named = [(str(one.path), one.note) for one in found.findings if one.code == "tag-file-not-sealed"]
    assert named == [(name, what)]
    assert found.answers["who"].facts["not_sealed"] == [name]
    assert name in (found.answers["who"].why or "")
