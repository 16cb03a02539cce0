"""The conditions of the captures, as far as records prove them: connections, User-Agent, accepted certificates."""

from __future__ import annotations

from collections.abc import Iterator

from archive.capture.clock_offset import statement
from archive.capture.run_conditions import conditions
from archive.capture.settings import NO_REQUESTS
from archive.capture.warcinfo import CONDITIONS, USER_AGENT, object_in, stated_conditions
from archive.errors import UsageProblem
from archive.net.resolver import is_literal
from archive.net.router import ConnectTo
from archive.verify.records.stated_moments import moment_of
from archive.verify.records.stored_exchange import head_of
from archive.verify.records.stored_records import StoredRecords
from archive.verify.statements.events import carried_over
from archive.verify.statements.seen_conditions import SeenConditions
from archive.verify.visits.evidence import Evidence
from archive.words.notes import describe, describe_stated
from archive_manifests import canonical, layout
from archive_manifests.custody import is_unrequested
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Conditions, Ledger
from archive_manifests.note_facts import REQUESTING_POLICIES
from archive_manifests.notes import Note
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
_ROBOTS = {"obey": "obeyed", "ignore": "not obeyed"}
"""The robots field of a warcinfo -> how the ledger states it. (WARC 1.1, 6.2)"""


CLOCK_SLACK = 60.0
"""Seconds that the responses of one host may differ by: how long each took is part of what is measured."""


def check_conditions(
    ledger: Ledger, evidence: Evidence, records: StoredRecords, seen: SeenConditions
) -> Iterator[Finding]:
    """Compare the stated conditions with the records. Raises `Broken`."""
    since = ledger.started.removesuffix("Z") if ledger.predecessor is not None else ""
    yield from _check_connections(ledger.conditions, seen, since)
    yield from _check_services(ledger)
    if ledger.predecessor is None and ledger.conditions.accepted_bags:
        stated = ", ".join(bag.tagmanifest for bag in ledger.conditions.accepted_bags)
        yield _differs("accepted_bags", "none: this bag follows no other", stated)
    yield from _check_clock(ledger, evidence, records)
    yield from dict.fromkeys(_check_recorded(ledger, evidence, records))


def _check_recorded(ledger: Ledger, evidence: Evidence, records: StoredRecords) -> Iterator[Finding]:
    """What each WARC of the run states of its conditions."""
    stated = stated_conditions(ledger.conditions)
    for fields in records.distinct_warcinfos(own_warcinfos(ledger, evidence)):
        recorded = object_in(fields, CONDITIONS) or {}
        unstated = "a statement of it in the warcinfo" if recorded else None  # earlier versions stated none of them
        yield from _compared("user_agent", fields.get(USER_AGENT, unstated), ledger.conditions.user_agent)
        yield from _compared("robots", _ROBOTS.get(fields.get("robots", ""), unstated), ledger.conditions.robots)
        for condition in sorted(stated.keys() & recorded.keys()):
            yield from _compared(condition, _text(recorded[condition]), _text(stated[condition]))


def check_unrequested(ledger: Ledger, evidence: Evidence, made_by: str | None) -> Iterator[Finding]:
    """A bag that was made of recordings requested nothing, and states what stands for that.

    `made_by` is another version of this program that made it, whose limits and User-Agent may be others.
    """
    if evidence.warcinfo_of or evidence.lost or not any(map(is_unrequested, ledger.sources)):
        return
    made = conditions(NO_REQUESTS, published=None, round_text=ledger.conditions.round)
    expected, found = stated_conditions(made), stated_conditions(ledger.conditions)
    own = {"user_agent": made.user_agent, "limits": expected.pop("limits")} if made_by is None else {}
    of_bag = {"user_agent": ledger.conditions.user_agent, "limits": found["limits"]}
    expected |= {"robots": made.robots, **own}
    found |= {"robots": ledger.conditions.robots, **of_bag}
    for name in sorted(expected):
        yield from _compared(name, _text(expected[name]), _text(found[name]))


def _check_clock(ledger: Ledger, evidence: Evidence, records: StoredRecords) -> Iterator[Finding]:
    """The clock's offset follows from the Date fields of the first responses of each host. (RFC 9110, 6.6.1)"""
    found = ledger.conditions.clock
    offsets = evidence.first_responses.offsets(lambda name: head_of(records, name))
    expected = statement(offsets)
    if any(line.type == "response" for line in evidence.lost.lines.values()):
        return  # they may have been the first ones; that they are missing is said
    fields = records.distinct_warcinfos(own_warcinfos(ledger, evidence))
    if expected == found or (not any(CONDITIONS in each for each in fields) and _is_near(found, offsets)):
        return
    yield _differs("clock", describe(expected), describe_stated(found))


