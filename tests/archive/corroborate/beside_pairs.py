"""What stands beside the main content of a page: pairs that claim nothing, and pairs of which one does."""

from __future__ import annotations

import base64

Pairs = dict[str, tuple[str, str]]

_TOP = "<header class=top>{}</header>"
_STATE = "<script>window.__STATE__={}</script>"
_TEASER = '"Post:{0}":{{"title":"{1}","link":"/news/{0}"}}'


def _top(one: str, other: str) -> tuple[str, str]:
    return _TOP.format(one), _TOP.format(other)


def _state(one: str, other: str) -> tuple[str, str]:
    return _STATE.format(one), _STATE.format(other)


_FLAGS = '<script>r.setup({{"feature_flags":["{}"]}})</script>'
_ALSO = "<p class=also>Read also: <a href={}>{}</a></p>"
_RELATED = "<div class=jp-relatedposts>{}</div>"
_POST = "<div class=jp-relatedposts-post><h4><a href=/news/{}.html>{}</a></h4></div>"
_BURMESE = tuple(
    _POST.format(*post)
    for post in (
        (2, "ရန်ကုန်တွင် လျှပ်စစ်မီး ပြတ်တောက်"), (4, "ဆန်ဈေး ဆက်လက်မြင့်တက်"),
        (1, "လေကြောင်းတိုက်ခိုက်မှုကြောင့် ရွာသားများ ထွက်ပြေးရ"), (5, "ကျောင်းများ ပြန်ဖွင့်မည်"),
    )
)  # fmt: skip

_REPLIES = "<section id=comments><h3>{} ({})</h3>{}</section>"
_REPLY = "<div class=comment id=c{0}><b>Mira</b> <time datetime=2026-11-29T10:0{0}:00+00:00>10:0{0}</time><p>{1}</p></div>"
_FIRST, _SECOND = _REPLY.format(3, "My cousin drives that bus"), _REPLY.format(5, "Thank you all")


def _replies(heading: str, *counted: tuple[int, str]) -> tuple[str, str]:
    one, other = (_REPLIES.format(heading, *each) for each in counted)
    return one, other


_LABELS = "Rebels shot", "out of the", "northern windows"


def _jwt(said: bytes) -> str:
    return f'{{"a":"eyJhbGciOiJIUzI1NiJ9.{base64.urlsafe_b64encode(said).decode().strip("=")}.aaaaaaaaaaaaaaaaaaaa"}}'


_BAR = "<div class=live-bar>{}</div>"

_NOTICE = "<section class=notice><p>{}</p><a href=/more class=btn>{}</a></section>"
_THAI = "บริจาควันนี้ เพิ่มเป็นสองเท่า", "เสียงของคุณช่วยชีวิตได้ ร่วมกับเรา"

