"""What a page says about itself and not about its subject: labels in several languages, consent, newsletters."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from archive.corroborate.folding import fold
from archive.corroborate.slots import CONSENT, PROMPTS

_CONSENT = re.compile(
    r"\b(?:cookies?|consent|privacy|personal data|our partners|your device|tracking|legitimate interest|gdpr|"
    r"confidentialité|vie privée|privacidad|nos partenaires|traceurs)\b|ملفات تعريف|الخصوصية|الكوكيز",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"\b(?:newsletters?|sign(?:ing)? up|subscri\w+|inbox|e-?mail|log ?in|sign ?in|notifications?|membership|donat\w+|"
    r"s'abonner|abonn\w+|lettre d'information|boletín|suscr\w+|correo)\b"
    r"|النشرة|اشترك|الاشتراك|البريد|الإشعارات|تسجيل الدخول",
    re.IGNORECASE,
)
_LONGEST = 600
_EDGES = " .:!…»«>‹›→←|"


@cache
def _groups() -> dict[str, int]:
    """Each label -> the number of its line."""
    text = (resources.files("archive.corroborate") / "interface_words.toml").read_text(encoding="utf-8")
    return {_plain(label): number for number, line in enumerate(tomllib.loads(text)["labels"]) for label in line}


def _plain(text: str) -> str:
    return fold(text).casefold().strip(_EDGES)


def is_same_label(one: str, other: str) -> bool:
    """True for one label in two languages: Share, Partager, مشاركة."""
    if max(len(one), len(other)) > 60:
        return False
    first = _groups().get(_plain(one))
    return first is not None and first == _groups().get(_plain(other))


def is_label(text: str) -> bool:
    return len(text) <= 60 and _plain(text) in _groups()


def is_prompt(labels: frozenset[str], text: str) -> bool:
    """True for a text on cookies where consent is requested, on a newsletter where one is offered, and for buttons."""
    if len(text) > _LONGEST or not labels & (CONSENT | PROMPTS):
        return False
    about = _CONSENT if labels & CONSENT else _PROMPT
    return is_label(text) or about.search(text) is not None
