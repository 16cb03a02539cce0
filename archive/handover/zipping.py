"""Contents as a zip, every member stored: captures are compressed already, and nothing depends on a compressor."""

from __future__ import annotations

import stat
import zipfile
from datetime import datetime
from typing import BinaryIO

from archive.handover.contents import Contents, exactly
from archive.handover.tarring import FILE_MODE, FOLDER_MODE

_UNIX = 3


def write_zip(file: BinaryIO, packed: Contents, *, bare: bool = False) -> None:
    """Write the zip; with `bare` its members lie at the very top, as in a WACZ."""
    top = "" if bare else f"{packed.name}/"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        for folder in () if bare else ("", *packed.folders()):
            info = _info(f"{top}{folder}/" if folder else top, packed.moment, stat.S_IFDIR | FOLDER_MODE, 0)
            info.external_attr |= 0x10  # MS-DOS's mark of a folder
            package.writestr(info, b"")
        for member in packed.members:
            info = _info(top + member.path, packed.moment, stat.S_IFREG | FILE_MODE, member.size)
            with package.open(info, "w") as place:
                for chunk in exactly(member):
                    place.write(chunk)


def _info(name: str, moment: datetime, mode: int, size: int) -> zipfile.ZipInfo:
    # A zip knows no time zone; everything here is UTC. (APPNOTE 4.4.6)
    info = zipfile.ZipInfo(name, moment.timetuple()[:6])
    info.create_system = _UNIX
    info.external_attr = mode << 16
    info.file_size = size
    return info
