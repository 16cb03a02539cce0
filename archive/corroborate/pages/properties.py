"""Custom properties of style sheets (`--ink: red`): what reads one, and whether that can be the main text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from archive.corroborate.pages.looks import is_compared

_READ = re.compile(r"\bvar\(\s*(--[\w-]+)", re.IGNORECASE)
_DECLARED = re.compile(r"\{ (--[\w-]+): ")
"""Within what is noted of a declaration."""


def name_declared(text: str) -> str:
    """The custom property that a declaration is of, as it is noted; empty for any other."""
    found = _DECLARED.search(text)
    return found[1] if found is not None else ""


@dataclass(slots=True)
class PropertyReaders:
    """Which declarations read the custom properties of a page. (CSS Custom Properties 1, section 3)"""

    _known: set[str] = field(default_factory=set)
    _preludes: dict[str, set[str]] = field(default_factory=dict)
    """Property -> selectors of the rules that read it for something that is compared."""
    _passed_on: dict[str, set[str]] = field(default_factory=dict)
    """Property -> others that have its value."""

    def add(self, prelude: str, name: str, value: str) -> None:
        """Take note of a declaration; `prelude` is empty for one that may be of anything."""
        for read in _READ.findall(value):
            self._known.add(read)
            if name.startswith("--"):
                self._passed_on.setdefault(read, set()).add(name)
            elif is_compared(name, value):
                self._preludes.setdefault(read, set()).add(prelude)

    def is_known(self, name: str) -> bool:
        """True for a property that something reads."""
        return name in self._known

    def is_apart(self, name: str, is_apart: Callable[[str], bool]) -> bool:
        """True where everything that reads a property is of no element of the main text, by its selector."""
        return all(is_apart(prelude) for each in self._reached(name) for prelude in self._preludes.get(each, ()))

    def _reached(self, name: str) -> Iterator[str]:
        """A property, and those that have its value."""
        seen, waiting = {name}, [name]
        while waiting:
            each = waiting.pop()
            yield each
            new = self._passed_on.get(each, set()) - seen
            seen |= new
            waiting += new
