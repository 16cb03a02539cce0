"""The pilot, end to end: the real command line against the loopback internet, judged by what that internet sent."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bagit
import pytest

from tests.world import World
from tests.world.pilot import PILOT

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "manifests" / "examples" / "R210517" / "report.txt"
ARCHIVE = str(Path(sys.executable).with_name("archive"))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A bag, what the command said, and the world that it came from."""

    bag: Path
    code: int
    said: dict[str, Any]
    world: World


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    bag = tmp_path_factory.mktemp("pilot") / "R210517"
    with World() as world:
        command = [ARCHIVE, "fetch", str(REPORT), "-o", str(bag), "--demonstration", "--delay", "0", "--json"]
        done = subprocess.run([*command, *world.cli_args], capture_output=True, text=True, check=False, timeout=120)
        assert done.stdout, done.stderr
        yield Fetched(bag, done.returncode, json.loads(done.stdout), world)


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record, cut out by a reader that knows nothing of ours."""

    headers: dict[str, str]
    block: bytes


def records(bag: Path) -> Iterator[Record]:
    for path in sorted((bag / "data" / "archive").iterdir()):
        data = path.read_bytes()
        while data:
            member = zlib.decompressobj(31)
            whole = member.decompress(data)
            data = member.unused_data
            head, _, rest = whole.partition(b"\r\n\r\n")
            lines = head.decode("utf-8").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            assert lines[0] == "WARC/1.1" and rest.endswith(b"\r\n\r\n")
            assert len(rest) - 4 == int(headers["content-length"])
            yield Record(headers, rest[:-4])


VIDEO_HOSTS = re.compile(r"://(?:[^/]+\.googlevideo\.com|i\.ytimg\.com|www\.youtube\.com)/")


def probes(world: World) -> set[str]:
    """Requests that only learn how a host lies: one random sibling of a cited page."""
    parents = {hop.rstrip("/").rpartition("/")[0] for expected in PILOT for hop in expected.hops}
    found = {url for url in world.urls() if re.search(r"/\d{9,}/?$|/[0-9a-z]{12,}/?$", url)}
    return {
        url for url in found if url.rstrip("/").rpartition("/")[0] in parents | {p.rpartition("/")[0] for p in parents}
    }


def test_each_source_ends_as_the_notes_say(fetched: Fetched) -> None:
    ended = [(source["status"], source["reason"]) for source in fetched.said["sources"]]
    assert [source["cited"] for source in fetched.said["sources"]] == [expected.cited for expected in PILOT]
    captured = ("captured", None)
    assert [ended[n] for n in (0, 1, 3, 5, 7)] == [captured] * 5
    assert ended[4] in (("blocked", "challenge"), ("memento", None))
    assert ended[6] in (("gone", "soft-404"), ("memento", None))


def test_everything_that_a_reader_can_find_was_requested_once(fetched: Fetched) -> None:
    requested = Counter(fetched.world.urls())
    must = frozenset().union(*(expected.wanted for expected in PILOT))
    may = frozenset().union(*(expected.extras for expected in PILOT))
    others = {url for url in requested if not url.endswith("/robots.txt") and "://web.archive.org/" not in url}
    videos = {
        url for url in others if VIDEO_HOSTS.search(url)
    } - must  # what the extra [video] requests beside the pages
    assert sorted(must - set(requested)) == []
    assert sorted(others - must - may - probes(fetched.world) - videos) == []
    assert {url: times for url, times in requested.items() if times > 1 and url not in videos} == {}
    assert fetched.world.strays == []


def test_every_byte_that_was_sent_is_in_the_bag_as_it_was_sent(fetched: Fetched) -> None:
    stored = Counter(
        (record.headers["warc-target-uri"], record.block)
        for record in records(fetched.bag)
        if record.headers["warc-type"] == "response"
    )
    sent = Counter((seen.url, seen.sent) for seen in fetched.world.requested())
    assert sorted(url for url, _ in sent - stored) == []
    assert sorted(url for url, _ in stored - sent) == []


def test_every_request_is_in_the_bag_as_it_came(fetched: Fetched) -> None:
    stored = Counter(
        (record.headers["warc-target-uri"], record.block.split(b"\r\n", 1)[0].decode())
        for record in records(fetched.bag)
        if record.headers["warc-type"] == "request"
    )
    came = Counter((seen.url, f"{seen.method} {seen.target} HTTP/1.1") for seen in fetched.world.requested())
    assert stored == came


def test_one_connection_at_a_time_to_a_host(fetched: Fetched) -> None:
    assert {host: most for host in fetched.world.sites if (most := fetched.world.most_at_once(host)) > 1} == {}


def test_the_partners_own_tool_takes_the_bag(fetched: Fetched) -> None:
    assert bagit.Bag(str(fetched.bag)).validate()


def test_the_bag_says_that_it_is_a_demonstration(fetched: Fetched) -> None:
    assert "DEMONSTRATION" in (fetched.bag / "bag-info.txt").read_text("utf-8")
    assert "DEMONSTRATION" in (fetched.bag / "data" / "index.html").read_text("utf-8")


def test_the_demonstration_shows_nine_verdicts_and_a_checked_bag(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    (folder / "R210517").mkdir(parents=True)
    for left in ("made-by-make-demo", "R210517/old.txt"):  # an earlier run's, which this one replaces
        (folder / left).write_text("from before")
    command = [sys.executable, "-m", "tests.world.demo", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / "R210517/old.txt").exists()
    assert set(re.findall(r"^s\d\d(?=  \w)", done.stdout, re.MULTILINE)) == {f"s{n:02d}" for n in range(1, 10)}
    assert "fixity passed" in done.stdout and "The program contacted no other host." in done.stdout
    assert (folder / "R210517" / "data" / "index.html").is_file()


def test_the_demonstration_touches_no_folder_of_others(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    command = [sys.executable, "-m", "tests.world.demo", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, sorted(path.name for path in tmp_path.iterdir())) == (2, ["precious.txt"])


def test_the_demonstration_explains_itself_and_makes_nothing(tmp_path: Path) -> None:
    for module in ("tests.world.demo", "tests.world"):
        command = [sys.executable, "-m", module, str(tmp_path / "made"), "--help"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stdout.startswith(f"usage: python -m {module}")) == (0, True), done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="the README's way is for a POSIX shell")
def test_a_report_of_one_s_own_is_captured_from_the_loopback_internet(tmp_path: Path) -> None:
    file = tmp_path / "loopback.txt"
    command = [sys.executable, "-m", "tests.world", str(file)]
    served = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert served.stdout is not None
    with served, served.stdout as printed:
        lines = list(iter(printed.readline, "An address that it does not have is not reachable: nothing leaves this machine.\n"))
        assert any("archive fetch my-report.txt -o my-bag $(cat" in line for line in lines)
        (tmp_path / "my-report.txt").write_text("As seen on https://sn4hr.org/?p=55768 and https://nowhere.example/x .\n")
        script = f"archive fetch my-report.txt -o my-bag --delay 0 --no-browser --json $(cat {file})"
        way = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-c", script], cwd=tmp_path, env={**os.environ, "PATH": way}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        served.send_signal(signal.SIGINT)
    assert (done.returncode, served.returncode) == (1, 0), done.stderr
    assert {one["cited"]: one["status"] for one in json.loads(done.stdout)["sources"]} == {
        "https://sn4hr.org/?p=55768": "captured",
        "https://nowhere.example/x": "unreachable",
    }
    assert not file.exists()
