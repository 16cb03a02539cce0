"""A report is read the same from a path and from a stream that cannot seek."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from archive.cite import read_report, read_report_stream, readers
from archive.errors import ReportUnreadable

HTML = b"<html lang=en><p>See <a href='https://x.org/a'>this</a> and https://x.org/b"


class OneWay(io.RawIOBase):
    """A stream that gives a few bytes at a time, once."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def readable(self) -> bool:
        return True

    def read(self, most: int = -1) -> bytes:
        piece = self._data[self._at : self._at + min(most, 7)]
        self._at += len(piece)
        return piece


@pytest.mark.parametrize("name", ["R210517.html", "R210517.txt"])
def test_a_member_of_a_package_is_read_as_its_file_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(HTML)
    assert read_report_stream(OneWay(HTML), name) == read_report(tmp_path / name)


@pytest.mark.parametrize("name", ["R210517.html", "R210517.txt"])
def test_a_stream_longer_than_its_kind_may_be_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("html", "plain"):
        monkeypatch.setitem(readers.LARGEST, kind, 50)
    with pytest.raises(ReportUnreadable, match=rf"{name}: larger than 50 bytes"):
        read_report_stream(OneWay(HTML), name)
