"""The calls that only POSIX has, each with what stands in for it elsewhere."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, TypeVar

if TYPE_CHECKING:
    import subprocess

_Place = TypeVar("_Place")

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading. Raises `OSError`, and never waits for a pipe, a socket or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, f"{_kind(mode)}, not a file", str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


_KINDS = (
    (stat.S_ISREG, "a file"), (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
)  # fmt: skip


def kind_of_place(path: Path) -> str:
    """What is at a path, in words. Raises `OSError`."""
    return _kind(path.stat().st_mode)


def _kind(mode: int) -> str:
    return next((name for is_kind, name in _KINDS if is_kind(mode)), "no file")


FileIdentity = tuple[int, int, int, int, int]


def file_identity(path: Path) -> FileIdentity:
    """What differs once another file is in a file's place, or other bytes are in it. Raises `OSError`."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def lock(file: IO[bytes]) -> bool:
    """Take the one lock on an open file, held until it is closed or its process ends. False where another holds it."""
    if fcntl is None:
        return _lock_on_windows(file)
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lock_on_windows(file: IO[bytes]) -> bool:
    import msvcrt

    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True


def lock_folder(folder: Path, exit_stack: contextlib.ExitStack) -> bool | None:
    """Take the one lock on a folder itself, until `exit_stack` is closed. False where another holds it.

    None where folders cannot be locked: on Windows, and on shared disks that lock only what is open for writing.
    """
    if fcntl is None:
        return None
    handle = os.open(folder, FOLDER_FLAGS)
    exit_stack.callback(os.close, handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return os.path.samestat(os.fstat(handle), folder.stat())


def start_apart(command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a process that continues when this one, or its terminal, ends; it writes to `log` and reads nothing."""
    import subprocess

    if os.name == "nt":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW  # type: ignore[attr-defined]
        return subprocess.Popen(  # noqa: S603 -- our own interpreter
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, creationflags=flags
        )
    return subprocess.Popen(  # noqa: S603 -- our own interpreter
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )


@contextlib.contextmanager
def naming(place: object) -> Iterator[None]:
    """Name the file in an `OSError` of writing to it: the system names it only where it is opened."""
    try:
        yield
    except OSError as error:
        name_in(error, place)
        raise


def name_in(error: OSError, place: object) -> None:
    """What `naming` does, for who has the error."""
    if error.filename is None and error.errno is not None and place is not None:
        error.filename = str(place)


def write_new(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file that is not there yet, whole or not at all. Raises `FileExistsError`, `OSError`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with naming(path), os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:  # a disk that is full, Ctrl-C: what is left would be taken for the whole
        path.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the disk: after a rename, before it is relied on. Nothing to do on Windows."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file_system(folder: Path) -> bool:
    """Write everything of the file system on which a folder lies, and wait for it; False where that cannot be done.

    Raises `OSError` where something could not be written. Python has no name for syncfs(2).
    """
    if sys.platform != "linux":
        return False
    import ctypes

    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        return False
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)
    return True


SYNCED_ONE_BY_ONE = 500
"""Files that are synced by themselves; more of them, with the whole disk."""


def sync_files(base: Path, files: Iterable[str]) -> None:
    """Have these files below a folder, and the entries of every folder in it, on the disk. Raises `OSError`.

    Of many, by one flush of the file system: it writes all that was made before it is called, waits for the disk, and
    reports what could not be written (syncfs(2), Linux 5.8 on).
    """
    waiting = iter(files)
    first = list(islice(waiting, SYNCED_ONE_BY_ONE + 1))
    if len(first) > SYNCED_ONE_BY_ONE and sync_file_system(base):
        return
    _together(_sync, (f"{base}/{name}" for name in chain(first, waiting)))
    _together(sync_folder, (Path(folder) for folder, _, _ in os.walk(base)))


_SYNCS_AT_ONCE = 8


def _together(sync: Callable[[_Place], None], places: Iterable[_Place]) -> None:
    """Sync files some at once: one commit of the file system's own journal then serves many of them."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
        for _ in pool.map(sync, places):
            pass  # raises what could not be written


def _sync(place: str) -> None:
    with open(place, "rb+") as file:  # noqa: PTH123 -- many
        os.fsync(file.fileno())


def limit_this_process(*, cpu_seconds: int, memory: int) -> None:
    """Bound what this process may use: seconds of computing, bytes of memory, no file written. Windows: no bound."""
    if resource is None:
        return
    limits = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: memory,  # macOS takes it and does not keep it
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    _set_limits(limits)


def limit_data_of_this_process(memory: int) -> None:
    """Bound the bytes that this process and each one it starts may fill; what they only reserve is not counted.

    The runtime of a script reserves more addresses than a machine has memory. (setrlimit(2), RLIMIT_DATA)
    """
    if resource is not None:
        _set_limits({resource.RLIMIT_DATA: memory, resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: 256})


def allow_computing(seconds: int) -> None:
    """Let this process compute for some seconds from now on, and be ended then. Windows: no bound."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _set_limits({resource.RLIMIT_CPU: int(used.ru_utime + used.ru_stime) + seconds})


def most_memory_used() -> int:
    """The most bytes of memory that this process has used at once; 0 where the system does not say.

    Linux counts in `ru_maxrss` what the process was before it started its program: all of its parent. (proc(5), VmHWM)
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError), Path("/proc/self/status").open("rb") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith(b"VmHWM:")), 0)
    if resource is None:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _set_limits(limits: dict[int, int]) -> None:
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, hard))


