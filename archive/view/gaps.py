"""What is missing of a source, and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.view.noted import say_noted
from archive.view.voice import Voice
from archive_manifests.ledger import Facet, Facets, Requisite, Status

_STATUSES = frozenset(Status)


@dataclass(frozen=True, slots=True)
class Missing:
    """Parts of a page that are not there, for one cause."""

    sentence: Markup
    addresses: tuple[Markup, ...]


def missing(listed: Sequence[Requisite], absent: Sequence[Requisite], voice: Voice) -> Iterable[Missing]:
    """What is missing, by kind and cause in the order found; counts are of all, addresses of those listed."""
    groups: dict[tuple[str, str, str], list[Requisite]] = {}
    for part in absent:
        groups.setdefault((part.kind, part.outcome, part.reason or ""), []).append(part)
    named = {id(part) for part in listed}
    for (kind, outcome, _), parts in groups.items():
        cause = _cause(parts[0], voice)
        said = Markup("{} × {}: {}").format(
            voice.known(f"kind.{kind}", kind), voice.number(len(parts)), voice.known(f"outcome.{outcome}", outcome)
        )
        sentence = Markup("{} ({})").format(said, cause) if cause else said
        yield Missing(sentence, tuple(voice.address(part.url) for part in parts if id(part) in named))


def absence(facet: Facet, voice: Voice) -> Markup:
    """Why a facet is absent."""
    reason = facet.reason or ""
    status = reason.removeprefix("the source is ")
    if status in _STATUSES:
        return voice.say("absence.source_is", status=voice.say(f"status.{status}.label"))
    if not reason:
        return voice.say("facets.no_reason")
    key = f"absence.{reason}"
    return voice.say(key) if voice.words.has(key) else say_noted(reason, voice)


def facets_in_words(
    stated: Facets, voice: Voice, *, is_boxed: bool
) -> Iterable[tuple[Markup, bool, Markup | None]]:
    """Each facet of the Berkeley Protocol's minimum: its name, whether it is present, and else why not.

    `is_boxed` says that why there is no appearance stands in a box, where the picture would be.
    """
    for name in ("source_code", "appearance", "media"):
        facet: Facet = getattr(stated, name)
        is_told = not facet.present and not (name == "appearance" and is_boxed)
        yield voice.say(f"facets.{name}"), facet.present, absence(facet, voice) if is_told else None


def _cause(part: Requisite, voice: Voice) -> Markup:
    reason = part.reason or ""
    if reason.startswith("http "):
        return voice.say("cause.http", code=reason.removeprefix("http "))
    if voice.words.has(f"cause.{reason}"):
        return voice.say(f"cause.{reason}")
    return voice.say("cause.other", code=voice.code(reason)) if reason else Markup("")
