"""What holds for every text, however odd."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.cite.extract import Extracted
from archive.cite.report import sources_of
from archive.cite.scan import text_links
from archive.cite.text import page_starts
from archive.cite.unite import unite
from archive_manifests.source_toml import from_toml, to_toml
from archive_manifests.sources import Report, SourceManifest

fragments = st.sampled_from([
    *("https://x.org/", "http://", "HTTPS://سوريا.org/", "www.x.org/a", "t.me/a/1", "hxxp://x[.]org", "http://[::1]/"),
    *("a/b-", "?p=1", "&q=2", "%d8", "#f", ".", ",", "،", "؟", "(", ")", "”", "«", "…", "'", '"', "<", ">", "*", "|"),
    *("\n", "\n\n", "\n ", "\f", "\r", "\t", " ", "\u00ad", "\u200b", "\u202b", "\u2028", "\x01", "\x85", "\\"),
    *("word", "Dr. ", "سوريا", "2020.In", "21/56247/", "html", "magnet:?xt=1", "ftp://x.org"),
])
texts = st.lists(fragments | st.characters(exclude_categories=["Cs"]), max_size=25).map("".join)


@given(texts, st.booleans())
@example("https://x.org/a-\n\u200b\nb", True)
@example("<https://x.org/\x1b>", False)
@example("<https://x.org/\x01a-\n\x07b>", True)
@settings(max_examples=400, deadline=None)
def test_every_citation_points_at_what_it_says_and_survives_the_manifest(text: str, wraps: bool) -> None:
    text = text.replace("\r", "\n")
    extracted = Extracted(text, "test", page_starts=page_starts(text), wraps=wraps)
    sources = sources_of(extracted, unite((), text_links(extracted)))
    ends = 0
    for place, cited in sorted((c.offset or 0, s.cited) for s in sources for c in s.citations):
        assert place >= ends, "two citations share characters"
        ends = place + 1
        assert cited
    for source in sources:
        assert source.cited not in source.candidates
        for citation in source.citations:
            assert citation.offset is not None and citation.length is not None and citation.length > 0
            shown = text[citation.offset : citation.offset + citation.length]
            assert "".join(shown.split()) == "".join((citation.anchor or source.cited).split())
            assert citation.line == text.count("\n", 0, citation.offset) + 1
            assert not shown[0].isspace() and not shown[-1].isspace()
    written = tuple(source.without_offsets() for source in sources)
    manifest = SourceManifest(Report("R1"), written)
    assert from_toml(to_toml(manifest)) == manifest
