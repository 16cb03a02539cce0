"""What `archive help TOPIC` tells: texts of ours, with what the catalogues say put in where they are the truth."""

from __future__ import annotations

from importlib import resources

WIDTH = 80
"""Columns that every topic fits."""

TOPICS = {
    "verdicts": "what each verdict and each reason means",
    "findings": "every code that `archive verify` may report",
    "layout": "what lies where in a bag, and beside it",
    "exit-codes": "what a command's exit code says",
    "safety": "who sees you, what a bag gives away, what is dangerous",
    "trust": "keys, signatures, timestamps: who vouches for a bag, since when",
    "formats": "what is read, what is written, and by which standards",
    "config": "defaults of your own: the config file and environment variables",
}
"""Name of each topic -> what it is about, in the order of the list."""


def text(topic: str) -> str:
    """The text of a topic, ending in LF. Raises `KeyError` for what is none."""
    if topic not in TOPICS:
        raise KeyError(topic)
    written = (resources.files(__package__) / f"{topic}.txt").read_text(encoding="utf-8")
    return "".join(_filled(line) for line in written.splitlines(keepends=True))


def _filled(line: str) -> str:
    """A line as it is; one that reads `@name` is what the catalogue of that name says."""
    if not line.startswith("@"):
        return line
    from archive_cli.topics.blocks import BLOCKS

    return BLOCKS[line[1:].strip()]()
