"""What the page of a source needs, compared with the page, its style sheets and frames, read again."""

from __future__ import annotations

from collections.abc import Iterator

from archive.urls import UrlError, parse
from archive.verify.sources.case import SourceCase, differs, is_more_often
from archive.verify.sources.scripts import had_browser
from archive_manifests.findings import Finding
from archive_manifests.ledger import Requisite, SourceEntry, Status


def check_requisites(case: SourceCase) -> Iterator[Finding]:
    """What the page names is listed, with what became of it; nothing else is said to be named by it."""
    entry, outcome = case.entry, case.derived.outcome
    if entry.status is Status.MEMENTO:
        return
    stated = {requisite.url: requisite for requisite in entry.requisites}
    derived = {requisite.url: requisite for requisite in outcome.requisites}
    if is_more_often([each.url for each in entry.requisites], [each.url for each in outcome.requisites]):
        yield differs(case, "requisite-invented", "each requisite once", "one of them twice")
    for url in derived.keys() - stated.keys():
        yield differs(case, "requisite-unlisted", f"{derived[url].kind} {url}", "not listed")
    for url, requisite in stated.items():
        if url in derived:
            yield from _check_outcome(case, derived[url], requisite)
    for url in stated.keys() - derived.keys():
        if url in case.elsewhere:
            yield from _check_outcome(case, case.elsewhere[url], stated[url])
        # What scripts name, only a browser requests; what a memento needs is compared with its look-up.
        elif not had_browser(entry) and not case.lacks_parts and not _is_of_memento(entry, stated[url]):
            named_by = f"{stated[url].kind} {url}, named by {stated[url].found_in}"
            yield differs(case, "requisite-invented", "named by no page or style sheet of the source", named_by)


def _is_of_memento(entry: SourceEntry, requisite: Requisite) -> bool:
    """True of what a copy in another archive needs: a document of that archive names it."""
    archives = {_host(copy.url) for copy in entry.copies if copy.kind == "memento"}
    return _host(requisite.found_in) in archives - {None}


def _host(address: str | None) -> str | None:
    try:
        return parse(address).host if address is not None else None
    except UrlError:
        return None


def _outcome_of(requisite: Requisite) -> str:
    decorative = "decorative" if requisite.decorative else None
    parts = (requisite.kind, requisite.outcome, requisite.reason, requisite.status, decorative)
    return " ".join(str(part) for part in parts if part is not None)


def _check_outcome(case: SourceCase, derived: Requisite, stated: Requisite) -> Iterator[Finding]:
    if derived.url in case.derived.missing:
        if stated.outcome in ("captured", "error"):
            yield differs(case, "requisite-missing", f"{stated.outcome}: {stated.url}", "no record of it")
        elif stated.record is None:
            # What our own policy refused is recorded; what is over the limit, the visit does not request either.
            expected = "a record of why it is not here"
            yield differs(case, "verdict-contradicted", expected, _outcome_of(stated), note=stated.url)
        return
    expected, found = _outcome_of(derived), _outcome_of(stated)
    if not had_browser(case.entry) and derived.found_in != stated.found_in:
        yield differs(case, "requisite-invented", derived.found_in, stated.found_in, note=stated.url)
    if expected != found:
        yield differs(case, "verdict-contradicted", expected, found, note=stated.url)
