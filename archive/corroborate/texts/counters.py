"""Lines that count a page's readers: their words are known, their measures the same, their numbers plausible."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.corroborate.texts.changing_words import changing_words, measures_of
from archive.corroborate.texts.folding import caseless, fold

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_FACTORS = {
    "k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "mn": 1e6, "mio": 1e6, "tsd": 1e3, "mil": 1e3,
    "mille": 1e3, "thousand": 1e3,
    "million": 1e6, "millions": 1e6, "millones": 1e6, "ألف": 1e3, "آلاف": 1e3, "مليون": 1e6,
    "тыс.": 1e3, "тыс": 1e3, "млн": 1e6,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>[0-9]{1,3}(?:[ .,'’٬][0-9]{3})+(?![0-9])|[0-9]+(?:[.,٫][0-9]+)?)"
    rf"(?:\s?(?P<unit>{'|'.join(map(re.escape, sorted(_FACTORS, key=len, reverse=True)))})(?!\w))?\+?"
    r"|(?<!\w)(?P<none>no|aucun|sin|لا)(?= )",
    re.IGNORECASE,
)
_STRONG, _WEAK = measures_of("readers_do"), measures_of("readers_are")
_OF_SITE = changing_words("of_site")
_FILLING = changing_words("between") | _OF_SITE
_MEASURED = changing_words("measures")
_ONLINE, _SAYS_NOW = changing_words("online"), changing_words("says_online")
_LONGEST_LIST = 4_000
"""Signs of a line that names the members who are online."""
_SEVERAL_ONLINE = re.compile(
    r"(?:[\w.-]{1,25}(?: \[Bot\])?(?:, |,? and | et | y |, | و))*(?=(?:\d{1,9}|no) guests?\b)", re.IGNORECASE
)
_OF_MEASURED = changing_words("of_measures")
_NETWORKS = changing_words("networks")
_SOCIAL = changing_words("counting_classes")
_NAMED = _SOCIAL | frozenset(word for word in _STRONG if len(word) > 5)
"""Words of a label by which a number alone counts readers."""
_VOTED = re.compile(r"\(\s?\d{1,3}\s?%\s?(?:upvoted|liked)\s?\)", re.IGNORECASE)
"""The share of readers who voted for something, beside the number of their votes."""
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_WORKED = re.compile(
    r"[0-9][.,][0-9]+|[0-9]\s?(?:ms|[kmg]i?b|queries|requêtes|استعلام\w*|seconds?|secs?|s)\b|\bqueries ?: ?[0-9]+\Z",
    re.IGNORECASE,
)
"""How long a server worked, or with what: a fraction, a unit of memory."""
_TIMED = re.compile(r"\W*time ?: ?[0-9]{1,2}\.[0-9]{2,6} ?s\W*", re.IGNORECASE)
_SEARCHED = re.compile(
    r"(?P<what>[^()]*\b[0-9][0-9.,]*[^()0-9]*)\(\s?[0-9]{1,2}[.,][0-9]{2,6}\s?(?:seconds?|secs?|s|secondes?|segundos?|sekunden?|saniye|сек\w*|ثانية|ثوان)\.?\s?\)",
    re.IGNORECASE,
)
_OF_RESULTS = frozenset(
    fold(word).casefold()
    for word in (
        "about", "results", "result", "found", "of", "showing", "approximately", "environ", "résultats", "résultat",
        "cerca", "de", "resultados", "resultado", "ungefähr", "ergebnisse", "ergebnis", "yaklaşık", "sonuç", "bulundu",
        "результатов", "результата", "примерно", "نتيجة", "نتائج", "حوالي", "حوالى", "من", "page",
    )
)  # fmt: skip
"""What stands around the number of a search's results."""
_SEVERAL = {"me-gusta": re.compile(r"\bme gusta\b", re.IGNORECASE), "reposts": re.compile(r"إعادة نشر")}
"""Measures of two words."""
_DUALS = {
    "مشاهدتان": "2 مشاهدات", "مشاهدتين": "2 مشاهدات", "تعليقان": "2 تعليقات", "تعليقين": "2 تعليقات",
    "مشاركتان": "2 مشاركات",
    "إعجابان": "2 إعجابات", "قراءتان": "2 قراءات", "متابعان": "2 متابعين", "زائران": "2 زوار", "ردان": "2 ردود",
    "مشاهدة واحدة": "1 مشاهدة", "تعليق واحد": "1 تعليق",
}  # fmt: skip
"""Two of something, as Arabic says it in one word."""
_DUAL = re.compile("|".join(rf"(?<!\w){name}(?!\w)" for name in _DUALS))
_REACTED = re.compile("[👍👎❤💔😂🤣😮😯😢😭😡😠🙏🔥👏🎉🤔😍🥰😁💯🕊]\ufe0f?")
"""Signs by which readers react."""
_POPULAR = re.compile(r"[0-9][0-9.,]*\s?[kKmM]\b")
"""A number that a site has shortened."""
_FEW = 100
"""Up to here any change is plausible."""
MOST_RATED = 0.25
"""By how much the average of readers' votes may move."""
_AT_MOST = 10.0
"""By how much a number of readers may grow or shrink between two visits."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a line counts, and how often."""

    measures: tuple[str, ...]
    numbers: tuple[float, ...]


