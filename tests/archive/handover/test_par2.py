"""Recovery data beside a package, made with the program par2."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import UsageProblem
from archive.handover import par2
from archive.handover.pack import PackOrder, pack
from archive.handover.par2 import Par2Failed
from tests.archive.verify.sample_bags import make_bag

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _beside_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


needs_par2 = pytest.mark.skipif(
    not (par2.program() or (Path(sys.executable).parent / "par2").exists()), reason="the program par2 is not installed"
)


@needs_par2
def test_a_package_is_recovered_from_what_pack_wrote_beside_it(tmp_path: Path) -> None:
    packed = pack(make_bag(tmp_path / "R1"), PackOrder(into=tmp_path / "out", par2=20), NOW)
    package = tmp_path / "out/R1.tar"
    assert par2.index_of(package) in packed.places
    sound = package.read_bytes()
    package.write_bytes(sound[:3000] + b"damaged" + sound[3007:])
    par2.recover(package, tmp_path / "recovered.tar")
    assert (tmp_path / "recovered.tar").read_bytes() == sound
    assert package.read_bytes() != sound
    assert not (tmp_path / "par2").exists()


@needs_par2
def test_recovery_data_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"x" * 5000)
    par2.create(tmp_path / "a.tar", 10)
    with pytest.raises(UsageProblem, match="is there already"):
        par2.create(tmp_path / "a.tar", 10)


def test_without_the_program_nothing_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Par2Failed, match="needs the program par2"):
        pack(make_bag(tmp_path / "R1"), PackOrder(into=tmp_path / "out", par2=20), NOW)
    assert not (tmp_path / "out").exists()
