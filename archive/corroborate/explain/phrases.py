"""Two lines that differ: whether all that differs are counts of readers, times of the own visit, ages.

Both are cut into clauses. A clause is the same in both, or it consists of numbers, times and known words alone; then
its measures have to be the same, and its numbers and times fit the visits. Its words and their order may differ.
"""

from __future__ import annotations

import re

from archive.corroborate.explain.time_lines import (
    WORD,
    Part,
    TimedLine,
    are_clocks,
    are_punctuated_otherwise,
    has_number,
    lower_words,
    parts_of,
)
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.changing_words import SHARING
from archive.corroborate.texts.clocks import says_made, says_now, words_of_clocks
from archive.corroborate.texts.counters import (
    Count,
    are_plausible,
    count_in,
    counts_readers,
    label_measures,
    measures_in,
    measures_search,
    measures_server,
    numbers_in,
    with_numerals,
    words_of_networks,
)
from archive.corroborate.texts.dates import TimeExpression, time_expressions
from archive.corroborate.texts.folding import composed, fold, unseen_marks
from archive.corroborate.texts.tokens import are_tokens
from archive.corroborate.texts.visit_times import Visits, are_one_day, explained

COUNTER, DATE, TOKEN = "counter", "date", "token"
_LONGEST = 400
_LONGEST_MEASURE = 80
_MOST_WORDS = 30
_MOST_WORDS_OF_AGE = 24
_SPOKEN_WORDS, _SPOKEN = 2, 3
"""Words without a capital that say something; in a script without capitals, words that are more than a name."""
_END = re.compile(r"[.!?؟](?=\s|\Z)|[·|•—–؛;\n()\[\]]|\s-\s")
_QUOTED, _ENDS = re.compile("[\"“”„«»「」]|[:：]\\s*\\0|'.*'"), re.compile(r"[.!?؟。][\"'”»)]*\Z")
"""What shows that somebody says it, and the end of a sentence."""
_SAYS_HOUR = re.compile(
    r"\b(?:(?:current|local|server) time|time now|it is now|il est|son las|es la)\b|الساعة الآن|التوقيت المحلي",
    re.IGNORECASE,
)
_FRAME = frozenset(("header", "footer", "nav"))
_OF_COMMENTS = frozenset(("comments", "respond", "disqus_thread", "comment-list"))
"""Where a link to the comments below a text leads."""
_BAR = re.compile(r"[|·•]")
"""What stands between the clock of a page's frame and what stands beside it."""
_SAYS_MADE = re.compile(
    r"\b(?:(?:page|report|list|document|site|table) (?:generated|rendered|cached|created)|(?:server|local|current) time"
    r"|(?:last )?updated|it is (?:now|currently)|page générée|mis(?:e)? à jour|actualizado|généré)\b"
    r"|آخر تحديث|تم التحديث|الساعة الآن",
    re.IGNORECASE,
)
"""What a server says of the moment at which it made the page."""


def explain_lines(one: TextBlock, other: TextBlock, visits: Visits) -> frozenset[str] | None:
    """By what two texts differ: `counter`, `date`; None where something else differs."""
    if max(len(one.text), len(other.text)) > _LONGEST or not (_may_change(one.text) and _may_change(other.text)):
        return None
    if _are_servers(one, other):
        return frozenset({TOKEN})
    parts = parts_of(one), parts_of(other)
    lines = TimedLine.of(parts[0], one), TimedLine.of(parts[1], other)
    found = _explain(*lines, visits)
    if found is None:
        found = _by_clauses(one, other, visits) or _by_parts(parts, (one, other), visits)
    return None if found is not None and DATE in found and are_punctuated_otherwise(*lines) else found


def _may_change(text: str) -> bool:
    """True for a text with a number or a time in it."""
    text = with_numerals(text)
    return has_number(text) or bool(time_expressions(text)) or numbers_in(text) != []


def is_measure(block: TextBlock) -> bool:
    """True for a short line of numbers, times and known words alone: where it stands says more than what it says."""
    if len(block.text) > _LONGEST_MEASURE or not _may_change(block.text):
        return False
    line = TimedLine.of(parts_of(block), block)
    if line.times and lower_words(line.rest) <= words_of_clocks() and not has_number(line.rest):
        return True
    return _count(line) is not None


