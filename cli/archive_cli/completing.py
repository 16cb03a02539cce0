"""What a shell may complete beyond files: source ids of the bag on the line, topics and words of `archive help`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def source_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of the sources of the bag, or work folder, earlier on the line, with the address of each."""
    from click.shell_completion import CompletionItem

    from archive.replay.contents import read_contents
    from archive_cli.output import printable
    from archive_manifests.errors import ArchiveError

    bag = ctx.params.get("bag")
    if not isinstance(bag, Path):
        return []
    try:
        if bag.is_file():
            return []  # a package: reading it would take too long
        sources = read_contents(bag).ledger.sources
    except (ArchiveError, OSError):
        return []
    found = [source for source in sources if source.id.startswith(incomplete)]
    return [CompletionItem(source.id, help=printable(source.cited)) for source in found]


def topics(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What `archive help` explains: topics and commands, and codes once a letter is shell_path."""
    from click.shell_completion import CompletionItem

    from archive_cli.main import COMMANDS
    from archive_cli.topics import TOPICS

    known = dict.fromkeys(COMMANDS, "a command") | TOPICS
    if incomplete:
        from archive_cli.glossary import known_words
        from archive_manifests.finding_codes import CATALOGUE

        known |= {word: CATALOGUE[word].says if word in CATALOGUE else "" for word in known_words()}
    return [CompletionItem(name, help=about) for name, about in known.items() if name.startswith(incomplete)]
