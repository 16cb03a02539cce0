"""What differs in the frame of a page, in its style rules and scripts: what is shown, and what states something.

Each entry is what stands below the article of `news_page` for the one and for the other.
"""

from __future__ import annotations

Pairs = dict[str, tuple[str, str]]


def _foot(one: str, other: str) -> tuple[str, str]:
    return f"<footer><small>{one}</small></footer>", f"<footer><small>{other}</small></footer>"


def _menu(*entries: str) -> str:
    return "<nav><ul>" + "".join(f"<li><a href=/{entry.split()[0]}>{entry}</a></li>" for entry in entries) + "</ul></nav>"


NUMBERS: Pairs = {
    "build": _foot("Build 94ae48c", "Build 1d0e3fa"),
    "page views": _foot("PV: 10234", "PV: 10261"),
    "votes": _foot("37 votes", "41 votes"),
    "version": _foot("v4.12.3", "v4.12.4"),
    "mirror": _foot("Mirror: fr2.example", "Mirror: de1.example"),
    "reference of a delivery network": _foot("Reference #18.9a5b1c2d.1795946400.3f2a", "Reference #18.77cc1c2d.1795946820.91ab"),
    "identifier of a page": _foot("Page ID: 7fa3-99c1-0b2e", "Page ID: 11d3-20ab-77e0"),
    "articles that are searched": (
        "<header><input name=q placeholder='Search 1,204,332 articles'></header>",
        "<header><input name=q placeholder='Search 1,204,390 articles'></header>",
    ),
    "code of a program": ("<nav data-pos=2><a href=/s>Parts</a></nav>", "<nav data-pos=3><a href=/s>Parts</a></nav>"),
}
LINKS: Pairs = {
    "entry of a menu more": (_menu("World", "Sport", "Culture"), _menu("World", "Live", "Sport", "Culture")),
    "entry of a menu that was replaced": (_menu("World", "Olympics", "Sport"), _menu("World", "Budget", "Sport")),
    "linked picture of a partner": (
        "<footer><a href=https://one.example/><img src=/img/b.jpg alt='Partner One'></a></footer>",
        "<footer><a href=https://two.example/><img src=/logo.png alt='Partner Two'></a></footer>",
    ),
    "text that leads to another site": (
        "<aside><div><a href=https://watches.example/?c=1>Luxury watches, up to 40% off</a></div></aside>",
        "<aside><div><a href=https://flights.example/?c=7>Cheap flights to Rome</a></div></aside>",
    ),
    "language that is chosen": (
        "<header><select><option>English<option>Deutsch</select></header>",
        "<header><select><option>English<option selected>Deutsch</select></header>",
    ),
    "what a browser may load before": (
        '<script type=speculationrules>{"prefetch":[{"urls":["/a/1"]}]}</script>',
        '<script type=speculationrules>{"prefetch":[{"urls":["/a/7"]}]}</script>',
    ),
}
PROGRAMS: Pairs = {
    "classes of a panel": (
        "<script>document.querySelectorAll('.panel').forEach(function(e){e.classList.toggle('open')})</script>",
        "<script>document.querySelectorAll('.panel').forEach(function(e){e.classList.toggle('shown');"
        "e.setAttribute('aria-expanded','true')})</script>",
    ),
    "loader": (
        "",
        "<script>(function(d){var s=d.createElement('script');s.src='https://www.googletagmanager.com/gtm.js?id=C-1';"
        "d.head.appendChild(s)})(document);</script>",
    ),
    "code of an element": ("<div data-share=dba41ecc><b>Tools</b></div>", "<div data-share=cc3fc162><b>Tools</b></div>"),
    "class until all is loaded": (
        "", "<script>panel.className=panel.className.replace(' wait','')</script>",
    ),
    "switches of a program": (
        '<script>window.__CONFIG__={"features":{"wide":true}};</script>',
        '<script>window.__CONFIG__={"features":{"wide":false,"audio":true}};</script>',
    ),
    "rules for a card": ("<style>.card{order:1}.bar{z-index:9}</style>", "<style>.card{order:2}.bar{z-index:10}</style>"),
    "rules that compare elements": (
        "<style>.menu:has(.open){display:none}.menu li:hover~ul{opacity:0}</style>",
        "<style>.menu:has(.shut){display:none}.menu li:hover~ul{opacity:.01}</style>",
    ),
}
_CLIP = "<iframe src='https://v.example/embed?clip=77'{}></iframe>"
_SIGNED = "<iframe src='https://play.example/embed/{}?h={}&amp;t={}'></iframe>"
_FIRST = _SIGNED.format(88213, "c638097106a113f61c385925fe6ddaaf", 1795946401)
_PUZZLE = "<iframe width=256 height=60 src='https://check.example/recaptcha/anchor?k=6LeO&amp;v={}&amp;cb={}'></iframe>"
_PLUGIN = (
    "<iframe src='https://social.example/plugins/page.php?href=https%3A%2F%2Fsocial.example%2Fward&amp;"
    "channel=https%3A%2F%2Fstatic.example%2Farbiter%2F%23cb%3D{0}%26origin%3Dhttps%253A%252F%252Fnews.example%252F{1}%26relation%3Dparent'></iframe>"
)
_SHARE = "<iframe src='https://social.example/widgets/button.html#lang=en&amp;text=The%20ward&amp;time={}&amp;url=https%3A%2F%2Fnews.example%2Farticle'></iframe>"
_HELP = "<footer><a href='https://help.example/faq?app=web&amp;at={}'>Help</a></footer>"
_PARTNERS = (
    "<div class=cookie-consent><p>We and our {} partners store and access information on a device, such as cookies, to process personal data.</p></div>"
)
_ACCEPT = "<div class=cookie-consent>We use cookies. {}</div>"
_NAMED = "<div data-image='https://{}/files/2.1.mgfBZES6-elQXZ2rKcYFyUduC2wMCi{}/'></div>"
_CACHED = "<meta name=page-cached content={}>"
_MOVED = "<nav><p style='transform: {}'>Menu</p></nav>"
INNER: Pairs = {
    "login that is not seen": (
        "<iframe style='visibility:hidden;height:0' src='https://login.example/authorize?nonce=d2ae12f5&amp;ct=1716899469'></iframe>",
        "<iframe style='visibility:hidden;height:0' src='https://login.example/authorize?nonce=77b0c1aa&amp;ct=1716921071'></iframe>",
    ),
    "payment that is not seen": (
        "", "<iframe aria-hidden=true title=Pay style='display:none!important;width:1px' src='https://pay.example/m.html#sid=8f9b'></iframe>",
    ),
    "dot of another site": ("", "<iframe width=1 height=1 title=Count src=https://count.example/i></iframe>"),
    "frames of programs": (
        "<iframe title=Safe hidden></iframe><iframe title=Locator style='display:none'></iframe>", "<iframe title=Locator style='display:none'></iframe>",
    ),
    "box of a frame that opened": (
        "<div id=sp_message_container_1 aria-modal=true><iframe title='SP Message' src=https://news.example/c.html></iframe></div>",
        "<div id=sp_message_container_1 style='display:none'><iframe src=https://news.example/c.html></iframe></div>",
    ),
    "plugin of a network": (_PLUGIN.format("f2b1c8d9e0a1b2c", "f1a2b3c4d5e6f70"), _PLUGIN.format("f3f0a9b8c7d6e5f", "f29b8a7c6d5e4f3")),
    "button of a network": (_SHARE.format("1795946400123"), _SHARE.format("1795946820456")),
    "film that is signed for each visit": (_FIRST, _SIGNED.format(88213, "1988f7fdf61cbbdd688b754c310a1129", 1795946822)),
    "puzzle for readers": (_PUZZLE.format("mq0-U1BH", "2qcryjrjbc74"), _PUZZLE.format("Br0hYqpf", "lhvuxkwlqwdp")),
}  # fmt: skip
STATED: Pairs = {
    "time of the visit in a link": (_HELP.format("2026-11-29+10%3A00"), _HELP.format("2026-11-29+10%3A07")),
    "request in nothing but words of requests": (_ACCEPT.format("Accept all"), _ACCEPT.format("Accept or reject all")),
    "partners of the site": (_PARTNERS.format(127), _PARTNERS.format(130)),
    "label in capitals": ("<nav><b>web maps</b> | <b>About HR</b></nav>", "<nav><b>Web Maps</b> | <b>About Hr</b></nav>"),
    "server": ("<div id=hostId style='display:none'>Sapp1</div>", "<div id=hostId style='display:none'>Sapp5</div>"),
    "format of a picture": ("<img src=/img/q.webp alt=Flag>", "<img src=/img/q.png alt=Flag>"),
    "server of a file that is named by its content": (_NAMED.format("cdn1.news.example/s1", "8R"), _NAMED.format("eu2.news.example/s3", "8R")),
    "moment of a cache": (_CACHED.format("2026-11-29T04:00:00Z"), _CACHED.format("2026-11-29T10:02:00Z")),
    "where something moved": (_MOVED.format("translate3d(0px, -9%, 0px) scale3d(1, 1, 1) rotateX(0deg)"), _MOVED.format("translate3d(0px, -29.9879%, 0px) scale3d(1, 1, 1) rotateX(0deg)")),
}  # fmt: skip
HONEST: dict[str, Pairs] = {"frames that are not seen": INNER, "what a visit states": STATED, "numbers in the frame": NUMBERS, "links in the frame": LINKS, "programs beside the text": PROGRAMS}

