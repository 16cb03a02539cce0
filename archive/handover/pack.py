"""Packs a bag for a partner: one file that passed what the partner will check, and beside it what vouches for it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.bag.open import open_bag
from archive.errors import AlreadyThere, UsageProblem
from archive.handover import custody_log, gate
from archive.handover.annex import NAME as ANNEX
from archive.handover.annex import SALT, make_annex
from archive.handover.contents import Contents, PackRefused, contents_of, moment_of
from archive.handover.court import court_drafts
from archive.handover.describe import as_sentence
from archive.handover.organisation import Organisation
from archive.handover.parts import split
from archive.handover.seal_bag import read_seal_files, seal_bag_contents, write_seal_files
from archive.handover.source import Source, look
from archive.handover.tarring import gzip_stream, tar_size, tar_stream
from archive.handover.transfer import Listed, checksum_line, transfer_list
from archive.handover.version import serialisation
from archive.handover.wacz import wacz_contents
from archive.handover.wrapping import wrap
from archive.handover.writing import Written, measured, put_in_place, require_space, stage, write_stream
from archive.handover.zipping import write_zip
from archive.progress import Progress
from archive.trust.folder import STATEMENT
from archive.trust.times import iso
from archive_manifests.custody import Event
from archive_manifests.profiles import Profile
from archive_manifests.seal import SealedFacts

FORMS = ("tar", "tar.gz", "zip", "wacz")
"""What a package may be."""


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What is asked for."""

    into: Path | None = None
    """Where the files go; beside the bag where None."""
    form: str | None = None
    """One of `FORMS`; the profile's first where None, else `tar`."""
    profile: Profile | None = None
    organisation: Organisation = field(default_factory=Organisation)
    recipients: tuple[Any, ...] = ()
    """Who can open it, as `archive.handover.encrypt` reads them; nobody else then."""
    part_size: int | None = None
    """Bytes of a part at most."""
    by: str | None = None
    """The sender's pseudonym, for the custody log and the transfer list."""
    seal: Path | None = None
    identity: bytes | None = None
    """Who collected, for those alone who `annex_to` names."""
    annex_to: tuple[Any, ...] = ()
    court: bool = False
    """Write drafts for a court beside the package."""

    @property
    def chosen_form(self) -> str:
        return self.form or (self.profile.formats[0] if self.profile else "tar")

    def check(self) -> None:
        """Raise `UsageProblem` where things exclude each other."""
        if self.chosen_form == "wacz" and (self.profile or self.part_size):
            raise UsageProblem("a WACZ is no bag: --as wacz excludes --profile and --size")
        if self.profile and self.part_size:
            raise UsageProblem("--profile and --size exclude each other; pack the parts, then each for the profile")


@dataclass(frozen=True, slots=True)
class Packed:
    """What was handed out."""

    bag: Path
    facts: SealedFacts
    files: tuple[Listed, ...]
    """The packages and the seal, as the transfer list has them."""
    places: tuple[Path, ...]
    """Everything that lies in the folder now, package first."""
    profile: str | None
    is_as_it_was: bool
    """True where the packed bag is the sealed one, tag file by tag file."""
    recommended: tuple[str, ...]
    """What the profile recommends and the bag has not, in sentences."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written."""

    form: str
    packages: tuple[tuple[Contents, str], ...]
    """Each with what it is: `bag`, `part 1 of 3`…"""
    is_as_it_was: bool
    recommended: tuple[str, ...]


def pack(
    path: Path, order: PackOrder, now: datetime, progress: Progress | None = None, *, salt: bytes | None = None
) -> Packed:
    """Pack one bag. Raises `PackRefused`, `UsageProblem`, `NotEnoughSpace`; then nothing new is left behind.

    `salt` goes into the identity annex; 32 bytes that nobody can guess where None.
    """
    order.check()
    into = (order.into or path.absolute().parent).absolute()
    with open_bag(path) as bag:
        source = look(bag, order.seal)
        annex = _annex(source, order, salt)
        plan = _plan(source, order, now)
        into.mkdir(parents=True, exist_ok=True)
        _require_free(into, plan, order, source)
        # What will be encrypted stays beside the bag until it is: what was deleted from a stick can be read from it.
        working = bag.location.absolute().parent if order.recipients else into
        require_space(working, sum(tar_size(made) for made, _ in plan.packages))
        with stage(working) as folder:
            packages = [(_write_checked(source, made, plan, folder, progress), what) for made, what in plan.packages]
            return _hand_out(source, plan, packages, order, annex, folder, into, now)


