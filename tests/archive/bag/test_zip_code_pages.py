"""Names that an old Windows wrote into a zip in the code page of its country, without saying so."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from archive.bag.open import open_bag
from archive.verify.run import verify
from tests.archive.verify.sample_bags import make_bag, observed


def zip_in(page: str, bag: Path, place: Path) -> Path:
    """A zip as Explorer writes it: names in a code page, no flag."""

    class Member(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
            return self.filename.encode(page), self.flag_bits

    with zipfile.ZipFile(place, "w") as packed:
        for file in sorted(bag.rglob("*")):
            if file.is_file():
                packed.writestr(Member(f"{bag.name}/{file.relative_to(bag)}"), file.read_bytes())
    return place


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("cp437", "déjà.txt"),
        ("cp720", "شاهد.txt"),
        ("cp1256", "شاهد.txt"),
        ("cp866", "доклад.txt"),
        ("cp862", "עד.txt"),
        ("cp932", "報告ソ.txt"),
        ("gb18030", "报告.txt"),
    ],
)
def test_the_manifests_show_in_which_code_page_the_names_are(tmp_path: Path, page: str, name: str) -> None:
    files = {f"data/{name}": b"one", "data/plain.txt": b"two"}
    place = zip_in(page, make_bag(tmp_path / "R1", files), tmp_path / "R1.zip")
    found = verify(place, jobs=1)
    assert observed(found) == ["(package-code-page)"]
    assert found.findings[0].found == f"1 names in {page}"
    with open_bag(place) as bag:
        assert sorted(entry.path for entry in bag.payload_entries()) == sorted(files)


def test_names_that_no_manifest_lists_in_any_code_page_stay_as_the_standard_reads_them(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", {"data/plain.txt": b"two"})
    (bag / "data" / "شاهد.txt").write_bytes(b"one")
    found = verify(zip_in("cp720", bag, tmp_path / "R1.zip"), jobs=1)
    unlisted = f"data/{'شاهد'.encode('cp720').decode('cp437')}.txt"
    assert observed(found) == ["(package-code-page)", "oxum-differs bag-info.txt", f"payload-unlisted {unlisted}"]
