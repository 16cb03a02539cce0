"""The addresses under which a source is looked up in an archive: as cited, then others of the same thing."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from archive.capture import tracking
from archive.urls import Url, UrlError, parse
from archive_manifests.ledger import SourceEntry
from archive_manifests.notes import Note, note


class Form(Struct, frozen=True):
    """One address of a source, and how it relates to the cited one."""

    url: Url
    label: Note


def forms_of(
    cited: Url, entry: SourceEntry, others: Iterable[tuple[Url, Note]] = (), readings: Iterable[Url] = ()
) -> list[Form]:
    """The addresses to look up, in order, each once.

    `others` are addresses of the same thing on its site, each with its label; `readings` are other readings of the
    cited string.

    A query is never removed: `/?p=24105` without its query is another page.
    """
    forms = [
        Form(cited, note("form-cited")),
        Form(tracking.clean(cited), note("form-clean")),
    ]
    forms += [Form(url, label) for url, label in others]
    forms += [Form(url, note("form-reading")) for url in readings]
    redirect_end = _redirect_end(cited, entry)
    if redirect_end is not None:
        forms.append(Form(redirect_end, note("form-redirect")))
    first: dict[str, Form] = {}
    for form in forms:
        first.setdefault(form.url.href, form)
    return list(first.values())


def _redirect_end(cited: Url, entry: SourceEntry) -> Url | None:
    """The last redirect target, where it is on the same site and only its server failed."""
    if entry.final_url is None or entry.live.reason not in ("not-found", "soft-404", "server-error", "challenge"):
        return None
    try:
        url = parse(entry.final_url)
    except UrlError:
        return None
    is_home = url.target == "/"
    return url if url.host.removeprefix("www.") == cited.host.removeprefix("www.") and not is_home else None
