"""A page that changes with every visit, and forgeries of it: each forgery contradicts, no honest pair does."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.page_pairs import VISIT, evidence

MEDIA = {f"https://news.example/{name}": name.encode() for name in ("img/street.jpg", "img/street2.jpg", "logo.png")}
TEASERS = ("Weather for Friday", "Football results", "Price of bread rises", "New bridge opened", "School year begins")


def page_at(when: datetime, chance: random.Random) -> str:
    """What an honest server sends at a time: everything about it that may change does."""
    token = "".join(chance.choice("0123456789abcdef") for _ in range(32))
    nonce = "".join(chance.choice(string.ascii_letters + string.digits) for _ in range(24))
    number = chance.randint(1000, 9999)
    advertisement = chance.choice((
        f"<a href='https://shop.example/?c={number}'><img src='https://cdn.example/ads/b{number}.jpg' alt='Sale {number}'></a>",
        f"<p>Cheap flights to Rome from {number} EUR</p>",
        f"<script>var slot='{nonce}';</script>",
    ))  # fmt: skip
    teasers = "".join(f'<li><a href="/n/{one.split()[0]}">{one}</a></li>' for one in chance.sample(TEASERS, 3))
    return f"""<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Market attack kills 37 - Daily</title>
<meta name=description content="Shells hit the market"><meta name="csrf-token" content="{token}">
<link rel=stylesheet href="/s.css?v={number}"><script>window.dataLayer=[];var t={int(when.timestamp() * 1000)};var sid="{token}";</script>
<script id=state type=application/json>{{"headline":"Market attack kills 37 people there","at":{int(when.timestamp())},"key":"{nonce}"}}</script>
<script nonce="{nonce}">ga('create','UA-1','auto');ga('set','dimension1','{nonce}');</script>
<style>.sr{{position:absolute;left:-9999px}} nav .sub{{display:none}}</style></head><body class="home v{number}">
<header><div class=logo><img src=/logo.png alt=Daily></div><span class=date>{when:%A, %d %B %Y}</span> <span id=clock>{when:%H:%M:%S}</span></header>
<nav><a href="/;jsessionid={token}">Home</a><div class=sub><a href=/sport>Sport</a></div></nav>
<div class="top-banner ad-container" id="ad_{number}" data-ad-slot="{number}">{advertisement}</div>
<main><article><h1>Market attack kills 37</h1><p class=byline>By A. Reporter, published 21 May 2021 at 10:30</p>
<p>Shells hit the central market on 21 May 2021, killing 37 people and wounding 112, the hospital said. “We counted the bodies,” a doctor said.</p>
<img src=/img/street.jpg alt="The street"><figcaption>The street after the attack</figcaption>
<p>The army had <a href="https://army.example/statement?id=55">announced</a> an operation the day before. Local officials put the dead at 37.</p>
<blockquote>قُتل سبعة وثلاثون شخصاً في السوق، بينهم أطفال</blockquote>
<table><tr><td>Dead</td><td>37</td></tr><tr><td>Wounded</td><td>112</td></tr></table>
<div class=share><span class=share-count>{number}</span> shares · <span>{number * 3:,} views</span> · {chance.randint(2, 60)} comments</div></article></main>
<aside class="related-articles"><h3>Related</h3><ul>{teasers}</ul></aside>
<form action=/search><input type=hidden name=_token value={token}><input name=q placeholder=Search></form>
<footer><p>© {when.year} Daily. Page generated in 0.{chance.randint(100, 999)} seconds. Request ID: {token[:16]}</p>
<p>Your IP address: 10.0.{chance.randint(0, 255)}.{chance.randint(1, 254)}</p><p>Last updated: {when:%Y-%m-%dT%H:%M:%SZ}</p><p>{chance.randint(10, 99)} readers online</p></footer>
<img src="/pixel.gif?r={number}" width=1 height=1><!-- {token} --></body></html>"""


def compared(seed: int, change: Callable[[str], str] = lambda page: page) -> PairStatus:
    chance = random.Random(seed)
    later = VISIT + timedelta(seconds=chance.randint(1, 9 * 3600))
    one = evidence(page_at(VISIT, chance), VISIT, media=MEDIA)
    other = evidence(change(page_at(later, chance)), later, media=MEDIA)
    found = compare_sources(one, other)
    assert found is not None
    return found.status


@pytest.mark.parametrize("seed", range(40))
def test_no_honest_pair_contradicts(seed: int) -> None:
    assert compared(seed) is PairStatus.DIFFERS


REPLACED = {
    "dead in a table": ("<td>37</td>", "<td>17</td>"),
    "a counter's class on the dead": ("<td>37</td>", "<td class=count>17</td>"),
    "numbers exchanged": ("killing 37 people and wounding 112", "killing 112 people and wounding 37"),
    "caption": ("after the attack</fig", "after the gas leak</fig"),
    "author": ("A. Reporter", "B. Reporter"),
    "day of publication": ("published 21 May 2021", "published 21 June 2021"),
    "day of publication, as if it were a clock": ("published 21 May 2021 at 10:30", "published 29 November 2026 at 10:00"),
    "hour": ("at 10:30", "at 11:30"),
    "target of a link": ("statement?id=55", "statement?id=56"),
    "speaker": ("a doctor said", "a soldier said"),
    "Arabic word": ("بينهم أطفال", "بينهم مسلحون"),
    "Arabic number": ("سبعة وثلاثون", "سبعة عشر"),
    "picture": ("/img/street.jpg alt", "/img/street2.jpg alt"),
    "picture left out": ('<img src=/img/street.jpg alt="The street">', ""),
    "picture for large screens": ("<img src=/img/street.jpg", "<picture><source srcset=/img/fake.jpg></picture><img src=/img/street.jpg"),
    "alternative text": ('alt="The street"', 'alt="A film set"'),
    "description": ("Shells hit the market", "Gas hit the market"),
    "title": ("<title>Market attack", "<title>Market fire"),
    "heading": ("<h1>Market attack", "<h1>Market accident"),
    "struck out": ("Local officials put the dead at 37.", "<del>Local officials put the dead at 37.</del>"),
    "raised": ("killing 37 people", "killing 3<sup>7</sup> people"),
    "turned": ("killing 37", "killing <bdo dir=rtl>73</bdo>"),
    "hidden by its place in a list": ("</style>", "article p:nth-of-type(2){display:none}</style>"),
    "hidden on screens": ("</style>", "@media screen{article table{display:none}}</style>"),
    "hidden by clipping": ("</style>", "article table{clip-path:inset(100%)}</style>"),
    "hidden by its colour": ("<table>", "<table style='color:#000;background:#000'>"),
    "hidden by scale": ("<table>", "<table style='transform:scale(0)'>"),
    "hidden by height": ("<table>", "<div style='max-height:0;overflow:hidden'><table>"),
    "hidden by a filter": ("<table>", "<table style='filter:opacity(0)'>"),
    "covered": ("<table>", "<div style='position:absolute;background:white;width:100%;height:900px;z-index:9'></div><table>"),
    "words of a style sheet": ("</style>", "h1::before{content:'FAKE: '}</style>"),
    "picture of a style sheet": ("</style>", "article::after{content:url(/img/over.png)}</style>"),
    "another font": ("</style>", "@font-face{font-family:x;src:url(/evil.woff)} td{font-family:x}</style>"),
    "turned by a style sheet": ("</style>", "article{display:flex;flex-direction:column-reverse}</style>"),
    "closed details": ("<table>", "<details><summary>Correction</summary>This was invented</details><table>"),
    "comment of a reader": ("</article>", "<section class=comments><p>I was there, nothing happened</p></section></article>"),
    "words beside a counter": ("shares ·", "shares by paid actors ·"),
    "dead beside a counter": ("</div></article>", " · 17 dead</div></article>"),
    "advertisement about the page": ("</main>", "</main><div class=ad><p>Correction: the market attack never happened, officials say</p></div>"),
    "linked advertisement about the page": (
        "</main>", "</main><div class=ad><a href=/x>Correction: the market attack never happened, local officials say</a></div>",
    ),
    "paragraph called an advertisement": ("<p>The army had", "<p class=ad>The rebels had"),
    "note among the teasers": ("<h3>Related</h3>", "<h3>Related</h3><p>Editors withdrew this article</p>"),
    "note in the footer": ("<footer>", "<footer><p>This article was withdrawn.</p>"),
    "script that writes": ("</main>", "</main><script>document.querySelector('h1').textContent='x'</script>"),
    "script that hides what it writes": ("</main>", "</main><script>document['body']['inner'+'HTML']=atob('PGgxPg==')</script>"),
    "attribute that writes": ("<main>", "<main onmouseover=\"document.body.innerHTML=''\">"),
    "text in a drawing": ("</article>", "<svg><text>FAKE</text></svg></article>"),
    "frame": ("</article>", "<iframe src=https://other.example/statement></iframe></article>"),
    "frame within": ("</article>", "<iframe srcdoc='<p>fake</p>'></iframe></article>"),
    "letters that look alike": ("hospital", "h\u043espital"),
    "direction": ("37 people", "\u202e73\u202c people"),
    "template": ("</article>", "<template><p>hidden claim</p></template></article>"),
    "for readers without scripts": ("</article>", "<noscript><p>hidden claim</p></noscript></article>"),
    "base": ("<head>", "<head><base href=https://evil.example/>"),
    "refresh": ("<head>", "<head><meta http-equiv=refresh content='9;url=https://evil.example/'>"),
    "canonical address": ("<head>", "<head><link rel=canonical href=https://evil.example/>"),
    "sign": ("the hospital said.", "the hospital said?"),
    "decimal": ("wounding 112", "wounding 11.2"),
    "linked data": ("</head>", "<script type='application/ld+json'>{\"headline\":\"Market fire kills nobody today\"}</script></head>"),
    "state of a script": ("Market attack kills 37 people there", "Market fire kills 37 people there"),
    "video": ("</article>", "<video src=/v.mp4></video></article>"),
    "hidden from readers who cannot see": ("<table>", "<table aria-hidden=true>"),
}  # fmt: skip


@pytest.mark.parametrize("name", REPLACED)
def test_every_forgery_contradicts(name: str) -> None:
    old, new = REPLACED[name]

    def forge(page: str) -> str:
        assert old in page
        return page.replace(old, new)

    for seed in range(2):
        assert compared(1000 + seed, forge) is PairStatus.CONTRADICTS
