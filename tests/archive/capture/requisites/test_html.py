"""Pages as they are met: everything a page needs to be seen, and nothing that it only links."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

from html import escape

import pytest

from archive.capture.requisites import ApiLink, PageReading, Refresh, read_html
from archive.urls import parse

FOLDER = "https://snhr.org/blog/2019/04/30/53633/"
PAGE = parse(FOLDER)


def read(markup: str) -> PageReading:
    return read_html(markup.encode(), url=PAGE, charset="utf-8")


def found(markup: str) -> list[tuple[str, str]]:
    """Kind and URL of each requisite of a page with this markup, the page's own folder cut off."""
    return [(one.kind, one.url.href.removeprefix(FOLDER)) for one in read(markup).requisites]


def images(*names: str) -> list[tuple[str, str]]:
    return [("image", name) for name in names]


def test_every_source_of_a_picture_is_named() -> None:
    assert found(
        '<picture><source srcset="a.webp 1x, b.webp 2x"><source src=c.webp><img src=d.jpg lowsrc=e.jpg srcset="f.jpg 300w, g.jpg 600w"></picture>'
    ) == images("a.webp", "b.webp", "c.webp", "d.jpg", "e.jpg", "f.jpg", "g.jpg")


def test_commas_inside_a_photon_url_do_not_break_it() -> None:
    assert found('<img srcset="https://i0.wp.com/snhr.org/x,y.jpg?w=300,200&amp;ssl=1 300w, g.jpg 2x">') == images(
        "https://i0.wp.com/snhr.org/x,y.jpg?w=300,200&ssl=1", "g.jpg"
    )


def test_what_jetpack_and_wp_rocket_load_late_is_named() -> None:
    placeholder = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    assert found(
        f'<img class="jetpack-lazy-image" src="{placeholder}" srcset="{placeholder}" data-lazy-src="a.jpg?is-pending-load=1" '
        'data-lazy-srcset="b,1.jpg 300w, c.jpg 600w"><noscript>&lt;img src=&quot;a.jpg&quot; srcset=&quot;d.jpg 2x&quot;&gt;</noscript>'
        f'<img src="{placeholder}" data-src="e.jpg" data-srcset="f.jpg"><noscript><img src="g.jpg"></noscript>'
        '<div data-bg="/h.jpg"></div><section data-background-image="url(\'i.jpg\')"></section><video data-poster=j.png data-src=k.mp4></video>'
        "<iframe data-src='/embed/1'></iframe><img data-original=l.gif>"
    ) == [
        *images("a.jpg?is-pending-load=1", "b,1.jpg", "c.jpg", "a.jpg", "d.jpg", "e.jpg", "f.jpg", "g.jpg"),
        *images("https://snhr.org/h.jpg", "i.jpg", "j.png"),
        ("media", "k.mp4"),
        ("frame", "https://snhr.org/embed/1"),
        ("image", "l.gif"),
    ]


@pytest.mark.parametrize(
    "attribute",
    [
        "data-src=#gallery",
        "data-src='{{ image.url }}'",
        "data-src='/thumb/${id}.jpg'",
        'data-srcset=\'{"1x": "/a.jpg"}\'',
        "data-image-title='photo.jpg'",
        "data-image-caption='See /photo.jpg'",
        "data-photo='portrait'",
        "data-photo='portrait.jpg'",
        "data-bg=dark",
        "data-background='#fff'",
        "data-lazy=true",
        "data-large=1",
        "data-picture-size=1000,667",
        "data-image-meta='{&quot;camera&quot;:&quot;a.jpg&quot;}'",
        "data-permalink='/photo.jpg'",
        "data-url='/next.jpg'",
        "data-src='words that are no address.jpg'",
    ],
)
def test_lazy_attributes_that_hold_no_url_are_left_alone(attribute: str) -> None:
    assert found(f"<div {attribute}></div><img {attribute}>") == []


