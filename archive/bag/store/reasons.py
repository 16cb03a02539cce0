"""Why a request to a store gave nothing, in words for people: the library that makes it reports Rust's."""

from __future__ import annotations

import re

_STATUS = re.compile(r"status(?: code)?: (\d{3})")

_QUERY = re.compile(r"\?[^\s)\"]*")

_INSTANCE = "://169.254.169.254/"
"""Where cloud machines ask for their own credentials: it is requested where nothing else names any."""

_CAUSES = (
    (
        re.compile(re.escape(_INSTANCE) + r"|metadata\.google\.internal|InstanceCredential"),
        "no credentials were found; set those of the provider's own tools (environment, profile, instance role)",
    ),
    (
        re.compile("MissingAccount|Account must be specified"),
        "the storage account is not named; set AZURE_STORAGE_ACCOUNT_NAME",
    ),
    (re.compile("dns error"), "the name of the host cannot be resolved; check the name and the connection"),
    (re.compile("[Cc]ertificate|UnknownIssuer"), "its certificate is not trusted; check the name and the clock"),
    (re.compile("kind: ConnectionRefused"), "nothing listens there: the store is off, or the port is wrong"),
    (re.compile("redirect without LOCATION"), "it redirects and names no place; is the region right (AWS_REGION)?"),
    (re.compile("error following redirect"),
     "it redirects in a circle, or to what may not be read; name the place itself"),
    (re.compile("Range request not supported|ranges? not supported", re.IGNORECASE),
     "the server does not send parts of a file (HTTP Range), which a package needs; copy the package here, or choose"
     " another server"),
    (re.compile("kind: (?:Body|Decode)|response body error|IncompleteMessage"),
     "the response broke off before its end; try again later"),
    (re.compile("kind: Timeout|TimedOut"), "no response in time: the store hangs, or is overloaded; try again later"),
    (re.compile("kind: Connect,"), "no connection; check the address and the network"),
)  # fmt: skip

_OF_STATUS = {
    429: "it takes no more requests for now; try again later",
    3: "it redirects elsewhere; name the place that it redirects to",
    4: "it refused the request; check the place and the rights",
    5: "it is broken or overloaded; try again later",
}


def reason_of(error: Exception) -> str:
    """One line: what happened and what to do. Queries are left out: a signed one gives access to every reader."""
    said = str(error)
    for pattern, reason in _CAUSES[:2]:
        if pattern.search(said):
            return reason
    status = _STATUS.search(said)
    if status is not None:
        number = int(status[1])
        return f"HTTP {number}: {_OF_STATUS.get(number) or _OF_STATUS.get(number // 100, 'no such response is known')}"
    for pattern, reason in _CAUSES:
        if pattern.search(said):
            return reason
    return _first_line(said) or type(error).__name__


def _first_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    line = next((line for line in lines if not line.startswith(("Debug source", "Generic {"))), "")
    return _QUERY.sub("?…", line)[:300]