HONEST: Pairs = {
    "banner that leads to a page of the site": _top("", "<section class=notice><p><a href=/cards>Find out about digital cards</a></p></section>"),
    "banners in a script without words of requests": _top(_NOTICE.format(_THAI[0], "บริจาค"), _NOTICE.format(_THAI[1], "สนับสนุน")),
    "notice in an element that one page leaves empty": _top(_BAR.format(""), _BAR.format("LIVE NOW: congress of beekeepers, second day")),
    "two labels more": ("", _TOP.format("<b>Habari mpya</b><br><b>Michezo</b>")),
    "requests in a row": ("", "<div role=dialog><button>Accept all cookies</button><button>Reject all</button><button>Manage my preferences</button></div>"),
    "switch of a program": _state('{"config":{"page":{"sticky":false}}}', '{"config":{"page":{"sticky":true}}}'),
    "token of a visit": _state(_jwt(b'{"role":"anon","iat":1795946400}'), _jwt(b'{"role":"anon","iat":1795946820}')),
    "pages that a program lists": _state("{}", '{"p":[{"url":"/n/9","title":"Why bees move into cities"},{"url":"/n/8","title":"Snow closes schools"}]}'),
    "heading that counts the replies": _replies("Пікірлер", (12, ""), (14, _FIRST + _SECOND)),
    "name of a switch": (_FLAGS.format("screenview_events"), _FLAGS.format("live_happening_now")),
    "zone of the reader": ("<script>track({visitorTz: ''});</script>", "<script>track({visitorTz: -6});</script>"),
    "rank in a list of the data": _state(
        '{"mostRead":[{"url":"/n/1","rank":1},{"url":"/n/2","rank":2}]}', '{"mostRead":[{"url":"/n/2","rank":1},{"url":"/n/1","rank":2}]}',
    ),
    "another offer between paragraphs": (
        _ALSO.format("/n/1", "Snow closes schools in the north"), _ALSO.format("/n/2", "Why bees move into cities"),
    ),
    "list in a script without spaces": (
        _RELATED.format(_BURMESE[0] + _BURMESE[1]), _RELATED.format(_BURMESE[3] + _BURMESE[2]),
    ),
    "last headline behind its label": (
        "<header><a href=/live/>En direct : suivez la finale</a></header>", "<header><a href=/live/>En direct : le débat budgétaire</a></header>",
    ),
    "who is online, in Russian": (
        "<div class=online-list><p>Сейчас этот форум просматривают: нет зарегистрированных пользователей и гости: 17</p></div>",
        "<div class=online-list><p>Сейчас этот форум просматривают: нет зарегистрированных пользователей и гости: 7</p></div>",
    ),
    "number of a place that calls itself advertising": (
        "<div class=tag-manager-publicidade data-cid=7038841></div>", "<div class=tag-manager-publicidade data-cid=7364082></div>",
    ),
    "label in a language that no list has": _top("<b>Hali ya hewa</b>", "<b>Habari mpya leo</b>"),
    "headline of another page": _top("<a href=/n/1>Snow closes schools in the north</a>", "<a href=/n/2>Why bees move into cities</a>"),
    "another headline at one address": _top("<a href=/live>Rail workers return to their trains</a>", "<a href=/live>Lost violin found in attic</a>"),
    "label that one page lacks": ("", _TOP.format("<span hidden>عاجل</span>")),
    "visitors and the day, in a language that no list has": (
        "<p>Stranica posjecena 20349 puta. Danas je 29.11.2026.</p>", "<p>Stranica posjecena 20357 puta. Danas je 29.11.2026.</p>",
    ),
    "visitors in the head": _top("Mgeni nambari 2213391", "Mgeni nambari 2214591"),
    "pages that a program keeps by their numbers": _state(
        f"{{{_TEASER.format(6, 'Snow closes schools in the north')}}}", f"{{{_TEASER.format(4, 'Why bees move into cities')}}}",
    ),
    "data in a text of a script": (
        '<script>window.__D__="{\\"a\\":{\\"rev\\":\\"7c1d\\"}}"</script>', '<script>window.__D__="{\\"a\\":{\\"rev\\":\\"7c2a\\"}}"</script>',
    ),
    "arm of a trial": _state('{"score_upsell":"control"}', '{"score_upsell":"treatment"}'),
    "build in a script": ("<script>setup({rev:'7c1d'});</script>", "<script>setup({rev:'7c2a'});</script>"),
    "clock of a script": ("<script>init(a,{time:[2026, 11, 29, 10, 0]});</script>", "<script>init(a,{time:[2026, 11, 29, 10, 7]});</script>"),
    "place that a script makes for advertising": (
        "<script>document.write('');</script>", "<script>document.write('<ins class=\"adsbygoogle\" data-ad-slot=\"41\"></ins>');</script>",
    ),
    "number behind the sign of reposts": (
        '<div><span class="icon-retweet"></span> 234</div>', '<div><span class="icon-retweet"></span> 237</div>',
    ),
    "link that a service signed": (
        '<a href="https://l.social.example/l.php?u=https%3A%2F%2Fa.example%2F1&h=AT7eaB0E2vT04md1wZ7a5HSvv1">document</a>',
        '<a href="https://l.social.example/l.php?u=https%3A%2F%2Fa.example%2F1&h=ATHfLzT4ehADvKSOlUgnngSmwL">document</a>',
    ),
    "day of the visit in Chinese": ("<p>今天是2026年11月29日 星期日</p>", "<p>今天是2026年11月29日</p>"),
}  # fmt: skip

