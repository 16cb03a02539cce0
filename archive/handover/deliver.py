"""Delivers packages that passed their checks: files beside them, custody events, final names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive.bag.contents import EARLIEST, Contents, Member, contents, moment_of, text_member
from archive.bag.interface import CHUNK
from archive.errors import AlreadyThere, NotWritable
from archive.handover.archive_formats import tar_size, tar_stream
from archive.handover.collector_identity import NAME as ANNEX
from archive.handover.delivery import WRAPPING
from archive.handover.encrypt import encrypt_stream, padding_for
from archive.handover.pack_order import PackOrder, PackSource
from archive.handover.seal_bag import read_seal_files, seal_bag_contents, write_seal_files
from archive.handover.transfer import TransferFile, checksum_line, transfer_list
from archive.handover.writing import Written, measured, pieces, put_in_place, require_space, stage, write_stream
from archive.trust import custody_log
from archive.trust.custody_log import CustodyLog
from archive.trust.locking import locked
from archive_manifests.custody import Event
from archive_manifests.moments import iso


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


class HandOut(Struct, frozen=True):
    """Packages that passed their checks, about to leave."""

    source: PackSource
    order: PackOrder
    packages: tuple[tuple[Written, str], ...]
    """Each with what it is."""
    annex: tuple[bytes, str] | None
    """Who collected, encrypted, and the commitment to it."""
    folder: Path
    """Where they wait."""
    into: Path
    now: datetime

    def carry_out(self) -> tuple[tuple[TransferFile, ...], tuple[Path, ...]]:
        """Write what is beside, enter the events, give everything its name: what is listed, and where all is.

        Raises `NotWritable` where an annex would be kept in a seal on a read-only disk.
        """
        if not self.is_logged:
            if self.annex is not None:
                raise NotWritable(
                    f"{self.source.seal}: nothing can be written there, and an identity annex is kept there; copy the "
                    "bag and its seal to a disk of your own, and pack it there"
                )
            return self._carry_out()
        with locked(self.source.seal):
            return self._carry_out()

    @property
    def is_logged(self) -> bool:
        """True where the custody log in the seal beside the bag takes the events: it may be on a read-only disk."""
        seal = self.source.seal
        return os.access(seal if seal.exists() else seal.absolute().parent, os.W_OK)

    def _carry_out(self) -> tuple[tuple[TransferFile, ...], tuple[Path, ...]]:
        log = self._log()
        seal_files = {**read_seal_files(self.source.seal), custody_log.NAME: log.text}
        if self.annex is not None:
            seal_files[ANNEX] = self.annex[0]
        listed, staged = self._beside(log, seal_files)
        hand = self._leave_wrapped if self.order.recipients else self._leave_plain
        return listed, hand(staged, seal_files, log)

    def _log(self) -> CustodyLog:
        head = self.source.facts.log_root
        log = custody_log.read_log(self.source.seal, head)  # as it is by now: the packing took its time
        if self.annex is not None:
            if (self.source.seal / ANNEX).exists():
                raise AlreadyThere(f"{self.source.seal / ANNEX}: there already; who collected is sealed away once")
            content, commitment = self.annex
            facts = {"commitment": commitment, custody_log.IDENTITY_FACT: hashlib.sha256(content).hexdigest()}
            log = log.with_event(self._event("encryption", "who collected was sealed away", "sealed", facts), head)
        for written, what in self.packages:
            facts = {"file": written.path.name, "octets": str(written.octets), "sha256": written.sha256}
            facts |= {"profile": self.order.profile.id} if self.order.profile else {}
            log = log.with_event(self._event("packing", f"packed to be handed over: {what}", "packed", facts), head)
        return log

    def _event(self, kind: str, detail: str, outcome: str, facts: dict[str, str]) -> Event:
        return custody_log.event(kind, self.now, detail, outcome, by=self.order.by, facts=facts)

    def _beside(self, log: CustodyLog, seal_files: dict[str, bytes]) -> tuple[tuple[TransferFile, ...], list[Path]]:
        """The seal as a bag, the transfer list, checksums, drafts: written where the packages wait."""
        name, facts = self.source.bag.name, self.source.facts
        small = seal_bag_contents(name, seal_files, facts, moment_of(self.source.tags.info))
        seal = write_stream(self.folder / f"{name}.seal.tar", tar_stream(small))
        every = [*self.packages, (seal, "seal")]
        listed = tuple(TransferFile(one.path.name, one.octets, one.sha256, what) for one, what in every)
        profile = self.order.profile.id if self.order.profile else None
        texts = {f"{name}.transfer.json": transfer_list(name, facts, profile, iso(self.now), self.order.by, listed)}
        for written, _ in self.packages:
            texts[f"{written.path.name}.sha256"] = checksum_line(written, written.path.name)
        if self.order.court:
            from archive.handover.court_drafts import court_drafts  # what they read takes 25 MB of modules

            drafts = court_drafts(self.source, log, iso(self.now), has_annex=ANNEX in seal_files)
            texts[f"{name}.court.txt"] = drafts
        beside = [write_stream(self.folder / one, [text.encode()]).path for one, text in texts.items()]
        return listed, [seal.path, *beside, *(written.path for written, _ in self.packages)]

    def _leave_plain(self, staged: list[Path], seal_files: dict[str, bytes], log: CustodyLog) -> tuple[Path, ...]:
        """Each file under its own name, the packages last of all; the seal's folder where it is not there already."""
        self._keep(seal_files, log)
        copied = self.into / f"{self.source.bag.name}.seal"
        if copied != self.source.seal.absolute():
            write_seal_files(copied, seal_files)
        for place in staged:
            put_in_place(place, self.into / place.name)
        packages = [written.path.name for written, _ in self.packages]
        names = dict.fromkeys([*packages, *(place.name for place in staged)])
        return (*(self.into / one for one in names), copied)

    def _leave_wrapped(self, staged: list[Path], seal_files: dict[str, bytes], log: CustodyLog) -> tuple[Path, ...]:
        """One encrypted file under a name that says nothing, and its checksum."""
        require_space(self.into, sum(place.stat().st_size for place in staged))
        with stage(self.into) as aside:
            seal_name, recipients = f"{self.source.bag.name}.seal", self.order.recipients
            wrapped = wrap(staged, seal_name, seal_files, aside / "wrapped", recipients)
            name = f"transfer-{wrapped.sha256[:12]}.tar.age"
            checksum = write_stream(aside / f"{name}.sha256", [checksum_line(wrapped, name).encode()])
            facts = {"file": name, "octets": str(wrapped.octets), "sha256": wrapped.sha256}
            text = f"what was packed was encrypted to {len(recipients)} recipients"
            event = self._event("encryption", text, "encrypted", facts)
            self._keep(seal_files, log.with_event(event, self.source.facts.log_root))
            put_in_place(checksum.path, self.into / checksum.path.name)
            put_in_place(wrapped.path, self.into / name)
        return self.into / name, self.into / checksum.path.name

    def _keep(self, files: dict[str, bytes], log: CustodyLog) -> None:
        """Enter in the seal beside the bag what is new: the custody log, an annex."""
        if not self.is_logged:
            return
        custody_log.write_log(self.source.seal, log)
        if ANNEX in files and not (self.source.seal / ANNEX).exists():
            write_seal_files(self.source.seal, {ANNEX: files[ANNEX]})
