"""The loopback internet answers as its sites do, is counted to the byte, and lets nothing out."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import re
import socket
import ssl
from urllib.parse import urlsplit

import pytest

from tests.world import World, failures
from tests.world.pilot import PILOT, Expected
from tests.world.site import Site
from tests.world.sites import all_sites, coe, drive, faselhd, snhr, unwebtv, youtube
from tests.world.walls import WALLS


def exchange(world: World, url: str, **headers: str) -> tuple[bytes, http.client.HTTPResponse, bytes]:
    """Every byte of the answer, and what a plain client makes of it."""
    parts = urlsplit(url)
    host = parts.netloc
    target = url.partition(host)[2] or "/"
    with connected(world, parts.scheme, host) as connection:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        connection.sendall(
            f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n".encode("latin-1")
        )
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    return raw, *parsed(raw)


def connected(world: World, scheme: str, host: str) -> socket.socket:
    port = {"http": world.http_port, "https": world.https_port}[scheme]
    plain = socket.create_connection(("127.0.0.1", port), timeout=5)
    if scheme == "http":
        return plain
    return ssl.create_default_context(cafile=world.ca_file).wrap_socket(plain, server_hostname=host)


class Replay:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.raw)


def parsed(raw: bytes) -> tuple[http.client.HTTPResponse, bytes]:
    response = http.client.HTTPResponse(Replay(raw), method="GET")
    response.begin()
    body = response.read()
    return response, gzip.decompress(body) if response.headers["Content-Encoding"] == "gzip" else body


SIGNATURES = {
    "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF", "image/gif": b"GIF89a",
    "image/x-icon": b"\0\0\x01\0", "font/woff2": b"wOF2", "application/pdf": b"%PDF-1.", "text/vtt": b"WEBVTT",
    "audio/mpeg": b"ID3",
}  # fmt: skip


@pytest.mark.parametrize("expected", PILOT, ids=lambda expected: urlsplit(expected.cited).netloc + expected.cited[-12:])
def test_everything_that_a_reader_must_find_is_there(world: World, expected: Expected) -> None:
    for url in expected.wanted | expected.extras:
        raw, response, body = exchange(world, url, Accept_Encoding="gzip")
        assert world.sent(url) == raw
        if url in expected.missing:
            assert response.status == 404
        elif url in expected.requisites | expected.documents:
            assert response.status == 200, url
            kind = response.headers["Content-Type"].partition(";")[0]
            assert body.startswith(SIGNATURES.get(kind, body[:4]))
    assert world.strays == []


def test_the_cited_pages_lead_where_the_notes_say(world: World) -> None:
    ends = {}
    for expected in PILOT:
        for here, there in zip(expected.hops, expected.hops[1:], strict=False):
            assert exchange(world, here)[1].headers["Location"] == there
        ends[expected.cited] = exchange(world, expected.hops[-1])[1].status
    assert list(ends.values()) == [200, 200, 200, 200, 403, 200, 200, 200, 200]


def test_every_url_of_a_page_is_accounted_for(world: World) -> None:
    """Whatever absolute address stands in a page of sn4hr.org is either expected or left alone on purpose."""
    left_alone = re.compile(
        r"/(feed|xmlrpc\.php|wp-json)/|xmlrpc\.php|/wp-json/$|/blog/2019/0[45]/|sn4hr\.org/$|in-a-|commented-out|not-a-link"
        r"|gmpg\.org|api\.w\.org|w3\.org|s\.w\.org|gstatic\.com$|coe\.int"
    )
    for expected in PILOT:
        if snhr.HOST not in expected.cited:
            continue
        _, _, body = exchange(world, expected.hops[-1])
        found = re.findall(r"https://[^\s\"'<>&;#]+", body.decode())
        known = expected.wanted | expected.extras
        for url in found:
            assert left_alone.search(url) or any(one.startswith(url.rstrip("\\)")) for one in known), url


@pytest.mark.parametrize("site", all_sites(), ids=lambda site: site.hosts[0])
def test_an_unknown_path_gets_an_honest_404_and_robots_a_text(world: World, site: Site) -> None:
    for host in site.hosts:
        status = exchange(world, f"https://{host}/no/such/page-7f3a")[1].status
        assert (status in (404, 403)) != (host in site.evasive), host
        _, robots, text = exchange(world, f"https://{host}/robots.txt")
        assert robots.status in (301, 302, 303, 403) or (robots.status == 200 and b"gent: *" in text), host


def test_the_same_question_gets_the_same_bytes_in_another_world() -> None:
    urls = [url for expected in PILOT for url in expected.hops]
    with World() as one, World() as other:
        assert [exchange(one, url)[0] for url in urls] == [exchange(other, url)[0] for url in urls]


def test_pages_come_in_chunks_and_gzipped_to_those_who_take_it(world: World) -> None:
    url = snhr.POSTS[0].url
    squeezed, response, body = exchange(world, url, Accept_Encoding="gzip, deflate")
    plain, other, same = exchange(world, url)
    assert (response.headers["Transfer-Encoding"], response.headers["Content-Encoding"]) == ("chunked", "gzip")
    assert (other.headers["Transfer-Encoding"], other.headers["Content-Encoding"]) == ("chunked", None)
    assert body == same
    assert b"Ali Othman" in body and b"Ali Othman" not in squeezed and b"Ali Othman" in plain


def test_an_escape_in_another_case_is_another_page(world: World) -> None:
    lower = next(url for url in PILOT[0].documents if "%d8" in url)
    assert [exchange(world, url)[1].status for url in (lower, lower.replace("%d8", "%D8"))] == [200, 404]


def test_a_query_in_the_old_page_is_in_its_own_encoding(world: World) -> None:
    _, response, body = exchange(world, f"{snhr.BASE}/arabic/stats/51899.html")
    assert response.headers["Content-Type"] == "text/html; charset=windows-1256"
    assert response.headers["Content-Length"] is None and response.headers["Transfer-Encoding"] is None
    assert "city=دوما" in body.decode("windows-1256")
    requested = [
        f"{snhr.BASE}{snhr.STATS_FILES}/chart.php?city={city}&y=2018"
        for city in ("%CF%E6%E3%C7", "%D8%AF%D9%88%D9%85%D8%A7")
    ]
    assert [exchange(world, url)[1].status for url in requested] == [200, 404]


def test_a_video_is_handed_out_in_ranges(world: World) -> None:
    url = f"{snhr.BASE}{snhr.UPLOADS}/2018/04/douma-2018-04-07.mp4"
    _, whole, video = exchange(world, url)
    _, part, middle = exchange(world, url, Range="bytes=1000-1999")
    assert (whole.status, part.status, part.headers["Content-Range"]) == (200, 206, f"bytes 1000-1999/{len(video)}")
    assert middle == video[1000:2000] and video[4:8] == b"ftyp"


def test_an_unknown_host_is_cut_off_and_counted(world: World) -> None:
    with connected(world, "http", "evil.example") as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert connection.recv(100) == b""
    with pytest.raises(ssl.SSLError):
        connected(world, "https", "other.example").close()
    assert world.strays == ["evil.example", "other.example"] and world.log == []


def test_a_connection_serves_many_requests_and_the_log_lists_them(world: World) -> None:
    with connected(world, "https", snhr.HOST) as connection:
        for target in ("/robots.txt", "/no-1", "/no-2"):
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: sn4hr.org\r\n\r\n".encode())
            received = b""
            while not received.endswith(b"\r\n\r\n") and b"Sitemap" not in received:
                received += connection.recv(65536)
    assert [(seen.target, seen.status, seen.connection) for seen in world.requested(snhr.HOST)] == [
        ("/robots.txt", 200, 1),
        ("/no-1", 404, 1),
        ("/no-2", 404, 1),
    ]
    assert (world.count(snhr.HOST), world.count(snhr.HOST, "/no-1"), world.most_at_once(snhr.HOST)) == (3, 1, 1)


def test_only_known_hosts_and_their_two_ports_are_mapped(world: World) -> None:
    mapped = world.connect_to
    assert (
        f"sn4hr.org:443:127.0.0.1:{world.https_port}" in mapped
        and f"sn4hr.org:80:127.0.0.1:{world.http_port}" in mapped
    )
    assert len(mapped) == 2 * len(world.sites) and all(
        re.fullmatch(r"[a-z0-9.-]+:(80|443):127\.0\.0\.1:\d+", one) for one in mapped
    )
    assert world.cli_args[-2:] == ["--cacert", world.ca_file] and world.cli_args[:2] == ["--connect-to", mapped[0]]


def test_the_video_site_shows_what_its_mode_says(world: World) -> None:
    url = f"https://{faselhd.HOST}{faselhd.VIDEO}"
    seen = {}
    for mode in faselhd.FaselHd.modes:
        world.set_mode(faselhd.HOST, mode)
        _, response, body = exchange(world, url)
        seen[mode] = (response.status, response.headers["cf-mitigated"], response.headers["Server"])
        assert (b"cdn-cgi/challenge-platform" in body) == mode.startswith("challenge")
    assert seen == {
        "challenge": (403, "challenge", "cloudflare"),
        "challenge-503": (503, None, "cloudflare"),
        "challenge-200": (200, None, "cloudflare"),
        "blocked": (403, None, "cloudflare"),
        "parked": (302, None, "cloudflare"),
        "catch-all": (200, None, "cloudflare"),
        "moved": (301, None, "cloudflare"),
        "ok": (200, None, "cloudflare"),
    }


def test_the_soft_404_of_the_un_is_nearly_the_page_of_any_other_path(world: World) -> None:
    pages = [exchange(world, f"https://{unwebtv.HOST}{target}")[2] for target in (unwebtv.OLD, "/watch/7f3a9c")]
    alike = {re.sub(rb"[0-9a-f]{16}", b"", page) for page in pages}
    assert pages[0] != pages[1] and len(alike) == 1
    statuses = {}
    for mode in unwebtv.UnWebTv.modes:
        world.set_mode(unwebtv.HOST, mode)
        statuses[mode] = exchange(world, f"https://{unwebtv.HOST}{unwebtv.OLD}")[1].status
    assert statuses == {"soft-404": 200, "404": 404, "home": 302, "ok": 200}


def test_the_drive_gives_its_file_or_says_why_not(world: World) -> None:
    start = f"https://{drive.HOST}{drive.UC}"
    _, hop, _ = exchange(world, start)
    _, response, body = exchange(world, hop.headers["Location"])
    assert (hop.status, response.status, body) == (303, 200, drive.PICTURE)
    assert "filename*=UTF-8''%D8%B9" in response.headers["Content-Disposition"]
    world.set_mode(drive.HOST, "virus")
    form = exchange(world, hop.headers["Location"])[2].decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', form))
    confirmed = f"https://{drive.CONTENT}/download?" + "&".join(f"{name}={value}" for name, value in hidden.items())
    assert exchange(world, confirmed)[2] == drive.PICTURE
    world.set_mode(drive.HOST, "quota")
    assert b"Too many users" in exchange(world, hop.headers["Location"])[2]
    world.set_mode(drive.HOST, "login")
    assert (
        "accounts.google.com/ServiceLogin"
        in exchange(world, f"https://{drive.HOST}{drive.VIEW}")[1].headers["Location"]
    )


def index(world: World, query: str) -> list[list[str]]:
    body = exchange(world, f"https://web.archive.org/cdx/search/cdx?{query}")[2]
    return json.loads(body)


def test_closest_means_nothing_without_its_sort(world: World) -> None:
    url = f"url=https://{faselhd.HOST}{faselhd.VIDEO}&output=json&fl=timestamp,statuscode&closest=20210521000000"
    assert index(world, url)[0] == ["timestamp", "statuscode"]
    assert [row[0] for row in index(world, url)[1:]] == [
        "20200214101112", "20210402112000", "20210515070809", "20210518030405", "20210610010203",
    ]  # fmt: skip
    assert [row[0] for row in index(world, f"{url}&sort=closest&limit=3")[1:]] == [
        "20210518030405", "20210515070809", "20210610010203",
    ]  # fmt: skip
    assert index(world, "url=https://nothing.example/&output=json") == []


def test_the_archive_replays_drifts_and_breaks(world: World) -> None:
    url = f"https://{faselhd.HOST}{faselhd.VIDEO}"
    _, good, page = exchange(world, f"https://web.archive.org/web/20210402112000id_/{url}")
    assert (good.status, good.headers["Memento-Datetime"]) == (200, "Fri, 02 Apr 2021 11:20:00 GMT")
    assert page.decode() == faselhd.PAGE and good.headers["X-Archive-Orig-content-type"] == "text/html; charset=utf-8"
    _, drift, _ = exchange(world, f"https://web.archive.org/web/20210403000000id_/{url}")
    assert (drift.status, drift.headers["Memento-Datetime"]) == (302, None)
    assert drift.headers["Location"] == f"https://web.archive.org/web/20210402112000id_/{url}"
    _, broken, _ = exchange(world, f"https://web.archive.org/web/20210515070809id_/{url}")
    assert (broken.status, broken.headers["Memento-Datetime"]) == (503, None)
    _, challenge, text = exchange(world, f"https://web.archive.org/web/20210518030405id_/{url}")
    assert challenge.status == 200 and challenge.headers["Memento-Datetime"] and b"Just a moment" in text


def test_an_archived_redirect_keeps_its_moment(world: World) -> None:
    _, hop, _ = exchange(world, f"https://web.archive.org/web/20210601093000id_/http://{unwebtv.HOST}{unwebtv.OLD}")
    assert (hop.status, hop.headers["Memento-Datetime"]) == (301, "Tue, 01 Jun 2021 09:30:00 GMT")
    _, drift, _ = exchange(world, hop.headers["Location"])
    _, page, body = exchange(world, drift.headers["Location"])
    assert (drift.status, drift.headers["Memento-Datetime"]) == (302, None)
    assert (page.status, page.headers["Memento-Datetime"]) == (200, "Tue, 01 Jun 2021 09:30:01 GMT")
    assert body.decode() == unwebtv.OLD_PAGE


def test_the_combo_url_is_as_long_as_liferay_makes_it(world: World) -> None:
    assert len(coe.COMBO) > 3000
    assert exchange(world, coe.BASE + coe.COMBO)[2].startswith(b"@import")


def test_a_mode_that_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(KeyError, match=r"sn4hr\.org knows no mode 'sideways'"):
        world.set_mode("sn4hr.org", "sideways")


def test_walls_say_what_their_makers_say(world: World) -> None:
    seen = set()
    for name, wall in WALLS.items():
        world.set_mode(snhr.HOST, name)
        _, response, body = exchange(world, snhr.POSTS[0].url)
        assert response.status == wall.status and len(response.headers.get_all("Server")) == 1
        seen.add(body)
    assert len(seen) == len(WALLS) - 2  # two pages come with two statuses each


def test_a_host_can_fail_to_connect_and_to_prove_itself(world: World) -> None:
    world.set_mode(snhr.HOST, "dns")
    world.set_mode(coe.HOST, "refused")
    assert not any(one.startswith("sn4hr.org:") for one in world.connect_to)
    port = next(int(one.rpartition(":")[2]) for one in world.connect_to if one.startswith("www.coe.int:443:"))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    reasons = {}
    for mode in failures.TLS:
        world.set_mode(youtube.HOST, mode)
        with pytest.raises(ssl.SSLCertVerificationError) as caught:
            connected(world, "https", youtube.HOST)
        reasons[mode] = caught.value.verify_message
    assert "expired" in reasons["tls-expired"] and "Hostname mismatch" in reasons["tls-wrong-host"]
    assert "unable to get local issuer" in reasons["tls-self-signed"]


def raw_answer(world: World, host: str, wait: float = 5.0) -> bytes:
    # Over http, since Python's TLS may show a reset as a plain end.
    with connected(world, "http", host) as connection:
        connection.settimeout(wait)
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except TimeoutError:
            return b"waited after " + received
        except ConnectionResetError:
            return b"reset after " + received
        return received


def test_answers_can_break_off(world: World) -> None:
    world.set_mode(coe.HOST, "silent")
    assert raw_answer(world, coe.HOST, 0.2) == b"waited after "
    world.set_mode(coe.HOST, "closed")
    assert raw_answer(world, coe.HOST) == b""
    world.set_mode(coe.HOST, "reset")
    assert raw_answer(world, coe.HOST) == b"reset after "
    world.set_mode(coe.HOST, "ok")
    whole = raw_answer(world, coe.HOST, 0.2).removeprefix(b"waited after ")
    world.set_mode(coe.HOST, "truncated")
    cut = raw_answer(world, coe.HOST)
    assert whole.startswith(cut) and whole.index(b"\r\n\r\n") < len(cut) < len(whole)
    assert len({seen.sha256 for seen in world.requested(coe.HOST)}) == 3


def test_nothing_but_loopback_can_be_reached() -> None:
    with pytest.raises(OSError, match="stay on loopback"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("sn4hr.org", 443)
    assert socket.getaddrinfo("localhost", 80) and socket.getaddrinfo("192.0.2.1", 80)
