"""`archive desk` as a process: where it may be started, and what it leaves when it ends, however it ends."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.desk.server import DeskEnd, serve
from archive.desk.state import Places, Task
from archive.errors import UsageProblem
from tests.archive.desk.desk_client import DeskClient

pytestmark = pytest.mark.timeout(120)


class Running:
    """`archive desk FOLDER --no-open`, and one browser that was let in."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "archive_cli", "desk", str(folder), "--no-open"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.process.stdout.readline()
        self.host, _, code = self.process.stdout.readline().strip().removeprefix("http://").partition("/open#")
        answer = self.send("POST", "/open", code.encode())
        self.cookie, self.home = answer.headers["Set-Cookie"].partition(";")[0], json.loads(answer.read())["next"]

    def send(self, method: str, path: str, body: bytes = b"") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Host": self.host, "Origin": f"http://{self.host}", "Cookie": getattr(self, "cookie", "")}
        connection.request(method, path, body, headers)
        return connection.getresponse()

    def end(self, number: int) -> tuple[int, str]:
        """Send a signal; gives the exit code and what was printed to a person."""
        self.process.send_signal(number)
        printed, said = self.process.communicate(timeout=60)
        return self.process.returncode, printed + said


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "reports"
    folder.mkdir()
    started = Running(folder)
    yield started
    with contextlib.suppress(OSError):
        started.process.kill()
    started.process.wait()


def test_the_same_command_prints_another_link_while_the_desk_is_open(running: Running, tmp_path: Path) -> None:
    again = subprocess.run(
        [sys.executable, "-m", "archive_cli", "desk", str(tmp_path / "reports"), "--no-open"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    host, _, code = again.stdout.splitlines()[-1].removeprefix("http://").partition("/open#")
    assert host == running.host
    assert [running.send("POST", "/open", code.encode()).status for _ in range(2)] == [200, 403]
    assert again.stderr.splitlines()[-1].startswith("Next: open it in your browser")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_however_it_ends_no_upload_and_no_link_stays_and_the_last_line_says_what_is_next(
    running: Running, tmp_path: Path, name: str
) -> None:
    sent = running.send("PUT", f"{running.home}upload?name=secret.tar", b"a package that somebody gave me")
    assert sent.status == 200
    folder = tmp_path / "reports" / ".desk"
    assert len([place for place in folder.rglob("*") if place.is_file()]) == 3  # the lock, the link, the upload
    code, said = running.end(getattr(signal, name))
    assert code == 0 and "Traceback" not in said
    assert [place.name for place in folder.rglob("*")] == ["desk.lock"]
    last = said.strip().splitlines()[-1]
    assert "The desk has ended" in said and last.startswith("Next: archive desk ") and "reports" in last


def test_a_desk_that_nobody_uses_ends_by_itself(tmp_path: Path) -> None:
    places = Places(tmp_path / "keys", tmp_path / "player")
    links: list[str] = []

    def in_a_thread(minutes: float, ended: list[DeskEnd]) -> threading.Thread:
        def run() -> None:
            def opened(address: str, _: Path) -> None:
                links.append(address)

            ended.append(serve(tmp_path, FetchSettings(), places, language="en", opened=opened, idle_minutes=minutes))  # type: ignore[arg-type]

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    ended: list[DeskEnd] = []
    in_a_thread(1 / 60, ended).join(60)
    assert [one.idle_minutes for one in ended] == [1 / 60] and len(links) == 1
    assert not (tmp_path / ".desk" / "open.html").exists()


def test_it_does_not_end_while_a_tab_is_open_or_work_is_under_way(client: DeskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    client.desk.clock = lambda: now[0]
    assert client.get("alive").status == 204
    now[0] = 100.0
    assert not client.desk.is_idle(101) and client.desk.is_idle(100)
    assert client.get("alive").status == 204  # a tab is open
    assert not client.desk.is_idle(100)
    now[0] = 200.0
    assert client.send("GET", client.home, headers={"host": "evil.example"}).status == 421  # nobody whom it lets in
    assert client.desk.is_idle(100)

    monkeypatch.setattr("archive.desk.state.is_running", lambda _: True)
    client.drop("R1.txt", b"https://a.example/\n")
    now[0] = 400.0
    assert not client.desk.is_idle(100)  # a capture
    monkeypatch.setattr("archive.desk.state.is_running", lambda _: False)
    assert client.desk.is_idle(100)
    waiting = threading.Event()
    ident = client.desk.begin("checking", "", lambda: str(waiting.wait(60)))
    assert isinstance(client.desk.tasks[ident], Task) and not client.desk.is_idle(100)  # a check
    waiting.set()
    client.desk.tasks[ident].future.result(60)
    assert client.desk.is_idle(100)


def refused(folder: Path) -> str:
    def opened(_: str, __: Path) -> None:
        raise AssertionError("the desk was opened")

    with pytest.raises(UsageProblem) as caught:
        serve(folder, FetchSettings(), Places(folder / "k", folder / "p"), language="en", opened=opened)
    return str(caught.value)


def test_it_is_not_opened_inside_a_bag_since_a_bag_never_changes(tmp_path: Path) -> None:
    bag = tmp_path / "R1"
    (bag / "data" / "media").mkdir(parents=True)
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    for folder in (bag, bag / "data", bag / "data" / "media"):
        assert f"archive desk {tmp_path}" in refused(folder)
    work = tmp_path / "R2.part"
    work.mkdir()
    (work / "journal.jsonl").write_text("")
    assert f"archive desk {tmp_path}" in refused(work)
    assert [place.name for place in tmp_path.rglob(".desk")] == []


def test_a_folder_that_is_not_there_or_is_a_file_is_said_to_be_so(tmp_path: Path) -> None:
    assert f"mkdir {tmp_path / 'new'}" in refused(tmp_path / "new") and not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("")
    assert "a file, not a folder" in refused(tmp_path / "file")


@pytest.mark.skipif(os.name != "posix" or shutil.which("script") is None, reason="needs a terminal")
@pytest.mark.parametrize(("typed", "is_made"), [("y", True), ("n", False)])
def test_in_a_terminal_it_offers_to_create_the_folder(tmp_path: Path, typed: str, is_made: bool) -> None:
    folder = tmp_path / "new reports"
    line = f"{sys.executable} -m archive_cli desk '{folder}' --no-open"
    process = subprocess.Popen(
        ["script", "-qec", line, "/dev/null"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=0
    )
    assert process.stdin is not None and process.stdout is not None
    said = _read_until(process.stdout.read, "Create it?")
    process.stdin.write(f"{typed}\r")
    said += _read_until(process.stdout.read, "Next: " if is_made else "mkdir")
    process.stdin.write("\x03")
    process.wait(60)
    assert folder.is_dir() == is_made and "Traceback" not in said


def _read_until(read: Callable[[int], str], wanted: str) -> str:
    seen = ""
    while wanted not in seen and (piece := read(1)):
        seen += piece
    return seen
