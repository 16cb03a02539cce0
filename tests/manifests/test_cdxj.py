"""The index of a bag, compared with the index that cdxj-indexer writes of the same WARC."""

from __future__ import annotations

import gzip
import hashlib
import sys
import time
from pathlib import Path

import pytest
import surt as peer
from cdxj_indexer.main import CDXJIndexer
from hypothesis import given
from hypothesis import strategies as st

from archive import urls
from archive_manifests import surt
from archive_manifests.cdxj import index_cdx, index_line, index_text, parse_index, timestamp
from archive_manifests.errors import StatementError
from archive_manifests.records import RecordLine

PIECES = [
    *("a", "B", "/", "//", ".", "..", "%2e", "%2F", "%20", "%25", "%41", "%D8%A7", "%d8", "é", "ا", "?", "&", "=", ";"),
    *("sid=9682993c8daa2c5497996114facdc805", "www.", "%", "~", "+", "|", '"', "[", "]", "{", ":", "@", "!", "1"),
    *("jsessionid=0123456789abcdefghijklemopqrstuv", "cfid=1", "cftoken=2", ".aspx", "(4hqa0555fwsecu455xqckv45)/"),
]
HOSTS = [
    *("sn4hr.org", "www.example.com", "www2.a.b", "127.0.0.1:8080", "[::1]:8443", "xn--mgbh0fb.xn--kgbechtv"),
    *("EX.com:443", "e.com:80", "e.com.", "localhost", "user:pw@e.com", "www.com", "e.com:0"),
]

KEYS = {
    "https://sn4hr.org/": "org,sn4hr)/",
    "https://www.sn4hr.org/A?b=1&a": "org,sn4hr)/a?a&b=1",
    "http://example.com:8080/a//b/../c/": "com,example:8080)/a/c",
    "http://example.com/%d8%b5%D9%88/%7Euser": "com,example)/%d8%b5%d9%88/~user",
    "http://مثال.إختبار/صفحة": "xn--kgbechtv,xn--mgbh0fb)/%d8%b5%d9%81%d8%ad%d8%a9",
    "http://3232235777/x": "1,1,168,192)/x",
    "http://example.com/%25252541": "com,example)/a",
    "urn:X:a b/": "urn:x:a%20b",
    "youtube-dl:00001:https://www.youtube.com/watch?v=A": "youtube-dl:00001:https://www.youtube.com/watch?v=a",
    "file:///C:/x/": "file:/c:/x",
    "no scheme": "no%20scheme",
}


@pytest.mark.parametrize(("url", "key"), KEYS.items())
def test_a_url_has_the_key_that_replay_tools_compute(url: str, key: str) -> None:
    assert surt.key(url) == key


@given(st.sampled_from(["http://", "https://"]), st.sampled_from(HOSTS), st.lists(st.sampled_from(PIECES), max_size=9))
def test_keys_of_web_addresses_are_those_of_the_tools_in_the_wild(scheme: str, host: str, pieces: list[str]) -> None:
    url = urls.parse(f"{scheme}{host}/{''.join(pieces)}").href
    assert surt.key(url) == peer.surt(url)


@given(
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.sampled_from(
        ["a.org", "www.a.org", "a.org:80", "A.org", "1.2.3.4", "127.1", "[::1]", "a@b.org", "a..b.", ":", "x:y:1"]
    ),
    st.lists(
        st.sampled_from(
            [*"/aB9.-_~%#?&=;:@!$'()*+,<>[]\\^`{|}\" ", "//", "/.", "..", ".aspx", "(" + "a" * 24 + ")/", "é"]
        )
    ),
)
def test_the_short_way_to_a_key_gives_what_the_rules_give(scheme: str, host: str, pieces: list[str]) -> None:
    url = f"{scheme}://{host}/{''.join(pieces)}"
    assert surt.key(url) == surt.key_in_full(url)


SLOWER = 8 if sys.gettrace() else 1  # a tracer that counts branches takes its own time


@pytest.mark.parametrize(
    "url",
    [
        "http://e.com/" + "%25" * 300_000 + "41",
        "http://e.com/?" + "cfid=" * 200_000,
        "http://e.com/" + "(4hqa0555fwsecu455xqckv45)/" * 40_000,
        "http://" + "1." * 500_000,
        "http://e.com/" + "/.." * 300_000,
    ],
)
def test_a_huge_url_is_keyed_in_linear_time(url: str) -> None:
    started = time.process_time()
    surt.key(url)
    assert time.process_time() - started < 3 * SLOWER


