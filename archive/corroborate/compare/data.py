"""Data in a page (JSON for search engines, or for its own scripts): every value by its path, in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from archive.corroborate.compare.leaves import CAMEL, KEYS, Leaf, describes_page, is_title_alone, read_leaves
from archive.corroborate.explain.phrases import TOKEN
from archive.corroborate.explain.replaced_entries import is_edited
from archive.corroborate.explain.shown_values import ShownValues
from archive.corroborate.explain.site_states import (
    are_arms,
    are_builds_of_file,
    are_digests,
    is_arm,
    is_named_arm,
    is_of_trial,
    names_trial,
)
from archive.corroborate.explain.value_tokens import is_edition
from archive.corroborate.explain.values import (
    difference_of,
    explain_value,
    is_changing,
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
_LEADS = re.compile(r"(?:https?:/)?/\S+\Z", re.IGNORECASE)
"""An address: an object with one is of another page."""
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
    explain = partial(_explain, judge=judge, known=_known_states(leaves, judge.shown))
    found: list[Difference] = []
    if judge.of_visit is not None:
        found, leaves = _without_varying(leaves, judge.of_visit)
    if judge.is_silent is not None:
        shown, leaves = _without_own_objects(leaves, judge.is_silent)
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


def _without_own_objects(
    leaves: tuple[list[Leaf], list[Leaf]], is_silent: Callable[[str], bool]
) -> tuple[list[Difference], tuple[list[Leaf], list[Leaf]]]:
    """The leaves without those of other pages that one page's store alone has and that say nothing of it."""
    holders = [{leaf.holder for leaf in side} for side in leaves]
    leading = _of_other_pages(leaves)
    alone = [
        [
            leaf
            for leaf in side
            if leaf.holder in leading[at] - holders[1 - at] and _is_of_title(leaf) and _says_nothing(leaf, is_silent)
        ]
        for at, side in enumerate(leaves)
    ]
    if not any(alone):
        return [], leaves
    gone = [{id(leaf) for leaf in side} for side in alone]
    first, second = ([leaf for leaf in side if id(leaf) not in gone[at]] for at, side in enumerate(leaves))
    return [_shown_beside(alone)], (first, second)


def _says_nothing(leaf: Leaf, is_silent: Callable[[str], bool]) -> bool:
    return is_silent(leaf.value) or _is_when(leaf)


def _of_other_pages(sides: tuple[Sequence[Leaf], Sequence[Leaf]]) -> list[set[str]]:
    """The paths of objects with an address of which there are several, or that are kept by a number: `Post:6`.

    Without an address, both pages have to keep such objects by their numbers.
    """
    stores = [{store for leaf in side if (store := _store(leaf.holder))} for side in sides]
    found = []
    for side in sides:
        often = Counter(leaf.holder for leaf in side if _LEADS.match(leaf.value) and not leaf.is_described)
        led = {
            holder for holder, number in often.items() if number > 1 or any(map(str.isdigit, holder.rpartition(".")[2]))
        }
        titled = {leaf.holder for leaf in side if _TITLES.fullmatch(leaf.path.rpartition(".")[2])}
        found.append(led | {holder for holder in titled if _store(holder) in stores[0] & stores[1]})
    return found


def _store(holder: str) -> str:
    """What objects of one kind are kept in by their numbers, `Post` for `Post:6`; empty for all others."""
    match = _BY_NUMBER.search(holder)
    return holder[: match.start()] if match is not None else ""


_BY_NUMBER = re.compile(r"[.:/_-](?:\d{1,20}|(?=[a-f]*\d)[0-9a-f]{5,40})\Z")


_TITLES = re.compile(r"(?:\w+_)?(?:title|head_?line|name|label|section|category)", re.IGNORECASE)
_MOST_UNTITLED = 2
"""Words of a value that is no title: a kind of page, a section."""


def _is_of_title(leaf: Leaf) -> bool:
    """True for what a list of other pages says of one: its title, its address, its number. No text, and no markup."""
    name = CAMEL.sub("_", leaf.path.rpartition(".")[2])
    if "<" in leaf.value:
        return False
    if _is_when(leaf):
        return True
    if _NUMBER.fullmatch(leaf.value):
        return name.lower() in KEYS or is_changing(leaf.path, leaf.value)
    return count_words(leaf.value) <= _MOST_UNTITLED or _TITLES.fullmatch(name) is not None


def _is_when(leaf: Leaf) -> bool:
    """True for the moment at which another page was published."""
    name = CAMEL.sub("_", leaf.path.rpartition(".")[2])
    return _WHEN.fullmatch(name) is not None and _MOMENT.fullmatch(leaf.value) is not None


_WHEN = re.compile(r"(?:\w+_)?(?:date|time|at|published|updated|created|modified)", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]{4,16}(?:Z|[+-]\d\d:?\d\d)?)?")
_NUMBER = re.compile(r"-?[0-9.,]{1,40}")


def _shown_beside(sides: Sequence[Sequence[Leaf]]) -> Difference:
    """Objects that one page alone keeps, and that say nothing of it: those of its other pages."""
    first, second = ("; ".join(leaf.value for leaf in side if count_words(leaf.value) > 1)[:_SHOWN] for side in sides)
    return Difference(LAYOUT, False, first, second)


