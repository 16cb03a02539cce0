"""Scripts of two pages: the values that they state, by name, and whether what else differs can alter what is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archive.corroborate.compare.renamed_scripts import without_renamed
from archive.corroborate.compare.script_statements import ScriptStatement, statements_of
from archive.corroborate.explain.phrases import TOKEN
from archive.corroborate.explain.script_harm import may_harm
from archive.corroborate.explain.script_reach import Names, reaches, said_together
from archive.corroborate.explain.shown_values import ShownValues
from archive.corroborate.explain.site_states import are_builds_of_file, is_of_trial
from archive.corroborate.explain.values import difference_of, explain_value
from archive.corroborate.explain.varying_places import Place
from archive.corroborate.pages.script_data import SHORTEST_PROGRAM
from archive.corroborate.pages.slots import ADVERTISEMENT, LAYOUT, slot_of
from archive.corroborate.texts.align import gaps
from archive.corroborate.texts.machine import decodes_to_words, is_made, is_silent
from archive.corroborate.texts.retractions import takes_back
from archive.corroborate.texts.script_tokens import patterns_in
from archive.corroborate.texts.tokens import masked
from archive.corroborate.texts.visit_times import Visits
from archive_manifests.corroboration import Difference

_SHOWN = 300
_WORDS = re.compile(r"[^\W\d_]{2,}(?:[\s,.;:'’-]+[^\W\d_]+){2,}")
"""Three words in a row: what a person may read."""
_ADDRESS = re.compile(r"(?:https?:)?//[\w.-]+[\w./?=&%#:@~+-]*")
_LABELLED = re.compile(r"(?:[^\W\d_]{3,}\s?){1,2}[:–—-]\s*[0-9٠-٩][0-9٠-٩.,]*|[0-9٠-٩][0-9٠-٩.,]*\s[^\W\d_]{3,}")
"""A number with what it counts: `Toll: 12`, `37 dead`."""
_FRAMEWORK = re.compile(
    r"\s*[!(]*\s*(?:window\.)?(?:googletag|adsbygoogle|_taboola|OBR|ga|gtag|dataLayer|_gaq|fbq|_fbq|_paq|_hsq|hj|clarity|NREUM|mixpanel"
    r"|amplitude|_satellite|archive_analytics|__wm|_sf_async_config|pSUPERFLY|PARSELY|COMSCORE|_comscore|ym|twq|ttq|pbjs|apstag|__tcfapi|__CF\$cv\$params|OneTrust|Didomi|_qevents)"
    r"(?:\s*=\s*(?:window\.)?\w+\s*\|\||\.|\(|\s*=\s*[\[{])"
)
"""Calls of frameworks for advertising, consent and measuring, by their own whole names."""
_OF_FRAMEWORK = re.compile(r"googletag\.(?:display|cmd|pubads|defineSlot)|dataLayer|\.addService\(")


@dataclass(frozen=True, slots=True)
class ScriptJudge:
    """What is known of the pages that scripts are of."""

    visits: Visits
    names: Names = frozenset()
    """Of the elements of the main text."""
    of_visit: Callable[[Place, str], bool] | None = None
    """Whether a value at a place is known to be brought by its visit alone."""
    shown: ShownValues | None = None
    """What tells whether values of programs may be shown; without it all of them may."""

    def may_be_shown(self, name: str, one: str, other: str) -> bool:
        return self.shown is None or self.shown.differ(name, one, other)


def compare_scripts(one: Iterable[str], other: Iterable[str], judge: ScriptJudge) -> list[Difference]:
    """Differences between the scripts of two pages, inline or of one site."""
    texts = list(one), list(other)
    same = Counter(texts[0]) & Counter(texts[1])
    alone = [list(_without(side, same)) for side in texts]
    left = without_renamed(*alone)
    found = [Difference(LAYOUT, False, "", "")] if len(left[0]) < len(alone[0]) else []
    statements = [[found for script in side for found in statements_of(script)] for side in left]
    if judge.of_visit is not None:
        bare = [[_without_varying(each, judge.of_visit) for each in side] for side in statements]
        found += [Difference(TOKEN, False, "", "")] if bare != statements else []
        statements = bare
    keys = [[found.key for found in side] for side in statements]
    for gap in gaps(*keys):
        parts = statements[0][gap.first : gap.first_end], statements[1][gap.second : gap.second_end]
        found += _of_gap(*parts, judge)
    return found


def places_of_scripts(scripts: Iterable[str]) -> dict[Place, list[str]]:
    """The values of statements, by the shape of their statement and their order in it."""
    found: dict[Place, list[str]] = {}
    for script in scripts:
        for statement in statements_of(script):
            for number, (_, value) in enumerate(statement.values):
                found.setdefault(("script", statement.shape, number), []).append(value)
    return found


def names_written(scripts: Iterable[str], names: Names) -> frozenset[str]:
    """Names in the statements by which scripts reach into what a page shows; `names` are those of its main text."""
    statements = (each for script in set(scripts) for each in statements_of(script))
    reaching = (each.text for each in statements if not _is_framework(each) and each.reaches(names))
    return frozenset(name for text in reaching for name in _IDENTIFIER.findall(text))


_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]{3,60}")


def _without_varying(statement: ScriptStatement, of_visit: Callable[[Place, str], bool]) -> ScriptStatement:
    """A statement without the values that its own visit brought."""
    values = tuple(
        (name, "" if of_visit(("script", statement.shape, number), value) else value)
        for number, (name, value) in enumerate(statement.values)
    )
    return statement if values == statement.values else replace(statement, values=values)


def _without(scripts: list[str], same: Counter[str]) -> Iterator[str]:
    """The scripts that only one page has."""
    left = same.copy()
    for script in scripts:
        if left[script] > 0:
            left[script] -= 1
        else:
            yield script


def _of_gap(one: list[ScriptStatement], other: list[ScriptStatement], judge: ScriptJudge) -> Iterator[Difference]:
    waiting: dict[str, list[ScriptStatement]] = {}
    for each in other:
        waiting.setdefault(each.shape, []).append(each)
    alone: list[ScriptStatement] = []
    for each in one:
        same = waiting.get(each.shape)
        if same:
            yield from _of_values(each, same.pop(0), judge)
        else:
            alone.append(each)
    rest = [each for left in waiting.values() for each in left]
    roots = [{each.root for each in filter(_has_meaning, side)} - {""} for side in (alone, rest)]
    shared = roots[0] & roots[1]
    yield from (_difference(each, judge, is_first=True, is_changed=each.root in shared) for each in alone)
    yield from (_difference(each, judge, is_first=False, is_changed=each.root in shared) for each in rest)


def _has_meaning(statement: ScriptStatement) -> bool:
    """True for a statement with values, or one that hands named things to a function: a build makes up no such name."""
    return bool(statement.values) or re.match(r"[\w$]+(?:\.\w{4,})+\(\w{4,}", statement.text) is not None


def _of_values(one: ScriptStatement, other: ScriptStatement, judge: ScriptJudge) -> Iterator[Difference]:
    """Two statements of one shape: every value that differs."""
    is_framework = _is_framework(one) and _is_framework(other)
    for (name, first), (_, second) in zip(one.values, other.values, strict=True):
        if first != second:
            if _IS_CHALLENGE.match(one.text) and is_silent(first) and is_silent(second):
                continue
            if is_framework and _ADVERTISES.match(one.text) and len(first.split()) < 3 and len(second.split()) < 3:
                yield difference_of("script", name or "value", first or '""', second or '""', LAYOUT)
                continue
            if are_builds_of_file(first, second):
                yield difference_of("script", name or "value", first, second, LAYOUT)
                continue
            is_apart = not any(each.reaches(judge.names) for each in (one, other))
            if is_apart and _SETS_CLASS.match(one.text):
                yield difference_of("script", name or "value", first or '""', second or '""', LAYOUT)
                continue
            is_mute = is_framework and all(map(_is_silent, (first, second)))
            is_mute = is_mute or (is_apart and _are_codes(name, first, second))
            is_mute = is_mute or (is_apart and _is_long(one) and not judge.may_be_shown(name, first, second))
            yield from _of_value(name, first, second, judge, is_mute=is_mute)


def _of_value(name: str, one: str, other: str, judge: ScriptJudge, *, is_mute: bool) -> Iterator[Difference]:
    if name.endswith("write") and all(map(_is_place_of_advertising, (one, other))):
        yield difference_of("script", name, one, other, ADVERTISEMENT)
        return
    if one and other and all(re.search(r"[=(][^=]*[;)]", text) for text in (one, other)):
        found = compare_scripts((one,), (other,), ScriptJudge(judge.visits))  # a script within a script
        if any(each.is_substance for each in found) or not _differ_in_words(one, other):
            yield from found
            return
    kind = explain_value(name, one, other, judge.visits) or (LAYOUT if is_mute else None)
    if kind != TOKEN:
        yield difference_of("script", name or "value", one or '""', other or '""', kind)


def _differ_in_words(one: str, other: str) -> bool:
    """True for two texts that a person may read, of which one has a word that the other lacks."""
    is_text = any(says(text) or len(_SIDE_BY_SIDE.findall(text)) > 1 for text in (one, other))
    return is_text and bool(set(_PLAIN_WORD.findall(one)) ^ set(_PLAIN_WORD.findall(other)))


_SIDE_BY_SIDE = re.compile(r"(?<![^\W_])[^\W\d_]{2,} [^\W\d_]{2,}")

_PLAIN_WORD = re.compile(r"(?<![^\W_])(?:[A-Z]?[a-z]{2,}|(?:(?![A-Za-z])[^\W\d_]){2,})(?![^\W_])")


def _are_codes(name: str, one: str, other: str) -> bool:
    """True for the arm of a trial (`A`), the digest of a build (`5f1c`), a version, a part of the time: no words."""
    if _OF_READER.fullmatch(name):
        return all(map(_SETTING.fullmatch, (one, other)))
    if is_of_trial(name, one) and is_of_trial(name, other):
        return True
    known = _NUMBERED.fullmatch(name.rpartition(".")[2])
    code = _CODE if known is None else _TIME if known["time"] else _NUMBER
    return all(map(code.fullmatch, (one, other)))


_NUMBERED = re.compile(
    r"(?:\w+[_.])?(?:v|ver|version|rev|revision|build|release)|(?P<time>time|now|today\w{0,6})", re.IGNORECASE
)
_OF_READER = re.compile(
    r"(?:visitor|client|browser|user)_?(?:tz|time_?zone(?:_?offset)?|offset|lang(?:uage)?|locale)", re.IGNORECASE
)
"""What a program notes of its reader."""
_SETTING = re.compile(r"[\w/+:.-]{0,30}")
_NUMBER, _TIME = re.compile(r"\d{1,10}|[\w.-]{0,20}\d[\w.-]{0,20}"), re.compile(r"[0-5]?\d|20\d\d|1[5-9]\d{8}")
_CODE = re.compile(r"[A-H]|control|ctrl|treatment|alt|(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{4,40}|v?\d{1,4}(?:\.\d{1,6}){2}")
_ELEMENTS = re.compile(r"<(/?)([a-z][a-z0-9-]*)([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*[\"']?([^\s\"'>]*)")


def _is_place_of_advertising(markup: str) -> bool:
    """True for no markup, and for empty elements that a framework for advertising fills."""
    if _ELEMENTS.sub("", markup).strip():
        return False
    opened = (
        (tag.lower(), dict(_ATTRIBUTE.findall(stated))) for end, tag, stated in _ELEMENTS.findall(markup) if not end
    )
    return all(slot_of(tag, stated, frozenset()) == ADVERTISEMENT for tag, stated in opened)


_SETS_CLASS = re.compile(r"[\w$.]+\.classList\.(?:add|remove|toggle)\(")
_IS_CHALLENGE = re.compile(r"\s*(?:window\.)?__CF\$cv\$params\s*=")
_ADVERTISES = re.compile(r"\s*[!(]*\s*(?:window\.)?(?:googletag|adsbygoogle|_taboola|OBR|pbjs|apstag)\b")


def _is_silent(text: str) -> bool:
    """True for a value of a framework for measuring that says nothing."""
    return re.search(r"[^\W\d_]{4}", text) is None or is_made(text)


def _is_long(statement: ScriptStatement) -> bool:
    """True for a statement of a program."""
    return len(statement.script) >= SHORTEST_PROGRAM


def _is_framework(statement: ScriptStatement) -> bool:
    if _FRAMEWORK.match(statement.text) is None:
        return False
    return not reaches(_OF_FRAMEWORK.sub("", statement.text), frozenset())


def _difference(statement: ScriptStatement, judge: ScriptJudge, *, is_first: bool, is_changed: bool) -> Difference:
    """A statement that only one page has; `is_changed` where the other says something else of the same name."""
    values = [*(value for _, value in statement.values), *patterns_in(statement.text), said_together(statement.text)]
    if _is_framework(statement):
        is_substance = any(len(value.split()) > 2 for value in values)
    else:
        said = (judge.may_be_shown(name, value, "") for name, value in statement.values)
        is_other = is_changed and (not _is_long(statement) or any(said))
        is_said = any(says(value) or decodes_to_words(value) or _takes_back(value) for value in values)
        is_harm = statement.reaches(judge.names) or may_harm(statement.text, judge.names, statement.script)
        is_substance = is_other or is_said or is_harm
    shown = masked(statement.text)[:_SHOWN]
    kind = "script" if is_substance else LAYOUT
    return Difference(kind, is_substance, shown if is_first else "", "" if is_first else shown)


def _takes_back(value: str) -> bool:
    return value not in ("true", "false") and takes_back(value)


def says(text: str) -> bool:
    """True for three words in a row, or a number with what it counts."""
    text = _ADDRESS.sub("", text)
    return _WORDS.search(text) is not None or _LABELLED.fullmatch(text.strip()) is not None


def compare_linked(one: Mapping[str, str], other: Mapping[str, str], judge: ScriptJudge) -> list[Difference]:
    """Scripts that both pages link, and those that one of them alone links."""
    shared = {url for url in one.keys() & other.keys() if one[url] != other[url]}
    alone = (one.keys() ^ other.keys()) | shared
    return compare_scripts(
        (one[url] for url in sorted(alone & one.keys())),
        (other[url] for url in sorted(alone & other.keys())),
        judge,
    )
