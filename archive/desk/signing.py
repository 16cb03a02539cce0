"""Signs and timestamps for the desk: keys in the user's own folder, the same calls as `archive keygen` and `sign`."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from archive.bag.open import open_bag
from archive.capture.settings import FetchSettings
from archive.errors import UsageProblem
from archive.net import ClientSettings, HttpClient
from archive.seal.evidence import gather_for_seal
from archive.seal.facts import read_facts
from archive.seal.sealing import Sealed, SealOrder, seal_bag
from archive.seal.statement import Statement, make_statement
from archive.ssh.allowed_signers import entry_line
from archive.ssh.keys import PublicKey, is_encrypted, load_private, read_key_file, write_new_key
from archive.ssh.signature import Signer
from archive.timestamp.authority import patient_limits
from archive.trust.anchors import Anchors, load_anchors
from archive.trust.seal_folder import seal_folder
from archive.verify.run import verify

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}\Z")
LEAST_PASSPHRASE = 12
"""Characters: whoever copies the key's file can try passphrases for years."""


class StoredKey(Struct, frozen=True):
    """A key in the user's folder."""

    name: str
    fingerprint: str
    allowed_line: str
    """What a partner puts into `allowed_signers`."""
    is_encrypted: bool


def keys_in(folder: Path) -> list[StoredKey]:
    """The keys of the folder, by name."""
    if not folder.is_dir():
        return []
    found = []
    for place in sorted(folder.glob("*.pub")):
        private = place.with_suffix("")
        if _NAME.match(private.name) and private.is_file():
            public = PublicKey.from_text(place.read_text("utf-8"))
            line = entry_line(private.name)(public)
            found.append(StoredKey(private.name, public.fingerprint, line, is_encrypted(read_key_file(private))))
    return found


def make_key(folder: Path, name: str, passphrase: str, again: str) -> str:
    """Make a key that signs bags and nothing else; gives its name. Raises `UsageProblem`, `AlreadyThere`."""
    name = name or "documenter"
    if not _NAME.match(name):
        raise UsageProblem(f"{name[:60]}: only letters a-z, digits, - and _ can name a key; choose a pseudonym")
    if passphrase != again:
        raise UsageProblem("the two passphrases differ; type the same one twice")
    if len(passphrase) < LEAST_PASSPHRASE:
        raise UsageProblem(f"the passphrase is too short; use {LEAST_PASSPHRASE} characters at least, or five words")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_new_key(folder / name, passphrase.encode())
    return name


def load_key(folder: Path, name: str, passphrase: str) -> Signer:
    """A key of the folder. Raises `UsageProblem` for another name, `KeyUnusable` for a wrong passphrase."""
    if name not in {key.name for key in keys_in(folder)}:
        raise UsageProblem("choose a key, or make one first")
    content = read_key_file(folder / name)
    return load_private(content, passphrase.encode() if is_encrypted(content) else None, name)


def sign_bag(bag: Path, signer: Signer, trust: Path | None, now: datetime) -> Sealed:
    return seal_bag(bag, seal_folder(bag), SealOrder(signers=(signer,)), _anchors(trust), None, now)


def stamp_bag(bag: Path, authority: str, base: FetchSettings, trust: Path | None, now: datetime) -> str | None:
    """Get a timestamp, or write queries where no authority is given. Gives why there is none, or None."""
    order = SealOrder(urls=(authority,) if authority else (), queue=not authority, check_content=False)
    client = _client(base) if authority else None
    try:
        sealed = seal_bag(bag, seal_folder(bag), order, _anchors(trust), client, now)
    finally:
        if client is not None:
            client.close()
    return next((attempt.problem for attempt in sealed.attempts if attempt.problem is not None), None)


def statement_of(bag: Path, trust: Path | None, now: datetime) -> Statement:
    """What the seal licenses, checked now. Writes nothing."""
    found = verify(bag, trust=trust, now=now)
    with open_bag(bag) as opened:
        facts = read_facts(opened)
        who, when = found.answers["who"], found.answers["when"]
        return make_statement(opened.name, facts, who, when, gather_for_seal(opened, found, who, when))


def _anchors(trust: Path | None) -> Anchors | None:
    return load_anchors(trust) if trust is not None else None


def _client(base: FetchSettings) -> HttpClient:
    return HttpClient(
        ClientSettings(
            limits=patient_limits(),
            connect_to=base.routes(),
            cacerts=base.cacerts,
            proxy=base.way_out(),
            allow_private=base.allow_private,
        )
    )
