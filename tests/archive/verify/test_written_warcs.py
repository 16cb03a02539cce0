"""WARCs that are named, divided, stored or described otherwise than the program does it, all digests made right again."""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.capture.warcinfo import FORMAT
from archive.verify.run import verify
from archive.version import AGENT
from archive_manifests.records import RecordLine
from tests.archive.systems.fetch_sources import fetched
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.sites import snhr

FOLDER = "data/archive"
SOFTWARE = f"software: {AGENT}"
ONE, TWO, NEXT = (f"{FOLDER}/{name}.warc.gz" for name in ("s01", "s02", "s01-002"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages of one site, which share what they need."""
    with World() as world:
        folder = tmp_path_factory.mktemp("warcs")
        made = fetched(world, folder, snhr.POSTS[0].url, snhr.POSTS[1].url, memento=False)
    assert ForgedBag(made.bag).errors() == []
    return made.bag


def records_of(bag: ForgedBag, path: str) -> list[RecordLine]:
    return [each for each in bag.records if each.file == path]


def members_of(bag: ForgedBag, path: str) -> list[bytes]:
    data = bag.read(path)
    return [data[each.offset : each.offset + each.length] for each in records_of(bag, path)]


def put(bag: ForgedBag, path: str, members: list[bytes]) -> None:
    """Write a WARC of these members, its warcinfo naming the file."""
    name = path.rpartition("/")[2]
    head, _, rest = gzip.decompress(members[0]).partition(b"WARC-Filename: ")
    first = head + b"WARC-Filename: " + name.encode() + rest[rest.index(b"\r\n") :]
    bag.write(path, gzip.compress(first, mtime=0) + b"".join(members[1:]))


def with_own_id(members: list[bytes]) -> list[bytes]:
    """The same members under a warcinfo with another id."""
    head = gzip.decompress(members[0])
    start = head.index(b"<urn:uuid:") + 10
    was, now = head[start : start + 36], str(uuid.uuid4()).encode()
    return [gzip.compress(gzip.decompress(each).replace(was, now), mtime=0) for each in members]


def rename(now: str) -> Callable[[ForgedBag], None]:
    def forge(bag: ForgedBag) -> None:
        members = members_of(bag, ONE)
        (bag.path / ONE).unlink()
        put(bag, f"{FOLDER}/{now}", members)

    return forge


def swap(bag: ForgedBag) -> None:
    one, two = members_of(bag, ONE), members_of(bag, TWO)
    put(bag, ONE, two)
    put(bag, TWO, one)


def merge(bag: ForgedBag) -> None:
    one, two = members_of(bag, ONE), members_of(bag, TWO)
    was, now = (gzip.decompress(each[0])[:2000].partition(b"<urn:uuid:")[2][:36] for each in (two, one))
    moved = [gzip.compress(gzip.decompress(each).replace(was, now), mtime=0) for each in two[1:]]
    put(bag, ONE, [*one, *moved])
    (bag.path / TWO).unlink()


def split(bag: ForgedBag) -> None:
    members, half = members_of(bag, ONE), 4
    put(bag, ONE, members[:half])
    put(bag, NEXT, with_own_id([members[0], *members[half:]]))


def alone(bag: ForgedBag) -> None:
    put(bag, NEXT, with_own_id(members_of(bag, ONE)[:1]))


def in_plain(name: str) -> Callable[[ForgedBag], None]:
    def forge(bag: ForgedBag) -> None:
        rename(name)(bag)
        path = f"{FOLDER}/{name}"
        bag.write(path, gzip.decompress(bag.read(path)))

    return forge


LAYOUTS: dict[str, tuple[Callable[[ForgedBag], None], set[str]]] = {
    "named after no source": (rename("s07.warc.gz"), {f"{FOLDER}/s07.warc.gz"}),
    "named as no WARC of ours": (rename("s01-2.warc.gz"), {f"{FOLDER}/s01-2.warc.gz"}),
    "the second without a first": (rename("s01-002.warc.gz"), {NEXT}),
    "of each other": (swap, {ONE, TWO}),
    "merged": (merge, {ONE}),
    "split": (split, {NEXT}),
    "a warcinfo alone": (alone, {NEXT}),
    "in plain": (in_plain("s01.warc"), {f"{FOLDER}/s01.warc"}),
    "in plain, named as compressed": (in_plain("s01.warc.gz"), {ONE}),
}


def set_info(was: str, now: str) -> Callable[[ForgedBag], None]:
    def forge(bag: ForgedBag) -> None:
        bag.set_warcinfo(was, now)
        bag.relog()

    return forge


def set_head(was: str, now: str) -> Callable[[ForgedBag], None]:
    def forge(bag: ForgedBag) -> None:
        bag.set_heads({records_of(bag, path)[0].id: (was, now) for path in (ONE, TWO)})

    return forge


INFOS: dict[str, tuple[Callable[[ForgedBag], None], str]] = {
    "a field of nobody": (set_info("robots:", "operator: Eve\r\nrobots:"), "fields"),
    "a field twice": (set_info("robots: ignore", "robots: obey\r\nrobots: ignore"), "fields"),
    "another order": (set_info(f"{SOFTWARE}\r\nformat: {FORMAT}", f"format: {FORMAT}\r\n{SOFTWARE}"), "fields"),
    "no format": (set_info(f"format: {FORMAT}\r\n", ""), "format"),
    "a line that is no field": (set_info("robots:", "by order\r\nrobots:"), "fields"),
    "a field in other letters": (set_info("robots:", "operator:Eve\r\nrobots:"), "fields"),
    "another description": (set_info("description: sources cited", "description: rumours cited"), "description"),
    "another format": (set_info("WARC File Format 1.1", "WARC File Format 1.0"), "format"),
    "another specification": (set_info("warc-1.1/", "warc-1.0/"), "conformsTo"),
    "another bag": (set_info("isPartOf: T1", "isPartOf: T2"), "isPartOf"),
    "another file": (set_head("WARC-Filename: s0", "WARC-Filename: t0"), "WARC-Filename"),
    "no file": (set_head("WARC-Filename: s0", "WARC-Name: s0"), "WARC-Filename"),
    "another date": (set_head("WARC-Date: 2", "WARC-Date: 1"), "WARC-Date"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_warc_that_is_laid_out_otherwise_is_found(name: str, sound: Path, tmp_path: Path) -> None:
    forge, paths = LAYOUTS[name]
    bag = ForgedBag.copy_of(sound, tmp_path / sound.name)
    forge(bag)
    bag.relog()
    bag.seal_over()
    found = [each for each in verify(bag.path, jobs=1).findings if each.severity == "error"]
    assert {str(each.path) for each in found if each.code == "warc-layout"} == paths


@pytest.mark.parametrize("name", INFOS)
def test_a_warcinfo_that_states_something_else_is_found(name: str, sound: Path, tmp_path: Path) -> None:
    forge, what = INFOS[name]
    bag = ForgedBag.copy_of(sound, tmp_path / sound.name)
    forge(bag)
    bag.seal_over()
    found = [each for each in verify(bag.path, jobs=1).findings if each.severity == "error"]
    assert {(each.code, (each.note or "").partition(";")[0]) for each in found} == {("warcinfo-contradicted", what)}
    assert {str(each.path) for each in found} == {ONE, TWO}
