from __future__ import annotations

import io
import re

from tests.archive.desk.desk_client import DeskClient

TEXT = b"See https://a.example/one and b.example.org/two, b.example.org.\n"


def pdf() -> bytes:
    from reportlab.pdfgen import canvas

    stream = io.BytesIO()
    drawn = canvas.Canvas(stream, pagesize=(600, 800), invariant=1)
    drawn.drawString(60, 700, "The attack is described in https://a.example/one and")
    drawn.drawString(60, 680, "in https://b.example/report-of-the-")
    drawn.drawString(60, 666, "day.html too.")
    drawn.showPage()
    drawn.drawString(60, 700, "Also https://c.example/three")
    drawn.save()
    return stream.getvalue()


def state_of(client: DeskClient, ident: str) -> dict[str, tuple[str | None, bool]]:
    draft = client.desk.shelf.find(ident).draft
    assert draft is not None
    return {source.cited: (source.reading, source.skip) for source in draft.manifest().sources}


def test_the_uncertain_come_first_and_nothing_was_requested(client: DeskClient) -> None:
    ident = client.drop("R1.txt", TEXT)
    answer = client.get(f"r/{ident}/review")
    assert re.findall(r'<article class="source (\w+)" id="(s\d\d)"', answer.text) == [("uncertain", "s02"), ("sure", "s01")]
    assert "Nothing has been requested from the network yet" in answer.words
    assert "it is printed without https://" in answer.words
    assert "a host name without a path" in answer.words  # passed over


def test_each_decision_is_in_the_source_manifest_at_once(client: DeskClient) -> None:
    ident = client.drop("R1.txt", TEXT)
    place = f"r/{ident}/review"
    client.post(place, {"index": 1, "do": "accept"})
    client.post(place, {"index": 0, "do": "save", "reading": "own", "own": "https://a.example/ONE"})
    client.post(place, {"do": "add", "address": "https://c.example/three"})
    client.post(place, {"index": 2, "do": "leave-out"})
    assert state_of(client, ident) == {
        "https://a.example/one": ("https://a.example/ONE", False),
        "b.example.org/two": ("https://b.example.org/two", False),
        "https://c.example/three": (None, True),
    }
    client.post(place, {"index": 2, "do": "remove"})
    assert len(state_of(client, ident)) == 2


def test_a_wrong_decision_changes_nothing_and_says_why(client: DeskClient) -> None:
    ident = client.drop("R1.txt", TEXT)
    before = state_of(client, ident)
    answer = client.post(f"r/{ident}/review", {"index": 0, "do": "save", "reading": "own", "own": "not an address"})
    assert answer.status == 409 and "not a web address" in answer.words
    assert client.post(f"r/{ident}/review", {"index": 99, "do": "accept"}).status == 404
    assert state_of(client, ident) == before


def test_a_pdf_is_shown_as_a_picture_with_every_citation_in_its_place(client: DeskClient) -> None:
    ident = client.drop("R1.pdf", pdf())
    answer = client.get(f"r/{ident}/review?page=1")
    marks = re.findall(r'href="#(s\d\d)" tabindex="-1"><rect class="mark (\w+)" x="([\d.]+)" y="([\d.]+)"', answer.text)
    assert [(ident, state) for ident, state, _, _ in marks] == [("s01", "sure"), ("s02", "uncertain"), ("s02", "uncertain")]
    (_, _, _, first), (_, _, _, second), (_, _, left, third) = marks
    assert float(first) < float(second) < float(third)
    assert abs(float(left) - 60 / 600 * 1000) < 6  # the line begins 60 points from the left of 600
    picture = client.get(f"r/{ident}/page/1.png")
    assert picture.header("content-type") == "image/png" and picture.body.startswith(b"\x89PNG")
    assert client.get(f"r/{ident}/page/3.png").status == 409
    assert "Page 2 of 2" in client.get(f"r/{ident}/review?page=2").words


def test_the_manifest_can_be_saved_for_a_partner(client: DeskClient) -> None:
    from archive_manifests.source_toml import from_toml

    ident = client.drop("R1.txt", TEXT)
    client.post(f"r/{ident}/review", {"index": 1, "do": "accept"})
    answer = client.get(f"r/{ident}/sources.toml")
    assert from_toml(answer.text).sources[1].reading == "https://b.example.org/two"
    assert "attachment" in (answer.header("content-disposition") or "")


def test_a_report_without_an_address_says_so_and_takes_one_by_hand(client: DeskClient) -> None:
    ident = client.drop("R1.txt", b"No address here.\n")
    assert "there is no address in its text" in client.get(f"r/{ident}/review").words
    client.post(f"r/{ident}/review", {"do": "add", "address": "https://a.example/"})
    assert state_of(client, ident) == {"https://a.example/": (None, False)}


def test_a_long_report_is_reviewed_in_parts(client: DeskClient) -> None:
    text = "\n\n".join(f"Source {n} is https://a.example.org/{n} there." for n in range(250)) + "\n\nand b.example.org/x\n"
    ident = client.drop("R1.txt", text.encode())
    first, last = client.get(f"r/{ident}/review"), client.get(f"r/{ident}/review?from=200")
    assert [len(re.findall("<article class=.source [a-z]+. id=.s", one.text)) for one in (first, last)] == [100, 51]
    assert 'class="source uncertain" id="s251"' in first.text and 'rel="next"' in first.text
    answer = client.send("POST", f"{client.home}r/{ident}/review", b"do=leave-out&index=220")
    assert (answer.header("location") or "").endswith("/review?from=221#s221")
    assert 'class="source out" id="s221"' in client.follow(answer).text
    assert client.get(f"r/{ident}/review?from=999999").status == 200


def test_a_report_without_sources_offers_no_start(client: DeskClient) -> None:
    ident = client.drop("R1.txt", b"Nothing is cited here.\n")
    review = client.get(f"r/{ident}/review")
    assert "There is no source to capture" in review.words and f'r/{ident}/seen"' not in review.text.split("<main")[1].split("</nav>")[1]
    assert 'value="start"' not in client.get(f"r/{ident}/seen").text


def test_a_draft_can_be_discarded_until_its_capture_begins(client: DeskClient) -> None:
    ident = client.drop("R1.txt", TEXT)
    assert "Discard this draft" in client.get(f"r/{ident}/review").words
    assert client.post(f"r/{ident}/discard", {}).status == 200
    assert not (client.root / ".desk/R1").exists() and client.get(f"r/{ident}").status == 404
    begun = client.drop("R2.txt", TEXT)
    (client.root / "R2.part").mkdir()
    assert client.post(f"r/{begun}/discard", {}).status == 409 and (client.root / ".desk/R2").is_dir()


def test_the_same_report_again_is_said_to_be_here_already(client: DeskClient) -> None:
    first = client.drop("a.txt", TEXT)
    (client.root / "a.part").mkdir()  # begun
    second = client.drop("a.txt", TEXT)
    page = client.get(f"r/{second}/review")
    assert "a-2" in page.words and "The same report is here already: a" in page.words
    assert f'href="{client.home}r/{first}"' in page.text
