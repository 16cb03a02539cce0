"""The faulty servers say what their cases state, and the cases agree with a reader that is not ours."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
import time

import pytest

from tests.world.cases import CASES
from tests.world.faulty import FOLLOWING, FOREVER, Case, Drip, Endless, Expect, FaultyServer, Vanish
from tests.world.replies import Close, Pause, Reset

ENDS_BY_ITSELF = [
    case
    for case in CASES.values()
    if not any(isinstance(step, Drip | Endless) or step == FOREVER for step in case.script)
    and sum(step.seconds for step in case.script if isinstance(step, Pause)) < 2
]


def said(case: Case) -> bytes:
    return b"".join(step for step in case.script if isinstance(step, bytes))


def send_request(server: FaultyServer, target: str = "/") -> socket.socket:
    connection = socket.create_connection((server.address, server.port), timeout=5)
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
    return connection


def drain(connection: socket.socket, size: int) -> tuple[bytes, str]:
    received = b""
    try:
        while len(received) < size:
            piece = connection.recv(1 << 20)
            if not piece:
                return received, "closed"
            received += piece
    except ConnectionError:
        return received, "reset"
    return received, "open"


def test_there_are_enough_ways_to_misbehave() -> None:
    assert len(CASES) >= 180
    assert all(name == case.name for name, case in CASES.items())


@pytest.mark.parametrize("case", ENDS_BY_ITSELF, ids=lambda case: case.name)
def test_what_is_sent_is_what_the_case_states(case: Case) -> None:
    expected = said(case)
    with FaultyServer(case) as server:
        try:
            opened = socket.create_connection((server.address, server.port), timeout=5)
        except ConnectionResetError:
            assert (case.script[0], expected) == (Reset(), b"")  # it may come before the connection stands
            return
        with opened as connection:
            if not case.eager:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: faulty.example\r\n\r\n")
            ends = isinstance(case.script[-1], Close | Reset | Vanish)
            received, end = drain(connection, len(expected) + 1 if ends else len(expected))
        assert received == expected
        if ends:
            assert end == ("reset" if isinstance(case.script[-1], Reset) else "closed")
        assert [one.sent for one in server.said()] == [expected]


class Replay:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._raw)


# Where Python's own reader is known to see less, or something else, than is there: its lines, its limits, its guesses.
_HTTP_CLIENT_DIFFERS = {
    "101-unasked", "103-and-then-nothing", "103-before-a-204", "103-before-a-cut", "103-cut-in-odd-places",
    "103-in-one-segment", "103-in-two-segments", "103-with-a-content-length", "100-102-103-103", "199-nobody-knows",
    "150-fields",
    "5000-fields", "70-kb-field", "empty-lines-first", "lower-case-http", "line-without-colon", "empty-name",
    "fold-before-any-field", "folded-content-length", "name-with-odd-characters", "space-before-the-colon", "bare-cr",
    "chunked-negative-size", "chunked-0x-size", "chunked-size-beyond-64-bits", "chunked-cut-before-the-last-line",
    "http-2.0", "http-2-without-minor", "http-1.2", "chunked-longer-than-its-size", "content-length-and-chunked",
    "chunked-size-of-2-to-the-63", "control-characters", "chunked-bare-lf", "chunked-cut-mid-chunk",
    "content-lengths-same-in-one-line",
}  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in ENDS_BY_ITSELF
        if case.name not in _HTTP_CLIENT_DIFFERS and None not in (case.expect.status, case.expect.body)
    ],
    ids=lambda case: case.name,
)
def test_another_reader_agrees(case: Case) -> None:
    """Python's http.client sees the status and body that the case expects, and misses what it says is missing."""
    response = http.client.HTTPResponse(Replay(said(case)), method="GET")
    response.begin()
    try:
        body, complete = response.read(), True
    except http.client.IncompleteRead as error:
        body, complete = error.partial, False
    if case.expect.truncated and case.expect.complete is False and "close-delimited" in case.name:
        complete = False  # the reset is not in the bytes
    assert (response.status, body) == (case.expect.status, case.expect.body)
    assert case.expect.complete in (complete, None)