FORGED: Pairs = {
    "banner that speaks of the page": _top("", "<section class=notice><p><a href=/cards>Strike on the hospital: see why nobody believes it</a></p></section>"),
    "banner that leads to another site": _top(
        "", "<section class=notice><p><a href=https://other.example/cards>Find out about digital cards</a></p></section>",
    ),
    "sentence in a banner": _top("", _NOTICE.format("No civilians lived in that quarter", "Donate")),
    "text beside another one of a banner": _top(
        _NOTICE.format(_THAI[0], "บริจาค"), _NOTICE.format(_THAI[0], "บริจาค").replace("<p>", f"<p>{_THAI[1]}</p><p>"),
    ),
    "notice in an element that one page lacks": _top("<b>Rain today</b>", "<b>Rain today</b>" + _BAR.format("LIVE NOW: congress of beekeepers, second day")),
    "claim in an element that one page leaves empty": _top(_BAR.format(""), _BAR.format("LIVE NOW: the hospital stands as it ever did")),
    "link to another site in an element that one page leaves empty": _top(
        _BAR.format(""), _BAR.format("<a href=https://other.example/>LIVE NOW: congress of beekeepers, second day</a>")
    ),
    "sentence in labels that stand in a row": ("", _TOP.format("".join(f"<b>{label}</b><br>" for label in _LABELS))),
    "sentence in labels beside others": ("<header><b>Rain today</b></header>", "<header><b>Rain today</b>" + "<b>Share</b>".join(f"<p>{label}</p>" for label in _LABELS) + "</header>"),
    "sentence in links that stand in a row": ("", _TOP.format(" ".join(f"<a href=/{at}>{label}</a>" for at, label in enumerate(_LABELS)))),
    "sentence in labels put in the place of others": _top("<p>Sport</p><p>Culture</p><p>Weather</p>", "".join(f"<p>{label}</p>" for label in _LABELS)),
    "sentence in the buttons of a dialog": ("", f"<div role=dialog>{''.join(f'<button>{label}</button>' for label in _LABELS)}</div>"),
    "statement of a button": ("", "<div role=dialog><button>Rebels shot from there</button><button>Close</button></div>"),
    "attribute that a style sheet shows": (
        "<style>.x::after{content:attr(data-x)}</style><b class=x data-x=c41ab9>x</b>", "<style>.x::after{content:attr(data-x)}</style><b class=x data-x=d12cd7>x</b>",
    ),
    "text of an object with an address": _state('{"article":{"id":1}}', '{"article":{"id":1,"override":{"url":"/x","body":"Rebels hid weapons inside"}}}'),
    "markup of a page of the data": _state('{"p":[]}', '{"p":[{"url":"/n/9","html":"<h1>Photos show extras</h1>"},{"url":"/n/8","html":"<b>Rain</b>"}]}'),
    "number of a page of the data": _state("{}", '{"p6":{"url":"/n/9","toll":12}}'),
    "digest of a number plate": _state('{"evidence":{"plate":"12ab"}}', '{"evidence":{"plate":"34cd"}}'),
    "digest of a reference": _state('{"article":{"ref":"7c1d"}}', '{"article":{"ref":"7c2a"}}'),
    "state of the page in words of a trial": _state('{"article":{"status":"control"}}', '{"article":{"status":"treatment"}}'),
    "switch that takes back": _state('{"config":{"page":{"withdrawn":false}}}', '{"config":{"page":{"withdrawn":true}}}'),
    "switch that takes back, in one page alone": _state('{"config":{"data":{}}}', '{"config":{"data":{"isWithdrawn":true}}}'),
    "setting that the page's sentences state": _state('{"config":{"data":{"limit":37}}}', '{"config":{"data":{"limit":12}}}'),
    "number in a signed token": _state(_jwt(b'{"toll":37}'), _jwt(b'{"toll":12}')),
    "build of an aircraft": _state('{"aircraft":{"build":"v1.2"}}', '{"aircraft":{"build":"v1.3"}}'),
    "heading that counts more than the replies": _replies("Пікірлер", (12, ""), (15, _FIRST + _SECOND)),
    "heading that counts without a reply": _replies("Пікірлер", (12, ""), (13, "")),
    "heading that counts replies and is another": _replies("Пікірлер", (12, ""), (14, f"<h4>Қаза тапқандар (12)</h4>{_FIRST}{_SECOND}")),
    "heading that is none of the replies": (
        f"<div><h4>Қаза тапқандар (12)</h4>{_REPLIES.format('Пікірлер', 12, '')}</div>",
        f"<div><h4>Қаза тапқандар (13)</h4>{_REPLIES.format('Пікірлер', 13, _FIRST)}</div>",
    ),
    "object of linked data with an address": (
        "", '<script type="application/ld+json">{"@type":"Thing","about":{"url":"/n/9","text":"Nobody lived there"}}</script>',
    ),
    "digest in linked data": (
        '<script type="application/ld+json">{"@type":"Thing","identifier":"7c1d"}</script>', '<script type="application/ld+json">{"@type":"Thing","identifier":"7c2a"}</script>',
    ),
    "truth in the data of a program": _state('{"seen":{"confirmed":true}}', '{"seen":{"confirmed":false}}'),
    "sentence where a program notes the reader's language": (
        "<script>track({userLang: 'en'});</script>", "<script>track({userLang: 'Nobody lived in that quarter'});</script>",
    ),
    "offer that takes back": (
        _ALSO.format("/n/1", "Snow closes schools in the north"), _ALSO.format("/n/2", "Photographs were staged"),
    ),
    "headline behind a label, about the subject": (
        "<header><a href=/live/>En direct : suivez la finale</a></header>", "<header><a href=/live/>En direct : the hospital is open</a></header>",
    ),
    "entry that leads to the page itself": (
        "<ul><li><a href=/n/1>Snow closes schools</a></li><li><a href=/n/2>Bees move to cities</a></li></ul>",
        "<ul><li><a href=/article>Dana Saleh alive</a></li><li><a href=/n/2>Bees move to cities</a></li></ul>",
    ),
    "signatures": (
        "<div><p>Sign: 81,719 people have signed</p><input type=email><button>Sign</button></div>",
        "<div><p>Sign: 12 people have signed</p><input type=email><button>Sign</button></div>",
    ),
    "sentence in the head": ("", _TOP.format("<b>No civilians lived in that quarter</b>")),
    "label with a word of the title": _top("<b>Weather today</b>", "<b>Hospital staged</b>"),
    "number of the page": _top("<b>Tally 37</b>", "<b>Tally 31</b>"),
    "day that is not the visit's": _top("Taken on 12 May 2013", "Taken on 12 May 2012"),
    "count that fell to nothing": _top("81,719 wamesaini", "12 wamesaini"),
    "year": _top("Ilianzishwa 1998", "Ilianzishwa 1989"),
    "account": _top("DE89370400440532013000", "DE12370400440532013000"),
    "correction in Hebrew": _top("<a href=/n/1>גשם ראשון בצפון הארץ</a>", "<a href=/n/2>תיקון: הכתבה על החוף הוסרה</a>"),
    "editors' note": _top("<b>Get unlimited access</b>", "<b>Editors' note: errors</b>"),
    "line among the last with another number alone": ("<p>Waliouawa 2,213</p>", "<p>Waliouawa 2,214</p>"),
    "sentence in the data of a program": ("", _STATE.format('{"note":{"text":"No civilians lived in that quarter"}}')),
    "page of the data with a claim": _state(
        f"{{{_TEASER.format(6, 'Snow closes schools')}}}", f"{{{_TEASER.format(4, 'Hospital strike was staged')}}}",
    ),
    "truth of data that is the page's subject": (
        '<script type="application/ld+json">{"@type":"ClaimReview","isTrue":true}</script>',
        '<script type="application/ld+json">{"@type":"ClaimReview","isTrue":false}</script>',
    ),
    "target of a signed link": (
        '<a href="https://l.social.example/l.php?u=https%3A%2F%2Fa.example%2F1&h=AT7eaB0E2vT04md1wZ7a5HSvv1">document</a>',
        '<a href="https://l.social.example/l.php?u=https%3A%2F%2Fb.example%2F1&h=AT7eaB0E2vT04md1wZ7a5HSvv1">document</a>',
    ),
    "markup that a script writes": (
        "<script>document.write('');</script>", "<script>document.write('<ins class=\"adsbygoogle\">Nobody died</ins>');</script>",
    ),
}  # fmt: skip