def with_numerals(text: str) -> str:
    """The text with numerals for what Arabic counts in a word."""
    return _DUAL.sub(lambda match: _DUALS[match[0]], text)


def numbers_in(text: str) -> list[tuple[int, int, float]]:
    """Every number of a text: start, end, value. The digits may be Arabic, grouped or abbreviated."""
    plain = text.translate(_DIGITS)
    found = []
    for match in _NUMBER.finditer(plain):
        if match["none"] and _measure(_bare(_first_word(plain[match.end() :]))) is None:
            continue
        found.append((match.start(), match.end(), 0.0 if match["none"] else value_of(match["digits"], match["unit"])))
    return found


def value_of(digits: str, unit: str | None = None) -> float:
    """The number that digits mean: before `K` a comma is decimal, three digits behind one are a group."""
    digits = digits.replace("٫", ".").replace("٬", ",")
    factor = _FACTORS[unit.lower()] if unit else 1.0
    is_grouped = unit is None and re.fullmatch(r"[0-9]{1,3}(?:[ .,'’][0-9]{3})+", digits) is not None
    if is_grouped or digits.count(".") + digits.count(",") > 1 or " " in digits:
        return float(re.sub(r"[^0-9]", "", digits)) * factor
    return float(digits.replace(",", ".")) * factor


def count_in(
    line: str, labels: frozenset[str] = frozenset(), section: str = "", also: frozenset[str] = frozenset()
) -> Count | None:
    """What a line counts if readers are all that it counts; None for any other. `also` are further words allowed."""
    line = _REACTED.sub(" reactions ", with_numerals(_VOTED.sub("", line)))
    if "%" in line or "٪" in line:
        return None  # a share
    numbers = numbers_in(line)
    rest, at = "", 0
    for start, end, _ in numbers:
        rest, at = f"{rest} {line[at:start]}", end
    rest = f"{rest} {line[at:]}"
    for name, pattern in _SEVERAL.items():
        rest = pattern.sub(name, rest)
    said = [_bare(word) for word in _words(rest)]
    known = [measure for word in said if (measure := _measure(word)) is not None]
    allowed = _FILLING | also | (_NETWORKS if labels & _NAMED else frozenset())
    if any(_measure(word) is None and word not in allowed for word in said):
        return None
    if not known:
        named = sorted({measure for label in labels if (measure := _measure(label)) is not None})
        is_named = bool(labels & _NAMED and named) and _NETWORKS.issuperset(said)
        return Count(tuple(named), _values(numbers)) if is_named else None
    is_strong = any(word in _STRONG for word in said) or any(word in _OF_SITE for word in said)
    is_strong = is_strong or (_POPULAR.search(line) is not None and {"stars", "forks", "media"}.issuperset(known))
    if is_strong or labels & _NAMED or section == "footer":
        return Count(tuple(sorted(set(known))), _values(numbers))
    return None


