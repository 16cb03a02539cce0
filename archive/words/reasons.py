"""Answers of a verification, explained: codes and facts, rendered in a language when they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archive.words import FALLBACK, Catalogue, load
from archive_manifests.findings import Answer, Reason, State

PREFIX = "answer."
"""Before the code, in the keys of the catalogue."""

_FEW = 10
TEXT = "text"
"""The code of a reason that is a text as it was found, in any language: the note of a finding, a name."""


def answer(state: State, *reasons: Reason, facts: Mapping[str, object] | None = None) -> Answer:
    """An answer with its reasons, and with `why`, which is these in English."""
    why = _joined(reasons, load(FALLBACK)) if reasons else None
    return Answer(state, why, dict(facts or {}), reasons)


def reason(code: str, **facts: object) -> Reason:
    """A reason of the catalogue. Facts may be reasons themselves, or several in a tuple."""
    return Reason(code, facts)


def text(words: str | None) -> Reason:
    """A reason that is a text as it was found."""
    return Reason(TEXT, {"text": words or "-"})


def few(texts: Iterable[str], *, between: str = ", ") -> str:
    """The first of several texts, and how many more there are: what is listed may be as long as somebody made it."""
    every = list(texts)
    more = [f"and {len(every) - _FEW:,} more"] if len(every) > _FEW else []
    return between.join([*every[:_FEW], *more])


def explain(given: Answer, catalogue: Catalogue) -> str | None:
    """Why an answer is as it is, in a language; None where there is nothing to explain."""
    return _joined(given.reasons, catalogue) if given.reasons else given.why


def with_reason(given: Answer, more: Reason, *, facts: Mapping[str, object] | None = None) -> Answer:
    """The answer with one reason more behind those that it has."""
    return answer(given.state, *reasons_of(given), more, facts=given.facts | dict(facts or {}))


def reasons_of(given: Answer) -> tuple[Reason, ...]:
    return given.reasons or ((text(given.why),) if given.why else ())


def _joined(reasons: tuple[Reason, ...], catalogue: Catalogue) -> str:
    return f"{catalogue.sentence('language.semicolon')} ".join(_rendered(one, catalogue) for one in reasons)


def _rendered(given: Reason, catalogue: Catalogue) -> str:
    if given.code == TEXT:
        return str(given.facts["text"])
    facts = {name: _spelled(value, catalogue) for name, value in given.facts.items()}
    return catalogue.sentence(f"{PREFIX}{given.code}", **facts)


def _spelled(value: object, catalogue: Catalogue) -> object:
    if isinstance(value, Reason):
        return _rendered(value, catalogue)
    return _joined(value, catalogue) if isinstance(value, tuple) else value
