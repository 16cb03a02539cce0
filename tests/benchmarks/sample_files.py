"""Bags, crawls and reports to measure on."""

from __future__ import annotations

import hashlib
import io
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bagit
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SMALL = 4 << 10, 20 << 10
"""Smallest and largest octets of a small file."""


def make_bag(base: Path, files: int, sizes: tuple[int, int] = SMALL, algorithms: tuple[str, ...] = ("sha256",)) -> Path:
    """A bag of pseudo-random files, each different from the others, a thousand in a folder."""
    smallest, largest = sizes
    noise = os.urandom(min(largest, 64 << 20) + 4096)
    stated: dict[str, list[str]] = {algorithm: [] for algorithm in algorithms}
    total = 0
    for number in range(files):
        path = f"data/d{number // 1000:03d}/file-{number:06d}.bin"
        if number % 1000 == 0:
            (base / path).parent.mkdir(parents=True)
        size = smallest + number * 7919 % (largest - smallest + 1)
        total += size
        for algorithm, digest in _write(base / path, number, noise, size, algorithms).items():
            stated[algorithm].append(f"{digest}  {path}\n")
    texts = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"Payload-Oxum: {total}.{files}\n",
        **{f"manifest-{algorithm}.txt": "".join(lines) for algorithm, lines in stated.items()},
    }
    for name, text in texts.items():
        (base / name).write_text(text)
    for algorithm in algorithms:
        lines = [f"{hashlib.new(algorithm, text.encode()).hexdigest()}  {name}\n" for name, text in texts.items()]
        (base / f"tagmanifest-{algorithm}.txt").write_text("".join(sorted(lines, key=lambda line: line.split()[1])))
    return base


def _write(place: Path, number: int, noise: bytes, size: int, algorithms: tuple[str, ...]) -> dict[str, str]:
    running = {algorithm: hashlib.new(algorithm) for algorithm in algorithms}
    with place.open("wb") as stream:
        left = size
        while left:
            start = number % 4096
            piece = noise[start : start + min(left, len(noise) - 4096)]
            stream.write(piece)
            for hasher in running.values():
                hasher.update(piece)
            left -= len(piece)
    return {algorithm: hasher.hexdigest() for algorithm, hasher in running.items()}


WORDS = [random.Random(number).randbytes(4).hex() for number in range(2000)]


def small_body(chance: random.Random) -> bytes:
    """200 bytes of text."""
    return chance.randbytes(100).hex().encode()


def page_body(chance: random.Random) -> bytes:
    """About 40 kB: a page of text, or a picture."""
    size = chance.randint(4_000, 76_000)
    return " ".join(chance.choices(WORDS, k=size // 9)).encode() if chance.random() < 0.5 else chance.randbytes(size)


@dataclass(frozen=True, slots=True)
class Crawl:
    """Requests and responses, half of each, as another program records them."""

    records: int
    files: int
    body: Callable[[random.Random], bytes]


def make_crawl(base: Path, crawl: Crawl) -> Path:
    """A bag of gzipped WARCs that warcio wrote."""
    base.mkdir()
    for number in range(crawl.files):
        with (base / f"crawl-{number}.warc.gz").open("wb") as stream:
            _crawl_into(WARCWriter(stream, gzip=True, warc_version="1.1"), number, crawl)
    bagit.make_bag(str(base), checksums=["sha256", "sha512"])
    return base


def _crawl_into(writer: WARCWriter, file: int, crawl: Crawl) -> None:
    chance = random.Random(file)
    for number in range(crawl.records // crawl.files // 2):
        url, body = f"https://example.org/{file}/{number}/page.html", crawl.body(chance)
        fields = [("Content-Type", "text/html"), ("Content-Length", str(len(body))), ("Server", "nginx")]
        response_head = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
        request_head = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True)
        response = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=response_head)
        request = writer.create_warc_record(url, "request", http_headers=request_head)
        writer.write_request_response_pair(request, response)


def make_pdf(place: Path, pages: int, links: int) -> Path:
    """A dense report: every page full of text, the addresses printed among it, every other one a link too."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    chance = random.Random("report")
    canvas = Canvas(str(place), pagesize=A4)
    for page in range(pages):
        canvas.setFont("Helvetica", 9)
        here = range(links * page // pages, links * (page + 1) // pages)
        rows = [" ".join(chance.choices(WORDS, k=11)) for _ in range(60)]
        for number in here:
            rows[(number * 17) % 60] = f"See https://site{number % 40}.example/reports/{number}/statement.html for more."
        for at, row in enumerate(rows):
            canvas.drawString(60, 800 - 12.5 * at, row)
        for number in here:
            if number % 2:
                y = 800 - 12.5 * ((number * 17) % 60)
                address = f"https://site{number % 40}.example/reports/{number}/statement.html"
                canvas.linkURL(address, (60, y - 2, 400, y + 9))
        canvas.showPage()
    canvas.save()
    return place
