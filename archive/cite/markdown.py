"""Markdown: read as the page that it makes."""

from __future__ import annotations

from importlib.metadata import version
from typing import BinaryIO

from markdown_it import MarkdownIt

from archive.cite.encoding import decode
from archive.cite.extract import Extracted
from archive.cite.html import read_markup


def read_markdown(stream: BinaryIO, suffix: str) -> Extracted:
    """Read CommonMark with tables; raw HTML in it counts."""
    text, _ = decode(stream.read(), what="the text")
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    # Targets stay as written: markdown-it would escape Arabic paths and turn hosts into punycode.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return read_markup(parser.render(text), f"Markdown, by markdown-it-py {version('markdown-it-py')}")
