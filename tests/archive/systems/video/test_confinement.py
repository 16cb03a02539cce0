"""What native code in the extractor's process reaches of this machine, and what a program does that it starts."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

from archive.sandbox import landlock_version
from archive.systems.video import extractor_process, ffmpeg
from archive.systems.video.extraction import _is_plain_file
from archive.systems.video.messages import NextVideo, OpenPlayer, VideoDescribed

pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
pytestmark = pytest.mark.usefixtures("real_starts")

_FIRST_WITH_SIGNALS = 6
START = """
import ctypes, os, subprocess, sys
from archive.systems.video import client, worker
libc = ctypes.CDLL(None)
def extract(*_, **__):
    return {{"id": "a", "title": repr({tried})}}
client.Client.extract_info = extract
worker.main()
"""
NATIVE = """[name for name, code in {{
    "reads a file of the user": libc.open({place!r}, 0),
    "lists the user's folder": libc.open({home!r}, 0o200000),
    "writes into a file of the user": libc.open({place!r}, 1),
    "makes a file beside it": libc.creat({home!r} + b"/new", 0o600),
    "empties a file of the user": libc.truncate({place!r}, 0),
    "removes a file of the user": libc.unlink({place!r}),
    "links to a file of the user": libc.symlink({place!r}, b"spool/link"),
    "takes a file of the user in": libc.link({place!r}, b"spool/hard"),
    "opens a socket": libc.socket(2, 1, 0),
    "signals the program": libc.kill(os.getppid(), 0),
    "starts a program": libc.execv(b"/bin/true", None),
    "writes into its folder": libc.creat(b"spool/own", 0o600),
    "removes from its folder": libc.unlink(b"spool/own"),
    "reads a module": libc.open(os.__file__.encode(), 0),
}}.items() if code >= 0]"""
STARTED = """subprocess.run([{program!r}, "-I", "-c", {code!r}], capture_output=True, text=True).stdout.split()"""
CODE = """
import os
for path, mode in (({place!r}, "r"), ({home!r} + "/new", "w"), (os.environ["HOME"] + "/spool/own", "w")):
    try:
        open(path, mode).close()
        print("opened")
    except PermissionError:
        print("refused")
"""

linux = pytest.mark.skipif(landlock_version() == 0, reason="no Landlock here")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "cookies.txt").write_text("a secret of the user", "utf-8")
    return tmp_path


def reached(monkeypatch: pytest.MonkeyPatch, home: Path, tried: str) -> list[str]:
    """What an expression gives in the process, while it describes a video."""
    monkeypatch.setattr(extractor_process, "_START", START.format(tried=tried))
    process = extractor_process.start_process(home / "work/extractor")
    try:
        options = {"user_agent": "x", "referrer": None, "merges": False, "any_site": False, "tries": 1, "most": 1}
        process.open(OpenPlayer("https://vimeo.com/1", {**options, "runtime": None}, [], 1 << 20))
        reply = process.perform(NextVideo(), None, None)  # type: ignore[arg-type]
        assert isinstance(reply, VideoDescribed) and reply.info is not None
        found: list[str] = ast.literal_eval(reply.info["title"])
        return found
    finally:
        process.close()


@linux
def test_native_code_reaches_its_own_folder_and_nothing_of_the_user(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extractor_process.shutil, "which", lambda _: None)
    names = {"place": os.fsencode(home / "cookies.txt"), "home": os.fsencode(home)}
    expected = ["writes into its folder", "removes from its folder", "reads a module"]
    if landlock_version() < _FIRST_WITH_SIGNALS:
        expected.insert(0, "signals the program")
    assert reached(monkeypatch, home, NATIVE.format(**names)) == expected
    assert sorted(path.name for path in home.iterdir()) == ["cookies.txt", "work"]
    assert (home / "cookies.txt").read_text("utf-8") == "a secret of the user"
    assert list((home / "work").iterdir()) == []


@linux
def test_what_runs_the_script_of_a_player_is_confined_alike(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = os.path.realpath(sys.executable)
    monkeypatch.setattr(extractor_process.shutil, "which", lambda _: program)
    code = CODE.format(place=str(home / "cookies.txt"), home=str(home))
    assert reached(monkeypatch, home, STARTED.format(program=program, code=code)) == ["refused", "refused", "opened"]


TAKING_APART = """
import os, socket
results = []
for path, mode in (({place!r}, "r"), ({home!r} + "/new", "w"), ({given!r}, "w"), ({given!r}, "r"), ({folder!r} + "/merged", "w")):
    try:
        open(path, mode).close()
        results.append("opened")
    except PermissionError:
        results.append("refused")
try:
    socket.socket()
    results.append("connected")
except PermissionError:
    results.append("refused")
print(*results)
"""


@linux
def test_what_takes_streams_apart_reads_these_alone_and_writes_into_one_folder(home: Path) -> None:
    given, folder = home / "stream", home / "spool"
    given.write_bytes(b"moov")
    folder.mkdir()
    names = {"place": home / "cookies.txt", "home": home, "given": given, "folder": folder}
    code = TAKING_APART.format(**{name: str(path) for name, path in names.items()})
    done, said = ffmpeg._run([os.path.realpath(sys.executable), "-I", "-c", code], (given,), folder)
    assert (done, said) == (True, "refused refused refused opened opened refused\n")
    assert (given.read_bytes(), [path.name for path in folder.iterdir()]) == (b"moov", ["merged"])


@linux
def test_a_program_that_takes_too_much_memory_ends() -> None:
    words = [os.path.realpath(sys.executable), "-I", "-c", "print(len(bytearray({} << 20)))"]
    assert ffmpeg._run([*words[:-1], words[-1].format(100)])[0] is True
    assert ffmpeg._run([*words[:-1], words[-1].format(1100)]) == (False, "")


def test_a_link_in_the_place_of_a_stream_is_no_stream(home: Path) -> None:
    (home / "stream").write_bytes(b"moov")
    (home / "link").symlink_to(home / "cookies.txt")
    os.link(home / "cookies.txt", home / "hard")
    names = ("stream", "link", "hard", "none", ".")
    assert [name for name in names if _is_plain_file(home / name)] == ["stream"]
