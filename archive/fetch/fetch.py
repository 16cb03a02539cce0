"""`fetch`: a report or a source manifest in, a finished bag out; and what happens when something is there already."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from archive.capture.memento.timemap import host_of
from archive.capture.settings import FetchSettings
from archive.errors import AlreadyThere, BagUnreadable, UsageProblem
from archive.fetch.again import (
    accepts_alike,
    carry_over,
    latest,
    open_predecessor,
    require_same_decisions,
    state_conditions_of_carried,
    successor_path,
    taken_over,
)
from archive.fetch.final_check import FinalCheck
from archive.fetch.input import FetchInput, Input, conditions_of, first_event, read_order, round_of
from archive.fetch.older_bag import OlderBag, Predecessor, require_sound
from archive.fetch.option_differences import differences
from archive.fetch.passes import withdraw_failed
from archive.fetch.plan import NotContacted, media_hosts_contacted, requested_readings, third_parties_contacted
from archive.fetch.run import Run
from archive.fetch.run_clock import RunClock
from archive.fetch.unchanged import changed
from archive.progress import Progress
from archive.workfolder import folder as works
from archive.workfolder.bag_name import require_name
from archive.workfolder.discarding import discarding
from archive.workfolder.events import AddressEchoed, Begun
from archive.workfolder.folder import WorkFolder
from archive.workfolder.given_files import write_given_files
from archive_manifests.fixity import Fixity
from archive_manifests.ledger import AcceptedBag, Ledger

if TYPE_CHECKING:
    from archive.fetch.finish import FinishedBag
    from archive.fetch.supplied import Supplies


class FetchResult(Struct, frozen=True):
    """What `fetch` answers."""

    bag: Path
    """The bag; the work folder where the work is not finished."""
    ledger: Ledger
    tagmanifest: Fixity | None
    """None where the work is not finished."""
    echoes: tuple[AddressEchoed, ...] = ()
    """What servers sent back of the documenter's address: for the documenter alone, never in the bag."""
    was_there: bool = False
    """True where a finished bag of the same input gives the result, and no request was sent."""
    was_checked: bool = True
    """False where the bag was finished without being verified, as the caller wanted."""

    @property
    def has_gaps(self) -> bool:
        return any(entry.status.is_gap for entry in self.ledger.sources)


class FetchPlan(Struct, frozen=True):
    """What a fetch would ask, without asking it."""

    report: str
    sources: int
    hosts: dict[str, int]
    """Hosts of all readings that may be requested, and of how many sources each."""
    third_parties: tuple[str, ...]
    """Others that would learn of the documenter's interest."""
    media: tuple[str, ...] = ()
    """Systems that hold videos and files of the sources, with the hosts that get requests for them."""
    not_contacted: tuple[NotContacted, ...] = ()
    """Sources that get no request at all."""


def plan(
    source: Input,
    settings: FetchSettings,
    *,
    bag: Path | None = None,
    report: Path | None = None,
    again: bool = False,
    everything: bool = False,
) -> FetchPlan:
    """List the hosts that would get requests from `fetch` with the same values. No network."""
    order = read_order(source, report)
    _require_may_submit(order, settings)
    hosts: Counter[str] = Counter()
    urls, wishes, left_out = [], [], []
    older = _predecessor(_bag_path(bag, order), order, everything=everything) if again else None
    captured = frozenset[str]()
    if older is not None and not everything:
        captured = frozenset(entry.cited for entry in older.ledger.sources if not entry.status.is_gap)
    wanted = [each for each in order.manifest.sources if each.cited not in captured]
    for each in wanted:
        readings = requested_readings(each, settings)
        if isinstance(readings, NotContacted):
            left_out.append(readings)
            continue
        hosts.update({url.host for url in readings})
        urls += readings
        wishes += [(url, each.media) for url in readings[:1]]
    reaches_third_parties = settings.third_parties and order.manifest.report.published is not False
    third = third_parties_contacted(
        urls,
        archive=settings.memento and reaches_third_parties,
        others=reaches_third_parties,
        submits=settings.submit,
        timemaps=map(host_of, settings.timemaps),
        every_archive=settings.every_archive,
    )
    videos = media_hosts_contacted(wishes, media=settings.media)
    return FetchPlan(order.name, len(wanted), dict(sorted(hosts.items())), third, videos, tuple(left_out))


