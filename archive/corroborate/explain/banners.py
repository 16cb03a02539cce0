"""Banners that a site puts up beside its pages for some hours, or for some readers: one page has one, another has none.

A banner is a box of few words that leads its reader to another page of the site, or asks for something. Its words tell
whether it asks, where words of requests are known in its script; else its structure does. It is another banner as a
whole: of one that both pages have, a text that differs was edited.
"""

from __future__ import annotations

from archive.corroborate.explain.claims import claims_in_box
from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.replaced_entries import is_edited
from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.texts.folding import fold
from archive.corroborate.texts.interface_words import is_in_unknown_script
from archive.corroborate.texts.places import place_of_link


def are_of_other_banners(blocks: list[TextBlock], context: PageContext) -> bool:
    """True for texts without a claim in banners of which the other page has none like it."""
    if not context.is_written or not all(block.banner and block.kind == "visible" for block in blocks):
        return False
    if not all(block.is_link or is_in_unknown_script(block.text) for block in blocks):
        return False
    if len(blocks) > 1 and is_edited(blocks[0].text, blocks[1].text):
        return False
    return not any(_is_shared(block, context) or claims_in_box(block.text, context) for block in blocks)


def _is_shared(block: TextBlock, context: PageContext) -> bool:
    """True in a banner of which both pages have a text but that of a button, or that leads to another site."""
    page = next((page for page in context.pages if any(each is block for each in page.blocks)), None)
    texts = _texts(page, block.banner) if page is not None else []
    home = f"{context.site}/?#"
    is_known = any(fold(each.text) in context.shared and not (each.is_control or each.is_link) for each in texts)
    links = [link for each in texts for link in each.links]
    is_own = not any(context.is_elsewhere(link) or place_of_link(link) == home for link in links)
    return not texts or is_known or not is_own


def _texts(page: ComparedPage, banner: int) -> list[TextBlock]:
    return [each for each in page.blocks if each.banner == banner and each.kind == "visible"]
