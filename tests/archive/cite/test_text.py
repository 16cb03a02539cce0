"""Plain text: encodings, pages, contexts, and what the report is called."""

from __future__ import annotations

import codecs
import hashlib
import os
from pathlib import Path

import pytest

from archive.cite import CitedReport, read_report, source_manifest
from archive.cite.report import DEFANGED
from archive.errors import ReportUnreadable
from archive_manifests.sources import Citation, Report, Source, SourceManifest

ARABIC = (
    "الشبكة السورية لحقوق الإنسان\n\nالجمعة 21 أيار/ مايو 2021\n\n"
    "اعتقل النظام السوري والد الطبيبة، انظر \u202bhttps://sn4hr.org/arabic/2021/05/21/13644/\u202c، ثم أفرج عنه. "
    "وقال شهود إنهم رأوا ذلك (https://ar.wikipedia.org/wiki/سوريا)؟\n"
)


def cite(folder: Path, data: bytes | str, name: str = "R1.txt") -> CitedReport:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_report(folder / name)


def test_an_arabic_report_gives_its_links_with_their_sentences(tmp_path: Path) -> None:
    cited = cite(tmp_path, ARABIC)
    assert cited.sources == (
        Source(
            "https://sn4hr.org/arabic/2021/05/21/13644/",
            citations=(
                Citation(
                    line=5, offset=ARABIC.index("https://sn4hr"), length=42,
                    context="اعتقل النظام السوري والد الطبيبة، انظر \u202bhttps://sn4hr.org/arabic/2021/05/21/13644/"
                    "\u202c، ثم أفرج عنه.",
                ),
            ),
        ),
        Source(
            "https://ar.wikipedia.org/wiki/سوريا",
            citations=(
                Citation(
                    line=5, offset=ARABIC.index("https://ar"), length=35,
                    context="وقال شهود إنهم رأوا ذلك (https://ar.wikipedia.org/wiki/سوريا)؟",
                ),
            ),
        ),
    )
    assert cited.report == Report(
        "R1", title="الشبكة السورية لحقوق الإنسان", date="2021-05-21", language="ar",
        sha256=hashlib.sha256(ARABIC.encode()).hexdigest(),
    )
    assert source_manifest(cited) == SourceManifest(cited.report, cited.sources)


FRENCH = "Référence : « https://x.org/été » a été publiée à Genève.\n"
ENCODED = [
    (ARABIC.replace("\u202b", "").replace("\u202c", ""), "cp1256", b"", "cp1256"),
    (FRENCH, "cp1252", b"", "cp1252"),
    (FRENCH, "utf-8", b"", "utf-8"),
    (FRENCH, "utf-8", codecs.BOM_UTF8, "utf-8"),
    (ARABIC, "utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le"),
    (ARABIC, "utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be"),
    (FRENCH, "utf-16-le", b"", "utf-16-le"),
    (FRENCH, "utf-16-be", b"", "utf-16-be"),
    (FRENCH, "utf-32-le", codecs.BOM_UTF32_LE, "utf-32-le"),
]


@pytest.mark.parametrize(("text", "encoding", "mark", "named"), ENCODED)
def test_every_encoding_gives_the_same_text(tmp_path: Path, text: str, encoding: str, mark: bytes, named: str) -> None:
    cited = cite(tmp_path, mark + text.encode(encoding))
    assert (cited.text, cited.extractor) == (text, f"plain text, {named}")
    assert cited.sources[0].cited in text


def test_line_ends_become_lf_and_nothing_else_is_changed(tmp_path: Path) -> None:
    data = "\ufeffa\r\nb\rc \t\u2028d\u00ad\n\n https://x.org/  \n"
    cited = cite(tmp_path, data)
    assert cited.text == "a\nb\nc \t\u2028d\u00ad\n\n https://x.org/  \n"
    assert cited.sources[0].citations == (Citation(line=5, offset=13, length=14),)


def test_form_feeds_are_page_breaks(tmp_path: Path) -> None:
    cited = cite(tmp_path, "One https://x.org/1\f\fThree https://x.org/3\n\fhttps://x.org/1\n\f")
    assert cited.pages == 4
    assert [(s.cited, [c.page for c in s.citations]) for s in cited.sources] == [
        ("https://x.org/1", [1, 4]), ("https://x.org/3", [3]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Text https://x.org/1\n indented by hand\n",
        "https://x.org/1\n Page two\n\n but this is a paragraph\n",
        " First line\n",
    ],
)
def test_where_the_layout_does_not_show_pages_no_page_is_claimed(tmp_path: Path, text: str) -> None:
    cited = cite(tmp_path, text)
    assert cited.pages is None
    assert [c.page for s in cited.sources for c in s.citations] == [None] * text.count("http")


SENTENCES = [
    ("He fled. Dr. A. Ballour spoke (https://x.org/a). Then", "Dr. A. Ballour spoke (https://x.org/a)."),
    ("One.\n\nTwo\nlines https://x.org/a here\n\nThree", "Two lines https://x.org/a here"),
    ("Is it? «https://x.org/a» said so! No", "«https://x.org/a» said so!"),
    ("Text above:\nhttps://x.org/a\nText below", None),
    ("a https://x.org/a\nhttps://x.org/b\n", "a https://x.org/a"),
    ("1 SNHR, https://x.org/a.b. Accessed 2 May 2021.", "1 SNHR, https://x.org/a.b."),
    ("- https://x.org/a", None),
]


