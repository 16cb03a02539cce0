"""Options that differ are named as a person types them."""

from __future__ import annotations

from archive.capture.settings import FetchSettings
from archive.fetch.option_differences import differences
from archive_manifests.ledger import Conditions
from archive_manifests.notes import note

RULES = tuple(f":{port}:127.0.0.1:43731" for port in (80, 443, 8080))


def test_the_options_of_two_runs_are_named_as_switches() -> None:
    before = {"media": False, "connect_to": RULES[:1], "proxy": None, "robots": "obeyed", "memento": True}
    now = {"media": True, "connect_to": (), "proxy": "socks5", "robots": "not obeyed", "memento": False}
    assert differences(before, before, now) == (
        "then --no-media, now without --no-media; "
        "then --connect-to :80:127.0.0.1:43731, now without --connect-to; "
        "then without --proxy, now --proxy socks5; "
        "then --obey-robots, now without --obey-robots; "
        "then without --no-memento, now --no-memento"
    )
    assert differences(["connect_to"], {"connect_to": RULES}, {}).startswith(
        "then --connect-to :80:127.0.0.1:43731 --connect-to :443:127.0.0.1…, now without"
    )
    policy = {"memento_policy": note("memento-policy-off")}
    assert "then `" in differences(policy, policy, policy)


def test_every_option_of_a_work_folder_and_every_condition_has_its_switch() -> None:
    from archive.fetch import fetch

    names = [*FetchSettings().as_options(), *fetch.CONTENT_CONDITIONS]
    for name in names:
        assert "--" in differences([name], {name: getattr(Conditions("agent"), name, None)}, {})
