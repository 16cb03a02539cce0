"""A fast server for the fetch benchmark: pages that name many pictures, each answered after a set delay."""

from __future__ import annotations

import asyncio
import sys

PICTURE = bytes(range(256)) * 40
"""10 KiB, which do not compress well."""


def page(number: int, pictures: int) -> bytes:
    names = "".join(f'<img src="/p/{number}-{picture}.png">' for picture in range(pictures))
    return f"<!DOCTYPE html><title>Page {number}</title><p>A page with words on it, and pictures.</p>{names}".encode()


class Server(asyncio.Protocol):
    def __init__(self, pages: dict[bytes, bytes], delay: float) -> None:
        self.pages, self.delay, self.buffer = pages, delay, b""

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
        page = self.pages.get(target)
        body, kind = (page, b"text/html") if page is not None else (PICTURE, b"image/png")
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body))
        return head + body


async def main(number: int, pictures: int, delay: float) -> None:
    pages = {b"/%d" % each: page(each, pictures) for each in range(number)}
    server = await asyncio.get_running_loop().create_server(lambda: Server(pages, delay), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
