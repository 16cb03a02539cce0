"""The source manifest, compared with what the WARCs of the captures state of it: its leaf, salted by a bag's seed.

A bag that takes WARCs over has the seeds of the bags that it follows in `seed.txt`, so that a leaf that the run of an
older bag wrote is proven like any other, whatever the bag states of older bags and of persons.
(docs/reference/disclosure.md)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from archive.capture.warcinfo import SOURCE_MANIFEST
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.generated import is_earlier, made_by_another
from archive.verify.records.stated_moments import moment_of
from archive.verify.records.stored_records import StoredRecords
from archive.verify.statements.conditions import own_warcinfos
from archive.verify.statements.events import carried_over
from archive.verify.visits.evidence import Evidence
from archive_manifests import custody, disclosure, layout
from archive_manifests.custody import NOTED
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, SourceEntry
from archive_manifests.paths import BagPath

_ADDED_DATED_SINCE = (0, 4)
"""The version since which a supplied file is dated by when it was added; before, by what the person stated."""
_SEEDS_SINCE = (0, 7)
"""The version since which the seeds of older bags are taken over with their WARCs."""


class ManifestLeaf(Struct, frozen=True):
    """What a WARC states of the source manifest, and what the file in the bag gives."""

    recorded: str
    found: str


def manifest_leaves(
    control: ControlFiles, ledger: Ledger, evidence: Evidence, records: StoredRecords
) -> Iterator[ManifestLeaf]:
    """What the WARCs of the run state of the source manifest; where it has none, the latest that it took over.

    A leaf that the seed of an older bag salted which took no seeds over is taken as it stands.
    """
    digest = control.sha256.get(layout.SOURCE_MANIFEST)
    if digest is None:
        return
    leaves = _leaves(control, digest)
    salted = _salted_by_own_seed(control, ledger, evidence)
    is_read_again = _is_read_again(control, ledger, evidence)
    for fields in records.distinct_warcinfos(salted or own_warcinfos(ledger, evidence)):
        recorded = fields.get(SOURCE_MANIFEST, "")
        if not recorded.startswith(f"{disclosure.SCHEME}:"):
            if recorded:
                yield ManifestLeaf(recorded, f"sha256:{digest}")
        elif recorded in leaves or not leaves or not (salted or _has_all_seeds(fields)):
            yield ManifestLeaf(recorded, recorded)
        elif not is_read_again:
            yield ManifestLeaf(recorded, leaves[0])


def check_manifest_leaves(leaves: list[ManifestLeaf]) -> Iterator[Finding]:
    """The source manifest is the file that the captures were made by: what a person wrote into it included."""
    differs = next((each for each in leaves if each.recorded != each.found), None)
    if differs is not None:
        facts = {"expected": differs.recorded[:100], "found": differs.found}
        yield make_finding("manifest-contradicted", BagPath(layout.SOURCE_MANIFEST), **facts, note="its digest")


def has_persons_part(entry: SourceEntry) -> bool:
    """True where a person supplied a file, or noted something."""
    return any(copy.kind == "supplied" for copy in entry.copies) or any(note.code in NOTED for note in entry.notes)


def _has_all_seeds(fields: Mapping[str, str]) -> bool:
    """True of a WARC of a version whose later bags have the seed that salts what it states."""
    return not is_earlier(fields.get("software", ""), _SEEDS_SINCE)


def _is_read_again(control: ControlFiles, ledger: Ledger, evidence: Evidence) -> bool:
    """True of a bag whose own run requested nothing, where the report itself proves what the source manifest states.

    The older bag may have been made of another form of the same input: of the source manifest alone.
    """
    path, carried = ledger.report.path, carried_over(ledger, evidence, moment_of(ledger.started))
    is_here = path is not None and control.holds(path)
    return is_here and ledger.predecessor is not None and all(each in carried for each in evidence.warcinfo_of)


def _salted_by_own_seed(control: ControlFiles, ledger: Ledger, evidence: Evidence) -> list[str]:
    """The warcinfo records of the WARCs whose leaf of the source manifest the seed of this bag salts.

    Those of the bag's own run, whatever bag it names as the older one. Where a person's word or file was added after
    the run had ended, the bag has the times of a run whose seed was another one, and none of its WARCs is salted by it.
    """
    if ledger.predecessor is not None and _was_added_to(control, ledger):
        return []
    carried = carried_over(ledger, evidence, moment_of(ledger.started))
    # A WARC without a dated record may be of either bag.
    dated = (path for path in evidence.warcinfo_of if ledger.predecessor is None or path in evidence.first_dates)
    return [evidence.warcinfo_of[path] for path in dated if path not in carried]


def _was_added_to(control: ControlFiles, ledger: Ledger) -> bool:
    """True where a person's word or file is younger than the run."""
    made_by, ended = made_by_another(control), moment_of(ledger.ended)
    if made_by is not None and is_earlier(made_by, _ADDED_DATED_SINCE):
        return any(map(has_persons_part, ledger.sources))
    added = [
        moment_of(when)
        for entry in ledger.sources
        for when in (
            *(custody.added_at(copy) for copy in entry.copies if copy.kind == "supplied"),
            *(str(note.facts.get("when")) for note in entry.notes if note.code in NOTED),
        )
    ]
    return any(moment is None or ended is None or moment >= ended for moment in added)


def _leaves(control: ControlFiles, digest: str) -> tuple[str, ...]:
    """The leaf of the source manifest with each seed; none where the bag has no seed, which is reported elsewhere."""
    try:
        seeds = disclosure.parse_seeds(control.read(BagPath(layout.SEED)) or b"")
    except StatementError:
        return ()
    return tuple(disclosure.stated_leaf(seed, "file", layout.SOURCE_MANIFEST, digest) for seed in seeds)
