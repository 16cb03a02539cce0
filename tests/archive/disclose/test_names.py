"""Names of a withheld source: what identifies it, and nothing that a whole site has in its addresses."""

from __future__ import annotations

import pytest

from archive.disclose.names import names_of
from archive.disclose.search import NameSearch
from archive_manifests.ledger import Facet, Facets, SourceEntry, Status, Verdict


def entry(ident: str, cited: str) -> SourceEntry:
    absent = Facet(present=False)
    return SourceEntry(
        id=ident,
        cited=cited,
        citations=(),
        status=Status.UNREACHABLE,
        reason="dns",
        detail=None,
        live=Verdict(Status.UNREACHABLE, "dns"),
        copies=(),
        final_url=None,
        http_status=None,
        started=None,
        ended=None,
        exchanges=(),
        requisites=(),
        facets=Facets(absent, absent, absent),
    )


@pytest.mark.parametrize(
    ("cited", "names", "others"),
    [
        ("https://www.youtube.com/watch?v=jLE3gKQqwDA", {"jLE3gKQqwDA", "/watch?v=jLE3gKQqwDA"}, {"/watch"}),
        ("https://a.org/forum/viewtopic.php?t=5512", {"/forum/viewtopic.php?t=5512"}, {"/forum/viewtopic.php"}),
        ("https://a.org/story/massacre-at-dawn?page=10", {"/story/massacre-at-dawn"}, set()),
        ("https://a.org/story/88123?lang=en", {"/story/88123"}, set()),
        ("https://x.com/jdoe_syria", {"/jdoe_syria"}, set()),
        ("https://x.com/jdoe_syria?lang=en", {"/jdoe_syria"}, set()),
        ("https://x.com/jdoe_syria?utm_source=newsletter2026", {"/jdoe_syria"}, set()),
    ],
)
def test_a_path_is_a_name_unless_its_query_identifies(cited: str, names: set[str], others: set[str]) -> None:
    found = set(names_of(entry("s01", cited)))
    assert names | {cited} <= found
    assert not others & found


def test_a_link_to_another_video_names_nothing_and_a_link_to_this_one_does() -> None:
    withheld, disclosed = entry("s03", "https://www.youtube.com/watch?v=jLE3gKQqwDA"), entry("s01", "https://a.org/1")
    search = NameSearch([withheld], [disclosed])
    assert list(search.search("page", [b'<a href="/watch?v=AAAAAAAAAAA">'])) == []
    assert {hit.source for hit in search.search("page", [b'<a href="/watch?v=jLE3gKQqwDA">'])} == {"s03"}
