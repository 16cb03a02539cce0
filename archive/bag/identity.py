"""What identifies a bag: the facts that a seal states and a receipt binds, computed from the bag itself."""

from __future__ import annotations

import hashlib

from archive.bag.derived import origin_facts
from archive.bag.interface import Bag
from archive.bag.tagfiles import TagFiles
from archive_manifests.seal import SealedFacts, TagManifestDigests


def facts_of(bag: Bag, tags: TagFiles, files: int, octets: int, events: bytes | None) -> SealedFacts:
    """What a seal states of a bag whose tag files were read, and whose payload was counted.

    `events` are the bytes of the events log, None where there is none.
    """
    ids = tags.info.values("External-Identifier") if tags.info else ()
    names = sorted(manifest.name for manifest in tags.tag_manifests if manifest.name in tags.texts)
    manifests = tuple(
        TagManifestDigests(name, tags.digests[name]["sha256"], tags.digests[name]["sha512"]) for name in names
    )
    head = hashlib.sha256(events[events.rfind(b"\n", 0, -1) + 1 :]).hexdigest() if events else None
    own = SealedFacts(ids[0] if ids else None, manifests, files, octets, head)
    return origin_facts(bag, tags, own) or own