FORGED: Pairs = {
    "request that was edited in another word": (_ACCEPT.format("Accept all"), _ACCEPT.format("Accept all rumours")),
    "sentence": _foot("All rights", "All rights. The witnesses were paid"),
    "number that speaks of the page": _foot("37 patients", "35 patients"),
    "number that leaps": _foot("PV: 10234", "PV: 90234"),
    "number in a box beside": ("<aside class=sidebar><p>37 killed</p></aside>", "<aside class=sidebar><p>35 killed</p></aside>"),
    "year": _foot("Since 1998", "Since 2009"),
    "case": _foot("Case 94ae48c", "Case 1d0e3fa"),
    "key": _foot("PGP 94ae48c", "PGP 1d0e3fa"),
    "words beside a code": _foot("Build 94ae48c", "Forged 1d0e3fa"),
    "entry of a menu with another text": (_menu("World", "Sport"), _menu("World", "Sport").replace(">Sport", ">Rumours")),
    "entry of a menu that speaks for the site": (_menu("World", "Sport"), _menu("World", "Our owners", "Sport")),
    "entry of a menu that leads to another site": (
        _menu("World", "Sport"), _menu("World", "Sport").replace("<ul>", "<ul><li><a href=https://other.example/>Olives</a></li>"),
    ),
    "text that leads to another site and speaks of the page": (
        "<aside><div><a href=https://watches.example/?c=1>Luxury watches, up to 40% off</a></div></aside>",
        "<aside><div><a href=https://other.example/>The hospital was a depot</a></div></aside>",
    ),
    "text that leads to another site and was edited": (
        "<aside><div><a href=https://one.example/>Olives from the north of Greece</a></div></aside>",
        "<aside><div><a href=https://two.example/>Olives from the south of Greece</a></div></aside>",
    ),
    "link beside the text that leads to another site": (
        "<p><a href=https://one.example/>Olives</a></p>", "<p><a href=https://two.example/>Apples</a></p>",
    ),
    "choice beside the text": (
        "<select><option>English<option>Deutsch</select>", "<select><option>English<option selected>Deutsch</select>",
    ),
    "account": _foot("DE89370400440532013000120034005", "DE12370400440532013000990034001"),
    "picture without a link": ("<footer><img src=/img/b.jpg></footer>", "<footer><img src=/logo.png></footer>"),
    "build beside the text": ("<p>Build 94ae48c</p>", "<p>Build 1d0e3fa</p>"),
    "script that takes hold of a paragraph": ("", "<script>document.querySelector('main p').classList.add('x')</script>"),
    "script that takes hold of the byline": ("", "<script>document.querySelector('.byline').classList.add('x')</script>"),
    "script that writes into an element": ("", "<script>panel.innerHTML=value</script>"),
    "script that makes a picture": ("", "<script>panel.appendChild(document.createElement('img'))</script>"),
    "rule for the byline": ("", "<style>.byline{order:2}</style>"),
    "rule for all cells": ("", "<style>td{order:2}</style>"),
    "rule for what follows something": ("", "<style>.byline~p{display:none}</style>"),
    "rule for what holds something": ("", "<style>article:has(table) .byline{visibility:hidden}</style>"),
    "switch of one name": ("<script>config.victims=true;</script>", "<script>config.victims=false;</script>"),
    "page of a plugin": (_PLUGIN.format("f2b1c8d9e0a1b2c", "f1a2b3c4d5e6f70"), _PLUGIN.format("f3f0a9b8c7d6e5f", "f29b8a7c6d5e4f3").replace("ward", "army")),
    "text of a button": (_SHARE.format("1795946400123"), _SHARE.format("1795946820456").replace("The%20ward", "No%20ward")),
    "time of a frame in seconds": (_SHARE.format("1795946400"), _SHARE.format("1795946820")),
    "other film that is signed": (_FIRST, _SIGNED.format(88231, "1988f7fdf61cbbdd688b754c310a1129", 1795946822)),
    "film that is signed for another day": (_FIRST, _SIGNED.format(88213, "1988f7fdf61cbbdd688b754c310a1129", 1785946822)),
    "film that is signed and hidden": (
        _FIRST, _SIGNED.format(88213, "1988f7fdf61cbbdd688b754c310a1129", 1795946822).replace("src", "style='display:none' src"),
    ),
    "moment of a post in its foot": (
        "<footer><i title='2024-10-08T23:11:00+03:00'>at night</i></footer>", "<footer><i title='2024-10-08T13:11:00+03:00'>at night</i></footer>",
    ),
    "frame that is hidden": (_CLIP.format(""), _CLIP.format(" style='display:none'")),
    "frame that is hidden by what it lies in": (_CLIP.format(""), f"<div style='visibility:hidden'>{_CLIP.format('')}</div>"),
    "frame that is seen": ("", _CLIP.format(" style='width:1px'")),
    "frame of the site that is not seen": ("", _CLIP.format(" hidden").replace("v.example", "news.example")),
    "frame that is not seen and runs a script": ("", _CLIP.format(" hidden onload='document.body.innerHTML=1'")),
    "frame that holds its page": ("", _CLIP.format(" hidden srcdoc='<script>parent.x()</script>'")),
    "frame in the place of a puzzle": (_PUZZLE.format("mq0-U1BH", "2qcryjrjbc74"), _PUZZLE.format("mq0-U1BH", "2qcryjrjbc74").replace("anchor", "verdict")),
    "text behind the address of a puzzle": (_PUZZLE.format("a", "b"), _PUZZLE.format("a", "b#The ward was a depot")),
    "time of another day in a link": (_HELP.format("2026-11-29+10%3A00"), _HELP.format("2026-11-27+10%3A07")),
    "time of the visit by another name": (_HELP.format("2026-11-29+10%3A00"), _HELP.format("2026-11-29+10%3A07").replace("at=", "struck=")),
    "time of the visit and another place": (_HELP.format("2026-11-29+10%3A00"), _HELP.format("2026-11-29+10%3A07").replace("faq", "denied")),
    "what a frame in a box says": (
        "<div id=sp_message_container_1 aria-modal=true><iframe src=https://news.example/c.html></iframe></div>",
        "<div id=sp_message_container_1 aria-modal=true><iframe title='The strike was staged' src=https://news.example/c.html></iframe></div>",
    ),
    "partners and another word": (_PARTNERS.format(127), _PARTNERS.format(130).replace("access", "sell")),
    "label of another word in capitals": ("<p>It was us</p>", "<p>It was US</p>"),
    "number of a file": ("<div id=fileId style='display:none'>Case1</div>", "<div id=fileId style='display:none'>Case5</div>"),
    "server that is another word": ("<div id=hostId style='display:none'>Sapp1</div>", "<div id=hostId style='display:none'>Staged1</div>"),
    "name of a picture": ("<img src=/img/q.webp alt=Flag>", "<img src=/img/r.png alt=Flag>"),
    "what is said of a picture": ("<img src=/img/q.webp alt=Flag>", "<img src=/img/q.png alt=Weapon>"),
    "file that is named by its content": (_NAMED.format("cdn1.news.example/s1", "8R"), _NAMED.format("eu2.news.example/s3", "9R")),
    "site of a file that is named by its content": (_NAMED.format("news.example/s1", "8R"), _NAMED.format("other.example/s1", "8R")),
    "folder of a file that is named by its content": (_NAMED.format("news.example/true", "8R"), _NAMED.format("news.example/false", "8R")),
    "moment of a cache of another day": (_CACHED.format("2026-11-20T04:00:00Z"), _CACHED.format("2026-11-22T10:02:00Z")),
    "what was turned": (_MOVED.format("rotateX(0deg)"), _MOVED.format("rotateX(180deg)")),
    "what was moved by the width of the window": (_MOVED.format("translate(0, 0)"), _MOVED.format("translateX(-99vw)")),
    "what was moved by many letters": (_MOVED.format("translate(0, 0)"), _MOVED.format("translateX(-99em)")),
    "what was moved by almost all of itself": (_MOVED.format("translate(0, -9%)"), _MOVED.format("translate(0, -99%)")),
    "what was moved often": (_MOVED.format("translate(0, 0)"), _MOVED.format("translateX(-90px) " * 9)),
    "frame that an animation shows": ("", _CLIP.format(" style='opacity:0;animation:fade 0s forwards;position:fixed;inset:0'")),
    "frame that is sized anew": ("", _CLIP.format(" width=1 height=1 style='transform:scale(900)'")),
    "frame that is painted beyond its size": ("", _CLIP.format(" style='width:0;height:0;position:fixed;border:400px solid #fff'")),
    "frame that gets back its size": ("", _CLIP.format(" width=1 height=1 style='width:auto;height:auto'")),
    "what was moved away": (_MOVED.format("translate(0, -9%)"), _MOVED.format("translate(0, -150%)")),
    "what was mirrored": (_MOVED.format("scale3d(1, 1, 1)"), _MOVED.format("scale3d(-1, 1, 1)")),
}
