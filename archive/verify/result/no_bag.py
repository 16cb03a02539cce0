"""What a folder or package without `bagit.txt` looks like, and what to run then."""

from __future__ import annotations

from archive.bag.tagfiles import TagFiles
from archive.trust.seal_folder import is_seal_file
from archive_manifests import layout

_SHOWN = 120
_WARCS = (".warc", ".warc.gz")


def hint_on(tags: TagFiles) -> str | None:
    """A sentence on what is there instead of a bag; None where nothing is."""
    from archive_manifests.wacz import DESCRIPTION

    ending = f"/{layout.DECLARATION}"
    folder = min((name.removesuffix(ending) for name in tags.entries if name.endswith(ending)), default=None)
    if folder:
        return f"the bag lies deeper, in {folder[:_SHOWN]}; name that folder"
    if {layout.LEDGER, layout.RECORDS} <= {f"{layout.PAYLOAD}{name}" for name in tags.entries}:
        return "it is the data folder of a bag: name the folder above it"
    if tags.entries and all(map(is_seal_file, tags.entries)):
        return "it is the seal of a bag: `archive verify` the bag beside it, which takes the seal along"
    warcs = sorted(name for name in tags.entries if name.lower().endswith(_WARCS))
    if DESCRIPTION in tags.entries and (warcs or any(name.startswith("indexes/") for name in tags.entries)):
        return (
            f"it looks like an unpacked WACZ: put {DESCRIPTION} and the folders beside it at the top of a zip, not "
            "compressed (zip -0 -r NAME.wacz *), and give that"
        )
    recordings = [name for name in tags.entries if name.lower().endswith(layout.WACZ_SUFFIX)] + warcs
    if recordings:
        first = recordings[0][:_SHOWN]
        return f"it has recordings ({first}): `archive import FILE... --report REPORT` makes a bag of them"
    if tags.payload_manifests:
        return "it has a manifest: the file may have been lost on the way; get the bag again from who made it"
    if tags.entries:
        return (
            "it looks like a folder of files: `archive fetch REPORT` makes a bag of a report and what it cites, "
            "`archive supply` adds files to one"
        )
    return None
