"""DOCX and ODT files made part by part."""

from __future__ import annotations

import zipfile
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"

ODF = "urn:oasis:names:tc:opendocument:xmlns"


def docx(path: Path, body: str, links: dict[str, str] | None = None, **parts: str) -> Path:
    """A DOCX with this body; `parts` are further parts of `word/`, each `<name>__rels` a part's links."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("_rels/.rels", _relations({"r1": ("officeDocument", "word/document.xml", "")}))
        file.writestr("word/document.xml", word("document", f"<w:body>{body}</w:body>"))
        file.writestr("word/_rels/document.xml.rels", outside(links or {}))
        for name, content in parts.items():
            if name.endswith("__rels"):
                file.writestr(f"word/_rels/{name.removesuffix('__rels')}.xml.rels", content)
            else:
                file.writestr("docProps/core.xml" if name == "core" else f"word/{name}.xml", content)
    return path


def word(root: str, content: str) -> str:
    return f'<w:{root} xmlns:w="{W}" xmlns:r="{R}" xmlns:a="{A}" xmlns:mc="{MC}">{content}</w:{root}>'


def outside(links: dict[str, str]) -> str:
    return _relations({key: ("hyperlink", target, ' TargetMode="External"') for key, target in links.items()})


def _relations(relations: dict[str, tuple[str, str, str]]) -> str:
    ones = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"{mode}/>'
        for key, (kind, target, mode) in relations.items()
    )
    return f'<Relationships xmlns="{_RELS}">{ones}</Relationships>'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def odt(path: Path, body: str, **parts: str) -> Path:
    """An ODT with this body."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        file.writestr("content.xml", office("document-content", f"<office:body>{body}</office:body>"))
        for name, content in parts.items():
            file.writestr(f"{name}.xml", content)
    return path


def office(root: str, content: str) -> str:
    names = ("office", "text", "draw", "table", "meta", "style")
    spaces = " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in names)
    links = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<office:{root} {spaces} {links}>{content}</office:{root}>"
