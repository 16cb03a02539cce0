"""Repair: from a sound copy, from several damaged ones, from recovery data; the old copy stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.audit.add import add_bags
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.errors import RepairRefused
from archive.audit.look import CopyOutcome
from archive.audit.repair import run as repairing
from archive.audit.repair.run import Repaired, plan_repair, repair
from archive.audit.run import run_audit
from archive.audit.selection import ALL, CopySelection
from archive.audit.status import read_history
from archive.errors import UsageProblem
from archive.handover import par2
from archive.handover.par2 import Par2Failed
from archive.trust import custody_log
from archive.verify.run import verify
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import FILES, make_bag, put

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def copies(tmp_path: Path, catalogue: CatalogueDatabase, engine: Inline) -> list[Path]:
    """Three copies of one bag."""
    first = make_bag(tmp_path / "one/R1")
    places = [first, *(shutil.copytree(first, tmp_path / f"{name}/R1") for name in ("two", "three"))]
    for place in places:
        put(place.parent, "beside.txt", b"")
        add_bags(catalogue, [str(place)], Custody(place.parent.name), engine)
    return places


def done(catalogue: CatalogueDatabase, place: Path, *sources: Path) -> Repaired:
    return repair(catalogue, plan_repair(catalogue, str(place), [str(each) for each in sources], NOW), "archivist-2")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def test_a_damaged_copy_is_rebuilt_and_the_damaged_one_stays(
    catalogue: CatalogueDatabase, engine: Inline, copies: list[Path]
) -> None:
    sound = contents(copies[0])
    put(copies[0], "data/a.txt", b"damaged")
    (copies[0] / "manifest-sha512.txt").unlink()
    damaged = contents(copies[0])
    run_audit(catalogue, CopySelection(ALL), engine)
    made = done(catalogue, copies[0], copies[1])
    assert contents(copies[0]) == sound
    assert made.old == copies[0].with_name("R1.damaged-20261122T100000Z")
    assert contents(made.old) == damaged
    assert sorted(each.name for each in copies[0].parent.iterdir()) == [
        "R1", "R1.damaged-20261122T100000Z", "R1.seal", "beside.txt",
    ]  # fmt: skip
    result = run_audit(catalogue, CopySelection(ALL), engine)
    assert (result.outcomes[CopyOutcome.SOUND], result.new) == (3, ())
    with catalogue.reading() as connection:
        history = read_history(connection, str(copies[0]))
        assert check_catalogue(connection)[1] == []
    assert [entry.type for entry in history.entries] == [
        "added", "fixity check", "repair began", "repaired", "fixity check",
    ]  # fmt: skip
    assert history.entries[3].operator == "archivist-2"
    log = custody_log.read_log(copies[0].with_name("R1.seal"), custody_log.first_prev(copies[0].with_name("R1.seal")))
    assert [(each.type, each.outcome) for each in log.events] == [("recovery", "pass")]
    assert str(copies[0].parent) not in log.text.decode()


def test_copies_damaged_in_different_files_make_a_sound_one(
    catalogue: CatalogueDatabase, engine: Inline, copies: list[Path]
) -> None:
    sound = contents(copies[0])
    put(copies[0], "data/a.txt", b"damaged")
    put(copies[1], "data/sub/b.bin", b"damaged")
    (copies[1] / "manifest-sha256.txt").write_bytes(b"damaged")
    (copies[2] / "bag-info.txt").unlink()
    put(copies[2], "data/sub/b.bin", b"damaged too")
    made = done(catalogue, copies[0], copies[1], copies[2])
    assert contents(copies[0]) == sound
    assert set(made.taken) == {str(each) for each in copies}


def test_a_copy_that_is_gone_is_made_again(catalogue: CatalogueDatabase, engine: Inline, copies: list[Path]) -> None:
    sound = contents(copies[0])
    shutil.rmtree(copies[0])
    made = done(catalogue, copies[0], copies[1])
    assert (made.old, contents(copies[0])) == (None, sound)


def test_where_no_copy_has_the_right_bytes_nothing_is_changed(
    catalogue: CatalogueDatabase, engine: Inline, copies: list[Path]
) -> None:
    put(copies[0], "data/a.txt", b"damaged")
    put(copies[1], "data/a.txt", b"damaged elsewhere")
    before = contents(copies[0].parent)
    with pytest.raises(RepairRefused, match=r"no copy has the right bytes of data/a\.txt"):
        done(catalogue, copies[0], copies[1])
    assert contents(copies[0].parent) == before


def test_a_copy_is_never_repaired_into_another_bag(
    catalogue: CatalogueDatabase, engine: Inline, copies: list[Path], tmp_path: Path
) -> None:
    put(copies[0], "data/a.txt", b"damaged")
    other = make_bag(tmp_path / "forged/R1", {**FILES, "data/a.txt": b"forged"})
    before = contents(copies[0].parent)
    with pytest.raises(RepairRefused, match="no copy has the right bytes"):
        done(catalogue, copies[0], other)
    assert contents(copies[0].parent) == before


def test_an_interrupted_repair_leaves_nothing_that_the_next_one_trips_over(
    catalogue: CatalogueDatabase, engine: Inline, copies: list[Path]
) -> None:
    put(copies[0], "data/a.txt", b"damaged")
    put(copies[0].parent / ".R1.repairing/R1", "data/half.txt", b"half")
    done(catalogue, copies[0], copies[1])
    assert verify(copies[0]).is_valid
    assert not (copies[0].parent / ".R1.repairing").exists()


class Killed(BaseException):
    """Ends a repair as SIGKILL does: nothing handles it."""


@pytest.mark.parametrize("step", ["_swap", "rename", "_enter", "_with_custody"])
@pytest.mark.parametrize("kind", ["folder", "package"])
def test_a_repair_that_is_killed_at_any_step_is_right_afterwards_and_entered_once(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, kind: str
) -> None:
    place = make_bag(tmp_path / "made/R1")
    if kind == "package":
        with tarfile.open(tmp_path / "made/R1.tar", "w") as tar:
            tar.add(place, "R1")
        place = tmp_path / "made/R1.tar"
    (tmp_path / "kept").mkdir()
    good = tmp_path / "kept" / place.name
    shutil.copytree(place, good) if place.is_dir() else shutil.copy(place, good)
    add_bags(sqlite, [str(place)], Custody(), engine)
    flip(place / "data/a.txt" if place.is_dir() else place, b"one\n")
    damaged = contents(place) if place.is_dir() else place.read_bytes()

    def killed(*_: object) -> None:
        raise Killed

    def between(self: Path, target: Path) -> Path:
        if ".repairing" in str(self):
            raise Killed
        return Path(os.rename(self, target) or target)  # noqa: PTH104 -- the method itself is replaced

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Path, "rename", between) if step == "rename" else patch.setattr(repairing, step, killed)
        patch.setattr(repairing, "_remove", lambda _: None)  # SIGKILL leaves what is half done
        done(sqlite, place, good)
    if step == "_with_custody":
        with pytest.raises(RepairRefused, match="its last repair is entered"):
            done(sqlite, place, good)
    else:
        done(sqlite, place, good)
    assert (contents(place) == contents(good)) if place.is_dir() else (place.read_bytes() == good.read_bytes())
    old = place.with_name(f"{place.name}.damaged-20261122T100000Z")
    assert (contents(old) if old.is_dir() else old.read_bytes()) == damaged
    assert not (place.parent / f".{place.name}.repairing").exists()
    seal = place.with_name("R1.seal")
    assert len(custody_log.read_log(seal, custody_log.first_prev(seal)).events) == 1
    with sqlite.reading() as connection:
        types = [entry.type for entry in read_history(connection, str(place)).entries]
        assert (types.count("repaired"), types[-1], check_catalogue(connection)[1]) == (1, "repaired", [])


def test_a_repair_needs_a_source_that_is_not_the_copy_itself(catalogue: CatalogueDatabase, copies: list[Path]) -> None:
    with pytest.raises(UsageProblem, match="not repaired from itself"):
        plan_repair(catalogue, str(copies[0]), [str(copies[0])], NOW)
    with pytest.raises(UsageProblem, match="name a sound copy"):
        plan_repair(catalogue, str(copies[0]), [], NOW)
    with pytest.raises(UsageProblem, match="neither a copy of the catalogue nor a path"):
        plan_repair(catalogue, str(copies[0]), ["/nowhere"], NOW)


@pytest.fixture
def package(tmp_path: Path, catalogue: CatalogueDatabase, engine: Inline) -> Path:
    bag = make_bag(tmp_path / "R2")
    (tmp_path / "packages").mkdir()
    with tarfile.open(tmp_path / "packages/R2.tar", "w") as tar:
        tar.add(bag, "R2")
    add_bags(catalogue, [str(tmp_path / "packages")], Custody(), engine)
    return tmp_path / "packages/R2.tar"


def flip(place: Path, at: bytes) -> None:
    data = bytearray(place.read_bytes())
    data[data.index(at)] ^= 1
    place.write_bytes(data)


def test_a_package_is_taken_from_a_package(
    catalogue: CatalogueDatabase, engine: Inline, package: Path, tmp_path: Path
) -> None:
    sound = package.read_bytes()
    other = Path(shutil.copy(package, tmp_path / "other.tar"))
    flip(package, b"one\n")
    made = done(catalogue, package, other)
    assert package.read_bytes() == sound
    assert made.old is not None
    assert made.old.read_bytes() != sound
    flip(other, b"one\n")
    flip(package, b"one\n")
    with pytest.raises(RepairRefused, match="payload-altered"):
        done(catalogue, package, other)


def test_the_last_copy_is_repaired_from_recovery_data(
    catalogue: CatalogueDatabase, engine: Inline, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if par2.program() is None:
        pytest.skip("the program par2 is not installed")
    sound = package.read_bytes()
    made = par2.create(package, 20)
    assert made
    flip(package, b"one\n")
    assert done(catalogue, package).taken == {f"{package}.par2": 1}
    assert package.read_bytes() == sound
    package.write_bytes(b"nothing is left")
    with pytest.raises(Par2Failed, match="par2 repair"):
        done(catalogue, package)


@pytest.mark.torture
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize("step", ["_swap", "_enter", "_with_custody"])
def test_sigkill_at_a_step_of_a_repair_from_recovery_data_leaves_one_record(
    catalogue: CatalogueDatabase, package: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if par2.program() is None:
        pytest.skip("the program par2 is not installed")
    sound = package.read_bytes()
    par2.create(package, 30)
    flip(package, b"one\n")
    kill = f"import os; import archive.audit.repair.run as run; run.{step} = lambda *_: os.kill(os.getpid(), 9); "
    name = catalogue.name if catalogue.is_file else catalogue.url.set(drivername="postgresql").render_as_string()
    words = ("repair", str(package), "--yes", "--catalogue", name)
    for code in (kill, ""):
        program = f"{code}from archive_cli.main import main; main()"
        subprocess.run([sys.executable, "-c", program, *words], check=False, capture_output=True)
    assert package.read_bytes() == sound
    seal = package.with_name("R2.seal")
    assert len(custody_log.read_log(seal, custody_log.first_prev(seal)).events) == 1
    with catalogue.reading() as connection:
        types = [entry.type for entry in read_history(connection, str(package)).entries]
        assert (types.count("repaired"), check_catalogue(connection)[1]) == (1, [])
