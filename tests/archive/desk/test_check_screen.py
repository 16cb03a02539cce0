"""Checking a bag that somebody gave: the package alone, with its seal, with a fingerprint, with what contradicts it."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from pathlib import Path

import pytest

from tests.archive.desk.desk_client import Answer, DeskClient
from tests.archive.desk.test_whole_path import PASSPHRASE, client, desk_of, finished
from tests.world import World

__all__ = ["client"]


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A signed bag as it is handed over, made once: file's name -> its bytes."""
    with World() as world, desk_of(world, tmp_path_factory.mktemp("delivery")) as client:
        return delivered(client)


def delivered(client: DeskClient) -> dict[str, bytes]:
    ident, bag = finished(client, b"https://sn4hr.org/?p=55768\n")
    client.post(f"r/{ident}/sign", {"do": "make", "name": "c7", "passphrase": PASSPHRASE, "again": PASSPHRASE})
    client.post(f"r/{ident}/sign", {"do": "sign", "key": "c7", "passphrase": PASSPHRASE})
    client.post(f"r/{ident}/pack", {"do": "pack", "form": "tar"})
    return {place.name: place.read_bytes() for place in (client.root / "outbox" / bag.name).iterdir() if place.is_file()}


def _tag_manifest(package: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(package)) as opened:
        file = opened.extractfile("R1/tagmanifest-sha256.txt")
        assert file is not None
        return file.read()


def dropped(client: DeskClient, files: dict[str, bytes]) -> Answer:
    return client.post("open", {"upload": " ".join(client.upload(name, content) for name, content in files.items())})


def answers(answer: Answer) -> dict[str, str]:
    """Question -> the sign of its answer."""
    return {question: sign for sign, question in re.findall(r'<li class="answer (\w+)"><h2>([^<]+)</h2>', answer.text)}


WHO = "Who signed it?"
WARC = "Are all records of the captures sound?"
COVERAGE = "Does the list of sources say what the records show?"


def test_a_package_without_its_seal_asks_for_it_and_gets_it(client: DeskClient, delivery: dict[str, bytes]) -> None:
    alone = dropped(client, {"R1.tar": delivery["R1.tar"]})
    assert answers(alone)[WHO] == "none" and "R1.seal.tar" in alone.words
    place = client.path.removeprefix(client.home)
    sealed = client.post(place, {"upload": client.upload("R1.seal.tar", delivery["R1.seal.tar"]), "fingerprint": ""})
    assert answers(sealed)[WHO] == "unknown"  # signed, and nobody was named who is trusted
    assert "SHA256:" in sealed.words and 'id="seal-f"' not in sealed.text


def test_files_that_are_dropped_together_are_checked_together(client: DeskClient, delivery: dict[str, bytes]) -> None:
    every = dropped(client, delivery)
    assert answers(every)[WHO] == "unknown" and set(answers(every).values()) == {"yes", "unknown", "none"}


@pytest.mark.parametrize("name", ["R1.tar.sha256", "R1.seal.tar"])
def test_what_contradicts_the_package_is_said(client: DeskClient, delivery: dict[str, bytes], name: str) -> None:
    content = delivery[name]
    broken = b"0" * 64 + content[64:] if name.endswith("256") else content.replace(b"seal.json", b"seal.jsoX")
    answer = dropped(client, {"R1.tar": delivery["R1.tar"], name: broken})
    assert answer.status == 409 and name in answer.words and ".desk" not in answer.text


def test_what_is_wrong_with_the_seal_alone_is_not_said_of_the_bag(
    client: DeskClient, delivery: dict[str, bytes]
) -> None:
    broken = delivery["R1.seal.tar"].replace(b"\nU1NIU0lH", b"\nU1NIU0lI")
    assert broken != delivery["R1.seal.tar"]
    answer = dropped(client, {"R1.tar": delivery["R1.tar"], "R1.seal.tar": broken})
    assert "Something is wrong with the seal beside the bag, and not with the bag itself" in answer.words
    assert "signature-bad" in answer.words and "CONTRADICTORY" not in answer.words and "DAMAGED" not in answer.words


