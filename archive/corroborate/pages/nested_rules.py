"""Rules of a style sheet that stand within other rules. (CSS Nesting 1)"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import tinycss2

_NESTED = ("supports", "layer", "container", "scope", "media")
"""At-rules that may stand within a rule."""


def nested_rules(rule: Any) -> Iterator[Any]:
    """Rules within a rule, each with the selector of the outer one in it. (CSS Nesting 1)"""
    for node in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
        if node.type == "qualified-rule":
            node.prelude = _joined_selectors(rule.prelude, node.prelude)
            yield node
        elif node.type == "at-rule" and node.content is not None and node.lower_at_keyword in _NESTED:
            # Declarations that stand here directly are of the outer rule.
            text = f"{tinycss2.serialize(rule.prelude)}{{{tinycss2.serialize(node.content)}}}"
            node.content = tinycss2.parse_component_value_list(text)
            yield node


def _joined_selectors(outer: Sequence[Any], inner: Sequence[Any]) -> list[Any]:
    """`a, b` and `& .c, d` are `:is(a, b) .c, :is(a, b) d`."""
    parent = f":is({tinycss2.serialize(outer).strip()})"
    parts: list[str] = [""]
    for token in inner:
        if token.type == "literal" and token.value == ",":
            parts.append("")
        else:
            parts[-1] += parent if token.type == "literal" and token.value == "&" else token.serialize()
    joined = (part.strip() if parent in part else f"{parent} {part.strip()}" for part in parts)
    return list(tinycss2.parse_component_value_list(", ".join(joined)))
