"""The text of tag files: bytes to lines, in any encoding a bag may declare, a block at a time."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

ENCODINGS = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-be", "utf-16-le", "ascii", "koi8-r", "koi8-u", "tis-620", "mac-roman"),
        *("iso8859-1", *(f"iso8859-{part}" for part in range(2, 17) if part != 12)),
        *(f"cp125{page}" for page in range(9)),
        *("cp437", "cp720", "cp737", "cp850", "cp852", "cp855", "cp857", "cp862", "cp864", "cp866", "cp874"),
        *("cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "big5hkscs", "cp949"),
    }
)
"""Encodings of tag files that are read, by Python's name for each: Unicode, and what systems wrote before it.

Anything else is refused: Python knows `utf-7`, `rot13` and `idna` as encodings too.
"""

_WIDER = {
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "windows-874": "cp874",
}
"""The encoding that is meant: the registered one and the characters that systems added to it."""


def encoding_of(name: str) -> str | None:
    """Python's name for an encoding that is read, by any name that the IANA has for it; None for any other."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        known = name.lower()
    known = _WIDER.get(known, known)
    return known if known in ENCODINGS else None


LINE_LIMIT = 65_536
"""Characters in one line of a tag file. No file system takes a path that long."""

BLOCK = 1 << 20
"""Bytes that are decoded at once."""

_MARKED = ("utf-8", "ascii")
_UTF16_MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
_CR = re.compile(r"\r\n?")
_LINE_END = re.compile(r"\r\n?|\n")


class Problem(Struct, frozen=True):
    """One thing that is wrong, or unwise, in the text of a tag file."""

    code: str
    """A code of the catalogue of findings."""
    line: int | None = None
    """From 1."""
    found: str | None = None
    note: str | None = None


MOST_PROBLEMS = 1000
"""Problems that are listed of one file: a file of nothing else has millions."""


class Problems(list[Problem]):
    """The problems of one file, up to what anybody reads."""

    def append(self, problem: Problem) -> None:
        """Add a problem; of those beyond the limit, only that there are more."""
        if len(self) < MOST_PROBLEMS:
            super().append(problem)
        elif len(self) == MOST_PROBLEMS:
            super().append(Problem("findings-limit", problem.line))


def blocks(chunks: Iterable[bytes], encoding: str, problems: list[Problem]) -> Iterator[str]:
    """Yield the text in blocks of whole lines, each line ended by LF, for any line end in the file.

    `encoding` is Python's name. Bytes that are not text become lone surrogates, so that a name on disk still matches.
    The last line gets its LF where it has none. Reading stops at a line over `LINE_LIMIT`. (RFC 8493, section 2.3)
    """
    decoder = _Decoder(encoding, problems)
    tail = ""
    for piece in _pieces(chunks):
        text = tail + decoder.decode(piece, tail)
        # A CR at the end may be the first half of a CRLF.
        end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        tail = text[end:]
        block = decoder.counted(text[:end])
        cut = len(block) if end else 0
        if len(block) > LINE_LIMIT and (start := _long_line(block)) is not None:
            decoder.lines -= block.count("\n", start)
            cut, tail = start, block[start:]
        if cut:
            yield block[:cut]
        if len(tail) > LINE_LIMIT:
            problems.append(Problem("tag-line-limit", decoder.lines + 1, note=f"over {LINE_LIMIT:,} characters"))
            return
    tail += decoder.decode(b"", tail, final=True)
    if tail and not tail.endswith(("\n", "\r")):
        problems.append(Problem("tag-file-end", decoder.lines + 1))
        tail += "\n"
    if tail:
        yield decoder.counted(tail)


def _long_line(block: str) -> int | None:
    """Where the first line over `LINE_LIMIT` starts, in text whose lines end at LF."""
    start = 0
    while len(block) - start > LINE_LIMIT:
        end = block.rfind("\n", start, start + LINE_LIMIT + 1)
        if end < 0:
            return start
        start = end + 1
    return None


def lines(chunks: Iterable[bytes], encoding: str, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """Yield each line with its number, without its end. Lines end at LF, CR and CRLF, and at nothing else."""
    number = 0
    for block in blocks(chunks, encoding, problems):
        # Not `splitlines`: it breaks names at U+0085, U+2028 and their like.
        for line in block[:-1].split("\n"):
            number += 1
            if len(line) > LINE_LIMIT:
                problems.append(Problem("tag-line-limit", number, note=f"over {LINE_LIMIT:,} characters"))
                return
            yield number, line


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if len(chunk) <= BLOCK:
            yield chunk
        else:
            for start in range(0, len(chunk), BLOCK):
                yield chunk[start : start + BLOCK]


class _Decoder:
    """Decodes, counts lines, and says where bytes are no text."""

    def __init__(self, encoding: str, problems: list[Problem]) -> None:
        self.lines = 0
        self._encoding = encoding
        self._problems = problems
        self._head: bytes | None = b""
        """The first bytes, until there are enough to see a byte order mark."""
        self._strict = codecs.getincrementaldecoder(encoding)("strict")
        self._lenient: codecs.IncrementalDecoder | None = None

    def decode(self, data: bytes, tail: str, *, final: bool = False) -> str:
        """The text of the next bytes; `tail` is what was decoded and not counted yet."""
        if self._head is not None:
            self._head += data
            if len(self._head) < len(codecs.BOM_UTF8) and not final:
                return ""
            data, self._head = self._without_mark(self._head), None
        if self._lenient is None:
            state = self._strict.getstate()
            try:
                return self._strict.decode(data, final)
            except UnicodeDecodeError as error:
                self._report(error, tail)
                self._lenient = codecs.getincrementaldecoder(self._encoding)(self._errors())
                self._lenient.setstate(state)
        return self._lenient.decode(data, final)

    def counted(self, text: str) -> str:
        text = _CR.sub("\n", text) if "\r" in text else text
        self.lines += text.count("\n")
        return text

    def _without_mark(self, head: bytes) -> bytes:
        """UTF-16 may have a mark, and is big-endian without one (RFC 2781, 4.3); elsewhere a mark is wrong."""
        if self._encoding == "utf-16":
            self._encoding = "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
            self._strict = codecs.getincrementaldecoder(self._encoding)("strict")
        if head.startswith(_UTF16_MARKS.get(self._encoding, ())):
            return head[2:]
        if self._encoding in _MARKED and head.startswith(codecs.BOM_UTF8):
            self._problems.append(Problem("tag-file-bom", 1, note="a tag file starts without a byte order mark"))
            return head[len(codecs.BOM_UTF8) :]
        return head

    def _errors(self) -> str:
        # UTF-16 knows no surrogateescape.
        return "replace" if self._encoding.startswith("utf-16") else "surrogateescape"

    def _report(self, error: UnicodeDecodeError, tail: str) -> None:
        before = tail + error.object[: error.start].decode(self._encoding, "replace")
        line = self.lines + 1 + len(_LINE_END.findall(before))
        found = f"{error.object[error.start]:02x}"
        self._problems.append(Problem("tag-file-encoding", line, found, f"not {self._encoding}"))
