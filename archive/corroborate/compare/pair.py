"""Two observers' captures of one source: what they are to each other, and everything in which they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial

from archive.corroborate.compare.beside import compare_beside
from archive.corroborate.compare.builds import compare_builds
from archive.corroborate.compare.data import DataJudge, compare_data
from archive.corroborate.compare.files import compare_files
from archive.corroborate.compare.headers import compare_headers
from archive.corroborate.compare.media import compare_media
from archive.corroborate.compare.other_files import compare_copied_media
from archive.corroborate.compare.program_parts import compare_addresses, compare_sheets, is_other_build
from archive.corroborate.compare.refusals import gives_other_reason
from archive.corroborate.compare.same_files import with_places_of
from archive.corroborate.compare.scripts import ScriptJudge, compare_linked, compare_scripts, names_written
from archive.corroborate.compare.services import compare_services
from archive.corroborate.compare.text import compare_rendered, compare_text
from archive.corroborate.explain.claims import is_of_visit, is_silent_value, names_claim
from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.feed_entries import without_new_entries
from archive.corroborate.explain.shown_values import ShownValues
from archive.corroborate.explain.varying_places import NOTHING, Varying
from archive.corroborate.pages.content import ComparedPage
from archive.corroborate.pages.evidence import CopyEvidence, SourceEvidence, has_observed, is_shown, memento_time
from archive.corroborate.pages.extracts import compare_extracts
from archive.corroborate.pages.script_data import LONGEST_SCRIPT
from archive.corroborate.texts.folding import fold
from archive.corroborate.texts.places import place_of_link, place_signed_for
from archive.corroborate.texts.telemetry import DOCUMENT
from archive.corroborate.texts.tokens import masked
from archive_manifests.corroboration import SUBSTANCE, VOLATILE, Difference, PairStatus
from archive_manifests.ledger import Copy, SourceEntry

MOST = 60
"""Differences of one kind that a pair lists; all are counted."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing two captures found."""

    status: PairStatus
    differences: tuple[Difference, ...] = ()


def compare_sources(
    one: SourceEvidence, other: SourceEvidence, varying: Varying = NOTHING
) -> Compared | None:
    """Compare two captures of a source; None where neither observer saw it.

    `varying` is what the captures of all observers show of the source's places.
    """
    seen = [has_observed(each.entry) and each.live is not None for each in (one, other)]
    copied = list(_copied(one, other))
    if not all(seen) or one.live is None or other.live is None:
        if any(each.is_substance for each in copied):
            return Compared(PairStatus.CONTRADICTS, tidied(copied))
        return Compared(PairStatus.SEEN_ALONE) if any(seen) else None
    differences = [*_verdicts(one.entry, other.entry), *_addresses(one, other), *copied, *_not_compared(one, other)]
    if is_shown(one.entry) and is_shown(other.entry):
        differences += compare_copies(one.live, other.live, (one, other), varying)
        differences += _headers(one.live, other.live)
        differences += compare_extracts(one.extracts, other.extracts)
    elif one.entry.live.status is other.entry.live.status:
        differences += _of_refusals(one, other)
    return Compared(_status(one.live, other.live, differences), tidied(differences))


def _copied(one: SourceEvidence, other: SourceEvidence) -> Iterator[Difference]:
    """One copy in another archive, one further reading of the address: both observers have to have the same."""
    sides = [{_key(copy): (copy, found) for copy, found in (*each.mementos, *each.others)} for each in (one, other)]
    shared = [key for key in sides[0] if key in sides[1]]
    for key in shared:
        (copy, found), (match, there) = sides[0][key], sides[1][key]
        stated = memento_time(copy), memento_time(match)
        if stated[0] != stated[1]:
            yield Difference("memento", True, stated[0] or "", stated[1] or "")
        if there.content is not None:
            there = replace(there, content=with_places_of(there.content, (one, other)))
        for each in compare_copies(found, there):
            if each.is_substance:
                what = "memento" if key[0] == "memento" else each.what
                yield replace(each, what=what)
    for at, alone in enumerate((sides[0].keys() - sides[1].keys(), sides[1].keys() - sides[0].keys())):
        for kind, place in sorted(alone):
            if kind == "live":  # archives are asked anew by each observer
                yield Difference("missing", False, *((place, "") if at == 0 else ("", place)))
    if any(kind == "memento" for kind, _ in shared) and not (is_shown(one.entry) and is_shown(other.entry)):
        yield from compare_copied_media(one, other)


