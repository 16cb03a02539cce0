"""Why pages have no picture, compared over the sources of one run: a browser took part in all of it, or in none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from archive.capture.page import is_html
from archive.verify.statements.bag_of_sources import BagOfSources
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry, Status
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
_BY_BROWSER = frozenset({"not-a-page", "browser-missing", "browser-broke"})
"""Reasons that only a run with a browser gives."""
_CRASHES = 3
"""Pages in a row at which the browser breaks before the run renders no more."""


class _Shown(Struct, frozen=True):
    """A source whose page a browser would have been given."""

    entry: SourceEntry
    is_page: bool

    @property
    def code(self) -> str | None:
        """Why there is no picture; None where there is one that a person supplied, or a rendering."""
        appearance = self.entry.facets.appearance
        return appearance.reason.code if not appearance.present and appearance.reason is not None else None


def check_appearances(bag: BagOfSources, stored: Iterable[bool | None]) -> Iterator[Finding]:
    """The reasons go with what is stored of each page, and with those of the other sources of the run.

    `stored` is of each source, in order, what `is_page_of_run` says. A run that was resumed may have found a browser
    at one time alone.
    """
    every = zip(bag.ledger.sources, stored, strict=True)
    shown = [_Shown(entry, is_page) for entry, is_page in every if is_page is not None]
    for each in shown:
        if each.code == "no-picture" and each.entry.rendering is None:
            yield _differs(each, "a rendering without a picture")
        elif each.code == "not-a-page" and each.is_page:
            yield _differs(each, "a page: it is of HTML")
    if not bag.stopped.resumed:
        yield from _check_run(shown, bag)


def is_page_of_run(bag: BagOfSources, entry: SourceEntry) -> bool | None:
    """Whether a source that the run would have given to a browser is a page; None for any other source.

    Raises `Broken`.
    """
    live = next((copy for copy in entry.copies if copy.kind == "live" and copy.records), None)
    is_due = entry.status in (Status.CAPTURED, Status.PARTIAL) and entry.live.status is entry.status
    if live is None or not is_due or entry.final_url is None or not bag.is_of_run(live.records[-1]):
        return None
    record, page = bag.exchanges.records.get(live.records[-1]), bag.exchanges.get(live.records[-1])
    if record is None or record.type != "response" or page is None or page.head is None:
        return None
    return is_html(page) if page.url.href == entry.final_url else None


def _check_run(shown: Sequence[_Shown], bag: BagOfSources) -> Iterator[Finding]:
    is_rendered = any(each.entry.rendering is not None for each in shown)
    idle = [each for each in shown if each.is_page and each.code == "no-browser"]
    for each in _requested_once(idle, bag) if is_rendered else ():
        yield _differs(each, "a rendering: a browser took part in the run")
    for each in shown:
        if each.code in _BY_BROWSER and idle and not is_rendered:
            yield _differs(each, "no-browser, as of other pages of the run")
        elif each.code == "browser-missing" and is_rendered:
            yield _differs(each, "a rendering: a browser was there")
    broken = sum(_is_broken(each) for each in shown)
    for each in shown:
        if each.code == "browser-broke" and not _is_broken(each) and broken < _CRASHES:
            yield _differs(each, "a record that the browser broke")


def _requested_once(idle: Sequence[_Shown], bag: BagOfSources) -> Iterable[_Shown]:
    """Those whose page was requested once: of one that was requested again, an earlier response is not rendered."""
    times = Counter(record.uri for record in bag.evidence.records.values() if record.type in ("response", "revisit"))
    return [each for each in idle if times[each.entry.final_url] == 1]


def _is_broken(each: _Shown) -> bool:
    return any(note.code == "browser-broke-because" for note in each.entry.notes)


def _differs(each: _Shown, expected: str) -> Finding:
    facts = {"expected": expected, "found": str(each.code), "source": each.entry.id}
    return make_finding("facet-contradicted", LEDGER, **facts, note="appearance")
