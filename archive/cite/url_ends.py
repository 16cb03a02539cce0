"""Where an address ends in the text round it: at a stop, a quotation mark, a bracket that was opened before it."""

from __future__ import annotations

import re

_STOP = re.compile("[“”„«»‹›`—¹²³⁰⁴-⁹]")
"""Quotation marks and the like, which no URL holds unescaped."""
_ARABIC_STOP = re.compile("[،؛؟۔]")
_WIDE_STOP = re.compile("[。、，；：？！）】」』》〉]")
"""What ends a sentence, or closes a bracket, in Chinese and Japanese, where no space follows."""
TAIL = ".,;:!?'\"”’»›)]}>،؛؟۔…*|。、，；：？！）】」』–-"
_TAIL_OR_OPENER = TAIL + "([{（【「『<"
_OPENER = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "」": "「", "』": "『", "》": "《", "〉": "〈"}


def before_stops(text: str) -> tuple[str, list[str], list[str]]:
    """The URL that `text` starts with, other readings of it, and the codes of doubts.

    Some addresses hold the stops of other scripts unescaped: the longer reading is another one.
    """
    url = trimmed(_before(_STOP, text))
    short = trimmed(_before(_ARABIC_STOP, url))
    others, doubts = ([url], ["arabic-stop"]) if short != url else ([], [])
    if (wide := trimmed(_before_wide_stop(short))) != short:
        return wide, [short, *others], [*doubts, "wide-stop"]
    return short, others, doubts


def trimmed(url: str) -> str:
    """The URL without the punctuation of the sentence round it; brackets go only where they are unbalanced."""
    while url and url[-1] in _TAIL_OR_OPENER:
        opener = _OPENER.get(url[-1])
        if opener is not None and url.count(opener) >= url.count(url[-1]):
            break
        if url[-1] == "-" and url[-2:-1] not in ("", "-"):
            break
        url = url[:-1]
    return url


def _before(stop: re.Pattern[str], text: str) -> str:
    found = stop.search(text)
    return text[: found.start()] if found else text


def _before_wide_stop(text: str) -> str:
    """The text before the first such sign; a bracket that was opened within the address belongs to it."""
    for found in _WIDE_STOP.finditer(text):
        opener = _OPENER.get(found[0])
        if opener is None or opener not in text[: found.start()]:
            return text[: found.start()]
    return text
