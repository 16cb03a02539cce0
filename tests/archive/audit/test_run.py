"""Copies are compared with what they were when they were added, on both databases."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive.audit.accept import accept
from archive.audit.add import AddResult, add_bags
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag_copy
from archive.audit.catalogue.schema import event as events
from archive.audit.errors import CatalogueInUse
from archive.audit.look import CopyOutcome, Look
from archive.audit.run import AuditLimits, RunResult, run_audit
from archive.audit.selection import ALL, DUE, SAMPLE, CopySelection
from archive.audit.status import read_history, read_status
from archive.errors import UsageProblem
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import make_bag, put, retag


@pytest.fixture
def bags(tmp_path: Path) -> Path:
    root = tmp_path / "bags"
    for number in range(4):
        make_bag(root / f"b{number}", {"data/a.txt": b"%d\n" % number, "data/b.txt": b"both\n"})
    return root


def add(catalogue: CatalogueDatabase, engine: Inline, *roots: Path, custody: Custody | None = None) -> AddResult:
    return add_bags(catalogue, map(str, roots), custody or Custody(), engine)


def run(catalogue: CatalogueDatabase, engine: Inline, mode: str = ALL, **more: object) -> RunResult:
    return run_audit(catalogue, CopySelection(mode, **more), engine)  # type: ignore[arg-type]


def found(result: RunResult) -> list[tuple[CopyOutcome, list[str]]]:
    return [(look.outcome, codes(look)) for look in result.new]


def codes(look: Look) -> list[str]:
    return [f"{one.code} {one.path or ''}".strip() for one in look.problems if one.is_new]


def test_bags_that_are_what_they_were_are_sound(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    added = add(catalogue, engine, bags)
    assert (added.added, added.known, added.exit_code) == (4, 0, 0)
    result = run(catalogue, engine)
    assert (result.looked_at, result.left, result.outcomes[CopyOutcome.SOUND], result.exit_code) == (4, 0, 4, 0)
    assert result.new == ()
    with catalogue.reading() as connection:
        assert check_catalogue(connection) == (12, [])  # two runs with their ends, four added, four checked


def test_adding_again_changes_nothing(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    put(bags / "b1", "data/a.txt", b"other\n")
    again = add(catalogue, engine, bags, bags / "b1")
    assert (again.added, again.known) == (0, 4)
    assert found(run(catalogue, engine))[0][0] is CopyOutcome.DAMAGED


def test_each_kind_of_change_has_its_outcome(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    put(bags / "b0", "data/a.txt", b"9\n")
    shutil.rmtree(bags / "b1")
    make_bag(bags / "b1", {"data/a.txt": b"another bag\n"})
    shutil.rmtree(bags / "b2")
    result = run(catalogue, engine)
    assert sorted(found(result)) == [
        (CopyOutcome.DAMAGED, ["bag-gone"]),
        (CopyOutcome.DAMAGED, ["payload-altered data/a.txt"]),
        (CopyOutcome.SUBSTITUTED, ["pin-differs"]),
    ]
    assert result.outcomes == {
        CopyOutcome.SOUND: 1, CopyOutcome.DAMAGED: 2, CopyOutcome.SUBSTITUTED: 1, CopyOutcome.UNREADABLE: 0,
    }  # fmt: skip
    assert result.exit_code == 1


def test_a_tag_file_that_no_manifest_lists_is_pinned_too(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    put(bags / "b0", "notes.txt", b"from the archive\n")
    add(catalogue, engine, bags)
    put(bags / "b0", "notes.txt", b"from somebody else\n")
    assert found(run(catalogue, engine)) == [(CopyOutcome.DAMAGED, ["tag-file-changed notes.txt"])]


def test_a_failing_bag_is_added_as_failing_and_alarms_only_when_it_gets_worse(
    catalogue: CatalogueDatabase, engine: Inline, bags: Path
) -> None:
    put(bags / "b0", "data/a.txt", b"9\n")
    added = add(catalogue, engine, bags)
    assert (added.outcomes[CopyOutcome.DAMAGED], added.exit_code) == (1, 1)
    result = run(catalogue, engine)
    assert (result.outcomes[CopyOutcome.DAMAGED], result.new, result.exit_code) == (1, (), 0)
    put(bags / "b0", "data/b.txt", b"worse\n")
    assert found(run(catalogue, engine)) == [
        (CopyOutcome.DAMAGED, ["payload-altered data/b.txt", "oxum-differs bag-info.txt"])
    ]


def test_what_a_person_accepts_alarms_no_more(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    put(bags / "b0", "data/a.txt", b"9\n")
    shutil.rmtree(bags / "b1")
    make_bag(bags / "b1", {"data/a.txt": b"another bag\n"})
    run(catalogue, engine)
    accept(catalogue, str(bags / "b0"), "archivist-2", "the disk lost it; no other copy exists")
    accept(catalogue, str(bags / "b1"), "archivist-2", "a new version, on purpose")
    result = run(catalogue, engine)
    assert (result.new, result.outcomes[CopyOutcome.SOUND], result.outcomes[CopyOutcome.DAMAGED]) == ((), 3, 1)
    with catalogue.reading() as connection:
        history = read_history(connection, str(bags / "b1"))
    assert [entry.type for entry in history.entries] == ["added", "fixity check", "accepted", "fixity check"]
    assert history.entries[2].operator == "archivist-2"
    assert history.entries[2].facts["note"] == "a new version, on purpose"


def test_only_what_was_reported_can_be_accepted(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    with pytest.raises(UsageProblem, match="nothing new was found"):
        accept(catalogue, str(bags / "b0"), "a", "b")
    put(bags / "b0", "data/a.txt", b"9\n")
    run(catalogue, engine)
    put(bags / "b0", "data/b.txt", b"more\n")
    with pytest.raises(UsageProblem, match="has changed since"):
        accept(catalogue, str(bags / "b0"), "a", "b")


def test_an_empty_folder_is_a_disk_that_is_not_mounted(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    bags.rename(bags.with_name("elsewhere"))
    bags.mkdir()
    result = run(catalogue, engine)
    assert (result.outcomes[CopyOutcome.UNREADABLE], result.new, result.exit_code) == (4, (), 3)


def test_a_store_that_is_off_ends_the_run_and_the_run_continues_later(
    catalogue: CatalogueDatabase, engine: Inline, bags: Path
) -> None:
    add(catalogue, engine, bags)
    elsewhere = bags.rename(bags.with_name("elsewhere"))
    stopped = run_audit(catalogue, CopySelection(ALL), engine, limits=AuditLimits(stop_after=1))
    assert stopped.outcomes[CopyOutcome.UNREADABLE] + stopped.left == 4
    assert (stopped.state, stopped.left > 0, stopped.exit_code) == ("stopped", True, 3)
    elsewhere.rename(bags)
    result = run(catalogue, engine)
    assert (result.run_id, result.is_resumed, result.state) == (stopped.run_id, True, "ended")
    assert (result.outcomes[CopyOutcome.SOUND], result.left, result.exit_code) == (4, 0, 0)


def test_a_run_that_was_killed_continues_and_repeats_nothing(
    catalogue: CatalogueDatabase, engine: Inline, bags: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(catalogue, engine, bags)
    taken = []

    def killed(*arguments: object) -> None:
        if len(taken) == 2:
            raise KeyboardInterrupt
        taken.append(1)
        record(*arguments)  # type: ignore[arg-type]

    from archive.audit import run as module

    record = module.record_batch
    monkeypatch.setattr(module, "record_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        run(catalogue, engine)
    monkeypatch.setattr(module, "record_batch", record)
    result = run(catalogue, engine)
    assert (result.is_resumed, result.looked_at, result.left) == (True, 4, 0)
    with catalogue.reading() as connection:
        checks = select(func.count()).select_from(events).where(events.c.type == "fixity check")
        assert connection.execute(checks).scalar() == 4
        assert check_catalogue(connection)[1] == []


def test_only_due_copies_are_looked_at(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    assert run(catalogue, engine, DUE).looked_at == 0
    later = datetime.now(UTC) + timedelta(days=100)
    result = run_audit(catalogue, CopySelection(DUE), engine, now=lambda: later)
    assert (result.looked_at, result.overdue) == (4, 0)
    with catalogue.reading() as connection:
        assert read_status(connection, later).is_due == 0
        assert read_status(connection, later + timedelta(days=200)).overdue == 4


def test_a_sample_is_drawn_from_each_stratum_and_can_be_drawn_again(
    catalogue: CatalogueDatabase, engine: Inline, bags: Path, tmp_path: Path
) -> None:
    for number in range(3):
        make_bag(tmp_path / f"other/o{number}", {"data/a.txt": b"other %d\n" % number})
    add(catalogue, engine, bags, custody=Custody("one", "disk"))
    add(catalogue, engine, tmp_path / "other", custody=Custody("two", "disk"))
    first = run_audit(catalogue, CopySelection(SAMPLE, 2), engine, seed="ab" * 16)
    second = run_audit(catalogue, CopySelection(SAMPLE, 2), engine, seed="ab" * 16)
    assert (first.looked_at, second.looked_at, first.run_id == second.run_id) == (4, 4, False)
    checks = select(events.c.copy_id).where(events.c.type == "fixity check")
    with catalogue.reading() as connection:
        looked_at = {
            run_id: sorted(connection.execute(checks.where(events.c.run_id == run_id)).scalars())
            for run_id in (first.run_id, second.run_id)
        }
        strata = select(bag_copy.c.custodian, func.count()).where(bag_copy.c.copy_id.in_(looked_at[first.run_id]))
        assert dict(connection.execute(strata.group_by(bag_copy.c.custodian)).all()) == {"one": 2, "two": 2}  # type: ignore[arg-type]
    assert looked_at[first.run_id] == looked_at[second.run_id]


def test_packages_are_copies_too_and_other_archives_are_passed_over(
    catalogue: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    import tarfile

    root = tmp_path / "packages"
    root.mkdir()
    for name, mode in (("t1.tar", "w"), ("t2.tar.gz", "w:gz")):
        bag = make_bag(tmp_path / name.split(".")[0])
        with tarfile.open(root / name, mode) as package:  # type: ignore[call-overload]
            package.add(bag, bag.name)
    with tarfile.open(root / "other.tar", "w") as package:
        package.add(make_bag(tmp_path / "x") / "data", "stuff")
    shutil.make_archive(str(root / "t3"), "zip", tmp_path, "x")
    added = add(catalogue, engine, root)
    assert added.added == 3
    assert [one.why for one in added.passed_over] == ["contains no bag"]
    data = bytearray((root / "t1.tar").read_bytes())
    data[data.index(b"one\n")] ^= 1
    (root / "t1.tar").write_bytes(data)
    result = run(catalogue, engine)
    assert found(result) == [(CopyOutcome.DAMAGED, ["payload-altered data/a.txt"])]


def test_a_tag_manifest_that_is_gone_is_not_the_same_bag(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    for name in ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt"):
        (bags / "b0" / name).unlink()
    assert found(run(catalogue, engine)) == [(CopyOutcome.SUBSTITUTED, ["pin-differs", "tagmanifest-absent"])]


def test_a_rewritten_manifest_is_a_substitution(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    put(bags / "b0", "bag-info.txt", b"Bagging-Date: 2020-01-01\nPayload-Oxum: 7.2\n")
    retag(bags / "b0")
    assert [outcome for outcome, _ in found(run(catalogue, engine))] == [CopyOutcome.SUBSTITUTED]


def test_a_continued_run_still_says_what_it_found_before(
    catalogue: CatalogueDatabase, engine: Inline, bags: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.audit import run as module

    add(catalogue, engine, bags)
    put(bags / "b0", "data/a.txt", b"9\n")
    record = module.record_batch

    def killed(*arguments: object) -> None:
        record(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "record_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        run(catalogue, engine)
    monkeypatch.setattr(module, "record_batch", record)
    result = run(catalogue, engine)
    assert (found(result), result.looked_at, result.exit_code) == (
        [(CopyOutcome.DAMAGED, ["payload-altered data/a.txt"])], 4, 1,
    )  # fmt: skip


def test_two_coordinators_do_not_work_at_once(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    add(catalogue, engine, bags)
    with catalogue.coordinator(), pytest.raises(CatalogueInUse):
        run(catalogue, engine)
    assert run(catalogue, engine).looked_at == 4


def test_a_budget_that_is_spent_leaves_the_rest_for_the_next_call(
    catalogue: CatalogueDatabase, engine: Inline, bags: Path
) -> None:
    add(catalogue, engine, bags)
    spent = run_audit(catalogue, CopySelection(ALL), engine, limits=AuditLimits(seconds=0.0))
    assert (spent.looked_at, spent.left, spent.state, spent.exit_code) == (0, 4, "stopped", 3)
    result = run(catalogue, engine)
    assert (result.run_id, result.looked_at, result.exit_code) == (spent.run_id, 4, 0)


def test_a_seal_may_grow_and_loses_nothing(catalogue: CatalogueDatabase, engine: Inline, bags: Path) -> None:
    one, two = (f"SHA256-{letter * 43}.sig" for letter in "ab")
    for name in ("seal.json", one, two):
        put(bags / "b0.seal", name, name.encode())
    add(catalogue, engine, bags)
    put(bags / "b0.seal", ".lock", b"")  # left by a command that writes to the seal
    assert run(catalogue, engine).new == ()
    (bags / "b0.seal" / one).unlink()
    put(bags / "b0.seal", two, b"forged")
    (damaged,) = run(catalogue, engine).new
    changed = [each.path for each in damaged.problems if each.code == "seal-file-changed"]
    assert (damaged.outcome, changed) == (CopyOutcome.DAMAGED, [f"beside the bag: {one}", f"beside the bag: {two}"])
    shutil.rmtree(bags / "b0.seal")
    (gone,) = run(catalogue, engine).new
    assert sum(each.code == "seal-file-changed" for each in gone.problems) == 3
