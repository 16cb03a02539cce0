"""A channel's page of many messages, in which everything that may change does, and forgeries of it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.page_pairs import VISIT, evidence


def page_at(when: datetime, chance: random.Random) -> str:
    """What the server sends at a time: other shards, tokens and counts."""
    minutes = int((when - VISIT).total_seconds() // 60)

    def shard() -> str:
        return f"https://cdn{chance.randint(1, 5)}.files.example/file"

    def token() -> str:
        return "".join(chance.choice("0123456789abcdef") for _ in range(30))

    messages = "".join(
        f'<div class="message" data-post="chan/{number}"><img src="{shard()}/av{number}.jpg?token={token()}">'
        f'<div class="message_text">Message {number}: shelling near village {number * 7}.</div>'
        f'<a href="/chan/{number}" style="width:800px;background-image:url(\'{shard()}/ph{number}abcd.jpg\')"></a>'
        f'<span class="reaction"><i class="emoji"><b>👍</b></i>{100 + number + minutes}</span>'
        f'<div class="info"><span class="message_views">{(12000 + number * 100 + minutes * 9) / 1000:.1f}K</span><span> views</span>'
        f'<a href="/chan/{number}"><time datetime="2026-11-2{number}T08:00:00+00:00">08:00</time></a></div></div>'
        for number in range(1, 8)
    )
    return (
        f'<html><head><title>Channel</title><meta property="og:image" content="{shard()}/og.jpg"></head><body>'
        f'<header><span class="counter_value">{(31000 + minutes * 3) / 1000:.1f}K</span> <span>subscribers</span></header>'
        f'<main>{messages}</main><script>Web.init({{"api_url":"https://chan.example/api?hash={token()}"}});</script></body></html>'
    )


FORGED = {
    "place": ("village 21", "village 12"),
    "picture": ("ph3abcd", "ph9abcd"),
    "post": ("chan/4", "chan/5"),
    "day": ("2026-11-25T", "2026-11-26T"),
    "unit": ("subscribers", "prisoners"),
}


@pytest.mark.parametrize("seed", range(3))
def test_a_page_of_messages_contradicts_only_where_it_is_forged(seed: int) -> None:
    chance = random.Random(seed)
    later = VISIT + timedelta(seconds=chance.randint(1, 3 * 3600))
    page, other = page_at(VISIT, chance), page_at(later, chance)
    one = evidence(page, VISIT)
    honest = compare_sources(one, evidence(other, later))
    assert honest is not None
    assert [each for each in honest.differences if each.is_substance] == []
    for name, (old, new) in FORGED.items():
        assert old in other
        forged = compare_sources(one, evidence(other.replace(old, new, 1), later))
        assert forged is not None
        assert forged.status is PairStatus.CONTRADICTS, name


HEADLINES = (
    "Farmers end the harvest of maize", "A new line for the tram", "Five medals for pupils", "Trial on tenders goes on",
    "Shelling of the border post on Monday: three guards wounded, says their service", "The post changes its prices",
    "A hospital gets machines", "Exhibition of posters", "Ferry for the holidays",
)  # fmt: skip


def channel(*numbers: int) -> str:
    """A preview of the channel's last messages, of which one alone is a sentence."""
    messages = (
        f'<div class=wrap><div class=message data-post="chan/{number}"><div class=message_text>{HEADLINES[number - 1]}</div>'
        f'<time datetime="2026-11-{22 + min(number, 7)}T{number + 4:02}:00:00+00:00">08:00</time></div></div>'
        for number in numbers
    )
    return f"<html><head><title>Channel</title></head><body><section>{''.join(messages)}</section></body></html>"


@pytest.mark.parametrize(
    ("numbers", "status"),
    [
        ((3, 4, 5, 6, 7, 8, 9), PairStatus.DIFFERS),
        ((1, 2, 3, 4, 5, 6, 7, 8, 9), PairStatus.DIFFERS),
        ((1, 2, 3, 4, 5, 6), PairStatus.CONTRADICTS),
        ((1, 2, 4, 5, 6, 7, 8), PairStatus.CONTRADICTS),
        ((4, 5, 6, 7, 8), PairStatus.CONTRADICTS),
        ((1, 3, 2, 4, 5, 6, 7), PairStatus.CONTRADICTS),
    ],
    ids=["moved on", "grown", "the last is missing", "one of the middle is missing", "more are gone than came", "another order"],
)
def test_older_messages_make_room_for_as_many_as_came(numbers: tuple[int, ...], status: PairStatus) -> None:
    one, other = (evidence(channel(*each), VISIT + at * timedelta(days=2)) for at, each in enumerate(((1, 2, 3, 4, 5, 6, 7), numbers)))
    for pair in ((one, other), (other, one)):
        found = compare_sources(*pair)
        assert found is not None
        assert found.status is status


ALERT = "Channel alert: drones heading towards the northern region."


def alerts(*messages: tuple[int, str, str]) -> str:
    said = "".join(
        f'<div class=wrap><div class=message data-post="chan/{number}"><div class=message_text>{text}</div><span>👍{number + 7}</span>'
        f'<span class=message_views>{number}.{number}K</span><span> views</span><time datetime="2026-11-{when}:00+00:00">{when[-5:]}</time></div></div>'
        for number, when, text in messages
    )
    return f"<html><head><title>Channel</title></head><body><section>{said}</section></body></html>"


FIRST = ((1, "27T06:12", "Channel alert: drones heading towards the northern region. Go to the shelters."), (2, "27T07:03", "All clear in the region."),
         (3, "28T05:55", f"{ALERT} Stay inside."), (4, "28T09:40", "Two drones hit the school in the night and four houses in School street."))  # fmt: skip
LAST = ((5, "30T07:45", ALERT), (6, "30T08:40", "All clear."))


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ((*FIRST, *LAST), PairStatus.DIFFERS),
        ((*FIRST[2:], *LAST), PairStatus.DIFFERS),
        ((*FIRST, (5, "27T07:45", ALERT), LAST[1]), PairStatus.CONTRADICTS),
        ((*FIRST[:2], *FIRST[3:], *LAST), PairStatus.CONTRADICTS),
        ((*FIRST[:2], (3, "28T05:25", f"{ALERT} Stay inside."), FIRST[3], *LAST), PairStatus.CONTRADICTS),
    ],
    ids=["came", "moved on", "older", "one is missing", "another hour"],
)
def test_a_new_message_may_say_some_of_what_an_older_one_said(messages: tuple[tuple[int, str, str], ...], status: PairStatus) -> None:
    one, other = evidence(alerts(*FIRST), VISIT), evidence(alerts(*messages), VISIT + timedelta(days=2))
    found = compare_sources(one, other)
    assert found is not None
    assert found.status is status
