"""Data in a page (JSON for search engines, or for its own scripts): every value by its path, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from archive.corroborate.compare.known_states import KnownStates, known_states
from archive.corroborate.compare.leaves import Leaf, describes_page, is_title_alone, read_leaves
from archive.corroborate.compare.other_objects import MOST_UNTITLED, is_when, without_own_objects
from archive.corroborate.explain.phrases import TOKEN
from archive.corroborate.explain.replaced_entries import is_edited
from archive.corroborate.explain.shown_values import ShownValues
from archive.corroborate.explain.site_states import (
    are_arms,
    are_builds_of_file,
    are_digests,
    is_of_trial,
)
from archive.corroborate.explain.values import (
    difference_of,
    explain_value,
    is_flag,
    is_setting,
)
from archive.corroborate.explain.varying_places import Place
from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.align import Gap, gaps
from archive.corroborate.texts.folding import count_words
from archive.corroborate.texts.retractions import takes_back
from archive.corroborate.texts.visit_times import Visits
from archive_manifests.corroboration import Difference

_SHOWN = 300
_RANK = re.compile(r"\.(?:rank|position|index|order)\Z", re.IGNORECASE)
"""Where an entry stands in a list of other pages."""
Explain = Callable[["Leaf | None", "Leaf | None"], str | None]
"""By what two values of one path differ, or that one page alone has one; None where that is content."""


@dataclass(frozen=True, slots=True)
class DataJudge:
    """What is known of the pages that the data are of."""

    visits: Visits
    of_visit: Callable[[Place, str], bool] | None = None
    """Whether a value at a place is known to be brought by its visit alone."""
    is_silent: Callable[[str], bool] | None = None
    """Whether a value says nothing of the page."""
    claims: Callable[[str, str], bool] = lambda path, value: False
    """Whether a value at a path states something by itself, however its program calls what it keeps."""
    shown: ShownValues | None = None
    """What tells whether values of programs may be shown; without it all of them may."""


def compare_data(one: Iterable[str], other: Iterable[str], judge: DataJudge) -> list[Difference]:
    """Differences between the data of two pages, except in what changes with every visit."""
    leaves = list(read_leaves(one)), list(read_leaves(other))
    explain = partial(_explain, judge=judge, known=known_states(leaves, judge.shown))
    found: list[Difference] = []
    if judge.of_visit is not None:
        found, leaves = _without_varying(leaves, judge.of_visit)
    if judge.is_silent is not None:
        shown, leaves = without_own_objects(leaves, judge.is_silent)
        found += shown
    entries = _entries(leaves)
    moved: tuple[list[Leaf], list[Leaf]] = ([], [])
    at = there = 0
    for gap in [*gaps(*([leaf.aligned for leaf in side] for side in leaves)), _end(leaves)]:
        for one_leaf, other_leaf in zip(leaves[0][at : gap.first], leaves[1][there : gap.second], strict=True):
            found += _judged(one_leaf, other_leaf, explain)
        at, there = gap.first_end, gap.second_end
        parts = leaves[0][gap.first : gap.first_end], leaves[1][gap.second : gap.second_end]
        for side, part in zip(moved, parts, strict=True):
            side += [leaf for leaf in part if leaf.entry in entries[0] & entries[1]]
        rests = [[leaf for leaf in part if leaf.entry not in entries[0] & entries[1]] for part in parts]
        found += _of_gap(rests[0], rests[1], entries, explain, judge.is_silent)
    return found + list(_of_moved(*moved, explain))


def places_of_data(texts: Iterable[str]) -> dict[Place, list[str]]:
    """The values of data that pages keep for their programs, by their paths; not of what describes the page itself."""
    found: dict[Place, list[str]] = {}
    for text in texts:
        if not describes_page(text):
            for leaf in read_leaves((text,)):
                found.setdefault(_place_of(leaf), []).append(leaf.value)
    return found


def _explain(one: Leaf | None, other: Leaf | None, *, judge: DataJudge, known: KnownStates) -> str | None:
    there = [leaf for leaf in (one, other) if leaf is not None]
    is_judged = judge.shown is not None and judge.shown.context.is_written and all(leaf.is_stored for leaf in there)
    for is_said in (is_flag, is_setting, is_of_trial) if not is_judged else ():
        if all(is_said(leaf.path, leaf.value) for leaf in there):
            return LAYOUT if not any(judge.claims(leaf.path, leaf.value) for leaf in there) else None
    found = _of_pair(one, other, judge, known) if one is not None and other is not None else None
    if found is not None or judge.shown is None or not all(leaf.is_stored for leaf in there):
        return found
    if known.is_of_subject(one, other) and not judge.shown.is_other_build:
        return None
    if (one is None or other is None) and there[0].value in known.addresses:
        return LAYOUT
    values = one.value if one is not None else "", other.value if other is not None else ""
    return None if judge.shown.differ(there[0].path, *values) else LAYOUT


def _of_pair(one: Leaf, other: Leaf, judge: DataJudge, known: KnownStates) -> str | None:
    found = explain_value(one.path, one.value, other.value, judge.visits)
    if found is not None or one.is_described:
        return found
    if are_arms(one.path, one.value, other.value) or are_builds_of_file(one.value, other.value):
        return LAYOUT
    if known.explains(one, other) and not any(judge.claims(leaf.path, leaf.value) for leaf in (one, other)):
        return LAYOUT
    are_silent = judge.is_silent is not None and judge.is_silent(one.value) and judge.is_silent(other.value)
    return LAYOUT if are_silent and are_digests(one.path, one.value, other.value) else None


def _place_of(leaf: Leaf) -> Place:
    return "data", leaf.path, leaf.position


def _without_varying(
    leaves: tuple[list[Leaf], list[Leaf]], of_visit: Callable[[Place, str], bool]
) -> tuple[list[Difference], tuple[list[Leaf], list[Leaf]]]:
    """The leaves without those that their own visits brought, and what these differ in."""
    known = [{id(leaf): of_visit(_place_of(leaf), leaf.value) for leaf in side} for side in leaves]
    times = [_times_of_gone(side, varies) for side, varies in zip(leaves, known, strict=True)]
    gone = [
        [leaf for leaf in side if varies[id(leaf)] or id(leaf) in own]
        for side, varies, own in zip(leaves, known, times, strict=True)
    ]
    found = [
        difference_of("data", first.path, first.value, second.value, TOKEN)
        for first, second in zip(*gone, strict=False)
        if first != second and first.path == second.path
    ]
    if not found and gone[0] != gone[1]:
        found = [Difference(TOKEN, False, "", "")]
    left = [{id(leaf) for leaf in side} for side in gone]
    one, other = ([leaf for leaf in side if id(leaf) not in left[at]] for at, side in enumerate(leaves))
    return found, (one, other)


def _times_of_gone(leaves: Sequence[Leaf], varies: Mapping[int, bool]) -> set[int]:
    """By identity, the times of objects of other pages whose title and all else their visit alone brought."""
    found: set[int] = set()
    for each in _objects(leaves):
        times = [leaf for leaf in each if is_when(leaf) and not leaf.is_described]
        rest = [leaf for leaf in each if not any(leaf is time for time in times)]
        is_titled = any(count_words(leaf.value) > MOST_UNTITLED for leaf in rest)
        if times and is_titled and all(varies[id(leaf)] for leaf in rest):
            found.update(map(id, times))
    return found


def _objects(leaves: Sequence[Leaf]) -> Iterator[list[Leaf]]:
    """The values of each object, as far as they follow each other: a name that comes again begins another one."""
    each: list[Leaf] = []
    for leaf in leaves:
        if each and (leaf.holder != each[0].holder or any(leaf.path == there.path for there in each)):
            yield each
            each = []
        each.append(leaf)
    if each:
        yield each


def _of_moved(one: list[Leaf], other: list[Leaf], explain: Explain) -> Iterator[Difference]:
    """Values of entries of lists of other pages that both pages have, wherever in the list each stands."""
    if {leaf.aligned for leaf in one} & {leaf.aligned for leaf in other}:
        yield Difference(LAYOUT, False, "", "")
    yield from _by_path(one, other, explain)


def _end(leaves: tuple[Sequence[Leaf], Sequence[Leaf]]) -> Gap:
    return Gap(len(leaves[0]), len(leaves[0]), len(leaves[1]), len(leaves[1]))


def _entries(leaves: tuple[Sequence[Leaf], Sequence[Leaf]]) -> tuple[set[str], set[str]]:
    first, second = ({leaf.entry for leaf in found if leaf.entry} for found in leaves)
    return first, second


def _of_gap(
    one: list[Leaf],
    other: list[Leaf],
    entries: tuple[set[str], set[str]],
    explain: Explain,
    is_silent: Callable[[str], bool] | None,
) -> Iterator[Difference]:
    """Values of one path in their order; entries of lists of other pages that only one of the two has are left out."""
    is_gone = partial(_is_gone, is_silent=is_silent)
    rests = (
        [leaf for leaf in one if not is_gone(leaf, entries[1])],
        [leaf for leaf in other if not is_gone(leaf, entries[0])],
    )
    titles = [
        [leaf.value for leaf in found if is_gone(leaf, there)]
        for found, there in ((one, entries[1]), (other, entries[0]))
    ]
    if any(titles):
        yield _replaced(titles[0], titles[1])
    yield from _by_path(rests[0], rests[1], explain)


def _by_path(one: list[Leaf], other: list[Leaf], explain: Explain) -> Iterator[Difference]:
    """Values of one path, in one entry, in their order."""
    waiting: dict[tuple[str, str], list[Leaf]] = {}
    for leaf in other:
        waiting.setdefault((leaf.path, leaf.entry), []).append(leaf)
    gone: dict[tuple[str, str], list[Leaf]] = {}
    for leaf in one:
        same = waiting.get((leaf.path, leaf.entry))
        if not same:
            gone.setdefault((leaf.path, leaf.entry), []).append(leaf)
        yield from _judged(leaf, same.pop(0) if same else None, explain)
    for left in waiting.values():
        for leaf in left:
            yield from _judged(None, leaf, explain)
    for left in (*gone.values(), *waiting.values()):
        if said := _spelled([leaf.value for leaf in left]):
            yield difference_of("data", left[0].path, said, "", None)


def _spelled(values: list[str]) -> str:
    """The text of several words that a list spells in letters, or in the numbers of letters; empty for any other."""
    if all(len(value) == 1 for value in values):
        said = "".join(values)
    elif all(value.isdigit() and 32 <= int(value) <= 0xFFFF for value in values):
        said = "".join(map(chr, map(int, values)))
    else:
        return ""
    return said if _SPELLED.match(said) else ""


_SPELLED = re.compile(r"[^\W\d_]{2,}(?:[ ,.:;'’-]+[^\W\d_]+){2,}")


def _is_gone(leaf: Leaf, there: set[str], is_silent: Callable[[str], bool] | None) -> bool:
    """True for a value of an entry that the other page lacks; a title alone has to say nothing of the page."""
    if not leaf.entry or leaf.entry in there:
        return False
    if not is_title_alone(leaf.entry):
        return True
    return not leaf.is_described and is_silent is not None and is_silent(leaf.value)


def _replaced(one: list[str], other: list[str]) -> Difference:
    """Entries that were replaced whole; one that was edited and given another address is the same entry."""
    texts = [[text for text in found if count_words(text) > 2] for found in (one, other)]
    for first in texts[0]:
        for second in texts[1][:50]:
            if first != second and is_edited(first, second):
                return Difference("data", True, first[:300], second[:300])
    if any(map(takes_back, (*texts[0], *texts[1]))):
        return Difference("data", True, "; ".join(texts[0])[:300], "; ".join(texts[1])[:300])
    return Difference(LAYOUT, False, "; ".join(texts[0])[:300], "; ".join(texts[1])[:300])


def _judged(one: Leaf | None, other: Leaf | None, explain: Explain) -> Iterator[Difference]:
    if one is None or other is None:
        alone = one or other
        assert alone is not None
        kind = explain(one, other)
        if alone.value or kind is not None:
            yield difference_of("data", alone.path, one.value if one else "", other.value if other else "", kind)
        return
    if one.key == other.key:
        return
    if one.entry and _RANK.search(one.path) and one.value.isdigit() and other.value.isdigit():
        yield difference_of("data", one.path, one.value, other.value, LAYOUT)
        return
    kind = explain(one, other)
    yield difference_of("data", one.path, one.value or '""', other.value or '""', kind)
