"""Files that a source manifest supplies: fetched with it, marked as a person's, end to end."""

from __future__ import annotations

import json
from pathlib import Path

import bagit
import pytest
from click.testing import CliRunner, Result

from archive.workfolder.events import Judged
from archive.workfolder.journal import read_journal
from archive_cli.main import main
from archive_manifests.ledger import SourceEntry, from_json
from tests.archive.warc.warc_bytes import record
from tests.note_texts import texts_of
from tests.world import World, media_bytes
from tests.world.sites import faselhd

CITED_VIDEO = f"https://{faselhd.HOST}{faselhd.VIDEO}"
POST = "https://sn4hr.org/blog/2019/04/30/53633/"
PICTURE, VIDEO = media_bytes.png("what I saw", 200, 100), b"\0\0\0\x18ftypmp42" + bytes(64)


def manifest(folder: Path, *supplied: str, url: str = CITED_VIDEO, lines: str = "") -> Path:
    place = folder / "sources.toml"
    tables = ", ".join(supplied)
    place.write_text(
        f'[report]\nid = "T1"\ndate = "2021-05-21"\n\n[[source]]\ncited = "{url}"\n{lines}\nsupplied = [ {tables} ]\n', "utf-8"
    )
    return place


def fetch(world: World, place: Path, *more: str) -> Result:
    words = ["fetch", str(place), "-o", str(place.parent / "T1"), "--delay", "0", "--json", "--no-memento", "-q"]
    return CliRunner().invoke(main, [*words, *world.cli_args, *more], prog_name="archive")


def entry(folder: Path) -> SourceEntry:
    (found,) = from_json((folder / "T1/data/sources.json").read_bytes()).sources
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files/لقطة.png").write_bytes(PICTURE)
    (tmp_path / "video.mp4").write_bytes(VIDEO)
    return tmp_path


SHOT = '{ path = "files/لقطة.png", how = "Firefox, signed in", by = "collector-7", when = 2026-11-20T10:00:00+02:00 }'
FILE = '{ path = "video.mp4", how = "from a phone" }'


def test_what_a_manifest_supplies_stands_in_for_what_the_web_does_not_give(world: World, folder: Path) -> None:
    done = fetch(world, manifest(folder, SHOT, FILE))
    assert (done.exit_code, json.loads(done.stdout)["counts"]) == (0, {"supplied": 1})
    found = entry(folder)
    assert (found.status, found.live.status, found.live.reason) == ("supplied", "blocked", "challenge")
    shot, video = (copy for copy in found.copies if copy.kind == "supplied")
    assert (shot.taken, shot.holder, shot.files) == (
        "2026-11-20T08:00:00Z", "collector-7", ("data/media/s01/supplied-01.png",),
    )  # fmt: skip
    added = shot.notes[1].facts["when"]
    assert texts_of(shot.notes) == ["supplied: Firefox, signed in; its name was لقطة.png", f"added to the bag on {added}"]
    events = [json.loads(line) for line in (folder / "T1/data/provenance/events.jsonl").read_text("utf-8").splitlines()]
    assert [event["time"] for event in events if shot.files[0] in event["objects"]] == [added]
    assert found.started <= str(added) <= events[-1]["time"]
    assert (video.holder, video.files) == (None, ("data/media/s01/supplied-02.mp4",))
    assert [(folder / "T1" / path).read_bytes() for path in (*shot.files, *video.files)] == [PICTURE, VIDEO]
    assert found.facets.appearance.present
    bagit.Bag(str(folder / "T1")).validate()
    checked = CliRunner().invoke(main, ["verify", str(folder / "T1"), "--json"])
    assert (checked.exit_code, json.loads(checked.stdout)["answers"]["coverage"]["state"]) == (0, "passed")


def test_a_source_that_is_here_stays_captured_and_has_the_file_beside(world: World, folder: Path) -> None:
    assert fetch(world, manifest(folder, SHOT, url=POST)).exit_code == 0
    found = entry(folder)
    assert (found.status, [copy.kind for copy in found.copies]) == ("captured", ["live", "supplied"])


def test_a_source_that_is_skipped_is_supplied_without_anybody_being_requested(world: World, folder: Path) -> None:
    done = fetch(world, manifest(folder, SHOT, lines="skip = true"))
    assert done.exit_code == 0
    assert world.urls() == []
    assert (entry(folder).status, entry(folder).live.reason) == ("supplied", "skipped")


def test_running_it_again_supplies_nothing_twice(world: World, folder: Path) -> None:
    place = manifest(folder, SHOT)
    assert fetch(world, place, "--hold").exit_code == 0
    first = list(read_journal(folder / "T1.part/journal.jsonl"))
    assert fetch(world, place, "--hold").exit_code == 0
    assert fetch(world, place).exit_code == 0
    assert len([copy for copy in entry(folder).copies if copy.kind == "supplied"]) == 1
    assert any(isinstance(line, Judged) and line.entry.status == "supplied" for line in first)


def test_a_bag_made_again_has_the_file_of_the_first(world: World, folder: Path) -> None:
    place = manifest(folder, SHOT)
    assert fetch(world, place).exit_code == 0
    assert fetch(world, place, "--again").exit_code == 0
    (again,) = from_json((folder / "T1-2/data/sources.json").read_bytes()).sources
    assert [copy.files for copy in again.copies if copy.kind == "supplied"] == [("data/media/s01/supplied-01.png",)]
    assert (folder / "T1-2/data/media/s01/supplied-01.png").read_bytes() == PICTURE
    assert CliRunner().invoke(main, ["verify", str(folder / "T1-2")]).exit_code == 0


