"""A damaged or missing WARC is one damage: what only its records prove is not checked, and contradicts nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests.records import RecordLine
from tests.archive.verify.forged_bag import LEDGER, ForgedBag
from tests.archive.verify.two_recordings import FIRST, SECOND, captured_and_imported

SOURCES = [FIRST, SECOND]
WARC = f"data/archive/{FIRST}.warc.gz"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A captured bag, and a bag of its recordings."""
    return captured_and_imported(tmp_path_factory.mktemp("lost"))


@pytest.fixture
def bag(made: tuple[Path, Path], tmp_path: Path) -> ForgedBag:
    return ForgedBag.copy_of(made[0], tmp_path / "C")


def flip(bag: ForgedBag, line: RecordLine) -> None:
    """Damage the stored member of a record."""
    data = bytearray(bag.read(line.file))
    data[line.offset + line.length - 6] ^= 0x10
    bag.write(line.file, bytes(data))


def errors(verified: Verification) -> list[str]:
    return [each.code for each in verified.findings if each.severity == "error"]


def unread(verified: Verification) -> list[str | None]:
    """The sources of which something was not checked, each once."""
    return [each.source for each in verified.findings if each.code == "source-unread"]


def test_a_damaged_style_sheet_is_one_damage_and_the_rest_of_both_sources_is_checked(bag: ForgedBag) -> None:
    first, second = ({each.record for each in bag.entry(name).requisites if each.kind == "style"} for name in SOURCES)
    line = next(each for each in bag.records if each.id in first & second)
    flip(bag, line)
    verified = bag.verified()
    assert errors(verified) == ["payload-altered", "warc-gzip", "record-missing"]
    assert unread(verified) == SOURCES
    assert verified.answers["coverage"].state == "not-checked"
    ledger = json.loads(bag.read(LEDGER))
    ledger["sources"][0]["title"] = "The regime admits it"
    bag.write(LEDGER, (json.dumps(ledger, ensure_ascii=False, indent=2) + "\n").encode())
    assert "title-contradicted" in errors(bag.verified())


def test_a_damaged_page_leaves_its_source_unchecked_and_no_other(bag: ForgedBag) -> None:
    flip(bag, next(each for each in bag.records if each.id == bag.copy(FIRST, "live").records[-1]))
    verified = bag.verified()
    assert errors(verified) == ["payload-altered", "warc-gzip", "record-missing"]
    assert unread(verified) == [FIRST]


def test_a_damaged_description_of_an_exchange_leaves_its_source_unchecked(bag: ForgedBag) -> None:
    flip(bag, next(each for each in bag.records if each.file == WARC and each.type == "metadata"))
    verified = bag.verified()
    assert errors(verified) == ["payload-altered", "warc-gzip", "record-missing"]
    assert FIRST in unread(verified)


def test_a_damaged_request_is_one_damage(bag: ForgedBag) -> None:
    flip(bag, next(each for each in bag.records if each.file == WARC and each.type == "request"))
    verified = bag.verified()
    assert errors(verified) == ["payload-altered", "warc-gzip", "record-missing"]
    assert unread(verified) == []


def test_a_missing_warc_is_missing_and_contradicts_nothing(bag: ForgedBag) -> None:
    (bag.path / WARC).unlink()
    verified = bag.verified()
    assert errors(verified) == ["oxum-differs", "payload-missing", "record-missing"]
    assert unread(verified) == SOURCES
    assert [str(verified.answers[name].state) for name in ("warc", "coverage")] == ["failed", "not-checked"]


def test_what_follows_from_the_ledger_alone_is_compared_without_the_records(bag: ForgedBag) -> None:
    (bag.path / WARC).unlink()
    bag.set_source(FIRST, request_url="https://elsewhere.example/")
    assert {"address-contradicted"} <= set(errors(bag.verified()))


def test_a_record_that_the_log_does_not_list_is_no_lost_one(bag: ForgedBag) -> None:
    """Whoever takes a record out of WARC and log finds its source contradicted as before."""
    name = bag.copy(FIRST, "live").records[-1]
    line = next(each for each in bag.records if each.id == name)
    data = bag.read(WARC)
    bag.write(WARC, data[: line.offset] + data[line.offset + line.length :])
    bag.relog()
    bag.seal_over()
    verified = bag.verified()
    assert {"exchange-missing", "address-contradicted"} <= set(errors(verified))
    assert unread(verified) == []


def test_a_member_that_is_damaged_in_a_zip_is_one_damage(bag: ForgedBag, tmp_path: Path) -> None:
    packed = tmp_path / "C.zip"
    with zipfile.ZipFile(packed, "w") as file:
        for place in sorted(each for each in bag.path.rglob("*") if each.is_file()):
            file.write(place, place.relative_to(tmp_path))
    data = bytearray(packed.read_bytes())
    at = data.find(bag.read(WARC)[:2000])
    assert at > 0
    data[at + 1500] ^= 0x10
    packed.write_bytes(bytes(data))
    verified = verify(packed, jobs=1)
    assert {each.kind for each in verified.findings if each.severity == "error"} == {"damage", "missing"}
    assert FIRST in unread(verified)


def test_a_damaged_recording_that_was_supplied_is_one_damage(made: tuple[Path, Path], tmp_path: Path) -> None:
    bag = ForgedBag.copy_of(made[1], tmp_path / "B")
    path = f"data/media/{FIRST}/supplied-01.warc.gz"
    data = bytearray(bag.read(path))
    data[len(data) // 2] ^= 0x10
    bag.write(path, bytes(data))
    verified = bag.verified()
    assert set(errors(verified)) == {"payload-altered", "warc-gzip"}
    assert unread(verified) == [FIRST]
    assert replace(verified, findings=()).outcome == "intact"
