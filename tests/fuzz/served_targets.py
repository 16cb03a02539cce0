"""What servers and reports send, as targets: pages, style sheets, headers, time maps, the text of reports."""

from __future__ import annotations

import contextlib
import io

from archive.capture.memento.cdx import IndexUnreadable, read_rows
from archive.capture.memento.timemap import TimeMapUnreadable, read_timemap
from archive.capture.requisites import refresh_and_json_ld
from archive.capture.requisites import srcset as source_sets
from archive.capture.requisites.css import read_css
from archive.capture.requisites.html import read_html
from archive.cite import html as reports
from archive.cite import text as plain_text
from archive.cite.odt import read_flat_odt
from archive.http.json_body import read_json
from archive.urls import parse
from tests.fuzz.targets import target

_URL = parse("https://sn4hr.org/blog/a.html")
_PAGE = b"""<!doctype html><html><head><meta charset=utf-8><base href="/b/"><title>A page</title>
<link rel=stylesheet href=a.css><style>@import "b.css"; p { background: url(c.png) }</style>
<meta http-equiv=refresh content="3; url=/next"><script type=application/ld+json>{"contentUrl": "d.mp4"}</script></head>
<body style="background: url('e.png')"><img srcset="f.png 1x, g.png 2x" data-src=h.png><iframe src=//i.example/></iframe>
<template><img src=j.png></template><video poster=k.jpg><source src=l.mp4></video><svg><use href=#m /></svg></body></html>
"""
_STYLE = b"""@charset "utf-8"; @import url("a.css") screen; @font-face { src: url(b.woff2) format("woff2"), local(c) }
p { background: image-set("d.png" 1x, url(e\\70 ng) 2x); content: "\\" url(f.png)" } /* url(g.png) */
"""
_REPORT = """The families were threatened (see https://sn4hr.org/blog/2021/05/21/56282/, page 3).
[1] www.example.org/a_(b)/c?d=e&f#g; amnesty.org/en/documents/mde24/. <https://example.org/
wrapped/address> هددت العائلات https://example.org/%D8%B3، and https://example.org/b-
c/d.
""".encode()
_MARKDOWN = b"# A [title](https://example.org/a_b) and <https://example.org/c>\n\n* [x]: https://example.org/d\n\n`e` ![f](g.png)\n"
_FLAT = b"""<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>See
 <text:a xlink:href="https://example.org/a">here</text:a> and https://example.org/b<text:s/>.</text:p></office:text></office:body>
</office:document>"""
_TIMEMAP = b"""<https://a.example/>;rel="original",<https://arch.example/tm>;rel="self";type="application/link-format",
<https://arch.example/20210101000000/https://a.example/>;rel="first memento";datetime="Fri, 01 Jan 2021 00:00:00 GMT"
"""
_CDX = b'[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],\n["org,a)/","20210101000000","https://a.org/","text/html","200","A","1"]]'


@target("page", lambda: [_PAGE])
def page(data: bytes) -> None:
    read_html(data, url=_URL, charset=None)


@target("style", lambda: [_STYLE])
def style(data: bytes) -> None:
    read_css(data, url=_URL, charset=None)


@target("srcset", lambda: [b"a.png 1x, b.png 2x, data:image/png;base64,AA 3x, c,d 100w"])
def srcset(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    source_sets.candidates(text)
    list(refresh_and_json_ld.references(text))
    refresh_and_json_ld.split(text)


@target("timemap", lambda: [_TIMEMAP])
def timemap(data: bytes) -> None:
    with contextlib.suppress(TimeMapUnreadable):
        read_timemap(data, _URL)


@target("cdx-rows", lambda: [_CDX])
def cdx_rows(data: bytes) -> None:
    with contextlib.suppress(IndexUnreadable):
        read_rows(data)


@target("json-body", lambda: [b'{"a": [1, {"b": "\\ud800"}], "c": 1e400}'])
def json_body(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        read_json(data)


@target("report-text", lambda: [_REPORT])
def report_text(data: bytes) -> None:
    plain_text.read_plain(data, what="report.txt")


@target("report-table", lambda: [b'title,url\n"A, ""b""",https://example.org/a\n'])
def report_table(data: bytes) -> None:
    plain_text.read_table(data, what="report.csv")


@target("report-html", lambda: [_PAGE, b"<p>See <a href='https://example.org/a'>https://example.org/<wbr>a</a>.</p>"])
def report_html(data: bytes) -> None:
    reports.read_html(io.BytesIO(data), ".html")


@target("report-markdown", lambda: [_MARKDOWN])
def report_markdown(data: bytes) -> None:
    reports.read_markdown(io.BytesIO(data), ".md")


@target("report-odt", lambda: [_FLAT])
def report_odt(data: bytes) -> None:
    read_flat_odt(io.BytesIO(data), ".fodt")
