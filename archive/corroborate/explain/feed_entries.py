"""New entries of a feed (RSS, Atom, JSON Feed): those that came between two visits, and what they pushed off its end.

An entry is new if it stands before all that both have and states a time between the two visits. A feed holds so many
entries: as many as came may have gone from its end. Whatever takes something back, or is another entry with some words
changed, stays and is compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from archive.corroborate.explain.replaced_entries import is_edited
from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.retractions import takes_back
from archive.corroborate.texts.visit_times import Visits
from archive_manifests.corroboration import Difference

_LISTS = (("rss", "channel", "item"), ("feed", "entry"), ("RDF", "item"), ("items",))
"""Where the entries of a feed stand."""
_IDS = ("guid", "id", "@about", "url", "link")
_TIMES = ("pubDate", "published", "date_published", "date", "updated")
_MADE = ("lastBuildDate", "updated", "pubDate", "date")
_SAYS = ("summary", "description", "content", "content_text", "content_html")
_CLOCKS = timedelta(minutes=2)
_CACHED = timedelta(days=1)
"""For how long a server may send a feed that it wrote once."""
_SHOWN = 300
Entry = dict[str, Any]


def without_new_entries(one: str, other: str, visits: Visits) -> tuple[str, str, list[Difference]]:
    """Two feeds as JSON without the entries that only time put into one of them, and what those say."""
    texts = [one, other]
    try:
        read = [json.loads(text) for text in texts]
    except (ValueError, RecursionError):
        return one, other, []
    lists = [found for feed in read if (found := _entries_of(feed)) is not None]
    if len(lists) < 2:
        return one, other, []
    earlier, later = (0, 1) if visits[0] <= visits[1] else (1, 0)
    holders = [_holder_of(feed) for feed in read]
    new, gone = _changed(lists[earlier], lists[later], _made(holders[earlier], visits[earlier]), visits[later])
    if not new:
        return one, other, []
    _keep(lists[later], new)
    _keep(lists[earlier], gone)
    texts = [json.dumps(feed, ensure_ascii=False) for feed in read]
    shown = ["; ".join(map(_title, found))[:_SHOWN] for found in (gone, new)]
    first, second = shown if earlier == 0 else shown[::-1]
    return texts[0], texts[1], [Difference(LAYOUT, False, first, second)]


def _holder_of(feed: object) -> Entry | None:
    """What states of a feed what its entries are."""
    for path in _LISTS:
        found = feed
        for name in path[:-1]:
            inner = found.get(name) if isinstance(found, dict) else None
            found = inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
        if isinstance(found, dict) and path[-1] in found and (path != ("items",) or "jsonfeed" in str(found)):
            return found
    return None


def _entries_of(feed: object) -> list[Entry] | None:
    """The entries of a feed, each with an identifier of its own; None for anything else."""
    holder = _holder_of(feed)
    listed = next((holder[path[-1]] for path in _LISTS if holder is not None and path[-1] in holder), None)
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        return None
    names = [_id_of(each) for each in listed]
    return listed if all(names) and len(set(names)) == len(names) else None


def _changed(earlier: list[Entry], later: list[Entry], since: datetime, until: datetime) -> tuple[list[Entry], ...]:
    """Entries that came at the beginning, and as many at most that went from the end."""
    known, there = {_id_of(each) for each in earlier}, {_id_of(each) for each in later}
    start = next((at for at, each in enumerate(later) if _id_of(each) in known), len(later))
    end = len(earlier) - next((at for at, each in enumerate(reversed(earlier)) if _id_of(each) in there), len(earlier))
    new, gone = later[:start], earlier[end:]
    if start == len(later) or len(gone) > len(new) or not all(_came(each, since, until) for each in new):
        return [], []
    return ([], []) if any(_is_edit(each, earlier) for each in new) else (new, gone)


def _came(entry: Entry, since: datetime, until: datetime) -> bool:
    stated = [moment for name in _TIMES if (moment := _moment(_text(entry.get(name)))) is not None]
    return bool(stated) and all(since - _slack(moment) < moment <= until + _CLOCKS for moment in stated)


def _slack(moment: datetime) -> timedelta:
    """A day for what states no hour."""
    is_day = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return timedelta(days=1) if is_day else _CLOCKS


def _is_edit(entry: Entry, earlier: list[Entry]) -> bool:
    """True for an entry that takes something back, or says with other words what another one says."""
    return takes_back(" ".join(_texts(entry))) or any(map(partial(_is_like, entry), earlier))


def _is_like(entry: Entry, other: Entry) -> bool:
    """True for the title, and what else both say, with some words changed: `Weekly log 48` is no `Weekly log 47`."""
    if not is_edited(_title(entry), _title(other)):
        return False
    said = [" ".join(_text(each.get(name)) for name in _SAYS) for each in (entry, other)]
    return not all(text.strip() for text in said) or is_edited(*said)


def _made(holder: Entry | None, visit: datetime) -> datetime:
    """When the earlier feed was written: at the visit, or before that, if it says so."""
    stated = [moment for name in _MADE if holder and (moment := _moment(_text(holder.get(name)))) is not None]
    return max(min([visit, *stated]), visit - _CACHED)


def _keep(entries: list[Entry], taken: list[Entry]) -> None:
    entries[:] = [each for each in entries if not any(each is one for one in taken)]


def _id_of(entry: Entry) -> str:
    return next((text for name in _IDS if (text := _text(entry.get(name)))), "")


def _title(entry: Entry) -> str:
    return _text(entry.get("title")) or _text(entry.get("content_text"))


def _text(value: object) -> str:
    """The text of an element of a feed, with attributes or without."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        return str(value.get("#text") or value.get("@href") or "")
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Iterator[str]:
    """What the elements of an entry say, not their attributes (`isPermaLink="false"`)."""
    if isinstance(value, dict):
        yield from (text for name, each in value.items() if not name.startswith("@") for text in _texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _texts(each))
    elif isinstance(value, str):
        yield value


def _moment(text: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return None
