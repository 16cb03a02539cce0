"""What a page says about itself and not about its subject: labels in several languages, consent, newsletters."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.folding import caseless, count_words, fold, long_words

_CONSENT = re.compile(
    r"\b(?:cookies?|consent|privacy|personal data|partners|your device|tracking|legitimate interest|gdpr|"
    r"confidentialité|vie privée|privacidad|partenaires|traceurs)\b|ملفات تعريف|الخصوصية|الكوكيز",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"\b(?:newsletters?|sign(?:ing)? ?up|subscri\w+|inbox|e-?mail|log ?in|sign ?in|notifications?|membership|donat\w+|"
    r"password|account|regist(?:er|ering)|support(?:ing|ers?)?|contribut\w+|giv(?:e|ing)|invest|favou?r|survey|"
    r"feedback|ad ?blockers?|would you like|switch to|in (?:the|our) app|"
    r"(?:get|open|download|use|try|install|launch) .{0,30}\bapp\b|read .{1,40} in .{1,30} app|app store"
    r"|google play|alerts|"
    r"see more (?:of|from)|continue (?:with|reading)|free trial|"
    r"support (?:us|our|independent)|1[68] (?:years|or (?:older|over))|of (?:legal )?age|"
    r"s'abonner|s'inscrire|abonn\w+|soutenez|soutenir|aidez|don(?!['’]t)|dons|sondage|encuesta|"
    r"lettre d'information|mot de passe|compte|boletín|suscr\w+|correo|contraseña|cuenta)\b"
    r"|النشرة|نشرتنا|استبيان|تبرع|ادعم|اشترك|الاشتراك|البريد|الإشعارات|تطبيق|تسجيل الدخول|كلمة المرور|حساب",
    re.IGNORECASE,
)
_APPEAL = re.compile(
    r"\b(?:donat\w+|donar|dona|dons|un don|give|contribut\w+|support us|spenden?)\b|تبرع|ادعم", re.IGNORECASE
)
_CLAUSES = re.compile(r"[.!?:;|؟]\s|[。！？]|\s[—–-]\s|\n")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SITE = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}\b")
_MOST = 0.8
"""Share of the long words of a request that have to be words of requests."""
_MOST_ASKING = 0.65
"""The same of a text that asks for something in so many words."""
_MOST_IN_BOX = 0.55
"""The same in a box that has what a reader presses."""
_MOST_IN_TEXT = 0.75
"""The same, of words that say something, between the sentences of a text."""
_LONGEST_REQUEST = 1_500
_BRIEF = 4
"""Words of a clause that says little by itself."""
_MORE_FROM = re.compile(r"See more (?:of|from) .{1,40} on [A-Z]\w+")
_EDGES = " .:!…»«>‹›→←|"


@cache
def _file() -> dict[str, Any]:
    text = (resources.files("archive.corroborate.texts") / "interface_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _groups() -> dict[str, int]:
    """Each label -> the number of its line."""
    return {_plain(label): number for number, line in enumerate(_file()["labels"]) for label in line}


def _plain(text: str) -> str:
    return caseless(text).strip(_EDGES)


def is_label_of_offers(text: str) -> bool:
    """True for a label below which a site offers other pages of its own: `Read also`, `Most read`."""
    return any(is_same_label(text, label) for label in ("related", "popular"))


def is_same_label(one: str, other: str) -> bool:
    """True for one label in two languages: Share, Partager, مشاركة."""
    if max(len(one), len(other)) > 60:
        return False
    first = _groups().get(_plain(one))
    return first is not None and first == _groups().get(_plain(other))


def is_label(text: str) -> bool:
    return len(text) <= 60 and (_plain(text) in _groups() or is_more_from(text))


def is_more_from(text: str) -> bool:
    """True for `See more from … on …`, with the name of whoever the page is of."""
    return len(text) <= 100 and _MORE_FROM.fullmatch(text) is not None


def is_request(text: str, *, is_sure: bool) -> bool:
    """True for a text that asks the reader to consent, to subscribe, to log in, to give.

    `is_sure`: it says so itself. Otherwise it has to consist of the words of such requests for the greater part.
    """
    if len(text) > _LONGEST_REQUEST:
        return False
    share = _MOST_ASKING if is_sure else _MOST
    return _has_known(text) and all(_is_of_requests(clause, share) for clause in _CLAUSES.split(_SITE.sub("", text)))


def _has_known(text: str) -> bool:
    """True for a text with a long word of requests: numbers alone ask for nothing."""
    return any(word in _vocabulary() for word in _WORD.findall(fold(text).casefold()) if len(word) > 3 or word == "app")


def is_mostly_request(text: str) -> bool:
    """True for a text that asks for something and of which few words are others: a page may show nothing else."""
    if len(text) > _LONGEST_REQUEST or not asks(text):
        return False
    long = [word.casefold() for word in _WORD.findall(fold(text)) if len(word) > 3]
    return sum(word in _vocabulary() for word in long) >= _MOST * len(long)


def asks(text: str) -> bool:
    """True for a text with a word by which readers are asked for something."""
    return _says_consent(text) or _PROMPT.search(text) is not None or _begins("prompt").search(text) is not None


def offers(text: str) -> bool:
    """True for a text that names what a site offers its reader: letters, an application, a subscription, a gift."""
    said = {*(word.casefold() for word in _WORD.findall(fold(text))), *long_words(text)}
    whole = {caseless(word) for word in str(_file()["asking"]["offered_words"]).split()}
    return asks(text) or not said.isdisjoint(whole) or _begins("offered").search(fold(text)) is not None


def _says_consent(text: str) -> bool:
    return _CONSENT.search(text) is not None or _begins("consent").search(text) is not None


@cache
def _begins(name: str) -> re.Pattern[str]:
    """A pattern for the beginnings of words in a list of the file."""
    beginnings = (re.escape(fold(word)) for word in str(_file()["asking"][name]).split())
    return re.compile(rf"(?<!\w)(?:{'|'.join(beginnings)})", re.IGNORECASE)


def appeals(text: str) -> bool:
    """True for a text that asks for a gift."""
    return _APPEAL.search(text) is not None


def words_of_requests() -> frozenset[str]:
    return _vocabulary()


def _is_of_requests(clause: str, share: float = _MOST) -> bool:
    """True where most long words are of requests and all others are names: another word says another thing."""
    found = (word.removeprefix("l'").removeprefix("d'") for word in _WORD.findall(fold(clause)))
    long = [word for word in found if len(word) > 3]
    others = [word for word in long if not _is_known(word)]
    if any(word[0].islower() or word is long[0] for word in others):
        return False
    if others and sum(caseless(word) in _german() for word in long) > 1:
        return False  # where every noun has a capital, that makes no name of it
    is_cased = all(word[0].isupper() for word in others)
    return len(long) - len(others) >= (share if is_cased else _MOST) * len(long)


def says_requests(text: str) -> bool:
    """True for a text of which most long words of each clause are of requests: enough in a box that asks by itself."""
    if len(text) > _LONGEST_REQUEST or not any(map(_is_known, long_words(text))):
        return False
    return all(_is_mostly_known(part) for part in _CLAUSES.split(_SITE.sub("", text)))


def is_request_throughout(text: str) -> bool:
    """True for a text of which each clause is of four words at most, or says itself what it asks for."""
    clauses = [part for part in _CLAUSES.split(_SITE.sub("", text)) if count_words(part) > _BRIEF]
    return len(text) <= _LONGEST_REQUEST and all(asks(part) or offers(part) for part in clauses)


def is_request_alone(text: str, *, is_whole: bool = False) -> bool:
    """True for a text that says hardly anything but requests, and nothing else with `is_whole`."""
    said = long_words(text) - changing_words("function_words")
    most = 1.0 if is_whole else _MOST_IN_TEXT
    return bool(said) and len(text) <= _LONGEST_REQUEST and _share_of_requests(said) >= most


def _is_mostly_known(clause: str) -> bool:
    found = long_words(clause)
    return not found or _share_of_requests(found) >= _MOST_IN_BOX


def _share_of_requests(said: set[str] | frozenset[str]) -> float:
    bare = {word[2:] if word[:2] in ("l'", "d'", "s'", "n'") else word for word in said}
    return sum(word in _vocabulary() or _is_known(word) for word in bare) / len(bare)


def _is_known(word: str) -> bool:
    """True for a word of requests, or another form of one in a language that inflects its words much."""
    word = caseless(word)
    return word in _vocabulary() or (len(word) > _STEM and word[:_STEM] in _stems())


_STEM = 6
"""Letters by which the forms of a word are one."""


@cache
def _german() -> frozenset[str]:
    """Words of requests in German alone."""
    lists = {name: {caseless(word) for word in str(words).split()} for name, words in _file()["vocabulary"].items()}
    return frozenset(lists["german"] - lists["mixed"])


@cache
def _stems() -> frozenset[str]:
    """Beginnings of long words, of those alphabets and letters that English has not."""
    return frozenset(word[:_STEM] for word in _vocabulary() if len(word) > _STEM and not word[:_STEM].isascii())


def is_in_unknown_script(text: str) -> bool:
    """True for a text of which no letter is of a script in which words of requests are known."""
    scripts = {_script(sign) for sign in text if sign.isalpha()}
    return bool(scripts) and scripts.isdisjoint(_scripts())


def _script(sign: str) -> str:
    """The first word of a letter's name: LATIN, THAI. (Unicode Character Database)"""
    return unicodedata.name(sign, "").partition(" ")[0]


@cache
def _scripts() -> frozenset[str]:
    return frozenset(_script(sign) for word in _vocabulary() for sign in word if sign.isalpha())


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(caseless(word) for words in _file()["vocabulary"].values() for word in str(words).split())
