"""What was packed as one encrypted file: the recipients open it, everybody else learns about how large it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from archive.bag.interface import CHUNK
from archive.handover.contents import EARLIEST, Contents, Member, contents, text_member
from archive.handover.delivery import WRAPPING
from archive.handover.encrypt import encrypt_stream, padding_for
from archive.handover.tarring import tar_size, tar_stream
from archive.handover.writing import Written, measured, pieces


def wrap(
    files: Sequence[Path], seal_name: str, seal: Mapping[str, bytes], place: Path, recipients: Sequence[Any]
) -> Written:
    """Encrypt files and the seal's folder into `place`, as a tar of one neutral folder, padded."""
    members = [Member(one.name, one.stat().st_size, partial(pieces, one)) for one in files]
    members += [text_member(f"{seal_name}/{name}", content) for name, content in seal.items()]
    encrypt_stream(_padded(contents(WRAPPING, EARLIEST, members)), place, recipients)
    return measured(place)


def _padded(packed: Contents) -> Iterator[bytes]:
    """The tar, and zeros after its end, which every reader of tars passes over."""
    yield from tar_stream(packed)
    left = padding_for(tar_size(packed))
    while left:
        part = min(left, CHUNK)
        yield bytes(part)
        left -= part
