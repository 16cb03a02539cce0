"""vault.example: an archive that is not the Wayback Machine, with its TimeMaps, honest and otherwise. (RFC 7089)"""

from __future__ import annotations

import json as jsonlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from tests.world.replies import Reply, Request
from tests.world.site import Site, html, json, redirect

HOST = "vault.example"
LINK, JSON = f"https://{HOST}/timemap/link/{{+url}}", f"https://{HOST}/timemap/json?u={{url}}"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy that the vault holds."""

    stamp: str
    original: str
    reply: Reply


class Vault(Site):
    """Modes: `ok`; `rewrites` (no raw bytes); `opaque` (addresses of its own kind); and lies of many kinds."""

    hosts = (HOST, "other-vault.example")
    modes = (
        *("ok", "rewrites", "opaque", "paged", "looping", "huge", "strangers", "private", "wrong-original"),
        *("wrong-copy", "undated", "other-moment", "page", "nonsense", "moved", "error"),
    )

    def __init__(self, *copies: Copy) -> None:
        super().__init__()
        self.copies = list(copies)

    def reply(self, request: Request) -> Reply:
        target = request.target
        if target == "/robots.txt":
            return super().reply(request)  # type: ignore[return-value]
        if target.startswith("/timemap/link/"):
            return self._timemap(target.removeprefix("/timemap/link/"), is_json=False)
        if target.startswith("/timemap/json"):
            return self._timemap(request.params["u"], is_json=True)
        if target.startswith("/page/"):
            return self._page(target)
        return self._copy(target)

    def _copies(self, url: str) -> list[Copy]:
        return [copy for copy in self.copies if copy.original == url]

    def _address(self, copy: Copy) -> str:
        if self.mode == "opaque":
            return f"https://{HOST}/x{self.copies.index(copy)}"
        host = {"strangers": "other-archive.example", "private": "169.254.169.254"}.get(self.mode, HOST)
        return f"https://{host}/web/{copy.stamp}/{copy.original}"

    def _timemap(self, url: str, *, is_json: bool) -> Reply:
        odd = {"page": html("<!DOCTYPE html><p>Welcome"), "nonsense": json("{" * 9000), "error": html("<p>No", 503)}
        if self.mode in odd:
            return odd[self.mode]
        copies = self._copies(url)
        if not copies:
            return html("<h1>Not copies</h1>", 404)
        original = "https://elsewhere.example/" if self.mode == "wrong-original" else url
        if is_json:
            listed = [{"datetime": _when(copy).isoformat().replace("+00:00", "Z"), "uri": self._address(copy)} for copy in copies]
            return json(jsonlib.dumps({"original_uri": original, "mementos": {"list": listed}}))
        lines = [f'<{original}>; rel="original"', f'<https://{HOST}/timemap/link/{url}>; rel="self"; type="application/link-format"']
        if self.mode in ("paged", "looping"):
            lines.append(f'<https://{HOST}/page/1/{url}>; rel="timemap"; from="Sat, 01 Jan 2000 00:00:00 GMT"')
            copies = []
        if self.mode == "huge":
            early = "Sat, 01 Jan 2000 00:00:00 GMT"
            lines += [f'<https://{HOST}/web/20000101{n:06d}/{url}>; rel="memento"; datetime="{early}"' for n in range(90_000)]
        return _links(lines + [self._line(copy) for copy in copies])

    def _page(self, target: str) -> Reply:
        number, url = re.match(r"/page/(\d+)/(.*)", target).groups()  # type: ignore[union-attr]
        more = [f'<https://{HOST}/page/{int(number) + 1}/{url}>; rel="timemap"', f'<https://{HOST}/page/1/{url}>; rel="timemap"']
        copies = [self._line(copy) for copy in self._copies(url)] if self.mode == "paged" and number == "2" else []
        return _links([f'<{url}>; rel="original"', *(more if self.mode == "looping" or number == "1" else []), *copies])

    def _line(self, copy: Copy) -> str:
        return f'<{self._address(copy)}>; rel="first memento"; datetime="{format_datetime(_when(copy), usegmt=True)}"'

    def _copy(self, target: str) -> Reply:
        for number, copy in enumerate(self.copies):
            raw, shown = f"/web/{copy.stamp}id_/{copy.original}", f"/web/{copy.stamp}/{copy.original}"
            if target == f"/x{number}" or target == shown or (target == raw and self.mode != "rewrites"):
                return self._shown(copy, is_raw=target == raw)
        return html("<h1>Not copies</h1>", 404)

    def _shown(self, copy: Copy, *, is_raw: bool) -> Reply:
        moment = _when(copy) if self.mode != "other-moment" else datetime(2019, 1, 1, tzinfo=UTC)
        original = "https://elsewhere.example/" if self.mode == "wrong-copy" else copy.original
        said = [("Memento-Datetime", format_datetime(moment, usegmt=True)), ("Link", f'<{original}>; rel="original"')]
        if self.mode == "undated":
            said = said[1:]
        if self.mode == "moved":
            return redirect("http://10.1.2.3/secret", 302, tuple(said))
        body = copy.reply.body if is_raw else b"<!-- vault toolbar -->" + copy.reply.body
        return Reply(copy.reply.status, body, copy.reply.type, tuple(said))


def _links(lines: list[str]) -> Reply:
    return Reply(200, ",\n".join(lines).encode() + b"\n", "application/link-format")


def _when(copy: Copy) -> datetime:
    return datetime.strptime(copy.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
