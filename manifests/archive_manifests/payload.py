"""Payload manifests and tag manifests: `manifest-sha256.txt` and its like. (RFC 8493, sections 2.1.3 and 2.2.1)"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from archive_manifests.errors import StatementError
from archive_manifests.fixity import HEX_LENGTHS
from archive_manifests.paths import BagPath
from archive_manifests.tagtext import Problem, blocks

CURRENT = (1, 0)
"""The version of BagIt that RFC 8493 is."""

ALGORITHMS: dict[str, tuple[str, int]] = {
    **{name: (name, digits) for name, digits in HEX_LENGTHS.items()},
    "sha3224": ("sha3_224", 56),
    "sha3256": ("sha3_256", 64),
    "sha3384": ("sha3_384", 96),
    "sha3512": ("sha3_512", 128),
    **{f"sha3_{bits}": (f"sha3_{bits}", bits // 4) for bits in (224, 256, 384, 512)},
    **{f"sha3-{bits}": (f"sha3_{bits}", bits // 4) for bits in (224, 256, 384, 512)},
    **{f"sha-{bits}": (f"sha{bits}", bits // 4) for bits in (256, 512)},
    "blake2b": ("blake2b", 128),
    "blake2b512": ("blake2b", 128),
    "blake2s": ("blake2s", 64),
    "blake2s256": ("blake2s", 64),
}
"""Algorithm as a manifest's name spells it -> the name that `hashlib.new` knows, and the hex digits of a digest.

