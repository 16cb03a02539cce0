"""What the operating system refuses is reported with the file that it was about."""

from __future__ import annotations

import errno
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import posix
from archive.handover.writing import write_stream
from archive.workfolder.files import write_file

LARGE = b"x" * 3_000_000


@pytest.fixture
def _small_files() -> Iterator[None]:
    """As `ulimit -f` in a shell."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("_small_files")
@pytest.mark.parametrize(
    "write",
    [
        lambda place: posix.write_new(place, LARGE),
        lambda place: write_stream(place, [LARGE]),
        lambda place: write_file(place.parent.parent, "data/a", LARGE),
    ],
)
def test_a_file_that_may_not_get_larger_is_named(write: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(OSError, match="File too large") as refused:
        write(tmp_path / "data/a")
    assert (refused.value.errno, refused.value.filename) == (errno.EFBIG, str(tmp_path / "data/a"))