def test_a_reused_connection_gives_the_following_answer() -> None:
    with FaultyServer(CASES["chunked-extensions-and-trailers"]) as server, send_request(server) as connection:
        first = said(server.case)
        assert drain(connection, len(first))[0] == first
        connection.sendall(b"GET /following HTTP/1.1\r\nHost: faulty.example\r\n\r\n")
        assert drain(connection, len(FOLLOWING)) == (FOLLOWING, "open")
        assert server.answers("/") == [first] and server.answers("/following") == [FOLLOWING]
        assert [one.connection for one in server.said()] == [1, 1]


def test_an_endless_answer_ends_with_its_client() -> None:
    with FaultyServer(CASES["endless-chunks"]) as server:
        with send_request(server) as connection:
            received, _ = drain(connection, 10 << 20)
        for _ in range(100):
            if server.said("/")[0].broken:
                break
            time.sleep(0.02)
        assert server.said("/")[0].broken and server.answers("/")[0].startswith(received)


def test_a_drip_is_four_bytes_a_second() -> None:
    with FaultyServer(CASES["body-drips"]) as server, send_request(server) as connection:
        head = len(said(server.case))
        drain(connection, head + 1)
        began = time.monotonic()
        drain(connection, 2)
        assert 0.2 < time.monotonic() - began < 1.5


def test_leaving_ends_what_waits_forever() -> None:
    began = time.monotonic()
    with FaultyServer(CASES["silence"]) as server:
        connection = send_request(server)
    assert drain(connection, 1)[1] in ("closed", "reset") and time.monotonic() - began < 3
    connection.close()
    for _ in range(100):
        if not [one for one in threading.enumerate() if one.name.startswith("faulty")]:
            return
        time.sleep(0.02)
    pytest.fail("a thread of the server is still there")


def test_the_same_faults_come_over_tls_and_ipv6() -> None:
    case = CASES["103-in-two-segments"]
    with FaultyServer(case, tls=True, address="::1") as server:
        plain = socket.create_connection(("::1", server.port), timeout=5)
        trust = ssl.create_default_context(cafile=server.ca_file)
        with trust.wrap_socket(plain, server_hostname=server.host) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: faulty.example\r\n\r\n")
            assert drain(connection, len(said(case)))[0] == said(case)
        assert server.connect_to == [f"faulty.example:443:[::1]:{server.port}"]
        assert server.url("/x") == "https://faulty.example/x"


def test_one_who_speaks_first_spoils_the_handshake() -> None:
    with FaultyServer(CASES["speaks-first"], tls=True) as server:
        plain = socket.create_connection((server.address, server.port), timeout=5)
        with pytest.raises(ssl.SSLError):
            ssl.create_default_context(cafile=server.ca_file).wrap_socket(plain, server_hostname=server.host)


def test_who_vanishes_over_tls_says_no_goodbye() -> None:
    ends = {}
    for name in ("close-delimited", "close-delimited-without-goodbye"):
        with FaultyServer(CASES[name], tls=True) as server:
            plain = socket.create_connection((server.address, server.port), timeout=5)
            trust = ssl.create_default_context(cafile=server.ca_file)
            with trust.wrap_socket(plain, server_hostname=server.host, suppress_ragged_eofs=False) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: faulty.example\r\n\r\n")
                received = b""
                try:
                    while piece := connection.recv(1 << 16):
                        received += piece
                    ends[name] = "goodbye"
                except ssl.SSLEOFError:
                    ends[name] = "gone"
            assert received == said(server.case)
    assert ends == {"close-delimited": "goodbye", "close-delimited-without-goodbye": "gone"}


def test_a_case_of_ones_own_needs_four_lines() -> None:
    case = Case("mine", (b"HTTP/1.1 200 OK\r\n", Pause(0.01), b"Content-Length: 0\r\n\r\n"), Expect())
    with FaultyServer(case) as server, send_request(server) as connection:
        assert drain(connection, len(said(case)))[0] == said(case)
