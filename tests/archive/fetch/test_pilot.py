"""The main job on the pilot report: what is requested, what is stored, what is finished."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import bagit
import pytest
from fastwarc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import FetchResult, fetch
from archive_manifests.ledger import Status
from tests.world import World
from tests.world.pilot import PILOT

REPORT = Path("manifests/examples/R210517/report.txt")


def settings_for(world: World, **changes: object) -> FetchSettings:
    wanted = {"connect_to": tuple(world.connect_to), "cacerts": (Path(world.ca_file),), "delay": 0.0, "memento": False}
    return FetchSettings(**{**wanted, **changes})  # type: ignore[arg-type]


def responses(bag: Path) -> dict[str, list[bytes]]:
    """URL -> the raw blocks of its response records, read without any of our code or warcio's HTTP parsing."""
    found: dict[str, list[bytes]] = {}
    for path in sorted((bag / "data/archive").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                if record.rec_type == "response":
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    found.setdefault(url, []).append(record.raw_stream.read())
    return found


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> object:
    with World() as world:
        bag = tmp_path_factory.mktemp("pilot") / "R210517"
        result = fetch(REPORT, bag, settings_for(world, demonstration=True))
        yield world, result


def test_every_source_of_the_pilot_ends_in_the_verdict_it_deserves(pilot: tuple[World, FetchResult]) -> None:
    _, result = pilot
    assert {entry.id: (str(entry.status), entry.reason) for entry in result.ledger.sources} == {
        "s01": ("captured", None),
        "s02": ("captured", None),
        "s03": ("partial", "hollow"),
        "s04": ("captured", None),
        "s05": ("blocked", "challenge"),
        "s06": ("captured", None),
        "s07": ("gone", "soft-404"),
        "s08": ("captured", None),
        "s09": ("captured", None),
    } | {
        # A machine with more extras gets more of these two: the media, the file behind the viewer.
        entry.id: (str(entry.status), entry.reason)
        for entry in result.ledger.sources
        if entry.id in ("s03", "s09")
    }


def test_every_requisite_of_captured_pages_is_requested_once(pilot: tuple[World, FetchResult]) -> None:
    world, result = pilot
    retained = {entry.cited for entry in result.ledger.sources if entry.status is Status.CAPTURED}
    wanted = {url for expected in PILOT if expected.cited in retained for url in expected.wanted}
    requested = world.urls()
    assert wanted - set(requested) == set()
    assert [url for url in wanted if requested.count(url) != 1] == []
    assert world.strays == []


def test_the_warc_holds_each_answer_as_the_server_sent_it(pilot: tuple[World, FetchResult]) -> None:
    world, result = pilot
    stored = responses(result.bag)
    sent: dict[str, list[bytes]] = {}
    for seen in world.log:
        sent.setdefault(seen.url, []).append(seen.sent)
    assert {url: sorted(blocks) for url, blocks in stored.items()} == {url: sorted(b) for url, b in sent.items()}


def test_bagit_and_warcio_agree_with_the_bag(pilot: tuple[World, FetchResult]) -> None:
    _, result = pilot
    bagit.Bag(str(result.bag)).validate()
    paths = [str(path) for path in sorted((result.bag / "data/archive").iterdir())]
    checked = Checker(type("Command", (), {"inputs": paths, "verbose": False})())
    for path in paths:
        checked.process_one(path)
    assert checked.exit_value == 0


def test_fastwarc_agrees_with_every_digest_and_no_metadata_poses_as_a_page(pilot: tuple[World, FetchResult]) -> None:
    _, result = pilot
    wrong = []
    for path in sorted((result.bag / "data/archive").iterdir()):
        with path.open("rb") as stream:
            for record in FastIterator(stream, parse_http=False):
                has_payload = "WARC-Payload-Digest" in record.headers
                if "WARC-Block-Digest" in record.headers and not record.verify_block_digest():
                    wrong.append((path.name, record.record_id))
                record.parse_http()
                if has_payload and not record.verify_payload_digest():
                    wrong.append((path.name, record.record_id))
                if record.headers["WARC-Type"] == "metadata" and ("WARC-Target-URI" in record.headers or has_payload):
                    wrong.append((path.name, record.record_id))
    assert wrong == []


def test_the_bag_holds_nothing_of_the_machine_it_was_made_on(pilot: tuple[World, FetchResult]) -> None:
    import getpass
    import socket
    import tempfile

    _, result = pilot
    secrets = {socket.gethostname(), str(Path.home()), tempfile.gettempdir(), str(Path.cwd()), str(result.bag.parent)}
    if len(getpass.getuser()) > 4:
        secrets.add(getpass.getuser())
    found = []
    for path in sorted(result.bag.rglob("*")):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            found += [(path.name, secret) for secret in secrets if len(secret) > 3 and secret.encode() in data]
    assert found == []


def test_a_demonstration_says_so_everywhere(pilot: tuple[World, FetchResult]) -> None:
    _, result = pilot
    assert "DEMONSTRATION" in (result.bag / "bag-info.txt").read_text()
    assert "DEMONSTRATION" in (result.bag / "data/index.html").read_text()
    assert "DEMONSTRATION" in json.loads((result.bag / "data/datapackage.json").read_text())["title"]
