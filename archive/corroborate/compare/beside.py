"""What frames of other sites say in the changing places of two pages: advertising, unless it speaks of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.corroborate.explain.claims import is_edit_in_advertisement
from archive.corroborate.explain.context import PageContext
from archive.corroborate.pages.ad_texts import is_ad_label, says_words
from archive.corroborate.pages.slots import ADVERTISEMENT
from archive.corroborate.texts.folding import fold
from archive.corroborate.texts.tokens import masked
from archive_manifests.corroboration import Difference

_SHOWN = 400


def compare_beside(one: Sequence[str], other: Sequence[str], context: PageContext) -> Iterator[Difference]:
    """Each text that one page alone has there: shown, and a contradiction where it is about the page or its site."""
    known = [{fold(text) for text in side} for side in (one, other)]
    for at, side in enumerate((one, other)):
        for text in dict.fromkeys(side):
            if fold(text) in known[1 - at] or is_ad_label(text) or not says_words(fold(text)):
                continue
            is_edit = is_edit_in_advertisement(text, context)
            shown = masked(text)[:_SHOWN]
            sides = (shown, "") if at == 0 else ("", shown)
            yield Difference("frame" if is_edit else ADVERTISEMENT, is_edit, *sides)
