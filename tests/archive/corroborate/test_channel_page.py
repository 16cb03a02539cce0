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
