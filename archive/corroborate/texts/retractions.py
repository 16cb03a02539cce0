"""What takes back a report, or says that it is false: it says something of the page, wherever it stands."""

from __future__ import annotations

import re

from archive.corroborate.texts.changing_words import beginnings
from archive.corroborate.texts.folding import fold

_TAKES_BACK = re.compile(
    r"\b(?:withdr[ae]w\w*|retract\w*|correction|corrected|corrects|erratum|apolog\w+|staged|hoax\w*|fake[ds]?"
    r"|fabricat\w+|invented|forged|forgery|falsif\w+|false|untrue|faulted"
    r"|contain\w* errors?|editors?['’]s? note|editor['’]s note|debunk\w*|disprove[dns]?|misattributed|mistaken"
    r"|misled|deleted (?:our|the|this|its|their)|our (?:story|report|article|mistake)|nobody (?:died|was)"
    r"|this (?:page|site|report|article|story|paper|video|film|photo|picture|website)|never happened|no evidence"
    r"|retiré|rétract\w*|rectificatif|excuses|canular|mis en scène|mise en scène|truqué\w*|faux|fausse\w*"
    r"|inventé\w*|démenti|retirad[oa]|rectificación|corrección|fe de erratas|disculpas|montaje|falso|falsa"
    r"|falsificad\w+|inventad[oa]s?|desmentid[oa]|bulo)\b",
    re.IGNORECASE,
)
_TAKES_BACK_AR = re.compile(
    r"سحب|تراجع\w*(?: \w+){0,3} عن|تصحيح|تصويب|اعتذار|اعتذر|نعتذر|يعتذر|مفبرك|فبرك|ملفق|تلفيق|مزيف|تزييف|كاذب|كذب"
    r"|تمثيلي|خدعة|شائعة|نفي(?!ذ)"
    r"|لم يثبت|لم تثبت|لا صحة"
)
_TAKES_BACK_UNSPACED = re.compile(
    r"撤回|取り消し|訂正|誤報|捏造|虚偽|デマ|謝罪|撤稿|更正|虚假|伪造|捏造|谣言|道歉|不实|철회|정정|허위|조작|날조|오보|사과문"
)
_TAKES_BACK_OTHERS, _ACCUSES_OTHERS = beginnings("takes_back"), beginnings("accuses")
_ACCUSES = re.compile(
    r"\b(?:admit(?:s|ted)?|confess\w*|invent\w*|lied|lies|lying|liar|fraud\w*|arrested|charged"
    r"|convicted|indicted|guilty|bribe\w*|paid (?:by|to|actors)"
    r"|spy|spies|traitor\w*|terrorist|plagiar\w*|fired for|sacked|dismissed|accused|unmasked|exposed|agent of"
    r"|avoue\w*|arrêté\w*|accusé\w*|menti|menteur|condamné\w*|admite|admitió|arrestad[oa]|detenid[oa]|acusad[oa]|mintió|condenad[oa]|fraude)\b"
    r"|يعترف|اعترف|تعترف|اعتقال|متهم|اتهام|احتيال|عميل|خائن|إرهابي|إدانة|رشوة|تورط",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(?:this|the above|cet|cette|este|esta|diese[rsn]?|bu) (?:page|site|report|article|story|paper|artículo"
    r"|artikel|bericht|reportage|makale|haber|página|informe)\b|هذا (?:المقال|التقرير|الخبر)"
    r"|эт[ауо] (?:стать|новость)|この記事|此文|이 기사",
    re.IGNORECASE,
)
_FOR_SITE = re.compile(
    r"\b(?!(?-i:US)\b)(?:we|our|us|run by|owned by|funded by|nous|notre|nos|nuestr[oa]s?|somos)\b", re.IGNORECASE
)


def speaks_of_itself(text: str) -> bool:
    """True for what names the page that it stands in."""
    return _ITSELF.search(text) is not None


def speaks_for_site(text: str) -> bool:
    """True for what a site says of itself."""
    return _FOR_SITE.search(text) is not None


def accuses(text: str) -> bool:
    """True for a headline that says of somebody what makes a statement of that person worth nothing."""
    folded = fold(text)
    return (_ACCUSES.search(folded) or _ACCUSES_OTHERS.search(folded)) is not None


def takes_back(text: str) -> bool:
    """True for a headline that withdraws or denies something."""
    folded = fold(text)
    patterns = _TAKES_BACK_AR, _TAKES_BACK_UNSPACED, _TAKES_BACK_OTHERS
    return _TAKES_BACK.search(text) is not None or any(pattern.search(folded) for pattern in patterns)
