"""The bag declaration and `bag-info.txt`. (RFC 8493, sections 2.1.1 and 2.2.2)"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from archive_manifests.errors import StatementError
from archive_manifests.payload import CURRENT
from archive_manifests.tagtext import Problem, Problems, encoding_of, lines

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""The whole of our `bagit.txt`."""

OLDER_DECLARATION = DECLARATION.replace("1.0", "0.97")
"""The same for the version before, which some partners' profiles ask for."""

OUR_PROFILE = "https://evidence-archive.org/profiles/evidence-bag-1.json"
"""The `BagIt-Profile-Identifier` of our own bags, which must be in their canonical form."""

VERSIONS = frozenset({(0, 93), (0, 94), (0, 95), (0, 96), (0, 97), (1, 0)})
"""The versions of BagIt whose rules are known."""

RESERVED = (
    "Source-Organization",
    "Organization-Address",
    "Contact-Name",
    "Contact-Phone",
    "Contact-Email",
    "External-Description",
    "Bagging-Date",
    "External-Identifier",
    "Bag-Size",
    "Payload-Oxum",
    "Bag-Group-Identifier",
    "Bag-Count",
    "Internal-Sender-Identifier",
    "Internal-Sender-Description",
)
"""The reserved labels, spelled as the RFC spells them; read in any case."""

ONCE = frozenset({"bagging-date", "bag-size", "bag-group-identifier", "bag-count"})
"""Labels that should not be repeated; `Payload-Oxum` must not. (RFC 8493, 2.2.2)"""

FIELD_LIMIT = 10_000
"""Fields that are read from one `bag-info.txt`."""


class Declaration(Struct, frozen=True):
    """What `bagit.txt` declares. None where it does not say, or not so that it can be understood."""

    version: tuple[int, int] | None
    encoding: str | None
    """Python's name of the encoding."""
    problems: tuple[Problem, ...]

    @property
    def has_unknown_encoding(self) -> bool:
        """True where it names an encoding that is not read here: what tag files say beyond ASCII is not known."""
        return any(problem.code == "encoding-unknown" for problem in self.problems)


class BagInfo(Struct, frozen=True):
    """The fields of `bag-info.txt`, in their order."""

    fields: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]

    def values(self, label: str) -> tuple[str, ...]:
        """Every value of a label, upper and lower case alike."""
        wanted = label.lower()
        return tuple(value for name, value in self.fields if name.lower() == wanted)


class Oxum(Struct, frozen=True):
    """Payload-Oxum: how much there is to read."""

    octets: int
    streams: int

    def __str__(self) -> str:
        return f"{self.octets}.{self.streams}"


_VERSION = re.compile(r"BagIt-Version: (\d{1,5})\.(\d{1,5})\Z", re.ASCII)
_ENCODING = re.compile(r"Tag-File-Character-Encoding: (\S+)\Z", re.ASCII)
_LOOSE_VERSION = re.compile(r"\s*BagIt-Version\s*:\s*(\d{1,5})\.(\d{1,5})\s*\Z", re.ASCII | re.IGNORECASE)
_LOOSE_ENCODING = re.compile(r"\s*Tag-File-Character-Encoding\s*:\s*(\S+)\s*\Z", re.ASCII | re.IGNORECASE)
_OXUM = re.compile(r"(\d{1,20})\.(\d{1,20})\Z", re.ASCII)
_FIELD = re.compile(r"([^:]*):[ \t](.*)\Z", re.DOTALL)


def format_bag_info(fields: Iterable[tuple[str, str]]) -> str:
    """The text of `bag-info.txt`, the fields in their order. Raises `StatementError` for what one line cannot hold."""
    return "".join(f"{_sound_label(label)}: {_sound_value(label, value)}\n" for label, value in fields)


def _sound_label(label: str) -> str:
    if not label or label != label.strip() or re.search(r"[:\r\n]", label):
        raise StatementError(f"not a label for bag-info.txt: {label!r}; no colon, no line end, no space at its edges")
    return label


