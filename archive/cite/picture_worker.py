"""The process that renders a page of a hostile file: as bounded and cut off as the one that reads it."""

from __future__ import annotations

import io
import sys

import msgspec

from archive.cite.isolate import MEMORY
from archive.cite.page_picture import PictureReply
from archive.cite.worker import confine_this_process
from archive.errors import ReportUnreadable


def main() -> None:
    """Render the page that the command line names of the PDF on stdin."""
    from archive.cite.pdf.picture import render_page  # imports what it needs before files are out of reach

    number, stream = int(sys.argv[1]), sys.stdin.buffer
    confine_this_process()
    try:
        file = stream if stream.seekable() else io.BytesIO(stream.read())
        reply = PictureReply(picture=render_page(file, number))
    except ReportUnreadable as error:
        reply = PictureReply(refused=str(error))
    except MemoryError:
        reply = PictureReply(refused=f"showing it takes more than {MEMORY >> 20:,} MiB of memory")
    except Exception as error:  # noqa: BLE001 -- a renderer may fail on hostile input in any way
        reply = PictureReply(refused=f"is damaged: {type(error).__name__}: {str(error)[:200]}")
    sys.stdout.buffer.write(msgspec.json.encode(reply))
    sys.stdout.buffer.flush()
