"""Pages whose markup readers of other kinds take for another page than browsers show: each is read as a browser reads it."""

from __future__ import annotations

import time

import pytest

from archive.corroborate.pages.tree import DEEPEST, MOST_ELEMENTS, read_tree, text_of
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

SAID = "<p>Nobody died there that day</p>"
LAST = "<p>The operation lasted 10-20 minutes.</p>"

SHOWN = {
    "behind a noscript that ends within an attribute": f'<noscript><p class="</noscript>{SAID}"></noscript>',
    "behind a noscript that ends within a comment": f"<noscript><!-- </noscript>{SAID} --></noscript>",
    "behind a noscript that ends within a style": f"<noscript><style></noscript>{SAID}</style></noscript>",
    "behind a noscript in a template": f'<template><noscript><p class="</noscript></template>{SAID}"></noscript>',
    "behind a comment in the style of a drawing": f'<svg><style><!--</style><p class="-->{SAID}<!--" class="-->">',
    "behind a comment in the style of a formula": f'<math><style><!--</style><p class="--></style></math>{SAID}<!--" class="-->">',
    "behind a comment in the title of a page": f"<title><!--</title>{SAID}",
    "behind a short comment": f"<!-->{SAID}<!-- -->",
    "behind a comment with an exclamation mark": f"<!-- x --!>{SAID}<!-- -->",
    "behind a text that a drawing marks": f'<svg><![CDATA[<p class="]]></svg>{SAID}<!--">-->',
}


@pytest.mark.parametrize("name", SHOWN)
def test_text_that_only_a_browser_reads_is_text(name: str) -> None:
    found = compare(news_page(), news_page(article=ARTICLE.replace(LAST, SHOWN[name] + LAST)), media=(MEDIA, MEDIA))
    assert found.status is PairStatus.CONTRADICTS


HIDDEN = {
    "by a bold type that is not closed": (LAST, f"<p><b hidden></p>{LAST}"),
    "by an old type that is not closed": (LAST, f"<p><font style='display:none'></p>{LAST}"),
    "by a second body": (LAST, f"{LAST}<body hidden>"),
    "by the class of a second body": (LAST, f"<style>.x{{display:none}}</style>{LAST}<body class=x>"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_text_that_a_browser_hides_is_hidden(name: str) -> None:
    page = news_page(article=ARTICLE.replace(*HIDDEN[name]))
    assert compare(news_page(), page, media=(MEDIA, MEDIA)).status is PairStatus.CONTRADICTS


def test_what_stands_in_a_table_outside_its_cells_stands_before_it() -> None:
    tree = read_tree(b"<!DOCTYPE html><table><tr><td>Dead</td></tr>None<p>at all</p></table>", None)
    assert text_of(tree.root) == "Noneat allDead"


QUIRKY = {
    "": True,
    "<!DOCTYPE html>": False,
    "<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 3.2 Final//EN'>": True,
    "<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'>": True,
    "<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN' 'http://www.w3.org/TR/html4/loose.dtd'>": False,
    "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd'>": False,
}


@pytest.mark.parametrize("stated", QUIRKY)
def test_a_page_of_before_the_standards_is_known_by_its_document_type(stated: str) -> None:
    assert read_tree(f"{stated}<p>x".encode(), None).is_quirky is QUIRKY[stated]


HUGE = {
    "types that each paragraph opens anew": "<p>" + "".join(f"<b a={n}>" for n in range(600)) + "</p>" + "<p>x" * 30_000,
    "elements within elements": "<div>" * 500_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
    "comments that do not end": "<!--" * 500_000,
    "tables in tables": "<table><tr><td>" * 100_000,
    "signs": "<" * 2_000_000,
    "templates in templates": "<template>" * 100_000,
    "links in links": "<a><div>" * 50_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_hostile_page_is_bounded_in_time_depth_and_size(name: str) -> None:
    began = time.process_time()
    tree = read_tree(HUGE[name].encode(), None)
    assert time.process_time() - began < 20
    assert sum(1 for _ in tree.root.iter()) <= MOST_ELEMENTS + 1
    depth, level = 0, [tree.root]
    while level:
        depth, level = depth + 1, [child for each in level for child in each]
    assert depth <= DEEPEST + 2


def test_a_page_with_more_tags_than_are_read_is_not_whole() -> None:
    assert not read_tree(b"<b></b>" * 200_000, None).is_whole
    assert read_tree(b"<b></b>" * 20_000, None).is_whole


XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title>{}</head><body><p>Shells fell.</p></body></html>'


def test_a_page_that_was_sent_as_xhtml_is_read_as_xml() -> None:
    hidden = XHTML.format("<style/><p>Nobody died</p><style></style>").encode()
    assert "Nobody died" in text_of(next(each for each in read_tree(hidden, None, is_xml=True).root.iter("p")))
    assert [each.text for each in read_tree(hidden, None).root.iter("p")] == ["Shells fell."]


def test_what_makes_a_browser_read_xhtml_otherwise_is_noted() -> None:
    assert read_tree(XHTML.format("").encode(), None, is_xml=True).notes == []
    assert read_tree(XHTML.format("<br>").encode(), None, is_xml=True).notes[0].startswith("no XML: ")
    named = f'<!DOCTYPE html [<!ENTITY n "Nobody">]>{XHTML.format("")}'.encode()
    assert read_tree(named, None, is_xml=True).notes == ['names that a document type gives: <!ENTITY n "Nobody">']
