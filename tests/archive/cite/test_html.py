"""HTML and Markdown reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.cite import CitedReport, read_report
from archive.errors import ReportUnreadable
from archive_manifests.sources import Citation, Report


def cite(folder: Path, text: str | bytes, name: str = "R1.html") -> CitedReport:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_report(folder / name)


def observed(report: CitedReport) -> list[tuple[str, str | None, str | None, str, tuple[str, ...]]]:
    return [(s.cited, c.anchor, c.context, c.found_by, s.candidates) for s in report.sources for c in s.citations]


PAGE = """<!DOCTYPE html><html lang="ar-SY"><head><title> Families
 as hostages </title><meta property="article:published_time" content="2021-05-21T10:00:00+03:00">
<base href="https://sn4hr.org/blog/"><script>var a = "https://x.org/script"</script>
<style>a { background: url(https://x.org/style) }</style></head><body>
<!-- https://x.org/comment -->
<p>He was   arrested, <a href="2019/04/30/53633/?a=1&amp;b=2">says <b>SNHR</b></a>. Then
see <a href=" https://x.org/a%d8 ">https://x.org/a%d8</a>، or
<a href="https://x.org/real/page">https://x.org/short…</a>.</p>
<p>Text only: https://x.org/text&amp;c.</p>
<ul><li><a href="mailto:a@x.org">mail</a><li><a href="#top">up</a><li><a href="javascript:go()">go</a></ul>
<iframe src="//www.youtube.com/embed/x"></iframe>
<blockquote cite="https://x.org/quoted">They were taken.</blockquote>
<pre>two
lines</pre>
</body></html>"""


def test_a_page_gives_its_links_in_their_sentences_and_nothing_of_its_machinery(tmp_path: Path) -> None:
    report = cite(tmp_path, PAGE)
    assert observed(report) == [
        (
            "https://sn4hr.org/blog/2019/04/30/53633/?a=1&b=2", "says SNHR", "He was arrested, says SNHR.",
            "markup", (),
        ),
        (
            "https://x.org/a%d8", None, "Then see https://x.org/a%d8، or https://x.org/short….",
            "both", (),
        ),
        (
            "https://x.org/real/page", "https://x.org/short", "Then see https://x.org/a%d8، or https://x.org/short….",
            "both", ("https://x.org/short",),
        ),
        ("https://x.org/text&c", None, "Text only: https://x.org/text&c.", "text", ()),
        ("https://www.youtube.com/embed/x", None, None, "markup", ()),
        ("https://x.org/quoted", "They were taken.", None, "markup", ()),
    ]
    assert [passed.kind for passed in report.passed_over] == ["mailto", "javascript"]
    assert report.report == Report(
        "R1", title="Families as hostages", date="2021-05-21", language="ar", sha256=report.report.sha256
    )
    for source in report.sources:
        for place in source.citations:
            assert place.offset is not None and place.length is not None
            if place.length:
                assert report.text[place.offset : place.offset + place.length] == (place.anchor or source.cited)
    assert report.text == (
        "He was arrested, says SNHR. Then see https://x.org/a%d8، or https://x.org/short….\n"
        "Text only: https://x.org/text&c.\nmail\nup\ngo\n\nThey were taken.\ntwo\nlines\n"
    )


def test_a_page_without_a_base_has_no_address_for_its_relative_links(tmp_path: Path) -> None:
    report = cite(tmp_path, '<html><a href="/a">a</a><a href="//x.org/b">b</a><a href="www.x.org/c">c</a></html>')
    assert [(source.cited, source.candidates) for source in report.sources] == [
        ("//x.org/b", ("https://x.org/b", "http://x.org/b")),
        ("www.x.org/c", ("https://www.x.org/c", "http://www.x.org/c")),
    ]
    assert [(passed.kind, passed.target) for passed in report.passed_over] == [("relative", "/a")]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [('<meta charset="windows-1256">', "cp1256"), ('<META http-equiv=x content="text/html; charset=UTF-8">', "utf-8"),
     ("", "cp1256"), ("", "utf-8-sig"), ('<meta charset="nonsense">', "utf-8"), ('<meta charset="utf-8">', "utf-16")],
)
def test_a_page_is_read_in_its_own_encoding(tmp_path: Path, head: str, encoding: str) -> None:
    text = f'<html><head>{head}</head><p>اعتقل النظام <a href="https://x.org/سوريا">السوري</a> والدها</html>'
    report = cite(tmp_path, text.encode(encoding))
    assert observed(report) == [("https://x.org/سوريا", "السوري", "اعتقل النظام السوري والدها", "markup", ())]


def test_no_link_is_lost_to_depth_silently(tmp_path: Path) -> None:
    link = '<a href="https://x.org/deep">deep</a>'
    report = cite(tmp_path, "<html>" + "<div>" * 2000 + link)
    assert [source.cited for source in report.sources] == ["https://x.org/deep"]
    with pytest.raises(ReportUnreadable, match=r"R1\.html: is nested more than 2,000 elements deep"):
        cite(tmp_path, "<html>" + "<div>" * 100_000 + link)


def test_markdown_gives_links_references_and_bare_addresses(tmp_path: Path) -> None:
    report = cite(
        tmp_path,
        "# Families as hostages\n\nHe was arrested, [says SNHR](https://x.org/سوريا_(a) \"t\"). See [two][2]\n"
        "and <https://x.org/auto>.\n\n- bare https://x.org/bare_x_\n- [mail](mailto:a@x.org), [here](other.md)\n\n"
        "[2]: https://x.org/%d8%a7\n\n`https://x.org/code`\n",
        "R1.md",
    )
    assert observed(report) == [
        ("https://x.org/سوريا_(a)", "says SNHR", "He was arrested, says SNHR.", "markup", ()),
        ("https://x.org/%d8%a7", "two", "See two and https://x.org/auto.", "markup", ()),
        ("https://x.org/auto", None, "See two and https://x.org/auto.", "both", ()),
        ("https://x.org/bare_x_", None, "bare https://x.org/bare_x_", "text", ()),
        ("https://x.org/code", None, None, "text", ()),
    ]
    assert [passed.kind for passed in report.passed_over] == ["mailto", "relative"]


def test_a_footnote_of_markdown_is_a_sentence_and_no_definition_of_a_link(tmp_path: Path) -> None:
    """CommonMark has no footnotes, and takes one whose text is an address alone for a link, full stop and all."""
    report = cite(
        tmp_path,
        "He was held.[^1] And she.[^b] A third.[^3]\n\n[^1]: https://x.org/one.\n[^b]: See https://x.org/two; and\n"
        "    <https://x.org/three>.\n[^3]: https://x.org/four \"title\"\n[^4]: https://x.org/(unused).\n",
        "R1.md",
    )
    cited = [source.cited for source in report.sources]
    assert cited == [f"https://x.org/{name}" for name in ("one", "two", "three", "four", "(unused)")]
    assert "He was held.[^1]" in report.text


def test_a_definition_of_markdown_that_no_link_uses_is_read_as_the_line_that_it_is(tmp_path: Path) -> None:
    report = cite(
        tmp_path,
        "He was held [1], see [the video][2].\n\n[1]: https://x.org/one\n[2]: https://x.org/two\n"
        "[2]: https://x.org/again 'a title'\n[ج]: <https://x.org/شاهد>\n\n> [q]: https://x.org/quoted.\n",
        "R1.md",
    )
    cited = {source.cited: source.citations[0].found_by for source in report.sources}
    assert cited == {
        "https://x.org/one": "markup",
        "https://x.org/two": "markup",
        "https://x.org/again": "text",
        "https://x.org/شاهد": "both",
        "https://x.org/quoted": "text",
    }


def test_an_empty_page_is_a_report_without_sources(tmp_path: Path) -> None:
    for content in ("", " ", "<html>", "<!-- -->"):
        report = cite(tmp_path, content)
        assert (report.text.strip(), report.sources) == ("", ())


def test_more_links_than_a_report_can_cite_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportUnreadable, match=r"R1\.html: more than 20,000 links"):
        cite(tmp_path, "".join(f'<a href="https://x.org/{number}">x</a>' for number in range(20_001)))


def test_one_place_with_the_same_link_twice_is_one_citation(tmp_path: Path) -> None:
    report = cite(tmp_path, '<p><a href="https://x.org/a">one</a> and <a href="https://x.org/a">two</a>')
    (source,) = report.sources
    assert source.citations == (
        Citation(line=1, offset=0, length=3, anchor="one", context="one and two", found_by="markup"),
        Citation(line=1, offset=8, length=3, anchor="two", context="one and two", found_by="markup"),
    )