def _bag_path(bag: Path | None, order: FetchInput) -> Path:
    """Where the bag goes: as named, else after the report, in the current folder."""
    place = require_name(Path(bag if bag is not None else order.name).absolute())
    if place.name in ("", ".", ".."):
        raise UsageProblem(f"{place}: not a name for a bag; name the folder that is to become the bag")
    if place.name.endswith(".part"):
        raise UsageProblem(f"{place}: a work folder is called so; choose a name for the bag that does not end in .part")
    return place


def _predecessor(bag: Path, order: FetchInput, *, everything: bool) -> Predecessor:
    """The finished bag of the same input that --again follows. Raises `BagUnreadable`, `AlreadyThere`, `UsageProblem`.

    Where `everything` is captured anew, nothing of it has to fit what a person decided for the older bag.
    """
    found = latest(bag)
    if found is None:
        raise BagUnreadable(f"{bag}: no such bag, so nothing to follow; name it with -o, or leave --again out")
    _require_same_input(found, order)
    if everything:
        return replace(found, seeds=())  # none of its WARCs is taken over
    require_same_decisions(found, order.manifest)
    return found


def fetch(
    source: Input,
    bag: Path | None,
    settings: FetchSettings,
    *,
    report: Path | None = None,
    hold: bool = False,
    retry: bool = False,
    again: bool = False,
    everything: bool = False,
    check: bool = True,
    accept_unsound: bool = False,
    run_clock: RunClock | None = None,
    progress: Progress | None = None,
) -> FetchResult:
    """Capture what `source` cites and finish the bag, or resume where an earlier run stopped.

    `report` is the report of a source manifest that was reviewed. `retry` requests once more what a held work folder
    could not reach. `again` makes a new bag after a finished one and requests only what that one has not captured, or
    `everything`. The older bag must verify, unless `accept_unsound`: the new one then says so. The finished bag is
    verified before it gets its name, unless `check` is False.

    Raises `ArchiveError`s: `AlreadyThere`, `UsageProblem`, `InUse`, `NoNetwork`, `NotEnoughSpace`, `Interrupted`.
    """
    run_clock, progress = run_clock or RunClock(), progress or Progress()
    order = read_order(source, report, settings.round)
    _require_may_submit(order, settings)
    _require_round_first(order, settings, again=again, everything=everything)
    bag = _bag_path(bag, order)
    predecessor = _predecessor(bag, order, everything=everything) if again else None
    carried = None if everything else predecessor
    accepted = _accepted(carried, run_clock, accept_unsound=accept_unsound) if carried is not None else ()
    if predecessor is not None:
        bag = successor_path(bag)
    elif bag.exists():
        answer = _answer_of_finished(bag, order, settings)
        works.clear_away(work_path(bag))
        return answer
    supplies = _supplies(order, run_clock.instant())
    with ExitStack() as leaving:
        # Before the work folder is locked: a process that is forked later would share the lock.
        growing = works.base_of(work_path(bag))
        final_check = leaving.enter_context(FinalCheck(growing, forks=check and not hold))
        with discarding(work_path(bag)):
            work = work_folder(bag, order, settings, run_clock, predecessor, accepted)
            leaving.callback(work.close)
            write_report(work, order)
        if retry and work.state.ended is not None:
            withdraw_failed(work)
        if carried is not None:
            with OlderBag(carried.path) as older:
                carry_over(work, older, carried, order.manifest.sources)
        if work.state.ended is None:
            # Bound to no name: what it has in memory is not there any more while the bag is finished.
            Run(work, order.manifest, settings, run_clock=run_clock, progress=progress, supplies=supplies).capture_all()
            if predecessor is not None:
                state_conditions_of_carried(work, predecessor)
        if hold:
            work.stop_writing()
            return FetchResult(work.path, work.state.ledger(), None, tuple(work.state.echoes))
        finished = _finish(work, bag, run_clock, check=check, final_check=final_check)
    return FetchResult(finished.path, finished.ledger, finished.tagmanifest, tuple(work.state.echoes))


