"""The zip that is written without `zipfile` is the one that `zipfile` writes, byte for byte."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest

from archive.handover import zip_writer
from archive.handover.zip_writer import ZipWriter

MOMENT = datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC)
MEMBERS = [("R1/", 0x41ED0010, b""), ("R1/a.txt", 0x81A40000, b"one"), ("R1/\u0634\u0627\u0647\u062f", 0x81A40000, b"x" * 300)]


def by_the_library(members: list[tuple[str, int, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, attributes, data in members:
            info = zipfile.ZipInfo(name, MOMENT.timetuple()[:6])  # type: ignore[arg-type]
            info.create_system, info.external_attr, info.file_size = 3, attributes, len(data)
            with package.open(info, "w") as place:
                place.write(data)
    return made.getvalue()


def by_us(members: list[tuple[str, int, bytes]]) -> bytes:
    made = io.BytesIO()
    writer = ZipWriter(made, MOMENT)
    for name, attributes, data in members:
        writer.add(name, attributes, len(data), [data[:2], data[2:]])
    writer.close()
    return made.getvalue()


@pytest.mark.parametrize("members", [[], MEMBERS[:1], MEMBERS], ids=len)
def test_it_is_what_the_library_writes(members: list[tuple[str, int, bytes]]) -> None:
    assert by_us(members) == by_the_library(members)


@pytest.mark.parametrize("limit", [2, 50, 150, 295, 310])
def test_so_it_is_where_sizes_and_places_need_64_bits(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)
    monkeypatch.setattr(zip_writer, "_LIMIT", limit)
    assert by_us(MEMBERS) == by_the_library(MEMBERS)


def test_so_it_is_where_there_are_more_members_than_16_bits_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    monkeypatch.setattr(zip_writer, "_MOST", 2)
    library = by_the_library(MEMBERS)
    assert by_us(MEMBERS)[:-22] == library[:-22]  # the last record has the two limits' own values
    assert zipfile.ZipFile(io.BytesIO(library)).namelist() == [name for name, _, _ in MEMBERS]
