"""JSON Schemas of what stands in a bag and beside it, for programs that are not ours.

They are generated from the types that this program reads with (`python -m docs.generate`), never edited.
"""

from __future__ import annotations

from importlib import resources


def names() -> list[str]:
    """`ledger`, `record`…, in name order."""
    found = (entry.name for entry in resources.files(__package__).iterdir())
    return sorted(name.removesuffix(".schema.json") for name in found if name.endswith(".schema.json"))


def text(name: str) -> str:
    """A schema as JSON (draft 2020-12). Raises `KeyError` for an unknown name."""
    if name not in names():
        raise KeyError(name)
    return (resources.files(__package__) / f"{name}.schema.json").read_text(encoding="utf-8")