@pytest.mark.parametrize(("text", "context"), SENTENCES)
def test_the_context_is_the_sentence_round_the_link(tmp_path: Path, text: str, context: str | None) -> None:
    assert cite(tmp_path, text).sources[0].citations[0].context == context


def test_a_context_is_never_longer_than_a_person_reads(tmp_path: Path) -> None:
    (source,) = cite(tmp_path, "word " * 10_000 + "https://x.org/a " + "word " * 10_000).sources
    context = source.citations[0].context
    assert context is not None and 300 < len(context) < 450 and "https://x.org/a" in context


NAMES = [
    ("R210517.txt", "nothing", "R210517"),
    ("final v3.txt", "Title here\n\nR210517\n", "R210517"),
    ("final v3.txt", "Title here\n\nR210517\nR210518\n", "final-v3"),
    ("Rapport été (2).txt", "nothing", "Rapport-ete-2"),
    ("تقرير.txt", "nothing", "report-6bb75aa9"),
    ("تقرير.txt", "21 May 2021\n", "report-2021-05-21-b1f65ed5"),
    (".hidden.txt", "nothing", "hidden"),
    ("-rf.txt", "nothing", "rf"),
    ("..txt", "nothing", "report-6bb75aa9"),
    ("CON.txt", "nothing", "report-CON"),
    ("R1.part.txt", "nothing", "R1"),
    ("a" * 200 + ".txt", "nothing", "a" * 64),
    ("snhr_2021.report.txt", "nothing", "snhr_2021.report"),
]


@pytest.mark.parametrize(("name", "text", "expected"), NAMES)
def test_a_report_gets_an_id_that_can_name_a_bag(tmp_path: Path, name: str, text: str, expected: str) -> None:
    found = cite(tmp_path, text, name).report.id
    assert found == expected.replace("6bb75aa9", hashlib.sha256(b"nothing").hexdigest()[:8]).replace(
        "b1f65ed5", hashlib.sha256(b"21 May 2021\n").hexdigest()[:8]
    )


DATES = [
    ("Friday 21 May 2021", "2021-05-21"),
    ("Thursday 21 May 2021", None),
    ("May 21, 2021", "2021-05-21"),
    ("21st of nothing 2021", None),
    ("2021-05-21", "2021-05-21"),
    ("05/06/2021", None),
    ("الجمعة ٢١ أيار ٢٠٢١", "2021-05-21"),
    ("الثلاثاء 15 كانون الثاني/ يناير 2019", "2019-01-15"),
    ("تاريخ النشر: 3 تشرين الثاني 2020", "2020-11-03"),
    ("vendredi 21 mai 2021", "2021-05-21"),
    ("31 February 2021", None),
    ("It was published on Friday 21 May 2021 by us", None),
]


@pytest.mark.parametrize(("line", "day"), DATES)
def test_a_day_that_stands_alone_dates_the_report(tmp_path: Path, line: str, day: str | None) -> None:
    assert cite(tmp_path, f"A report\n\n{line}\n\nText.\n").report.date == day


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"\xff\xfea\0b", "R1.txt: not utf-16-le from byte 4 on"),
        (b"\xef\xbb\xbf\xff", "R1.txt: not utf-8 from byte 3 on"),
        (b"a\0\0\0\0\0b", "R1.txt: holds binary data"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "R1.txt: is an old or protected Office file"),
        (b"{\\rtf1 x}", "R1.txt: is RTF"),
    ],
)
def test_what_is_no_text_is_refused_with_a_way_out(tmp_path: Path, data: bytes, complaint: str) -> None:
    with pytest.raises(ReportUnreadable) as observed:
        cite(tmp_path, data)
    assert str(observed.value).startswith(complaint)


def test_a_disarmed_address_is_listed_and_skipped_until_a_person_says_otherwise(tmp_path: Path) -> None:
    first, second = cite(tmp_path, "hxxp://x.org/a and https://x.org/b").sources
    assert (first.cited, first.candidates, first.skip, first.note) == (
        "hxxp://x.org/a", ("http://x.org/a",), True, DEFANGED,
    )
    assert (second.cited, second.skip, second.note) == ("https://x.org/b", False, None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX's")
def test_what_is_no_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "R1.txt")
    for path in (tmp_path / "R1.txt", tmp_path):
        with pytest.raises(ReportUnreadable, match="is no file"):
            read_report(path)


def test_a_source_manifest_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(ReportUnreadable, match=r"s\.toml: is a source manifest already"):
        cite(tmp_path, "[report]\n", "s.toml")


def test_more_links_than_a_report_can_cite_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportUnreadable, match="more than 20,000 links"):
        cite(tmp_path, "".join(f"https://x.org/{number}\n" for number in range(20_001)))


def test_a_table_ends_a_url_at_its_cell_and_names_its_row(tmp_path: Path) -> None:
    data = 'url,what\nhttps://x.org/1,first\n"https://x.org/a,b",second\n"two:\nhttps://x.org/3, https://x.org/4",third\n'
    cited = cite(tmp_path, data, "links.csv")
    assert [(s.cited, s.citations[0].line, s.citations[0].context) for s in cited.sources] == [
        ("https://x.org/1", 2, "https://x.org/1,first"),
        ("https://x.org/a,b", 3, '"https://x.org/a,b",second'),
        ("https://x.org/3", 5, '"two: https://x.org/3, https://x.org/4",third'),
        ("https://x.org/4", 5, '"two: https://x.org/3, https://x.org/4",third'),
    ]
    assert cited.text == data