def _by_clauses(one: TextBlock, other: TextBlock, visits: Visits) -> frozenset[str] | None:
    """Each clause by itself: `37 dead · 1,204 views`."""
    clauses = [
        [part for part in _END.split(composed(" ".join(text for text, _ in parts_of(block)))) if part.strip(" ,:،")]
        for block in (one, other)
    ]
    if len(clauses[0]) != len(clauses[1]) or len(clauses[0]) < 2:
        return None
    kinds: set[str] = set()
    for first, second in zip(*clauses, strict=True):
        if fold(first).strip(" ,:") == fold(second).strip(" ,:"):
            continue
        lines = [TimedLine.of([(text, block.labels)], block) for text, block in ((first, one), (second, other))]
        found = _explain(lines[0], lines[1], visits)
        if found is None:
            return None
        kinds |= found
    return frozenset(kinds) or None


def _by_parts(
    parts: tuple[list[Part], list[Part]], blocks: tuple[TextBlock, TextBlock], visits: Visits
) -> frozenset[str] | None:
    """Elements within one line, each by itself: a channel's name, its views, their age."""
    if len(parts[0]) != len(parts[1]) or len(parts[0]) < 2:
        return None
    same = [fold(first[0]) == fold(second[0]) for first, second in zip(*parts, strict=True)]
    if all(same):
        return None
    low, high = same.index(False), len(same) - same[::-1].index(False)
    kinds: set[str] = set()
    lines = [TimedLine.of(found[low:high], block) for found, block in zip(parts, blocks, strict=True)]
    if (found := _explain(lines[0], lines[1], visits)) is not None:
        is_of_sentence = COUNTER in found and any(is_spoken(side, low, high) for side in parts)
        return None if is_of_sentence else found
    for at in range(low, high):
        if same[at]:
            continue
        end = at + 2 if at + 1 < len(same) and same[at + 1] and not has_number(parts[0][at + 1][0]) else at + 1
        lines = [TimedLine.of(found[at:end], block) for found, block in zip(parts, blocks, strict=True)]
        if (found := _explain(lines[0], lines[1], visits)) is None:
            return None
        if COUNTER in found and any(is_spoken(side, at, end) for side in parts):
            return None
        kinds |= found
    return frozenset(kinds)


def is_spoken(parts: list[Part], start: int, end: int) -> bool:
    """True where the elements around these go on with a sentence: `received <b>37 shares</b> of the company`."""
    before = composed(" ".join(text for text, _ in parts[:start])).strip()
    after = composed(" ".join(text for text, _ in parts[end:])).strip()
    if _goes_on(WORD.findall(after)[:1], after[:1]):
        return True
    if after[:1].isalpha() and _says_something(_END.split(after, maxsplit=1)[0]):
        return True
    return _goes_on(WORD.findall(before)[-1:], before[-1:], is_name="_" in before.rpartition(" ")[2])


def _says_something(clause: str) -> bool:
    """True for a clause with a verb, or whatever else is neither a name, nor a count of readers, nor of clocks."""
    others = [word for word in said_beside_counts(clause).split() if not counts_readers(word)]
    has_no_case = [word for word in others if word[0].isalpha() and word[0].lower() == word[0].upper()]
    spoken = [word for word in others if word[0].islower() and word not in has_no_case]
    return len(spoken) >= _SPOKEN_WORDS or len(has_no_case) >= _SPOKEN


def _goes_on(words: list[str], edge: str, *, is_name: bool = False) -> bool:
    """True for a word right at the edge that begins or ends no name and counts no readers."""
    if not words or not edge.isalpha() or not words[0][0].islower() or is_name:
        return False
    return not measures_in(words[0]) and words[0].casefold() not in words_of_clocks()


def _explain(one: TimedLine, other: TimedLine, visits: Visits) -> frozenset[str] | None:
    found = _of_times(one, other, visits) or _of_counts(one, other, visits)
    return found or (frozenset({TOKEN}) if are_tokens(one.text, other.text) else None)


_OF_SERVER = frozenset(("host", "hostname", "server", "node", "pod", "backend"))
_NUMBERED = re.compile(r"[A-Za-z]{2,12}[-_.]?\d{1,3}")


def _are_servers(one: TextBlock, other: TextBlock) -> bool:
    """True for the names of two servers, `App1` and `App5`, hidden in an element that is called so."""
    blocks = one, other
    if not all(block.kind == "hidden" and block.labels & _OF_SERVER and not block.is_main for block in blocks):
        return False
    is_named = all(_NUMBERED.fullmatch(block.text) for block in blocks)
    return is_named and one.text.rstrip("0123456789") == other.text.rstrip("0123456789")


