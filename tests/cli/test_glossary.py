"""`archive help WORD` explains every code that the program prints, stores or accepts, and every term of its documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from archive.audit.look import CopyOutcome
from archive.handover.compare import ComparedState
from archive.verify.result.basis import Basis
from archive.words import languages, load
from archive_cli.glossary import FAMILIES, explain, known_words
from archive_manifests import corroboration, exchanges, findings, ledger, schemas
from archive_manifests.finding_codes import CATALOGUE
from archive_manifests.note_facts import NOTE_FACTS
from archive_manifests.readings import DOUBTS, NOTHING, PASSED_OVER
from tests.cli.invoke import run

SCHEMAS = sorted(Path(str(schemas.__file__)).parent.glob("*.schema.json"))
ENUMS = (
    *(corroboration.PairStatus, corroboration.SourceState, corroboration.Independence, exchanges.Purpose),
    *(findings.Severity, findings.Kind, findings.Outcome, findings.State, ledger.Status),
    *(CopyOutcome, ComparedState, Basis),
)
TERMS = (
    "report", "citation", "source", "reading", "candidate", "uncertain", "source manifest", "exchange", "capture",
    "requisite", "rendering", "record", "block", "payload", "memento", "successor", "ledger", "note", "bag",
    "payload manifest", "tag file", "tag manifest", "fixity", "complete", "valid", "finish", "seal", "custody", "custody event",
    "handover", "receipt", "exhibit", "disclosure copy", "copy", "catalogue", "audit", "finding", "error", "doubts",
    "passed_over", "custody log", "Payload-Oxum", "evidence-bag-1", "withheld", "namespaces", "allowed_signers", "annex",
    "full-read", "provider-report", "head-checksum", "no checksum", "class", "pin-differs", "bag-gone", "transfer", "timemap", "loopback", "RFC 8493", "trust folder", "journal", "profile", "plan", "baseline",
    "Berkeley Protocol", "PREMIS", "cdx", "E-ARK", "SIP", "age", "tsa", "transfer list", "pseudonym", "beacon", "countersign",
    "seen to be gone", "private trust", "hop", "disclosure", "records log", "clock", "seed",
)  # fmt: skip
"""What the documents, the messages and the files of a bag call things."""


def unexplained(words: set[str]) -> list[str]:
    return sorted(word for word in words if explain(word) is None)


def stated(schema: Any) -> Iterator[str]:
    """Every text that a schema lists as a value."""
    if isinstance(schema, dict):
        values = [*schema.get("enum", ()), schema.get("const")] if isinstance(schema.get("enum", ()), list) else []
        yield from (value for value in values if isinstance(value, str))
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from stated(each)


def test_every_value_of_every_schema_is_explained() -> None:
    values = {value for file in SCHEMAS for value in stated(json.loads(file.read_text("utf-8")))}
    assert len(SCHEMAS) >= 10 and "corroborated" in values
    assert unexplained(values) == []


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_value_of_an_enumeration_is_explained(kind: type[StrEnum]) -> None:
    assert unexplained(set(map(str, kind))) == []


def test_every_code_of_findings_notes_doubts_and_reasons_is_explained() -> None:
    reasons = {reason for several in ledger.REASONS.values() for reason in several}
    codes = {*CATALOGUE, *NOTE_FACTS, *DOUBTS, *PASSED_OVER, *NOTHING, *reasons}
    assert len(codes) > 400
    assert unexplained(codes) == []


def test_every_term_of_the_documents_is_explained() -> None:
    assert unexplained(set(TERMS)) == []


STOP = {"a", "an", "the", "of", "to", "by", "is", "it", "its", "are", "was", "in", "on", "at", "as", "this", "that", "no", "not", "one"}


def content(text: str) -> set[str]:
    """The beginnings of the words that say something: forms of one word count as one."""
    return {word[:4] for word in re.findall(r"[a-z]+", text.lower()) if word not in STOP}


def test_no_explanation_only_repeats_the_word() -> None:
    circular, seen = [], 0
    for word in known_words():
        for part in (explain(word) or "").split("\n\n"):
            _, _, says = " ".join(part.split()).partition(": ")
            seen += 1
            if "<" not in says and "“" not in says and not content(says) - content(re.sub("[_-]", " ", word)):
                circular.append((word, says))
    assert seen > 1000
    assert circular == []


@pytest.mark.parametrize("language", languages())
def test_what_is_explained_in_other_words_has_several_of_them(language: str) -> None:
    said = {key: text for key, text in load(language).sentences.items() if key.startswith("means.")}
    assert len(said) > 50
    assert [key for key, text in said.items() if len(text.split()) < 6] == []


def test_every_family_has_codes_and_a_name_in_every_language() -> None:
    for code in languages():
        words = load(code)
        for family, prefix in FAMILIES.items():
            assert words.has(f"cli.help.of.{family}"), (code, family)
            assert any(key.startswith(prefix) for key in words.sentences), prefix


def test_what_a_message_prints_in_brackets_or_before_a_colon_is_explained() -> None:
    """A code within a sentence of the terminal, such as `(ambiguous)`, is a word that somebody looks up."""
    sentences = [text for key, text in load().sentences.items() if key.startswith("cli.")]
    named = {word for text in sentences for word in re.findall(r"`archive help ([a-z][a-z -]+)`", text)}
    assert {"gap", "origin", "safety", "trust"} - {word for text in sentences for word in re.findall(r"archive help ([a-z]+)", text)} == set()
    assert [word for word in named if explain(word) is None and word not in ("safety", "trust", "config")] == []


def test_an_explanation_in_another_language_has_the_word_and_that_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_LANGUAGE", "ar")
    lacking = [word for word in known_words() if (text := explain(word)) is None or word.lower() not in text.lower()]
    assert lacking == []
    assert "شك في قراءة" in str(explain("no-scheme"))


@pytest.mark.parametrize("word", ["payload-altered", "bag-gone", "substituted"])
def test_what_is_wrong_with_a_copy_is_explained_with_what_to_do(word: str) -> None:
    assert "archive repair COPY --from OTHER" in " ".join((explain(word) or "").split())
    assert "What to do" not in (explain("captured with gaps") or "")


def test_the_commands_of_the_audit_are_explained_with_and_without_its_name() -> None:
    for words in (["accept"], ["audit", "accept"], ["policy"]):
        assert f" audit {words[-1]} [OPTIONS]" in run("help", *words).stdout
