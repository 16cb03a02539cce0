"""Texts that browsers do not show, pictures that they show instead of others, links without a text: all are compared."""

from __future__ import annotations

import io

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.content import MediaPlace
from archive.corroborate.pages.evidence import add_frame
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, compare, evidence

LAST = "<p>The operation lasted 10-20 minutes.</p>"
SAID = "The operation lasted 10-20 minutes."


def status(one: str, other: str, **more: object) -> PairStatus:
    return compare(one, other, **{"media": (MEDIA, MEDIA), **more}).status  # type: ignore[arg-type]


def article(old: str, new: str) -> str:
    assert old in ARTICLE
    return news_page(article=ARTICLE.replace(old, new, 1))


UNSHOWN = {
    "reading of signs": ("did not warn", "did <ruby><rp>not</rp></ruby> warn"),
    "canvas": (LAST, f"<canvas>{LAST}</canvas>"),
    "sound": (LAST, f"<audio>{LAST}</audio>"),
    "film": (LAST, f"<video>{LAST}</video>"),
    "bar": (LAST, f"<meter>{SAID}</meter>"),
    "bar of progress": (LAST, f"<progress>{SAID}</progress>"),
    "frame": (LAST, f"<iframe>{SAID}</iframe>"),
    "choice": (LAST, f"<select>{LAST}</select>"),
    "note of a formula": (LAST, f"<math><semantics><annotation>{SAID}</annotation></semantics></math>"),
    "page in a formula": (LAST, f"<math><annotation-xml encoding='text/html'>{LAST}</annotation-xml></math>"),
    "part of a drawing": (LAST, f"<svg><defs><foreignObject>{LAST}</foreignObject></defs></svg>"),
    "tree in the shadow": ("<article>", "<article><template shadowrootmode=open></template>"),
    "column of a table": ("<table><tr>", "<table><col style='visibility:collapse'><tr>"),
    "white type": ("did not warn", "did <font color=#ffffff>not</font> warn"),
    "white type by its name": (LAST, f"<p><font color=white>{SAID}</font></p>"),
    "white type as browsers read it": (LAST, f"<p><font color=ffffff>{SAID}</font></p>"),
    "type of signs": ("did not warn", "did <font face=Wingdings>not</font> warn"),
    "small type": ("did not warn", "did <font size=1>not</font> warn"),
    "black cell": ("<td>37", "<td bgcolor=black>37"),
}


@pytest.mark.parametrize("name", UNSHOWN)
def test_a_text_that_no_browser_shows_is_hidden(name: str) -> None:
    assert status(news_page(), article(*UNSHOWN[name])) is PairStatus.CONTRADICTS


@pytest.mark.parametrize("stated", [" bgcolor=black", " text=white", " text=ffffff"])
def test_colours_of_the_body_are_read(stated: str) -> None:
    assert status(news_page(), news_page(of_body=stated)) is PairStatus.CONTRADICTS


@pytest.mark.parametrize("group", ["tfoot", "thead"])
def test_rows_that_a_table_shows_elsewhere_contradict(group: str) -> None:
    head, row = "<tr><th>Dead<th>Wounded</tr>", "<tr><td>37<td>112</tr>"
    moved = f"<{group}>{head if group == 'tfoot' else row}</{group}>"
    rows = f"{moved}{row}" if group == "tfoot" else f"{head}{moved}"
    assert status(news_page(), article(f"{head}{row}", rows)) is PairStatus.CONTRADICTS