`sha3_256` is bagit.py's spelling: it names manifests as hashlib names algorithms, not as RFC 8493, 2.4, does.
`sha-256` and `sha3-256` are the names of FIPS 180-4 and 202, which writers use by mistake.
"""

WEAK = frozenset({"md5", "sha1"})
"""Algorithms for which two files with one digest have been made."""

NAME = re.compile(r"(?P<tag>tag)?manifest-(?P<algorithm>.+)\.txt\Z")
"""The name of a manifest of either kind; whether its algorithm is one is another question."""


def manifest_name(algorithm: str, tag: bool = False) -> str:
    """`manifest-sha256.txt`, or `tagmanifest-sha256.txt`."""
    return f"{'tag' if tag else ''}manifest-{algorithm}.txt"


def format_manifest(entries: Mapping[BagPath, str] | Iterable[tuple[BagPath, str]]) -> str:
    """The text of a manifest in our canonical form: sorted by path bytes, two spaces, lower-case hex, LF."""
    pairs = entries.items() if isinstance(entries, Mapping) else entries
    spelled = ((path.encoded(), digest) for path, digest in pairs)
    ordered = sorted(spelled, key=lambda pair: pair[0].encode("utf-8", "surrogateescape"))
    return "".join(f"{digest.lower()}  {path}\n" for path, digest in ordered)


class Manifest(Struct, frozen=True):
    """What one manifest states."""

    algorithm: str
    entries: dict[BagPath, str]
    """Lower-case hex by path. Of a path that is listed twice, the first."""
    problems: tuple[Problem, ...]

    def only_sound(self, what: str) -> dict[BagPath, str]:
        """The entries of a manifest without any problem. Raises `StatementError` at the first one."""
        for problem in self.problems:
            place = what if problem.line is None else f"{what} line {problem.line}"
            raise StatementError(f"{place}: {problem.note or problem.code}", line=problem.line)
        return self.entries


def parse_manifest(
    data: bytes | Iterable[bytes],
    algorithm: str,
    *,
    tag: bool = False,
    version: tuple[int, int] = CURRENT,
    encoding: str = "utf-8",
    present: frozenset[str] = frozenset(),
) -> Manifest:
    """Read a manifest strictly: what it states, and every problem with its line number.

    `present` holds names that are taken as they stand although they look like a mark of md5sum's.
    """
    reading = ManifestReading(algorithm, tag=tag, version=version, encoding=encoding, present=present)
    entries: dict[BagPath, str] = {}
    for text, digest, line in reading.rows([data] if isinstance(data, bytes) else data):
        path = BagPath(text)
        stated = entries.setdefault(path, digest)
        if stated is not digest:
            reading.report_duplicate(line, text, is_same=stated == digest)
    return Manifest(algorithm, entries, tuple(sorted(reading.problems, key=lambda problem: problem.line or 0)))


class ManifestReading:
    """One manifest being read; `problems` grows with the rows. Holds one block of text, not the manifest."""

    def __init__(
        self,
        algorithm: str,
        *,
        tag: bool = False,
        version: tuple[int, int] = CURRENT,
        encoding: str = "utf-8",
        present: frozenset[str] | Mapping[str, object] = frozenset(),
    ) -> None:
        self.problems: list[Problem] = []
        self.is_canonical = True
        """False once a line was not in the form that `format_manifest` writes (the order aside)."""
        self._digits = ALGORITHMS.get(algorithm, ("", 0))[1]
        self._tag = tag
        self._is_old = version < CURRENT
        self._encoding = encoding
        self._present = present
        self._line = 0

    def rows(self, chunks: Iterable[bytes]) -> Iterator[tuple[str, str, int]]:
        """Yield path, lower-case hex and line number of each line that states a digest."""
        for block in self.blocks(chunks):
            yield from self.rows_of(self.split(block))

    def blocks(self, chunks: Iterable[bytes]) -> Iterator[str]:
        """Yield the text many lines at a time. Call `rows_of` or `passed` for a block before the next one."""
        return blocks(chunks, self._encoding, self.problems)

    def columns(self, block: str) -> tuple[list[str], str] | None:
        """The paths of a block, and its digests end to end; None where a line may be in another than canonical form.

        Whether the paths begin as they should is for the caller to see. A bag may hold a million files: this takes a
        third of the time of `split`.
        """
        lines, digits = block.split("\n"), self._digits
        del lines[-1]
        digests = "".join([line[:digits] for line in lines])
        are_apart = "".join([line[digits : digits + 2] for line in lines]) == "  " * len(lines)
        are_whole = digits > 0 and len(digests) == digits * len(lines) and digests.isascii()
        if not (are_apart and are_whole) or digests.encode().translate(None, b"0123456789abcdef") or "%" in block:
            return None
        return [line[digits + 2 :] for line in lines], digests

    def split(self, block: str) -> list[tuple[str, str, str]]:
        """The lines of a block as digest and path, or as what is not in canonical form."""
        return _plain_line(self._digits).findall(block)

    def rows_of(self, found: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, int]]:
        """The rows of one block that was split, each odd line read or reported."""
        line = self._line
        self._line += len(found)
        for digest, path, odd in found:
            line += 1
            if path:
                yield path, digest, line
            else:
                row = self._odd_row(odd, line)
                if row:
                    yield *row, line

    def passed(self, lines: int) -> None:
        """Count the lines of a block that needed no closer look."""
        self._line += lines

    def report_duplicate(self, line: int, path: str, *, is_same: bool) -> None:
        """A path listed twice: never in 1.0, in older bags only with the same digest. (RFC 8493, 2.1.3)"""
        code = "manifest-repeats" if self._is_old and is_same else "manifest-duplicate"
        self._add_problem(code, line, path, "listed before" if is_same else "listed before with another digest")

    def _odd_row(self, text: str, line: int) -> tuple[str, str] | None:
        """A line that is not in the canonical form: accepted nevertheless, or reported."""
        self.is_canonical = False
        parts = _LOOSE_LINE.match(text)
        if not parts:
            code = "manifest-line" if text.strip() else "manifest-blank-line"
            self._add_problem(code, line, text, "not `digest path`")
            return None
        digest, path = parts[1].lower(), parts[2]
        if self._digits and len(digest) != self._digits:
            self._add_problem("manifest-line", line, parts[1], f"{len(digest)} hex digits, not {self._digits}")
            return None
        return self._named(self._decoded(path, line), line), digest

    def _decoded(self, path: str, line: int) -> str:
        # Before 1.0 nothing was encoded: what reads %7E is called %7E.
        if self._is_old or "%" not in path:
            return path
        stray = _STRAY_PERCENT.search(path)
        if stray:
            self._add_problem("manifest-percent", line, path, "% is spelled %25, and only CR, LF and % are encoded")
        return BagPath.decoded(path).text

    def _named(self, path: str, line: int) -> str:
        """The path without what md5sum may put before it. (RFC 8493, section 6.1.3)"""
        if path in self._present:
            return path
        named = path
        if named.startswith("*") and (self._tag or _PAYLOAD.match(named, 1)):
            named = named[1:]
        while named.startswith("./"):
            named = named[2:].lstrip("/")
        if named != path:
            self._add_problem("manifest-marker", line, path, "the path starts with a mark of md5sum's, or with ./")
        return named

    def _add_problem(self, code: str, line: int, found: str, note: str) -> None:
        if len(self.problems) < PROBLEM_LIMIT:
            self.problems.append(Problem(code, line, found[:200], note))


PROBLEM_LIMIT = 10_000
"""Problems reported of one manifest: a file of garbage is not reported line by line without end."""

_LOOSE_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\S.*)\Z", re.DOTALL)
_PAYLOAD = re.compile(r"(?:\./+)*data/")
_STRAY_PERCENT = re.compile(r"%(?!0[AaDd]|25)")


def _plain_line(digits: int) -> re.Pattern[str]:
    """One line, LF included: digest and path where it is canonical, else all of it."""
    count = f"{{{digits}}}" if digits else "+"
    return re.compile(rf"(?:([0-9a-f]{count})  ([^\s*.%][^\n%]*)|([^\n]*))\n")
