"""The headings of `archive --help`, and of the options of commands that have many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

SECTIONS = {
    "Make a bag": ("desk", "cite", "fetch", "import", "supply", "attest", "finish"),
    "Check": ("verify", "compare", "corroborate"),
    "Look": ("show", "view", "replay-check"),
    "Sign": ("keygen", "sign"),
    "Hand over": ("pack", "receive", "disclose", "annotate"),
    "Many bags": ("audit", "repair"),
    "Help": ("help", "doctor", "completion"),
}


def sections(commands: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Each heading with its commands; commands without a heading come last."""
    known = list(commands)
    for heading, names in SECTIONS.items():
        if found := [name for name in names if name in known]:
            yield heading, found
    named = {name for names in SECTIONS.values() for name in names}
    if others := [name for name in known if name not in named]:
        yield "Others", others


HEADINGS = {
    "Leave out": ("--no-media", "--no-memento", "--no-third-parties", "--obey-robots", "--max-size", "--max-total"),
    "Requests": ("--jobs", "--per-host", "--delay", "--limit-rate", "--identify", "--cookies"),
    "Connections": ("--proxy", "--connect-to", "--cacert", "--accept-certificate", "--allow-private"),
    "Package": ("--as", "--profile", "--organisation", "--size", "--par2"),
    "One part alone": ("--record", "--exhibit", "--exhibits", "--check"),
    "Encryption": ("--encrypt-to", "--identity-annex", "--annex-to"),
    "Output": ("--json", "--quiet", "--verbose", "--help"),
}
"""Heading -> its options. All others come first, under `Options`."""
_HEADING_OF = {name: heading for heading, names in HEADINGS.items() for name in names}


class Grouped(click.Command):
    """A command whose help shows its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        groups: dict[str, list[tuple[str, str]]] = {"Options": [], **{heading: [] for heading in HEADINGS}}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                found = (_HEADING_OF[name] for name in param.opts if name in _HEADING_OF)
                groups[next(found, "Options")].append(record)
        for heading, rows in groups.items():
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