def _accepted(carried: Predecessor, run_clock: RunClock, *, accept_unsound: bool) -> tuple[AcceptedBag, ...]:
    """The bag that captures are taken over from, where it does not verify and is used all the same."""
    with OlderBag(carried.path) as older:
        taken = taken_over(older, carried)
    return require_sound(carried, taken, run_clock.instant(), accept_unsound=accept_unsound)


def _supplies(order: FetchInput, now: str) -> Supplies:
    """The files of a person's own that the source manifest names."""
    if order.folder is None or not any(source.supplied for source in order.manifest.sources):
        return {}
    from archive.fetch.supplied import stated_supplies  # late: it reads recordings

    return stated_supplies(order.manifest, order.folder, now)


def _finish(work: WorkFolder, bag: Path, run_clock: RunClock, *, check: bool, final_check: FinalCheck) -> FinishedBag:
    from archive.fetch.finish import finish  # late: `Run` loads it while it waits for responses

    return finish(work, bag, run_clock.bagged(), check=check, final_check=final_check)


def _require_may_submit(order: FetchInput, settings: FetchSettings) -> None:
    """Refuse to submit the sources of a report that is not published."""
    if settings.submit and order.manifest.report.published is False:
        raise UsageProblem(
            "--submit-wayback publishes what the report cites, and the source manifest says `published = false`; "
            "leave the switch out"
        )


def _require_round_first(order: FetchInput, settings: FetchSettings, *, again: bool, everything: bool) -> None:
    """Refuse to carry captures over that are older than the round: nothing may be begun before it is known."""
    if round_of(settings, order.manifest) is not None and again and not everything:
        raise UsageProblem(
            "--again carries captures over that were made before this round; give --all as well, or leave the round out"
        )


def finish_work_folder(path: Path, *, run_clock: RunClock | None = None, check: bool = True) -> FetchResult:
    """Finish a held work folder, named as the folder or as the bag that it becomes."""
    run_clock = run_clock or RunClock()
    part = path if path.name.endswith(".part") else work_path(path)
    part = part.absolute()
    if not part.is_dir():
        text = f"{part}: no work folder there; `archive fetch --hold` makes one"
        raise BagUnreadable(text).worded("no-work", path=str(part))
    with ExitStack() as leaving:
        final_check = leaving.enter_context(FinalCheck(forks=check))
        work = works.reopen_to_finish(part)
        leaving.callback(work.close)
        bag = part.with_name(part.name.removesuffix(".part"))
        finished = _finish(work, bag, run_clock, check=check, final_check=final_check)
    echoes = tuple(work.state.echoes)
    return FetchResult(finished.path, finished.ledger, finished.tagmanifest, echoes, was_checked=check)


def work_path(bag: Path) -> Path:
    return bag.with_name(f"{bag.name}.part")


