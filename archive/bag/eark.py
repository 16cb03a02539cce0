"""An E-ARK package, and the bag in it: representations described by METS files. (E-ARK CSIP 2.1.0)

`archive pack --as eark` makes such packages, with a bag as their one representation. The package itself is no bag.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from archive.bag.folder import FolderBag
from archive.bag.interface import Bag
from archive_manifests import layout

_REPRESENTATIONS = "representations/"
MOST_BAGS = 1000


class EarkPackage(Struct, frozen=True):
    """An E-ARK package that was opened as if it were a bag."""

    package: Bag
    """Its files, METS.xml at the top."""
    metadata: tuple[str, ...]
    """The METS files: the package's own, and one of each representation that has one."""
    bags: tuple[str, ...]
    """The folders of bags in it, outermost ones only, within the package."""

    def open_bag(self, folder: str) -> Bag:
        """A bag in the package, read where it is. The package no longer lists its files then."""
        if isinstance(self.package, FolderBag):
            return FolderBag(self.package.location / folder)
        from archive.bag.package import PackageFile

        assert isinstance(self.package, PackageFile)
        return self.package.take_out(folder)


def find_eark(bag: Bag) -> EarkPackage | None:
    """The E-ARK package that was opened; None for anything else.

    CSIP 2.1.0, 4.1 (CSIPSTR4, CSIPSTR9): `METS.xml` is in the package's folder, content in `representations`.
    """
    if not isinstance(bag, FolderBag) and not _is_package_with_mets(bag):
        return None
    paths = [entry.path for entry in bag.tag_entries()]
    if layout.METS not in paths or layout.DECLARATION in paths or not any(map(_is_content, paths)):
        return None
    own = sorted(one for one in paths if one.count("/") == 2 and _is_content(one) and one.endswith(f"/{layout.METS}"))
    return EarkPackage(bag, (layout.METS, *own), tuple(_outermost(paths)))


def _is_package_with_mets(bag: Bag) -> bool:
    from archive.bag.package import PackageFile

    return isinstance(bag, PackageFile) and bag.holds(layout.METS)


def _is_content(path: str) -> bool:
    return path.startswith(_REPRESENTATIONS)


def _outermost(paths: Iterable[str]) -> list[str]:
    ending = f"/{layout.DECLARATION}"
    declared = {path.removesuffix(ending) for path in paths if _is_content(path) and path.endswith(ending)}
    return sorted(folder for folder in declared if not any(above in declared for above in _above(folder)))[:MOST_BAGS]


def _above(folder: str) -> list[str]:
    parts = folder.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