def _sound_value(label: str, value: str) -> str:
    if value != value.strip() or not value or re.search(r"[\r\n\0]", value):
        raise StatementError(f"not a value for {label}: {value!r}; one line, not empty, no space at its edges")
    return value


def parse_declaration(data: bytes) -> Declaration:
    """Read `bagit.txt`: exactly two lines, in order, UTF-8 without byte order mark. (RFC 8493, 2.1.1)"""
    problems: list[Problem] = []
    texts = [text for _, text in lines([data], "utf-8", problems)]
    first, second = (*texts[:2], "", "")[:2]
    if len(texts) != 2:
        problems.append(Problem("declaration-lines", None, str(len(texts)), "bagit.txt has two lines"))
    version = _stated(first, 1, (_VERSION, _LOOSE_VERSION), problems, "BagIt-Version: 1.0")
    encoding = _stated(second, 2, (_ENCODING, _LOOSE_ENCODING), problems, "Tag-File-Character-Encoding: UTF-8")
    return Declaration(
        _known_version(version, problems) if version else None,
        _known_encoding(encoding[1], problems) if encoding else None,
        tuple(problems),
    )


def _stated(
    text: str, line: int, forms: tuple[re.Pattern[str], re.Pattern[str]], problems: list[Problem], right: str
) -> re.Match[str] | None:
    strict, loose = forms
    match = strict.match(text)
    if not match:
        match = loose.match(text)
        problems.append(Problem("declaration-line", line, text[:200], f"not spelled as in `{right}`"))
    return match


def _known_version(stated: re.Match[str], problems: list[Problem]) -> tuple[int, int]:
    version = int(stated[1]), int(stated[2])
    if version not in VERSIONS:
        problems.append(Problem("version-unknown", 1, f"{stated[1]}.{stated[2]}", "no rules for it are known"))
    return version


def _known_encoding(name: str, problems: list[Problem]) -> str | None:
    known = encoding_of(name)
    if known is None:
        problems.append(Problem("encoding-unknown", 2, name[:200], "tag files in it are not read"))
    elif known != "utf-8":
        problems.append(Problem("encoding-not-utf8", 2, name))
    return known


def parse_bag_info(
    data: bytes | Iterable[bytes], *, version: tuple[int, int] = CURRENT, encoding: str = "utf-8"
) -> BagInfo:
    """Read `bag-info.txt`: label, colon, one white space, value; folded lines joined by a space. (RFC 8493, 2.2.2)"""
    problems = Problems()
    fields: list[tuple[str, list[str]]] = []
    odd = 0
    for number, text in lines([data] if isinstance(data, bytes) else data, encoding, problems):
        if len(fields) + odd >= FIELD_LIMIT:
            problems.append(Problem("bag-info-limit", number, note=f"over {FIELD_LIMIT:,} fields: not all read"))
            break
        if text[:1] in (" ", "\t") and fields and text.strip(" \t"):
            fields[-1][1].append(text.strip(" \t"))
        else:
            field = _field(text, number, problems, is_old=version < CURRENT)
            if field:
                fields.append(field)
            else:
                odd += 1
    return BagInfo(tuple((label, " ".join(values)) for label, values in fields), tuple(problems))


def _field(text: str, line: int, problems: list[Problem], *, is_old: bool) -> tuple[str, list[str]] | None:
    match = _FIELD.match(text)
    label = match[1] if match else ""
    if match and label and label == label.strip():
        return label, [match[2]]
    label, colon, value = text.partition(":")
    # Older bags put white space where they liked. A blank line states nothing, so nothing is lost with it.
    is_tolerable = (is_old and colon and label.strip()) or not text.strip()
    code = "bag-info-spacing" if is_tolerable else "bag-info-line"
    problems.append(Problem(code, line, text[:200], "not `Label: value`"))
    return (label.strip(), [value.strip()]) if colon and label.strip() else None


def parse_oxum(text: str) -> Oxum | None:
    """Read `octets.streams`. None where it is not that. (RFC 8493, 2.2.2)"""
    match = _OXUM.match(text)
    return Oxum(int(match[1]), int(match[2])) if match else None
