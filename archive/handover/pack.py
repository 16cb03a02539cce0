"""Packs a bag for a partner: one file that passes the partner's checks, with its seal and checksums beside it."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.contents import Contents, PackRefused, contents_of
from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.bag.store.place import StorePlace
from archive.bag.system_files import advice_on
from archive.errors import AlreadyThere, NotWritable
from archive.handover import gate, par2
from archive.handover.archive_formats import gzip_stream, tar_size, tar_stream, write_zip
from archive.handover.collector_identity import NAME as ANNEX
from archive.handover.collector_identity import SALT, make_annex
from archive.handover.deliver import HandOut
from archive.handover.pack_order import Packed, PackOrder, PackSource, look
from archive.handover.partner_version import serialisation
from archive.handover.parts import split
from archive.handover.profile_match import as_sentence, read_ledger
from archive.handover.seal_bag import read_seal_files
from archive.handover.store_transfer import upload
from archive.handover.wacz import wacz_contents
from archive.handover.writing import Written, made_for, measured, require_space, stage, write_stream
from archive.progress import Progress
from archive.trust import custody_log
from archive.trust.seal_folder import STATEMENT
from archive.verify.files.structure import is_left_by_system
from archive_manifests import layout
from archive_manifests.datapackage import title_of

__all__ = ["PackOrder", "Packed", "pack"]


_NO_BAGS = frozenset({"wacz", "eark"})
"""Forms of a package that are no bag; an E-ARK package holds the bag, which is verified in it."""
_ENDINGS = {"eark": "sip.zip"}
"""What a package's name ends in, where that is not its form."""


class _Plan(Struct, frozen=True):
    """What is to be written."""

    form: str
    packages: list[tuple[Contents, str]]
    """Each with what it is: `bag`, `part 1 of 3`…"""
    is_as_it_was: bool
    recommended: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def pack(
    path: Path, order: PackOrder, now: datetime, progress: Progress | None = None, *, salt: bytes | None = None
) -> Packed:
    """Pack one bag. Raises `PackRefused`, `UsageProblem`, `NotEnoughSpace`; then nothing new is left behind.

    `salt` goes into the identity annex; 32 bytes that nobody can guess where None.
    """
    order.check()
    if isinstance(order.into, StorePlace):
        return _pack_into_store(path, order, order.into, now, progress, salt)
    into = (order.into or path.absolute().parent).absolute()
    _require_writable(path, into, order)
    with open_bag(path) as bag:
        source = look(bag, order.seal)
        annex = _annex(source, order, salt)
        plan = _plan(source, order, now)
        # What will be encrypted stays beside the bag until it is: what was deleted from a stick can be read from it.
        working = bag.location.absolute().parent if order.recipients else into
        with made_for(into):
            _require_free(into, plan, order, source)
            require_space(working, sum(tar_size(made) for made, _ in plan.packages))
            with stage(working) as folder:
                packages = _write_checked(source, plan, folder, progress)
                out = HandOut(source, order, tuple(packages), annex, folder, into, now)
                listed, places = out.carry_out()
    if order.par2 is not None:
        recovery = [made for place in places[: len(packages)] for made in par2.create(place, order.par2)]
        places = (*places, *recovery)
    return Packed(
        bag=path,
        facts=source.facts,
        files=listed,
        places=places,
        profile=order.profile.id if order.profile else None,
        is_as_it_was=plan.is_as_it_was,
        recommended=plan.recommended,
        left_out=plan.left_out,
        is_logged=out.is_logged,
    )


def _require_writable(path: Path, into: Path, order: PackOrder) -> None:
    """Raise `NotWritable` for a package that would be written onto a read-only disk."""
    if into.is_dir() and not os.access(into, os.W_OK):
        raise NotWritable(f"{into}: nothing can be written there; choose a folder on another disk with -o DIR")
    if order.recipients and not os.access(path.absolute().parent, os.W_OK):
        raise NotWritable(
            f"{path.absolute().parent}: nothing can be written there, and what will be encrypted waits beside the bag; "
            "copy the bag and its seal to a disk of your own, and pack it there"
        )


def _pack_into_store(
    path: Path, order: PackOrder, to: StorePlace, now: datetime, progress: Progress | None, salt: bytes | None
) -> Packed:
    """Pack beside the bag, since a package is checked before it leaves; upload it; remove what was beside the bag."""
    with stage(path.absolute().parent) as folder:
        packed = pack(path, replace(order, into=folder), now, progress, salt=salt)
        return replace(packed, places=upload(packed.places, folder, to))


def _plan(source: PackSource, order: PackOrder, now: datetime) -> _Plan:
    form, bag = order.chosen_form, source.bag
    if form == "wacz":
        wacz = wacz_contents(bag, source.tags.info)
        return _Plan(form, [(wacz.contents, "web archive")], True, recommended=(), left_out=wacz.left_out)
    is_ours = source.tags.is_ours  # also by what the manifests list
    of_system = {name for name in source.tags.entries if is_left_by_system(source.tags, name)}
    if form != "eark" and order.part_size is None:
        source.tags.forget_manifests()  # nothing of them is needed for the bag as it is, or for a partner's version
    whole = contents_of(bag, source.tags.info, source.tags.table.row_of, of_system)
    empty = _empty_folders(bag, is_ours=is_ours)
    if form == "eark":
        from archive.handover.eark import eark_contents

        ledger = read_ledger(bag)
        title = title_of(ledger) if ledger else bag.name
        made = eark_contents(whole, source.tags, source.facts, title, now)
        return _Plan(form, [(made, "E-ARK submission package")], is_as_it_was=True, recommended=())
    if order.part_size is not None:
        parts = split(whole, source.tags, source.facts, order.part_size)
        if len(parts) == 1:
            return _Plan(form, [(whole, "bag")], is_as_it_was=True, recommended=())
        named = [(made, f"part {number} of {len(parts)}") for number, made in enumerate(parts, start=1)]
        return _Plan(form, named, is_as_it_was=False, recommended=())
    if order.profile is None:
        left_out = (*(f"{name}: {advice_on(name)}" for name in sorted(of_system)), *empty)
        return _Plan(form, [(whole, "bag")], is_as_it_was=True, recommended=(), left_out=left_out)
    made, lacks = serialisation(bag, source.tags, source.facts, order.profile, order.organisation, form, now.date())
    is_same = [member.path for member in made.members] == [member.path for member in whole.members]
    return _Plan(form, [(made, "bag")], is_same, tuple(as_sentence(lack) for lack in lacks))


