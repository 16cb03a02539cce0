"""What a page says about itself and not about its subject: labels in several languages, consent, newsletters."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from archive.corroborate.folding import fold
from archive.corroborate.slots import CONSENT, PROMPTS

_CONSENT = re.compile(
    r"\b(?:cookies?|consent|privacy|personal data|partners|your device|tracking|legitimate interest|gdpr|"
    r"confidentialité|vie privée|privacidad|partenaires|traceurs)\b|ملفات تعريف|الخصوصية|الكوكيز",
    re.IGNORECASE,
)
_TO_READER = re.compile(
    r"\b(?:we|us|our|you|your|this (?:web)?site|accept|agree|allow|nous|nos|notre|vous|vos|votre|ce site|accepte\w*|"
    r"usted|tu|su|nuestr\w+|este sitio|utilizamos|usamos|aceptar?|wir|ihre|unsere?)\b"
    r"|نستخدم|نحن|موافقتك|خصوصيتك|تجربتك",
    re.IGNORECASE,
)
"""Who speaks, and to whom: a text on consent between others is none of a site's own."""
_PROMPT = re.compile(
    r"\b(?:newsletters?|sign(?:ing)? ?up|subscri\w+|inbox|e-?mail|log ?in|sign ?in|notifications?|membership|donat\w+|"
    r"password|account|in (?:the|our) app|see more (?:of|from)|continue (?:with|reading)|free trial|"
    r"support (?:us|our|independent)|1[68] (?:years|or (?:older|over))|of (?:legal )?age|"
    r"s'abonner|s'inscrire|abonn\w+|lettre d'information|mot de passe|compte|boletín|"
    r"suscr\w+|correo|contraseña|cuenta)\b"
    r"|النشرة|اشترك|الاشتراك|البريد|الإشعارات|تسجيل الدخول|كلمة المرور|حساب",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.!?:;|؟]\s|\s[—–-]\s|\n")
_SHORT = 3
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
    """True for what asks for consent, a login or an address in a place for that, and for its buttons."""
    if len(text) > _LONGEST or not labels & (CONSENT | PROMPTS):
        return False
    return is_label(text) or says_consent(text) or (bool(labels & PROMPTS) and _speaks_to_reader(text, _PROMPT))


def says_consent(text: str) -> bool:
    """True for `We use cookies to improve your experience`."""
    return len(text) <= _LONGEST and _TO_READER.search(text) is not None and _speaks_to_reader(text, _CONSENT)


def _speaks_to_reader(text: str, about: re.Pattern[str]) -> bool:
    """True for a text about this in which every clause is about it, or speaks to the reader: `You can object here`."""
    clauses = [clause for clause in _CLAUSES.split(text) if len(clause.split()) > _SHORT]
    return about.search(text) is not None and all(
        about.search(clause) or _TO_READER.search(clause) or is_label(clause) for clause in clauses
    )
