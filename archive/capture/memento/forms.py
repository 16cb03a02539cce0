"""The addresses under which a source is looked for in the archive: as cited, then others of the same thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.capture import tracking
from archive.urls import Url, UrlError, parse
from archive_manifests.ledger import SourceEntry
from archive_manifests.notes import Note, note


@dataclass(frozen=True, slots=True)
class Form:
    """One address of a source, and what it is to the cited one."""

    url: Url
    label: Note


def forms_of(
    cited: Url, entry: SourceEntry, others: Iterable[tuple[Url, Note]] = (), readings: Iterable[Url] = ()
) -> list[Form]:
    """The addresses to look for, in order, each once.

    `others` are addresses of the same thing on its site, each with its label; `readings` are other readings of the
    cited string.

    A query is never just cut off: `/?p=24105` without its query is another page.
    """
    forms = [
        Form(cited, note("form-cited")),
        Form(tracking.clean(cited), note("form-clean")),
    ]
    forms += [Form(url, label) for url, label in others]
    forms += [Form(url, note("form-reading")) for url in readings]
    led_to = _where_it_led(cited, entry)
    if led_to is not None:
        forms.append(Form(led_to, note("form-redirect")))
    first: dict[str, Form] = {}
    for form in forms:
        first.setdefault(form.url.href, form)
    return list(first.values())


def _where_it_led(cited: Url, entry: SourceEntry) -> Url | None:
    """The end of the redirects, where it is on the same site and its server only has lost it."""
    if entry.final_url is None or entry.live.reason not in ("not-found", "soft-404", "server-error", "challenge"):
        return None
    try:
        url = parse(entry.final_url)
    except UrlError:
        return None
    is_home = url.target == "/"
    return url if url.host.removeprefix("www.") == cited.host.removeprefix("www.") and not is_home else None
