"""The order of a `fetch`: an input read into a source manifest, and where its bag goes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive import posix
from archive.capture.run_conditions import conditions
from archive.capture.settings import FetchSettings
from archive.cite import read_report, require_sources, source_manifest
from archive.errors import NothingCited, ReportUnreadable, StatementError, UsageProblem
from archive.fetch.older_bag import Predecessor
from archive.fetch.reviewed import with_offsets
from archive.fetch.run_clock import RunClock
from archive.urls import UrlError, parse
from archive.workfolder.bag_name import readable
from archive.workfolder.events import Begun
from archive_manifests import layout
from archive_manifests.errors import SentenceKey
from archive_manifests.ledger import AcceptedBag, Conditions, ReportEntry
from archive_manifests.readings import NOTHING
from archive_manifests.source_toml import from_toml, to_toml
from archive_manifests.sources import Citation, Report, Source, SourceManifest

MANIFEST_PATH = layout.SOURCE_MANIFEST
TEXT_PATH = layout.REPORT_TEXT


class FetchInput(Struct, frozen=True):
    """An input, read: what is to be captured and what of the input goes into the bag."""

    manifest: SourceManifest
    input_sha256: str
    report: ReportEntry
    files: tuple[tuple[str, bytes | Path], ...] = ()
    """Paths in the bag and what goes there."""
    extractor: str | None = None
    folder: Path | None = None
    """Where the files lie that a source manifest supplies."""

    suffix: str = ""
    """Behind the report's id in the bag's name: tells lists of addresses apart. No statement of the bag has it,
    since it would confirm a guess of what a disclosure copy withholds."""

    @property
    def name(self) -> str:
        """The bag's name, where the user gives none."""
        return f"{self.manifest.report.id}{self.suffix}"


class NoSourceManifest(StatementError):
    """A file that is not the source manifest that it is given as."""

    def __init__(self, path: Path, error: StatementError) -> None:
        self.path, self.problem = path, str(error)
        text = f"{path}: {error}; expected a source manifest, which `archive cite REPORT` writes"
        super().__init__(text, line=error.line)


Input = Path | tuple[str, ...]
"""A report, a source manifest (`.toml`), or web addresses."""


def read_order(source: Input, report: Path | None = None, round_text: str | None = None) -> FetchInput:
    """Read a report, a source manifest that travels without its report, or addresses that stand for themselves.

    The round that the user gives is stated in the source manifest that is made here; one that a person wrote stays.
    `report` is the report of a source manifest that a person reviewed: both then go into the bag.
    Raises `ReportUnreadable`, `StatementError`, `UsageProblem`, `OSError`.
    """
    if report is not None:
        if isinstance(source, tuple) or source.suffix.lower() != ".toml":
            raise UsageProblem("--report goes with a source manifest (.toml), which `archive cite` writes of it")
        return _of_reviewed(source, report)
    if isinstance(source, tuple):
        return _with_round(_of_addresses(source), round_text)
    if source.suffix.lower() == ".toml":
        return _of_manifest(source)
    return _with_round(_of_report(source), round_text)


def _with_round(order: FetchInput, round_text: str | None) -> FetchInput:
    if round_text is None:
        return order
    report = replace(order.manifest.report, round=round_text)
    manifest = replace(order.manifest, report=report)
    files = (*(file for file in order.files if file[0] != MANIFEST_PATH), (MANIFEST_PATH, to_toml(manifest).encode()))
    return replace(order, manifest=manifest, report=replace(order.report, stated=report), files=files)


def _of_addresses(addresses: tuple[str, ...]) -> FetchInput:
    """A source manifest made of the addresses, each a source; there is no report."""
    for address in addresses:
        try:
            is_web = parse(address).is_web
        except UrlError:
            is_web = False
        if not is_web:
            raise UsageProblem(f"{address}: not a web address; expected https://… or http://…")
    distinct = tuple(dict.fromkeys(addresses))
    digest = hashlib.sha256("\n".join(distinct).encode()).hexdigest()
    report = Report(f"web-{parse(distinct[0]).host[:40].strip('[].-').replace(':', '-')}")
    cited = Citation(found_by="person")
    manifest = SourceManifest(report, tuple(Source(address, (cited,)) for address in distinct))
    data = to_toml(manifest).encode()
    entry = ReportEntry(stated=report, path=None, name=None, size=None, pages=None)
    files = ((MANIFEST_PATH, data),)
    return FetchInput(manifest, hashlib.sha256(data).hexdigest(), entry, files, suffix=f"-{digest[:8]}")


