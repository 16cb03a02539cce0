"""Small changes by which one page says another thing: each of them contradicts the page that was sent."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, evidence

REPLACED = {
    "number": ("killing 37 patients", "killing 31 patients"),
    "arabic digits": ("٣٧ مريضاً", "٣١ مريضاً"),
    "negation removed": ("did not warn", "did warn"),
    "arabic negation": ("ولم يُحذَّر", "وقد حُذِّر"),
    "two doctors": ("two doctors", "two fighters"),
    "caption": ("The ward after the strike", "The depot after the strike"),
    "caption date": ("after the strike</fig", "after the strike, 2018</fig"),
    "reorder": ("<p>A missile", "<p>The operation lasted 10-20 minutes.</p><p>A missile"),
    "swap th": ("<th>Dead<th>Wounded", "<th>Wounded<th>Dead"),
    "colspan": ("<td>37<td>112", "<td colspan=2>37<td>112"),
    "ol start": ("<ol start=5>", "<ol start=6>"),
    "li value": ("<li>Witness A", "<li value=9>Witness A"),
    "time datetime attr": ('datetime="2021-05-21T10:30:00Z"', 'datetime="2021-06-21T10:30:00Z"'),
    "time datetime to visit": ('<time datetime="2021-05-21T10:30:00Z">21 May 2021', '<time datetime="2026-11-29T10:07:00Z">29 November 2026'),
    "meta date": ('name=date content="2021-05-21"', 'name=date content="2021-05-22"'),
    "og url": ('property="og:url" content="https://news.example/article"', 'property="og:url" content="https://news.example/other"'),
    "og image": ('content="https://news.example/img/a.jpg"', 'content="https://news.example/img/b.jpg"'),
    "canonical query": ('href="https://news.example/article"', 'href="https://news.example/article?id=2"'),
    "canonical host": ('href="https://news.example/article"', 'href="https://nevvs.example/article"'),
    "ld date": ('"datePublished":"2021-05-21T10:30:00Z"', '"datePublished":"2021-06-21T10:30:00Z"'),
    "ld author": ('"author":{"name":"M. Haddad"}', '"author":{"name":"K. Saleh"}'),
    "ld deaths": ('"deaths":37', '"deaths":3'),
    "drive link": ("1A2b3C4d5E6f7G8h9I0jKl", "9Z2b3C4d5E6f7G8h9I0jKl"),
    "homoglyph host": ("https://docs.example/", "https://d\u043ecs.example/"),
    "link in nav": ("<a href=/w>World</a>", "<a href=https://evil.example/>World</a>"),
    "site name": ("<header><a href=/>The Observer</a>", "<header><a href=/>State Television</a>"),
    "rlm between numbers": ("10-20 minutes", "10\u200f-\u200f20 minutes"),
    "rlo": ("killing 37", "killing \u202e73\u202c"),
    "greek question mark lookalike": ("killing 37", "killing З7"),
    "cyrillic a": ("patients", "p\u0430tients"),
    "fullwidth digit": ("killing 37", "killing ３１"),
    "zero width in word ok?": ("two doctors", "two d\u043fctors"),
    "sup note": ("37 patients", "37<sup>1</sup> patients"),
    "nbsp number": ("killing 37 patients", "killing 3 7 patients"),
    "svg chart": ("M0 0L10 10", "M0 10L10 0"),
    "image swapped name": ('src="/img/a.jpg"', 'src="/img/b.jpg"'),
    "image css covered": ("</figure>", "</figure><style>figure img{opacity:0}</style>"),
    "image size zero": ("width=640 height=480", "width=640 height=480 style='width:0;height:0'"),
    "image crop": ("width=640 height=480", "width=640 height=480 style='object-fit:none;object-position:-300px 0'"),
    "bg image inline": ("<article>", '<article style="background:url(/img/b.jpg)">'),
    "content replaces": ("<article>", "<style>article p:nth-child(4){content:url(/img/b.jpg)}</style><article>"),
    "css parent bg": ("<p>A missile", "<div style='background:#333;color:#333'><p>A missile"),
    "popover": ("<p>A missile", "<p popover>A missile"),
    "details": (
        "<p>A missile struck the maternity ward of the Old Town hospital on Friday, killing 37 patients and two doctors, the health ministry said.</p>",
        "<details><p>A missile struck the maternity ward of the Old Town hospital on Friday, killing 37 patients and two doctors, the health ministry said.</p></details>",
    ),
    "inert aria": ("<p>The army", "<p aria-hidden=true>The army"),
    "aria-label": ("<p>The army", "<p aria-label='The rebels did it'>The army"),
    "comment removed": ("<p>The operation lasted 10-20 minutes.</p>", ""),
    "location script": ("</article>", "</article><script>location='https://evil.example/'</script>"),
    "document title script": ("</article>", "</article><script>document.title='Gas leak'</script>"),
    "src script": ("</article>", "</article><script>document.images[0].src='/img/b.jpg'</script>"),
    "classlist script": ("</article>", "</article><script>document.querySelector('p').classList.add('x')</script>"),
    "append script": ("</article>", "</article><script>document.body.append(x)</script>"),
    "style script": ("</article>", "</article><script>document.querySelectorAll('p')[1].style.opacity=0</script>"),
    "cssText script": ("</article>", "</article><script>p.style.cssText=q</script>"),
    "bracket script": ("</article>", "</article><script>window['loc'+'ation']=u</script>"),
    "external script": ("</article>", "</article><script src=https://evil.example/x.js></script>"),
    "external uncaptured style": ("</article>", "</article><link rel=stylesheet href=https://evil.example/x.css>"),
    "js url link": ('<a href="https://docs.example/file?id=1A2b3C4d5E6f7G8h9I0jKl">', "<a href='javascript:x()'>"),
    "input value": ("</article>", "<input type=number value=31 readonly></article>"),
    "meter": ("</article>", "<meter value=0.3></meter></article>"),
    "option": ("</article>", "<select><option>Killed<option selected>Unharmed</select></article>"),
    "noscript img": ("</article>", "<noscript><img src=/img/b.jpg></noscript></article>"),
    "data attr content": ("</article>", "<style>p[data-n]::after{content:attr(data-n)}</style><p data-n='FAKE NEWS'>.</p></article>"),
    "byline": ("By M. Haddad", "By K. Saleh"),
    "video source": ("</article>", "<video src=/v2.mp4></video></article>"),
    "consent about page": (
        "</main>",
        "</main><div class=cookie-consent><p>We use cookies. The missile struck an empty hospital ward, ministry said.</p></div>",
    ),
    "consent neutral lie": ("</main>", "</main><div class=cookie-consent><p>This story has been retracted.</p></div>"),
    "weather lie": ("</main>", "</main><div class=weather>This story has been retracted.</div>"),
    "article into ad class": ("<article>", "<article><div class=ad>"),
    "h1 to teaser": ("<p>The army did", "<p class=related>The army did"),
    "number entity": ("killing 37", "killing &#51;&#49;"),
    "wbr word": ("killing 37 patients", "killing 3<wbr>8 patients"),
    "hidden digit in span": ("killing 37", "killing 3<span style='display:none'>5</span>7"),
    "added digit tiny": ("killing 37", "killing 37<span style='font-size:1px'>0</span>"),
    "overlap absolute": ("killing 37", "killing <span style='position:absolute;background:#fff'>31</span>37"),
    "ruby": ("killing 37", "killing <ruby>37<rt>31</rt></ruby>"),
    "before pseudo inline sheet": ("</article>", "<style>article p:first-of-type:first-letter{font-size:0}</style></article>"),
    "first-line": ("</article>", "<style>article p::first-line{color:#fff}</style></article>"),
    "selection": ("</article>", "<style>td::before{content:'1'}</style></article>"),
    "counter css": ("</article>", "<style>li{list-style-type:'9. '}</style></article>"),
    "quotes css": ("</article>", "<style>h1::after{content:' (satire)'}</style></article>"),
    "grid order": ("</article>", "<style>article{display:grid}article p:nth-child(4){grid-row:9}</style></article>"),
    "column-reverse flex short": ("</article>", "<style>article{display:flex;flex-flow:column-reverse}</style></article>"),
    "float swap": ("</article>", "<style>td:first-child{float:right}</style></article>"),
    "direction attr": ("<table>", "<table dir=rtl>"),
    "caption side": ('alt="The ward">', 'alt="The ward"><img src=/logo.png style=\'margin-left:-640px\'>'),
    "srcset": ('alt="The ward">', 'alt="The ward" srcset=\'/img/b.jpg 2x\'>'),
    "base target": ("<head>", "<head><base href=https://evil.example/>"),
    "lang title": ("<title>Strike on hospital kills 37", "<title>Strike on hospital kills 31"),
    "svg text": ("<path", "<text>31</text><path"),
    "image map link": ("</article>", "<map><area href=https://e.example/></map></article>"),
    "iframe srcdoc": ("</article>", "<iframe srcdoc='<p>x</p>'></iframe></article>"),
    "object": ("</article>", "<object data=/img/b.jpg></object></article>"),
    "embed": ("</article>", "<embed src=/v.mp4></article>"),
    "marquee": ("</article>", "<marquee>Fake</marquee></article>"),
    "textarea": ("</article>", "<textarea>Fake</textarea></article>"),
    "tatweel in middle plus letter": ("قسم الولادة", "قسم الوالدة"),
    "arabic hamza": ("مريضاً", "مريض"),
    "persian digits": ("٣٧", "۳۱"),
    "comma decimal": ("10-20 minutes", "10–200 minutes"),
    "minus": ("10-20 minutes", "10 20 minutes"),
    "quotes added": ("killing 37 patients", '"killing" 37 patients'),
    "attribution dropped": (", the health ministry said.", "."),
    "date by": ("on Friday", "on Sunday"),
}  # fmt: skip
"""Words of the page, and what a forger writes in their place."""

BELOW = {
    "related same target other text": (
        "<aside class=related><a href=/s1>Army struck a hospital</a></aside>",
        "<aside class=related><a href=/s1>Army saved a hospital</a></aside>",
    ),
    "related note nolink": (
        "<aside class=related><a href=/s1>Bread</a></aside>",
        "<aside class=related><a href=/s1>Bread</a><p>Retracted</p></aside>",
    ),
    "area href": ("<map name=m><area href=/a></map>", "<map name=m><area href=/b></map>"),
    "counter of dead in class count": ("<p>Toll <span class=count>37</span></p>", "<p>Toll <span class=count>31</span></p>"),
    "counter pop": ("<p class=stats>Casualties recorded: 37</p>", "<p class=stats>Casualties recorded: 31</p>"),
    "visitors of detention": ("<p>The prison had 37 visitors</p>", "<p>The prison had 31 visitors</p>"),
    "members": ("<p>37 members of the unit were arrested</p>", "<p>31 members of the unit were arrested</p>"),
    "shared pics": ("<p>He shared 37 photos with police</p>", "<p>He shared 3 photos with police</p>"),
    "followers of sect": ("<p>37 followers of the group fled</p>", "<p>31 followers of the group fled</p>"),
    "votes": ("<p>The law passed with 137 votes</p>", "<p>The law passed with 131 votes</p>"),
    "event id": ("<p>Incident no. 4471</p>", "<p>Incident no. 4472</p>"),
    "case ref": ("<p>Case reference number: ICC-01/14</p>", "<p>Case reference number: ICC-01/15</p>"),
    "plate": ("<p>Number plate AB12CD3456</p>", "<p>Number plate AB12CD3457</p>"),
    "hash published": ("<p>SHA256 9f86d081884c7d65</p>", "<p>SHA256 9f86d081884c7d66</p>"),
    "ip in text": ("<p>The attackers used 198.51.100.7</p>", "<p>The attackers used 203.0.113.9</p>"),
    "tweet time": ("<p>10:00 am · 29 Nov 2026</p>", "<p>10:07 am · 28 Nov 2026</p>"),
    "duration": ("<p>He was beaten for 3 hours</p>", "<p>He was beaten for 5 hours</p>"),
    "duration within slack": ("<p>The attack lasted 10 minutes</p>", "<p>The attack lasted 17 minutes</p>"),
    "age of child": ("<p>The boy was 3 days old</p>", "<p>The boy was 4 days old</p>"),
    "time of call": ("<p>Call at 10:00</p>", "<p>Call at 10:07</p>"),
    "seconds": ("<p>The video is 37 seconds long</p>", "<p>The video is 31 seconds long</p>"),
    "browser version": ("<p>Version 3.1 of the agreement</p>", "<p>Version 3.2 of the agreement</p>"),
    "js var deaths": ("<script>var deathToll=37;</script>", "<script>var deathToll=31;</script>"),
    "json deaths": ('<script type=application/json>{"killed":37}</script>', '<script type=application/json>{"killed":31}</script>'),
    "json field": ('<script type=application/json>{"verdict":"guilty"}</script>', '<script type=application/json>{"verdict":"innocent"}</script>'),
    "script src hex": ("<script>i.src='/img/9f86d081884c7d65.jpg'</script>", "<script>i.src='/img/1f86d081884c7d66.jpg'</script>"),
    "script sets number": ("<script>e.innerHTML=37</script>", "<script>e.innerHTML=31</script>"),
    "script b64": ("<script>e.innerHTML=atob('MzcgZGVhZA==')</script>", "<script>e.innerHTML=atob('MzEgZGVhZA==')</script>"),
    "script b64 later": ("<script>var q='MzcgcGVvcGxlIGRpZWQ='</script>", "<script>var q='MzEgcGVvcGxlIGRpZWQ='</script>"),
    "json iso date": (
        '<script type=application/json>{"article":{"publishedAt":"2021-05-21T10:30:00Z"}}</script>',
        '<script type=application/json>{"article":{"publishedAt":"2021-05-22T10:30:00Z"}}</script>',
    ),
    "json user said": (
        '<script type=application/json>{"user":{"name":"Ali"},"text":"hi"}</script>',
        '<script type=application/json>{"user":{"name":"Omar"},"text":"hi"}</script>',
    ),
    "json comment text": (
        '<script type=application/json>{"comments":[{"text":"I saw it"}]}</script>',
        '<script type=application/json>{"comments":[{"text":"I saw nothing"}]}</script>',
    ),
    "json city": (
        '<script type=application/json>{"event":{"city":"Homs"}}</script>',
        '<script type=application/json>{"event":{"city":"Hama"}}</script>',
    ),
    "json country": (
        '<script type=application/json>{"incident":{"country":"Syria","region":"Idlib"}}</script>',
        '<script type=application/json>{"incident":{"country":"Syria","region":"Hama"}}</script>',
    ),
    "json test result": (
        '<script type=application/json>{"lab":{"test":"positive"}}</script>',
        '<script type=application/json>{"lab":{"test":"negative"}}</script>',
    ),
    "json time of event": (
        '<script type=application/json>{"event":{"time":"10:30"}}</script>',
        '<script type=application/json>{"event":{"time":"11:30"}}</script>',
    ),
    "json votes": (
        '<script type=application/json>{"candidate":"A","votes":1200}</script>',
        '<script type=application/json>{"candidate":"A","votes":1900}</script>',
    ),
    "teaser both changed": ("<aside class=related><a href=/s1>Bread</a></aside>", "<aside class=related><a href=/s1>Army denies</a></aside>"),
    "prompt lie": ("<div class=newsletter><p>Subscribe to our newsletter</p></div>", "<div class=newsletter><p>Retracted by the editors</p></div>"),
    "prompt lie2": (
        "<div class=newsletter><p>Subscribe to our newsletter</p></div>",
        "<div class=newsletter><p>Subscribe to our newsletter. The hospital ward was never struck by a missile.</p></div>",
    ),
    "ul as counters": ("<p>37 views</p>", "<p>37 likes</p>"),
    "text around counter": ("<p>1,204 people have read this</p>", "<p>1,204 people have not read this</p>"),
    "counter in table": ("<table><tr><td>Visitors<td>1204</table>", "<table><tr><td>Visitors<td>9204</table>"),
    "votes in table": ("<table class=votes><tr><td>Party A<td>1204</table>", "<table class=votes><tr><td>Party A<td>9204</table>"),
    "date in table": ("<table><tr><td>29 November 2026</table>", "<table><tr><td>28 November 2026</table>"),
    "dateline": ("<p>29 November 2026</p>", "<p>21 May 2021</p>"),
    "posted ago long": ("<p>Posted 3 days ago</p>", "<p>Posted 9 days ago</p>"),
    "ago to date": ("<p>Posted 3 days ago</p>", "<p>Posted 1 January 2026</p>"),
    "hijri": ("<p>19 جمادى الآخرة 1448 هـ</p>", "<p>19 رجب 1448 هـ</p>"),
    "yesterday": ("<p>Yesterday</p>", "<p>5 years ago</p>"),
    "weather slot": ("<div class=weather>Kyiv 4°C</div>", "<div class=weather>The hospital was not hit 4°C</div>"),
    "share label": ("<button>Share</button>", "<button>Report fake</button>"),
    "lang label other": ("<nav><a href=/>Home</a></nav>", "<nav><a href=/>Contact</a></nav>"),
    "ad slot script": ("<div class=ad><script>document.body.innerHTML=x</script></div>", "<div class=ad></div>"),
    "ad slot style": ("<div class=ad></div>", "<div class=ad><style>article p{display:none}</style></div>"),
    "ad slot overlay": (
        "<div class=ad></div>",
        "<div class=ad style='position:fixed;top:0;left:0;width:100%;height:100%;background:#fff;z-index:99'></div>",
    ),
}  # fmt: skip
"""What stands below the article in the honest bag and in the forged one."""

STYLES = (
    "margin-left:-9999px",
    "letter-spacing:-1em",
    "line-height:0;height:0;overflow:hidden",
    "zoom:0",
    "scale:0",
    "translate:-9999px",
    "rotate:180deg",
    "position:absolute;inset:-9999px auto auto auto",
    "margin-top:-9999px;position:absolute",
    "position:fixed;bottom:-9999px",
    "color:transparent",
    "color:hsl(0 0% 100%)",
    "--x:#fff;color:var(--x)",
    "color:#fefefe",
    "opacity:.04",
    "opacity:.1",
    "width:0;overflow:hidden;white-space:nowrap",
    "color:#eee",
    "display:-webkit-box;-webkit-line-clamp:1;-webkit-box-orient:vertical;overflow:hidden",
    "height:2px;overflow:hidden",
    "max-height:.1em;overflow:hidden",
    "transform:scale(.01)",
    "transform:rotateY(90deg)",
    "transform:translate3d(-9999px,0,0)",
    "transform:matrix(0,0,0,0,0,0)",
    "font-size:.1px",
    "font-size:2px",
    "position:relative;left:-3000px",
    "-webkit-text-security:disc",
    "mask-image:linear-gradient(transparent,transparent)",
    "position:absolute;clip:rect(1px 1px 1px 1px)",
    "clip-path:polygon(0 0,0 0,0 0)",
    "text-indent:100%;white-space:nowrap;overflow:hidden",
    "visibility:collapse",
    "text-transform:uppercase",
    "font-variant:small-caps",
    "text-decoration:line-through",
    "background:linear-gradient(transparent 45%,#000 45%,#000 55%,transparent 55%)",
    "unicode-bidi:bidi-override;direction:rtl",
    "animation:h 0s forwards",
)  # fmt: skip
"""What a forger does to one paragraph."""


def status(one: str, other: str, media: Mapping[str, bytes] = MEDIA) -> PairStatus:
    compared = compare_sources(evidence(one, VISIT, media=MEDIA), evidence(other, VISIT + LATER, media=media))
    assert compared is not None
    return compared.status


@pytest.mark.parametrize("name", REPLACED)
def test_a_changed_word_or_attribute_contradicts(name: str) -> None:
    old, new = REPLACED[name]
    page = news_page()
    assert old in page
    assert status(page, page.replace(old, new)) is PairStatus.CONTRADICTS


@pytest.mark.parametrize("name", BELOW)
def test_what_looks_like_a_counter_a_clock_or_a_list_and_is_none_contradicts(name: str) -> None:
    one, other = BELOW[name]
    assert status(news_page(one), news_page(other)) is PairStatus.CONTRADICTS


@pytest.mark.parametrize("style", STYLES)
def test_a_paragraph_that_is_hidden_or_altered_by_its_style_contradicts(style: str) -> None:
    page = news_page()
    forged = page.replace("<p>A missile", f"<p style='{style}'>A missile")
    assert status(page, forged) is PairStatus.CONTRADICTS
    by_class = [text.replace("</head>", f"<style>.x{{{style}}}</style></head>") for text in (page, forged)]
    by_class[1] = by_class[1].replace(f"<p style='{style}'>A", "<p class=x>A")
    assert status(page, by_class[1]) is PairStatus.CONTRADICTS


@pytest.mark.parametrize(
    "name", ["data-ad-comet-preview=message", "data-ad-preview=message", "data-address", "data-added=2021"]
)
def test_an_attribute_that_only_begins_like_one_of_advertising_hides_no_change(name: str) -> None:
    one, other = (news_page(f"<div {name}><p>Water came back to {town} today</p></div>") for town in ("Raqqa", "Hama"))
    assert status(one, other) is PairStatus.CONTRADICTS


def test_another_picture_at_the_same_address_contradicts() -> None:
    page = news_page()
    assert (
        status(page, page, {**MEDIA, "https://news.example/img/a.jpg": b"same size, other picture"})
        is PairStatus.CONTRADICTS
    )


@pytest.mark.parametrize(
    "line",
    [
        "<p><span class=count>37 followers</span> of the sheikh were arrested.</p>",
        "<p><span class=count>37 followers</span> of the Sheikh Ahmad were arrested.</p>",
        "<p><span class=count>37 متابعا</span> للشيخ أحمد اعتقلوا أمس في المدينة.</p>",
    ],
)
def test_a_number_in_a_sentence_is_no_count_of_readers(line: str) -> None:
    pages = [news_page().replace("<p>A missile", f"{text}<p>A missile") for text in (line, line.replace("37", "73"))]
    assert status(*pages) is PairStatus.CONTRADICTS
