"""What programs, counters and lists put into a page for one visit, and what a forger writes in the same places.

Each entry is what stands below the article of `news_page` for the one and for the other.
"""

from __future__ import annotations

Pairs = dict[str, tuple[str, str]]


def _lists(related: str, most: str) -> str:
    return f"<aside class=related><h3>اقرأ أيضا</h3><ul>{related}</ul></aside><aside class=most><h3>الأكثر قراءة</h3><ol>{most}</ol></aside>"


def _videos(*videos: str, own: str = '{"videoId":"own0000wn00","title":"The strike"}') -> str:
    return f'<script>var ytInitialData = {{"own":{own},"secondaryResults":[{",".join(videos)}]}};</script>'


def _video(number: int, title: str, tracked: str) -> str:
    return (
        f'{{"compactVideoRenderer":{{"videoId":"vid0{number}abcde{number}","title":{{"simpleText":"{title}"}},'
        f'"lengthText":"3:10","trackingParams":"{tracked}"}}}}'
    )


FUEL = "<li><a href=/n/1>ارتفاع أسعار الوقود للمرة الثالثة هذا العام</a></li>"
OLIVES = "<li><a href=/n/2>بدء موسم قطاف الزيتون في القرى الجبلية</a></li>"
TEAM = "<li><a href=/n/3>منتخب الشباب يتأهل إلى نهائي البطولة</a></li>"
BOOKS = "<li><a href=/n/4>افتتاح معرض الكتاب العربي في دورته العشرين</a></li>"
NEWS = _video(1, "Live: evening news bulletin", "CKwBENwwGAAiEwi8x7Qd1")
FOOD = _video(2, "Street food tour of the old city", "CLcBEKQwGAEiEwj9z0Kd2")
GOALS = _video(3, "All goals of the final in May", "CL0BEPxaGAIiEwjV1mBd3")
FIRST = "<div class=breaking><a href=/n/{}>{}</a></div><aside><h3>Latest</h3><ul>{}</ul></aside>"
ROCKET, TEACHERS = "Satellite firm wins launch contract", "Teachers call off strike in the south"
BOTH = f"<li><a href=/n/8>{ROCKET}</a></li><li><a href=/n/9>{TEACHERS}</a></li>"
FOOT = "<hr><font size=1>{} زائر</font>"
SEARCHED = "<div class=found>3 results ({} seconds)</div>"

LISTS: Pairs = {
    "entry in both lists, then in one": (_lists(FUEL + OLIVES, FUEL + TEAM), _lists(OLIVES + BOOKS, FUEL + TEAM)),
    "films in another order": (_videos(NEWS, FOOD), _videos(FOOD, NEWS.replace("CKwBENwwGAAiEwi8x7Qd1", "CMoBENwwGAAiEwi71pRd9"))),
    "films that were replaced": (_videos(NEWS, FOOD), _videos(GOALS, NEWS)),
    "last headline that a list has too": (FIRST.format(8, ROCKET, BOTH), FIRST.format(9, TEACHERS, BOTH)),
    "heading of a side column": (
        f"<aside><h3>Most read</h3><ul>{FUEL}{TEAM}</ul></aside><p>All rights reserved</p>", f"<p>All rights reserved</p><aside><h3>Most read</h3><ul>{FUEL}{TEAM}</ul></aside>",
    ),
}  # fmt: skip

COUNTERS: Pairs = {
    "visitors at the end": (FOOT.format("40226"), FOOT.format("40245")),
    "visitors in an element": ("<div id=last>Visitors: <span>1204984</span></div>", "<div id=last>Visitors: <span>1205271</span></div>"),
    "views of a blog": (
        "<div class='widget Stats'><span class=counter-wrapper id=Stats1_totalCount>412,009</span></div>", "<div class='widget Stats'><span class=counter-wrapper id=Stats1_totalCount>412,035</span></div>",
    ),
    "work of a search": (SEARCHED.format("0.13"), SEARCHED.format("0.05")),
    "favourites": ("<ul class=stats><li>21 faves</li></ul>", "<ul class=stats><li>22 faves</li></ul>"),
}  # fmt: skip