def _of_manifest(path: Path) -> FetchInput:
    with posix.open_file(path) as file:
        data = file.read()
    try:
        manifest = from_toml(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8 at byte {error.start}; a source manifest is TOML in UTF-8"
        raise ReportUnreadable(message) from error
    except StatementError as error:
        raise NoSourceManifest(path, error) from error
    if not manifest.sources:
        text = f"{path.name}: nothing to capture: {NOTHING['no-source']}"
        raise NothingCited(text).worded("nothing-cited", name=path.name, why=SentenceKey("nothing.no-source"))
    stated = ReportEntry(stated=manifest.report, path=None, name=None, size=None, pages=None)
    files: tuple[tuple[str, bytes | Path], ...] = ((MANIFEST_PATH, data),)
    return FetchInput(manifest, hashlib.sha256(data).hexdigest(), stated, files, folder=path.absolute().parent)


def _of_report(path: Path, *, may_cite_nothing: bool = False) -> FetchInput:
    cited = read_report(path)
    if not may_cite_nothing:
        require_sources(cited, path.name)
    manifest = source_manifest(cited)
    assert manifest.report.sha256 is not None
    original = layout.original_report(cited.original_suffix)
    entry = ReportEntry(manifest.report, original, readable(path.name), path.stat().st_size, cited.pages)
    files: tuple[tuple[str, bytes | Path], ...] = (
        (original, path),
        (TEXT_PATH, cited.text.encode()),
        (MANIFEST_PATH, to_toml(manifest).encode()),
    )
    return FetchInput(manifest, manifest.report.sha256, entry, files, cited.extractor)


def _of_reviewed(path: Path, report: Path) -> FetchInput:
    """A source manifest that a person reviewed, with the report that it was made of."""
    reviewed, read = _of_manifest(path), _of_report(report, may_cite_nothing=True)
    manifest = with_offsets(reviewed.manifest, read.manifest, report.name)
    entry = replace(read.report, stated=manifest.report)
    files = tuple(file for file in read.files if file[0] != MANIFEST_PATH) + reviewed.files
    return replace(reviewed, manifest=manifest, report=entry, files=files, extractor=read.extractor)


def conditions_of(settings: FetchSettings, manifest: SourceManifest) -> Conditions:
    """The conditions of the capture, as the ledger states them."""
    published, round_text = manifest.report.published, round_of(settings, manifest)
    return conditions(settings, published=published, round_text=round_text)


def first_event(
    order: FetchInput,
    settings: FetchSettings,
    run_clock: RunClock,
    predecessor: Predecessor | None = None,
    accepted: tuple[AcceptedBag, ...] = (),
) -> Begun:
    """The event that a journal begins with: what is to be captured, under which conditions."""
    return Begun(
        format=1,
        input_sha256=order.input_sha256,
        options=settings.as_options(),
        started=run_clock.instant(),
        report=order.report,
        conditions=replace(conditions_of(settings, order.manifest), accepted_bags=accepted),
        seed=run_clock.new_seed().hex(),
        extractor=order.extractor,
        passed_over=order.manifest.passed_over,
        predecessor=str(predecessor.tagmanifest) if predecessor is not None else None,
        older_seeds=tuple(seed.hex() for seed in predecessor.seeds) if predecessor is not None else (),
    )


def round_of(settings: FetchSettings, manifest: SourceManifest) -> str | None:
    """The round that the user gives, or the source manifest. Raises `UsageProblem` where they differ."""
    given, stated = settings.round, manifest.report.round
    if given is not None and stated is not None and given != stated:
        raise UsageProblem(f"--round is {given!r}, and the source manifest has the round {stated!r}; leave one out")
    return given if given is not None else stated
