"""Loss of power, as a model: what the disk may hold after it, of all that a run did to the file system.

What was not synced may be lost. A file's bytes are safe after `fsync` of the file, a name after `fsync` of its folder,
and all that was done before after `syncfs`, which waits for the disk. (POSIX.1-2017, fsync; syncfs(2); Pillai et al.,
All File Systems Are Not Created Equal, OSDI 2014)
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.archive.workfolder.failing_filesystem import Call

STATES = ("strict", "ordered", "chance")
"""Nothing but what was synced; every name, but only bytes that were synced; something in between."""


@dataclass(slots=True)
class _Node:
    """A file, as its bytes, or a folder, as its names: what is there, and what is safe."""

    is_folder: bool
    data: bytearray = field(default_factory=bytearray)
    safe_data: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes since the last sync: offset and bytes; None for a cut at the offset."""
    names: dict[str, _Node] = field(default_factory=dict)
    safe_names: dict[str, _Node] = field(default_factory=dict)


class _Disk:
    """The tree as the run sees it, and what of it is safe."""

    def __init__(self) -> None:
        self.root = _Node(is_folder=True)
        self.handles: dict[int, _Node] = {}

    def at(self, path: str) -> _Node:
        node = self.root
        for part in path.split("/") if path not in ("", ".") else ():
            node = node.names[part]
        return node

    def _place(self, path: str) -> tuple[_Node, str]:
        folder, _, name = path.rpartition("/")
        return self.at(folder), name

    def play(self, call: Call) -> None:
        match call.name:
            case "open":
                folder, name = self._place(call.path)
                node = folder.names.get(name)
                if node is None:
                    node = folder.names[name] = _Node(is_folder=False)
                else:
                    self._change(node, 0, None)
                self.handles[call.handle] = node
            case "reopen" | "folder":
                self.handles[call.handle] = self.at(call.path)
            case "write":
                self._change(self.handles[call.handle], call.offset, call.data)
            case "truncate":
                self._change(self.handles[call.handle], call.offset, None)
            case "fsync":
                self._sync(self.handles[call.handle])
            case "syncfs":
                self._sync_all()
            case "mkdir":
                folder, name = self._place(call.path)
                folder.names[name] = _Node(is_folder=True)
            case "unlink" | "rmdir":
                folder, name = self._place(call.path)
                del folder.names[name]
            case "rename":
                source, name = self._place(call.path)
                target, other = self._place(call.other)
                target.names[other] = source.names.pop(name)

    def _change(self, node: _Node, offset: int, data: bytes | None) -> None:
        node.pending.append((offset, data))
        _apply(node.data, offset, data)

    def _sync(self, node: _Node) -> None:
        if not node.is_folder:
            node.safe_data, node.pending = bytes(node.data), []
            return
        gone = {id(child): name for name, child in node.safe_names.items() if node.names.get(name) is not child}
        node.safe_names = dict(node.names)
        self._complete_moves(node, gone)

    def _sync_all(self) -> None:
        """Everything is safe as it is."""
        stack = [self.root]
        while stack:
            node = stack.pop()
            node.safe_data, node.pending, node.safe_names = bytes(node.data), [], dict(node.names)
            stack += node.names.values()

    def _complete_moves(self, folder: _Node, gone: dict[int, str]) -> None:
        """A rename is one step: what is safe in its new folder is gone from the old one, and the other way about."""
        stack = [self.root]
        while stack:
            other = stack.pop()
            if other is not folder:
                for name, child in list(other.safe_names.items()):
                    if any(child is mine for mine in folder.safe_names.values()):
                        del other.safe_names[name]
                for name, child in other.names.items():
                    if id(child) in gone:
                        other.safe_names[name] = child
            stack += [child for child in other.names.values() if child.is_folder]


def _apply(data: bytearray, offset: int, piece: bytes | None) -> None:
    if piece is None:
        del data[offset:]
        return
    data.extend(bytes(max(0, offset - len(data))))
    data[offset : offset + len(piece)] = piece


def after_power_loss(calls: Sequence[Call], upto: int, state: str, folder: Path, seed: int = 0) -> None:
    """Lay down below `folder` what a disk may hold when the power fails after `upto` of the calls."""
    disk = _Disk()
    for call in calls[:upto]:
        disk.play(call)
    _lay(disk.root, folder, state, random.Random(f"{state} {upto} {seed}"), set())


def state_of(folder: Path) -> bytes:
    """A digest of all names and bytes below a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else b"a folder"
        found.update(f"{path.relative_to(folder)} {len(content)}\n".encode() + content)
    return found.digest()


def _lay(node: _Node, place: Path, state: str, chance: random.Random, folders: set[int]) -> None:
    if not node.is_folder:
        data = bytearray(node.safe_data)
        if state == "chance":
            for offset, piece in node.pending[: chance.randint(0, len(node.pending))]:
                _apply(data, offset, piece)
        place.write_bytes(data)
        return
    if id(node) in folders:
        return  # moved: no disk has a folder in two places
    folders.add(id(node))
    place.mkdir(exist_ok=True)
    names = dict(node.safe_names if state == "strict" else node.names)
    if state == "chance":
        # Each name that is not safe yet has reached the disk, or not; each that is gone is gone, or not.
        for name in sorted({*node.names, *node.safe_names}):
            if node.names.get(name) is not node.safe_names.get(name) and chance.random() < 0.5:
                names.pop(name, None)
                if name in node.safe_names:
                    names[name] = node.safe_names[name]
    for name, child in sorted(names.items()):
        _lay(child, place / name, state, chance, folders)
