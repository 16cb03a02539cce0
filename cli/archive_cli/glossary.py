"""Explains one word that the program prints: a verdict, a reason, the code of a finding or a note, a term."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from archive_cli.output import catalogue, message
from archive_manifests.finding_codes import CATALOGUE
from archive_manifests.ledger import REASONS, Status

_WIDTH = 80
FAMILIES = {
    "doubt": "doubt.",
    "passed_over": "passed_over.",
    "nothing": "nothing.",
    "note": "note.",
    "cause": "cause.",
    "outcome": "outcome.",
    "kind": "kind.",
    "limit": "limit.",
    "event": "event.",
    "event_outcome": "event_outcome.",
    "answer": "answer.",
    "basis": "cli.basis.",
    "claim": "claim.",
    "receipt": "receipt.",
    "state": "corroboration.means.",
    "status": "corroboration.status.",
    "what": "corroboration.what.",
    "observer_condition": "corroboration.condition.",
    "relation": "corroboration.reason.",
    "refused": "corroboration.refused.",
    "compared": "cli.compare.state_",
    "annex_apart": "annex_apart.",
    "annotation_difference": "annotation_difference.",
    "exhibit": "exhibit.why_",
    "audited": "audit.outcome_",
    "audit_event": "audit.did_",
    "audit_finding": "audit_finding.",
}
"""What the codes of a family are (`cli.help.of.NAME`) -> how their keys in the catalogue begin."""

NEXT_STEPS = {
    "damaged": "damaged",
    "tag-file-changed": "damaged",
    "seal-file-changed": "damaged",
    "package-differs": "package",
    "package-damaged": "package",
    "package-broken": "package",
    "payload-system-file": "system_file",
    "system-file": "system_file",
    "bag-gone": "gone",
    "pin-differs": "substituted",
    "substituted": "substituted",
    "unreadable": "unreadable",
    "reading-stalled": "unreadable",
}
"""What an audit reports -> the key of the sentence that says what to do (`cli.help.do.KEY`)."""

_SCHEMA = re.compile(r"archive\.[a-z-]+/[0-9]+")
"""The name of a JSON document of this program, with its version."""


def explain(word: str) -> str | None:
    """Everything that the program knows about a word, in any case of letters; None where it knows nothing."""
    wanted = _normal(word)
    looked_up = (*_finding(wanted), *_verdict(wanted), *_reason(wanted), *_term(wanted), *_coded(wanted))
    parts = list(dict.fromkeys(looked_up))
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
    return list(dict.fromkeys([*CATALOGUE, *map(str, Status), *labels, *reasons, *terms, *_codes()]))


def _codes() -> Iterator[str]:
    """The codes of all families."""
    keys = {_without_form(key) for key in catalogue().sentences}
    for prefix in FAMILIES.values():
        yield from sorted(key.removeprefix(prefix) for key in keys if key.startswith(prefix))


def _normal(word: str) -> str:
    return " ".join(word.lower().split())


def _finding(word: str) -> Iterator[str]:
    code = next((name for name in _spellings(word) if name in CATALOGUE), "")
    row = CATALOGUE.get(code)
    if row is not None:
        says = catalogue().sentences[f"finding.{code}"]
        lines = [_wrapped(f"{code}: {says}"), message("help.code", severity=row.severity, question=row.question)]
        lines += [message("help.rule", rule=row.rule)] if row.rule else []
        yield "\n".join([*lines, *_what_to_do(code, row.kind if row.severity == "error" else None)])


def _what_to_do(word: str, kind: str | None = None) -> Iterator[str]:
    """The next step after a finding that says that bytes are wrong or gone, or after an outcome of an audit."""
    step = NEXT_STEPS.get(word) or ("damaged" if kind in ("damage", "missing") else None)
    if step is not None:
        yield _wrapped(message(f"help.do.{step}"))


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
    for name in _spellings(word):
        if words.has(f"word.{name}"):
            yield _wrapped(f"{name}: {words.sentence(f'word.{name}')}")
            return
    if _SCHEMA.fullmatch(word) and not words.has(f"word.{word}"):
        yield _wrapped(f"{word}: {words.sentence('word.schema')}")


def _coded(word: str) -> Iterator[str]:
    """A code of each family that has it, with its sentence; `<name>` stands for a fact."""
    words = catalogue()
    for family, prefix in FAMILIES.items():
        for name in (*_spellings(word), *_labelled(family, word)):
            if words.has(f"{prefix}{name}") or words.has(f"{prefix}{name}.other"):
                said = f"means.{family}.{name}"  # where the sentence of the code is no more than its name
                key = said if words.has(said) else f"{prefix}{name}"
                sentence = re.sub(r"\{(\w+)\}", r"<\1>", words.form(key))
                says = _wrapped(f"{name} ({message(f'help.of.{family}')}): {sentence}")
                yield "\n".join([says, *(_what_to_do(name) if family.startswith("audit") else ())])
                break


def _labelled(family: str, label: str) -> Iterator[str]:
    """The code of a state in a corroboration that people know by this label."""
    labels = "corroboration.state."
    if family == "state":
        words = catalogue()
        keys = (key for key in words.sentences if key.startswith(labels))
        yield from (key.removeprefix(labels) for key in keys if words.sentence(key).lower() == label)


def _spellings(word: str) -> Iterator[str]:
    """A word as it may be a key: singular, with hyphens, blanks or underscores."""
    for name in dict.fromkeys((word, word.removesuffix("s"))):
        yield name
        yield from (re.sub(r"[ _-]", mark, name) for mark in "- _")


def _without_form(key: str) -> str:
    return re.sub(r"\.(?:zero|one|two|few|many|other)$", "", key)


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False))
