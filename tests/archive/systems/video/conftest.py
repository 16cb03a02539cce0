"""Runs the extractor where a test can reach it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from archive.systems.video import extractor_process
from archive.systems.video.extractor_process import ExtractorProcess, ProcessPool
from archive.systems.video.messages import MessagePipe


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extractor in a thread of the test's process, which may then patch it; it speaks by the same messages."""
    pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
    monkeypatch.setattr(extractor_process, "start_process", _started)
    monkeypatch.setattr("archive.systems.video.extraction.POOL", ProcessPool())


def _started(folder: Path) -> ExtractorProcess:
    from archive.systems.video.worker import serve

    tasks, replies = os.pipe(), os.pipe()
    theirs = MessagePipe(os.fdopen(tasks[0], "rb"), os.fdopen(replies[1], "wb"))
    ours = MessagePipe(os.fdopen(replies[0], "rb"), os.fdopen(tasks[1], "wb"))

    def run() -> None:
        with theirs.reader, theirs.writer:
            serve(theirs, folder)

    def end() -> None:
        for side in (ours.writer, ours.reader):
            side.close()

    threading.Thread(target=run, daemon=True).start()
    folder.mkdir(parents=True, exist_ok=True)
    process = ExtractorProcess(ours, end, folder)
    process.greet()
    return process