def _not_compared(one: SourceEvidence, other: SourceEvidence) -> Iterator[Difference]:
    """What is larger than what is compared: equal bytes are equal, of all others a part is not known."""
    is_same = one.live is not None and other.live is not None and one.live.payload_sha256 == other.live.payload_sha256
    sides = one.scripts, other.scripts
    for url in sorted(sides[0].keys() & sides[1].keys()):
        sizes = [len(scripts[url]) for scripts in sides]
        if max(sizes) > LONGEST_SCRIPT > 2 * min(sizes):  # no build makes such another size of one
            yield Difference("script", True, f"{url[:300]} {sizes[0]:,}", f"{url[:300]} {sizes[1]:,}")
    if not (one.is_compared and other.is_compared) and not (is_same and one.scripts == other.scripts):
        said = ["" if each.is_compared else "size" for each in (one, other)]
        yield Difference("not-compared", False, said[0], said[1])


def _key(copy: Copy) -> tuple[str, str]:
    return copy.kind, place_of_link(copy.url or "")


def _verdicts(one: SourceEntry, other: SourceEntry) -> Iterator[Difference]:
    first, second = one.live, other.live
    said = tuple(
        str(each.status) if each.reason is None else f"{each.status} ({each.reason})" for each in (first, second)
    )
    if said[0] == said[1]:
        codes = [each.http_status or 0 for each in (one, other)]
        if codes[0] != codes[1] and 206 not in codes:  # 206: a part was requested
            is_substance = all(200 <= code < 300 for code in codes)  # of refusals the texts are compared
            yield Difference("header", is_substance, f"status: {codes[0]}", f"status: {codes[1]}")
        return
    is_substance = not (is_shown(one) and is_shown(other))
    yield Difference("verdict" if is_substance else "missing", is_substance, said[0], said[1])


def _addresses(one: SourceEvidence, other: SourceEvidence) -> Iterator[Difference]:
    """Where the cited address leads in the end, and on which way."""
    urls = [each.entry.final_url or (each.live.url if each.live else "") for each in (one, other)]
    hops = [each.live.hops if each.live is not None else () for each in (one, other)]
    if hops[0] != hops[1]:
        first, second = (" → ".join(f"{status} {masked(url)}" for status, url in each) for each in hops)
        yield Difference("layout", False, first[:400], second[:400])
    if urls[0] == urls[1]:
        return
    is_substance = place_of_link(urls[0]) != place_of_link(urls[1])
    if is_substance and all(hops) and one.live is not None and other.live is not None:
        signed = place_signed_for(urls[0], one.live.visit), place_signed_for(urls[1], other.live.visit)
        is_substance = None in signed or signed[0] != signed[1]  # what is there is compared
    yield Difference(
        "address" if is_substance else "layout", is_substance, masked(urls[0])[:400], masked(urls[1])[:400]
    )


def compare_copies(
    one: CopyEvidence,
    other: CopyEvidence,
    sources: tuple[SourceEvidence, SourceEvidence] | None = None,
    varying: Varying = NOTHING,
) -> list[Difference]:
    """What two copies differ in: of pages text, scripts and media, of files their bytes."""
    if one.content is None or other.content is None:
        return compare_files(one, other)
    pages = one.content, with_places_of(other.content, sources) if sources is not None else other.content
    context = replace(context_of(pages, (one, other)), varying=varying)
    of_visit = partial(is_of_visit, context=context)
    if pages[0].is_data and pages[1].is_data and not (one.is_cut or other.is_cut):
        texts = [" ".join(block.text for block in page.blocks) for page in (pages[0], pages[1])]
        first, second, found = without_new_entries(texts[0], texts[1], context.visits)
        return found + compare_data(
            [f"{DOCUMENT}\0{first}"], [f"{DOCUMENT}\0{second}"], DataJudge(context.visits, of_visit)
        )
    found = compare_text(pages[0], pages[1], context) if pages[0].blocks != pages[1].blocks else []
    if one.is_cut or other.is_cut:
        found = list(_of_cut(one, other, found))
    found += _unread(pages[0], pages[1], context.program_sites)
    silent, claims = partial(is_silent_value, context=context), partial(names_claim, context=context)
    written = names_written((*pages[0].scripts, *pages[1].scripts), context.names_of_main)
    shown = ShownValues(context, written, is_other_build=is_other_build(*pages, context.program_sites))
    found += compare_data(pages[0].data, pages[1].data, DataJudge(context.visits, of_visit, silent, claims, shown))
    if sources is not None:
        judge = ScriptJudge(context.visits, context.names_of_main, of_visit, shown)
        found += compare_scripts(pages[0].scripts, pages[1].scripts, judge)
        scripts, built = compare_builds((sources[0].scripts, sources[1].scripts), context)
        found += built + compare_linked(*scripts, replace(judge, of_visit=None))
        known = sources[0].scripts, sources[1].scripts
        found += compare_addresses(_linked(pages[0], context), _linked(pages[1], context), known, context.program_sites)
        found += compare_services(sources, context)
        found += compare_media(*sources)
        found += compare_beside(pages[0].beside, pages[1].beside, context)
        found += compare_rendered(sources[0].rendered, sources[1].rendered, (pages[0], pages[1]), context)
    return found


