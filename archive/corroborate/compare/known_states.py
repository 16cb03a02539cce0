"""What the data of two pages state as a whole: arms of trials, editions, objects of the subject, shared addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.corroborate.compare.leaves import Leaf
from archive.corroborate.explain.shown_values import ShownValues
from archive.corroborate.explain.site_states import is_arm, is_named_arm, names_trial
from archive.corroborate.explain.value_tokens import is_edition
from archive.corroborate.explain.values import is_address


@dataclass(frozen=True, slots=True)
class KnownStates:
    """What programs state of their reader elsewhere in the data of two pages."""

    trials: frozenset[str]
    """Paths of tables in which both pages keep nothing but arms of trials."""
    editions: tuple[frozenset[str], frozenset[str]]
    """The editions that either page serves, in small letters."""
    shown: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    """Objects of either page with a text that the pages show: what lies below them is of the subject too."""
    addresses: frozenset[str] = frozenset()
    """What both pages keep an address of, wherever they keep it."""

    def is_of_subject(self, one: Leaf | None, other: Leaf | None) -> bool:
        """True for two values of which one lies in an object that tells of the subject."""
        sides = zip((one, other), self.shown, strict=True)
        return any(leaf is not None and not shown.isdisjoint(leaf.within) for leaf, shown in sides)

    def explains(self, one: Leaf, other: Leaf) -> bool:
        """True for an arm in a table of nothing else, and for the edition that each page serves by its own programs."""
        is_assigned = one.holder in self.trials and names_trial(one.path.rpartition(".")[2])
        if is_assigned and not {one.value, other.value} & {"true", "false"}:
            return True
        are_editions = is_edition(one.path, one.value) and is_edition(other.path, other.value)
        values = one.value.casefold(), other.value.casefold()
        return are_editions and all(value in there for value, there in zip(values, self.editions, strict=True))


def known_states(leaves: tuple[Sequence[Leaf], Sequence[Leaf]], shown: ShownValues | None) -> KnownStates:
    tables = [_tables_of_arms(side) for side in leaves]
    editions = [
        frozenset(leaf.value.casefold() for leaf in side if is_edition(leaf.path, leaf.value, is_own=True))
        for side in leaves
    ]
    stored = [[leaf for leaf in side if leaf.is_stored] for side in leaves]
    first, second = (
        frozenset(leaf.within[-1] for leaf in side if leaf.within and shown and shown.states(leaf.value))
        for side in stored
    )
    led = [{leaf.value for leaf in side if is_address(leaf.value)} for side in stored]
    return KnownStates(tables[0] & tables[1], (editions[0], editions[1]), (first, second), frozenset(led[0] & led[1]))


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
