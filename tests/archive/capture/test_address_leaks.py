"""Every place where a server tells its reader's address back is found, and reported source by source."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.capture.address_leaks import echoes
from archive.fetch.fetch import fetch
from archive.http import Head
from archive.urls import parse
from archive.workfolder.recorded import Recorded
from tests.archive.fetch.test_pilot import settings_for
from tests.world.replies import Reply
from tests.world.site import Site, html
from tests.world.world import World

MINE = "198.51.100.77"
MINE6 = "2a02:26f0:1180::5"


def recorded(body: bytes = b"", kind: str = "text/html", url: str = "https://a.example/", *fields: str) -> Recorded:
    pairs = [("Content-Type", kind), *(tuple(field.split(": ", 1)) for field in fields)]
    head = Head("1.1", 200, "OK", tuple(pairs), True)  # type: ignore[arg-type]

    def payload() -> Iterator[bytes]:
        yield body

    return Recorded(parse(url), "GET", "urn:x", head, None, None, "", "", len(body), _payload=payload)


PLANTED = {
    "url": recorded(url=f"https://v.example/videoplayback?expire=1&ip={MINE}&id=2"),
    "url, quoted": recorded(url=f"https://v.example/go?to=https%3A%2F%2Fv.example%2Fx%3Fip%3D{MINE}%26a"),
    "url, last": recorded(url=f"https://v.example/x?ip={MINE}"),
    "header": recorded(b"", "text/html", "https://a.example/", f"X-Real-IP: {MINE}"),
    "header, client": recorded(b"", "text/html", "https://a.example/", f"X-Client-Ip: {MINE}"),
    "header, via": recorded(b"", "text/html", "https://a.example/", f"X-Forwarded-For: {MINE}, 10.0.0.1"),
    "cookie": recorded(b"", "text/html", "https://a.example/", f"Set-Cookie: ip={MINE}; Path=/"),
    "location": recorded(b"", "text/html", "https://a.example/", f"Location: /x?clientip={MINE}"),
    "json": recorded(json.dumps({"remoteHost": MINE}).encode(), "application/json"),
    "json, spaced": recorded(b'{ "clientIp" : "%s" }' % MINE.encode(), "application/json; charset=utf-8"),
    "json, ip": recorded(b'{"a":1,"ip":"%s"}' % MINE.encode(), "application/vnd.api+json"),
    "json, escaped": recorded(b'{"u":"https:\\/\\/v.example\\/x?a=1\\u0026ip=%s\\u0026b"}' % MINE.encode(), "text/html"),
    "json, nested": recorded(b'{"s":"{\\"remoteHost\\":\\"%s\\"}"}' % MINE.encode(), "application/json"),
    "quoted in a body": recorded(b'<a href="/r?u=http%%3A%%2F%%2Fv%%2Fx%%3Fip%%3D%s%%26c">' % MINE.encode()),
    "html": recorded(b"<p>Your IP address is <b>%s</b>.</p>" % MINE.encode()),
    "html, plain": recorded(b"<small>Your IP: %s</small>" % MINE.encode()),
    "html, entity": recorded(b'<img src="/p?x=1&amp;ip=%s&amp;y">' % MINE.encode()),
    "html, cloudflare": recorded(
        b'Your IP: <button>Click to reveal</button><span class="hidden" id="cf-footer-ip">%s</span>' % MINE.encode()
    ),
    "script": recorded(b'var client_ip = "%s";' % MINE.encode(), "application/javascript"),
    "playlist": recorded(b"#EXTM3U\nhttps://v.example/s.ts?ip=%s\n" % MINE.encode(), "application/vnd.apple.mpegurl"),
    "xml": recorded(b"<r><x>https://v/?a&amp;ip=%s</x></r>" % MINE.encode(), "application/xml"),
    "no type": recorded(b'{"remoteHost":"%s"}' % MINE.encode(), ""),
    "gzip": recorded(
        gzip.compress(b'{"remoteHost":"%s"}' % MINE.encode()), "application/json", "https://a.example/", "Content-Encoding: gzip"
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PLANTED)
def test_an_address_that_is_echoed_is_found(place: str) -> None:
    assert list(echoes(PLANTED[place])) == [MINE]


@pytest.mark.parametrize(
    "body",
    [
        b'{"remoteHost":"%s"}' % MINE6.encode(),
        b'{"clientIp":"2A02:26F0:1180:0:0:0:0:5"}',
        b"https://v.example/x?ip=2a02%3A26f0%3A1180%3A%3A5&y",
        b'"ip":"[2a02:26f0:1180::5]"',
    ],
)
def test_an_ipv6_address_is_found_however_it_is_written(body: bytes) -> None:
    assert list(echoes(recorded(body))) == [MINE6]


@pytest.mark.parametrize(
    "body",
    [
        b"<p>Our version 1.2.3.4 of the zip: 7.0.1.2</p>",
        b'{"ip":"10.0.0.5","clientIp":"127.0.0.1","remoteHost":"::1","userIp":"192.168.1.20"}',
        b'{"ip":"not an address","origin":"https://a.example"}',
        b"ship=1.2.3.4 trip: 5.6.7.8 recip=1.1.1.1",
        b'<script src="/jquery-3.4.1.2.js?v=1.2.3.4"></script>',
        b"ip=1.2.3 ip=1.2.3.4.5 ip=999.1.1.1",
    ],
)
def test_what_only_looks_like_one_is_not_reported(body: bytes) -> None:
    assert list(echoes(recorded(body))) == []


@pytest.mark.parametrize(
    ("body", "is_there"),
    [
        (b"var x = [%s]" % MINE.encode(), True),
        (b"dsl-198-51-100-77.isp.example", True),
        (b"<td>%s</td>" % MINE.encode(), True),
        (b"1%s" % MINE.encode(), False),
        (b"%s1" % MINE.encode(), False),
        (b"%s.5" % MINE.encode(), False),
        (b"nothing", False),
    ],
)
def test_an_address_that_was_learned_is_looked_for_everywhere(body: bytes, is_there: bool) -> None:
    assert list(echoes(recorded(body), frozenset({MINE}))) == ([MINE] if is_there else [])


def test_pictures_are_looked_through_for_an_address_that_was_learned() -> None:
    """A comment in a JPEG, a watermark's text in a PDF: bytes that no text reader reads."""
    picture = recorded(b"\xff\xd8\xff\xfe\x00\x20shown to %s\xff\xd9" % MINE.encode(), "image/jpeg")
    assert list(echoes(picture)) == []
    assert list(echoes(picture, frozenset({MINE}))) == [MINE]


