"""The page beside a seal, compared with the one that a verification would write now."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from archive.bag.open import open_bag
from archive.seal.evidence import gather
from archive.seal.facts import NotSealable, read_facts
from archive.seal.statement import as_html, make_statement
from archive.trust import seal_folder
from archive.trust.seal_folder import FileRefused
from archive.verify.result.verification import Verification

UNSIGNED = "statement-unsigned"


def without_confirmed_statement(found: Verification, folder: Path) -> Verification:
    """The verification; without `statement-unsigned` where the page in `folder` says what this run shows.

    Who wrote such a page does not matter.
    """
    if not any(one.code == UNSIGNED for one in found.findings) or not _is_confirmed(found, folder):
        return found
    return replace(found, findings=tuple(one for one in found.findings if one.code != UNSIGNED))


def _is_confirmed(found: Verification, folder: Path) -> bool:
    try:
        page = seal_folder.read_file(folder, seal_folder.STATEMENT)
        with open_bag(found.bag) as bag:
            facts, name, evidence = read_facts(bag), bag.name, gather(bag, found)
    except (FileRefused, NotSealable):
        return False
    statement = make_statement(name, facts, found.answers["who"], found.answers["when"], evidence)
    return page == as_html(statement).encode()
