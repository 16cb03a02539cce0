"""The web archive part of a bag as a WACZ that its readers take."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.bag.contents import PackRefused, exactly
from archive.bag.open import open_bag
from archive.fetch.imported import ImportOrder, import_recordings
from archive.fetch.supply import Supply, supply
from archive.handover.pack import PackOrder, pack
from archive.handover.wacz import wacz_contents
from archive.verify.foreign.recordings import read_recording
from archive.verify.run import verify
from archive_cli.main import main
from archive_manifests.findings import Severity, State
from tests.archive.fetch.test_imported import PAGE, response
from tests.archive.warc.warc_bytes import record, uuid, zipped
from tests.world import World
from tests.world.wacz_bytes import signed, wacz_files, write_wacz

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("wacz")
    (folder / "R1.txt").write_text("It cites https://sn4hr.org/blog/2018/04/08/51899/ once.\n")
    with World() as world:
        switches = ["--demonstration", "--delay", "0", "--no-memento", "--no-media", *world.cli_args]
        done = CliRunner().invoke(main, ["fetch", str(folder / "R1.txt"), "-o", str(folder / "R1"), *switches])
        assert done.exit_code < 2, done.output
        yield folder / "R1"


def test_a_wacz_is_valid_and_holds_what_the_data_package_lists(bag: Path, tmp_path: Path) -> None:
    pack(bag, PackOrder(tmp_path, "wacz"), NOW)
    place = tmp_path / "R1.wacz"
    tool = Path(sys.executable).with_name("wacz")
    done = subprocess.run([tool, "validate", "-f", place], capture_output=True, text=True, check=False)
    assert "the passed WACZ is valid" in done.stdout, done.stdout + done.stderr
    with zipfile.ZipFile(place) as opened:
        names = opened.namelist()
        listed = json.loads(opened.read("datapackage.json"))["resources"]
        for one in listed:
            assert opened.read(one["path"]) == (bag / "data" / one["path"]).read_bytes()
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}
    assert sorted(names) == sorted([*(one["path"] for one in listed), "datapackage.json", "datapackage-digest.json"])
    pack(bag, PackOrder(tmp_path / "again", "wacz"), NOW)
    assert (tmp_path / "again" / "R1.wacz").read_bytes() == place.read_bytes()


def _imported(folder: Path) -> Path:
    """A bag of two recordings, without any capture of its own."""
    (folder / "report.txt").write_text("See https://one.example/a and https://three.example/c there.\n")
    posted = record("request", 9, b"POST / HTTP/1.1\r\n\r\n", WARC_Target_URI="https://three.example/c")
    answer = record(
        "response", 8, PAGE, WARC_Target_URI="https://three.example/c", WARC_Concurrent_To=f"<{uuid(9)}>"
    )
    (folder / "crawl.warc").write_bytes(posted + answer + response(1, "https://three.example/c"))
    files = wacz_files({"Data A.warc.gz": zipped([response(2, "https://one.example/a")])})
    order = ImportOrder(
        (folder / "crawl.warc", write_wacz(folder / "visit.wacz", signed(files))), folder / "report.txt", folder / "R1"
    )
    return import_recordings(order).result.bag


def test_supplied_recordings_are_in_the_wacz_its_index_and_its_pages(tmp_path: Path) -> None:
    bag = _imported(tmp_path)

    packed = pack(bag, PackOrder(tmp_path / "out", "wacz"), NOW)

    place = tmp_path / "out" / "R1.wacz"
    assert packed.left_out == ()
    found = verify(place)
    assert [one.code for one in found.findings if one.severity is Severity.ERROR] == []
    assert found.answers["warc"].state is State.PASSED
    recording = read_recording(place)
    for url in ("https://one.example/a", "https://three.example/c"):
        assert recording.responses([url]), url
    with zipfile.ZipFile(place) as opened:
        stored = {name: opened.read(name) for name in opened.namelist()}
    assert stored["archive/s02-supplied-01.warc"] == (tmp_path / "crawl.warc").read_bytes()
    lines = stored["indexes/index.cdx"].decode().splitlines()
    assert [line.split(" ")[0] for line in lines] == ["example,one)/a", "example,three)/c"]
    for line in lines:
        stated = json.loads(line.split(" ", 2)[2])
        at, length = int(stated["offset"]), int(stated["length"])
        member = stored[f"archive/{stated['filename']}"][at : at + length]
        text = gzip.decompress(member) if member.startswith(b"\x1f") else member
        assert f"WARC-Target-URI: {stated['url']}".encode() in text
    pages = [json.loads(line) for line in stored["pages/pages.jsonl"].splitlines()[1:]]
    assert [(page["id"], page["url"]) for page in pages] == [
        ("s01", "https://one.example/a"),
        ("s02", "https://three.example/c"),
    ]
    tool = Path(sys.executable).with_name("wacz")
    done = subprocess.run([tool, "validate", "-f", place], capture_output=True, text=True, check=False)
    assert "the passed WACZ is valid" in done.stdout, done.stdout + done.stderr


def test_what_a_wacz_cannot_hold_is_named_and_an_empty_one_is_refused(tmp_path: Path) -> None:
    bag = _imported(tmp_path)
    shot, broken = tmp_path / "shot.png", tmp_path / "broken.warc"
    shot.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    broken.write_bytes((tmp_path / "crawl.warc").read_bytes()[:-40])
    second = supply(bag, "s01", Supply(shot, "seen in a browser")).bag
    third = supply(second, "s02", Supply(broken, "from a stick", other_address=True)).bag

    packed = pack(third, PackOrder(tmp_path / "out", "wacz"), NOW)

    assert packed.left_out == (
        "data/media/s01/supplied-02.png: no web recording",
        "data/media/s02/supplied-02.warc.damaged: was damaged when it was supplied",
    )


def test_a_capture_that_is_not_what_the_data_package_states_is_not_packed(bag: Path, tmp_path: Path) -> None:
    place = next((bag / "data" / "archive").iterdir())
    content = place.read_bytes()
    with open_bag(bag) as opened:
        made = wacz_contents(opened, None).contents
    try:
        place.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(PackRefused, match=r"s01\.warc\.gz: stated sha256:.*found sha256:"):
            for member in made.members:
                for _ in exactly(member):
                    pass
        with pytest.raises(PackRefused):
            pack(bag, PackOrder(tmp_path / "out", "wacz"), NOW)
        assert not (tmp_path / "out").exists()
    finally:
        place.write_bytes(content)