def record(**changes: object) -> RecordLine:
    values: dict[str, object] = {
        "file": "data/archive/s01.warc.gz",
        "offset": 521,
        "length": 1033,
        "sha256": "0" * 64,
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "type": "response",
        "uri": "https://sn4hr.org/",
        "date": "2026-11-22T10:00:00.123456Z",
        "http_status": 200,
        "mime": "text/html; charset=UTF-8",
        "payload_sha256": "a" * 64,
    }
    return RecordLine(**(values | changes))  # type: ignore[arg-type]


def test_a_response_gets_one_line() -> None:
    assert index_cdx([record()]) == (
        'org,sn4hr)/ 20261122100000 {"url": "https://sn4hr.org/", "mime": "text/html", "status": "200", '
        f'"digest": "sha256:{"a" * 64}", "length": "1033", "offset": "521", "filename": "s01.warc.gz"}}\n'
    )


def test_a_lines_text_is_the_lines() -> None:
    for line in (record(), record(mime=None, http_status=None), record(type="resource", payload_sha256=None)):
        assert index_text(line) == str(index_line(line))


def test_only_what_replay_can_show_is_indexed() -> None:
    retained = [record(type="resource", mime="image/png"), record(type="revisit")]
    left_out = [
        record(type="request"),
        record(type="metadata"),
        record(type="warcinfo", uri=None),
        record(type="resource", mime="application/warc-fields"),
        record(method="POST"),
    ]
    assert index_cdx([*retained, *left_out]) == index_cdx(retained)
    assert [dict(line.fields)["mime"] for line in parse_index(index_cdx(retained))] == ["image/png", "warc/revisit"]


def test_the_index_does_not_depend_on_the_order_of_records() -> None:
    records = [record(uri=f"https://e.com/{name}", offset=offset) for offset, name in enumerate("cabABz")]
    assert index_cdx(records) == index_cdx(reversed(records))
    lines = index_cdx(records).splitlines()
    assert lines == sorted(lines)


def test_a_date_of_whole_seconds_and_one_with_fractions_give_14_digits() -> None:
    assert timestamp("2026-11-22T10:00:00Z") == timestamp("2026-11-22T10:00:00.999Z") == "20261122100000"
    assert timestamp("2026-11") == "20261100000000"


def test_what_is_written_is_read_back() -> None:
    text = index_cdx([record(), record(uri='https://e.com/\u2028 "x"')])
    assert "".join(str(line) for line in parse_index(text)) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("org,sn4hr)/ 20261122100000 {}", 1),
        ("org,sn4hr)/ 20261122100000 {}\norg,sn4hr)/ 2026112210000 {}\n", 2),
        ("org,sn4hr)/ 20261122100000 {\n", 1),
        ('org,sn4hr)/ 20261122100000 {"length": 7}\n', 1),
        ("org,sn4hr)/ ٢٠٢٦١١٢٢١٠٠٠٠٠ {}\n", 1),
        ("\n", 1),
    ],
)
def test_a_line_that_is_no_index_line_is_refused_with_its_number(text: str, line: int) -> None:
    with pytest.raises(StatementError) as refused:
        list(parse_index(text))
    assert refused.value.line == line


def write_warc(path: Path, addresses: list[str]) -> list[RecordLine]:
    """A WARC of pages, and what a records log says of it."""
    lines, members = [], []
    for number, url in enumerate(addresses):
        body = f"page {number}".encode()
        digest = hashlib.sha256(body).hexdigest()
        identifier = f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\nContent-Length: 6\r\n\r\n" + body
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <{identifier}>\r\n"
            f"WARC-Date: 2026-11-22T10:00:00.5Z\r\nWARC-Target-URI: {url}\r\nWARC-Payload-Digest: sha256:{digest}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        member = gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)
        lines.append(
            record(
                file=f"data/archive/{path.name}",
                offset=sum(map(len, members)),
                length=len(member),
                id=identifier,
                uri=url,
                payload_sha256=digest,
            )
        )
        members.append(member)
    path.write_bytes(b"".join(members))
    return lines


def test_the_index_is_the_one_that_cdxj_indexer_writes(tmp_path: Path) -> None:
    warc, theirs = tmp_path / "s01.warc.gz", tmp_path / "index.cdx"
    addresses = [
        "https://sn4hr.org/arabic/2021/%D8%B5%D9%88%D8%B1%D8%A9/?p=1&amp=2",
        "http://www.faselhd.pro/",
        "https://sn4hr.org/",
        "https://sn4hr.org/?b&a&A=1",
        "https://www.youtube.com/watch?v=AbC&t=1s",
    ]
    lines = write_warc(warc, addresses)
    CDXJIndexer(str(theirs), [str(warc)], sort=True).process_all()
    assert index_cdx(lines) == theirs.read_text()
