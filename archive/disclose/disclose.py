"""`archive disclose`: chooses, searches for names, writes, verifies, and only then gives the copy its name."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.open import open_bag
from archive.cite.warm_reader import one_start_for_all
from archive.disclose.copy import CopyWriter
from archive.disclose.custody import enter_in_custody
from archive.disclose.examine import Examiner
from archive.disclose.original import NotDisclosable, Original, read_original
from archive.disclose.redaction import redacted_text
from archive.disclose.search import Hit
from archive.disclose.selection import Selection, select
from archive.errors import UsageProblem, WarcError
from archive.trust import seal_folder
from archive.verify.run import verify
from archive.workfolder.bag_name import require_name
from archive_manifests import layout
from archive_manifests.disclosure_copy import REDACTED, is_reason
from archive_manifests.findings import Severity
from archive_manifests.fixity import Fixity
from archive_manifests.records import RecordLine

MOST_LISTED = 100
"""Names that the error lists; `NamesFound.hits` has them all."""


class DisclosureOrder(Struct, frozen=True):
    """What is wanted."""

    bag: Path
    target: Path
    withhold: frozenset[str]
    because: str
    """A code: `safety`, `consent`, `privacy`, `legal`, or a court's own."""
    shows_count: bool = True
    accepts_names: bool = False
    """Go on although names of what is withheld occur in the copy."""
    by: str | None = None
    with_run_time: bool = False
    """The run's closing timestamp goes along: the copy proves since when its records exist, and tells how many there
    are in the bag."""
    with_text: bool = False
    """The report's text goes along, without the citations of what is withheld."""
    names_report: bool = True
    """Title, digest and size of the report go along. They confirm which report it is to whoever has it."""
    accepts_sentences: bool = False
    """Go on although sentences of the report that cite a disclosed source name what is withheld; nothing else may."""

    def accepts(self, hit: Hit) -> bool:
        return self.accepts_names or (self.accepts_sentences and hit.is_in_sentence)


class Disclosed(Struct, frozen=True):
    """A finished copy."""

    path: Path
    tagmanifest: Fixity
    disclosed: tuple[str, ...]
    withheld: tuple[str, ...]
    hits: tuple[Hit, ...]
    """Names of what is withheld that the copy contains, as the user accepted."""
    adds: tuple[str, ...]
    """Sources that no earlier copy disclosed: copies of one bag add up."""
    unread: tuple[tuple[str, str], ...] = ()
    """Kind and place of what no search can read: pictures, films, scans. A person has to look at them."""


class NamesFound(NotDisclosable):
    """The copy would name what it withholds."""

    def __init__(self, hits: tuple[Hit, ...]) -> None:
        self.hits = hits
        listed = [f"  {hit.source}: {hit.name!r} in {hit.place}" for hit in hits[:MOST_LISTED]]
        if len(hits) > MOST_LISTED:
            listed.append(f"  and {len(hits) - MOST_LISTED:,} more")
        places = "\n".join(listed)
        accept = "accept the names with --accept-names"
        if all(hit.is_in_sentence for hit in hits):
            accept = "accept that the report's sentences name them with --accept-sentences"
        super().__init__(
            f"the copy would name what is withheld, in {len(hits)} places:\n{places}\n"
            f"Withhold these sources too, or {accept}; no copy was made"
        )