def _linked(page: ComparedPage, context: PageContext) -> list[str]:
    """Addresses of scripts outside of the changing places that both pages have."""
    return [*page.linked, *(url for slot, url in page.linked_in if slot not in context.slots)]


def context_of(pages: tuple[ComparedPage, ComparedPage], copies: tuple[CopyEvidence, CopyEvidence]) -> PageContext:
    return PageContext(
        (copies[0].visit, copies[1].visit), pages[0].slots & pages[1].slots, pages, (pages[0].agent, pages[1].agent)
    )


def _of_cut(one: CopyEvidence, other: CopyEvidence, found: list[Difference]) -> Iterator[Difference]:
    """Of a response that broke off: what is lacking at its end is no contradiction, another word before that is."""
    short, whole = (one, other) if len(one.text) <= len(other.text) else (other, one)
    lines, there = ([fold(block.text) for block in each.text] for each in (short, whole))
    is_start = lines[:-1] == there[: max(len(lines) - 1, 0)]
    if is_start and (not lines or there[len(lines) - 1 :][:1] == [] or there[len(lines) - 1].startswith(lines[-1])):
        yield Difference("truncated", False, f"{len(one.text)}", f"{len(other.text)}")
        yield from (each for each in found if not each.is_substance)
    else:
        yield from found


def _unread(one: ComparedPage, other: ComparedPage, sites: Set[str]) -> list[Difference]:
    """Styles that can hide or change what is seen and are not evaluated: for the main text both have the same."""
    said = Counter([*one.unread, *one.risky]), Counter([*other.unread, *other.risky])
    found = [*compare_sheets(one, other, sites)]
    for at, alone in enumerate((said[0] - said[1], said[1] - said[0])):
        for text in sorted(alone):
            is_apart = text in (one, other)[at].apart
            sides = (text, "") if at == 0 else ("", text)
            found.append(Difference("layout" if is_apart else "style", not is_apart, *sides))
    return found


def _headers(one: CopyEvidence, other: CopyEvidence) -> Iterator[Difference]:
    yield from compare_headers(one.headers, other.headers, (one.url, other.url), (one.visit, other.visit))


def _of_refusals(one: SourceEvidence, other: SourceEvidence) -> Iterator[Difference]:
    """Two pages that say alike that the source is gone: by their status, their words are the server's alone.

    Where only the words of a page with another status say so, they are compared as those of any page.
    """
    if one.live is None or other.live is None or one.live.payload_sha256 == other.live.payload_sha256:
        return
    is_stated = all((each.entry.http_status or 0) >= 400 for each in (one, other))
    for each in compare_copies(one.live, other.live, (one, other)):
        is_of_server = is_stated and each.is_substance and not gives_other_reason(each, one.live, other.live)
        yield replace(each, what="layout", is_substance=False) if is_of_server else each


def tidied(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """Substance first; equal differences once, with their number; of each kind the first `MOST`."""
    counted: dict[Difference, int] = {}
    for each in differences:
        key = replace(each, count=1)
        counted[key] = counted.get(key, 0) + each.count
    shown: dict[str, int] = {}
    found = []
    for each, count in sorted(counted.items(), key=lambda item: _rank(item[0])):
        shown[each.what] = shown.get(each.what, 0) + 1
        if shown[each.what] <= MOST:
            found.append(replace(each, count=count))
    return tuple(found)


def _rank(each: Difference) -> int:
    kinds = (*SUBSTANCE, *VOLATILE)
    return kinds.index(each.what) + (0 if each.is_substance else len(kinds))


def _status(one: CopyEvidence, other: CopyEvidence, differences: Sequence[Difference]) -> PairStatus:
    if any(each.is_substance for each in differences):
        return PairStatus.CONTRADICTS
    if any(each.what not in ("normalisation",) for each in differences):
        return PairStatus.DIFFERS
    if one.payload_sha256 is not None and one.payload_sha256 == other.payload_sha256:
        return PairStatus.SAME_BYTES
    return PairStatus.SAME_TEXT if one.text or other.text else PairStatus.SAME_MEDIA


def status_of_copies(one: CopyEvidence, other: CopyEvidence) -> Compared:
    """Two copies, one of them perhaps another archive's: compared by what they say."""
    differences = compare_copies(one, other)
    return Compared(_status(one, other, differences), tidied(differences))
