"""Tags found in bytes: the same elements as a parser finds, whatever the bytes are."""

from __future__ import annotations

import pytest
from lxml import etree

from archive.annotate.markup_tags import element_spans, html_tags

XML = (
    b'<?xml version="1.0"?><!-- <no/> --><a x="1 > 0" y=\'"\'><b/><![CDATA[<no>]]><c:d xmlns:c="u" c:e="/">t<f\n>u</f></c:d>'
    b"<g h='/' /></a>"
)


def test_elements_are_those_that_a_parser_finds_with_their_ends() -> None:
    spans = element_spans(XML)
    root = etree.fromstring(XML)
    names = [etree.QName(each).localname for each in root.iter() if isinstance(each.tag, str)]
    assert [span.name.rpartition(b":")[2].decode() for span in spans] == names
    assert XML[spans[0].start : spans[0].end].startswith(b"<a x=") and spans[0].end == len(XML)
    inner = next(span for span in spans if span.name == b"f")
    assert XML[inner.inner : inner.close] == b"u"
    assert [span.is_empty for span in spans] == [False, True, False, False, True]


def test_html_tags_have_their_attributes_and_none_stand_in_comments_or_scripts() -> None:
    page = (
        b"<A HREF='x > y' title=5\"><!-- <a href=no> --><script><a href=no></script><a\nhref=plain data-x><TITLE><a href=no>"
        b"</title><a href=\"last\"/><a href=\"open"
    )
    tags = [tag for tag in html_tags(page) if tag.name == "a"]
    assert [tag.attributes.get("href") for tag in tags] == [b"x > y", b"plain", b"last"]


HOSTILE = [b"<a ", b'<a "\'', b"<!--", b"<script>", b"<a href='", b'<a x="', b"<![CDATA[", b"<?x", b"<!", b"</", b"<a/", b"<a x=/"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_file_of_one_thing_that_never_ends_is_read_through(piece: bytes) -> None:
    """Were anything tried twice, a million bytes of it would take hours."""
    content = piece * (1_000_000 // len(piece))
    assert len(element_spans(content)) <= 1_000_000
    assert list(html_tags(content)) == []
