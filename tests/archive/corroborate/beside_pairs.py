"""What stands beside the main content of a page: pairs that claim nothing, and pairs of which one does."""

from __future__ import annotations

Pairs = dict[str, tuple[str, str]]

_TOP = "<header class=top>{}</header>"
_STATE = "<script>window.__STATE__={}</script>"
_TEASER = '"Post:{0}":{{"title":"{1}","link":"/news/{0}"}}'


def _top(one: str, other: str) -> tuple[str, str]:
    return _TOP.format(one), _TOP.format(other)


def _state(one: str, other: str) -> tuple[str, str]:
    return _STATE.format(one), _STATE.format(other)


HONEST: Pairs = {
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
