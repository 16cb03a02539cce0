"""What a fetch brought of videos: the files of a source, and what their records hold."""

from __future__ import annotations

from archive.verify.run import verify
from tests.archive.systems.fetch_sources import Fetched


def files(made: Fetched, number: int = 0) -> list[str]:
    """The names of the files that lie beside a source's records."""
    folder = made.bag / "data/media" / made.entries[number].id
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def payload(made: Fetched, ident: str) -> bytes:
    """What a record holds, an answer's head aside."""
    record = made.record(ident)
    return record.block.partition(b"\r\n\r\n")[2] if record.type == "response" else record.block


def assert_bag_is_sound(made: Fetched) -> None:
    """Nothing is wrong with the bag, and nothing is left of the work."""
    errors = [each for each in verify(made.bag).findings if each.severity == "error"]
    assert errors == [], errors
    assert not made.bag.with_name(f"{made.bag.name}.part").exists()
