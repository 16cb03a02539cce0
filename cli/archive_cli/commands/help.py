"""`archive help`: topics, commands, codes, and every word that the program prints."""

from __future__ import annotations

import click

from archive_cli.completing import topics
from archive_cli.output import message


@click.command("help")
@click.argument("words", metavar="[WORD]", nargs=-1, required=False, shell_complete=topics)
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...]) -> None:
    r"""Explain WORD: a topic, a command, a code, or any word that the program prints.

    Without a word it lists the topics.

    \b
    Example:
      archive help verdicts
      archive help captured with gaps
    """
    from archive_cli.glossary import explain, suggest
    from archive_cli.topics import TOPICS, text

    word = " ".join(words).strip()
    if not word:
        click.echo(_list(TOPICS))
    elif word in TOPICS:
        click.echo(text(word), nl=False)
    else:
        found = _of_command(ctx, word)
        texts = [found] if found else [text for text in (explain(word), _of_audit(ctx, word)) if text]
        if not texts:
            raise click.UsageError(message("help.unknown", name=repr(word), near=suggest(word)))
        click.echo("\n\n".join(texts))


def _list(topics: dict[str, str]) -> str:
    lines = [f"  {name:<12}{about}" for name, about in topics.items()]
    return "\n".join([message("help.topics"), *lines, "", message("help.also")])


def _of_command(ctx: click.Context, name: str) -> str | None:
    return _help_of(ctx.find_root(), name)


def _of_audit(ctx: click.Context, word: str) -> str | None:
    """The help of a command of `archive audit`, named with or without its group."""
    root = ctx.find_root()
    assert isinstance(root.command, click.Group)
    audit = root.command.get_command(root, "audit")
    assert isinstance(audit, click.Group)
    with click.Context(audit, info_name="audit", parent=root) as inner:
        return _help_of(inner, word.removeprefix("audit "))


def _help_of(group: click.Context, name: str) -> str | None:
    assert isinstance(group.command, click.Group)
    found = group.command.get_command(group, name)
    if found is None:
        return None
    with click.Context(found, info_name=name, parent=group) as inner:
        return found.get_help(inner)
