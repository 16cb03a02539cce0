"""The labels of our `bag-info.txt` are those that RFC 8493 reserves, and four of our own."""

from archive.page.bag_info import info_fields
from archive_manifests.tags import RESERVED, Oxum
from tests.archive.page.sample_ledger import every_verdict

OWN = {"BagIt-Profile-Identifier", "Bag-Software-Agent", "Access", "Previous-Bag-Tagmanifest"}


def test_every_label_is_reserved_by_the_standard_or_one_of_ours() -> None:
    fields = dict(info_fields(every_verdict(), Oxum(1, 1), "0" * 64, "2026-11-22"))
    assert fields.keys() - OWN <= set(RESERVED)
    assert fields["Bag-Group-Identifier"] == every_verdict().report.stated.id
