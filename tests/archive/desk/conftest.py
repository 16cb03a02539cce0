from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from tests.archive.desk.desk_client import DeskClient


@pytest.fixture
def desk_on(tmp_path: Path) -> Iterator[Callable[..., DeskClient]]:
    """Opens a desk on a folder of its own."""
    opened: list[DeskClient] = []

    def make(base: FetchSettings | None = None) -> DeskClient:
        root = tmp_path / f"reports-{len(opened)}"
        root.mkdir()
        opened.append(DeskClient(root, base or FetchSettings()))
        return opened[-1]

    yield make
    for client in opened:
        client.close()


@pytest.fixture
def client(desk_on: Callable[..., DeskClient]) -> DeskClient:
    return desk_on()
