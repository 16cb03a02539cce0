"""The web archive part of a bag as a WACZ that its readers take."""

from __future__ import annotations

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
from archive.handover.pack import PackOrder, pack
from archive.handover.wacz import wacz_contents
from archive_cli.main import main
from tests.world import World

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


def test_a_capture_that_is_not_what_the_data_package_states_is_not_packed(bag: Path, tmp_path: Path) -> None:
    place = next((bag / "data" / "archive").iterdir())
    content = place.read_bytes()
    with open_bag(bag) as opened:
        made = wacz_contents(opened, None)
    try:
        place.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(PackRefused, match=r"s01\.warc\.gz: stated sha256:.*found sha256:"):
            for member in made.members:
                for _ in exactly(member):
                    pass
        with pytest.raises(PackRefused):
            pack(bag, PackOrder(tmp_path / "out", "wacz"), NOW)
        assert list((tmp_path / "out").iterdir()) == []
    finally:
        place.write_bytes(content)
