"""Files that a browser sends: each is used once, and what does not come whole leaves nothing."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path
from typing import Any

import pytest

from archive.desk.screens import shelf
from tests.archive.desk.desk_client import PORT, DeskClient


def stored(client: DeskClient) -> list[Path]:
    return [place for place in (client.root / ".desk" / "uploads").rglob("*") if place.is_file()]


def test_a_file_is_removed_once_it_was_used(client: DeskClient) -> None:
    client.drop("R1.txt", b"https://a.example/\n")
    assert client.post("open", {"upload": client.upload("report.pdf", b"%PDF-1.7 broken")}).status == 409
    assert stored(client) == []


def test_a_message_names_a_file_and_not_where_the_desk_stores_it(client: DeskClient) -> None:
    answer = client.post("open", {"upload": client.upload("bag.tar.age", b"age-encryption.org/v1\n-> X25519 x\n")})
    assert answer.status == 409 and "bag.tar.age: encrypted" in answer.words
    assert str(client.root) not in answer.text and ".desk" not in answer.text


def test_a_file_of_which_a_part_came_leaves_nothing(client: DeskClient) -> None:
    sent: list[dict[str, Any]] = []
    pieces = iter([{"type": "http.request", "body": b"x" * 1000, "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(pieces)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = client.browser_headers("PUT") | {"content-length": "5000"}
    scope = {
        "type": "http", "method": "PUT", "path": f"{client.home}upload", "raw_path": b"", "query_string": b"name=a.pdf",
        "root_path": "", "scheme": "http", "server": ("127.0.0.1", PORT), "client": ("127.0.0.1", 5), "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(client.app(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 400 and stored(client) == []
    cut = client.send("PUT", f"{client.home}upload?name=a.pdf", b"abc", headers=headers)
    assert cut.status == 400 and stored(client) == []


def test_a_full_disk_is_said_to_be_full_and_leaves_nothing(
    client: DeskClient, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def full(_: object, place: Path, __: int) -> bool:
        place.write_bytes(b"the beginning")
        raise OSError(errno.ENOSPC, "No space left on device", str(place))

    monkeypatch.setattr(shelf, "_store", full)
    answer = client.send("PUT", f"{client.home}upload?name=a.pdf", b"abc")
    assert (answer.status, answer.header("connection")) == (507, "close") and stored(client) == []
    assert "Traceback" not in capfd.readouterr().err


def test_a_size_that_is_not_stated_or_too_large_is_refused(client: DeskClient) -> None:
    for size in ("", "many", "-1", str(1 << 62)):
        headers = client.browser_headers("PUT") | {"content-length": size}
        assert client.send("PUT", f"{client.home}upload?name=a.pdf", b"abc", headers=headers).status == 413
    assert stored(client) == []
