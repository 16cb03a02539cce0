"""What verifying found, for people and for programs, and its progress on a terminal."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from archive.progress import Progress
from archive_cli.output import harmless, say
from archive_manifests.findings import outcome_of

if TYPE_CHECKING:
    from archive.handover.receipt_check import ReceiptCheck
    from archive.verify.run import Verification
    from archive_manifests.findings import Answer, Finding

_DIGEST_SHOWN = 12


def as_json(found: Verification, receipt: ReceiptCheck | None = None) -> str:
    """One line, `archive.verify/1`. Pure ASCII: names from outside can do nothing to a terminal.

    What is wrong with a receipt that was held against the bag stands among the findings.
    """
    about = receipt.findings if receipt else ()
    answer = {
        "schema": "archive.verify/1",
        "bag": str(found.bag),
        "outcome": str(outcome_of((*found.findings, *about))),
        "complete": found.is_complete,
        "valid": found.is_valid,
        "errors": found.errors + (receipt.errors if receipt else 0),
        "warnings": found.warnings + (len(about) - receipt.errors if receipt else 0),
        "files": found.files,
        "octets": found.octets,
        "tagmanifest": str(found.tagmanifest) if found.tagmanifest else None,
        "answers": {question: _answer(answer) for question, answer in found.answers.items()},
        "findings": [finding_as_object(finding) for finding in (*found.findings, *about)],
    }
    return json.dumps(answer | ({"receipt": receipt.told} if receipt else {}))


def _answer(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"state": str(answer.state)}
    return told | ({"why": answer.why} if answer.why else {}) | answer.facts


def finding_as_object(finding: Finding) -> dict[str, Any]:
    """A finding for programs, its severity and code first."""
    first = {"severity": str(finding.severity), "kind": str(finding.kind), "code": finding.code}
    named = {field.name: getattr(finding, field.name) for field in fields(finding)}
    said = {name: str(value) if name == "path" else value for name, value in named.items() if value is not None}
    return first | {name: value for name, value in said.items() if name not in first}


def show(found: Verification, receipt: ReceiptCheck | None = None) -> None:
    """Every finding on its line, what the codes mean, the six answers, how much was read."""
    findings = (*found.findings, *(receipt.findings if receipt else ()))
    show_findings(findings)
    name = harmless(found.bag.name)
    click.echo(f"{name}  {' · '.join(_short(question, answer) for question, answer in found.answers.items())}")
    for question, answer in found.answers.items():
        if answer.state in ("passed", "not-checked") and answer.why:
            click.echo(harmless(f"{say(f'question.{question}')}: {answer.why}"))
    if receipt:
        click.echo(harmless(say("verify.receipt", told=receipt.sentence)))
    counted, read = say("verify.findings", n=len(findings)), say("verify.files", n=found.files)
    click.echo(say("verify.read", findings=counted, files=read, size=_size(found.octets)))


def show_findings(findings: tuple[Finding, ...]) -> None:
    """Every finding on its line, and what the codes mean."""
    for finding in findings:
        click.echo(_line(finding))
    _show_meanings(findings)


def _short(question: str, answer: Answer) -> str:
    return f"{say(f'question.{question}')} {say(f'state.{answer.state}')}"


def _line(finding: Finding) -> str:
    where = finding.path.text if finding.path else "-"
    place = where if finding.line is None else f"{where}:{finding.line}"
    parts = [finding.code if finding.severity == "error" else say("verify.warning", code=finding.code), place]
    concerns = say("verify.concerns", source=finding.source) if finding.source else ""
    parts += [_compared(finding), concerns, finding.note or ""]
    # One finding, one line: a name may hold line ends.
    return harmless("  ".join(part for part in parts if part))


def _compared(finding: Finding) -> str:
    if finding.expected is None:
        return say("verify.found", found=finding.found) if finding.found is not None else ""
    nothing = finding.found or say("verify.nothing")
    (algorithm, stated), (other, found) = _digest(finding.expected), _digest(nothing)
    if algorithm and algorithm == other:
        return say("verify.digests", algorithm=algorithm, stated=stated, found=found)
    return say("verify.stated_found", stated=finding.expected, found=nothing)


def _digest(text: str) -> tuple[str, str]:
    """Algorithm and first digits of a digest; no algorithm for anything else."""
    algorithm, _, value = text.partition(":")
    return (algorithm, f"{value[:_DIGEST_SHOWN]}…") if len(value) > 31 and value.isalnum() else ("", text)


def _show_meanings(findings: tuple[Finding, ...]) -> None:
    from archive_manifests.finding_codes import CATALOGUE

    for code in dict.fromkeys(finding.code for finding in findings):
        row = CATALOGUE.get(code)
        if row:
            click.echo(f"{code}: {row.says}{f' ({row.rule})' if row.rule else ''}")


def _size(octets: int) -> str:
    amount = float(octets)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"
        amount /= 1024
    return f"{amount:,.1f} TiB"


class LiveCount(Progress):
    """One line on a terminal that says how much was read; nothing where stderr is no terminal, or a dumb one.

    No thread of its own: processes are forked while it shows.
    """

    def __init__(self, name: str) -> None:
        self._name = harmless(name)[:60]
        # A dumb terminal cannot take a line back; whoever wants no colours wants no other tricks of a terminal.
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
        self._files = 0
        self._octets = 0
        self._next = time.monotonic() + 0.5

    def file_checked(self, path: str, size: int) -> None:
        self._files += 1
        self._octets += size
        if self._is_shown and (self._files % 64 == 0 or size > 1 << 20):
            self._show()

    def _show(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.2
            files = say("verify.files", n=self._files)
            told = say("verify.live", name=self._name, files=files, size=_size(self._octets))
            click.echo(f"\r\x1b[K{told}", err=True, nl=False)

    def close(self) -> None:
        """Take the line away."""
        if self._is_shown:
            click.echo("\r\x1b[K", err=True, nl=False)
