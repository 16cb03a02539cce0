"""What a seal shows and what it does not, in plain words: for the terminal, and as a page beside the bag."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct

from archive.seal.claims import NEVER, STATEMENT, ClaimEvidence, licensed
from archive.words import FALLBACK, Catalogue, languages, load
from archive.words.reasons import explain
from archive_manifests.findings import Answer
from archive_manifests.plain_text import one_line
from archive_manifests.seal import NAMESPACE, SealedFacts

_HEADINGS = ("lead", "shown", "not_shown", "checks", "checks_lead")


class Statement(Struct, frozen=True):
    """What may be said of one sealed bag: codes and facts, rendered in a language when shown."""

    name: str
    shown_keys: tuple[str, ...]
    not_shown_keys: tuple[str, ...]
    facts: Mapping[str, object]
    commands: tuple[tuple[str, Mapping[str, str], str], ...]
    """(key of the catalogue, facts, command): how anybody checks it without this program."""

    def part(self, language: str) -> StatementPart:
        """The statement in one language; every name from outside on one line."""
        catalogue = load(language)
        facts = {name: _spelled(value, catalogue) for name, value in self.facts.items()}

        def claims(keys: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(catalogue.sentence(f"claim.{key}", **facts) for key in keys)

        checks = tuple(
            (catalogue.sentence(f"statement.{key}", **values), command) for key, values, command in self.commands
        )
        return StatementPart(
            code=catalogue.code,
            direction=catalogue.direction,
            title=catalogue.sentence("statement.title", name=one_line(self.name)),
            words={key: catalogue.sentence(f"statement.{key}") for key in _HEADINGS},
            shown=claims(self.shown_keys),
            not_shown=claims(self.not_shown_keys),
            checks=checks,
        )


def _spelled(value: object, catalogue: Catalogue) -> object:
    """A fact as a sentence holds it: an answer with its reasons in that language, text on one line."""
    if isinstance(value, Answer):
        value = explain(value, catalogue) or "-"
    return one_line(value) if isinstance(value, str) else value


class StatementPart(Struct, frozen=True):
    """The sentences of a statement in one language, without markup."""

    code: str
    direction: str
    title: str
    words: Mapping[str, str]
    """Headings and what stands under them."""
    shown: tuple[str, ...]
    not_shown: tuple[str, ...]
    checks: tuple[tuple[str, str], ...]


def make_statement(name: str, facts: SealedFacts, who: Answer, when: Answer, evidence: ClaimEvidence) -> Statement:
    """The statement of a sealed bag: what the checks in `evidence` license, and nothing else."""
    shown, not_shown = licensed(STATEMENT, evidence)
    names = who.facts.get("not_sealed")
    more = {"names": ", ".join(map(str, names))} if isinstance(names, list) and names else {}
    return Statement(
        name=name,
        shown_keys=tuple(shown),
        not_shown_keys=(*not_shown, *(["not_sealed"] if more else []), *NEVER),
        facts={**evidence.facts, **more},
        commands=tuple(_commands(facts, who, when)),
    )


def _commands(facts: SealedFacts, who: Answer, when: Answer) -> Iterator[tuple[str, dict[str, str], str]]:
    """Commands for the seal folder, beside the bag's own folder."""
    first = facts.tag_manifests[0]
    yield "check_bag", {"digest": first.sha256}, f"sha256sum ../BAG/{shlex.quote(first.file)}"
    for one in _entries(who, "signers"):
        command = f"ssh-keygen -Y verify -f allowed_signers -I NAME -n {NAMESPACE} -s {one['file']} < seal.json"
        yield "check_signature", {"key": str(one["key"] or one["file"])}, command
    for one in _entries(when, "stamps"):
        command = f"openssl ts -verify -in {one['file']} -data {one['over']} -CAfile authority-root.pem"
        yield "check_stamp", {"file": str(one["file"])}, command


def _entries(answer: Answer, name: str) -> list[dict[str, object]]:
    listed = answer.facts.get(name)
    return listed if isinstance(listed, list) else []


def as_lines(statement: Statement, language: str = FALLBACK) -> list[str]:
    """The statement for a terminal."""
    part = statement.part(language)
    return [
        f"{part.words['shown']}:",
        *(f"  - {sentence}" for sentence in part.shown),
        f"{part.words['not_shown']}:",
        *(f"  - {sentence}" for sentence in part.not_shown),
    ]


def as_html(statement: Statement) -> str:
    """The statement as a page in every language: no script, nothing fetched, every word from outside escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(loader=PackageLoader("archive.seal"), autoescape=True, undefined=StrictUndefined)
    parts = [statement.part(language) for language in languages()]
    return environment.get_template("statement.html").render(first=parts[0], parts=parts) + "\n"