def test_links_are_taken_by_their_relation() -> None:
    assert found(
        "<link rel='alternate stylesheet' href=a.css><link rel='shortcut icon' href=b.ico><link rel=apple-touch-icon href=c.png>"
        "<link rel=mask-icon href=d.svg><link rel=preload as=font href=e.woff2><link rel=preload as=image href=f.jpg imagesrcset='g.jpg 1x, h.jpg 2x'>"
        "<link rel=modulepreload href=i.js><link rel=manifest href=j.webmanifest><link rel=preload as=fetch href=k.json>"
        "<link rel=dns-prefetch href=//no.org><link rel=preconnect href=//no.org><link rel=prefetch href=no><link rel=prerender href=no>"
        "<link rel=next href=no><link rel=canonical href=no><link rel=alternate type=application/rss+xml href=/feed><link rel=stylesheet/less href=no>"
    ) == [
        ("style", "a.css"), ("icon", "b.ico"), ("icon", "c.png"), ("icon", "d.svg"), ("font", "e.woff2"),
        ("image", "g.jpg"), ("image", "h.jpg"), ("image", "f.jpg"), ("script", "i.js"), ("data", "j.webmanifest"), ("data", "k.json"),
    ]  # fmt: skip


def test_styles_are_read_where_they_stand() -> None:
    assert found(
        "<style>@import 'a.css'; b{background:url(b.png)} @font-face{src:url(c.woff2)}</style>"
        "<p style=\"background:url(&quot;d.png&quot;)\"></p><p style='background-image:image-set(\"e.avif\" 1x)'></p>"
        "<svg><style>r{fill:url(f.svg#g)}</style></svg>"
    ) == [
        ("style", "a.css"), ("image", "b.png"), ("font", "c.woff2"), ("image", "d.png"), ("image", "e.avif"), ("image", "f.svg"),
    ]  # fmt: skip


def test_media_posters_and_subtitles_are_named() -> None:
    assert found(
        "<video src=a.mp4 poster=b.jpg><source src=c.webm><track src=d.vtt>Your browser shows no video.</video>"
        "<audio src=e.mp3><source src=f.ogg></audio>"
    ) == [
        ("media", "a.mp4"), ("image", "b.jpg"), ("media", "c.webm"), ("data", "d.vtt"), ("media", "e.mp3"), ("media", "f.ogg"),
    ]  # fmt: skip


def test_what_is_embedded_is_taken_by_its_type() -> None:
    reading = read(
        "<iframe src=a.html></iframe><object data=b.svg></object><object data=c type=application/pdf></object>"
        "<embed src=d.swf><object data=e type=text/html></object><iframe src='about:blank'></iframe><iframe src='javascript:0'></iframe>"
    )
    assert [(one.kind, one.url.href.removeprefix(FOLDER)) for one in reading.requisites] == [
        ("frame", "a.html"), ("image", "b.svg"), ("document", "c"), ("other", "d.swf"), ("frame", "e"),
    ]  # fmt: skip
    assert [one.url.href.removeprefix(FOLDER) for one in reading.frames] == ["a.html", "e"]


def test_a_frame_that_is_written_into_the_page_is_read_with_it() -> None:
    reading = read(
        "<base href=/inner/><iframe src=ignored.html srcdoc='<base href=/x/><title>no</title><img src=&quot;a.png&quot;>"
        "<iframe srcdoc=&quot;&amp;lt;img src=b.png&amp;gt;&quot;></iframe>'></iframe><title>Page</title>"
    )
    assert [one.url.href for one in reading.requisites] == [
        "https://snhr.org/inner/a.png",
        "https://snhr.org/inner/b.png",
    ]
    assert reading.title == "Page"


def test_a_frame_inside_a_frame_inside_a_frame_ends_somewhere() -> None:
    markup = "<img src=last.png>"
    for _ in range(12):
        markup = f"<img src=a.png><iframe srcdoc='{escape(markup)}'></iframe>"
    reading = read(markup)
    assert [one.url.href for one in reading.requisites] == [FOLDER + "a.png"]
    assert reading.broken == ("its frames nest too deep",)


def test_xhtml_that_closes_its_scripts_at_once_is_read_on() -> None:
    markup = "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><script src='a.js'/><title>t</title></head><body><img src='b.png'/></body></html>"
    assert found(markup) == [("script", "a.js"), ("image", "b.png")]


def test_amp_pages_show_their_pictures() -> None:
    assert found("<amp-img src=a.jpg srcset='b.jpg 2x'></amp-img><img data-pagespeed-lazy-src=c.jpg>") == images(
        "a.jpg", "b.jpg", "c.jpg"
    )


def test_frames_of_a_frameset_and_old_attributes_are_named() -> None:
    assert found("<frameset><frame src=a.htm><frame src=b.htm></frameset>") == [("frame", "a.htm"), ("frame", "b.htm")]
    assert found(
        "<body background=a.gif><table background=b.gif><tr><td background=c.gif></table><input type=image src=d.gif>"
    ) == images("a.gif", "b.gif", "c.gif", "d.gif")