class Telltale(Site):
    """One page states the address under a name, another contains it without a word."""

    hosts = ("telltale.example",)

    def pages(self, host: str) -> dict[str, object]:  # type: ignore[override]
        words = "<p>" + "A page with words enough to be taken for a page. " * 20
        return {
            "/silent": html(f"<!DOCTYPE html><title>Silent</title>{words}<span>{MINE}</span>"),
            "/told": html(f'<!DOCTYPE html><title>Told</title>{words}<script>x={{"remoteHost":"{MINE}"}}</script>'),
            "/clean": html(f"<!DOCTYPE html><title>Clean</title>{words}"),
            "/media": Reply(200, b'{"ok":true}', "application/json", (("X-Client-IP", MINE),)),
        }


def test_a_run_names_each_source_with_the_address_and_writes_it_nowhere_itself(tmp_path: Path) -> None:
    paths = ("silent", "told", "clean", "media")
    lines = "".join(f'\n[[source]]\ncited = "https://telltale.example/{path}"\n' for path in paths)
    (tmp_path / "sources.toml").write_text(f'[report]\nid = "T"\ntitle = "T"\n{lines}')
    with World([Telltale()]) as world:
        result = fetch(tmp_path / "sources.toml", tmp_path / "B", settings_for(world))
    assert {(echo.source, echo.address) for echo in result.echoes} == {("s01", MINE), ("s02", MINE), ("s04", MINE)}
    ours = [path for path in result.bag.rglob("*") if path.is_file() and path.suffix != ".gz"]
    assert [path.name for path in ours if MINE.encode() in path.read_bytes()] == []
