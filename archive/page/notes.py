"""Notes on the page: the sentence of a note's code in the language of the page, filled in with its facts."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from archive.page.markup import Renderer, escape_text, shortened
from archive.words.notes import PREFIX
from archive_manifests.note_facts import ADDRESSES, MOMENTS, SPANS, VERDICTS
from archive_manifests.notes import Fact, Note

_LONGEST = 600
"""Characters of one fact that are shown."""
_ENGLISH = Markup('<bdi lang="en" dir="ltr">{}</bdi>')


def render_note(note: Note, html: Renderer) -> Markup:
    """The sentence of a note; of a code that the catalogue does not have, the English text that the ledger holds."""
    key = f"{PREFIX}{note.code}"
    if not html.catalogue.has(key) and not html.catalogue.has(f"{key}.other"):
        return _ENGLISH.format(escape_text(shortened(note.text or note.code, _LONGEST)))
    try:
        return html.sentence(key, **{name: _value(name, fact, html) for name, fact in note.facts.items()})
    except (KeyError, IndexError):  # facts of another version's catalogue
        return _ENGLISH.format(escape_text(shortened(note.text or note.code, _LONGEST)))


def render_notes(notes: Iterable[Note], html: Renderer) -> Markup:
    """Several notes, one after the other."""
    return Markup("{} ").format(html.sentence("language.semicolon")).join(render_note(note, html) for note in notes)


def _value(name: str, fact: Fact, html: Renderer) -> object:
    if isinstance(fact, Note):
        return render_note(fact, html)
    if isinstance(fact, tuple):
        return render_notes(fact, html)
    if name in SPANS and isinstance(fact, int):
        return html.text(html.catalogue.span(fact))
    if not isinstance(fact, str):
        return fact
    if name in MOMENTS:
        return html.instant(fact)
    if name in ADDRESSES:
        return html.address(shortened(fact, _LONGEST))
    if name in VERDICTS:
        return html.sentence_or(f"status.{fact}.label", fact)
    return html.text(shortened(fact, _LONGEST))
