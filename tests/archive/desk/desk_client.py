"""Speaks to the desk as a browser would, without a socket: an ASGI client that sends exactly the headers it is given."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from archive.capture.settings import FetchSettings
from archive.desk.app import application
from archive.desk.gate import COOKIE, Access
from archive.desk.opening import Codes
from archive.desk.state import Desk, Places

PORT = 40123
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name.lower()), None)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """The text without tags."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text))


@dataclass
class DeskClient:
    """A desk on a folder, and a browser that was let in."""

    root: Path
    base: FetchSettings = field(default_factory=FetchSettings)
    places: Places | None = None

    def __post_init__(self) -> None:
        self.access, self.codes = Access(PORT), Codes()
        places = self.places or Places(self.root.parent / "keys", self.root.parent / "player")
        self.desk = Desk(self.root, self.base, self.access, places)
        self.app = application(self.desk, self.codes)
        self._running = ExitStack()
        self._running.enter_context(self.desk.running())

    def close(self) -> None:
        self._running.close()

    @property
    def home(self) -> str:
        return f"/{self.access.path}/"

    def browser_headers(self, method: str = "GET") -> dict[str, str]:
        """What a browser sends with a request that our own page makes."""
        found = {"host": HOST, "sec-fetch-site": "same-origin", "cookie": f"{COOKIE}={self.access.cookie}"}
        return found | ({"origin": ORIGIN} if method in ("POST", "PUT") else {})

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        headers: dict[str, str] | Iterable[tuple[str, str]] | None = None,
    ) -> Answer:
        """Send one request to a path of the server."""
        given = self.browser_headers(method) if headers is None else headers
        pairs = list(given.items() if isinstance(given, dict) else given)
        if method in ("POST", "PUT") and not any(name == "content-length" for name, _ in pairs):
            pairs.append(("content-length", str(len(body))))
        path, _, query = path.partition("?")
        return asyncio.run(_answer(self.app, method, path, query, pairs, body))

    def get(self, path: str = "") -> Answer:
        """A page below the desk's own path."""
        return self.send("GET", self.home + path)

    def post(self, path: str, fields: dict[str, Any] | None = None) -> Answer:
        """A form; where the answer leads on, the page there."""
        answer = self.send("POST", self.home + path, urlencode(fields or {}, doseq=True).encode())
        return self.follow(answer)

    def follow(self, answer: Answer) -> Answer:
        for _ in range(100):
            place = answer.header("location")
            if answer.status == 303 and place is not None:
                self.path = place
                answer = self.send("GET", place.partition("#")[0])
            elif answer.header("refresh") is not None:
                answer = self.send("GET", self.path.partition("#")[0])
            else:
                break
        return answer

    def upload(self, name: str, content: bytes) -> str:
        """The id of a file that was sent."""
        answer = self.send("PUT", f"{self.home}upload?{urlencode({'name': name})}", content)
        assert answer.status == 200, answer.body
        return str(json.loads(answer.body)["upload"])

    def drop(self, name: str, content: bytes) -> str:
        """Drop a file on the shelf; gives the id of what it became."""
        answer = self.post("open", {"upload": self.upload(name, content)})
        assert answer.status == 200, answer.words
        return self.path.split("/r/")[1].split("/")[0]


async def _answer(
    app: Any, method: str, path: str, query: str, headers: list[tuple[str, str]], body: bytes
) -> Answer:
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", PORT),
    }  # fmt: skip
    messages: list[dict[str, Any]] = []
    sent = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in sent:
            return message
        await asyncio.Event().wait()  # the browser stays
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    found = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    return Answer(start["status"], found, b"".join(one.get("body", b"") for one in messages[1:]))
