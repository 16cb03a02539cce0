"""What identifies a bag: the facts that a seal states and a receipt binds, computed from the bag itself."""

from __future__ import annotations

import hashlib

from archive.bag.derived import origin_facts
from archive.bag.interface import Bag
from archive.bag.tagfiles import TagFiles
from archive_manifests.disclosure import Commitment, parse_commitment
from archive_manifests.errors import StatementError
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.layout import DISCLOSURE
from archive_manifests.seal import SealedFacts, TagManifestDigests


def _identifying(tags: TagFiles) -> list[str]:
    """The tag files whose digests identify the bag: its tag manifests, which are optional (RFC 8493, 2.2.1).

    Without one in a strong algorithm: every tag file of the root, the payload manifests among them.
    """
    if any(manifest.algorithm in BAG_ALGORITHMS for manifest in tags.tag_manifests):
        return [manifest.name for manifest in tags.tag_manifests if manifest.name in tags.texts]
    return [name for name in tags.digests if "/" not in name]


def facts_of(bag: Bag, tags: TagFiles, events: bytes | None) -> SealedFacts:
    """What a seal states of a bag whose tag files were read.

    `events` are the bytes of the events log, None where there is none.
    """
    ids = tags.info.values("External-Identifier") if tags.info else ()
    names = sorted(_identifying(tags))
    manifests = tuple(
        TagManifestDigests(name, tags.digests[name]["sha256"], tags.digests[name]["sha512"]) for name in names
    )
    head = hashlib.sha256(events[events.rfind(b"\n", 0, -1) + 1 :]).hexdigest() if events else None
    own = SealedFacts(ids[0] if ids else None, manifests, head, _commitment(tags))
    return origin_facts(bag, tags, own) or own


def _commitment(tags: TagFiles) -> Commitment | None:
    try:
        return parse_commitment(tags.texts.get(DISCLOSURE, b""))
    except StatementError:
        return None
