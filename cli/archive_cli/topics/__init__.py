"""The topics of `archive help`: written texts, with parts generated from the program's own tables."""

from __future__ import annotations

from importlib import resources

WIDTH = 80
"""Columns that every topic fits."""

TOPICS = {
    "verdicts": "what each verdict and each reason means",
    "findings": "every code that `archive verify` may report",
    "layout": "the files of a bag, and those beside it",
    "exit-codes": "what the exit code of a command means",
    "safety": "who sees you, what a bag reveals, what is dangerous",
    "trust": "keys, signatures, timestamps: who signed a bag, and since when it exists",
    "formats": "what the program reads and writes, by which standards",
    "config": "your own defaults: the config file and environment variables",
}
"""Name of each topic -> what it is about, in the order of the list."""


def text(topic: str) -> str:
    """The text of a topic, ending in LF. Raises `KeyError` for any other name."""
    if topic not in TOPICS:
        raise KeyError(topic)
    written = (resources.files(__package__) / f"{topic}.txt").read_text(encoding="utf-8")
    return "".join(_filled(line) for line in written.splitlines(keepends=True))


def _filled(line: str) -> str:
    """A line as it is; `@name` stands for the generated part of that name."""
    if not line.startswith("@"):
        return line
    from archive_cli.topics.blocks import BLOCKS

    return BLOCKS[line[1:].strip()]()
