"""HTML: its visible text, and the links, frames and quotations that name a source."""

from __future__ import annotations

import codecs
import re
from collections.abc import Container, Sequence
from datetime import date
from importlib.metadata import version
from typing import Any, BinaryIO

import webencodings
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.token import Token

from archive.cite.encoding import decode
from archive.cite.extract import Extracted
from archive.cite.flow import Flow, clean
from archive.cite.links import find_urls, has_last_word
from archive.cite.office_zip import local
from archive.errors import ReportUnreadable

_HIDDEN = frozenset({"script", "style", "template", "head", "svg", "math", "object", "noscript", "select", "textarea"})
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr"}
)
_EMBEDS = frozenset({"iframe", "frame", "video", "audio", "source", "embed"})
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)


def read_html(stream: BinaryIO, suffix: str) -> Extracted:
    """Read a saved page or a report written as one."""
    text, encoding = decoded_page(stream.read())
    return read_markup(text, f"HTML, {encoding}, by lxml {etree.__version__}")


def decoded_page(data: bytes) -> tuple[str, str]:
    """By the byte order mark, else by the page's own `charset`, else by what the bytes look like.

    Labels mean what they mean in browsers: `iso-8859-1` is windows-1252. (Encoding Standard, 4.2)
    """
    stated = _META_CHARSET.search(data[:4096])
    if stated and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = webencodings.lookup(stated[1].decode())
        if encoding is not None and not encoding.name.startswith(("utf-16", "replacement")):
            return clean(encoding.codec_info.decode(data, "replace")[0]), encoding.name
    return decode(data, what="the page")


def read_markup(text: str, extractor: str) -> Extracted:
    """Read HTML from characters."""
    # huge_tree lifts libxml2's depth from 256 to 2048; beyond it the rest of a page is dropped without a word.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    if any(error.level_name == "FATAL" for error in parser.error_log):
        raise ReportUnreadable("is nested more than 2,000 elements deep, or too large for its reader")
    flow = Flow()
    if root is None:
        return flow.extracted(extractor)
    flow.base = next((one.get("href") for one in root.iter("base") if _is_absolute(one.get("href"))), None)
    _walk(root, flow)
    title = next((one.text for one in root.iter("title")), None)
    language = re.match(r"[A-Za-z]{2,3}(?=\Z|[-_])", root.get("lang") or "")
    return flow.extracted(
        extractor, title=title, day=_published(root), language=language[0].lower() if language else None
    )


def _is_absolute(href: str | None) -> bool:
    return bool(href and re.match(r"https?://", href, re.IGNORECASE))


def _published(root: etree._Element) -> str | None:
    """The day in `article:published_time`, where the page states it."""
    for meta in root.iter("meta"):
        if "article:published_time" in (meta.get("property"), meta.get("name")):
            try:
                return date.fromisoformat((meta.get("content") or "")[:10]).isoformat()
            except ValueError:
                return None
    return None


def _walk(root: etree._Element, flow: Flow) -> None:
    """Visit in document order, without recursion: hostile pages nest a hundred thousand deep."""
    waiting: list[tuple[etree._Element, int | None]] = [(root, None)]
    verbatim = 0
    while waiting:
        element, opened = waiting.pop()
        name = local(element).lower()
        if opened is None and name and name not in _HIDDEN:
            verbatim += name == "pre"
            _enter(element, name, flow)
            waiting.append((element, flow.length))
            _write(element.text, flow, verbatim)
            waiting.extend((child, None) for child in reversed(element))
            continue
        if opened is not None:
            verbatim -= name == "pre"
            _leave(element, name, flow, opened)
        if element is not root:
            _write(element.tail, flow, verbatim)


def _write(text: str | None, flow: Flow, verbatim: int) -> None:
    if text:
        (flow.write if verbatim else flow.write_folded)(clean(text))


def _enter(element: etree._Element, name: str, flow: Flow) -> None:
    if name == "br":
        flow.write_break()
    elif name not in _INLINE:
        flow.end_line()
    flow.pictures += name in ("img", "picture", "canvas")
    if name in _EMBEDS and (source := element.get("src")):
        flow.end_line()
        flow.link(source, flow.length)
        flow.write("\n")  # an empty line where it plays, so that no sentence of another paragraph is its context


def _leave(element: etree._Element, name: str, flow: Flow, opened: int) -> None:
    if name == "sup":
        flow.raise_since(opened)
    if name in ("a", "area") and (href := element.get("href")) is not None:
        flow.link(href, opened)
    elif name in ("q", "blockquote", "ins", "del") and (cite := element.get("cite")):
        flow.link(cite, opened)
    if name in ("td", "th"):
        flow.write("\t")
    elif name not in _INLINE and name != "br":
        flow.end_line()


def read_markdown(stream: BinaryIO, suffix: str) -> Extracted:
    """Read CommonMark with tables; raw HTML in it counts."""
    text, _ = decode(stream.read(), what="the text")
    parser = _parser(frozenset())
    parser = _parser(_unused_definitions(parser, text))
    return read_markup(parser.render(text), f"Markdown, by markdown-it-py {version('markdown-it-py')}")


def _parser(sentences: Container[int]) -> MarkdownIt:
    """A parser that reads the lines with these numbers as text where they look like definitions of links."""

    def read_definition(state: StateBlock, line: int, last: int, silent: bool) -> bool:
        # `[5]: URL`. A footnote, `[^1]: TEXT`, is a sentence and may end in a full stop.
        is_footnote = state.src.startswith("[^", state.bMarks[line] + state.tShift[line])
        return not is_footnote and line not in sentences and reference(state, line, last, silent)

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    # Targets stay as written: markdown-it would escape Arabic paths and turn hosts into punycode.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.block.ruler.at("reference", read_definition)
    parser.add_render_rule("softbreak", _soft_break)
    return parser


def _unused_definitions(parser: MarkdownIt, text: str) -> frozenset[int]:
    """The lines of definitions to which no link leads: CommonMark shows nothing of them, and people list sources so."""
    env: dict[str, Any] = {}
    used = {
        str(token.attrs.get("href") or token.attrs.get("src"))
        for block in parser.parse(text, env)
        for token in block.children or ()
        if token.type in ("link_open", "image")
    }
    defined = [*env.get("references", {}).values(), *env.get("duplicate_refs", ())]
    return frozenset(each["map"][0] for each in defined if each["href"] not in used)


def _soft_break(_: object, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    """A line end within a paragraph: a space, but where an address reaches it, which may go on in the next line."""
    words = tokens[index - 1].content if index else ""
    last = max((found.end for found in find_urls(words)), default=-1)
    return "<br>" if last >= len(words.rstrip()) or has_last_word(words, max(last, 0)) else "\n"
