"""What a report is called: its id, title and language, where its own text leaves no doubt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import PurePath

from archive.cite.extract import Extracted
from archive.cite.links import INVISIBLE
from archive_manifests.sources import Report

_MONTHS = {
    "january jan كانون الثاني يناير janvier enero": 1,
    "february feb شباط فبراير février febrero": 2,
    "march mar آذار اذار أذار مارس mars marzo": 3,
    "april apr نيسان أبريل ابريل إبريل avril abril": 4,
    "may أيار ايار مايو mai mayo": 5,
    "june jun حزيران يونيو يونيه juin junio": 6,
    "july jul تموز يوليو يوليه juillet julio": 7,
    "august aug آب اب أغسطس اغسطس août agosto": 8,
    "september sep sept أيلول ايلول سبتمبر septembre septiembre": 9,
    "october oct أكتوبر اكتوبر octobre octubre": 10,
    "november nov نوفمبر novembre noviembre": 11,
    "december dec ديسمبر décembre diciembre": 12,
}
_BY_NAME = {name: month for names, month in _MONTHS.items() for name in names.split()} | {
    # Two words: the first alone is November's and December's, or January's, too.
    "تشرين الأول": 10,
    "تشرين الاول": 10,
    "تشرين الثاني": 11,
    "كانون الأول": 12,
    "كانون الاول": 12,
    "كانون الثاني": 1,
}
for _half in ("كانون", "الثاني"):
    _BY_NAME.pop(_half, None)

_WEEKDAYS = (
    ("monday", "الإثنين", "الاثنين", "lundi", "lunes"),
    ("tuesday", "الثلاثاء", "mardi", "martes"),
    ("wednesday", "الأربعاء", "الاربعاء", "mercredi", "miércoles"),
    ("thursday", "الخميس", "jeudi", "jueves"),
    ("friday", "الجمعة", "vendredi", "viernes"),
    ("saturday", "السبت", "samedi", "sábado"),
    ("sunday", "الأحد", "الاحد", "dimanche", "domingo"),
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_NAME = "|".join(sorted(map(re.escape, _BY_NAME), key=len, reverse=True))
_WEEKDAY = "|".join(re.escape(name) for names in _WEEKDAYS for name in names)
# Syrian reports give a month both names: أيار/ مايو.
_FORMS = (
    rf"(?:(?P<weekday>{_WEEKDAY})\s*[,،]?\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+(?:de\s+)?(?P<month>{_NAME})"
    rf"(?:\s*/\s*(?:{_NAME}))?[\s./,،-]+(?:de\s+)?(?P<year>\d{{4}})",
    rf"(?:(?P<weekday>{_WEEKDAY})\s*[,،]?\s+)?(?P<month>{_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{{4}})",
    r"(?P<year>\d{4})-(?P<monthnumber>\d{2})-(?P<day>\d{2})",
)
_LABEL = r"(?:(?:date|published(?: on)?|issued(?: on)?|تاريخ(?: النشر)?)\s*:?\s*)?"
_LINES = tuple(re.compile(rf"{_LABEL}{form}\s*[.،,]?\Z", re.IGNORECASE) for form in _FORMS)


def parse_date(words: str) -> str | None:
    """The day that `words`, and nothing else, state: `Friday 21 May 2021` -> `2021-05-21`.

    None where the weekday contradicts the day, or where day and month could be read either way round.
    """
    plain = " ".join(INVISIBLE.sub("", words).translate(_DIGITS).split())
    for form in _LINES:
        if match := form.match(plain):
            return _day(match)
    return None


def _day(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    month = _BY_NAME[groups["month"].lower()] if groups.get("month") else int(groups["monthnumber"])
    try:
        day = date(int(groups["year"]), month, int(groups["day"]))
    except ValueError:
        return None
    weekday = groups.get("weekday")
    if weekday and weekday.lower() not in _WEEKDAYS[day.weekday()]:
        return None
    return day.isoformat() if 1900 <= day.year <= 2200 else None


def date_among(lines: Iterable[str]) -> str | None:
    """The first day that stands alone on a line; None where there is none."""
    return next((day for line in lines if len(line) < 120 and (day := parse_date(line.strip()))), None)


FIRST_LINES = 80
"""Lines in which a report introduces itself."""

_NUMBER = re.compile(r"[A-Z]{1,6}[-/]?[0-9]{4,}(?:[-/][0-9A-Z]{1,6})*\Z")
_RUNNING_HEAD = re.compile(r"[0-9]{1,3} (?P<words>\S.*)")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?\Z", re.IGNORECASE)
_TAKEN_ENDINGS = re.compile(r"(?:\.(?:part|seal|tar|gz|tgz|zip|wacz))+\Z", re.IGNORECASE)
_LONGEST_ID = 64

_STOPWORDS = {
    "en": {"the", "of", "and", "to", "in", "that", "with", "for", "was", "by"},
    "fr": {"le", "la", "les", "des", "et", "du", "dans", "que", "pour", "une"},
    "es": {"el", "los", "las", "y", "del", "que", "por", "para", "una", "con"},
    "de": {"der", "die", "und", "das", "von", "den", "mit", "nicht", "ist", "des"},
}


def identify(name: str, digest: str, extracted: Extracted) -> Report:
    """The report's own account of itself; `name` is the file's name, `digest` its hex sha256."""
    lines = [INVISIBLE.sub("", line).strip() for line in extracted.text[:50_000].split("\n")[:FIRST_LINES]]
    first_page = _first_page(extracted, lines)
    day = extracted.date or date_among(first_page)
    return Report(
        id=report_id(first_page, name, day, digest),
        title=extracted.title or _title(lines, first_page),
        date=day,
        language=extracted.language or language_of(extracted.text),
        sha256=digest,
    )


def _first_page(extracted: Extracted, lines: list[str]) -> list[str]:
    starts = extracted.page_starts
    if starts is None or len(starts) < 2:
        return lines
    return lines[: extracted.text.count("\n", 0, starts[1])]


def report_id(first_page: list[str], name: str, day: str | None, digest: str) -> str:
    """The number that stands alone on the first page, else the file's name, else one made of date and digest."""
    numbers = {line for line in first_page if _NUMBER.match(line)}
    if len(numbers) == 1:
        return numbers.pop().replace("/", "-")
    stem = unicodedata.normalize("NFKD", PurePath(name).stem)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", re.sub("[\u0300-\u036f]", "", stem))
    stem = _TAKEN_ENDINGS.sub("", stem[:_LONGEST_ID]).strip("-._")
    if len(re.findall(r"[A-Za-z0-9]", stem)) < 2:
        return "-".join(part for part in ("report", day, digest[:8]) if part)
    return f"report-{stem}" if _RESERVED.match(stem) else stem