def test_a_fingerprint_is_compared_also_with_a_package_that_was_dropped(
    client: DeskClient, delivery: dict[str, bytes]
) -> None:
    alone = dropped(client, {"R1.tar": delivery["R1.tar"]})
    place = client.path.removeprefix(client.home)
    digest = re.search(r"\b[0-9a-f]{64}\b", alone.text)
    assert digest is not None
    right = client.post(place, {"fingerprint": digest[0].upper(), "upload": ""})
    assert "Nothing has changed" in right.words and "fingerprint that you typed MATCHES" in right.words
    wrong = client.post(client.path.removeprefix(client.home), {"fingerprint": "0" * 64, "upload": ""})
    assert "Nothing has changed" not in wrong.words and "not-expected" in wrong.words
    assert "NOT THE BAG" in wrong.words and "DOES NOT MATCH" in wrong.words and 'class="fingerprint"' not in wrong.text
    assert client.post(place, {"fingerprint": "12 34", "upload": ""}).status == 409


def test_what_belongs_to_a_package_is_no_package_and_two_reports_are_too_many(client: DeskClient) -> None:
    assert "together with the package" in dropped(client, {"R1.seal.tar": b"x"}).words
    assert "drop one report" in dropped(client, {"a.txt": b"https://a.example/", "b.txt": b"https://b.example/"}).words


def test_findings_are_sentences_with_the_code_behind(client: DeskClient, delivery: dict[str, bytes]) -> None:
    package = bytearray(delivery["R1.tar"])
    at = package.index(b"<!doctype html>\n<html")
    package[at + 2000] ^= 1
    answer = dropped(client, {"R1.tar": bytes(package)})
    assert "do not sign it. Get another copy" in answer.words and 'class="fingerprint"' not in answer.text
    assert "DAMAGED" in answer.words and '<li class="error">' in answer.text
    assert "<code>payload-altered</code>" in re.sub(r"<code[^>]*>", "<code>", answer.text).replace("<bdi>", "").replace("</bdi>", "")
    assert "data/index.html" in answer.words and "<table" not in answer.text
    package_of = client.path.removeprefix(client.home)
    digest = hashlib.sha256(_tag_manifest(delivery["R1.tar"])).hexdigest()
    matched = client.post(package_of, {"fingerprint": digest, "upload": ""})
    assert "matches the lists of this bag" in matched.words and "DOES NOT MATCH" not in matched.words


def test_a_package_that_was_cut_off_is_said_to_be_incomplete(client: DeskClient, delivery: dict[str, bytes]) -> None:
    with tarfile.open(fileobj=io.BytesIO(delivery["R1.tar"])) as opened:
        places = {member.name: member.offset_data + member.size // 2 for member in opened}
    for name in ("R1/data/sources.json", "R1/manifest-sha256.txt"):
        answer = dropped(client, {"R1.tar": delivery["R1.tar"][: places[name]]})
        assert "INCOMPLETE: the package ends too early. Get it again" in answer.words, name
        assert "Get it again, by another way" in answer.words and "changed while it was read" not in answer.words
        given = answers(answer)
        assert {given[WARC], given[COVERAGE]} <= {"unknown", "no"}, name


def test_only_the_last_package_stays(client: DeskClient, delivery: dict[str, bytes]) -> None:
    dropped(client, {"R1.tar": delivery["R1.tar"]})
    first = client.path.removeprefix(client.home)
    dropped(client, {"R1.tar": delivery["R1.tar"]})
    uploads: Path = client.root / ".desk" / "uploads"
    assert [place.name for place in uploads.rglob("*.tar")] == ["R1.tar"]
    assert client.post(first, {"fingerprint": "", "upload": ""}).status == 409
