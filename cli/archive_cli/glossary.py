"""Explains one word that the program prints: a verdict, a reason, the code of a finding or a note, a term."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from archive_cli.output import catalogue, message
from archive_manifests.finding_codes import CATALOGUE
from archive_manifests.ledger import REASONS, Status

_WIDTH = 80


def explain(word: str) -> str | None:
    """Everything that the program knows about a word, in any case of letters; None where it knows nothing."""
    wanted = _normal(word)
    parts = list(dict.fromkeys((*_finding(wanted), *_verdict(wanted), *_reason(wanted), *_term(wanted))))
    return "\n\n".join(parts) if parts else None


def suggest(word: str) -> str:
    """`; did you mean …?` from everything that `archive help` explains."""
    from archive_cli.errors import suggestion
    from archive_cli.main import COMMANDS
    from archive_cli.topics import TOPICS

    return suggestion(word, [*TOPICS, *COMMANDS, *known_words()])


def known_words() -> list[str]:
    """Every word that `explain` knows."""
    terms = [key.removeprefix("word.") for key in catalogue().sentences if key.startswith("word.")]
    labels = [catalogue().sentence(f"status.{status}.label").lower() for status in Status]
    reasons = [reason for status in Status for reason in sorted(REASONS[status])]
    return list(dict.fromkeys([*CATALOGUE, *map(str, Status), *labels, *reasons, *terms]))


def _normal(word: str) -> str:
    return " ".join(word.lower().split())


def _finding(code: str) -> Iterator[str]:
    row = CATALOGUE.get(code)
    if row is not None:
        lines = [_wrapped(f"{code}: {row.says}"), message("help.code", severity=row.severity, question=row.question)]
        yield "\n".join([*lines, *([message("help.rule", rule=row.rule)] if row.rule else [])])


def _verdict(word: str) -> Iterator[str]:
    words = catalogue()
    for status in Status:
        label = words.sentence(f"status.{status}.label")
        if word in (str(status), label.lower()):
            gap = message("help.gap" if status.is_gap else "help.no_gap")
            yield _wrapped(f"{label} [{status}]: {words.sentence(f'status.{status}.sentence')} ({gap})")


def _reason(word: str) -> Iterator[str]:
    words = catalogue()
    for status in Status:
        if word in REASONS[status]:
            verdict = words.sentence(f"status.{status}.label")
            sentence = words.sentence(f"reason.{status}.{word}")
            yield _wrapped(f"{word} ({message('help.reason_of', verdict=verdict)}): {sentence}")


def _term(word: str) -> Iterator[str]:
    words = catalogue()
    for name in (word, word.removesuffix("s"), word.replace(" ", "-"), word.replace("-", " ")):
        if words.has(f"word.{name}"):
            yield _wrapped(f"{name}: {words.sentence(f'word.{name}')}")
            return


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False))
