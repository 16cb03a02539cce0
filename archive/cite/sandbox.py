"""Takes files and network away from a process, native code included, where the system can: Linux alone.

Python's audit hook does not see what a C library does. Landlock and seccomp do.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of Landlock's system calls, the same on every architecture. (landlock(7))"""
_EVERY_FILE_ACCESS = (1 << 13) - 1
"""What the first version of Landlock governs."""
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_PATH_BENEATH = 1

# socket, connect, bind, sendto, execve, execveat, ptrace, process_vm_writev, bpf, io_uring_setup
_DENIED = {
    "x86_64": (0xC000003E, (41, 42, 49, 44, 59, 322, 101, 311, 321, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 206, 221, 281, 117, 271, 280, 425)),
}
"""Machine -> the kernel's name for it, and the calls that reading a report never makes."""
_LOAD, _IS, _IS_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1
_OTHER_NUMBERING = 0x40000000
"""System calls of the x32 numbering begin there."""


class _RulesetAttribute(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def confine(readable: Iterable[Path] = ()) -> tuple[str, ...]:
    """Leave this process nothing but to read below `readable`. Gives what took effect: `landlock`, `seccomp`."""
    if sys.platform != "linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return ()
    effective = []
    if _landlock(libc, readable):
        effective.append("landlock")
    if _seccomp(libc):
        effective.append("seccomp")
    return tuple(effective)


def code_folders() -> list[Path]:
    """Where modules and shared libraries are that may still be loaded."""
    folders = [*sys.path, sys.prefix, sys.base_prefix, "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"]
    return [path for path in dict.fromkeys(map(Path, filter(None, folders))) if path.is_dir()]


def _landlock(libc: ctypes.CDLL, readable: Iterable[Path]) -> bool:
    attribute = _RulesetAttribute(_EVERY_FILE_ACCESS)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(attribute), ctypes.sizeof(attribute), 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            with contextlib.suppress(OSError):
                _allow(libc, ruleset, path)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(_READ_FILE | _READ_FOLDER, handle)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(handle)


def _seccomp(libc: ctypes.CDLL) -> bool:
    """Refuse the calls that lead out of the process. (seccomp(2), classic BPF)"""
    known = _DENIED.get(platform.machine())
    if known is None:
        return False
    machine, numbers = known
    steps = [(_LOAD, 0, 0, 4), (_IS, 1, 0, machine), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    steps.append((_IS_AT_LEAST, len(numbers) + 1, 0, _OTHER_NUMBERING))
    steps += [(_IS, len(numbers) - index, 0, number) for index, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
