"""The generated parts of topics: each comes from a table of the program."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from archive.words import load
from archive_manifests.finding_codes import CATALOGUE, CodeRow
from archive_manifests.findings import ORIGIN, QUESTIONS, Severity
from archive_manifests.ledger import REASONS, Status

_WIDTH = 80
_REASONS_AT = 20


def wrapped(head: str, text: str, at: int) -> Iterator[str]:
    """Lines of a definition list: `head` at the left, `text` from column `at`; on a line of its own where too long."""
    pad = " " * at
    lines = textwrap.wrap(
        text, _WIDTH, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
    )
    if len(head) + 2 > at or not lines:
        yield head.rstrip()
    else:
        lines[0] = head + lines[0][len(head) :]
    yield from lines


def statuses() -> str:
    """Every status with its reasons, in the words of the page in a bag."""
    words = load()
    lines: list[str] = []
    for status in Status:
        gap = "a gap" if status.is_gap else "no gap"
        lines += wrapped(str(status), f"({gap}) {words.sentence(f'status.{status}.sentence')}", 16)
        for reason in sorted(REASONS[status]):
            lines += wrapped(f"  {reason}", words.sentence(f"reason.{status}.{reason}"), _REASONS_AT)
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def findings() -> str:
    """Every code, under the question that it concerns."""
    lines: list[str] = []
    for question in (*QUESTIONS, ORIGIN):
        lines += [f"{question}:", ""]
        for code, row in CATALOGUE.items():
            if row.question == question:
                lines += wrapped(f"  {code}", describe(row), 28)
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def describe(row: CodeRow) -> str:
    """One row in words: what it means, the rule, and that it is a warning where it is one."""
    grave = "" if row.severity is Severity.ERROR else "[warning] "
    return f"{grave}{row.says}{f' ({row.rule})' if row.rule else ''}"


def defaults() -> str:
    """Every option that a config file may set, by command."""
    from archive_cli.config import SETTABLE

    lines: list[str] = []
    for command, names in SETTABLE.items():
        lines += wrapped(f"  [{command}]", ", ".join(names), 14)
    return "\n".join(lines) + "\n"


BLOCKS: dict[str, Callable[[], str]] = {"statuses": statuses, "findings": findings, "defaults": defaults}
"""Name after the `@` in a topic -> the function that writes that part."""
