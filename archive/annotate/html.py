"""HTML: Robust Links attributes in the start tags of links that cite, and an annex before the end of the body.

The page is never serialised again: every byte of it stays, and what is added is ASCII. (Robust Links 1.0)
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from archive.annotate.entries import AnnexEntry, AnnexFacts
from archive.annotate.markup_tags import HtmlTag, html_tags
from archive.annotate.pdf.source import NotExtendable
from archive.annotate.plain import cited_on, rows_of
from archive.annotate.spliced import Insertion, Spliced, escaped, splice
from archive.cite.html import decoded_page
from archive.cite.targets import NoSource, source_target
from archive.errors import ReportUnreadable

ANNEX_ID = "archive-annex"
_BODY_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_LINKS = {"a": "href", "area": "href", "q": "cite", "blockquote": "cite", "iframe": "src", "embed": "src"}
_OWN = ("data-originalurl", "data-versiondate", "data-versionurl", "data-archive-source", "data-archive-bag")


def annotate_html(report: Path, facts: AnnexFacts, text: str) -> Spliced:
    """The page with attributes and an annex. Raises `NotExtendable`."""
    original = report.read_bytes()
    try:
        _, encoding = decoded_page(original)
    except ReportUnreadable as error:
        raise NotExtendable("unreadable") from error
    if encoding.startswith(("utf-16", "utf-32")):
        raise NotExtendable("no-annotation")
    marked: dict[tuple[str, int], None] = {}
    insertions = list(_attributes(original, encoding, facts, marked))
    ends = list(_BODY_END.finditer(original))
    insertions.append(Insertion(ends[-1].start() if ends else len(original), _annex(facts)))
    return Spliced(splice(original, insertions), "attribute", frozenset(marked))


def _attributes(
    original: bytes, encoding: str, facts: AnnexFacts, marked: dict[tuple[str, int], None]
) -> Iterator[Insertion]:
    """Yield the attributes of each link that leads to a source, in the order of the page."""
    by_target = {entry.cited: entry for entry in facts.entries}
    used: dict[str, int] = defaultdict(int)
    base: str | None = None
    for tag in html_tags(original):
        if tag.name == "base" and base is None:
            base = _absolute(_value(tag, "href", encoding))
        stated = _value(tag, _LINKS[tag.name], encoding) if tag.name in _LINKS else None
        entry = by_target.get(_target(stated, base)) if stated is not None else None
        if entry is None or any(name in tag.attributes for name in _OWN):
            continue  # an author's own Robust Link stays the author's
        number = used[entry.id]
        used[entry.id] += 1
        if number < len(entry.citations):
            marked[entry.id, number] = None
        yield Insertion(tag.name_end, _robust(entry, facts))


def _value(tag: HtmlTag, name: str, encoding: str) -> str | None:
    raw = tag.attributes.get(name)
    return None if raw is None else html.unescape(raw.decode(encoding, "replace"))


def _absolute(href: str | None) -> str | None:
    return href if href and re.match(r"https?://", href, re.IGNORECASE) else None


def _target(stated: str, base: str | None) -> str:
    try:
        return source_target(stated, base)[0]
    except NoSource:
        return ""


def _robust(entry: AnnexEntry, facts: AnnexFacts) -> bytes:
    """The attributes of one link; `versionurl` is a public copy, where there is one."""
    values = {"data-originalurl": entry.cited}
    if entry.instant:
        values["data-versiondate"] = entry.instant
    if entry.public_copy:
        values["data-versionurl"] = entry.public_copy[0]
    values["data-archive-source"] = entry.id
    values["data-archive-bag"] = facts.fingerprint
    values["data-archive-sign"] = f"{entry.sign}{' uncertain' if entry.doubts else ''}"
    return b"".join(b' %s="%s"' % (name.encode(), escaped(value)) for name, value in values.items())


def _annex(facts: AnnexFacts) -> bytes:
    """The annex as a section: plain markup, no link that leaves the page, no script, no style of its own."""
    words = facts.words
    direction = f'lang="{words.code}" dir="{words.direction}"'.encode()
    parts = [b'\n<section id="%s" %s>\n<hr>\n' % (ANNEX_ID.encode(), direction)]
    parts.append(b"<h2>%s</h2>\n" % escaped(words.sentence("annex.heading")))
    about = [words.sentence("annex.added_parts", digest=facts.report_sha256), *facts.about_bag()]
    parts += [b"<p>%s</p>\n" % escaped(each) for each in about]
    signs = [b"<dt><bdi>%s</bdi></dt><dd>%s</dd>\n" % (escaped(sign), escaped(means)) for sign, means in facts.legend]
    parts += [b"<dl>\n", *signs, b"</dl>\n"]
    for entry in facts.entries:
        name = f"{words.sentence('annex.entry', id=entry.id)}: {entry.verdict}"
        parts.append(
            b'<h3 id="%s-%s"><bdi>%s</bdi> %s</h3>\n<dl>\n'
            % (ANNEX_ID.encode(), entry.id.encode(), escaped(entry.label), escaped(name))
        )
        for label, value, _ in (*rows_of(facts, entry), *cited_on(facts, entry)):
            parts.append(b"<dt>%s</dt><dd><bdi>%s</bdi></dd>\n" % (escaped(label), escaped(value)))
        parts.append(b"</dl>\n")
    return b"".join([*parts, b"</section>\n"])
