"""`archive help`: topics, commands and finding codes, explained on the terminal."""

from __future__ import annotations

import click

from archive_cli.completing import topics


@click.command("help")
@click.argument("topic", metavar="[TOPIC]", required=False, shell_complete=topics)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    r"""Explain TOPIC: a topic, a command, or the code of a finding. Without one: list the topics.

    \b
    Example:
      archive help verdicts
    """
    from archive_cli.topics import TOPICS, text

    if topic is None:
        click.echo(_list(TOPICS))
    elif topic in TOPICS:
        click.echo(text(topic), nl=False)
    else:
        click.echo(_of_command(ctx, topic) or _of_code(topic) or _nothing(ctx, topic))


def _list(topics: dict[str, str]) -> str:
    lines = [f"  {name:<12}{about}" for name, about in topics.items()]
    last = "`archive help` also takes a command, or the code of a finding."
    return "\n".join(["Topics, each told by `archive help TOPIC`:", *lines, "", last])


def _of_command(ctx: click.Context, name: str) -> str | None:
    group = ctx.find_root().command
    assert isinstance(group, click.Group)
    found = group.get_command(ctx, name)
    if found is None:
        return None
    with click.Context(found, info_name=name, parent=ctx.find_root()) as inner:
        return found.get_help(inner)


def _of_code(code: str) -> str | None:
    from archive_manifests.finding_codes import CATALOGUE

    row = CATALOGUE.get(code)
    if row is None:
        return None
    rule = f"\nrule: {row.rule}" if row.rule else ""
    return f"{code}: {row.says}\n{row.severity}, bears on {row.question}{rule}"


def _nothing(ctx: click.Context, name: str) -> str:
    from archive_cli.errors import suggestion
    from archive_cli.topics import TOPICS
    from archive_manifests.finding_codes import CATALOGUE

    group = ctx.find_root().command
    assert isinstance(group, click.Group)
    known = [*TOPICS, *group.list_commands(ctx), *CATALOGUE]
    near = suggestion(name, known)
    raise click.UsageError(f"no topic, command or code {name!r}{near}; `archive help` lists the topics")