def _plan(source: Source, order: PackOrder, now: datetime) -> _Plan:
    form, bag = order.chosen_form, source.bag
    if form == "wacz":
        return _Plan(form, ((wacz_contents(bag, source.tags.info), "web archive"),), is_as_it_was=True, recommended=())
    whole = contents_of(bag, source.tags.info)
    if order.part_size is not None:
        parts = split(whole, source.tags, source.facts, order.part_size)
        named = tuple((made, f"part {number} of {len(parts)}") for number, made in enumerate(parts, start=1))
        return _Plan(form, named, is_as_it_was=False, recommended=())
    if order.profile is None:
        return _Plan(form, ((whole, "bag"),), is_as_it_was=True, recommended=())
    made, lacks = serialisation(bag, source.tags, source.facts, order.profile, order.organisation, form, now.date())
    is_same = [member.path for member in made.members] == [member.path for member in whole.members]
    return _Plan(form, ((made, "bag"),), is_same, tuple(as_sentence(lack) for lack in lacks))


def _require_free(into: Path, plan: _Plan, order: PackOrder, source: Source) -> None:
    if order.recipients:
        return
    for made, _ in plan.packages:
        place = into / f"{made.name}.{plan.form}"
        if place.exists():
            raise AlreadyThere(f"{place}: there already; move it away or choose another --output")
    beside = into / f"{source.bag.name}.seal"
    if beside != source.seal.absolute() and not _is_earlier(beside, source.seal):
        raise AlreadyThere(f"{beside}: there already, and not an earlier state of {source.seal}; move it away")


def _is_earlier(copied: Path, seal: Path) -> bool:
    """True where a copy of the seal may be brought up to date: nothing in it would be lost."""
    there, ours = read_seal_files(copied), read_seal_files(seal)
    growing = (custody_log.NAME, STATEMENT)
    is_kept = all(ours.get(name) == content for name, content in there.items() if name not in growing)
    return is_kept and ours.get(custody_log.NAME, b"").startswith(there.get(custody_log.NAME, b""))


def _write_checked(source: Source, made: Contents, plan: _Plan, folder: Path, progress: Progress | None) -> Written:
    """Write one package, and have it pass our verify, and bagit.py on the bag in it laid out as a folder."""
    written = _write(made, plan.form, folder / f"{made.name}.{plan.form}")
    if plan.form == "wacz":
        gate.require_sound(source.bag.location, source.seal, progress=progress)
        return written
    found = gate.require_sound(written.path, source.seal if made.name == source.bag.name else folder, progress=progress)
    stated = {one.file: one.sha256 for one in source.facts.tag_manifests}.get("tagmanifest-sha256.txt")
    if plan.is_as_it_was and found.tagmanifest and found.tagmanifest.value != stated:
        raise PackRefused(f"{source.bag.location}: changed while it was packed; nothing was packed")
    if plan.is_as_it_was and source.folder:
        gate.require_second_opinion(source.folder)
    else:
        with stage(folder) as aside:
            gate.require_second_opinion(gate.lay_out(made, aside, source.folder))
    return written


def _write(made: Contents, form: str, place: Path) -> Written:
    if form in ("zip", "wacz"):
        with place.open("xb") as file:
            write_zip(file, made, bare=form == "wacz")
        return measured(place)
    stream = tar_stream(made)
    return write_stream(place, gzip_stream(stream) if form == "tar.gz" else stream)


