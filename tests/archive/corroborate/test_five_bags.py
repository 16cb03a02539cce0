"""Five bags of one report, two of them forged: every forged source contradicts each honest bag, no honest pair does."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.corroborate import side_by_side
from archive.corroborate.corroborate import corroborate
from archive.posix import can_fork_readers
from archive_manifests.corroboration import Corroboration, PairStatus
from tests.archive.corroborate.observed_site import make_report, observe, sign
from tests.archive.verify.forged_bag import ForgedBag

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A folder, a tar and a tar.gz, by readers of other names, of a site that changes with every visit."""
    folder = tmp_path_factory.mktemp("honest")
    report = make_report(folder / "report")
    bags = [
        observe(report, folder / name / "R1", "rotating", key, identify=name)
        for key, name in enumerate(("h1", "h2", "h3"), 1)
    ]
    return [bags[0], _packed(bags[1], "tar"), _packed(bags[2], "gztar")]


def _packed(bag: Path, how: str) -> Path:
    made = shutil.make_archive(str(bag.parent / bag.name), how, bag.parent, bag.name)
    shutil.rmtree(bag)
    return Path(made)


def contradicted(found: Corroboration, forged: set[str]) -> set[str]:
    """Sources in which each honest bag contradicts a forged one; fails where two honest bags contradict."""
    keys = {one.name: one.bag for one in found.observers}
    names = set()
    for source in found.sources:
        pairs = [(pair, {pair.first, pair.second}) for pair in source.pairs if pair.status is PairStatus.CONTRADICTS]
        for pair, observers in pairs:
            assert {keys[one] for one in observers} & forged, (source.address, pair.differences)
        for name in {one for one in keys if keys[one] in forged}:
            against = {other for _, observers in pairs if name in observers for other in observers - {name}}
            if {one for one in keys if keys[one] not in forged} <= against:
                names.add(source.address.rpartition("/")[2])
    return names


SCENES = {
    ("forged", "forged"): {"story", "moved"},
    ("forged-otherwise", "forged-style"): {"story", "moved", "photo"},
    ("forged-file", "hidden"): {"clip", "story", "moved"},
    ("gone", "edited"): {"story", "moved"},
}


@pytest.mark.parametrize("modes", SCENES)
def test_two_forged_of_five_are_contradicted_and_no_honest_pair_is(
    honest: list[Path], tmp_path: Path, modes: tuple[str, str]
) -> None:
    report = make_report(tmp_path / "report")
    forged = [observe(report, tmp_path / f"f{number}", mode, 90 + number) for number, mode in enumerate(modes)]
    found = corroborate([*honest, *forged], now=NOW)
    assert found.refused == ()
    assert len(found.observers) == 5
    assert contradicted(found, {"f0", "f1"}) == SCENES[modes]
    others = {one.address.rpartition("/")[2]: (str(one.state), one.independent) for one in found.sources}
    assert {name: state for name, state in others.items() if name not in SCENES[modes]} == {
        name: ("corroborated", 5) for name in others if name not in SCENES[modes]
    }


@pytest.mark.skipif(not can_fork_readers(), reason="this system forks no processes: the work is done in one")
def test_several_processes_find_what_one_finds(honest: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = corroborate(honest, now=NOW)
    monkeypatch.setattr(side_by_side, "FEWEST", 1)
    monkeypatch.setattr(side_by_side, "cores", lambda: 3)
    monkeypatch.setattr(side_by_side, "can_fork", lambda: True)
    answered = list[object]()
    monkeypatch.setattr(side_by_side, "in_forks", partial(_noted, side_by_side.in_forks, answered))
    assert corroborate(honest, now=NOW) == alone
    assert len(answered) == len(alone.sources)


def _noted(answers: Callable[..., Iterator[object]], into: list[object], *given: object) -> Iterator[object]:
    for each in answers(*given):
        into.append(each)
        yield each


def test_a_record_that_was_rewritten_in_a_copy_of_an_honest_bag_contradicts_it(
    honest: list[Path], tmp_path: Path
) -> None:
    """The bag verifies as well as the honest one, and is signed by another key."""
    forged = ForgedBag.copy_of(honest[0], tmp_path / "R1")
    place = forged.path / "data/archive/s04.warc.gz"
    content, before, after = _rewritten(place.read_bytes(), b"/Title (a)", b"/Title (z)")
    place.write_bytes(content)
    forged.relog()
    changed = [replace(one, payload_sha256=after) if one.payload_sha256 == before else one for one in forged.records]
    forged.set_records(replace(one, prev=None) for one in changed)
    forged.seal_over()
    sign(forged.path, 99)
    found = corroborate([honest[0], honest[1], forged.path], now=NOW)
    assert found.refused == ()
    clip = next(one for one in found.sources if one.address.endswith("/clip"))
    assert str(clip.state) == "contradicted"
    shared = [one for one in found.relations if one.reasons == ("same-records",)]
    assert [str(one.independence) for one in shared] == ["not-independent"]
    plain = next(one for one in found.sources if one.address.endswith("/plain"))
    assert (str(plain.state), plain.seen, plain.independent) == ("corroborated", 3, 2)


def _rewritten(data: bytes, old: bytes, new: bytes) -> tuple[bytes, str, str]:
    """The WARC with another body and digests that fit, and the digests of the payload before and after."""
    out, at, digests = b"", 0, ("", "")
    while at < len(data):
        engine = zlib.decompressobj(31)
        text = engine.decompress(data[at:])
        end = len(data) - len(engine.unused_data)
        if old in text and b"WARC-Type: response" in text:
            head, _, block = text.partition(b"\r\n\r\n")
            block = block[:-4].replace(old, new)
            body = block.partition(b"\r\n\r\n")[2]
            digests = hashlib.sha256(body.replace(new, old)).hexdigest(), hashlib.sha256(body).hexdigest()
            head = head.replace(digests[0].encode(), digests[1].encode())
            head = re.sub(
                rb"(WARC-Block-Digest: sha256:)\w+", rb"\g<1>" + hashlib.sha256(block).hexdigest().encode(), head
            )
            out += gzip.compress(head + b"\r\n\r\n" + block + b"\r\n\r\n", mtime=0)
        else:
            out += data[at:end]
        at = end
    return out, *digests