def _of_times(one: TimedLine, other: TimedLine, visits: Visits) -> frozenset[str] | None:
    """The same words, or those of clocks, around times that each fit the own visit."""
    if not one.times or not _fit((one, other), visits):
        return None
    if all(_is_same(one, first, other, second) for first, second in _times(one, other)):
        return frozenset({DATE}) if _are_written_alike(one, other) else None
    if are_clocks(one, other):
        are_hours = any("age" not in (a.kind, b.kind) for a, b in zip(one.times, other.times, strict=True))
        return None if are_hours and (_states_moment(one) or _states_moment(other)) else frozenset({DATE})
    is_same = fold(one.rest) == fold(other.rest)
    if is_same and all(_says_own_time(line.text) for line in (one, other)) and not has_number(one.rest):
        return frozenset({DATE})
    are_ages = all(
        "age" in (a.kind, b.kind) or _is_same(one, a, other, b) for a, b in zip(one.times, other.times, strict=True)
    )
    if any(_is_age_that_somebody_says(line) for line in (one, other)):
        return None
    return frozenset({DATE}) if is_same and are_ages and len(one.rest.split()) <= _MOST_WORDS_OF_AGE else None


def _is_age_that_somebody_says(line: TimedLine) -> bool:
    """True for an age within a sentence of the main text: `The witness said: 3 hours ago they were alive.`"""
    if not line.block.is_main or not _says_something(line.around.replace("\0", " ")):
        return False
    is_quoted = _QUOTED.search(line.around) is not None
    return is_quoted or (_ENDS.search(line.around) is not None and not _says_own_time(line.text))


def _is_same(one: TimedLine, first: TimeExpression, other: TimedLine, second: TimeExpression) -> bool:
    is_same = fold(one.text[first.start : first.end]) == fold(other.text[second.start : second.end])
    return is_same or are_one_day(first, second)


def _are_written_alike(one: TimedLine, other: TimedLine) -> bool:
    """True for the same words around one time that each page writes in its own way."""
    if fold(one.text) == fold(other.text) or unseen_marks(one.text) != unseen_marks(other.text):
        return False
    rests = [WORD.findall(fold(line.rest)) for line in (one, other)]
    is_numbered = has_number(one.rest) or has_number(other.rest)
    return rests[0] == rests[1] and (fold(one.rest) == fold(other.rest) or not is_numbered)


def _says_own_time(text: str) -> bool:
    is_one_clause = _END.search(text.rstrip(" .")) is None
    return _SAYS_HOUR.search(text) is not None or (
        is_one_clause and (_SAYS_MADE.search(text) is not None or says_made(text))
    )


def _states_moment(line: TimedLine) -> bool:
    """True for a clock that other words say the time of: in a cell, below a heading or a label, within a sentence."""
    block = line.block
    if block.is_cell or (block.is_headed and not _is_of_clocks(block.before)):
        return True
    whole = TimedLine.of(parts_of(block), block)
    if lower_words(whole.rest) <= words_of_clocks() or _SAYS_MADE.search(line.text) or says_made(line.text):
        return False
    return not (block.section in _FRAME and _BAR.search(composed(block.text)))


def _is_of_clocks(text: str) -> bool:
    return lower_words(text) <= words_of_clocks()


def _fit(lines: tuple[TimedLine, TimedLine], visits: Visits) -> bool:
    one, other = lines
    if len(one.times) != len(other.times):
        return False
    is_cached = all(says_now(line.text) for line in lines)
    return all(
        _is_same(one, first, other, second) or explained(first, second, visits, is_cached=is_cached)
        for first, second in _times(one, other)
    )


def _times(one: TimedLine, other: TimedLine) -> list[tuple[TimeExpression, TimeExpression]]:
    """The times of two lines, each with its match: days of two calendars may stand in either order."""
    kinds = [[time.kind for time in line.times] for line in (one, other)]
    if kinds[0] == kinds[1] or sorted(kinds[0]) != sorted(kinds[1]) or len(set(kinds[0])) < len(kinds[0]):
        return list(zip(one.times, other.times, strict=True))
    return [(time, other.times[kinds[1].index(time.kind)]) for time in one.times]


def _of_counts(one: TimedLine, other: TimedLine, visits: Visits) -> frozenset[str] | None:
    """Counts of the same measures, with times that fit between them."""
    rest = one.rest, other.rest
    if all(_is_of_server(line) for line in (one, other)) or measures_search(one.text, other.text):
        return frozenset({COUNTER})
    if max(len(text.split()) for text in rest) > _MOST_WORDS or not _fit((one, other), visits):
        return None
    if _is_headed(rest[0], rest[1]):
        return frozenset({COUNTER})
    counts = [_count(line) for line in (one, other)]
    if counts[0] is None or counts[1] is None or not are_plausible(counts[0], counts[1]):
        return None
    return frozenset({COUNTER, DATE}) if fold(one.text) != fold(other.text) and one.times else frozenset({COUNTER})


