"""Sound bags: nothing is found, wherever they lie."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import bagit
import pytest

from archive.verify.run import verify
from archive_manifests.findings import Answer, State
from archive_manifests.fixity import Fixity
from tests.archive.verify.sample_bags import FILES, findings_of, make_bag


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "R1")


def test_a_sound_bag_has_no_findings_and_six_honest_answers(bag: Path) -> None:
    found = verify(bag)
    assert found.findings == ()
    assert (found.is_complete, found.is_valid, found.files) == (True, True, len(FILES) + 6)
    absent = {question: Answer(State.ABSENT, why) for question, why in ABSENT.items()}
    passed = Answer(State.PASSED)
    assert found.answers == {"structure": passed, "fixity": passed, **absent}


ABSENT = {
    "warc": "no WARC in the bag",
    "coverage": "no ledger in the bag",
    "who": "no seal",
    "when": "no seal",
}


def test_the_second_opinion_agrees_on_a_sound_bag(bag: Path) -> None:
    bagit.Bag(str(bag)).validate()


def test_an_empty_payload_with_an_empty_manifest_is_sound(tmp_path: Path) -> None:
    assert findings_of(make_bag(tmp_path / "R1", {})) == []


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tgz", "zip"])
def test_a_packed_bag_is_verified_without_unpacking(bag: Path, tmp_path: Path, ending: str) -> None:
    packed = tmp_path / "packed" / f"R1.{ending}"
    packed.parent.mkdir()
    formats = {"tar": "tar", "tar.gz": "gztar", "tgz": "gztar", "zip": "zip"}
    made = shutil.make_archive(str(tmp_path / "made"), formats[ending], bag.parent, "R1")
    Path(made).rename(packed)
    shutil.rmtree(bag)
    before = sorted(tmp_path.rglob("*"))
    found = verify(packed)
    assert (found.findings, found.files, found.octets > 2000) == ((), len(FILES) + 6, True)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag of 5,200 files."""
    files = {f"data/{number % 40}/{number}.txt": b"%d" % number for number in range(5200)}
    return make_bag(tmp_path_factory.mktemp("many") / "R1", files, algorithms=["sha256"])


@pytest.mark.parametrize("form", ["tar", "zip", "gztar"])
def test_a_package_of_many_files_is_read_right(tmp_path: Path, form: str, many: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "R1"), form, many.parent, "R1")
    found = verify(packed, jobs=2)
    assert (found.findings, found.files) == ((), 5200 + 4)


def test_many_files_give_the_same_answer_in_any_number_of_processes(many: Path, tmp_path: Path) -> None:
    bag = Path(shutil.copytree(many, tmp_path / "R1"))
    (bag / "data/7/7.txt").write_bytes(b"8")
    (bag / "data/39/5199.txt").unlink()
    (bag / "data/39/more").write_bytes(b"")
    for jobs in (1, 2):
        found = verify(bag, jobs=jobs)
        assert [(finding.code, str(finding.path)) for finding in found.findings] == [
            ("oxum-differs", "bag-info.txt"),
            ("payload-missing", "data/39/5199.txt"),
            ("payload-unlisted", "data/39/more"),
            ("payload-altered", "data/7/7.txt"),
        ]


def test_one_large_file_is_hashed_right_with_idle_cores(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", {"data/large": bytes(9 << 20) + b"end", "data/small": b"x"})
    assert verify(bag, jobs=4).findings == ()
    with (bag / "data/large").open("r+b") as stream:
        stream.seek(8 << 20)
        stream.write(b"\x01")
    assert [finding.code for finding in verify(bag, jobs=4).findings] == ["payload-altered"]


def test_the_expected_tag_manifest_is_recognised_and_another_is_an_error(bag: Path) -> None:
    right = verify(bag).tagmanifest
    assert right is not None
    assert verify(bag, expect=right).findings == ()
    other = Fixity("sha256", "0" * 64)
    found = verify(bag, expect=other)
    assert [(f.code, f.expected, f.found) for f in found.findings] == [("not-expected", str(other), str(right))]
    assert (found.is_complete, found.is_valid) == (True, True)
    assert found.answers["fixity"].state is State.FAILED


def test_a_required_answer_that_is_absent_is_an_error(bag: Path) -> None:
    found = verify(bag, require=["structure", "who"])
    assert [(finding.code, finding.question) for finding in found.findings] == [("required", "who")]


def test_verifying_opens_no_socket_and_writes_nothing(bag: Path, tmp_path: Path) -> None:
    make_bag(tmp_path / "many", {f"data/{n}": bytes([n % 256]) for n in range(5500)}, algorithms=["sha256"])
    script = """
import socket, sys
def refuse(*arguments, **named): raise AssertionError("a socket was opened")
socket.socket = socket.socketpair = socket.create_connection = socket.getaddrinfo = refuse
from archive.verify.run import verify
if __name__ == "__main__":
    for path in sys.argv[1:]:
        found = verify(path, jobs=2)
        assert found.is_valid, found
"""
    before = {place: place.stat().st_mtime_ns for place in tmp_path.rglob("*")}
    with zipfile.ZipFile(tmp_path.parent / f"{tmp_path.name}-R1.zip", "w") as packed:
        for place in sorted(bag.rglob("*")):
            packed.write(place, place.relative_to(bag.parent))
    subprocess.run([sys.executable, "-c", script, bag, tmp_path / "many", packed.filename], check=True)
    assert {place: place.stat().st_mtime_ns for place in tmp_path.rglob("*")} == before
