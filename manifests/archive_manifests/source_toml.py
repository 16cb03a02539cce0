"""The source manifest as TOML: what a person reads, edits and sends on."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from archive_manifests.errors import StatementError
from archive_manifests.plain_text import plain_reason
from archive_manifests.readings import doubt_text
from archive_manifests.sources import (
    Citation,
    PassedOver,
    Report,
    Source,
    SourceManifest,
    Supplied,
    round_problem,
    source_id,
)
from archive_manifests.toml_table import Table

LONGEST = 32 * 1024 * 1024
"""Characters of a source manifest; far more than the largest report needs."""
_LONGEST_LINE = 10_000
"""Characters of a text that becomes one line of `bag-info.txt`: `verify` reads lines of up to 65,536."""

FOUND_BY = ("text", "annotation", "both", "markup", "person")

_HEAD = """\
# Source manifest: what {report} cites, and what is to be captured of it.
# `archive fetch` on this file captures what stands here; the report's own file need not be there.
# You may edit it. In every [[source]] you may set:
#   skip = true            leave this source out; the bag will say so
#   successor = "https://" a new address of the same thing, as you assert; captured beside the cited one
#   quote = ""             what the report says that the source says; the ledger notes whether it occurs there
#   media = true           fetch its video or audio too (false: never)
#   graphic = true         shows violence or bodies: whoever opens the bag is warned
#   sensitivity = ""       what makes it sensitive, and for whom
#   personal_data = ""     whose personal data it holds
#   consent = ""           what consent there is
#   note = ""              anything else
#   supplied = [ {{ path = "shot.png", how = "screenshot, Firefox", by = "initials", when = "2026-11-22" }} ]
#                          your own file as a copy of it; the path starts at this file's folder
# Leave `cited` as it is: it is what the report prints. To add a source, add a [[source]] with its `cited`.
# Sources with `doubts` come first: a person should look at them. `candidates` are the other ways to read them;
#   reading = "https://"   the address as you read it: settles the doubt, and it alone is requested
# Lines that start with # are remarks.
"""
_REPORT_HINTS = {
    "title": '""',
    "date": '"2021-05-21"  # the day it was published',
    "language": '"ar"',
    "publisher": '""',
    "sha256": '""  # of the report\'s file',
    "published": "false  # false: nobody else, such as the Wayback Machine, is asked about its sources",
}
_REPORT_KEYS = ("id", "title", "date", "language", "publisher", "sha256", "access", "published", "round")
_MARKS = ("skip", "successor", "quote", "media", "graphic", "sensitivity", "personal_data", "consent", "note")
_SOURCE_KEYS = ("order", "cited", "reading", "doubts", *_MARKS, "supplied", "candidates", "citations")
_PASSED_KEYS = ("target", "kind", "page", "line")
_WRITTEN_OF_CITATION = ("page", "line", "found_by", "anchor", "context")
"""Without the offsets in the text: nobody can check those by eye, and the ledger has them."""
_CITATION_KEYS = ("page", "line", "offset", "length", "found_by", "anchor", "context")
_SUPPLIED_KEYS = ("path", "how", "by", "when", "other_address")

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\Z")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")
_SOURCE_HEADER = re.compile(r"\s*\[\[\s*source\s*\]\]")
# Besides what TOML forbids raw: what turns the reading direction, or parts lines in some editors.
_ESCAPED = re.compile("[\"\\\\\0-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def to_toml(manifest: SourceManifest) -> str:
    """The manifest in our layout: the same values always give the same text."""
    # The identifier of a file such as report.txt is the word itself.
    ident = manifest.report.id
    parts = [_HEAD.format(report="the report" if ident.lower() == "report" else f"the report {ident}")]
    if manifest.passed_over:
        parts += ["# What looks like an address in the report, or may hide one, and is no source:"]
        parts += [*_array("passed_over", [_inline(one, _PASSED_KEYS) for one in manifest.passed_over]), ""]
    parts.append("[report]")
    for key in _REPORT_KEYS:
        value = getattr(manifest.report, key)
        if value is not None:
            parts.append(f"{key} = {_value(value)}")
        elif key in _REPORT_HINTS:
            parts.append(f"# {key} = {_REPORT_HINTS[key]}")
    numbered = list(enumerate(manifest.sources))
    shown = sorted(numbered, key=lambda pair: not pair[1].is_uncertain)
    for index, source in shown:
        parts += ["", f"[[source]]  # {source_id(index)}"]
        parts += _doubt_remarks(source) if source.is_uncertain else []
        parts += [f"order = {index + 1}"] if shown != numbered else []
        parts += _source_lines(source)
    return "\n".join(parts) + "\n"


def _doubt_remarks(source: Source) -> list[str]:
    """Why a person should look, and the words round the printed address."""
    words = next((place.context or place.anchor for place in source.citations if place.context or place.anchor), None)
    remarks = [f"# UNCERTAIN: {doubt_text(source.doubts)}"]
    return remarks + ([f"# printed: {_one_line(words)}"] if words else [])


def _one_line(words: str) -> str:
    return _CONTROL.sub(" ", _ESCAPED.sub(lambda match: match[0] if match[0] in "\"\\" else " ", words))[:400]


def _source_lines(source: Source) -> list[str]:
    lines = [f"cited = {_value(source.cited)}"]
    lines += [f"reading = {_value(source.reading)}"] if source.reading is not None else []
    lines += [f"doubts = [{', '.join(map(_value, source.doubts))}]"] if source.doubts else []
    marks = {key: getattr(source, key) for key in _MARKS}
    marks["skip"] = source.skip or None
    lines += [f"{key} = {_value(value)}" for key, value in marks.items() if value is not None]
    lines += _array("supplied", [_inline(supplied, _SUPPLIED_KEYS) for supplied in source.supplied])
    lines += _array("candidates", [_value(candidate) for candidate in source.candidates])
    return lines + _array("citations", [_inline(citation, _WRITTEN_OF_CITATION) for citation in source.citations])


def _array(key: str, values: list[str]) -> list[str]:
    return [f"{key} = [", *(f"  {value}," for value in values), "]"] if values else []


def _inline(value: Citation | Supplied | PassedOver, keys: tuple[str, ...]) -> str:
    pairs = [(key, getattr(value, key)) for key in keys]
    return "{ " + ", ".join(f"{key} = {_value(stated)}" for key, stated in pairs if stated is not None) + " }"


def _value(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04X}"


def from_toml(text: str) -> SourceManifest:
    """Read a source manifest strictly. Raises `StatementError` that names the line where it can."""
    stated = Table(_parsed(text), "source manifest", text, keys=("report", "source", "passed_over"))
    report = _report(stated.table("report", _REPORT_KEYS))
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _SOURCE_HEADER.match(line)]
    tables = stated.tables("source", _SOURCE_KEYS, lines)
    sources = list(map(_source, tables))
    seen: dict[str, int] = {}
    for number, (source, table) in enumerate(zip(sources, tables, strict=True), 1):
        first = seen.setdefault(source.cited, number)
        if first != number:
            raise table.error("cited", f"is the same as in source {first}; write one [[source]] with both citations")
    passed_over = tuple(map(_passed_over, stated.tables("passed_over", _PASSED_KEYS)))
    return SourceManifest(report, _in_order(sources, tables), passed_over)


def _in_order(sources: list[Source], tables: list[Table]) -> tuple[Source, ...]:
    """The sources in the order in which the report cites them; those that a person added come last."""
    placed: dict[int, int] = {}
    orders: list[float] = []
    for number, table in enumerate(tables, 1):
        order = table.number("order", least=1)
        if order is not None and (first := placed.setdefault(order, number)) != number:
            raise table.error("order", f"is {order}, as in source {first}; leave it out of a source that you add")
        orders.append(float("inf") if order is None else order)
    return tuple(source for _, source in sorted(zip(orders, sources, strict=True), key=lambda pair: pair[0]))


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise StatementError(f"source manifest: {len(text):,} characters; at most {LONGEST:,} are read")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        place = re.search(r" \(at line ([0-9]+), column ([0-9]+)\)", plain_reason(error))
        problem = plain_reason(error).replace(place[0], "") if place else plain_reason(error)
        where = f" line {place[1]}, column {place[2]}" if place else ""
        raise StatementError(
            f"source manifest{where}: not TOML: {problem}", line=int(place[1]) if place else None
        ) from error


def _report(table: Table) -> Report:
    stated_id = table.required_text("id")
    if not _ID.match(stated_id) or stated_id.endswith("."):
        raise table.error("id", f"is {stated_id!r}; only A-Z, a-z, 0-9, '.', '_', '-' can name a bag: R210517")
    for key in ("title", "publisher", "access"):
        if len(text := table.text(key) or "") > _LONGEST_LINE:
            raise table.error(key, f"has {len(text):,} characters; at most {_LONGEST_LINE:,} fit into a bag's labels")
    return Report(
        id=stated_id,
        title=table.text("title"),
        date=table.day("date"),
        language=table.text("language"),
        publisher=table.text("publisher"),
        sha256=table.sha256("sha256"),
        access=table.text("access") or "restricted",
        published=table.flag("published"),
        round=_round(table),
    )


def _round(table: Table) -> str | None:
    stated = table.text("round")
    wrong = round_problem(stated) if stated is not None else None
    if wrong is not None:
        raise table.error("round", f"is no round: {wrong}")
    return stated


def _source(table: Table) -> Source:
    cited = table.required_text("cited")
    successor, candidates = table.text("successor"), table.texts("candidates")
    reading = table.text("reading")
    for key, value in [("cited", cited), ("successor", successor or ""), *(("candidates", c) for c in candidates)]:
        if _CONTROL.search(value):
            raise table.error(key, "holds a control character or a line break")
    if reading is not None and not re.match(r"https?://.", reading, re.IGNORECASE):
        raise table.error("reading", f"is {reading!r}; it must be an address that starts with https:// or http://")
    if successor is not None and not re.match(r"https?://.", successor, re.IGNORECASE):
        raise table.error("successor", f"is {successor!r}; it must be an address that starts with https:// or http://")
    return Source(
        cited=cited,
        citations=tuple(map(_citation, table.tables("citations", _CITATION_KEYS))),
        candidates=candidates,
        doubts=table.texts("doubts"),
        reading=reading,
        skip=table.flag("skip") or False,
        successor=successor,
        quote=table.text("quote"),
        media=table.flag("media"),
        graphic=table.flag("graphic"),
        sensitivity=table.text("sensitivity"),
        personal_data=table.text("personal_data"),
        consent=table.text("consent"),
        note=table.text("note"),
        supplied=tuple(map(_supplied, table.tables("supplied", _SUPPLIED_KEYS))),
    )


def _passed_over(table: Table) -> PassedOver:
    return PassedOver(
        kind=table.required_text("kind"),
        target=table.text("target") or "",
        page=table.number("page", least=1),
        line=table.number("line", least=1),
    )


def _citation(table: Table) -> Citation:
    found_by = table.text("found_by") or "text"
    if found_by not in FOUND_BY:
        raise table.error("found_by", f"is {found_by!r}; it is one of {', '.join(FOUND_BY)}")
    return Citation(
        page=table.number("page", least=1),
        line=table.number("line", least=1),
        offset=table.number("offset", least=0),
        length=table.number("length", least=0),
        anchor=table.text("anchor"),
        context=table.text("context"),
        found_by=found_by,
    )


def _supplied(table: Table) -> Supplied:
    path = table.required_text("path")
    parts = re.split(r"[/\\]", path)
    # A manifest may come from elsewhere: it must not pull other files of this machine into the bag.
    if parts[0] == "" or ":" in parts[0] or ".." in parts or _CONTROL.search(path):
        raise table.error("path", f"is {path!r}; it must lie in this file's folder or below it, such as files/shot.png")
    return Supplied(
        path=path,
        how=table.required_text("how"),
        by=table.text("by"),
        when=table.moment("when"),
        other_address=table.flag("other_address"),
    )