def test_svg_is_read_inside_html() -> None:
    assert found(
        "<svg><image xlink:href=a.png /><image href=b.png /><use href='c.svg#d'/><use href='#e'/><feImage href=f.png /></svg>"
    ) == images("a.png", "b.png", "c.svg", "f.png")


def test_pictures_for_other_sites_are_named() -> None:
    assert found(
        "<meta property=og:image content=a.jpg><meta property=og:image:secure_url content=b.jpg><meta property=og:image:width content=9>"
        "<meta name=twitter:image content=c.jpg><meta name=msapplication-TileImage content=no.png><meta property=og:url content=no>"
        '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","image":{"@type":"ImageObject","url":"d.jpg"}},'
        '{"@type":"VideoObject","thumbnailUrl":["e.jpg"],"contentUrl":"f.mp4"}],"url":"/no"}</script>'
        '<script type="application/ld+json">{"image": broken</script>'
    ) == [*images("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"), ("media", "f.mp4")]


def test_scripts_are_named_and_counted() -> None:
    reading = read(
        "<script src=a.js></script><script>var x='<img src=no.png>';</script><script type=module src=b.mjs></script>"
        "<script type='text/template'><img src=no.png></script><script type=rocketlazyloadscript data-rocket-src='/c.js'></script>"
    )
    assert [(one.kind, one.url.href) for one in reading.requisites] == [
        ("script", FOLDER + "a.js"),
        ("script", FOLDER + "b.mjs"),
        ("script", "https://snhr.org/c.js"),
    ]
    assert reading.scripts == 3


def test_each_url_is_listed_once_and_where_it_first_stands() -> None:
    reading = read("<img src=a.png#top><style>b{background:url(a.png)}</style><img src='A.png'><img src=a.png>")
    assert [(one.url.href, one.how) for one in reading.requisites] == [
        (FOLDER + "a.png", "img src"),
        (FOLDER + "A.png", "img src"),
    ]


def test_the_first_base_counts_and_only_from_where_it_stands() -> None:
    reading = read(
        "<img src=a.png><base target=_top><base href='//cdn.snhr.org/x/'><base href=/no/><img src=b.png><img src=/c.png>"
    )
    assert [one.url.href for one in reading.requisites] == [
        FOLDER + "a.png", "https://cdn.snhr.org/x/b.png", "https://cdn.snhr.org/c.png",
    ]  # fmt: skip
    assert reading.base.href == "https://cdn.snhr.org/x/"


@pytest.mark.parametrize("base", ["data:text/plain,x", "javascript:0", "http://[", ""])
def test_a_base_that_is_no_web_address_changes_nothing(base: str) -> None:
    assert read(f"<base href='{base}'><img src=a.png>").requisites[0].url.href == FOLDER + "a.png"


def test_what_is_no_url_is_counted_and_the_rest_is_read() -> None:
    reading = read(
        "<img src='http://[bad'><img src='https://x:99999/'><img src='data:image/png;base64,AA'><img src=' '><img src=ok.png>"
    )
    assert [one.url.href for one in reading.requisites] == [FOLDER + "ok.png"]
    assert (reading.unreadable, reading.unreadable_count) == (("http://[bad", "https://x:99999/"), 2)


def test_documents_of_the_same_site_are_one_hop_away() -> None:
    reading = read(
        "<a href=/wp-content/uploads/R210517E.pdf>PDF</a><a href='http://www.snhr.org/a.DOCX?ver=2#page=3'>x</a>"
        "<a href='https://files.snhr.org/b.xlsx'>x</a><a href='https://other.org/c.pdf'>x</a><a href=/d.html>x</a>"
        "<a href='/documents/1/2/report.pdf/0f8fad5b-d9cb-469f-a165-70867728950e?t=1'>x</a><a href=/get/7 download=e.odt>x</a>"
        "<a href=full.jpg><img src=small.jpg></a><a href=https://i0.wp.com/snhr.org/f.jpg><img src=small2.jpg></a>"
        "<a href=https://i0.wp.com/other.org/g.jpg><img src=small.jpg></a><a href=lone.jpg>a picture</a><a href=/h/><img src=i.png></a>"
        "<a href=/shown.pdf>x</a><embed src=/shown.pdf>"
    )
    assert [(one.url.href, one.how) for one in reading.documents] == [
        ("https://snhr.org/wp-content/uploads/R210517E.pdf", "a href"),
        ("http://www.snhr.org/a.DOCX?ver=2", "a href"),
        ("https://files.snhr.org/b.xlsx", "a href"),
        ("https://snhr.org/documents/1/2/report.pdf/0f8fad5b-d9cb-469f-a165-70867728950e?t=1", "a href"),
        ("https://snhr.org/get/7", "a href"),
        (FOLDER + "full.jpg", "a href round an img"),
        ("https://i0.wp.com/snhr.org/f.jpg", "a href round an img"),
    ]
    assert {one.kind for one in reading.documents} == {"document"}


