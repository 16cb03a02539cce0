"""Values of two states that a site's programs keep: what a build, a country, a switch is says nothing of the page."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

HONEST = (
    ('"build":"3f2a1c9"', '"build":"b8d7e60"'),
    ('"CLIENT_VERSION":"2.20261129.01.00"', '"CLIENT_VERSION":"2.20261130.01.00"'),
    ('"version":"1.4.2"', '"version":"1.4.3"'),
    ('"release":"web@1.2"', '"release":"web@1.3"'),
    ('"deployment":"811"', '"deployment":"812"'),
    ('"isEU":true', '"isEU":false'),
    ('"geo":"US"', '"geo":"DE"'),
    ('"config":{"country":"US"}', '"config":{"country":"DE"}'),
    ('"ads":{"enabled":true}', '"ads":{"enabled":false}'),
    ('"flags":{"newHeader":true}', '"flags":{"newHeader":false}'),
    ('"context":{"version":"v4128"}', '"context":{"version":"v4129"}'),
    ('"loaderData":{"ENV":{"RELEASE":"213f7dc"}}', '"loaderData":{"ENV":{"RELEASE":"7f96fc4"}}'),
    ('"exp":{"donate_banner":"A"}', '"exp":{"donate_banner":"B"}'),
    ('"experiments":{"combo_page":"v1"}', '"experiments":{"combo_page":"control"}'),
    ('"ab":{"donate_ask":12}', '"ab":{"donate_ask":8}'),
    ('"ab":{"donate_ask":12}', '"ab":{}'),
    ('"abTestVersion":{"exp_40":{"vid":"71204410"}}', '"abTestVersion":{"exp_40":{"vid":"71204411"}}'),
    ('"toggles":{"exp":{"enabled":true}}', '"toggles":{"exp":{"enabled":false}}'),
    ('"chunks":{"app":"/app-1dbe3118e653.js"}', '"chunks":{"app":"/app-b3a87e48eb0c.js"}'),
    ('"mostRead":[{"title":"Why bees move into cities"}]', '"mostRead":[{"title":"Snow closes schools in town"}]'),
    (
        '"Post:6":{"title":"Why bees move into cities","date":"2026-09-25"}',
        '"Post:8":{"title":"Snow closes schools in the north","date":"2026-10-02"}',
    ),
    ('"geo":{"eu":true}', '"geo":{"eu":false}'),
    ('"subs":{"wall":"metered"}', '"subs":{"wall":"registration"}'),
    ('"tests":{"comments-v3":"on","sticky":"control"}', '"tests":{"comments-v3":"off","sticky":"control"}'),
    ('"requires_eu_cookie_policy":true', '"requires_eu_cookie_policy":false'),
    ('"config":{"page":{"edition":"EUR"}},"targeting":{"k":{"edition":"eur"}}', '"config":{"page":{"edition":"US"}},"targeting":{"k":{"edition":"us"}}'),
    ('"vars":{"static_version":31462}', '"vars":{"static_version":31464}'),
    ('"script_url":"https://cdn.example/js/app.46a83a65b528.js"', '"script_url":"https://cdn.example/js/app.cde8c5ef5548.js"'),
    ('"config":{"version":"main-20261124-a1a1160c58"}', '"config":{"version":"main-20261127-1b047d16e3"}'),
    ('"middleware":{"cache":{"cacheStatus":"MISS"}}', '"middleware":{"cache":{"cacheStatus":"HIT"}}'),
    (
        '"Post:2ba3d2":{"__typename":"Post","id":"2ba3d2","title":"Why bees move into cities"}',
        '"Post:45e85d":{"__typename":"Post","id":"45e85d","title":"Snow closes schools in the north"}',
    ),
)  # fmt: skip
FORGED = (
    ('"attack":{"geo":{"eu":true}}', '"attack":{"geo":{"eu":false}}'),
    ('"attack":{"prison":{"wall":"hard"}}', '"attack":{"prison":{"wall":"soft"}}'),
    ('"tests":{"sarin-found":"on","soil":"wet"}', '"tests":{"sarin-found":"off","soil":"wet"}'),
    ('"article":{"status":"control","kind":"a"}', '"article":{"status":"treatment","kind":"a"}'),
    ('"tests":{"sarin-found":"true","soil":"control"}', '"tests":{"sarin-found":"false","soil":"control"}'),
    ('"attack":{"requires_consent_of_victims":true}', '"attack":{"requires_consent_of_victims":false}'),
    ('"book":{"edition":"EUR"}', '"book":{"edition":"US"}'),
    ('"config":{"page":{"edition":"EUR"}},"book":{"edition":"INT"}', '"config":{"page":{"edition":"US"}},"book":{"edition":"UK"}'),
    ('"vars":{"terms_version":31462}', '"vars":{"terms_version":31464}'),
    ('"script_url":"https://cdn.example/js/app.46a83a65b528.js"', '"script_url":"https://cdn.example/js/map.cde8c5ef5548.js"'),
    ('"script_url":"https://cdn.example/js/app.46a83a65b528.js"', '"script_url":"https://evil.example/js/app.cde8c5ef5548.js"'),
    ('"attack":{"version":"main-20261124-a1a1160c58"}', '"attack":{"version":"main-20261127-1b047d16e3"}'),
    ('"attack":{"status":"miss"}', '"attack":{"status":"hit"}'),
    ('"Post:2ba3d2":{"title":"Why bees move into cities"}', '"Post:45e85d":{"title":"Hospital strike was staged"}'),
    ('"article":{"version":"1.2"}', '"article":{"version":"1.3"}'),
    ('"aircraft":{"build":"1994"}', '"aircraft":{"build":"1995"}'),
    ('"attacker":{"country":"SY"}', '"attacker":{"country":"IL"}'),
    ('"release":"Tuesday"', '"release":"Friday"'),
    ('"user":{"country":"US"}', '"user":{"country":"DE"}'),
    ('"deaths":37', '"deaths":31'),
    ('"article":{"version":"v2"}', '"article":{"version":"v3"}'),
    ('"attack":{"release":"213f7dc"}', '"attack":{"release":"7f96fc4"}'),
    ('"mostRead":[{"title":"Why bees move into cities"}]', '"mostRead":[{"title":"Strike report was withdrawn"}]'),
    ('"timeline":[{"title":"Why bees move into cities"}]', '"timeline":[{"title":"Snow closes schools in town"}]'),
    ('"ab":{"withdrawn":false}', '"ab":{"withdrawn":true}'),
    ('"ab":{"limit":37}', '"ab":{"limit":12}'),
    ('"ab":{"cause":"fire"}', '"ab":{"cause":"shell"}'),
    ('"experiments":{"consented":true}', '"experiments":{"consented":false}'),
    ('"experiments":{"deaths":12}', '"experiments":{"deaths":8}'),
    ('"chunks":{"app":"/app-1dbe3118e653.js"}', '"chunks":{"app":"/other-b3a87e48eb0c.js"}'),
    ('"proof":"/plan-1dbe3118e653.pdf"', '"proof":"/plan-b3a87e48eb0c.pdf"'),
    ('"Post:6":{"title":"Why bees move into cities"}', '"Post:8":{"title":"Hospital strike was staged"}'),
    ('"Post:6":{"title":"Why bees move into cities"}', '"Post:6":{"title":"Snow closes schools"}'),
    ('"x":1', '"Post:8":{"title":"Snow closes schools"}'),
)


def _status(values: tuple[str, str]) -> PairStatus:
    one, other = (news_page(head=f"<script>window.__SITE__={{{value}}}</script>") for value in values)
    return compare(one, other, media=(MEDIA, MEDIA)).status


@pytest.mark.parametrize("values", HONEST)
def test_two_states_of_a_program_contradict_nothing(values: tuple[str, str]) -> None:
    assert _status(values) is PairStatus.DIFFERS


@pytest.mark.parametrize("values", FORGED)
def test_a_value_about_the_subject_contradicts(values: tuple[str, str]) -> None:
    assert _status(values) is PairStatus.CONTRADICTS


@pytest.mark.parametrize(("one", "other", "is_honest"), [("A", "B", True), ("A", "O", False), ("dead", "hurt", False)])
def test_an_arm_among_what_measures_a_page(one: str, other: str, is_honest: bool) -> None:
    pages = [news_page(head=f'<script>dataLayer.push({{"dab":"{arm}","dtime":"11:56"}})</script>') for arm in (one, other)]
    found = compare(*pages, media=(MEDIA, MEDIA)).status
    assert found is (PairStatus.DIFFERS if is_honest else PairStatus.CONTRADICTS)
