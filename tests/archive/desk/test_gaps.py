"""What a person does about a gap beside those of the whole path."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.desk.run_events import fold
from archive.verify.run import verify
from archive.verify.sources.decided_reading import DECIDED
from archive_manifests.ledger import Status, from_json
from tests.archive.desk.desk_client import DeskClient
from tests.archive.fetch.test_uncertain_readings import fetched, uncertain_world
from tests.world import World

__all__ = ["uncertain_world"]


def test_a_person_decides_which_of_two_readings_the_report_means(uncertain_world: World, tmp_path: Path) -> None:
    root = tmp_path / "reports"
    root.mkdir()
    fetched(uncertain_world, root, "yes.example")
    client = DeskClient(root)
    (item,) = client.desk.shelf.items()
    gaps = client.get(f"r/{item.id}/gaps")
    second = "https://yes.example/blog/2019/04/30/53633"
    assert gaps.text.count('name="reading" value=') == 2 and "archive attest B s01 --reading" in gaps.words

    form = {"do": "attest", "source": "s01", "reading": second, "note": "the print has five digits"}
    assert client.post(f"r/{item.id}/gaps", form).status == 409  # who decides is not said
    assert client.post(f"r/{item.id}/gaps", form | {"by": "c7", "reading": "https://else.example/"}).status == 409
    decided = client.post(f"r/{item.id}/gaps", form | {"by": "c7"})
    assert decided.status == 200 and "No gap" in decided.words

    made = {one.name: one for one in client.desk.shelf.items()}
    assert set(made) == {"B", "B-2"}
    bag = made["B-2"].bag
    assert bag is not None
    (entry,) = from_json((bag / "data/sources.json").read_bytes()).sources
    decision = next(one for one in entry.notes if one.code == DECIDED)
    assert entry.status is Status.CAPTURED and (decision.facts["url"], decision.facts["who"]) == (second, "c7")
    assert verify(bag).errors == 0 and verify(root / "B").errors == 0
    client.close()


def test_a_source_that_is_clear_asks_for_no_decision(uncertain_world: World, tmp_path: Path) -> None:
    root = tmp_path / "reports"
    root.mkdir()
    fetched(uncertain_world, root, "honest.example")
    client = DeskClient(root)
    (item,) = client.desk.shelf.items()
    assert 'name="reading"' not in client.get(f"r/{item.id}/gaps").text
    client.close()


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"bytes","octets":"many"}', b'{"kind":"waiting","host":7,"seconds":"x","at":[]}', b"[]", b"7", b"\xff",
        b'{"kind":"stage","facts":[1]}', b'{"kind":"exchange","exchanges":"x","octets":{}}', b'{"kind":["x"]}', b"{}",
    ],
)  # fmt: skip
def test_an_event_that_states_no_number_changes_none(line: bytes) -> None:
    state = fold([b'{"kind":"bytes","octets":5}', line])
    assert state.octets == 5


def test_a_card_names_what_is_requested_now_and_not_the_printed_address_again() -> None:
    started = b'{"kind":"source","source":"s01","url":"https://a.example/misread"}'
    assert fold([started]).sources["s01"].url == ""
    now = b'{"kind":"exchange","source":"s01","url":"https://a.example/style.css","exchanges":1,"octets":9}'
    assert fold([started, now]).sources["s01"].url == "https://a.example/style.css"