OF_PROGRAMS: Pairs = {
    "moment of the visit": ('<script>var DOCS_timing={"sl":1795946400000};</script>', '<script>var DOCS_timing={"sl":1795946820000};</script>'),
    "day of the server": (
        '<script>window.__META_DATA__={"env":"prod","serverDate":1795946400273};</script>', '<script>window.__META_DATA__={"env":"prod","serverDate":1795946820481};</script>',
    ),
    "country of the visit": ('<script>window.__cfg={"country":"NL"};</script>', '<script>window.__cfg={"country":"LB"};</script>'),
    "trial of two designs": ('<script>var lmd={"context":{"abtest":"A"}};</script>', '<script>var lmd={"context":{"abtest":"B"}};</script>'),
    "design of the page": ("<div data-layout=control></div>", "<div data-layout=variant-b></div>"),
    "identifier of a measuring agent": (
        '<script>window.NREUM={"ttGuid":"f438f788bf4f8363"};</script>', '<script>window.NREUM={"ttGuid":"607fd440a4fcc3f6"};</script>',
    ),
    "trials of a visit": (
        '<script>var ytInitialPlayerResponse={"responseContext":{"serviceTrackingParams":[{"params":[{"key":"e","value":"23366287,23057286"}]}]}};</script>',
        '<script>var ytInitialPlayerResponse={"responseContext":{"serviceTrackingParams":[{"params":[{"key":"e","value":"23840028,23483378"}]}]}};</script>',
    ),
    "link of a network for one visit": (
        "<a href='/photo.php?fbid=9001&amp;eav=ZEBSX-FcL-Tcv_-m7i16DSub6AIk2'>Photo</a> <a href='/language.php?n=x&amp;gfid=qm-74oXy3cRB7hYmQFdm'>Arabic</a>",
        "<a href='/photo.php?fbid=9001&amp;eav=8qcCkkrpNwMCcGRx_anNi8YlF1Rqa'>Photo</a> <a href='/language.php?n=x&amp;gfid=YuaC0v1FiuYGeQW_hhfw'>Arabic</a>",
    ),
    "link to report a page": (
        "<a href='https://docs.example/abuse?id=AK18drH-XMfDn_mWFHVdLwPxW4KBPdmR'>Report abuse</a>", "<a href='https://docs.example/abuse?id=AKj7r68diQVbdOMA8erpen5sMltrgXEO'>Report abuse</a>",
    ),
    "session of a form": (
        "<form action='./posting.php?mode=reply&amp;f=4&amp;sid=2c8e19e10adf7df9fbc791a8cea433f1'></form>", "<form action='./posting.php?mode=reply&amp;f=4&amp;sid=bf3967a73e49f5a3f3a3cc4c30a8b10a'></form>",
    ),
}  # fmt: skip

