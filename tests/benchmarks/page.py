"""The docs page of the last figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_HEAD = """\
# Benchmarks

`make bench` measures; this page has the figures of one run, with the machine. Programs take turns, each in a process of its
own; a figure is the median of {runs} runs, and of at least {fewest} where the work takes long. *Ratio* is the peer's time divided by ours: by the clock, and of the processor,
which holds on a busy machine too. Sizes and targets are those that the project promises.

Run of {date}: {processor}, {processors} processors, Python {python}, {system}.
"""


def page_of(figures: dict[str, Any]) -> str:
    """`docs/reference/benchmarks.md` from the JSON of a run."""
    return "\n".join([_HEAD.format(**figures, **figures["machine"]), *_tables(figures), *_versions(figures), ""])


def _tables(figures: dict[str, Any]) -> Iterator[str]:
    for name, lines in figures["lines"].items():
        yield f"## {name.replace('_', ' ')}\n"
        yield "| work | ours | peer | ratio by the clock | ratio of the processor | peak memory | target | runs |"
        yield "|---|---|---|---|---|---|---|---|"
        for line in lines:
            yield _row(line)
        yield ""


def _row(line: dict[str, Any]) -> str:
    ours, theirs = line["ours"], line["theirs"]
    cells = [line["work"] + (f" ({line['note']})" if line["note"] else ""), _seconds(ours)]
    if theirs is None:
        cells += [f"{line['peer']}: not installed" if line["peer"] else "", "", ""]
    else:
        ratios = [f"{theirs[each] / ours[each]:.1f}x" if ours[each] else "" for each in ("wall", "cpu")]
        cells += [f"{line['peer']}: {_seconds(theirs)}", *ratios]
    memory = f"{ours['peak'] / 1024:.0f} MiB" if ours["peak"] else ""
    return "| " + " | ".join([*cells, memory, line["target"], str(ours["runs"])]) + " |"


def _seconds(figures: dict[str, Any]) -> str:
    return f"{figures['wall']:.2f} s, {figures['cpu']:.2f} s processor"


def _versions(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Versions\n"
    for name, version in figures["versions"].items():
        yield f"- {name}: {version}"
