"""What a shell may complete beyond files: read off the bag that stands earlier on the line, if that is cheap."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def source_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of the sources of the bag, or held work folder, that was given before, with what each cites."""
    from click.shell_completion import CompletionItem

    from archive.replay.open import look
    from archive_cli.output import harmless
    from archive_manifests.errors import ArchiveError

    bag = ctx.params.get("bag")
    if not isinstance(bag, Path):
        return []
    folder = next((place for place in (bag, bag.with_name(f"{bag.name}.part")) if place.is_dir()), None)
    if folder is None:
        return []
    try:
        sources = look(folder).ledger.sources
    except (ArchiveError, OSError):
        return []
    found = [source for source in sources if source.id.startswith(incomplete)]
    return [CompletionItem(source.id, help=harmless(source.cited)) for source in found]


def topics(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What `archive help` explains: topics and commands, and codes once a letter is typed."""
    from click.shell_completion import CompletionItem

    from archive_cli.main import COMMANDS
    from archive_cli.topics import TOPICS

    known = dict.fromkeys(COMMANDS, "a command") | TOPICS
    if incomplete:
        from archive_manifests.finding_codes import CATALOGUE

        known |= {code: row.says for code, row in CATALOGUE.items()}
    return [CompletionItem(name, help=about) for name, about in known.items() if name.startswith(incomplete)]
