"""How a printed address may be read: what makes a reading uncertain, and why something is no source. Data."""

from __future__ import annotations

DOUBTS = {
    "line-break": "it continues in the next line",
    "break-in-segment": "a line breaks within a word or number of it",
    "break-in-host": "a line breaks within its host name",
    "hyphen-at-break": "a line breaks at a hyphen, which may belong to the layout",
    "open-end": "it ends as an address rarely does; the rest may stand elsewhere",
    "reading-order": "the file and the page show its characters in different orders, as where text overlaps",
    "cut-off": "it ends where the page or a table cell cuts it off; the rest may be hidden",
    "column-break": "it continues in the next column",
    "page-break": "it continues on the next page",
    "mark-behind": "a number or note mark follows it closely",
    "word-behind": "a word follows it without a space",
    "blank-inside": "it contains a space",
    "unreadable-character": "it contains a character that the file shows without saying which it is",
    "broken-scheme": "its http:// is misspelled",
    "no-scheme": "it is printed without https://",
    "shortened": "it is shortened in print",
    "look-alike": "it contains characters that only look like those of an address",
    "ligature": "it contains ligatures",
    "arabic-stop": "it contains Arabic punctuation",
    "wide-stop": "it contains Chinese or Japanese punctuation",
    "link-differs": "the link under it leads elsewhere",
    "link-ends-early": "the link under it covers only a part of it",
    "redirect-wrapper": "it leads through a redirect service",
}
"""Code -> what a person should know, after a colon. The best reading is requested; with a doubt, the others too."""

PASSED_OVER = {
    "bare-host": "a host name without a path",
    "mail-address": "a mail address",
    "mailto": "a mail address",
    "doi": "a DOI, not an address",
    "ip-address": "an IP address without http://",
    "onion": "an onion service",
    "broken-address": "an address that cannot be completed",
    "relative": "a relative link, and the report states no base address",
    "file": "a file on the author's machine; its path is left out",
    "too-long": "longer than any server takes",
    "javascript": "a script",
    "launch": "opens a program",
    "gotor": "opens another file",
    "unreadable-page": "a page that cannot be read",
    "unreadable-links": "links that cannot be read",
    "page-without-text": "a page of pictures without text",
    "misnamed": "the file's name ends as that of another format than it has",
    "second-reader": "read by the second reader, since the first refused the file",
    "tel": "a telephone number",
    "alt-chunk": "a part of the document that cannot be read",
}
"""Code -> what it is. Other codes are schemes or actions that are no web addresses."""


NOTHING = {
    "empty": "the file is empty",
    "scan": "it contains pictures and no text, like a scan; run text recognition (OCR) on it, or list its addresses",
    "no-text": "it contains no text",
    "no-pdf": "it is called .pdf and is not a PDF; open it and see what it is, and get the report's own file",
    "no-address": "there is no address in its text; is this the report?",
    "no-source": "the source manifest lists no source",
}
"""Code -> why a report gives nothing to capture, after a colon."""


def doubt_text(codes: tuple[str, ...]) -> str:
    """The doubts in words, for a remark."""
    return "; ".join(DOUBTS.get(code, code) for code in codes)


def passed_over_text(code: str) -> str:
    """What a thing is that was passed over, in words."""
    return PASSED_OVER.get(code, f"{code}: no web address")
