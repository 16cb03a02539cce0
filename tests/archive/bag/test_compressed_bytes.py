"""What is held compressed is read as it was taken in."""

from __future__ import annotations

import os
import pickle
import tracemalloc

import pytest

from archive.bag.compressed_bytes import compress
from archive.bag.interface import CHUNK

MANIFEST = b"".join(b"%064x  data/file-%06d.txt\n" % (number, number) for number in range(40_000))


@pytest.mark.parametrize("data", [b"", b"a", MANIFEST, os.urandom(3 * CHUNK), bytes(5 * CHUNK)], ids=len)
def test_the_bytes_are_the_same_each_time(data: bytes) -> None:
    held = pickle.loads(pickle.dumps(compress(data[at : at + 777] for at in range(0, len(data), 777))))  # noqa: S301
    assert held.size == len(data)
    for _ in range(2):
        chunks = list(held.chunks())
        assert b"".join(chunks) == data
        assert all(len(chunk) <= CHUNK for chunk in chunks)


def test_a_manifest_takes_a_part_of_its_length() -> None:
    tracemalloc.start()
    held = compress([MANIFEST])
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held.size == len(MANIFEST)
    assert taken < len(MANIFEST) / 3
