"""Packs a bag for a partner: one file that passed what the partner will check, and beside it what vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.bag.open import Bag, open_bag
from archive.errors import AlreadyThere, UsageProblem
from archive.handover import custody_log, gate
from archive.handover.contents import Contents, PackRefused, contents_of, moment_of
from archive.handover.custody_log import CustodyLog
from archive.handover.seal_bag import read_seal_files, seal_bag_contents, write_seal_files
from archive.handover.tarring import gzip_stream, tar_size, tar_stream
from archive.handover.transfer import Listed, checksum_line, transfer_list
from archive.handover.wacz import wacz_contents
from archive.handover.writing import Written, measured, put_in_place, require_space, stage, write_stream
from archive.handover.zipping import write_zip
from archive.progress import Progress
from archive.trust.facts import NotSealable, read_facts
from archive.trust.folder import seal_folder
from archive.trust.times import iso
from archive.verify.names import odd_names
from archive_manifests.custody import Event
from archive_manifests.paths import BagPath
from archive_manifests.seal import SealedFacts
from archive_manifests.tags import BagInfo, parse_bag_info

FORMS = ("tar", "tar.gz", "zip", "wacz")
"""What `--as` takes."""

_INFO_LIMIT = 16 << 20


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What is asked for."""

    into: Path | None = None
    """Where the files go; beside the bag where None."""
    form: str | None = None
    by: str | None = None
    """The sender's pseudonym, for the custody log and the transfer list."""
    seal: Path | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """What was handed out."""

    bag: Path
    facts: SealedFacts
    files: tuple[Listed, ...]
    """The packages, the seal, in the order of the transfer list."""
    places: tuple[Path, ...]
    """Everything that lies in the folder now, package first."""


@dataclass(frozen=True, slots=True)
class _Source:
    """The bag that is packed, looked at."""

    bag: Bag
    facts: SealedFacts
    info: BagInfo | None
    seal: Path
    log: CustodyLog

    @property
    def folder(self) -> Path | None:
        """The bag where it is a folder."""
        return self.bag.location.absolute() if self.bag.location.is_dir() else None


def pack(path: Path, order: PackOrder, now: datetime, progress: Progress | None = None) -> Packed:
    """Pack one bag. Raises `PackRefused`, `UsageProblem`, `NotEnoughSpace`; then nothing new is left behind."""
    form = order.form or "tar"
    into = (order.into or path.absolute().parent).absolute()
    with open_bag(path) as bag:
        source = _look(bag, order)
        into.mkdir(parents=True, exist_ok=True)
        package = f"{bag.name}.{form}"
        if (into / package).exists():
            raise AlreadyThere(f"{into / package}: there already; move it away or choose another --output")
        made = wacz_contents(bag, source.info) if form == "wacz" else contents_of(bag, source.info)
        require_space(into, tar_size(made))
        with stage(into) as folder:
            written = _write(made, form, folder / package)
            _check(source, written, made, form, folder, progress)
            return _hand_out(source, [(written, "web archive" if form == "wacz" else "bag")], order, folder, into, now)


def _look(bag: Bag, order: PackOrder) -> _Source:
    for _, code, what in odd_names([bag.name]):
        raise UsageProblem(f"{bag.location}: {code}: {what}: partners refuse such a name; rename the bag's folder")
    try:
        facts = read_facts(bag)
    except NotSealable as error:
        raise PackRefused(str(error).replace("Nothing was sealed", "Nothing was packed")) from error
    seal = order.seal or seal_folder(bag.location)
    return _Source(bag, facts, _read_info(bag), seal, custody_log.read_log(seal, facts.events_head))


def _read_info(bag: Bag) -> BagInfo | None:
    if not any(entry.path == "bag-info.txt" for entry in bag.tag_entries()):
        return None
    with bag.open(BagPath("bag-info.txt")) as stream:
        return parse_bag_info(stream.read(_INFO_LIMIT))


def _write(made: Contents, form: str, place: Path) -> Written:
    if form in ("zip", "wacz"):
        with place.open("xb") as file:
            write_zip(file, made, bare=form == "wacz")
        return measured(place)
    stream = tar_stream(made)
    return write_stream(place, gzip_stream(stream) if form == "tar.gz" else stream)


def _check(
    source: _Source, written: Written, made: Contents, form: str, folder: Path, progress: Progress | None
) -> None:
    """Our verify on the packed file itself, bagit.py on the folder that was packed or on one laid out for it."""
    if form == "wacz":
        gate.require_sound(source.bag.location, source.seal, progress=progress)
        return
    found = gate.require_sound(written.path, source.seal, progress=progress)
    stated = {one.file: one.sha256 for one in source.facts.tag_manifests}
    if found.tagmanifest and stated.get("tagmanifest-sha256.txt") != found.tagmanifest.value:
        raise PackRefused(f"{source.bag.location}: changed while it was packed; nothing was packed")
    looked_at = source.folder or gate.lay_out(made, folder / "second-opinion", None)
    gate.require_second_opinion(looked_at)


def _hand_out(
    source: _Source, packages: list[tuple[Written, str]], order: PackOrder, folder: Path, into: Path, now: datetime
) -> Packed:
    """Write what lies beside, enter the event, and give everything its name: the packages last of all."""
    name, facts = source.bag.name, source.facts
    log = source.log
    for written, what in packages:
        log = log.with_event(_event(written, what, order, now), facts.events_head)
    seal_files = {**read_seal_files(source.seal), custody_log.NAME: log.text}
    moment = moment_of(source.info)
    seal = write_stream(folder / f"{name}.seal.tar", tar_stream(seal_bag_contents(name, seal_files, facts, moment)))
    listed = [Listed(one.path.name, one.octets, one.sha256, what) for one, what in [*packages, (seal, "seal")]]
    text = transfer_list(name, facts, None, iso(now), order.by, listed)
    staged = [seal.path, write_stream(folder / f"{name}.transfer.json", [text.encode()]).path]
    for written, _ in packages:
        line = checksum_line(written, written.path.name)
        staged += [write_stream(folder / f"{written.path.name}.sha256", [line.encode()]).path, written.path]
    custody_log.write_log(source.seal, log)
    copied = into / f"{name}.seal"
    if copied.absolute() != source.seal.absolute():
        write_seal_files(copied, seal_files)
    for place in staged:
        put_in_place(place, into / place.name)
    names = dict.fromkeys([*(written.path.name for written, _ in packages), *(place.name for place in staged)])
    places = tuple(into / one for one in (*names, copied.name))
    return Packed(source.bag.location, facts, tuple(listed), places)


def _event(written: Written, what: str, order: PackOrder, now: datetime) -> Event:
    facts = {"file": written.path.name, "octets": str(written.octets), "sha256": written.sha256}
    detail = f"the {what} was packed to be handed over"
    return custody_log.event("packing", now, detail, "packed", by=order.by, facts=facts)
