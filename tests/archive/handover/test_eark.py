"""`pack --as eark`: the bag as one representation of a submission package, which E-ARK's own validator accepts."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from lxml import etree

from archive.bag.contents import PackRefused
from archive.bag.eark import find_eark
from archive.bag.open import open_bag
from archive.errors import BagUnsupported, UsageProblem
from archive.handover.pack import PackOrder, pack
from archive.handover.receive import ReceiveOrder, receive
from archive.verify.run import verify
from archive_cli.main import main
from archive_manifests.findings import Severity, State
from archive_manifests.tags import DECLARATION
from tests.archive.verify.sample_bags import FILES, make_bag

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
METS = "{http://www.loc.gov/METS/}"
HREF = "{http://www.w3.org/1999/xlink}href"
VALIDATOR = Path(__file__).parents[3] / "build" / "eark"

VALIDATE = """
import io, json, sys, urllib.request
from pathlib import Path

TERMS = {
    "CSIPVocabularyContentCategory": ["Mixed", "Other"],
    "CSIPVocabularyContentInformationType": ["MIXED", "OTHER"],
    "CSIPVocabularyOAISPackageType": ["SIP", "AIP", "DIP"],
    "CSIPVocabularyStatus": ["CURRENT", "SUPERSEDED"],
}  # it fetches these lists when it is imported

def terms(address):
    name = address.rpartition("/")[2].partition(".")[0]
    return io.BytesIO("\\n".join(f"<Term>{term}</Term>" for term in TERMS[name]).encode())

urllib.request.urlopen = terms
from eark_validator.packages import PackageValidator

report = PackageValidator(Path(sys.argv[1])).validation_report
print(json.dumps({
    "structure": report.structure.status.name,
    "schema": report.metadata.schema_results.status.name,
    "errors": sorted({m.rule_id for m in report.metadata.schematron_results.messages if m.severity.name == "ERROR"}),
}))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    packed = pack(make_bag(tmp_path / "here" / "R1"), PackOrder(tmp_path / "out", form="eark"), NOW)
    assert packed.places[0].name == "R1.sip.zip"
    return packed.places[0]


def test_the_bag_is_in_it_byte_for_byte_and_mets_states_a_digest_of_every_file(tmp_path: Path, package: Path) -> None:
    bag = tmp_path / "here" / "R1"
    with zipfile.ZipFile(package) as sip:
        names = {name for name in sip.namelist() if not name.endswith("/")}
        assert {name.partition("/")[0] for name in names} == {"R1"}
        mets = etree.fromstring(sip.read("R1/METS.xml"))
        listed = {}
        for one in mets.iter(f"{METS}file", f"{METS}mdRef"):
            place = one if one.tag == f"{METS}mdRef" else one.find(f"{METS}FLocat")
            assert place is not None
            listed[f"R1/{unquote(place.get(HREF) or '')}"] = (one.get("CHECKSUM"), one.get("SIZE"))
        for name, (digest, size) in listed.items():
            content = sip.read(name)
            assert (hashlib.sha256(content).hexdigest(), str(len(content))) == (digest, size), name
        assert names - set(listed) == {"R1/METS.xml"}
        for place in bag.rglob("*"):
            if place.is_file():
                assert sip.read(f"R1/representations/rep1/data/R1/{place.relative_to(bag)}") == place.read_bytes()


def test_e_arks_validator_accepts_it(package: Path) -> None:
    if not VALIDATOR.is_dir():
        pytest.skip("eark-validator is not here: `make test` gets it")
    environment = {**os.environ, "PYTHONPATH": str(VALIDATOR)}
    said = subprocess.run(
        [sys.executable, "-c", VALIDATE, str(package)], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout.splitlines()[-1]) == {
        "structure": "WELLFORMED",
        "schema": "VALID",
        # Its rule for SIP14 wants an attribute without a namespace, which METS' own schema does not allow on a note.
        "errors": ["SIP14"],
    }


def test_a_bag_without_sha256_is_refused(tmp_path: Path) -> None:
    bag = tmp_path / "R1"
    (bag / "data").mkdir(parents=True)
    (bag / "data/a").write_bytes(b"x")
    (bag / "bagit.txt").write_text(DECLARATION)
    (bag / "manifest-sha512.txt").write_text(f"{hashlib.sha512(b'x').hexdigest()}  data/a\n")
    with pytest.raises(PackRefused, match=r"no manifest-sha256\.txt"):
        pack(bag, PackOrder(tmp_path / "out", form="eark"), NOW)


