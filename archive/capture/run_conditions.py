"""The conditions of a run, as its ledger states them: what its settings and the source manifest say of requests."""

from __future__ import annotations

from archive.capture.memento.cdx import HOST as WAYBACK
from archive.capture.memento.timemap import host_of
from archive.capture.settings import FetchSettings
from archive.net.tls import certificate_digests
from archive_manifests.ledger import Conditions
from archive_manifests.notes import Note, note


def conditions(settings: FetchSettings, *, published: bool | None, round_text: str | None) -> Conditions:
    """The conditions; `published` is what the source manifest says of the report, `round_text` the round."""
    return Conditions(
        user_agent=settings.user_agent,
        connect_to=settings.connect_to,
        added_cas=tuple(digest for path in settings.cacerts for digest in certificate_digests(path)),
        accepted_certificates=tuple(sorted(settings.accepted_hosts())),
        proxy=proxy.kind if (proxy := settings.way_out()) else None,
        allow_private=settings.allow_private,
        cookies=settings.cookies is not None,
        robots="obeyed" if settings.obey_robots else "not obeyed",
        memento_policy=_memento_policy(settings, published=published),
        third_parties=settings.third_parties,
        submits=settings.submit,
        media=settings.media,
        demonstration=settings.demonstration,
        round=round_text,
        limits=_limits(settings),
    )


def _memento_policy(settings: FetchSettings, *, published: bool | None) -> Note:
    if not settings.memento or not settings.third_parties:
        return note("memento-policy-off")
    if published is False:
        return note("memento-policy-unpublished")
    if settings.every_archive:
        return note("memento-policy-every", hosts=", ".join((WAYBACK, *map(host_of, settings.timemaps))))
    if settings.timemaps:
        return note("memento-policy-others", hosts=", ".join(map(host_of, settings.timemaps)))
    return note("memento-policy-wayback")


def _limits(settings: FetchSettings) -> dict[str, float]:
    stated = {
        "delay": settings.delay,
        "jobs": settings.jobs,
        "per_host": settings.per_host,
        "max_size": settings.max_size,
        "max_total": settings.max_total,
        "limit_rate": settings.limit_rate,
        "head": settings.limits.head,
        "stall": settings.limits.stall,
        "whole": settings.limits.whole,
        "requisites": settings.requisites if settings.requisites != FetchSettings().requisites else None,
    }
    return {name: float(value) for name, value in stated.items() if value is not None}
