"""Where the links of two equal texts lead: to one place, to what stands in its stead, or elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.said_apart import SHOWN
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.dates import TimeExpression, time_expressions
from archive.corroborate.texts.folding import count_words
from archive.corroborate.texts.interface_words import is_label
from archive.corroborate.texts.places import place_of_target, site_of_address, without_edition
from archive.corroborate.texts.tokens import masked
from archive.corroborate.texts.visit_times import explained
from archive_manifests.corroboration import Difference

_PARTS = re.compile(r"[?&#]")
_LONGEST_TIME = 60
"""Characters of a part of a query that states a time."""


def compare_links(one: TextBlock, other: TextBlock, context: PageContext) -> Iterator[Difference]:
    """What differs in where the links of two texts lead that are equal."""
    places = [[place_of_target(link) for link in block.links] for block in (one, other)]
    leads_alike = places[0] == places[1] or _leads_alike(one, other, places, context)
    if not leads_alike and not _states_visits(places, context):
        first, second = (" ".join(block.links) for block in (one, other))
        yield Difference("link", True, masked(first)[:SHOWN], masked(second)[:SHOWN])
    else:
        apart = [" ".join(link for link in block.links if link not in match.links) for block, match in (
            (one, other), (other, one)
        )]
        yield Difference(LAYOUT, False, masked(apart[0])[:SHOWN], masked(apart[1])[:SHOWN])


def _leads_alike(one: TextBlock, other: TextBlock, places: list[list[str]], context: PageContext) -> bool:
    """True for an entry of a menu that leads to the same section of another edition, and for a label of the site."""
    if any(block.is_main or block.section == "article" or not block.is_link for block in (one, other)):
        return False
    if is_label(one.text) and is_label(other.text):  # `Support us`, which leads to another form of the site
        sites = {site_of_address(link) for link in (*one.links, *other.links)}
        return len(sites) == 1 and context.site in sites
    if any(block.section not in ("nav", "header", "footer") for block in (one, other)):
        return False
    bare = [[*map(without_edition, found)] for found in places]
    return bare[0] == bare[1] and count_words(one.text) <= 3


def _states_visits(places: list[list[str]], context: PageContext) -> bool:
    """True for links to the same places, where each query states the time of its own visit."""
    if len(places[0]) != len(places[1]):
        return False
    pairs = zip(places[0], places[1], strict=True)
    return all(_differs_in_visit(one, other, context) for one, other in pairs if one != other)


def _differs_in_visit(one: str, other: str, context: PageContext) -> bool:
    parts = _PARTS.split(one), _PARTS.split(other)
    if parts[0][0] != parts[1][0] or len(parts[0]) != len(parts[1]):
        return False
    pairs = zip(parts[0], parts[1], strict=True)
    return all(_is_of_visit(first, second, context) for first, second in pairs if first != second)


def _is_of_visit(one: str, other: str, context: PageContext) -> bool:
    """True for two parts of a query that are the time of each visit by one name, or the browser of each observer."""
    (name, _, value), (match, _, value_there) = one.partition("="), other.partition("=")
    if name != match:
        return False
    said = unquote_plus(value), unquote_plus(value_there)
    if all(context.agents) and said == context.agents:
        return True
    times = _whole_time(said[0]), _whole_time(said[1])
    if times[0] is None or times[1] is None:
        return False
    return explained(times[0], times[1], context.visits, is_cached=False)


def _whole_time(text: str) -> TimeExpression | None:
    """The time that all of a text is."""
    found = time_expressions(text) if len(text) <= _LONGEST_TIME else []
    return found[0] if len(found) == 1 and found[0].end - found[0].start == len(text) else None
