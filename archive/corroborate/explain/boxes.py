"""What boxes of few words may say that ask for a subscription, a gift, an installation, also between paragraphs.

Whoever forges a page can dress a statement as such a box. Each of its texts therefore names what is offered, says
hardly anything else, and neither speaks of what the page is about nor denies, doubts or accuses.
"""

from __future__ import annotations

from archive.corroborate.explain.claims import makes_claim, names_thing
from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.replaced_entries import is_edited
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.folding import fold, long_words, words
from archive.corroborate.texts.interface_words import (
    is_label,
    is_request_alone,
    is_request_throughout,
    offers,
    says_requests,
    words_of_requests,
)


def are_requests(blocks: list[TextBlock], context: PageContext) -> bool:
    """True for a request in a box in whose place another stands whole, or that the other page lacks."""
    if len(blocks) > 1 and is_edited(blocks[0].text, blocks[1].text):
        return False
    if len(blocks) > 1 and all(_is_of_site(block, context) for block in blocks):
        return True
    return all(_is_of_box(block, context, is_alone=len(blocks) < 2) for block in blocks)


def _is_of_site(block: TextBlock, context: PageContext) -> bool:
    """True for a request beside the main text in words of its own, that speaks of nothing in the page."""
    if not block.is_prompt or block.is_boxed or block.is_main or block.kind != "visible":
        return False
    if {word.casefold() for word in words(fold(block.text))} & changing_words("doubts") or names_thing(block.text):
        return False
    is_about = bool(long_words(block.text) & context.persons) or not is_request_throughout(block.text)
    return not (is_about or makes_claim(block.text, context, is_request=True))


def _is_of_box(block: TextBlock, context: PageContext, *, is_alone: bool) -> bool:
    """True for a request in which no name and no word of the main text stands.

    One that the other page lacks has what a reader presses. A box beside the main text that both pages have, with what
    a reader presses, may say a little more.
    """
    if not block.is_boxed or (is_alone and not block.is_prompt) or block.kind not in ("visible", "attribute"):
        return False
    said = long_words(block.text)
    if (said | {word.casefold() for word in words(fold(block.text))}) & changing_words("doubts"):
        return False
    if not offers(block.text) and not is_label(block.text):
        return False
    if (said - words_of_requests() - context.names_of_site) & context.own_words:
        return False
    if names_thing(block.text) or makes_claim(block.text, context, is_request=True):
        return False
    if block.is_prompt and not (block.is_main or is_alone) and says_requests(block.text):
        return True
    return is_request_alone(block.text, is_whole=is_alone) or is_label(block.text)