@dataclass(frozen=True, slots=True)
class _States:
    """What programs state of their reader elsewhere in the data of two pages."""

    trials: frozenset[str]
    """Paths of tables in which both pages keep nothing but arms of trials."""
    editions: tuple[frozenset[str], frozenset[str]]
    """The editions that either page serves, in small letters."""
    shown: frozenset[str] = frozenset()
    """Paths of objects with a text that the pages show: what lies below them is of the subject too."""

    def is_of_subject(self, leaf: Leaf) -> bool:
        """True for a value of an object that tells of the subject."""
        parts = leaf.holder.split(".")
        return any(".".join(parts[: at + 1]) in self.shown for at in range(len(parts)))


def _known_states(leaves: tuple[Sequence[Leaf], Sequence[Leaf]], shown: ShownValues | None) -> _States:
    tables = [_tables_of_arms(side) for side in leaves]
    editions = [
        frozenset(leaf.value.casefold() for leaf in side if is_edition(leaf.path, leaf.value, is_own=True))
        for side in leaves
    ]
    stating = (leaf.holder for side in leaves for leaf in side if leaf.is_stored and shown and shown.states(leaf.value))
    return _States(tables[0] & tables[1], (editions[0], editions[1]), frozenset(stating))


def _tables_of_arms(leaves: Sequence[Leaf]) -> frozenset[str]:
    """Objects of several values of which each is an arm or a switch, and one an arm by the name that trials give it."""
    held: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        held.setdefault(leaf.holder, []).append(leaf)
    return frozenset(
        holder
        for holder, values in held.items()
        if len(values) > 1
        and all(is_arm(leaf.value) and not leaf.is_described for leaf in values)
        and any(is_named_arm(leaf.value) for leaf in values)
    )


def _is_known_state(one: Leaf, other: Leaf, known: _States) -> bool:
    """True for an arm in a table of nothing else, and for the edition that each page serves by its own programs."""
    is_assigned = one.holder in known.trials and names_trial(one.path.rpartition(".")[2])
    if is_assigned and not {one.value, other.value} & {"true", "false"}:
        return True
    are_editions = is_edition(one.path, one.value) and is_edition(other.path, other.value)
    values = one.value.casefold(), other.value.casefold()
    return are_editions and all(value in there for value, there in zip(values, known.editions, strict=True))


def _explain(one: Leaf | None, other: Leaf | None, *, judge: DataJudge, known: _States) -> str | None:
    there = [leaf for leaf in (one, other) if leaf is not None]
    for is_said in (is_flag, is_setting, is_of_trial):
        if all(is_said(leaf.path, leaf.value) for leaf in there):
            return LAYOUT if not any(judge.claims(leaf.path, leaf.value) for leaf in there) else None
    found = _of_pair(one, other, judge, known) if one is not None and other is not None else None
    if found is not None or judge.shown is None or not all(leaf.is_stored for leaf in there):
        return found
    if any(map(known.is_of_subject, there)) and not judge.shown.is_other_build:
        return None
    values = one.value if one is not None else "", other.value if other is not None else ""
    return None if judge.shown.differ(there[0].path, *values) else LAYOUT


def _of_pair(one: Leaf, other: Leaf, judge: DataJudge, known: _States) -> str | None:
    found = explain_value(one.path, one.value, other.value, judge.visits)
    if found is not None or one.is_described:
        return found
    if are_arms(one.path, one.value, other.value) or are_builds_of_file(one.value, other.value):
        return LAYOUT
    if _is_known_state(one, other, known) and not any(judge.claims(leaf.path, leaf.value) for leaf in (one, other)):
        return LAYOUT
    are_silent = judge.is_silent is not None and judge.is_silent(one.value) and judge.is_silent(other.value)
    return LAYOUT if are_silent and are_digests(one.path, one.value, other.value) else None


def _place_of(leaf: Leaf) -> Place:
    return "data", leaf.path


def _without_varying(
    leaves: tuple[list[Leaf], list[Leaf]], of_visit: Callable[[Place, str], bool]
) -> tuple[list[Difference], tuple[list[Leaf], list[Leaf]]]:
    """The leaves without those that their own visits brought, and what these differ in."""
    known = [{leaf: of_visit(_place_of(leaf), leaf.value) for leaf in side} for side in leaves]
    times = [_times_of_gone(side, varies) for side, varies in zip(leaves, known, strict=True)]
    gone = [
        [leaf for leaf in side if varies[leaf] or id(leaf) in own]
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


def _times_of_gone(leaves: Sequence[Leaf], varies: Mapping[Leaf, bool]) -> set[int]:
    """By identity, the times of objects of other pages whose title and all else their visit alone brought."""
    found: set[int] = set()
    for each in _objects(leaves):
        times = [leaf for leaf in each if _is_when(leaf) and not leaf.is_described]
        rest = [leaf for leaf in each if not any(leaf is time for time in times)]
        is_titled = any(count_words(leaf.value) > _MOST_UNTITLED for leaf in rest)
        if times and is_titled and all(varies[leaf] for leaf in rest):
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
    for leaf in one:
        same = waiting.get((leaf.path, leaf.entry))
        yield from _judged(leaf, same.pop(0) if same else None, explain)
    for left in waiting.values():
        for leaf in left:
            yield from _judged(None, leaf, explain)


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