def test_a_submission_package_has_no_parts_and_no_profile(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    with pytest.raises(UsageProblem, match="--as eark excludes --profile and --size"):
        pack(bag, PackOrder(tmp_path / "out", form="eark", part_size=1 << 20), NOW)


def test_verify_and_receive_take_the_package_for_what_it_is(tmp_path: Path, package: Path) -> None:
    found = verify(package)
    assert [(one.code, str(one.path)) for one in found.findings] == []
    assert {name: answer.state for name, answer in found.answers.items() if name in ("structure", "fixity")} == {
        "structure": State.PASSED,
        "fixity": State.PASSED,
    }
    assert found.is_valid
    assert found.tagmanifest == verify(tmp_path / "here" / "R1").tagmanifest

    received = receive(package, ReceiveOrder(tmp_path / "store"), NOW)
    assert received.bag == tmp_path / "store" / "R1"
    assert received.findings == ()
    assert _tree(received.bag) == _tree(tmp_path / "here" / "R1")

    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(package) as sip:
        sip.extractall(unpacked)
    assert verify(unpacked / "R1").findings == ()
    shown = CliRunner().invoke(main, ["verify", str(unpacked / "R1")])
    assert shown.stderr == f"Next: archive receive {unpacked / 'R1'}\n"
    assert receive(unpacked / "R1", ReceiveOrder(tmp_path / "second"), NOW).bag == tmp_path / "second" / "R1"


def _tree(base: Path) -> dict[str, bytes]:
    return {str(place.relative_to(base)): place.read_bytes() for place in base.rglob("*") if place.is_file()}


def test_no_path_is_listed_twice(package: Path) -> None:
    with open_bag(package) as whole:
        eark = find_eark(whole)
        assert eark is not None
        before = [entry.path for entry in whole.tag_entries()]
        (folder,) = eark.bags
        with eark.open_bag(folder) as bag:
            inside = [entry.path for entry in (*bag.tag_entries(), *bag.payload_entries())]
            assert bag.shared_paths(["data/a.txt"])[0] is next(path for path in inside if path == "data/a.txt")
        left = [entry.path for entry in whole.tag_entries()]
    assert sorted([*left, *(f"{folder}/{path}" for path in inside)]) == sorted(before)
    there = [path.removeprefix(f"{folder}/") for path in before if path.startswith(folder)]
    assert inside == sorted(there, key=lambda path: path.startswith("data/"))
    assert left == [path for path in before if not path.startswith(folder)]


INSIDE = "R1/representations/rep1/data/R1"
SWAPPED = bytes(byte ^ 1 for byte in FILES["data/a.txt"])
BROKEN: dict[str, tuple[str, bytes | None, list[tuple[str, str]]]] = {
    "a payload file of the bag": (f"{INSIDE}/data/a.txt", SWAPPED, [("payload-altered", f"{INSIDE}/data/a.txt")]),
    "a file of the package": ("R1/documentation/README.txt", b"x", [("eark-file-altered", "R1/documentation/README.txt")]),
    "a lost file of the package": ("R1/documentation/README.txt", None, [("eark-file-missing", "R1/documentation/README.txt")]),
    "a lost file of the bag": (f"{INSIDE}/data/a.txt", None, [("oxum-differs", f"{INSIDE}/bag-info.txt"), ("payload-missing", f"{INSIDE}/data/a.txt")]),
    "METS": ("R1/METS.xml", b"<mets", [("eark-mets", "R1/METS.xml")]),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_one_fault_in_the_package_is_one_finding_and_it_is_refused(case: str, tmp_path: Path, package: Path) -> None:
    name, content, expected = BROKEN[case]
    with zipfile.ZipFile(package) as sip:
        files = {one: sip.read(one) for one in sip.namelist() if not one.endswith("/")}
    files[name] = content if content is not None else b""
    broken = tmp_path / "R1.sip.zip"
    with zipfile.ZipFile(broken, "w") as sip:
        for one, stored in files.items():
            if one != name or content is not None:
                sip.writestr(one, stored)

    found = verify(broken)

    errors = [(one.code, f"R1/{one.path}") for one in found.findings if one.severity is Severity.ERROR]
    assert sorted(errors) == sorted(expected)
    assert receive(broken, ReceiveOrder(tmp_path / "store"), NOW).bag is None
    assert not (tmp_path / "store").exists()


def test_a_package_without_a_bag_is_compared_with_its_mets_alone(tmp_path: Path, package: Path) -> None:
    with zipfile.ZipFile(package) as sip:
        mets = sip.read("R1/METS.xml")
        files = {one: sip.read(one) for one in sip.namelist() if not one.endswith(("/", "/bagit.txt"))}
    tree = etree.fromstring(mets)
    for one in tree.iter(f"{METS}file"):
        place = one.find(f"{METS}FLocat")
        if place is not None and (place.get(HREF) or "").endswith("/bagit.txt"):
            one.getparent().remove(one)  # type: ignore[union-attr]
    files["R1/METS.xml"] = etree.tostring(tree)
    other = tmp_path / "R1.sip.zip"
    with zipfile.ZipFile(other, "w") as sip:
        for one, stored in files.items():
            sip.writestr(one, stored)

    found = verify(other)

    assert [(one.code, one.severity) for one in found.findings] == [("eark-no-bag", Severity.WARNING)]
    assert found.answers["fixity"].state is State.PASSED
    assert found.answers["warc"].state is State.ABSENT
    with pytest.raises(BagUnsupported, match="an E-ARK package with 0 bags in it"):
        receive(other, ReceiveOrder(tmp_path / "store"), NOW)


def test_a_damaged_file_of_the_bag_in_it_is_not_said_to_be_as_stated(package: Path) -> None:
    content = package.read_bytes()
    at = content.index(FILES["data/a.txt"], content.index(b"/data/R1/data/a.txt"))
    package.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    found = verify(package)
    assert [(one.code, str(one.path)) for one in found.findings] == [
        ("package-damaged", "representations/rep1/data/R1/data/a.txt")
    ]
    assert {name: str(found.answers[name].state) for name in ("structure", "fixity")} == {
        "structure": "failed",
        "fixity": "not-checked",
    }