def _hand_out(
    source: Source,
    plan: _Plan,
    packages: Sequence[tuple[Written, str]],
    order: PackOrder,
    annex: tuple[bytes, str] | None,
    folder: Path,
    into: Path,
    now: datetime,
) -> Packed:
    """Write what lies beside, enter the event, and give everything its name: the packages last of all."""
    name, facts = source.bag.name, source.facts
    log = source.log
    if annex is not None:
        told = custody_log.event(
            *("encryption", now, "who collected was sealed into identity.age", "sealed"),
            by=order.by,
            facts={"commitment": annex[1], "recipients": str(len(order.annex_to or order.recipients))},
        )
        log = log.with_event(told, facts.events_head)
    for written, what in packages:
        log = log.with_event(_event(written, what, order, now), facts.events_head)
    seal_files = {**read_seal_files(source.seal), custody_log.NAME: log.text}
    if annex is not None:
        seal_files[ANNEX] = annex[0]
    small = seal_bag_contents(name, seal_files, facts, moment_of(source.tags.info))
    seal = write_stream(folder / f"{name}.seal.tar", tar_stream(small))
    listed = tuple(Listed(one.path.name, one.octets, one.sha256, what) for one, what in [*packages, (seal, "seal")])
    profile = order.profile.id if order.profile else None
    text = transfer_list(name, facts, profile, iso(now), order.by, listed)
    staged = [seal.path, write_stream(folder / f"{name}.transfer.json", [text.encode()]).path]
    if order.court:
        drafts = court_drafts(source, log, iso(now), has_annex=ANNEX in seal_files)
        staged.append(write_stream(folder / f"{name}.court.txt", [drafts.encode()]).path)
    for written, _ in packages:
        line = checksum_line(written, written.path.name)
        staged += [write_stream(folder / f"{written.path.name}.sha256", [line.encode()]).path, written.path]
    if order.recipients:
        places = _hand_out_wrapped(source, staged, seal_files, order, folder, into, log, now)
    else:
        places = _hand_out_plain(source, staged, seal_files, into, log)
    return Packed(
        bag=source.bag.location,
        facts=facts,
        files=listed,
        places=places,
        profile=profile,
        is_as_it_was=plan.is_as_it_was,
        recommended=plan.recommended,
    )


def _hand_out_plain(
    source: Source, staged: list[Path], seal_files: dict[str, bytes], into: Path, log: custody_log.CustodyLog
) -> tuple[Path, ...]:
    _keep(source.seal, seal_files, log)
    copied = into / f"{source.bag.name}.seal"
    if copied != source.seal.absolute():
        write_seal_files(copied, seal_files)
    for place in staged:
        put_in_place(place, into / place.name)
    return (*(into / place.name for place in _packages_first(staged)), copied)


def _keep(seal: Path, files: dict[str, bytes], log: custody_log.CustodyLog) -> None:
    """Enter in the seal beside the bag what is new: the custody log, an annex."""
    custody_log.write_log(seal, log)
    if ANNEX in files and not (seal / ANNEX).exists():
        write_seal_files(seal, {ANNEX: files[ANNEX]})


def _annex(source: Source, order: PackOrder, salt: bytes | None) -> tuple[bytes, str] | None:
    if order.identity is None:
        return None
    if (source.seal / ANNEX).exists():
        raise AlreadyThere(f"{source.seal / ANNEX}: there already; who collected is sealed away once")
    return make_annex(order.identity, salt or secrets.token_bytes(SALT), order.annex_to or order.recipients)


def _packages_first(staged: list[Path]) -> list[Path]:
    beside = (".sha256", ".seal.tar", ".transfer.json", ".court.txt")
    return sorted(staged, key=lambda place: place.name.endswith(beside))


def _hand_out_wrapped(
    source: Source,
    staged: list[Path],
    seal_files: dict[str, bytes],
    order: PackOrder,
    folder: Path,
    into: Path,
    log: custody_log.CustodyLog,
    now: datetime,
) -> tuple[Path, ...]:
    """One encrypted file under a name that says nothing, and its checksum."""
    require_space(into, sum(place.stat().st_size for place in staged))
    with stage(into) as aside:
        wrapped = wrap(staged, f"{source.bag.name}.seal", seal_files, aside / "wrapped", order.recipients)
        name = f"transfer-{wrapped.sha256[:12]}.tar.age"
        checksum = write_stream(aside / f"{name}.sha256", [checksum_line(wrapped, name).encode()])
        told = f"what was packed was encrypted to {len(order.recipients)} recipients"
        facts = {"file": name, "octets": str(wrapped.octets), "sha256": wrapped.sha256}
        event = custody_log.event("encryption", now, told, "encrypted", by=order.by, facts=facts)
        _keep(source.seal, seal_files, log.with_event(event, source.facts.events_head))
        put_in_place(checksum.path, into / checksum.path.name)
        put_in_place(wrapped.path, into / name)
    return into / name, into / checksum.path.name


def _event(written: Written, what: str, order: PackOrder, now: datetime) -> Event:
    facts = {"file": written.path.name, "octets": str(written.octets), "sha256": written.sha256}
    facts |= {"profile": order.profile.id} if order.profile else {}
    detail = f"packed to be handed over: {what}"
    return custody_log.event("packing", now, detail, "packed", by=order.by, facts=facts)
