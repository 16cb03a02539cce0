"""A fast server for the fetch benchmark: one page that names many pictures, each answered after a set delay."""

from __future__ import annotations

import asyncio
import sys

PICTURE = bytes(range(256)) * 40
"""10 KiB, which do not compress well."""


def page(pictures: int) -> bytes:
    names = "".join(f'<img src="/p/{number}.png">' for number in range(pictures))
    return f"<!DOCTYPE html><title>Many pictures</title><p>A page with words on it, and pictures.</p>{names}".encode()


class Server(asyncio.Protocol):
    def __init__(self, whole_page: bytes, delay: float) -> None:
        self.page, self.delay, self.buffer = whole_page, delay, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            target = self.buffer.split(b" ", 2)[1]
            self.buffer = self.buffer[end + 4 :]
            answer = self.answer(target)
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self.transport.write, answer)  # type: ignore[attr-defined]
            else:
                self.transport.write(answer)  # type: ignore[attr-defined]

    def answer(self, target: bytes) -> bytes:
        if target == b"/robots.txt":
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        body, kind = (self.page, b"text/html") if target == b"/" else (PICTURE, b"image/png")
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body))
        return head + body


async def main(pictures: int, delay: float) -> None:
    whole_page = page(pictures)
    server = await asyncio.get_running_loop().create_server(lambda: Server(whole_page, delay), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
