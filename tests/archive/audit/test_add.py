"""What is found below a root, and what is not: nothing that may be a bag is passed over in silence."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.audit.accept import accept
from archive.audit.add import AddResult, add_bags
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.look import CopyOutcome
from archive.audit.retire import retire
from archive.audit.run import run_audit
from archive.audit.selection import ALL, CopySelection
from archive.audit.status import read_history, read_status
from archive.errors import UsageProblem
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import make_bag, put


def add(catalogue: CatalogueDatabase, engine: Inline, *roots: Path) -> AddResult:
    return add_bags(catalogue, map(str, roots), Custody(), engine)


def tar_of(bag: Path, place: Path) -> Path:
    with tarfile.open(place, "w") as package:
        package.add(bag, bag.name)
    return place


def why(added: AddResult) -> list[tuple[str, bool]]:
    return [(one.why.partition(":")[0], one.is_unread) for one in added.passed_over]


@pytest.mark.parametrize("content", [b"", b"PK\3\4", os.urandom(3000)], ids=["empty", "begun", "noise"])
def test_a_package_too_damaged_to_say_what_it_is_is_not_passed_over_in_silence(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "b.zip").write_bytes(content)
    added = add(sqlite, engine, tmp_path / "root")
    assert why(added) == [("damaged, nobody can see whether it is a bag", True)]
    assert (added.added, added.exit_code) == (0, 3)


def test_what_is_left_of_a_truncated_package_is_added_as_damaged(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    bag, root = make_bag(tmp_path / "b"), tmp_path / "root"
    root.mkdir()
    package = root / "b.tar"
    with tarfile.open(package, "w") as members:
        for name in ("bagit.txt", "bag-info.txt", "data"):
            members.add(bag / name, f"b/{name}")
    package.write_bytes(package.read_bytes()[:2300])
    added = add(sqlite, engine, root)
    assert (added.outcomes[CopyOutcome.DAMAGED], added.passed_over, added.exit_code) == (1, [], 1)
    known = run_audit(sqlite, CopySelection(ALL), engine)
    assert (known.outcomes[CopyOutcome.DAMAGED], known.new) == (1, ())
    tar_of(bag, package)  # another file is there now, and whoever put it there has to say so
    assert [look.outcome for look in run_audit(sqlite, CopySelection(ALL), engine).new] == [CopyOutcome.SUBSTITUTED]


def test_a_root_without_a_bag_may_be_a_disk_that_is_not_mounted(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    (tmp_path / "root/sub").mkdir(parents=True)
    added = add(sqlite, engine, tmp_path / "root")
    assert [(one.place, one.is_unread) for one in added.passed_over] == [(str(tmp_path / "root"), True)]
    assert (added.added, added.exit_code) == (0, 3)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="who reads everything is refused nothing")
def test_a_folder_that_cannot_be_listed_is_not_passed_over_in_silence(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    make_bag(tmp_path / "root/open")
    make_bag(tmp_path / "root/closed/b")
    (tmp_path / "root/closed").chmod(0)
    try:
        added = add(sqlite, engine, tmp_path / "root")
    finally:
        (tmp_path / "root/closed").chmod(0o700)
    assert (why(added), added.added, added.exit_code) == ([("Permission denied", True)], 1, 3)


def test_an_unlisted_folder_ends_with_the_code_for_what_was_not_looked_at(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bag(tmp_path / "root/open")
    make_bag(tmp_path / "root/closed/b")
    scandir = os.scandir

    def refusing(place: object) -> object:
        if isinstance(place, str) and place.endswith("closed"):
            raise PermissionError(13, "Permission denied", place)
        return scandir(place)  # type: ignore[call-overload]

    monkeypatch.setattr("archive.audit.discover.os.scandir", refusing)
    added = add(sqlite, engine, tmp_path / "root")
    assert (why(added), added.added, added.exit_code) == ([("Permission denied", True)], 1, 3)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_fifo_with_the_name_of_a_package_is_named(sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path) -> None:
    make_bag(tmp_path / "root/b")
    os.mkfifo(tmp_path / "root/pipe.tar")
    added = add(sqlite, engine, tmp_path / "root")
    assert (why(added), added.added, added.exit_code) == ([("neither a folder nor a file", True)], 1, 3)


def test_what_a_repair_set_aside_or_left_unfinished_is_not_added(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    bag = make_bag(tmp_path / "root/b")
    shutil.copytree(bag, tmp_path / "root/b.damaged-20261129T095958Z")
    shutil.copytree(bag, tmp_path / "root/.b.repairing/b")
    added = add(sqlite, engine, tmp_path / "root")
    assert (why(added), added.added, added.exit_code) == ([("the damaged copy that a repair left", False)], 1, 0)


def test_a_wacz_is_reported_and_added_when_it_is_named(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    make_bag(tmp_path / "root/b")
    wacz = tmp_path / "root/x.wacz"
    for place, text in ((wacz, "one"), (tmp_path / "other.wacz", "two")):
        with zipfile.ZipFile(place, "w") as file:
            file.writestr("archive/data.warc", text)
    added = add(sqlite, engine, tmp_path / "root")
    assert (why(added), added.added) == ([("a WACZ, which is no bag; to add it, name the file itself", False)], 1)
    assert add(sqlite, engine, wacz).added == 1
    assert run_audit(sqlite, CopySelection(ALL), engine).new == ()
    (tmp_path / "other.wacz").replace(wacz)
    (look,) = run_audit(sqlite, CopySelection(ALL), engine).new
    assert "pin-differs" in [one.code for one in look.problems]


def test_a_sound_copy_is_retired_unread_and_looked_at_no_more(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    bag, _ = make_bag(tmp_path / "root/b"), make_bag(tmp_path / "root/c")
    add(sqlite, engine, tmp_path / "root")
    done = retire(sqlite, str(bag), "archivist-2", "the disk goes back")
    assert (done.place, done.codes, done.is_retired) == (str(bag), {}, True)
    shutil.rmtree(bag)
    result = run_audit(sqlite, CopySelection(ALL), engine)
    assert (result.looked_at, result.new, result.exit_code) == (1, (), 0)
    with sqlite.reading() as connection:
        history, status = read_history(connection, str(bag)), read_status(connection, datetime.now(UTC))
        assert check_catalogue(connection)[1] == []
    assert [(one.type, one.operator, one.facts.get("note")) for one in history.entries][1:] == [
        ("retired", "archivist-2", "the disk goes back")
    ]
    assert (status.copies, history.retired_at) == (1, history.entries[1].at)
    with pytest.raises(UsageProblem, match="already"):
        retire(sqlite, str(bag), "archivist-2", "again")
    make_bag(bag)
    assert add(sqlite, engine, tmp_path / "root").revived == [str(bag)]


@pytest.mark.parametrize("damage", [None, b"other\n"], ids=["sound", "damaged"])
def test_a_retired_copy_that_is_there_again_is_looked_at_again(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path, damage: bytes | None
) -> None:
    bag, _ = make_bag(tmp_path / "root/b"), make_bag(tmp_path / "root/c")
    add(sqlite, engine, tmp_path / "root")
    bag.rename(tmp_path / "away")
    run_audit(sqlite, CopySelection(ALL), engine)
    assert accept(sqlite, str(bag), "a", "lost").is_retired
    (tmp_path / "away").rename(bag)
    if damage:
        put(bag, "data/a.txt", damage)
    back = add(sqlite, engine, tmp_path / "root")
    assert (back.added, back.known, back.revived, back.exit_code) == (0, 1, [str(bag)], 1 if damage else 0)
    assert [str(look.outcome) for _, look in back.failing] == (["damaged"] if damage else [])
    shutil.rmtree(bag)
    lost = run_audit(sqlite, CopySelection(ALL), engine)
    assert [(one.outcome, one.problems[0].code) for one in lost.new] == [(CopyOutcome.DAMAGED, "bag-gone")]
    with sqlite.reading() as connection:
        assert check_catalogue(connection)[1] == []


def test_the_same_files_under_another_name_are_no_other_copy(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    bag, linked, copied = make_bag(tmp_path / "us/b"), tmp_path / "link", tmp_path / "hard/b"
    linked.symlink_to(tmp_path / "us")
    shutil.copytree(bag, copied, copy_function=os.link)
    added = add(sqlite, engine, linked, tmp_path / "us", tmp_path / "hard")
    same = f"the same files as {linked / 'b'}, which is in the catalogue"
    assert (added.added, why(added)) == (1, [(same, False)] * 2)
    assert [one.place for one in added.passed_over] == [str(bag), str(copied)]
    shutil.copytree(bag, tmp_path / "mirror/b")
    assert add(sqlite, engine, tmp_path / "mirror").added == 1
    (tmp_path / "again").symlink_to(tmp_path / "mirror")
    again = add(sqlite, engine, tmp_path / "again")
    assert (again.added, why(again)[0][0]) == (0, f"the same files as {tmp_path / 'mirror/b'}, which is in the catalogue")


def test_a_known_copy_keeps_its_custodian_until_it_is_reassigned(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    bag = make_bag(tmp_path / "us/b")
    add_bags(sqlite, [str(bag)], Custody("us", "disk"), engine)
    again = add_bags(sqlite, [str(bag)], Custody("partner"), engine)
    assert [(one.before, one.after) for one in again.other_custody] == [(Custody("us", "disk"), Custody("partner", "disk"))]
    changed = add_bags(sqlite, [str(bag)], Custody("partner", "deep"), engine, operator="a", change_custody=True)
    assert (changed.is_reassigned, changed.exit_code) == (True, 0)
    with sqlite.reading() as connection:
        history = read_history(connection, str(bag))
        assert check_catalogue(connection)[1] == []
    assert (history.copy.custodian, history.copy.storage_class) == ("partner", "deep")
    assert (history.entries[-1].type, history.entries[-1].facts["note"]) == ("custody changed", "us, disk -> partner, deep")