def states_work(block: TextBlock) -> bool:
    """True for a line that says how long a server worked, and nothing else."""
    is_brief = len(block.text) <= _LONGEST and block.kind == "visible"
    return is_brief and _is_of_server(TimedLine.of(parts_of(block), block))


def _is_of_server(line: TimedLine) -> bool:
    """True for what a server says of its own work, outside the page's own text."""
    block = line.block
    label = block.before if block.is_cell else ""
    return not block.is_main and has_number(line.text) and measures_server(line.text, label)


_HEADING = re.compile(
    r"(?P<number>[0-9٠-٩][0-9٠-٩., ]{0,9}) (?P<unit>\w+)(?P<rest> (?:on|to|sur|à|sobre|en|على|بشأن) .*)", re.DOTALL
)


_LIKED = re.compile(
    r"(?P<who>(?:Liked|Followed|Shared) by .{1,80} and )(?P<number>[0-9][0-9., ]{0,9}[KMkm]?)(?P<rest> others?)"
)


def _is_headed(one: str, other: str) -> bool:
    """True for `12 comments on …`, the heading of a page's own comments, and for `Liked by … and 12 others`."""
    liked = _LIKED.fullmatch(one), _LIKED.fullmatch(other)
    if liked[0] is not None and liked[1] is not None:
        return liked[0]["who"] == liked[1]["who"]
    matches = _HEADING.fullmatch(one), _HEADING.fullmatch(other)
    if matches[0] is None or matches[1] is None or fold(matches[0]["rest"]) != fold(matches[1]["rest"]):
        return False
    measures = [measures_in(match["unit"]) for match in matches if match is not None]
    return measures[0] == measures[1] and measures[0] <= {"comments", "replies"} and bool(measures[0])


def _count(line: TimedLine) -> Count | None:
    block = line.block
    if block.is_tabular and block.is_main and (block.before or block.after):
        return None  # of a table in the page's own text: what it counts is the page's subject
    also = words_of_clocks() if line.times else frozenset[str]()
    if not lower_words(line.rest) and (label := _label_of(line.block)):
        return count_in(line.rest, label, line.block.section)
    labels = line.labels | (block.around & SHARING) if _may_be_named(line) else frozenset[str]()
    if block.is_link and all(link.partition("#")[2] in _OF_COMMENTS for link in block.links):
        labels |= {"comments"}
    found = count_in(line.rest, labels, line.block.section, also)
    is_day_said = found is None and line.times and all(one.kind != "age" for one in line.times)
    return count_in(line.text, labels, line.block.section) if is_day_said else found


def _label_of(block: TextBlock) -> frozenset[str]:
    """What the label beside a number says that it counts; empty where the labels on its two sides disagree."""
    before, after = label_measures(block.before), label_measures(block.after)
    if block.is_cell or block.before.endswith((":", "：")):
        return before
    if after and (before or not block.before or has_number(block.before) or len(block.before.split()) > 3):
        return after
    is_free = not block.after or bool(after) or has_number(block.after) or len(block.after.split()) > 3
    return before if before and is_free else frozenset()


def _may_be_named(line: TimedLine) -> bool:
    """True where the class of a number may say what it counts: not in a table, and not beside other words."""
    if line.block.is_cell and not lower_words(line.rest):
        return False
    whole = TimedLine.of(parts_of(line.block), line.block)
    return bool(lower_words(line.rest)) or not lower_words(whole.rest) - words_of_networks()


def said_beside_counts(text: str) -> str:
    """The words of a line that neither count readers nor tell a time: a channel's name, a summary."""
    rest, at = "", 0
    for one in time_expressions(composed(text)):
        rest, at = f"{rest}{composed(text)[at : one.start]} ", one.end
    words = WORD.findall(rest + composed(text)[at:])
    said = (word for word in words if len(word) > 1 and not measures_in(word))
    return " ".join(word for word in said if word.casefold() not in words_of_clocks())


def is_count_of_readers(one: TextBlock, other: TextBlock) -> bool:
    """True for two numbers outside the main text that the class of their element says to count readers."""
    if any(block.is_main or block.section == "article" for block in (one, other)):
        return False
    counts = [count_in(block.text, block.labels | (block.around & SHARING), block.section) for block in (one, other)]
    return counts[0] is not None and counts[1] is not None and are_plausible(counts[0], counts[1])


def counts_alone(block: TextBlock) -> bool:
    """True for a text that counts readers and nothing else: one page may have it, and another not yet."""
    line = TimedLine.of(parts_of(block), block)
    if len(line.text) > _LONGEST or not numbers_in(with_numerals(line.rest)):
        return False
    return count_in(line.rest, frozenset(), line.block.section) is not None
