"""ffmpeg is asked for its version once, and again after it was changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.systems.video import ffmpeg


def test_the_version_is_that_of_the_program_as_it_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.touch(mode=0o755)
    replies = ["", "ffmpeg version 5.1 of somebody", "ffmpeg version 6.0"]
    monkeypatch.setattr(ffmpeg, "_run", lambda command, seconds: (True, replies.pop(0)))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ffmpeg.find_tool() is None
    assert [ffmpeg.find_tool() for _ in range(2)] == [ffmpeg.Tool(str(program), "5.1")] * 2
    os.utime(program, (1, 1))
    assert ffmpeg.find_tool() == ffmpeg.Tool(str(program), "6.0")
    assert replies == []
    program.unlink()
    assert ffmpeg.find_tool() is None