def work_folder(
    bag: Path,
    order: FetchInput,
    settings: FetchSettings,
    run_clock: RunClock,
    predecessor: Predecessor | None = None,
    accepted: tuple[AcceptedBag, ...] = (),
) -> WorkFolder:
    """A new work folder for a bag, or the one that an earlier run with the same input and options left there."""
    path = work_path(bag)
    if path.exists() and not path.is_dir():
        raise AlreadyThere(f"{path}: a file is there, where the work folder should be; move it away")
    begun = works.peek(path) if path.exists() else None
    if begun is None:
        if path.exists() and any(each.name not in works.NAMES for each in path.iterdir()):
            raise AlreadyThere(f"{path}: not a work folder of ours; move it away or choose another name with -o")
        if predecessor is not None and run_clock.instant() == predecessor.ledger.ended:
            time.sleep(1)  # the ledger has whole seconds, and they tell the older run's records from this one's
        return _noted(works.create(path, first_event(order, settings, run_clock, predecessor, accepted)), settings)
    _require_same(path, begun, order, settings)
    wanted = replace(begun.conditions, accepted_bags=accepted)
    if predecessor is not None and not accepts_alike(begun.conditions, wanted):
        raise UsageProblem(
            f"{path}: begun when another verification of the older bag was accepted; move the folder away and run it "
            "again"
        )
    return _noted(works.reopen(path, now=run_clock.instant()), settings)


def _noted(work: WorkFolder, settings: FetchSettings) -> WorkFolder:
    """The work folder, with a note of the user's files that the run was given."""
    write_given_files(work.path, settings.cacerts, settings.cookies)
    return work


def _require_same(path: Path, begun: Begun, order: FetchInput, settings: FetchSettings) -> None:
    """Refuse to go on with another input or other options, and say which differs."""
    if begun.input_sha256 != order.input_sha256:
        raise UsageProblem(
            f"{path}: begun from another input (sha256 {begun.input_sha256[:16]}…, now {order.input_sha256[:16]}…); "
            "choose another name with -o, or remove the folder"
        )
    options = settings.as_options()
    # A folder that an earlier version began has the added roots among its conditions alone.
    before = {"added_cas": list(begun.conditions.added_cas), **begun.options}
    differing = [name for name in options if before.get(name) != options[name]]
    if differing:
        stated = differences(differing, before, options)
        raise UsageProblem(f"{path}: begun with other options ({stated}); use the same, or choose another name with -o")


def write_report(work: WorkFolder, order: FetchInput) -> None:
    """Write the report and what was read of it. Raises `FileChanged` where the report is another one by now."""
    for path, content in order.files:
        added = work.add_file(path, content)
        if isinstance(content, Path) and order.manifest.report.sha256 not in (None, added.sha256):
            work.remove_file(path)
            raise changed(content)


CONTENT_CONDITIONS = (
    *("user_agent", "connect_to", "added_cas", "accepted_certificates", "proxy", "allow_private", "cookies", "robots"),
    *("memento_policy", "round"),
)
"""Conditions that change the content of a bag; the speed of fetching does not."""


def _answer_of_finished(bag: Path, order: FetchInput, settings: FetchSettings) -> FetchResult:
    """The result of a finished bag of the same input; anything else at that path stays untouched."""
    try:
        there = open_predecessor(bag)
    except BagUnreadable as error:
        raise AlreadyThere(f"{bag}: something else is there already; choose another name with -o") from error
    _require_same_input(there, order)
    ledger = there.ledger
    wanted = conditions_of(settings, order.manifest)
    names = (*CONTENT_CONDITIONS, "third_parties", "submits", "media", "demonstration")
    differing = [name for name in names if getattr(wanted, name) != getattr(ledger.conditions, name)]
    if differing:
        before, now = ({name: getattr(each, name) for name in differing} for each in (ledger.conditions, wanted))
        stated = differences(differing, before, now)
        raise AlreadyThere(f"{bag}: a bag made with other options is there ({stated}); choose another name with -o")
    return FetchResult(bag, ledger, there.tagmanifest, was_there=True)


def _require_same_input(there: Predecessor, order: FetchInput) -> None:
    digests = {there.ledger.report.stated.sha256, hashlib.sha256(there.source_manifest).hexdigest()}
    if order.input_sha256 not in digests:
        raise AlreadyThere(f"{there.path}: a bag of another input is there already; choose another name with -o")
