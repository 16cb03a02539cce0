"""Pages as known systems send them: what differs between two honest readers, and what a forger puts in its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from msgspec.structs import replace

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.evidence import CopyEvidence, SourceEvidence
from archive.corroborate.pages.read_page import read_page
from archive.corroborate.pages.tree import read_tree
from tests.archive.corroborate.page_pairs import LATER, VISIT, entry
from tests.archive.corroborate.site_pages import DIFFERENCE, PAGES

STATEMENTS = (
    "This report was invented by its authors", "Militants used the building as a base", "Only four soldiers died there that day",
    "Dr Salim Qasem admitted everything in court", "قتل أربعة جنود فقط في تلك الليلة", "Le témoin principal a été payé par un parti",
    "The footage is from another country", "No civilians lived in that quarter", "El general niega haber dado la orden",
)  # fmt: skip
AT_END = {
    "paragraph": "<p>{}.</p>",
    "cookies": "<div class=cookie-banner><p>We use cookies. {}.</p><button>Accept</button></div>",
    "newsletter": "<div class=newsletter><p>Subscribe to our newsletter</p><p>{}</p><input type=email></div>",
    "donation": "<div class=donate><p>Support our work with a donation. {}.</p><a href=/donate>Donate</a></div>",
    "dialog": "<div role=dialog aria-modal=true><p>{}.</p><button>OK</button></div>",
    "weather": "<div class=weather><b>Weather</b> <span>{}</span> <span>14°</span></div>",
    "rates": "<div class=rates><h4>Exchange rates</h4><p>{} 3.71</p></div>",
    "advertisement": "<div class=ad><p>{}</p></div>",
    "edition": "<div class=edition>Edition: <a href=/e>{}</a></div>",
    "older comment": '<ol class=commentlist><li class=comment id=comment-77><time datetime="2026-11-20T08:00:00+00:00">Nov 20</time><p>{}</p></li></ol>',
    "hidden": "<div hidden>{}</div>",
    "template": "<template><p>{}</p></template>",
    "label": '<span role=img aria-label="{}"></span>',
    "dot": '<img src=/pixel.png width=1 height=1 alt="{}">',
    "linked data": '<script type="application/ld+json">{{"@type":"ClaimReview","claimReviewed":"{}"}}</script>',
    "state": '<script>window.__STATE__={{"config":{{"features":{{"note":"{}"}}}}}};</script>',
    "call": '<script>init({{"note":"{}"}});</script>',
    "parsed": '<script>window.__D__=JSON.parse(\'{{"note":"{}"}}\');</script>',
    "script": "<script>document.querySelector('h1').textContent='{}';</script>",
    "style": "<style>h1::after{{content:'{}'}}</style>",
}
WITHIN = ("nav", "header", "footer", "aside", "ul", "h1")


def without(html: str) -> str:
    return DIFFERENCE.sub(lambda found: found[2], html)


def with_one(html: str, name: str | None) -> str:
    """The page with one of its differences, or with all."""
    return DIFFERENCE.sub(lambda found: found[3] if name in (None, found[1]) else found[2], html)


def seen(html: str, url: str, visit: datetime = VISIT) -> SourceEvidence:
    body = html.encode()
    content = read_page(read_tree(body, "utf-8"), url, lambda _: None)
    source = replace(entry(), cited=url, final_url=url)
    return SourceEvidence(source, CopyEvidence(url, visit, "text/html", hashlib.sha256(body).hexdigest(), content))


def contradicting(one: SourceEvidence, other: SourceEvidence) -> list[tuple[str, str, str]]:
    found = compare_sources(one, other)
    assert found is not None
    return [(each.what, each.first, each.second) for each in found.differences if each.is_substance]


@pytest.mark.parametrize("name", PAGES)
def test_no_difference_of_two_honest_readers_contradicts(name: str) -> None:
    url, html = PAGES[name]
    one = seen(without(html), url)
    names = [found[1] for found in DIFFERENCE.finditer(html)]
    wrong = {
        each: said
        for each in (*names, None)
        if (said := contradicting(one, seen(with_one(html, each), url, VISIT + LATER)))
    }
    assert wrong == {}


def forged(html: str, at: int) -> Iterator[tuple[str, str]]:
    """The page with one false statement, each time in another place."""
    for number, (place, markup) in enumerate(AT_END.items(), start=at):
        yield place, html.replace("</body>", f"{markup.format(STATEMENTS[number % len(STATEMENTS)])}</body>")
    for number, tag in enumerate(WITHIN, start=at):
        start = html.rfind(f"</{tag}>")
        if start >= 0:
            item = "li" if tag == "ul" else "span"
            said = f"<{item}>{STATEMENTS[number % len(STATEMENTS)]}</{item}>"
            yield tag, f"{html[:start]}{said}{html[start:]}"
    yield "title", re.sub(r"<title>[^<]*", f"<title>{STATEMENTS[at % len(STATEMENTS)]}", html)


@pytest.mark.parametrize(("at", "name"), list(enumerate(PAGES)))
def test_a_false_statement_beside_the_main_text_contradicts(at: int, name: str) -> None:
    url, html = PAGES[name]
    one = seen(without(html), url)
    unseen = [
        place for place, page in forged(without(html), at) if not contradicting(one, seen(page, url, VISIT + LATER))
    ]
    assert unseen == []


@pytest.mark.parametrize(("name", "old", "new"), (
    ("wordpress classic", "killing 37", "killing 31"), ("unmarked news", "did not warn", "did warn"), ("arabic news", "٣٧", "٣١"),
    ("french news", "vendredi", "jeudi"), ("github issue", "northern ridge", "southern ridge"), ("reddit", "the roof", "the cellar"),
    ("old reddit", "second shell", "first shell"), ("phpbb", "thirty", "thirteen"), ("phpbb", "2021-05-21T10:30", "2021-05-20T10:30"),
    ("vbulletin", "two shells", "two drones"), ("discourse", "My brother", "My uncle"), ("x post", "10:31", "10:13"), ("google drive", "order-12.pdf", "order-21.pdf"),
    ("soundcloud", "half past ten", "half past two"), ("medium", "eleven metres", "seven metres"), ("blogger", "<p>The army", "<p>Militants"),
    ("drupal", "maternity", "empty"), ("wikipedia", "<td>39</td>", "<td>9</td>"), ("wayback", "northern gate", "southern gate"), ("next", '"title":"Strike', '"title":"Accident'),
    ("mastodon", "Second shell", "Second rocket"), ("joomla", "rescue teams", "army teams"),
))  # fmt: skip
def test_an_edit_of_the_main_text_contradicts_among_all_that_honestly_differs(name: str, old: str, new: str) -> None:
    url, html = PAGES[name]
    changed = with_one(html, None)
    assert old in changed
    assert contradicting(seen(without(html), url), seen(changed.replace(old, new), url, VISIT + LATER)) != []