def _values(numbers: Iterable[tuple[int, int, float]]) -> tuple[float, ...]:
    return tuple(value for _, _, value in numbers)


def _measure(word: str) -> str | None:
    return _STRONG.get(word) or _WEAK.get(word)


def counts_readers(word: str) -> bool:
    """True for a word that says what readers do or are: `views`, `watching`."""
    return _measure(_bare(word)) is not None


def words_of_networks() -> frozenset[str]:
    return _NETWORKS


def measures_in(text: str) -> frozenset[str]:
    """What a label says that readers do (`Views:`); empty for one that says anything else."""
    said = [_bare(word) for word in _words(text)]
    found = {_STRONG[word] for word in said if word in _STRONG}
    return frozenset(found) if said and all(word in _STRONG or word in _FILLING for word in said) else frozenset()


def counts_votes(text: str) -> bool:
    """True for a text with a word for votes."""
    return any(_measure(word) == "votes" for word in _words(text))


def label_measures(text: str) -> frozenset[str]:
    """What the label of a number says that is counted: `Views`, `PDF downloads`."""
    said = [_bare(word) for word in _words(text)]
    return frozenset({_STRONG[said[-1]]}) if 0 < len(said) <= 3 and said[-1] in _STRONG else frozenset()


def is_measure(word: str) -> bool:
    """True for a word, or a part of a name, that says what readers did: `views`, `likes`."""
    return word in _STRONG


def are_plausible(one: Count, other: Count) -> bool:
    """True where the same measures are counted, and no number grew or shrank beyond what readers do."""
    if one.measures != other.measures or len(one.numbers) != len(other.numbers) or not one.numbers:
        return False
    return all(map(is_plausible, one.numbers, other.numbers))


def is_plausible(one: float, other: float) -> bool:
    """True for two counts of readers; what is no whole number is an average, and hardly moves."""
    low, high = sorted((one, other))
    if not all(round(value, 3).is_integer() for value in (low, high)):
        return high - low <= MOST_RATED
    return high <= _FEW or high <= low * _AT_MOST


def measures_search(one: str, other: str) -> bool:
    """True for `3 results (0.13 seconds)`: as many results of a search, and how long each search took."""
    found = [_SEARCHED.fullmatch(line.translate(_DIGITS).strip()) for line in (one, other)]
    said = [fold(match["what"]) for match in found if match is not None]
    return len(said) == 2 and said[0] == said[1] and set(_words(said[0])) <= _OF_RESULTS


def measures_server(clause: str, label: str = "") -> bool:
    """True for `Page generated in 0.12 seconds`; `label` is what stands before a number alone."""
    if _TIMED.fullmatch(clause):
        return True
    said = {_bare(word) for word in (*_words(clause), *_words(label))}
    return bool(said & _MEASURED) and said <= _MEASURED | _OF_MEASURED and _WORKED.search(clause) is not None


def _words(text: str) -> list[str]:
    return _LETTERS.findall(caseless(text))


def _first_word(text: str) -> str:
    found = _LETTERS.search(text)
    return fold(found[0]).casefold() if found else ""


def _bare(word: str) -> str:
    """The word without an article that is written together with it."""
    word = word.replace("’", "'")
    if _measure(word) is not None or word in _FILLING:
        return word
    for article in ("ال", "d'", "l'"):
        if word.startswith(article) and len(word) > len(article) + 1:
            return word.removeprefix(article)
    return word


def says_online(text: str) -> bool:
    """True for a line that says who reads the site at the moment, and nothing else."""
    if len(text) > _LONGEST_LIST:
        return False
    bare = _SEVERAL_ONLINE.sub("", text)
    said = {word.casefold() for word in _LETTERS.findall(fold(bare))}
    return (bool(numbers_in(bare)) or "no" in said) and said <= _ONLINE and bool(said & _SAYS_NOW)
