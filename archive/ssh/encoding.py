"""The SSH wire encoding: strings with their length before them. (RFC 4251, section 5)"""

from __future__ import annotations


class MalformedWire(ValueError):
    """Bytes that are not the SSH encoding that was expected."""


def uint32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def string(content: bytes) -> bytes:
    return uint32(len(content)) + content


class FieldReader:
    """Takes values off the front of a byte string, never beyond its end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, count: int) -> bytes:
        if count > len(self._content) - self._at:
            raise MalformedWire("cut off")
        self._at += count
        return self._content[self._at - count : self._at]

    def uint32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        return self.take(self.uint32())

    def rest(self) -> bytes:
        """Everything up to the end."""
        return self.take(len(self._content) - self._at)

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._content)

    def end(self) -> None:
        if self._at != len(self._content):
            raise MalformedWire(f"{len(self._content) - self._at} bytes too many")
