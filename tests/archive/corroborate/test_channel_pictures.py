"""A channel whose pictures lie at addresses made up for each visit, and which grows between two visits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.evidence import SourceEvidence
from archive_manifests.corroboration import PairStatus
from archive_manifests.ledger import Copy
from tests.archive.corroborate.page_pairs import LATER, VISIT, evidence

AVATAR, PHOTO = b"the channel's own picture", b"a school without a roof"
TOKENS = (
    "7p9N17ek3gCFXMD5ewOe6s4Aw7lg84vhTKKlZafaDPFVnJ5TiRT9tHLsNeZEYlXVtnBZbMzM4YOs",
    "n0Nf5FeIeBj7YtMyUoToBcXoYuMjZqRuMlSrQ0m1bryjY6QxPmBnWkIfSbTaLi18mJaX4sH0wLpK",
    "K1Ng1BriveG3PDE2pN6bJMJIUsJWnITtqVUYfEpMs5Duzar9FEHgPcDSKaVQ0ZtgSy4N27xliT7u",
    "gCfIzPa8vGiJuPmJmSg6VjYuYqXjU7QwUs2jKt3YlYhOrMvTjS6InU1LjJp0TvYdSo4L0dJqOnE6",
)
POSTS = (
    (8811, "2026-11-27T06:12:00+00:00", "The road to the river quarter is open again for cars and for buses."),
    (8812, "2026-11-27T07:03:00+00:00", "At night two drones hit the school in Station Street; a guard of 61 years was killed."),
    (8813, "2026-11-27T09:40:00+00:00", "The families of four houses were brought to the village hall, where food is given out."),
)
NEW = (8814, "2026-11-29T10:02:00+00:00", "Power will be switched off in the second district from eight to twelve today.")


def address(token: str) -> str:
    return f"https://cdn4.cdn.example/file/{token}.jpg"


def channel(
    tokens: tuple[str, str], posts: tuple[tuple[int, str, str], ...] = POSTS, of: str = "yasynove", has_photo: bool = True
) -> str:
    avatar, photo = map(address, tokens)
    shown = f"<a class=photo href=/yasynove/8812 style=\"background-image:url('{photo}')\"></a>" if has_photo else ""
    messages = "".join(
        f'<div class="message" data-post="yasynove/{number}"><i class=user><img src="{avatar}"></i>'
        f"<a class=owner href=/yasynove>Yasynove</a><div class=text>{text}</div>{shown if number == 8812 else ''}"
        f'<time datetime="{time}">{time[11:16]}</time></div>'
        for number, time, text in posts
    )
    return (
        f'<title>Yasynove</title><meta property="og:image" content="{avatar}">'
        f'<link rel=canonical href="https://news.example/s/{of}?before={posts[-1][0] + 1}">'
        f"<main><section>{messages}</section></main>"
    )


def observed(page: str, tokens: tuple[str, str], later: bool, photo: bytes = PHOTO) -> SourceEvidence:
    media = {address(tokens[0]): AVATAR, address(tokens[1]): photo}
    return evidence(page, VISIT + LATER if later else VISIT, media=media)


FIRST = observed(channel(TOKENS[:2]), TOKENS[:2], later=False)  # type: ignore[arg-type]
SECOND = TOKENS[2], TOKENS[3]


def status(page: str, photo: bytes = PHOTO) -> tuple[PairStatus, set[str]]:
    found = compare_sources(FIRST, observed(page, SECOND, later=True, photo=photo))
    assert found is not None
    return found.status, {each.what for each in found.differences if each.is_substance}


def test_addresses_that_are_made_up_for_each_visit_are_those_of_one_picture() -> None:
    assert status(channel(SECOND))[0] is not PairStatus.CONTRADICTS
    assert status(channel(SECOND, (*POSTS, NEW)))[1] == set()  # the author's picture once more


@pytest.mark.parametrize(
    ("page", "photo"),
    [
        (channel(SECOND), b"an intact school"),
        (channel(SECOND, has_photo=False), PHOTO),
        (channel(SECOND, of="another"), PHOTO),
        (channel((SECOND[1], SECOND[0])), PHOTO),
        (channel((SECOND[0], SECOND[0])), PHOTO),
    ],
)
def test_another_picture_or_channel_contradicts(page: str, photo: bytes) -> None:
    assert status(page, photo)[0] is PairStatus.CONTRADICTS


def test_a_picture_that_both_have_at_two_addresses_is_paired_in_the_order_of_the_page() -> None:
    sides = [observed(channel(tokens), tokens, later=tokens is SECOND, photo=AVATAR) for tokens in (TOKENS[:2], SECOND)]  # type: ignore[arg-type]
    found = compare_sources(*sides)
    assert found is not None
    assert found.status is not PairStatus.CONTRADICTS


WORDY = "xKqliAlllFbvUOpovlneAdzDekRrtZywwhClUfdcNpthRcofQzeZh"
"""In small letters nothing in it looks made up."""


def alone(token: str, later: bool, photo: bytes = PHOTO) -> SourceEvidence:
    """The channel with one of its posts as it is sent to other sites, which is no post of a thread there."""
    page = f"<title>Post</title><div><i style=\"background-image:url('{address(token)}')\"></i>{POSTS[1][2]}</div>"
    one = evidence("<title>Yasynove</title><p>The channel of a village</p>", media={address(token): photo})
    post = evidence(page, VISIT + LATER if later else VISIT).live
    assert post is not None
    return replace(one, others=((Copy("live", "https://news.example/yasynove?embed=1", None, records=()), post),))


def test_a_post_that_is_sent_to_other_sites_has_the_picture_of_the_page() -> None:
    for first, second in ((TOKENS[0], TOKENS[1]), (WORDY, TOKENS[1]), (TOKENS[1], WORDY)):
        pairs = [(alone(first, later=False), alone(second, later=True, photo=photo)) for photo in (PHOTO, b"an intact school")]
        compared = [compare_sources(*pair) for pair in pairs]
        assert [each is not None and each.status is PairStatus.CONTRADICTS for each in compared] == [False, True]
