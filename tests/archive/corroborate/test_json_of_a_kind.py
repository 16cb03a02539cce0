"""JSON of a kind of its own is compared by value, as plain JSON is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from archive.corroborate.pages.content import ComparedPage
from archive.corroborate.pages.evidence import _CopyReader

KINDS = ("application/json", "application/geo+json", "application/ld+json", "application/vnd.api+json")


@dataclass(frozen=True)
class _Answer:
    answer: str = "r1"
    charset: None = None


class _Records:
    def content(self, name: str) -> bytes:
        return json.dumps({"type": "FeatureCollection", "timestamp": 1795939200, "toll": 37}).encode()


def _read(media_type: str) -> ComparedPage | None:
    reader = _CopyReader(cast("Any", _Records()), {})
    content, digest = reader._content(cast("Any", _Answer()), media_type, datetime(2026, 11, 29, tzinfo=UTC))
    assert (content is None) is (digest is not None)
    return content


@pytest.mark.parametrize("media_type", KINDS)
def test_json_of_any_kind_is_data(media_type: str) -> None:
    content = _read(media_type)
    assert content is not None and content.is_data


def test_what_only_looks_like_its_name_is_a_file() -> None:
    assert _read("application/geo+json-seq") is None