def _is_near(stated: Note, offsets: list[float]) -> bool:
    """True for what an earlier program may have measured: it took whichever response of a host came first."""
    if stated.code == "clock-unknown":
        return True
    seconds, hosts = stated.facts.get("seconds"), stated.facts.get("hosts")
    if not isinstance(seconds, int) or not isinstance(hosts, int) or not 2 <= hosts <= len(offsets):
        return False
    ahead = -seconds if stated.code == "clock-ahead" else seconds
    return min(offsets) - CLOCK_SLACK <= ahead <= max(offsets) + CLOCK_SLACK


def own_warcinfos(ledger: Ledger, evidence: Evidence) -> list[str]:
    """The warcinfo records of the run's own WARCs; where it has none, of the latest that it carried over.

    A bag without WARCs of its own was made without requests, under the conditions of the bag that it follows.
    """
    carried = carried_over(ledger, evidence, moment_of(ledger.started))
    own = [name for path, name in evidence.warcinfo_of.items() if path not in carried]
    if own or not carried:
        return own
    latest = max(carried, key=lambda path: (evidence.first_dates[path], path))
    return [evidence.warcinfo_of[latest]] if latest in evidence.warcinfo_of else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical.line(value).rstrip("\n")


def _check_connections(stated: Conditions, seen: SeenConditions, since: str) -> Iterator[Finding]:
    """Compare connections with the conditions; of what an older bag made before `since`, others may have applied."""
    if seen.mapped is not None and not stated.connect_to:
        yield _differs("connect_to", f"connections that were led elsewhere, such as for {seen.mapped}", "none")
    elif stated.connect_to:
        yield from _check_routes(stated.connect_to, seen, since)
    if seen.private is not None and not stated.allow_private and seen.private[0] >= since:
        yield _differs("allow_private", f"a connection to an address that is not public, for {seen.private[1]}", "none")
    if seen.proxied is not None and stated.proxy is None:
        yield _differs("proxy", f"connections through a proxy, such as for {seen.proxied}", "none")
    if seen.direct is not None and seen.proxied is None and stated.proxy is not None:
        yield _differs("proxy", f"connections without a proxy, such as for {seen.direct}", stated.proxy)
    for anchor, (started, url) in sorted(seen.anchors.items()):
        if anchor not in stated.added_cas and started >= since:
            yield _differs("added_cas", f"{anchor}, which vouched for the server of {url}", _listed(stated.added_cas))
    for host, url in seen.unverified.items():
        if host not in stated.accepted_certificates:
            yield _differs("accepted_certificates", f"{host}, for {url}", _listed(stated.accepted_certificates))


def _listed(stated: tuple[str, ...]) -> str:
    return ", ".join(stated) or "none"


def _check_services(ledger: Ledger) -> Iterator[Finding]:
    """What was looked up in other archives, or submitted to one, the conditions allow."""
    stated = ledger.conditions
    looked_up = next((entry for entry in ledger.sources if entry.memento_lookup in ("found", "none")), None)
    is_allowed = stated.third_parties and stated.memento_policy.code in REQUESTING_POLICIES
    if looked_up is not None and not is_allowed and ledger.predecessor is None:
        found = f"{stated.memento_policy.code}; third parties: {stated.third_parties}"
        yield _differs("memento_policy", f"look-ups in other archives, such as for {looked_up.id}", found)
    submitted = next((entry for entry in ledger.sources if entry.submissions), None)
    if submitted is not None and not stated.submits and ledger.predecessor is None:
        yield _differs("submits", f"submissions, such as of {submitted.id}", "none")


def _check_routes(stated: tuple[str, ...], seen: SeenConditions, since: str) -> Iterator[Finding]:
    """Each connection that was led elsewhere has the rule that led it there; the first that has none is named."""
    try:
        rules = [ConnectTo.parse(text) for text in stated]
    except UsageProblem as problem:
        yield _differs("connect_to", "rules HOST:PORT:ADDR:PORT", str(problem))
        return
    for (host, port, peer, peer_port), (started, url) in seen.routes.items():
        if started < since:
            continue
        rule = next((rule for rule in rules if rule.matches(host, port)), None)
        is_there = rule is not None and rule.to_port in (None, peer_port)
        if not is_there or (rule is not None and is_literal(rule.to_host) and rule.to_host != peer):
            yield _differs("connect_to", f"a rule that leads {url} to {peer} port {peer_port}", ", ".join(stated))
            return
    for (host, port), (started, url) in seen.straight.items():
        passed_by = next((text for text, rule in zip(stated, rules, strict=True) if rule.matches(host, port)), None)
        if passed_by is not None and started >= since:
            yield _differs("connect_to", f"a connection for {url} that no rule led elsewhere", passed_by)
            return


def _compared(name: str, expected: str | None, found: str) -> Iterator[Finding]:
    if expected is not None and expected != found:
        yield _differs(name, expected, found)


def _differs(name: str, expected: str, found: str) -> Finding:
    facts = {"expected": expected[:300], "found": found[:300]}
    return make_finding("condition-contradicted", LEDGER, **facts, note=name)
