"""verify.py: one file, the standard library alone, and the same answers."""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.fetch.fetch import fetch
from archive.verify.run import verify
from archive_manifests.records import RecordLine
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.forged_bag import ForgedBag
from tests.archive.verify.standalone import PROGRAM, check_alone
from tests.world import World

ROOT = Path(__file__).resolve().parents[3]


def other_pythons() -> list[str]:
    """Every other Python from 3.8 on that is here and runs."""
    named = [shutil.which(f"python3.{minor}") for minor in range(8, 16)]
    managed = (Path.home() / ".pyenv/versions").glob("3.*/bin/python3")
    candidates = [path for path in (*named, *map(str, managed)) if path is not None]
    probe = "import sys; sys.exit(sys.version_info < (3, 8))"
    return [path for path in candidates if subprocess.run([path, "-c", probe], capture_output=True).returncode == 0]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    report = folder / "report.txt"
    report.write_text("Two sources: https://sn4hr.org/?p=24105 and https://www.faselhd.pro/movies/x here.\n")
    with World() as world:
        return fetch(report, folder / "B", settings_for(world, media=False)).bag


def check(bag: Path, *more: str, python: str | None = None) -> tuple[int, list[str]]:
    """In this process, or as a program of a certain Python."""
    if python is None:
        return check_alone(bag, *more)
    done = subprocess.run([python, "-I", str(PROGRAM), str(bag), *more], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines() + done.stderr.splitlines()


def test_a_reader_that_has_enough_is_no_error_of_the_program(sound: Path) -> None:
    words = [sys.executable, "-I", str(PROGRAM), str(sound)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None and program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""


@pytest.mark.parametrize("declared", [True, False])
def test_without_a_manifest_nothing_is_said_to_agree(tmp_path: Path, *, declared: bool) -> None:
    """The folder of a seal, or any other: no file was compared with anything."""
    bag = tmp_path / "R1.seal"
    (bag / "data").mkdir(parents=True)
    (bag / "data/a.txt").write_text("a")
    if declared:
        (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    code, observed = check(bag)
    assert code == 1
    assert any("fixity not checked (no manifest states what any file should be)" in line for line in observed)
    (bag / "manifest-sha256.txt").write_text("")
    assert any("fixity not checked (no manifest lists any file of the payload)" in line for line in check(bag)[1])


@pytest.mark.parametrize(
    ("place", "said"),
    [("R1.tar", "no folder; unpack a package first"), ("none", "no such folder; check the name"), ("/", "a whole disk; give")],
)
def test_what_is_no_folder_is_said_with_what_to_do(place: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "R1.tar").write_bytes(b"")
    code, observed = check(tmp_path / place, python=sys.executable)
    assert (code, len(observed)) == (3, 1)
    assert said in observed[0] and "Errno" not in observed[0]


def test_a_file_that_was_not_there_was_not_compared(sound: Path, tmp_path: Path) -> None:
    bag = Path(shutil.copytree(sound, tmp_path / "B"))
    (bag / "data/report/text.txt").unlink()
    code, observed = check(bag)
    assert code == 1
    assert any("fixity not checked (listed files that are not there: 1)" in line for line in observed)


def test_a_sound_bag_passes_on_every_python_that_is_here(sound: Path) -> None:
    for python in [sys.executable, *other_pythons()]:
        code, observed = check(sound, python=python)
        assert code == 0, observed
        assert observed[-3] == "structure passed, fixity passed, warc passed, references passed"
        assert observed[-2].startswith("not checked by this program: HTTP statuses and payload digests; ")


UNCHECKED = {
    "data/sources.json": "data/sources.json", "data/index.html": "data/index.html", "data/indexes/index.cdx": "index",
    "data/pages/pages.jsonl": "pages", "data/datapackage.json": "datapackage.json", "data/provenance/premis.xml": "premis.xml",
    "README-VERIFY.txt": "README-VERIFY.txt", "bag-info.txt": "bag-info.txt", "data/report/original.txt": "data/report",
    "data/report/text.txt": "its text", "data/report/sources.toml": "the list of sources", "disclosure.txt": "disclosure.txt",
    "data/provenance/events.jsonl": "custody events", "data/provenance/software.json": "software.json",
    "data/media/s01/supplied-01.png": "anything names a file",
}  # fmt: skip


@pytest.mark.parametrize("path", UNCHECKED)
def test_what_verify_finds_and_it_does_not_is_named_as_not_checked(sound: Path, tmp_path: Path, path: str) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / "B")
    data = bag.read(path) if (bag.path / path).exists() else b""
    words = list(re.finditer(rb"[a-z]{5,}", data))
    at = words[len(words) // 2].start() if words else 0
    bag.write(path, data[:at] + (b"y" if data[at : at + 1] == b"x" else b"x") + data[at + 1 :])
    bag.rewrite_manifests()
    _rewrite_tag_manifests(bag)
    assert [found for found in verify(bag.path, jobs=1).findings if found.severity == "error"]
    code, observed = check(bag.path)
    named = next(line for line in observed if line.startswith("not checked by this program: "))
    assert code == 1 or UNCHECKED[path] in named


def test_a_flipped_bit_in_any_file_is_found_and_the_file_named(sound: Path, tmp_path: Path) -> None:
    for number, path in enumerate(sorted(p.relative_to(sound) for p in sound.rglob("*") if p.is_file())):
        bag = tmp_path / str(number)
        shutil.copytree(sound, bag)
        data = bytearray((bag / path).read_bytes())
        if not data:
            continue
        data[len(data) // 2] ^= 1
        (bag / path).write_bytes(data)
        code, observed = check(bag)
        if path.name.startswith("tagmanifest-"):
            # Nothing lists a tag manifest: what it lists then differs, or the digest known from elsewhere does.
            before = hashlib.sha256((sound / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
            code, observed = check(bag, "--expect", f"sha256:{before}") if code == 0 else (code, observed)
        assert code == 1, path
        assert any(str(path) in line or path.name.startswith("tagmanifest-") for line in observed), (path, observed)


def test_what_is_missing_added_or_swapped_is_reported(sound: Path, tmp_path: Path) -> None:
    bag = tmp_path / "B"
    shutil.copytree(sound, bag)
    (bag / "data/report/text.txt").unlink()
    (bag / "data/extra.txt").write_text("x")
    (bag / "data/link").symlink_to("/etc/passwd")
    code, observed = check(bag)
    assert code == 1
    assert "structure: data/report/text.txt: listed, and not there" in observed
    assert "structure: data/extra.txt: there, and not listed in manifest-sha256.txt" in observed
    assert "structure: data/link: a link or a special file: not opened" in observed


def test_a_forged_record_under_fresh_manifests_is_found_in_the_warc(sound: Path, tmp_path: Path) -> None:
    bag = tmp_path / "B"
    shutil.copytree(sound, bag)
    first, second = sorted((bag / "data/archive").iterdir())[:2]
    forged = first.read_bytes() + second.read_bytes()
    first.write_bytes(forged)
    for manifest in sorted(bag.glob("manifest-*.txt")):
        algorithm = manifest.stem.partition("-")[2]
        text = manifest.read_text()
        fresh = f"{hashlib.new(algorithm, forged).hexdigest()}  data/archive/{first.name}"
        manifest.write_text(re.sub(rf"^.*  data/archive/{re.escape(first.name)}$", fresh, text, flags=re.MULTILINE))
    code, observed = check(bag)
    assert code == 1
    assert any(line.startswith(f"warc: data/archive/{first.name}: at byte ") for line in observed)


def test_a_verdict_that_rests_on_nothing_is_found(sound: Path, tmp_path: Path) -> None:
    bag = tmp_path / "B"
    shutil.copytree(sound, bag)
    ledger = json.loads((bag / "data/sources.json").read_text())
    ledger["sources"][0]["exchanges"].append("urn:uuid:nowhere")
    (bag / "data/sources.json").write_text(json.dumps(ledger))
    code, observed = check(bag)
    assert code == 1
    assert "references: data/sources.json: source s01 names the record urn:uuid:nowhere, which is not there" in observed


def test_another_bag_than_the_expected_is_reported(sound: Path) -> None:
    code, observed = check(sound, "--expect", "sha256:" + "0" * 64)
    assert code == 1
    assert any("another bag" in line for line in observed)


def test_it_needs_the_standard_library_alone_and_the_readme_gives_its_digest() -> None:
    tree = ast.parse(PROGRAM.read_text(), feature_version=(3, 8))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert named <= set(sys.stdlib_module_names)
    assert [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)] == []
    (stated,) = re.findall(r"Its SHA-256:\n`([0-9a-f]{64})`", (ROOT / "README.md").read_text("utf-8"))
    assert stated == hashlib.sha256(PROGRAM.read_bytes()).hexdigest()


def test_a_million_empty_members_take_no_longer_than_other_bytes(sound: Path, tmp_path: Path) -> None:
    bag = Path(shutil.copytree(sound, tmp_path / "B"))
    place = bag / "data/archive/s01.warc.gz"
    place.write_bytes(gzip.compress(b"", mtime=0) * 200_000)
    started = time.monotonic()
    code, observed = check(bag)
    assert (code, time.monotonic() - started < 10) == (1, True)
    assert sum("a member without a whole record" in line for line in observed) == 1000


@pytest.mark.parametrize("name", ["tagmanifest-sha256.txt", "tagmanifest-sha512.txt", "data/provenance/software.json"])
def test_a_file_that_every_bag_of_ours_has_is_missed(sound: Path, tmp_path: Path, name: str) -> None:
    bag = Path(shutil.copytree(sound, tmp_path / "B"))
    (bag / name).unlink()
    code, observed = check(bag)
    assert code == 1
    assert any(line.startswith(f"structure: {name}: ") for line in observed)


BAGS = sorted(place for folder in ("valid", "invalid", "warning") for place in (ROOT / "tests/data" / folder).iterdir())


@pytest.mark.parametrize("place", [place for place in BAGS if place.is_dir()], ids=lambda place: place.name)
def test_it_agrees_with_verify_on_every_bag_of_the_test_data_or_says_not_checked(place: Path) -> None:
    expected = int(any(finding.severity == "error" for finding in verify(place, jobs=1).findings))
    code, observed = check(place)
    (answers,) = [line for line in observed if line.startswith("structure ")]
    assert code == expected or (code == 3 and "structure not checked (" in answers)
    assert "passed" not in answers.partition("fixity")[0] or expected == 0 or "fixity FAILED" in answers


def _edited(name: str, change: Callable[[bytes], bytes]) -> Callable[[ForgedBag], None]:
    return lambda bag: bag.write(name, change(bag.read(name)))


def _added(name: str, data: bytes) -> Callable[[ForgedBag], None]:
    return lambda bag: bag.write(name, data)


def _removed(name: str) -> Callable[[ForgedBag], None]:
    return lambda bag: (bag.path / name).unlink()


SHA256, INFO = "manifest-sha256.txt", "bag-info.txt"
OTHERWISE: dict[str, Callable[[ForgedBag], None]] = {
    "a stray tag file": _added("NOTES.txt", b"the documenter's name is"),
    "a stray tag file in a folder": _added("notes/a.txt", b"x"),
    "a manifest of no known algorithm": _added("manifest-whirlpool.txt", b"anything"),
    "a manifest in MD5": _added("manifest-md5.txt", b""),
    "an empty folder": lambda bag: (bag.path / "data/media/s77").mkdir(parents=True),
    "an empty folder at the root": lambda bag: (bag.path / "more").mkdir(),
    "no README": _removed("README-VERIFY.txt"),
    "no bag-info": _removed(INFO),
    "no declaration": _removed("bagit.txt"),
    "CRLF in the declaration": _edited("bagit.txt", lambda text: text.replace(b"\n", b"\r\n")),
    "no last line end": _edited("bagit.txt", lambda text: text[:-1]),
    "CRLF in a manifest": _edited(SHA256, lambda text: text.replace(b"\n", b"\r\n")),
    "upper-case hex": _edited(SHA256, lambda text: text[:64].upper() + text[64:]),
    "one space": _edited(SHA256, lambda text: text.replace(b"  ", b" ")),
    "another order": _edited(SHA256, lambda text: b"".join(text.splitlines(keepends=True)[::-1])),
    "an empty line": _edited(SHA256, lambda text: text + b"\n"),
    "CRLF in bag-info": _edited(INFO, lambda text: text.replace(b"\n", b"\r\n")),
    "a folded value": _edited(INFO, lambda text: text.replace(b": ", b":\n ", 1)),
    "two spaces behind a label": _edited(INFO, lambda text: text.replace(b": ", b":  ", 1)),
    "a space at a line's end": _edited(INFO, lambda text: text.replace(b"\n", b" \n", 1)),
    "a mark at the start of bag-info": _edited(INFO, lambda text: b"\xef\xbb\xbf" + text),
    "a wrong Payload-Oxum": _edited(INFO, lambda text: text.replace(b"Payload-Oxum: ", b"Payload-Oxum: 1")),
}
"""What is not as our profile prescribes, with tag manifests that state it."""


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_verify_finds_in_the_form_of_a_bag_of_ours_it_finds_too(sound: Path, tmp_path: Path, name: str) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / sound.name)
    OTHERWISE[name](bag)
    _rewrite_tag_manifests(bag)
    findings = verify(bag.path, jobs=1).findings
    assert [found for found in findings if found.severity == "error" and found.question == "structure"]
    code, observed = check(bag.path)
    assert code == 1
    assert any(line.startswith("structure FAILED") for line in observed), observed


def _rewrite_tag_manifests(bag: ForgedBag) -> None:
    tags = sorted(each.name for each in bag.path.iterdir() if each.is_file() and not each.name.startswith("tagm"))
    for algorithm in ("sha256", "sha512"):
        lines = [f"{hashlib.new(algorithm, bag.read(each)).hexdigest()}  {each}\n" for each in tags]
        bag.write(f"tagmanifest-{algorithm}.txt", "".join(lines).encode())


OF_RECORDS: dict[str, Callable[[RecordLine], RecordLine]] = {
    "type": lambda line: replace(line, type="resource") if line.type == "response" else line,
    "date": lambda line: replace(line, date="2020-01-01T00:00:00Z"),
    "uri": lambda line: replace(line, uri="https://other.example/") if line.uri else line,
    "id": lambda line: replace(line, id="urn:uuid:0"),
}


@pytest.mark.parametrize("field", OF_RECORDS)
def test_a_log_that_states_something_else_of_the_records_is_found(sound: Path, tmp_path: Path, field: str) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / sound.name)
    bag.set_records(map(OF_RECORDS[field], bag.records))
    bag.rewrite_manifests()
    code, observed = check(bag.path)
    assert code == 1
    assert any("warc FAILED" in line for line in observed), observed