def test_another_host_of_the_same_family_holds_documents_of_the_site() -> None:
    reading = read_html(b"<a href=https://rm.coe.int/1.pdf>x</a>", url=parse("https://www.coe.int/en/"), charset=None)
    assert [one.url.href for one in reading.documents] == ["https://rm.coe.int/1.pdf"]


def test_a_refresh_is_read_and_one_for_readers_without_scripts_is_not() -> None:
    assert read("<noscript><meta http-equiv=refresh content='0;url=/nojs'></noscript>").refresh is None
    assert read(
        "<meta http-equiv=Refresh content='3; URL=\"/next\"'><meta http-equiv=refresh content=0;/no>"
    ).refresh == (Refresh(3.0, parse("https://snhr.org/next")))


def test_other_addresses_of_the_page_are_no_requisites() -> None:
    reading = read(
        "<link rel=canonical href=/c><link rel=https://api.w.org/ href=/wp-json/><link rel=shortlink href='/?p=53633'>"
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/53633>"
        "<link rel=alternate type=application/json+oembed href=/oembed?url=x>"
    )
    assert reading.requisites == ()
    assert reading.canonical == parse("https://snhr.org/c")
    assert reading.api_links == tuple(
        ApiLink(rel, parse(f"https://snhr.org{path}"))
        for rel, path in (
            ("https://api.w.org/", "/wp-json/"),
            ("shortlink", "/?p=53633"),
            ("json", "/wp-json/wp/v2/posts/53633"),
            ("oembed", "/oembed?url=x"),
        )
    )


def test_text_is_what_a_reader_sees() -> None:
    reading = read(
        "<html lang=ar><head><title> بيان \n صحفي </title><style>p{}</style><noscript>Styles</noscript></head><body class='a b'>"
        "<p>قالت الش<b>بكة</b> السورية<br>إن&nbsp;15 مدنياً</p><script>var hidden</script><svg><title>icon</title></svg>"
        "<noscript>Please switch on JavaScript</noscript><template>no</template><ul><li>one<li>two</ul><video>no video</video>"
    )
    assert reading.text == "قالت الشبكة السورية\nإن 15 مدنياً\none\ntwo"
    assert (reading.title, reading.language, reading.body_class) == ("بيان صحفي", "ar", "a b")
    assert reading.noscript == "Styles Please switch on JavaScript"


def test_the_title_of_an_svg_is_not_the_pages() -> None:
    reading = read("<nav>Reports</nav><svg><title>icon</title></svg><p>Text")
    assert (reading.title, reading.text) == ("", "Reports\nText")


def test_what_is_read_where_the_head_is_left_open_is_text() -> None:
    assert read("<title>t</title><main>Statement <section>of April</section></main>").text == "Statement\nof April"


def test_places_in_the_page_are_no_requisites_whatever_the_base() -> None:
    assert found("<base href=/x/><svg><use href='#e'/></svg><img src=''><style>a{filter:url(#f)}</style>") == []


def test_comments_and_markup_inside_texts_are_not_read() -> None:
    assert (
        found(
            "<!-- <img src=no.png> --><!--[if IE]><img src=no.png><![endif]--><textarea><img src=no.png></textarea><title><img src=no.png></title>"
        )
        == []
    )


def test_broken_markup_is_read_as_browsers_read_it() -> None:
    assert found(
        "<img/src=a.png><IMG\nSRC\n=\n'b.png'alt=x><img src=c.png/><table><img src=d.png><p><img src=e.png"
    ) == images("a.png", "b.png", "c.png/", "d.png")
    assert found("<a href='?a=1&copy=2'></a><img src='x?a=1&copy=2&amp;lang=3'>") == images("x?a=1&copy=2&lang=3")


def test_nul_is_no_text_and_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    monkeypatch.setattr("archive.capture.requisites.prose.Prose.data", lambda _, text: events.append(text))
    read("<p>a\0b" + "\0" * 100_000)
    assert events == ["ab"]
