"""Just enough DER to take a timestamp reply apart, and to put its certificates into the order strict readers ask for.

Only definite, minimal lengths are read: what is in BER is refused by name, since a repaired reply is not the reply.
"""

from __future__ import annotations

from dataclasses import dataclass

SEQUENCE = 0x30
SET = 0x31
INTEGER = 0x02
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06

_MOST_CHILDREN = 1000


class MalformedDer(ValueError):
    """Bytes that are not DER; the text says where they cease to be."""


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its tag byte, its content, and both with the length between them."""

    tag: int
    content: bytes
    raw: bytes

    def expect(self, tag: int) -> Element:
        if self.tag != tag:
            raise MalformedDer(f"tag {self.tag:#04x} where {tag:#04x} belongs")
        return self

    @property
    def children(self) -> list[Element]:
        found: list[Element] = []
        at = 0
        while at < len(self.content):
            if len(found) == _MOST_CHILDREN:
                raise MalformedDer(f"more than {_MOST_CHILDREN} elements in one")
            found.append(_read_at(self.content, at))
            at += len(found[-1].raw)
        return found


def read(content: bytes, tag: int = SEQUENCE) -> Element:
    """The one element that `content` is. Raises `MalformedDer` for anything before, behind or other."""
    element = _read_at(content, 0).expect(tag)
    if len(element.raw) != len(content):
        raise MalformedDer(f"{len(content) - len(element.raw)} bytes behind the end")
    return element


def encode(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def _read_at(content: bytes, at: int) -> Element:
    header = content[at : at + 2]
    if len(header) < 2:
        raise MalformedDer("cut off")
    tag, length, start = header[0], header[1], at + 2
    if tag & 0x1F == 0x1F:
        raise MalformedDer("a tag of several bytes, which no timestamp has")
    if length == 0x80:
        raise MalformedDer("an indefinite length: this is BER, and only DER is read (RFC 3161, 2.4.2)")
    if length > 0x80:
        count = length & 0x7F
        octets = content[start : start + count]
        if count > 4 or len(octets) < count:
            raise MalformedDer("a length of more than four bytes, or cut off")
        length, start = int.from_bytes(octets, "big"), start + count
        if octets[0] == 0 or length < 0x80:
            raise MalformedDer("a length longer than it need be: this is BER, and only DER is read (RFC 3161, 2.4.2)")
    if start + length > len(content):
        raise MalformedDer("cut off")
    return Element(tag, content[start : start + length], content[at : start + length])
