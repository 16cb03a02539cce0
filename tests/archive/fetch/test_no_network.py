"""A run without any network ends soon, and finishes nothing."""

from __future__ import annotations

import socket
from collections import Counter
from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.errors import NoNetwork
from archive.fetch.fetch import fetch
from archive.workfolder.events import RecordsAdded
from archive.workfolder.journal import read_journal

HOSTS = [f"host{number}.example" for number in range(12)]


def no_resolver(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def test_hosts_are_not_tried_again_and_again_where_none_was_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_resolver)
    manifest = tmp_path / "sources.toml"
    tables = "".join(f'[[source]]\ncited = "https://{host}/page"\n' for host in HOSTS)
    manifest.write_text(f'[report]\nid = "T1"\n{tables}', encoding="utf-8")
    with pytest.raises(NoNetwork, match="nothing could be reached"):
        fetch(manifest, tmp_path / "T1", FetchSettings(delay=0.0))
    assert not (tmp_path / "T1").exists()
    journal = read_journal(tmp_path / "T1.part/journal.jsonl")
    urls = [event.exchange.url.href for event in journal if isinstance(event, RecordsAdded) and event.exchange]
    requested = Counter(url for url in urls if url.endswith("/page"))
    assert set(requested) == {f"https://{host}/page" for host in HOSTS}
    assert max(requested.values()) <= 2
    assert not any("archive.org" in url for url in urls)


def test_addresses_that_get_no_request_do_not_count_as_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: real(host, *a, **k) if host[0].isdigit() else no_resolver()
    )
    report = tmp_path / "net.txt"
    report.write_text("https://host1.example/a https://10.0.0.1/a https://127.0.0.1/b http://192.168.1.5/c\n")
    with pytest.raises(NoNetwork, match=r"nothing could be reached \(.*host1\.example"):
        fetch(report, tmp_path / "T1", FetchSettings(delay=0.0))
    assert not (tmp_path / "T1").exists()


def test_a_report_of_private_addresses_alone_makes_a_bag(tmp_path: Path) -> None:
    report = tmp_path / "net.txt"
    report.write_text("https://10.0.0.1/a https://127.0.0.1/b\n")
    result = fetch(report, tmp_path / "T1", FetchSettings(delay=0.0))
    assert [(each.status, each.reason) for each in result.ledger.sources] == [
        ("not-attempted", "private-address"),
        ("not-attempted", "private-address"),
    ]