def test_without_any_network_a_supplied_file_does_not_settle_the_source(world: World, folder: Path) -> None:
    place = manifest(folder, SHOT)
    world.set_mode(faselhd.HOST, "refused")
    assert fetch(world, place).exit_code == 3
    world.set_mode(faselhd.HOST, "challenge")
    (folder / "T1.part").rename(folder / "old")  # other ways in are other options
    assert fetch(world, place).exit_code == 0
    assert entry(folder).live.status == "blocked"


def broken(folder: Path, what: str) -> str:
    if what == "missing":
        return '{ path = "files/none.png", how = "x" }'
    if what == "folder":
        return '{ path = "files", how = "x" }'
    target = {"link": Path("/etc/hostname"), "link to a folder": Path("/etc")}.get(what)
    (folder / "files/link.png").symlink_to(target or "/dev/zero")
    inner = "/hostname" if what == "link to a folder" else ""
    return f'{{ path = "files/link.png{inner}", how = "x" }}'


@pytest.mark.parametrize(
    ("what", "observed"),
    [
        ("missing", "source 1, supplied 1: files/none.png: no such file beside the source manifest"),
        ("folder", "source 1, supplied 1: files: no such file beside the source manifest"),
        ("link", "source 1, supplied 1: files/link.png: a link that leads out of the source manifest's folder"),
        ("link to a folder", "a link that leads out of the source manifest's folder"),
        ("device", "no such file beside the source manifest"),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_before_anybody_is_requested(
    world: World, folder: Path, what: str, observed: str
) -> None:
    done = fetch(world, manifest(folder, broken(folder, what)))
    assert done.exit_code == 2
    assert observed in done.stderr
    assert world.urls() == []
    assert not (folder / "T1.part").exists()


def test_a_time_that_is_none_is_named_with_its_place(world: World, folder: Path) -> None:
    done = fetch(world, manifest(folder, '{ path = "video.mp4", how = "x", when = "yesterday" }'))
    assert "line 8, source 1, supplied 1: when 'yesterday' is no time; write 2026-11-22" in done.stderr
    assert (done.exit_code, world.urls()) == (2, [])


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="archive")


def test_the_terminal_warns_of_a_damaged_recording_and_refuses_another_address(tmp_path: Path) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>A page</title>hello"
    sound = record("response", 1, page, WARC_Target_URI="https://one.example/a")
    (tmp_path / "report.txt").write_text("https://one.example/a and https://two.example/b")
    (tmp_path / "crawl.warc").write_bytes(sound)
    (tmp_path / "broken.warc").write_bytes(sound[:-30])
    made = run("import", tmp_path / "crawl.warc", "--report", tmp_path / "report.txt", "-o", tmp_path / "R1")
    assert made.exit_code == 1, made.output

    refused = run("supply", tmp_path / "R1", "s01", tmp_path / "broken.warc", "--how", "from a stick")
    assert (refused.exit_code, "damaged (warc-cut)" in refused.stderr) == (2, True)
    order = ("supply", tmp_path / "R1", "s01", tmp_path / "broken.warc", "--how", "from a stick", "--other-address")
    damaged = run(*order)
    assert damaged.exit_code == 0, damaged.output
    assert "archive: s01: the recording is damaged (warc-" in damaged.stderr

    unread = run("supply", tmp_path / "R1", "s02", tmp_path / "broken.warc", "--how", "from a stick")
    assert (unread.exit_code, "damaged (warc-cut), and no response for s02" in unread.stderr) == (2, True)

    other = run("supply", tmp_path / "R1", "s02", tmp_path / "crawl.warc", "--how", "wget")
    assert other.exit_code == 2
    assert "holds no response for s02, https://two.example/b; it holds https://one.example/a." in other.stderr
    assert "--other-address" in other.stderr
    assert sorted(place.name for place in tmp_path.glob("R1*")) == ["R1", "R1-2"]

    insisted = run("supply", tmp_path / "R1-2", "s02", tmp_path / "crawl.warc", "--how", "wget", "--other-address")
    assert insisted.exit_code == 0, insisted.output
    assert "s02  not attempted (skipped)" in insisted.stdout
    assert "archive: s02: the recording contains no response for the cited URL" in insisted.stderr
    ledger = from_json((tmp_path / "R1-2-2/data/sources.json").read_bytes())
    codes = [note.code for note in ledger.sources[1].copies[-1].notes]
    assert codes == ["supplied", "recording-lacks", "other-address-accepted"]
    assert "insists that it belongs to this source" in (tmp_path / "R1-2-2/data/index.html").read_text()


def test_a_manifest_that_supplies_a_recording_of_another_address_is_refused_before_any_request(tmp_path: Path) -> None:
    page = b"HTTP/1.1 200 OK\r\n\r\nhello"
    (tmp_path / "crawl.warc").write_bytes(record("response", 1, page, WARC_Target_URI="https://one.example/a"))
    text = '[report]\nid = "T1"\n\n[[source]]\ncited = "https://two.example/b"\nskip = true\n'
    stated = 'supplied = [ { path = "crawl.warc", how = "wget"%s } ]\n'
    (tmp_path / "sources.toml").write_text(text + stated % "")
    refused = run("fetch", tmp_path / "sources.toml", "-o", tmp_path / "T1")
    assert refused.exit_code == 2
    assert "supplied 1: crawl.warc" in refused.stderr
    assert "holds no response for the source's address; it holds https://one.example/a" in refused.stderr
    assert not (tmp_path / "T1.part").exists()
    (tmp_path / "sources.toml").write_text(text + stated % ", other_address = true")
    made = run("fetch", tmp_path / "sources.toml", "-o", tmp_path / "T1")
    assert (made.exit_code, "s01  not attempted (skipped)" in made.stdout) == (1, True)
