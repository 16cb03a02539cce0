"""Answers for the classifier: made of a page's markup, as the recorder would hand them on."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

from archive.capture.classify import FinalResponse
from archive.capture.requisites import read_html
from archive.urls import Url, parse

HOST = "https://snhr.org"
CITED = parse(f"{HOST}/blog/2018/04/08/51899/")

HTML = ("Content-Type", "text/html; charset=UTF-8")


def page(
    markup: str,
    *,
    url: Url | str = CITED,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    hops: tuple[Url | str, ...] = (),
    complete: bool = True,
) -> FinalResponse:
    """An HTML answer."""
    where, body = _url(url), markup.encode()
    return FinalResponse(
        url=where,
        status=status,
        headers=(HTML, *headers),
        body=body,
        complete=complete,
        reading=read_html(body, url=where, charset="utf-8"),
        hops=tuple(_url(hop) for hop in hops),
    )


def file(body: bytes, media_type: str, *, url: Url | str, status: int = 200) -> FinalResponse:
    """An answer that is no HTML."""
    return FinalResponse(_url(url), status, (("Content-Type", media_type),), body, True, None, ())


def article(body: str = "", *, title: str = "Chemical attack on Douma city", head: str = "", footer: str = "") -> str:
    """A page of a human rights organisation, with navigation and a text of ordinary length."""
    words = " ".join(
        f"On April 7 2018, about {hour}:30, people in {place} told us of helicopters over the city and a smell of chlorine."
        for hour, place in enumerate(("Douma", "Harasta", "Jobar", "Zamalka", "Arbin", "Hamouriya") * 4)
    )
    return f"""<!doctype html><html lang="en"><head><title>{title} | SNHR</title>{head}</head>
<body class="single single-post">
<nav><a href="/">Home</a> <a href="/reports/">Reports</a> <a href="/about/">About us</a></nav>
<article><h1>{title}</h1><p>{words}</p>{body}</article>
<footer>{footer or "Syrian Network for Human Rights"}</footer></body></html>"""


def _url(url: Url | str) -> Url:
    return url if isinstance(url, Url) else parse(url)
