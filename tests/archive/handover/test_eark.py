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
from lxml import etree

from archive.bag.contents import PackRefused
from archive.errors import UsageProblem
from archive.handover.pack import PackOrder, pack
from archive_manifests.tags import DECLARATION
from tests.archive.verify.sample_bags import make_bag

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
