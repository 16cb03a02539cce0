"""From a report to a bag that was handed over and checked again, form by form, on the loopback internet."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from msgspec.structs import replace

from archive.capture.settings import FetchSettings
from archive.desk import run
from archive.desk.draft import ReportDraft
from archive.desk.screens.capture import stream
from archive.desk.state import Places
from archive.handover.receive import ReceiveOrder, receive
from archive.verify.run import verify
from archive_manifests.findings import Outcome
from archive_manifests.ledger import from_json
from tests.archive.desk.desk_client import DeskClient
from tests.world import World
from tests.world.proxies import SocksProxy
from tests.world.time_authority import Chain, by_hand, serve

REPORT = (
    b"Two sources: https://sn4hr.org/?p=55768 and sn4hr.org/?p=24105 too.\n\n"
    b"One is gone: https://sn4hr.org/nothing-is-here and one has no name: https://no-such-name.example.org/x\n"
)
PASSPHRASE = "five words that nobody guesses"


@pytest.fixture
def client(world: World, tmp_path: Path) -> Iterator[DeskClient]:
    with desk_of(world, tmp_path) as opened:
        yield opened


@contextmanager
def desk_of(world: World, folder: Path) -> Iterator[DeskClient]:
    """A desk in a folder, whose captures reach the world."""
    root = folder / "reports"
    root.mkdir()
    base = FetchSettings(
        connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, tries=1, media=False,
        third_parties=False,
    )  # fmt: skip
    opened = DeskClient(root, base, Places(folder / "keys", folder / "player"))
    try:
        yield opened
    finally:
        opened.close()


def draft_of(client: DeskClient, ident: str) -> ReportDraft:
    draft = client.desk.shelf.find(ident).draft
    assert draft is not None
    return draft


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


def start(client: DeskClient, ident: str) -> None:
    answer = client.post(f"r/{ident}/seen", {"do": "start", "route": "direct"})
    assert answer.status == 200 and client.path.endswith("/run"), answer.words


def captured(client: DeskClient, ident: str) -> None:
    wait_until(lambda: not run.is_running(draft_of(client, ident)))
    state, _ = run.state_of(draft_of(client, ident))
    assert state.ended == "held", state


def fingerprint_on(text: str) -> str:
    found = re.search(r"\b[0-9a-f]{64}\b", text)
    assert found is not None
    return found[0]


def test_the_whole_path_ends_in_a_sound_signed_bag_that_a_partner_receives(
    client: DeskClient, world: World, tmp_path: Path
) -> None:
    ident = client.drop("R1.txt", REPORT)
    client.post(f"r/{ident}/review", {"index": 1, "do": "accept"})
    client.post(f"r/{ident}/review", {"index": 0, "do": "save", "reading": "0", "graphic": "yes"})
    seen = client.get(f"r/{ident}/seen")
    assert "sn4hr.org" in seen.words and world.log == []  # nothing was requested until here

    start(client, ident)
    captured(client, ident)
    gaps = client.get(f"r/{ident}/gaps")
    assert re.findall(r'<article class="gap ([\w-]+)" id="(s\d\d)"', gaps.text) == [("gone", "s03"), ("unreachable", "s04")]

    fields = {"do": "supply", "source": "s03", "how": "screenshot of 2021", "by": "c7", "when": "2021-05-21T10:00"}
    assert client.post(f"r/{ident}/gaps", fields).status == 409  # no file came along
    supplied = client.post(f"r/{ident}/gaps", fields | {"upload": client.upload("shot.png", b"\x89PNG\r\n\x1a\n")})
    assert re.findall(r'<article class="gap ([\w-]+)" id="(s\d\d)"', supplied.text) == [("unreachable", "s04")]
    client.post(f"r/{ident}/gaps", {"do": "attest", "source": "s04", "note": "seen on paper", "by": "c7"})

    finished = client.post(f"r/{ident}/finish")
    fingerprint = fingerprint_on(finished.text)
    item = client.desk.shelf.find(ident)
    bag = item.bag
    assert bag is not None
    found = verify(bag)
    assert [one.code for one in found.findings if one.severity == "error"] == []
    assert found.outcome in (Outcome.INTACT, Outcome.INTACT_WITH_WARNINGS)
    assert found.tagmanifest is not None and found.tagmanifest.value == fingerprint
    assert fingerprint in client.get(f"r/{ident}/slip").text.replace("</code> <code>", "").replace("\n", "")

    made = client.post(f"r/{ident}/sign", {"do": "make", "name": "c7", "passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert made.status == 200 and (tmp_path / "keys" / "c7").stat().st_mode & 0o77 == 0
    wrong = client.post(f"r/{ident}/sign", {"do": "sign", "key": "c7", "passphrase": "wrong"})
    assert wrong.status == 409
    client.post(f"r/{ident}/sign", {"do": "sign", "key": "c7", "passphrase": PASSPHRASE})
    client.post(f"r/{ident}/stamp", {"do": "queue"})
    assert "signed" in client.get(f"r/{ident}/statement").words

    packed = client.post(f"r/{ident}/pack", {"do": "pack", "form": "tar", "by": "c7"})
    assert packed.status == 200, packed.words
    files = re.findall(rf'href="({re.escape(client.home)}r/{ident}/file/\d+)"', packed.text)
    package = next(
        answer for answer in (client.send("GET", place) for place in files)
        if (answer.header("content-disposition") or "").endswith('.tar"') and ".seal." not in answer.header("content-disposition")
    )  # fmt: skip
    assert package.header("content-security-policy")

    shelf = client.get().words
    assert "signed (1 signature)" in shelf and "handed over (1 package)" in shelf and "1 query waits" in shelf
    checked = client.post("open", {"upload": client.upload(f"{item.name}.tar", package.body)})
    assert "Nothing has changed since this bag was made" in checked.words, checked.words
    assert fingerprint in checked.text
    against = client.post(f"r/{ident}/check", {"fingerprint": " ".join(re.findall("....", fingerprint))})
    assert "Nothing has changed" in against.words
    forged = client.post(f"r/{ident}/check", {"fingerprint": "0" * 64})
    assert "Nothing has changed" not in forged.words and "not-expected" in forged.words

    outbox = client.root / "outbox" / item.name
    received = receive([outbox / f"{item.name}.tar"], ReceiveOrder(tmp_path / "store"), client.desk.now())
    assert received.bag is not None
    receipt = next(place for place in received.receipt_files if place.suffix == ".json")
    returned = client.post(f"r/{ident}/pack", {"do": "receipt", "upload": client.upload(receipt.name, receipt.read_bytes())})
    assert "nobody signed it" in returned.words
    other = receipt.read_bytes().replace(found.tagmanifest.value.encode(), b"0" * 64)
    assert client.post(f"r/{ident}/pack", {"do": "receipt", "upload": client.upload("x.receipt.json", other)}).status == 409

    said = "".join(place.read_text("utf-8", "replace") for place in client.root.rglob("*") if place.is_file())
    assert PASSPHRASE not in said


def test_nothing_of_the_desk_is_in_the_bag(client: DeskClient) -> None:
    ident = client.drop("R1.txt", REPORT)
    start(client, ident)
    captured(client, ident)
    client.post(f"r/{ident}/finish")
    bag = client.desk.shelf.find(ident).bag
    assert bag is not None
    secrets = [client.access.path, client.access.cookie, str(client.root), ".desk", "127.0.0.1:40123"]
    for place in bag.rglob("*"):
        if place.is_file():
            content = place.read_bytes()
            assert [one for one in secrets if one.encode() in content] == [], place


def test_a_run_is_stopped_resumed_and_seen_by_the_next_desk(client: DeskClient, world: World) -> None:
    world.set_mode("sn4hr.org", "slow") if "slow" in world.sites["sn4hr.org"].modes else None
    ident = client.drop("R1.txt", REPORT)
    start(client, ident)
    draft = draft_of(client, ident)
    wait_until(lambda: run.state_of(draft)[0].octets > 0 or not run.is_running(draft))
    client.post(f"r/{ident}/run", {"do": "pause"})
    wait_until(lambda: not run.is_running(draft))
    if run.state_of(draft)[0].ended == "interrupted":
        assert "Continue" in client.get(f"r/{ident}/run").words
        client.post(f"r/{ident}/run", {"do": "resume"})
        assert client.post(f"r/{ident}/run", {"do": "resume"}).status in (200, 409)
    captured(client, ident)
    client.close()
    again = DeskClient(client.root, client.base, client.places)
    try:
        (item,) = again.desk.shelf.items()
        assert "captured, not finished" in again.get().words
        assert again.get(f"r/{item.id}/gaps").status == 200
    finally:
        again.close()


def test_the_stream_of_events_continues_where_a_browser_was(client: DeskClient) -> None:
    ident = client.drop("R1.txt", REPORT)
    start(client, ident)
    captured(client, ident)
    draft = draft_of(client, ident)

    async def read(offset: int) -> list[str]:
        return [piece async for piece in stream(client.desk, draft, offset)]

    whole = asyncio.run(read(0))
    shown = [json.loads(piece.split("data: ", 1)[1]) for piece in whole if "event: source" in piece]
    assert {one["id"]: one["status"] for one in shown} == {
        "s01": "captured", "s02": "captured", "s03": "gone", "s04": "unreachable",
    }  # fmt: skip
    assert "event: end" in whole[-1]
    last = int(re.findall(r"id: (\d+)", whole[-1])[0])
    rest = asyncio.run(read(last))
    assert [piece for piece in rest if "event: source" in piece] == [] and "event: end" in rest[-1]


def test_what_could_not_be_reached_is_requested_again(client: DeskClient, world: World) -> None:
    ident = client.drop("R1.txt", b"https://sn4hr.org/?p=55768 and https://www.coe.int/en/web/portal/x\n")
    reachable = client.base.connect_to
    client.desk.base = FetchSettings(
        connect_to=tuple(one for one in reachable if not one.startswith("www.coe.int")), cacerts=client.base.cacerts,
        delay=0.0, tries=1, media=False, third_parties=False,
    )  # fmt: skip
    start(client, ident)
    captured(client, ident)
    before = len(world.requested("sn4hr.org"))
    assert "try again" in client.get(f"r/{ident}/gaps").words.lower()
    client.post(f"r/{ident}/gaps", {"do": "retry"})
    captured(client, ident)
    assert run.state_of(draft_of(client, ident))[0].runs == 2
    assert len(world.requested("sn4hr.org")) == before
    client.post(f"r/{ident}/finish")
    bag = client.desk.shelf.find(ident).bag
    assert bag is not None and verify(bag).errors == 0


def test_a_capture_that_has_not_ended_becomes_no_bag(client: DeskClient) -> None:
    """Whatever address is typed: a bag is made of a whole capture alone."""
    ident = client.drop("R1.txt", REPORT)
    start(client, ident)
    captured(client, ident)
    journal = draft_of(client, ident).work / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"kind":"ended"' not in line))
    assert client.post(f"r/{ident}/finish").status == 409
    assert client.post(f"r/{ident}/gaps", {"do": "attest", "source": "s01", "note": "x"}).status == 409
    assert client.follow(client.get(f"r/{ident}/gaps")).status == 200 and client.path.endswith("/run")
    assert client.desk.shelf.find(ident).bag is None
    assert "capture stopped, not finished" in client.get().words


def test_what_was_begun_in_the_terminal_says_how_it_continues(client: DeskClient, tmp_path: Path) -> None:
    import shutil

    ident = client.drop("R1.txt", REPORT)
    start(client, ident)
    captured(client, ident)
    draft = draft_of(client, ident)
    journal = draft.work / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"kind":"ended"' not in line))
    shutil.rmtree(draft.folder)
    item = client.desk.shelf.find(ident)
    answer = client.follow(client.get(f"r/{item.id}"))
    assert answer.status == 200 and "archive fetch" in answer.words


def test_one_broken_draft_leaves_the_shelf_readable(client: DeskClient) -> None:
    ident = client.drop("R1.txt", REPORT)
    draft_of(client, ident).sources_file.write_text("not TOML [")
    assert client.get().status == 200 and "R1" in client.get().words
    assert client.get(f"r/{ident}/review").status == 409


def finished(client: DeskClient, text: bytes) -> tuple[str, Path]:
    """A bag of one small report; gives its id and its place."""
    ident = client.drop("R1.txt", text)
    start(client, ident)
    captured(client, ident)
    client.post(f"r/{ident}/finish")
    bag = client.desk.shelf.find(ident).bag
    assert bag is not None
    return ident, bag


def test_a_timestamp_comes_from_the_authority_that_was_chosen(client: DeskClient, chain: Chain) -> None:
    ident, bag = finished(client, b"https://sn4hr.org/?p=55768\n")
    client.desk.base = replace(client.desk.base, allow_private=True)
    with serve(by_hand(chain)) as authority:
        assert client.post(f"r/{ident}/stamp", {"do": "stamp", "own": "freetsa.org/no-scheme"}).status == 409
        client.post(f"r/{ident}/stamp", {"do": "stamp", "own": authority.url})
        assert client.path.endswith("/statement")
    assert "timestamped (1 timestamp)" in client.get().words
    failed = client.post(f"r/{ident}/stamp", {"do": "stamp", "own": authority.url})  # it has ended
    assert "try again, choose another authority" in failed.words
    assert verify(bag).answers["when"].state == "not-checked"


def test_a_bad_certificate_is_accepted_as_a_condition_that_a_second_bag_states(client: DeskClient, world: World) -> None:
    world.set_mode("www.coe.int", "tls-self-signed")
    ident, bag = finished(client, b"https://www.coe.int/en/web/portal/x and https://sn4hr.org/?p=55768\n")
    gaps = client.get(f"r/{ident}/gaps")
    assert "The host www.coe.int could not prove its identity" in gaps.words
    client.post(f"r/{ident}/gaps", {"do": "retry", "host": "www.coe.int"})
    wait_until(lambda: not run.is_running(draft_of(client, ident)))
    second = bag.with_name("R1-2")
    assert second.is_dir(), run.state_of(draft_of(client, ident))
    ledger = from_json((second / "data/sources.json").read_bytes())
    assert ledger.conditions.accepted_certificates == ("www.coe.int",)
    assert [str(entry.status) for entry in ledger.sources] == ["gone", "captured"]
    assert verify(bag).errors == 0 and "R1-2" in client.get(f"r/{ident}/run").words


def test_the_page_of_a_bag_opens_on_a_port_of_its_own_below_a_path_that_nobody_guesses(client: DeskClient) -> None:
    ident, _ = finished(client, b"https://sn4hr.org/?p=55768\n")
    answer = client.get(f"r/{ident}/look")
    found = re.search(r'href="(http://127\.0\.0\.1:(\d+)/([0-9a-f]{24})/)"', answer.text)
    assert found is not None and int(found[2]) != 40123
    with urlopen(found[1]) as page:
        assert b"<title>" in page.read()
    for wrong in (f"http://127.0.0.1:{found[2]}/", f"http://127.0.0.1:{found[2]}/{'0' * 24}/", f"{found[1]}../bagit.txt"):
        with pytest.raises(HTTPError, match="404"):
            urlopen(wrong)


def test_a_proxy_is_tested_without_contacting_anybody_through_it(client: DeskClient, world: World) -> None:
    ident = client.drop("R1.txt", b"https://sn4hr.org/?p=55768\n")
    with SocksProxy(world) as proxy:
        fields = {"do": "test", "route": "other", "proxy": f"socks5h://127.0.0.1:{proxy.port}"}
        assert "The proxy answers" in client.post(f"r/{ident}/seen", fields).words
    assert "Nothing answers there" in client.post(f"r/{ident}/seen", fields).words
    assert "No proxy is chosen" in client.post(f"r/{ident}/seen", {"do": "test", "route": "direct"}).words
    assert client.post(f"r/{ident}/seen", fields | {"proxy": "nonsense://"}).status == 409
    assert world.log == []
