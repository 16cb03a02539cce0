"""The command that adds a part is the one that works for how the program was installed."""

from __future__ import annotations

import json

import pytest

from archive.installation import install_command

CASES = {
    "an index": ("", "pip install 'evidence-archive[desk]'"),
    "a clone": ({"url": "file:///home/a%20b/clone", "dir_info": {}}, "pip install '/home/a b/clone[desk]'"),
    "a clone, editable": (
        {"url": "file:///srv/clone", "dir_info": {"editable": True}},
        "pip install -e '/srv/clone[desk]'",
    ),
    "a wheel": ({"url": "file:///srv/a.whl", "archive_info": {}}, "pip install '/srv/a.whl[desk]'"),
    "an address": (
        {"url": "https://example.org/a.whl", "archive_info": {}},
        "pip install 'evidence-archive[desk] @ https://example.org/a.whl'",
    ),
    "what cannot be read": ("{", "pip install 'evidence-archive[desk]'"),
    "what is no object": ("[]", "pip install 'evidence-archive[desk]'"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_for_how_the_program_was_installed(case: str) -> None:
    stated, command = CASES[case]
    assert install_command("desk", direct_url=stated if isinstance(stated, str) else json.dumps(stated)) == command


def test_without_an_extra_it_is_the_program_alone() -> None:
    assert install_command(direct_url='{"url": "file:///srv/clone"}') == "pip install /srv/clone"