def _empty_folders(bag: Bag, *, is_ours: bool) -> list[str]:
    """The empty folders that a package does not have, each with why: no manifest can list them. (RFC 8493, 2.1.3)

    Raises `PackRefused` for one that makes a bag of ours unsound: what is packed is what `verify` says of the folder.
    """
    # The payload folder is there in every package.
    found = {folder: advice_on(f"{folder}/") for folder in bag.empty_folders() if f"{folder}/" != layout.PAYLOAD}
    unsound = [folder for folder, advice in found.items() if advice is None]
    if is_ours and unsound:
        more = f" and {len(unsound) - 1:,} more" if len(unsound) > 1 else ""
        raise PackRefused(
            f"{bag.name}: nothing was packed: not-canonical {unsound[0]}{more}: an empty folder, which our bags "
            "do not have; delete it, or pack a copy of the bag without it"
        )
    return [f"{folder}: {advice or 'an empty folder, which no manifest can list'}" for folder, advice in found.items()]


def _require_free(into: Path, plan: _Plan, order: PackOrder, source: PackSource) -> None:
    if order.recipients:
        return
    for made, _ in plan.packages:
        place = into / f"{made.name}.{_ENDINGS.get(plan.form, plan.form)}"
        if place.exists():
            raise AlreadyThere(f"{place}: there already; move it away or choose another --output")
    beside = into / f"{source.bag.name}.seal"
    if beside != source.seal.absolute() and not _is_earlier(beside, source.seal):
        raise AlreadyThere(f"{beside}: there already, and not an earlier state of {source.seal}; move it away")


def _is_earlier(copied: Path, seal: Path) -> bool:
    """True where a copy of the seal may be brought up to date: nothing in it would be lost."""
    copied_files, ours = read_seal_files(copied), read_seal_files(seal)
    growing = (custody_log.NAME, STATEMENT)
    is_contained = all(ours.get(name) == content for name, content in copied_files.items() if name not in growing)
    return is_contained and ours.get(custody_log.NAME, b"").startswith(copied_files.get(custody_log.NAME, b""))


def _write_checked(
    source: PackSource, plan: _Plan, folder: Path, progress: Progress | None
) -> list[tuple[Written, str]]:
    """Write the packages one after the other, and let go of each one's list of files before it is checked."""
    written = []
    source.tags.forget_manifests()
    while plan.packages:
        made, what = plan.packages.pop(0)
        package, name = _write(made, plan.form, folder / f"{made.name}.{_ENDINGS.get(plan.form, plan.form)}"), made.name
        is_as_in_folder = plan.is_as_it_was and source.folder is not None
        with stage(folder) as aside:
            is_laid_out = not is_as_in_folder and plan.form not in _NO_BAGS
            laid_out = gate.lay_out(made, aside / "bag", source.folder) if is_laid_out else None
            del made
            _check_package(source, package, name, laid_out, plan, folder, progress)
        written.append((package, what))
    return written


def _check_package(
    source: PackSource,
    package: Written,
    name: str,
    laid_out: Path | None,
    plan: _Plan,
    folder: Path,
    progress: Progress | None,
) -> None:
    """Have a package pass our verify, and bagit.py on the bag in it: in its folder, or laid out again."""
    if plan.form in _NO_BAGS:
        if plan.form == "wacz":
            gate.require_sound(source.bag.location, source.seal, progress=progress)
        gate.require_sound(package.path, source.seal, progress=progress)
        return
    found = gate.require_sound(package.path, source.seal if name == source.bag.name else folder, progress=progress)
    stated = {one.file: one.sha256 for one in source.facts.tag_manifests}.get(layout.TAG_MANIFEST)
    if plan.is_as_it_was and found.tagmanifest and found.tagmanifest.value != stated:
        raise PackRefused(f"{source.bag.location}: changed while it was packed; nothing was packed")
    judged = laid_out or source.folder
    if judged is not None:
        with stage(folder) as aside:
            gate.require_second_opinion(judged, aside)
    if laid_out is None and source.folder is not None and source.tags.is_ours:
        gate.require_warcio(source.folder)


def _write(made: Contents, form: str, place: Path) -> Written:
    if form in ("zip", "wacz", "eark"):
        with place.open("xb") as file:
            write_zip(file, made, bare=form == "wacz")
        return measured(place)
    stream = tar_stream(made)
    return write_stream(place, gzip_stream(stream) if form == "tar.gz" else stream)


def _annex(source: PackSource, order: PackOrder, salt: bytes | None) -> tuple[bytes, str] | None:
    if order.identity is None:
        return None
    if (source.seal / ANNEX).exists():
        raise AlreadyThere(f"{source.seal / ANNEX}: there already; who collected is sealed away once")
    return make_annex(order.identity, salt or secrets.token_bytes(SALT), order.annex_to or order.recipients)
