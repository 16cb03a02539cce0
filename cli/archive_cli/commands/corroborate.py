"""`archive corroborate`: several observers' bags of one report, source by source."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli.help_layout import Grouped
from archive_cli.output import listed, message, print_line, print_next
from archive_cli.parameters import FILE, FOLDER, TRUST, TSA, ObservedBag, ProxyAddress
from archive_cli.shell import shell_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archive.corroborate.countersign import CountersignedFiles
    from archive.net import HttpClient
    from archive.ssh.signature import Signer
    from archive_manifests.corroboration import (
        ArchiveEvidence,
        CorroboratedSource,
        Corroboration,
        ObserverFacts,
        Relation,
    )

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("corroborate", cls=Grouped)
@click.argument("bags", metavar="BAG BAG...", nargs=-1, required=True, type=ObservedBag())
@click.option("-o", "--output", type=FOLDER, metavar="DIR", help="Write corroboration.json and a page there.")
@click.option("--trust", type=TRUST, metavar="FOLDER", help="Whom you trust: allowed_signers and tsa/.")
@click.option("--key", "keys", multiple=True, type=_PATH, help="Countersign with this key; a .pub signs by ssh-agent.")
@click.option("--passphrase-file", type=_FILE, help="The keys' passphrase, in the first line of a file.")
@click.option("--tsa", "urls", multiple=True, type=TSA, metavar="NAME|URL", help="Timestamp the signature (RFC 3161).")
@click.option("--connect-to", multiple=True, metavar="HOST:PORT:ADDR:PORT", help="Connect elsewhere, as curl does.")
@click.option("--cacert", "cacerts", multiple=True, type=FILE, help="Trust these roots beside the usual ones.")
@click.option(
    "--proxy", type=ProxyAddress(), metavar="URL", help="Go through http://HOST:PORT or socks5h://HOST:PORT (Tor)."
)
@click.option("--allow-private", is_flag=True, help="Permit private and loopback addresses.")
@click.option("--json", "as_json", is_flag=True, help="Print corroboration.json.")
def command(bags: tuple[Path, ...], output: Path | None, trust: Path | None, as_json: bool, **given: Any) -> None:
    r"""Compare several observers' bags of one report, source by source and pair by pair.

    Each BAG is verified first; one that is not sound counts for nothing. Nobody is outvoted: where two observers saw
    different things, the source is contradicted. With --key you countersign the result, your own or the same one
    that is in DIR. Exit code 0: nothing contradicts; 1: something does, or a bag does not count.

    \b
    Example:
      archive corroborate mine/R210517 theirs/R210517 -o R210517.corroboration
    """
    from archive.corroborate.corroborate import corroborate

    signers = _signers(output, given)
    paths: dict[str, Path] = {}
    document = corroborate(
        bags, trust=trust, now=datetime.now(UTC), on_bag=lambda bag, fingerprint: paths.update({fingerprint: bag})
    )
    written = _write(document, output, trust, signers, given) if output is not None else None
    _show(document, written, paths, _left(bags, paths.values()), trust, as_json=as_json)
    is_stamped = written is None or all(one.problem is None for one in written.attempts)
    sys.exit(1 if document.refused or _contradicted(document) or not is_stamped else 0)


def _contradicted(document: Corroboration) -> bool:
    from archive_manifests.corroboration import SourceState

    return any(one.state is SourceState.CONTRADICTED for one in document.sources)


def _signers(output: Path | None, given: dict[str, Any]) -> list[Signer]:
    """The keys, opened before any bag is read, as whatever else would stop the command after an hour of comparing."""
    from archive.corroborate.countersign import check_place
    from archive_cli.signers import load_signer

    if (given["keys"] or given["urls"]) and output is None:
        raise click.UsageError("--key and --tsa sign the files of a folder; give -o DIR")
    if given["urls"] and not given["keys"]:
        raise click.UsageError("--tsa stamps a signature, so it needs --key")
    if output is not None:
        check_place(output)
    return [load_signer(path, given["passphrase_file"]) for path in given["keys"]]


def _write(
    document: Corroboration, output: Path, trust: Path | None, signers: list[Signer], given: dict[str, Any]
) -> CountersignedFiles:
    from archive.corroborate.countersign import countersign, write_corroboration
    from archive.trust.anchors import load_anchors
    from archive_cli.output import catalogue

    anchors = load_anchors(trust) if trust else None
    written = write_corroboration(document, output, catalogue().code)
    return countersign(written, signers, given["urls"], _client(given), anchors, datetime.now(UTC))


def _client(given: dict[str, Any]) -> HttpClient | None:
    if not given["urls"]:
        return None
    from archive_cli.network import authority_client

    return authority_client(given)


def _left(bags: tuple[Path, ...], counted: Iterable[Path]) -> list[Path]:
    """The bags that do not count, in the order in which they were given, as the document lists them."""
    left = list(bags)
    for bag in counted:
        left.remove(bag)
    return left


def _show(
    document: Corroboration,
    written: CountersignedFiles | None,
    paths: Mapping[str, Path],
    left: list[Path],
    trust: Path | None,
    *,
    as_json: bool,
) -> None:
    from archive_manifests.corroboration import to_json

    for one, path in zip(document.refused, left, strict=True):
        reason = message(f"corroborate.refused-{one.reason}", name=str(path), detail=one.detail)
        print_line(message("error.frame", what=reason), to_stderr=True)
    for attempt in written.attempts if written is not None else ():
        if attempt.problem is not None:
            print_line(message("sign.stamp_missing", why=attempt.problem), to_stderr=True)
    if as_json:
        click.echo(to_json(document), nl=False)
        return
    _print_counts(document)
    for observer in document.observers:
        keys = listed(observer.keys) or message("corroborate.unsigned")
        bag = str(paths.get(observer.tagmanifest, observer.bag))
        print_line(message("corroborate.observer", name=observer.name, bag=bag, keys=keys))
    _print_conditions(document.observers)
    _print_relations(document.relations)
    for source in document.sources:
        _print_source(source)
    if written is not None:
        print_line(message("corroborate.written" if written.is_new else "corroborate.same", folder=written.folder))
        for key in written.signed:
            print_line(message("corroborate.signed", key=key))
        bags = [shell_path(path) for path in paths.values()]
        folder = shell_path(written.folder)
        # By the same trust: a document may state no time that whoever countersigns it cannot check.
        given = [*bags, "--trust", "FOLDER"] if trust is not None else bags
        if any(not one.keys for one in document.observers):
            print_line(message("corroborate.unsigned_bags"))
        print_next(message("corroborate.next", folder=folder, bag=bags[0], bags=" ".join(given)))


def _print_counts(document: Corroboration) -> None:
    """The outcome first: what is contradicted, and what rests on one observer."""
    from collections import Counter

    from archive.corroborate.explain.picture_likeness import can_decode
    from archive_cli.output import catalogue
    from archive_manifests.corroboration import ORDER

    print_line(catalogue().sentence("corroboration.lead", n=len(document.observers)))
    counted = Counter(one.state for one in document.sources)
    for state in ORDER:
        if counted[state]:
            print_line(catalogue().sentence(f"corroboration.{state}", n=counted[state]))
            if lacking := sum(one.is_incomplete for one in document.sources if one.state is state):
                print_line(f"    {catalogue().sentence('corroboration.incomplete', n=lacking)}")
    if not can_decode() and any(pair.has("media") for one in document.sources for pair in one.pairs):
        print_line(catalogue().sentence("corroboration.no_pillow"), to_stderr=True)


def _print_conditions(observers: Iterable[ObserverFacts]) -> None:
    """Under which conditions each observer counts, the gravest first; who signed stands beside each already."""
    from archive_cli.output import catalogue
    from archive_manifests.corroboration import CONDITIONS

    everyone = list(observers)
    for code in CONDITIONS:
        names = [one.name for one in everyone if code in one.conditions]
        if names and code != "unsigned":
            print_line(f"{listed(names)}: {catalogue().sentence(f'corroboration.condition.{code}')}")


def _named(pairs: Iterable[tuple[str, str]]) -> str:
    from archive.corroborate.pair_names import name_pairs
    from archive_cli.output import catalogue

    return name_pairs(pairs, catalogue().sentence("language.comma"))


def _bracketed(what: dict[str, None]) -> str:
    return f" ({', '.join(what)})" if what else ""


def _print_relations(relations: Iterable[Relation]) -> None:
    """Whether two observers are two, and by which facts; those of which the same is known on one line."""
    from archive_cli.output import catalogue

    words, alike = catalogue(), dict[str, list[tuple[str, str]]]()
    for one in relations:
        reasons = dict.fromkeys(words.sentence(f"corroboration.reason.{code}") for code in one.reasons)
        state = words.sentence(f"corroboration.{one.independence}")
        alike.setdefault(f"{state}{_bracketed(reasons)}", []).append((one.first, one.second))
    for said, pairs in alike.items():
        print_line(f"{_named(pairs)}: {said}")


def _print_archives(evidence: ArchiveEvidence) -> None:
    """What copies in other archives are to the captures and to each other, and what is documented of an archive."""
    from archive.corroborate.mementos import altered_archive
    from archive_cli.output import catalogue

    words, alike = catalogue(), dict[str, list[tuple[str, str]]]()
    for pair in evidence.pairs:
        what = dict.fromkeys(words.sentence(f"corroboration.what.{one.what}") for one in pair.differences)
        said = f"{words.sentence(f'corroboration.status.{pair.status}')}{_bracketed(what)}"
        alike.setdefault(said, []).append((pair.first, pair.second))
    sound = [copy.archive for copy in evidence.copies if copy.warning is None]
    hosts = listed(dict.fromkeys(sound or [copy.archive for copy in evidence.copies]))
    if evidence.state == "several-archives":
        print_line(f"    {words.sentence('corroboration.several_archives', n=len(sound))}")
    elif evidence.copies:
        print_line(f"    {words.sentence('corroboration.one_archive', archive=hosts)}")
    for said, pairs in alike.items():
        print_line(f"        {_named(pairs)}: {said}")
    for archive, code in dict.fromkeys((copy.archive, copy.warning) for copy in evidence.copies):
        known = altered_archive(code) if code is not None else None
        if known is not None:
            print_line(f"        {archive}: {words.sentence('corroboration.altered', statement=known.statement)}")


def _print_source(source: CorroboratedSource) -> None:
    from archive_cli.output import catalogue, readable_address

    words, alike = catalogue(), dict[str, list[tuple[str, str]]]()
    address = readable_address(source.address)
    print_line(f"{words.sentence(f'corroboration.state.{source.state}')}  {address}")
    for pair in source.pairs:
        status = words.sentence(f"corroboration.status.{pair.status}")
        if pair.status == "seen-alone":
            seen = next(
                (one.observer for one in source.sightings if one.is_seen and one.observer in (pair.first, pair.second)),
                "",
            )
            status = f"{status}: {seen}"
        what = dict.fromkeys(words.sentence(f"corroboration.what.{one.what}") for one in pair.differences)
        alike.setdefault(f"{status}{_bracketed(what)}", []).append((pair.first, pair.second))
    for said, pairs in alike.items():
        print_line(f"    {_named(pairs)}: {said}")
    _print_archives(source.archives)
