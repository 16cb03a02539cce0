"""Bags by older rules and by other writers: what version 1.0 was the first to demand is a warning before it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archive.verify.run import verify
from archive_manifests.tags import DECLARATION
from tests.archive.verify.sample_bags import observed

PAYLOAD = {"data/a.txt": b"one\n"}


def make(folder: Path, version: str, *, algorithm: str = "sha256", name: str | None = None, **tag_files: str) -> Path:
    """A bag of one payload file; `name` is how its manifest spells the algorithm."""
    spelled = name or algorithm
    for path, content in PAYLOAD.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    lines = "".join(f"{hashlib.new(algorithm, content).hexdigest()}  {path}\n" for path, content in PAYLOAD.items())
    files = {"bagit.txt": DECLARATION.replace("1.0", version), f"manifest-{spelled}.txt": lines, **tag_files}
    tagged = {path: text for path, text in files.items() if path != f"manifest-{spelled}.txt"}
    for path, text in files.items():
        (folder / path).write_text(text)
    tag_lines = (f"{hashlib.new(algorithm, text.encode()).hexdigest()}  {path}\n" for path, text in tagged.items())
    (folder / f"tagmanifest-{spelled}.txt").write_text("".join(tag_lines))
    return folder


@pytest.mark.parametrize(("version", "is_old"), [("0.96", True), ("0.97", True), ("1.0", False)])
def test_a_tag_manifest_lists_every_payload_manifest_since_1_0(tmp_path: Path, version: str, is_old: bool) -> None:
    found = "tagmanifest-omits tagmanifest-sha256.txt"
    assert observed(verify(make(tmp_path / "R1", version), jobs=1)) == [f"({found})" if is_old else found]


@pytest.mark.parametrize(("version", "is_old"), [("0.97", True), ("1.0", False)])
def test_fetch_txt_lists_what_manifests_list_since_1_0(tmp_path: Path, version: str, is_old: bool) -> None:
    bag = make(tmp_path / "R1", version, **{"fetch.txt": "https://a.example/b 3 data/b.txt\n"})
    wanted = "fetch-unlisted fetch.txt"
    assert (f"({wanted})" if is_old else wanted) in observed(verify(bag, jobs=1))


URLS = {
    "https://a.example/x": True,
    "ark:/57799/b9000": True,
    "ark:57799/b9000": True,
    "minid:b9vx04": True,
    "tag:example.org,2026:thing": True,
    "doi:10.5281/zenodo.1": True,
    "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66": True,
    "s3://bucket/key": True,
    "a.example/x": False,
    "https:": False,
    "https://a.example/#part": False,
    "https://a.example/ش": False,
    "file:///etc/passwd": False,
}


@pytest.mark.parametrize("url", URLS)
def test_any_absolute_uri_may_be_fetched_from(tmp_path: Path, url: str) -> None:
    bag = make(tmp_path / "R1", "1.0", **{"fetch.txt": f"{url} 4 data/a.txt\n"})
    assert ("fetch-url fetch.txt" in observed(verify(bag, jobs=1))) is not URLS[url]


@pytest.mark.parametrize("spelled", ["sha3_256", "sha3-256", "sha-256"])
def test_a_manifest_in_another_spelling_of_its_algorithm_is_read(tmp_path: Path, spelled: str) -> None:
    bag = make(tmp_path / "R1", "0.97", algorithm=spelled)
    expected = [
        f"(manifest-name manifest-{spelled}.txt)",
        f"(manifest-name tagmanifest-{spelled}.txt)",
        f"(tagmanifest-omits tagmanifest-{spelled}.txt)",
    ]
    assert observed(verify(bag, jobs=1)) == expected
    (bag / "data/a.txt").write_bytes(b"two\n")
    assert observed(verify(bag, jobs=1)) == ["payload-altered data/a.txt", *expected]


@pytest.mark.parametrize(("version", "is_old"), [("0.96", True), ("1.0", False)])
def test_a_payload_manifest_lists_tag_files_only_before_1_0(tmp_path: Path, version: str, is_old: bool) -> None:
    bag = make(tmp_path / "R1", version)
    (bag / "tagmanifest-sha256.txt").unlink()
    for path in ("bagit.txt", "gone.txt"):
        content = (bag / path).read_bytes() if path == "bagit.txt" else b""
        with (bag / "manifest-sha256.txt").open("a") as manifest:
            manifest.write(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
    found = "manifest-outside manifest-sha256.txt"
    expected = [f"({found})", f"({found})", "tag-file-missing gone.txt"] if is_old else [found, found]
    assert sorted(observed(verify(bag, jobs=1))) == sorted(["(tagmanifest-absent)", *expected])
    (bag / "bagit.txt").write_bytes((bag / "bagit.txt").read_bytes() + b"\n")
    assert ("tag-file-altered bagit.txt" in observed(verify(bag, jobs=1))) is is_old
