"""The text that a reader of a page can see, as it is read."""

from __future__ import annotations

import re

_UNSEEN = frozenset(
    (
        "script", "style", "noscript", "template", "title", "noframes", "noembed", "iframe", "object", "canvas",
        "video", "audio", "datalist",
    )
)  # fmt: skip
"""Not `head`: libxml2 does not let HTML5's newer elements end it where its end tag is left out."""
_FLOWS = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "svg", "path", "g", "use",
    )
)  # fmt: skip
"""Elements that do not break a line: a name may run through several of them."""
_MOST_PARTS = 4096
_MOST_WAITING = 1 << 20
"""Characters that are put into one string at the latest."""
# Neither matches what is right already: the pieces between millions of matches weigh more than the text.
_SPACES = re.compile(r"[ \t\f\xa0]{2,}|[\t\f\xa0]")
_BREAKS = re.compile(r" +\n[ \n]*|\n[ \n]+")

_SHELL_IDS = frozenset(
    (
        "root", "app", "__next", "__nuxt", "___gatsby", "react-root", "main-app", "q-app", "svelte", "app-root",
        "app-mount", "application",
    )
)  # fmt: skip
_SHELL_TAGS = frozenset(("app-root", "ion-app"))


class Prose:
    """Collects visible text, what `<noscript>` says, and whether an application's root stayed empty."""

    def __init__(self) -> None:
        self.letters = 0
        """Characters of visible text so far, white space at the ends of runs aside."""
        self.shell: str | None = None
        self._parts: list[str] = []
        self._waiting = 0
        """Characters in the parts."""
        self._blocks: list[str] = []
        self._unseen = 0
        self._roots: list[tuple[int, str, int]] = []  # depth, name, letters before

    def start(self, tag: str, element_id: str | None, depth: int) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag not in _FLOWS:
            self._parts.append("\n")
        if (element_id and element_id in _SHELL_IDS) or tag in _SHELL_TAGS:
            self._roots.append((depth, f"#{element_id}" if element_id else f"<{tag}>", self.letters))

    def end(self, tag: str, depth: int) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag not in _FLOWS:
            self._parts.append("\n")
        if self._roots and self._roots[-1][0] == depth:
            _, name, before = self._roots.pop()
            if self.letters - before < 40:  # a spinner's "Loading…" fills nothing
                self.shell = self.shell or name

    def data(self, text: str) -> None:
        if not self._unseen:
            self._parts.append(text)
            self.letters += len(text.strip())
            self._waiting += len(text)
            if len(self._parts) > _MOST_PARTS or self._waiting > _MOST_WAITING:
                self._condense()

    def text(self) -> str:
        self._condense()
        joined = "".join(self._blocks)
        self._blocks = [joined]
        return joined.strip()

    def _condense(self) -> None:
        """Put what was collected so far into one string, its spaces already single: small strings weigh much.

        White space at its end waits for what follows, so that nothing has to be looked at again behind it.
        """
        spaced = _SPACES.sub(" ", "".join(self._parts).replace("\r", "\n"))
        block = _BREAKS.sub("\n", spaced)
        ended = block.rstrip(" \n")
        self._blocks.append(ended if self._blocks else ended.lstrip())  # at once: later it would copy all of the text
        self._parts = [block[len(ended) :]]
        self._waiting = 0