def _title(lines: list[str], first_page: list[str]) -> str | None:
    """The block of the first page that returns as the running head; else a short block at the very top."""
    for block in _blocks(first_page):
        if len(block) > 20 and _returns_as_head(block, lines):
            return block
    top = next(iter(_blocks(first_page)), "")
    return top if _may_be_title(top) else None


def _returns_as_head(block: str, lines: list[str]) -> bool:
    for index, line in enumerate(lines):
        head = _RUNNING_HEAD.match(line)
        if head and block.startswith(head["words"][:20]):
            following = " ".join([head["words"], *(later for later in lines[index + 1 : index + 12] if later)])
            if following.startswith(block):
                return True
    return False


def _blocks(lines: list[str]) -> list[str]:
    """Paragraphs between empty lines, each as one string."""
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip()]


def _may_be_title(block: str) -> bool:
    is_short = 8 <= len(block) <= 200 and " " in block
    return is_short and block[-1] not in ".,;:،؛" and "://" not in block and parse_date(block) is None


def language_of(text: str) -> str | None:
    """`ar`, `en`, `fr`, `es` or `de` where the text leaves no doubt."""
    sample = text[:100_000]
    arabic = len(re.findall("[\u0620-\u064a]", sample))
    latin = len(re.findall("[A-Za-zÀ-ÿ]", sample))
    if arabic > latin and arabic > 40:
        of_neighbours = len(re.findall("[پچژگکیےٹڈڑںہھ]", sample))  # Persian, Urdu, Kurdish
        return "ar" if of_neighbours < 0.01 * arabic else None
    words = re.findall(r"[a-zà-ÿ]+", sample.lower())
    shares = sorted(((sum(word in stop for word in words), language) for language, stop in _STOPWORDS.items()))
    (second, _), (best, language) = shares[-2], shares[-1]
    return language if len(words) > 40 and best > 0.1 * len(words) and best > 2 * second else None