_PR_SET_PDEATHSIG = 1
"""prctl(2)"""


def end_with_parent() -> None:
    """Have this process killed once the one that forked it has ended. Linux alone."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def widen_pipe(descriptor: int, size: int) -> None:
    """Let so many bytes wait in a pipe, where the system permits it."""
    if fcntl is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, size)


def open_file_limit() -> int:
    """How many files and sockets this process may have open at once."""
    if resource is None:
        return 512  # of Windows' runtime
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 1024 if soft == resource.RLIM_INFINITY else int(soft)


FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
"""How a folder is opened that the user named: a link to it may be followed."""

_BELOW = getattr(os, "O_NOFOLLOW", 0)
# O_NONBLOCK: opening a pipe that was put in a file's place must not wait for a writer.
_FILE_FLAGS = (
    os.O_RDONLY
    | _BELOW
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
HAS_FOLDER_HANDLES = os.open in os.supports_dir_fd and os.scandir in os.supports_fd and bool(_BELOW)
"""True where files can be opened relative to an open folder, so that no link on the way is followed."""


_OPEN_FOLDERS = 16
"""Folders that stay open while files in them are opened: those of a bag are read by size, one here and one there."""


class FilesBelow:
    """Opens what lies below one folder, and nothing else: no link is followed at any step of a path."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._root = os.open(folder, FOLDER_FLAGS) if HAS_FOLDER_HANDLES else -1
        self._handles: dict[str, int] = {}
        """Folders that stay open, the one opened first at the front."""

    def open(self, path: str) -> int:
        """A descriptor of the regular file at `path`. Raises `OSError`; `ELOOP` or `ENOTDIR` where a link stands."""
        if not HAS_FOLDER_HANDLES:
            return os.open(self._checked(path), _FILE_FLAGS)
        folder, _, name = path.rpartition("/")
        handle = self._handles.get(folder)
        return os.open(name, _FILE_FLAGS, dir_fd=self.folder(folder) if handle is None else handle)

    def look(self, path: str) -> os.stat_result:
        """What stands at `path`, a link itself included. Raises `OSError`."""
        folder, _, name = path.rpartition("/")
        if not HAS_FOLDER_HANDLES:
            return os.lstat(self._checked(folder) + os.sep + name)
        return os.stat(name, dir_fd=self.folder(folder), follow_symlinks=False)

    def folder(self, path: str) -> int:
        """A descriptor of the folder at `path`, kept open until a few others are requested."""
        if not path:
            return self._root
        handle = self._handles.get(path)
        if handle is None:
            handle = self._descend(path)
            if len(self._handles) >= _OPEN_FOLDERS:
                os.close(self._handles.pop(next(iter(self._handles))))
            self._handles[path] = handle
        return handle

    def listed(self, path: str) -> str | int:
        """What `os.scandir` takes to list the folder at `path`."""
        return self.folder(path) if HAS_FOLDER_HANDLES else self._checked(path)

    def close(self) -> None:
        while self._handles:
            os.close(self._handles.popitem()[1])
        if self._root >= 0:
            os.close(self._root)
            self._root = -1

    def __enter__(self) -> FilesBelow:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _descend(self, path: str) -> int:
        handle = os.dup(self._root)
        for part in path.split("/") if path else ():
            try:
                below = os.open(part, FOLDER_FLAGS | _BELOW, dir_fd=handle)
            finally:
                os.close(handle)
            handle = below
        return handle

    def _checked(self, path: str) -> str:
        """The full path, once no step of it is a link: what can be done on Windows, a race aside."""
        full = self._folder
        for part in path.split("/") if path else ():
            full = os.path.join(full, part)  # noqa: PTH118 -- a hundred thousand times
            if stat.S_ISLNK(os.lstat(full).st_mode):
                raise OSError(errno.ELOOP, "a link stands there", full)
        return full


def can_fork_readers() -> bool:
    """True where a process may fork others of itself and be handed open files: Linux. (fork(2), unix(7))"""
    return sys.platform == "linux" and hasattr(os, "fork")