LARGE = b"picture" * 1_000
PICTURES = {
    "picture before a script": ('src="/img/a.jpg"', 'loading=lazy data-src="/img/a.jpg" src="/img/b.jpg"'),
    "picture before an old script": ('src="/img/a.jpg"', 'class=lazy data-original="/img/a.jpg" src="/img/b.jpg"'),
    "picture by the name of a placeholder": ('src="/img/a.jpg"', 'data-src="/img/a.jpg" src="/img/placeholder-1.jpg"'),
    "old element of a picture": ("<figure>", "<figure><image src=/img/b.jpg>"),
    "script that gives a frame": ("</article>", "<iframe src=\"javascript:'<h1>Nobody died</h1>'\"></iframe></article>"),
    "script with a line end in its scheme": ("</article>", "<iframe src=\"java\nscript:'Nobody died'\"></iframe></article>"),
    "dot that a style enlarges": ("</article>", "<img src=/img/b.jpg width=1 height=1 style='width:900px;height:600px'></article>"),
    "dot that a sheet enlarges": ("</article>", "<style>.x{min-width:90%}</style><img class=x src=/img/b.jpg width=1 height=1></article>"),
    "frame of a dot that a style enlarges": (
        "</article>", "<iframe src=https://evil.example/ width=1 height=1 style='width:900px;height:600px'></iframe></article>",
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_that_a_browser_shows_is_compared(name: str) -> None:
    media = {**MEDIA, "https://news.example/img/b.jpg": LARGE, "https://news.example/img/placeholder-1.jpg": LARGE}
    assert status(news_page(), article(*PICTURES[name]), media=(media, media)) is PairStatus.CONTRADICTS


DRAWN = {
    "picture": "<svg><image href=/img/b.jpg></image></svg>",
    "drawing of another file": "<svg><use href='https://evil.example/x.svg#a'></use></svg>",
    "page": "<svg><foreignObject><div></div></foreignObject></svg>",
    "words": f"<svg><path d='M0 0{'L10 10' * 500}'/></svg>",
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_that_is_more_than_a_sign_contradicts_in_the_frame(name: str) -> None:
    page = news_page()
    assert status(page, page.replace("<header>", f"<header>{DRAWN[name]}")) is PairStatus.CONTRADICTS


def test_a_sign_and_a_frame_that_shows_nothing_may_differ() -> None:
    page = news_page()
    sign = "<svg><path d='M0 0L10 10'/></svg>"
    assert status(page, page.replace("<header>", f"<header>{sign}")) is PairStatus.DIFFERS
    assert status(page, news_page("<iframe src='javascript:void(0)'></iframe><iframe src=about:blank></iframe>")) is PairStatus.SAME_TEXT


LINKS = {
    "sign": "<a href=/evidence.pdf><i class='fa fa-download'></i></a>",
    "drawing": "<a href=/evidence.pdf aria-label=Document><svg><path d=M0 /></svg></a>",
    "link over a box": "<div class=card><p>The full report</p><a class=stretched-link href=/evidence.pdf></a></div>",
}


@pytest.mark.parametrize("name", LINKS)
def test_a_link_without_a_text_leads_where_it_leads(name: str) -> None:
    one, other = (article("</article>", f"{LINKS[name].replace('/evidence.pdf', to)}</article>") for to in ("/a.pdf", "/b.pdf"))
    assert status(one, one) is PairStatus.SAME_BYTES
    assert status(one, other) is PairStatus.CONTRADICTS


@pytest.mark.parametrize("element", ["noscript", "template", "svg"])
def test_links_start_from_the_address_that_a_browser_takes(element: str) -> None:
    stated = f"<{element}><base href='https://news.example/article'></{element}><base href='https://evil.example/'>"
    assert status(news_page(), news_page(head=stated)) is PairStatus.CONTRADICTS


def picture(width: int, height: int, *, is_altered: bool = False) -> bytes:
    image, draw = pytest.importorskip("PIL.Image"), pytest.importorskip("PIL.ImageDraw")
    drawn = image.linear_gradient("L").resize((1280, 960)).convert("RGB")
    if is_altered:
        draw.Draw(drawn).rectangle((500, 400, 700, 560), fill="red")
    content = io.BytesIO()
    drawn.resize((width, height)).save(content, "JPEG", quality=85)
    return content.getvalue()


@pytest.mark.parametrize("offer", ["/img/a-1280x960.jpg 1x", "/img/a.webp 1x"])
def test_what_is_offered_as_another_size_shows_the_same_picture(offer: str) -> None:
    url, other = "https://news.example/img/a.jpg", f"https://news.example{offer.partition(' ')[0]}"
    page = article('<img src="/img/a.jpg"', f'<img srcset="{offer}" src="/img/a.jpg"')
    known = {**MEDIA, url: picture(640, 480)}
    same, altered = ({**known, other: picture(1280, 960, is_altered=each)} for each in (False, True))
    assert status(news_page(), page, media=(known, same)) is not PairStatus.CONTRADICTS
    assert status(news_page(), page, media=(known, altered)) is PairStatus.CONTRADICTS


INNER = {
    "script": "<script>document.body.innerHTML=''</script>",
    "style": "<style>p:hover{display:none}</style>",
    "frame": "<iframe src=https://evil.example/></iframe>",
    "data": "<script type=application/json>{\"toll\":12}</script>",
}


@pytest.mark.parametrize("name", INNER)
@pytest.mark.parametrize("is_own", [True, False])
def test_what_a_page_in_a_frame_of_the_site_does_is_compared(name: str, is_own: bool) -> None:
    frame = "<!DOCTYPE html><title>Statement</title><p>The ministry published this statement in full on Monday morning.</p>"
    sides = []
    for at, inner in enumerate((frame, frame + INNER[name])):
        one, framed = evidence(news_page(), VISIT + at * LATER, media=MEDIA), evidence(inner)
        assert one.live is not None and one.live.content is not None and framed.live is not None
        assert framed.live.content is not None
        add_frame(one.live.content, MediaPlace("https://news.example/f", "iframe"), framed.live.content, is_own=is_own)
        sides.append(one)
    found = compare_sources(*sides)
    assert found is not None
    assert (found.status is PairStatus.CONTRADICTS) is is_own


@pytest.mark.parametrize("box", ["<details><summary>Sources</summary>{}</details>", "<p hidden>{}</p>"])
@pytest.mark.parametrize(("led", "is_seen"), [("/files/list-9", True), ("https://other.example/list-7", True), ("/files/list-7?utm_source=a", False)])
def test_a_link_in_what_a_reader_opens_leads_where_it_leads_for_all(box: str, led: str, is_seen: bool) -> None:
    said = box.format("The list of the dead is at <a href={}>the archive of the city</a> and was checked.")
    pages = [news_page(article=ARTICLE.replace("</article>", f"{said.format(link)}</article>")) for link in ("/files/list-7", led)]
    assert [each.what for each in compare(*pages).differences if each.is_substance] == ["link"] * is_seen
