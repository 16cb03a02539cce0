"""What a search of a copy reads: pages in any charset, scripts, PDFs, office files, packages, certificates."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from reportlab.pdfgen.canvas import Canvas

from archive.disclose.search import NameSearch
from archive.disclose.words import words_of
from archive_manifests.ledger import Status
from tests.archive.disclose.test_names import entry
from tests.archive.page.sample_ledger import source

ADDRESS = "https://secret.example/witness/karim-al-h-77?ref=a1b2c3"
TITLE = "شهادة كريم الحسين من بلدة الهبيط"
HIDDEN = {"cited": ADDRESS, "title": f"{TITLE} – أخبار الشاهد"}


def found(content: bytes, charset: str | None = None, most: int = 1 << 20) -> tuple[set[str], str | None]:
    """The names that a search finds in a part, and the kind of what it cannot read."""
    from msgspec.structs import replace

    hidden = replace(source(2, ADDRESS, Status.CAPTURED), title=HIDDEN["title"])
    search = NameSearch([hidden], [source(1, "https://open.example/", Status.CAPTURED)])

    def pieces() -> Iterator[bytes]:
        return iter([content[at : at + most] for at in range(0, len(content), most)])

    words = words_of(pieces, charset)
    hits = [hit for stream in words.streams for hit in search.search_words("here", stream)]
    hits += [hit for stream in (pieces(), *words.hidden) for hit in search.search("here", stream)]
    return {hit.name for hit in hits}, words.unread


def pdf(text: str, link: str | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1)
    canvas.drawString(40, 700, text)
    if link:
        canvas.linkURL(link, (40, 690, 300, 720))
    canvas.save()
    return out.getvalue()


def package(content: bytes, name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return out.getvalue()


def deflated(content: bytes) -> bytes:
    """As the redirect binding of SAML 2.0 writes it."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(content) + engine.flush()


ENTITIES = "".join(f"&#{ord(letter)};" for letter in TITLE)
ESCAPES = "".join(f"\\u{ord(letter):04X}" if ord(letter) > 127 else letter for letter in TITLE)
RUNS = f"<w:p><w:r><w:t>{TITLE[:9]}</w:t></w:r><w:r><w:rPr/><w:t>{TITLE[9:]}</w:t></w:r></w:p>"
PAGE = "<!doctype html><p>{}</p>"
NAMING = {
    "entities": (PAGE.format(ENTITIES).encode(), None),
    "escapes of scripts": (f'{{"headline":"{ESCAPES}"}}'.encode(), None),
    "the old Arabic charset, stated": (PAGE.format(TITLE).encode("windows-1256"), "windows-1256"),
    "the old Arabic charset, in the page": (b"<meta charset=windows-1256>" + TITLE.encode("windows-1256"), None),
    "the old Arabic charset, not stated": (TITLE.encode("windows-1256"), None),
    "UTF-16": (TITLE.encode("utf-16"), None),
    "spaces of other kinds": (PAGE.format(TITLE.replace(" ", "&nbsp;\n")).encode(), None),
    "vowel signs": (TITLE.replace("ش", "شَ").encode(), None),
    "two kinds of letters": (PAGE.format(f"{TITLE[:9]}<b>{TITLE[9:]}</b>").encode(), None),
    "a PDF": (pdf("It was told by karim-al-h-77 then."), None),
    "a link in a PDF": (pdf("here", ADDRESS), None),
    "a Word file in runs": (package(RUNS.encode()), None),
    "a package in a package": (package(package(RUNS.encode()), "in.docx"), None),
    "a name in a package": (package(b"x", "karim-al-h-77.jpg"), None),
    "gzip": (gzip.compress(TITLE.encode()), None),
    "an address in base64": (b"q=" + base64.b64encode(b"v1 " + ADDRESS.encode()), None),
    "a certificate": (base64.b64encode(bytes(90) + b"\x82\x0esecret.example" + bytes(90)), None),
    "the host alone": (b"write to info@secret.example today", None),
    "the host with www": (b"www.secret.example", None),
    "the host in entities": ("".join(f"&#{ord(letter)};" for letter in "secret.example").encode(), None),
    "the host in two kinds of letters": (b"<title>x</title><p><b>sec</b>ret.<i>example</i>", None),
    "the host defanged": (b"see secret[.]example, not more", None),
    "the host with other escapes": ("".join(f"\\x{ord(letter):02x}" for letter in "secret.example").encode(), None),
    "an address in escapes with braces": ("".join(f"\\u{{{ord(letter):x}}}" for letter in ADDRESS).encode(), None),
    "an address in a style sheet": ("".join(f"\\{ord(letter):06x}" for letter in ADDRESS).encode(), None),
    "an address encoded three times": (quote(quote(quote(ADDRESS, safe=""), safe=""), safe="").encode(), None),
    "an address in hex": (ADDRESS.encode().hex().upper().encode(), None),
    "a short name in base64": (b"x=" + base64.b64encode(b"karim-al-h-77") + b"&", None),
    "a title in base64 for addresses": (b"x=" + base64.urlsafe_b64encode(b"??" + TITLE.encode()), None),
    "a request to sign in": (base64.b64encode(deflated(f"<Request to='{ADDRESS}'/>".encode())), None),
    "bzip2": (bz2.compress(TITLE.encode()), None),
    "xz": (lzma.compress(TITLE.encode()), None),
    "the last step alone": (b"<a href=karim-al-h-77>", None),
}


@pytest.mark.parametrize("kind", NAMING)
@pytest.mark.parametrize("most", [1 << 20, 11], ids=["whole", "in small pieces"])
def test_a_name_is_found_in_what_a_reader_sees(kind: str, most: int) -> None:
    content, charset = NAMING[kind]
    names, unread = found(content, charset, most)
    assert names
    assert unread is None


@pytest.mark.parametrize(
    "content",
    [
        b"the secret.examples and thesecret.example of phone-secret",
        PAGE.format("شهادة رجل آخر من بلدة الهبيط").encode(),
        pdf("Nothing of it."),
        package(b"<w:t>nothing</w:t>"),
    ],
)
def test_what_names_nothing_gives_no_hit(content: bytes) -> None:
    assert found(content)[0] - {"secret.example"} == set()


def test_the_end_of_a_longer_host_is_not_this_host() -> None:
    assert found(b"see mysecret.example and 7secret.example")[0] == set()
    assert found(b"see &#109;ysecret.example and <b>my</b>secret.example")[0] - {"secret.example"} == set()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "picture"),
        (bytes(3) + b"\x18ftypmp42" + bytes(50), "picture"),
        (b"%PDF-1.7\nbroken", "document"),
        (pdf(""), "document"),
        (b"PK\x03\x04broken", "document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "document"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "document"),
        (b"\x28\xb5\x2f\xfd" + bytes(range(1, 250)), "document"),
        (b"\0asm" + bytes(50), "document"),
        (b"BZh9broken", "document"),
        (b"wOF2" + bytes(50), None),
        (b"", None),
        (b"plain text", None),
    ],
)
def test_what_no_search_can_read_is_named(content: bytes, kind: str | None) -> None:
    assert found(content)[1] == kind


def test_the_title_of_an_error_page_names_nothing() -> None:
    from msgspec.structs import replace

    from archive.disclose.names import names_of

    hidden = replace(entry("s02", "https://secret.example/"), title="404 Not Found, really")
    assert "404 Not Found, really" not in set(names_of(hidden))
