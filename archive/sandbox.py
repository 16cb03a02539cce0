"""Takes files and network away from a process, native code included, where the system can: Linux alone.

Python's audit hook does not see what a C library does. Landlock and seccomp do. What a confined process starts is
confined alike.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import stat
import struct
import sys
from pathlib import Path

from msgspec import Struct

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of Landlock's system calls, the same on every architecture. (landlock(7))"""
_ASK_FOR_VERSION = 1
_FILE_ACCESS = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
"""From which version of Landlock on it governs which access to files: links into other folders came with the second,
cutting files with the third, control of devices with the fifth."""
_TCP = (4, 0b11)
"""From which version on it governs TCP, and which bits stand for binding and connecting."""
_OTHER_PROCESSES = (6, 0b11)
"""From which version on it keeps a process from the abstract sockets of others, and from sending them signals."""
_RUN, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_CHANGE_FOLDER = 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8
"""Removing folders and files from a folder, and making them in it."""
_CUT = 1 << 14
_OF_A_FILE = _RUN | _WRITE_FILE | _READ_FILE | _CUT
_PATH_BENEATH = 1

# socket, connect, bind, sendto, ptrace, process_vm_writev, bpf, io_uring_setup; execve, execveat
_DENIED = {
    "x86_64": (0xC000003E, (41, 42, 49, 44, 101, 311, 321, 425), (59, 322)),
    "aarch64": (0xC00000B7, (198, 203, 200, 206, 117, 271, 280, 425), (221, 281)),
}
"""Machine -> the kernel's name for it, the calls that a confined process never makes, and those that start programs."""
_LOAD, _IS, _IS_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1
_OTHER_NUMBERING = 0x40000000
"""System calls of the x32 numbering begin there."""


class _RulesetAttribute(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("handled_access_fs", "handled_access_net", "scoped"))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


class Reachable(Struct, frozen=True):
    """What a confined process may still reach: files, or everything below folders."""

    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    """Where it may make, change and remove files too; a device that it may write to."""
    programs: tuple[Path, ...] = ()
    """Programs that it may start, and what loads them."""


NOTHING = Reachable()


def confine(reachable: Reachable = NOTHING) -> tuple[str, ...]:
    """Leave this process nothing but what is `reachable`. Gives what took effect: `landlock`, `seccomp`."""
    if sys.platform != "linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return ()
    effective = []
    if _landlock(libc, reachable):
        effective.append("landlock")
    if _seccomp(libc, starts_programs=bool(reachable.programs)):
        effective.append("seccomp")
    return tuple(effective)


def code_folders() -> tuple[Path, ...]:
    """Where modules and shared libraries are that may still be loaded."""
    folders = [*sys.path, sys.prefix, sys.base_prefix, "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"]
    return tuple(path for path in dict.fromkeys(map(Path, filter(None, folders))) if path.is_dir())


def system_files() -> tuple[Path, ...]:
    """What every program reads: its own state, random numbers, where libraries are."""
    return tuple(map(Path, ("/proc/self", "/dev/urandom", "/etc/ld.so.cache")))


def loaders() -> tuple[Path, ...]:
    """The system's programs that load others."""
    return tuple(Path("/").glob("lib*/ld-*.so*"))


def landlock_version() -> int:
    """The version of Landlock that the kernel has; 0 for none."""
    if sys.platform != "linux":
        return 0
    version: int = ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, _ASK_FOR_VERSION)
    return max(version, 0)


def _landlock(libc: ctypes.CDLL, reachable: Reachable) -> bool:
    version = landlock_version()
    if version == 0:
        return False
    files = sum(bits for since, bits in _FILE_ACCESS if version >= since)
    net, others = (bits if version >= since else 0 for since, bits in (_TCP, _OTHER_PROCESSES))
    attribute = _RulesetAttribute(files, net, others)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(attribute), ctypes.sizeof(attribute), 0)
    if ruleset < 0:
        return False
    read = _READ_FILE | _READ_FOLDER
    rules = [(path, read) for path in reachable.readable]
    rules += [(path, read | _WRITE_FILE | _CHANGE_FOLDER | _CUT) for path in reachable.writable]
    rules += [(path, read | _RUN) for path in reachable.programs]
    try:
        for path, access in rules:
            with contextlib.suppress(OSError):
                _allow(libc, ruleset, path, access & files)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, access: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        rule = _PathBeneath(access if is_folder else access & _OF_A_FILE, handle)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(handle)


def _seccomp(libc: ctypes.CDLL, *, starts_programs: bool) -> bool:
    """Refuse the calls that lead out of the process. (seccomp(2), classic BPF)"""
    known = _DENIED.get(platform.machine())
    if known is None:
        return False
    machine, leading_out, starting = known
    numbers = leading_out if starts_programs else leading_out + starting
    steps = [(_LOAD, 0, 0, 4), (_IS, 1, 0, machine), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    steps.append((_IS_AT_LEAST, len(numbers) + 1, 0, _OTHER_NUMBERING))
    steps += [(_IS, len(numbers) - index, 0, number) for index, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
