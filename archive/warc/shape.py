"""The shapes that record headers come in, each as a regular expression of the headers that are sound."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Callable

from archive.warc.digest import TO_BASE_32_BYTES, DigestVerdict, algorithm_of, constructor, hasher
from archive.warc.header import LENGTH, MOST_FIELDS, Header, field_problems, parse_header

KEY = 30
"""First bytes of a header by which the likeliest shape is found: most writers name the type first."""

_ID = rb"<([A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+)>"
_OTHER = rb"((?:[!-~](?:[ -~]*[!-~])?)?)"
_VALUES = {
    "content-length": rb"([0-9]{1,18})",
    "warc-date": rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z)",
    "warc-record-id": _ID,
    "warc-concurrent-to": _ID,
    "warc-refers-to": _ID,
    "warc-warcinfo-id": _ID,
    "warc-target-uri": rb"([A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]*)",
}
"""What the values of a sound header look like, in ASCII; any other is for the full reader."""

_TAKEN = (
    *("warc-record-id", "warc-date", "warc-target-uri", "content-length", "content-type"),
    *("warc-block-digest", "warc-payload-digest"),
)
_TYPES = frozenset({"response", "request", "metadata", "resource", "warcinfo"})
_MOST_SHAPES = 24
_MOST_KINDS = 4096
_SHA1_BASE_32 = 32
_FOLD = re.compile(rb"\n[ \t]")

Check = Callable[[bytes | memoryview, bytes], bool]


class Shape:
    """The headers that have the same fields in the same order, and the same values where those decide what is done."""

    match: Callable[[bytes], re.Match[bytes] | None]
    """Matches a record from its first byte to the end of the empty line behind its header."""
    groups: tuple[int, ...]
    """The groups of the fields that are taken; 0, all of it, for one that is not there."""
    concurrent: tuple[int, ...]
    refers_to: int
    warcinfo: int
    ended: int
    address: int
    protocols: tuple[int, ...]
    cipher: int

    def __init__(self, head: bytes, fields: dict[str, str]) -> None:
        """`head` is a header that nothing is wrong with."""
        self.type = fields["warc-type"]
        self.is_http = fields.get("content-type", "").lower().startswith("application/http")
        self.is_1_0 = head.startswith(b"WARC/1.0")
        self.is_sha256 = algorithm_of(fields.get("warc-block-digest", "")) == "sha256"
        self.has_uri = "warc-target-uri" in fields
        self.has_content_type = "content-type" in fields
        self.content_type = fields.get("content-type") if self.is_http else None
        """None where it differs from record to record."""
        self.truncated = fields.get("warc-truncated")
        self.block_agrees = _check(fields.get("warc-block-digest"))
        self.payload_agrees = _check(fields.get("warc-payload-digest"))
        self.block_verdict = DigestVerdict.GOOD if self.block_agrees else DigestVerdict.ABSENT
        self.payload_verdict = DigestVerdict.GOOD if self.payload_agrees else DigestVerdict.ABSENT
        self._match_like(head)

    def _match_like(self, head: bytes) -> None:
        fixed = {"warc-type", "warc-truncated"} | ({"content-type"} if self.is_http else set())
        patterns, names = [re.escape(head[:8])], [""]
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b": ")
            key = name.decode().lower()
            if key in fixed:
                pattern = re.escape(value)
            else:
                pattern = _digest_like(value) if key.endswith("-digest") else _VALUES.get(key, _OTHER)
                names.append(key)
            patterns.append(re.escape(name) + b": " + pattern)
        self.match = re.compile(rb"\r\n".join(patterns) + rb"\r\n\r\n").match
        place = {key: at for at, key in reversed(list(enumerate(names)))}
        self.groups = tuple(place.get(key, 0) for key in _TAKEN)
        self.concurrent = tuple(at for at, key in enumerate(names) if key == "warc-concurrent-to")
        self.refers_to = place.get("warc-refers-to", 0)
        self.warcinfo = place.get("warc-warcinfo-id", 0)
        self.ended = place.get("warc-exchange-ended", 0)
        self.address, self.cipher = place.get("warc-ip-address", 0), place.get("warc-cipher-suite", 0)
        self.protocols = tuple(at for at, key in enumerate(names) if key == "warc-protocol")


class Shapes:
    """The shapes that were met."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = []
        self._seen: set[int] = set()

    @property
    def is_full(self) -> bool:
        """True once no further shape is learnt."""
        return len(self._shapes) >= _MOST_SHAPES or len(self._seen) >= _MOST_KINDS

    def of(self, head: bytes) -> Shape | None:
        """The shape of a header; one that is the second of its kind, and sound, makes a new shape."""
        whole = head + b"\r\n\r\n"
        for shape in self._shapes:
            if shape.match(whole) is not None:
                return shape
        kind = hash(tuple(line.partition(b":")[0] for line in head.split(b"\r\n", MOST_FIELDS)))
        if kind not in self._seen:
            if len(self._seen) < _MOST_KINDS:
                self._seen.add(kind)
        elif len(self._shapes) < _MOST_SHAPES:
            header = parse_header(head)
            if _is_sound(header, head):
                self._shapes.append(Shape(head, header.fields))
        return None


def _is_sound(header: Header, head: bytes) -> bool:
    """True for a header that a shape can be made of."""
    fields = header.fields
    return (
        not header.problems
        and not any(field_problems(header))
        and fields["warc-type"] in _TYPES
        and LENGTH.match(fields["content-length"]) is not None
        and "warc-segment-number" not in fields
        and all(line.partition(b":")[2].startswith(b" ") for line in head.split(b"\r\n")[1:])
        and _FOLD.search(head) is None
        and all(_is_usual(fields[name]) for name in ("warc-block-digest", "warc-payload-digest") if name in fields)
    )


def _is_usual(digest: str) -> bool:
    algorithm = algorithm_of(digest)
    value = digest.partition(":")[2]
    if algorithm == "sha1" and len(value) == _SHA1_BASE_32:
        return value.isalnum() and value.isascii()
    return algorithm is not None and len(value) == 2 * hasher(algorithm).digest_size and value == value.lower()


def _digest_like(stated: bytes) -> bytes:
    label, _, value = stated.partition(b":")
    digits = b"A-Z2-7" if len(value) == _SHA1_BASE_32 else b"0-9a-f"
    return re.escape(label) + b":([" + digits + b"]{%d})" % len(value)


def _check(stated: str | None) -> Check | None:
    """A check whether bytes have a digest that is stated in the algorithm and spelling of this one."""
    if stated is None:
        return None
    algorithm = algorithm_of(stated)
    assert algorithm is not None
    new, number, digits = constructor(algorithm), int.from_bytes, TO_BASE_32_BYTES
    is_base_32 = len(stated.partition(":")[2]) == _SHA1_BASE_32
    # Half of the records of a crawl are requests, whose payload is empty.
    of_nothing = b32encode(new().digest()) if is_base_32 else new().hexdigest().encode()

    def in_base_32(data: bytes | memoryview, value: bytes) -> bool:
        if not data:
            return bool(value == of_nothing)
        return int(value.translate(digits), 32) == number(new(data).digest(), "big")

    def in_hex(data: bytes | memoryview, value: bytes) -> bool:
        return bool(value == (new(data).hexdigest().encode() if data else of_nothing))

    return in_base_32 if is_base_32 else in_hex