FORGED: Pairs = {
    "entry edited in one of its two lists": (_lists(FUEL, FUEL + TEAM), _lists(FUEL.replace("الثالثة", "الرابعة"), FUEL + TEAM)),
    "last headline with another text": (FIRST.format(8, ROCKET, BOTH), FIRST.format(8, ROCKET.replace("wins", "loses"), BOTH)),
    "headlines exchanged": (FIRST.format(8, ROCKET, BOTH), FIRST.format(9, ROCKET, BOTH)),
    "last headline that was edited in the list": (
        FIRST.format(8, ROCKET, BOTH), FIRST.format(9, TEACHERS, BOTH.replace("wins", "loses")),
    ),
    "title of a recommended film": (_videos(NEWS, FOOD), _videos(FOOD, NEWS.replace("evening", "morning"))),
    "title of the film": (_videos(NEWS), _videos(NEWS, own='{"videoId":"own0000wn00","title":"The accident"}')),
    "identifier of the film": (_videos(NEWS), _videos(NEWS, own='{"videoId":"own0000wn01","title":"The strike"}')),
    "heading of a side column that speaks": (
        f"<aside><h3>Hospital strike staged</h3><ul>{FUEL}{TEAM}</ul></aside><p>All rights reserved</p>", f"<p>All rights reserved</p><aside><h3>Hospital strike staged</h3><ul>{FUEL}{TEAM}</ul></aside>",
    ),
    "dead at the end": (FOOT.format("40226").replace("زائر", "قتيل"), FOOT.format("40245").replace("زائر", "قتيل")),
    "few visitors": ("<p>Visitors: 12</p>", "<p>Visitors: 13</p>"),
    "many more visitors": (FOOT.format("40226"), FOOT.format("50226")),
    "visitors before the last sentence": (
        "<p>Visitors: 40226</p><p>The prison let these people in between March and May.</p>", "<p>Visitors: 40245</p><p>The prison let these people in between March and May.</p>",
    ),
    "results of a search": (SEARCHED.format("0.13"), SEARCHED.format("0.13").replace("3", "4", 1)),
    "how long something took": ("<p>3 blasts (0.13 seconds)</p>", "<p>3 blasts (0.05 seconds)</p>"),
    "moment of another day": ('<script>var DOCS_timing={"sl":1621585800000};</script>', '<script>var DOCS_timing={"sl":1621672200000};</script>'),
    "moment of an event": ('<script>var strike={"at":1795946400000};</script>', '<script>var strike={"at":1795946820000};</script>'),
    "country of an event": ('<script>window.strike={"country":"NL"};</script>', '<script>window.strike={"country":"LB"};</script>'),
    "result of a test": ('<script>var sample={"context":{"test":"A"}};</script>', '<script>var sample={"context":{"test":"B"}};</script>'),
    "guid of a document": ('<script>window.paper={"guid":"f438f788bf4f8363"};</script>', '<script>window.paper={"guid":"607fd440a4fcc3f6"};</script>'),
    "numbers of another list": (
        '<script>var order={"params":[{"value":"23366287,23057286"}]};</script>', '<script>var order={"params":[{"value":"23840028,23483378"}]};</script>',
    ),
    "photo of a network": ("<a href='/photo.php?fbid=9001&amp;eav=ZEBSX-FcL-Tcv_-m7i16DSub6AIk2'>Photo</a>", "<a href='/photo.php?fbid=9002&amp;eav=8qcCkkrpNwMCcGRx_anNi8YlF1Rqa'>Photo</a>"),
    "word for a code of a network": ("<a href='/photo.php?eav=evening'>Photo</a>", "<a href='/photo.php?eav=morning'>Photo</a>"),
    "document behind a link": (
        "<a href='https://docs.example/file?id=AK18drH-XMfDn_mWFHVdLwPxW4KBPdmR'>Report</a>", "<a href='https://docs.example/file?id=AKj7r68diQVbdOMA8erpen5sMltrgXEO'>Report</a>",
    ),
    "topic of a form": (
        "<form action='./posting.php?mode=reply&amp;f=4&amp;sid=2c8e19e10adf7df9fbc791a8cea433f1'></form>", "<form action='./posting.php?mode=reply&amp;f=5&amp;sid=bf3967a73e49f5a3f3a3cc4c30a8b10a'></form>",
    ),
}  # fmt: skip

IN_ARTICLE: Pairs = {
    f"U+{mark:04X} {kind}": (f"<p>{text}</p>", f"<p>{text.replace('2021', f'2021{chr(mark)}')}</p>")
    for mark in (0x200E, 0x200F, 0x202E, 0x2067)
    for kind, text in (("in a sentence", "On 21 May 2021 the ward was struck twice."), ("behind a day", "21 May 2021"))
}
"""Marks that turn the direction of a text, within the article."""

HONEST: dict[str, Pairs] = {"lists at a visit": LISTS, "counters at a visit": COUNTERS, "programs at a visit": OF_PROGRAMS}