def disclose(order: DisclosureOrder, *, now: datetime) -> Disclosed:
    """Make the copy. Raises `UsageProblem`, `NotDisclosable`, `NamesFound`, `BagUnreadable`, `OSError`."""
    _require_usable(order)
    found = verify(order.bag)
    wrong = [finding.code for finding in found.findings if finding.severity is Severity.ERROR]
    if wrong:
        raise NotDisclosable(f"{order.bag}: {wrong[0]}; see `archive verify`. Only a sound bag is disclosed in part")
    work = order.target.with_name(f".{order.target.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    try:
        with open_bag(order.bag) as bag:
            original = read_original(bag)
            examiner = Examiner(original, _chosen(original, order))
            with one_start_for_all():
                examined = examiner.run()
            chosen, hits = examined.selection, examined.hits
            text = _redacted(original, chosen) if order.with_text else None
            if text is not None:
                hits = (*hits, *examiner.text(REDACTED, text))
            if refused := tuple(hit for hit in hits if not order.accepts(hit)):
                raise NamesFound(refused)
            base = work / order.target.name
            writer = CopyWriter(base, original, chosen, order.because, order.shows_count, now, text)
            tagmanifest = writer.write(order.target.name)
            original.reader.close()
            _copy_seal(seal_folder.seal_folder(order.bag.absolute()), work / f"{order.target.name}.seal")
        _require_sound(base)
        _publish(work, order.target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    names = tuple(entry.id for entry in chosen.entries)
    outcome = f"{len(names)} sources disclosed, {len(order.withhold)} withheld"
    facts = {"tagmanifest": str(tagmanifest)}
    adds = enter_in_custody(order.bag, names, order.because, order.by, facts, now, outcome)
    withheld = tuple(entry.id for entry in chosen.withheld)
    return Disclosed(order.target, tagmanifest, names, withheld, hits, adds, examined.unread)


def _require_usable(order: DisclosureOrder) -> None:
    if not order.withhold:
        raise UsageProblem("--withhold: name at least one source, such as s03; a whole copy is made by `archive pack`")
    if not is_reason(order.because):
        raise UsageProblem(f"--because {order.because!r}: expected a code such as safety, consent, privacy or legal")
    if order.with_text and not order.names_report:
        raise UsageProblem("--with-text and --no-report: the report's text names the report; leave one of them out")
    require_name(order.target.absolute())
    for place in (order.target, order.target.with_name(f"{order.target.name}.seal")):
        if place.exists() or place.is_symlink():
            raise UsageProblem(f"{place}: something is there already; choose another name with -o")
    if not order.target.absolute().parent.is_dir():
        raise UsageProblem(f"{order.target.parent}: no such folder; make it, or choose another name with -o")


def _chosen(original: Original, order: DisclosureOrder) -> Selection:
    try:
        ties = original.ties()
    except WarcError as error:
        raise NotDisclosable(f"{error}; no copy was made") from error
    chosen = select(original.ledger, original.log, ties, original.stated, order.withhold)
    records = tuple(each for each in chosen.records if not _is_about_the_whole(original, each, order))
    chosen = replace(chosen, records=records, names_report=order.names_report)
    if not order.with_run_time:
        return chosen
    if not original.run_stamps():
        raise UsageProblem(f"{order.bag}: no authority timestamped the end of its run; leave --with-run-time out")
    return replace(chosen, files=(*chosen.files, *original.run_stamps()))


def _is_about_the_whole(original: Original, line: RecordLine, order: DisclosureOrder) -> bool:
    """True of a warcinfo that names the report, where it is not to be named, or confirms a guess at its sources."""
    return line.type == "warcinfo" and (not order.names_report or original.confirms_guesses(line))


def _redacted(original: Original, chosen: Selection) -> str | None:
    if layout.REPORT_TEXT not in original.entries:
        return None
    text = b"".join(original.file(layout.REPORT_TEXT)).decode("utf-8", "replace")
    return redacted_text(text, chosen.withheld, chosen.entries)


def _copy_seal(seal: Path, target: Path) -> None:
    """The seal and what vouches for it: no statement, custody, receipt or renewal, which tell more."""
    listing = seal_folder.list_folder(seal)
    if listing is None or not listing.has_seal:
        return
    target.mkdir()
    stamps = [name for name in (*listing.queries, *listing.replies) if not seal_folder.is_renewal(_about(name))]
    for name in (seal_folder.SEAL, *listing.signatures, *stamps):
        seal_folder.write_file(target, name, seal_folder.read_file(seal, name))


def _about(name: str) -> str:
    return seal_folder.target_of(name)


def _require_sound(base: Path) -> None:
    found = verify(base)
    wrong = [finding for finding in found.findings if finding.severity is Severity.ERROR]
    if wrong:
        first = f"{wrong[0].code} {wrong[0].path or ''}".strip()
        raise NotDisclosable(f"the copy does not verify ({first}): a fault of this program; no copy was made")


def _publish(work: Path, target: Path) -> None:
    """Put seal and copy in place, the copy last: with it there is a copy."""
    seal = work / f"{target.name}.seal"
    if seal.exists():
        seal.rename(target.with_name(seal.name))
    (work / target.name).rename(target)
