"""The messages between this program and the process in which yt-dlp runs, and how they are framed.

The process gets tasks, one after the other. While it performs one it sends messages of its own, each of which is
answered or only taken; the last of them is the reply.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import IO, Any

import msgspec
from msgspec import Struct

from archive.http import Head
from archive.net.exchange import Failure

LONGEST = 16 << 20
"""Bytes of one message: five times the longest description of a video that was seen, with captions in 150 languages."""
PIECE = 1 << 20
"""Bytes of an answer that are handed over at once."""
SPOOL = "spool"
"""The folder for the streams of one player, in that of the process."""
_LENGTH = struct.Struct(">Q")


class Message(msgspec.Struct, frozen=True, tag_field="kind", tag=True):
    """A message as a JSON object, tagged with the name of its class."""


class OpenPlayer(Message, frozen=True):
    """Task: get ready for one player."""

    address: str
    options: dict[str, Any]
    """Named arguments of `client.options`."""
    cookies: list[dict[str, Any]]
    largest: int
    """Bytes of content that one response may bring."""


class NextVideo(Message, frozen=True):
    """Task: describe the next video of the player."""


class DownloadStream(Message, frozen=True):
    """Task: download a stream into a file of the spool."""

    form: dict[str, Any]
    name: str
    subtitle: bool


class ProcessReady(Message, frozen=True):
    """Reply: the process has started, or the player is open."""

    version: str
    peak: int
    """Bytes of memory that the process has needed so far; 0 where the system does not say."""


class VideoDescribed(Message, frozen=True):
    """Reply: a video, as the extractor describes it; None after the last one."""

    info: dict[str, Any] | None


class StreamDownloaded(Message, frozen=True):
    """Reply: whether the downloader says that the stream is whole."""

    good: bool


class TaskFailed(Message, frozen=True):
    """Reply: the task failed; `number` is the error number where a file could not be written."""

    message: str
    number: int | None = None


class MessageLogged(Message, frozen=True):
    """Only taken: a message of yt-dlp."""

    text: str
    is_error: bool


class RequestToSend(Message, frozen=True):
    """Answered with `RequestSent`: a request to send and to record."""

    url: str
    method: str
    headers: list[tuple[str, str]]
    body: bytes


class RequestSent(Message, frozen=True):
    """What came of a request; its payload is read in pieces."""

    number: int
    head: Head | None
    failure: Failure | None
    truncated: str | None


class NextOfPayload(Message, frozen=True):
    """Answered with `PayloadPiece`: the next bytes of a payload."""

    number: int


class PayloadPiece(Message, frozen=True):
    """The next bytes of a payload; none after the last."""

    data: bytes


Task = OpenPlayer | NextVideo | DownloadStream
Reply = ProcessReady | VideoDescribed | StreamDownloaded | TaskFailed
AnyMessage = Task | Reply | MessageLogged | RequestToSend | RequestSent | NextOfPayload | PayloadPiece


class PipeEnded(Exception):
    """The other side has ended, or sent what is no message."""


class MessagePipe(Struct):
    """Sends and receives messages over a pair of pipes."""

    reader: IO[bytes]
    writer: IO[bytes]
    _encode: Callable[[Any], bytes] = msgspec.msgpack.Encoder().encode
    _decode: Callable[[bytes], Any] = msgspec.msgpack.Decoder(AnyMessage).decode

    def send(self, message: Message) -> None:
        """Raises `PipeEnded`, `ValueError` for what is too long."""
        data = self._encode(message)
        if len(data) > LONGEST:
            raise ValueError(f"the description has {len(data):,} bytes, where {LONGEST:,} are the most")
        try:
            self.writer.write(_LENGTH.pack(len(data)) + data)
            self.writer.flush()
        except (OSError, ValueError) as error:  # ValueError: the pipe is closed
            raise PipeEnded from error

    def receive(self) -> Any:
        """The next message. Raises `PipeEnded`."""
        try:
            (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
            if length > LONGEST:
                raise PipeEnded
            return self._decode(self._exactly(length))
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise PipeEnded from error

    def ask(self, message: Message) -> Any:
        """Send a message and wait for what answers it. Raises `PipeEnded`."""
        self.send(message)
        return self.receive()

    def _exactly(self, size: int) -> bytes:
        data = self.reader.read(size)
        if len(data) != size:
            raise PipeEnded
        return data
