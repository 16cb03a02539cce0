"""What the types say of themselves: fields, their types in plain words, the sentence below each."""

from __future__ import annotations

import ast
import dataclasses
import enum
import inspect
import textwrap
import types
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.inspect import type_info

_PLAIN = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "NoneType": "null"}


class Told(Struct, frozen=True):
    """One field."""

    name: str
    kind: str
    """`text or null`, `list of Citation`…"""
    says: str
    is_required: bool


def fields_of(kind: type) -> list[Told]:
    hints, says = typing.get_type_hints(kind), sentences(kind)
    return [
        Told(
            field.name,
            spelled(hints[field.name]),
            says.get(field.name, ""),
            field.required,
        )
        for field in type_info(kind).fields
    ]


@cache
def sentences(kind: type) -> dict[str, str]:
    """Field -> the docstring below it, in one line; of a `StrEnum`, member -> its docstring."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for stated, after in zip(body.body, body.body[1:], strict=False):
        name = _name(stated)
        if name and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[name] = " ".join(str(after.value.value).split())
    return found


def _name(stated: ast.stmt) -> str | None:
    target = stated.target if isinstance(stated, ast.AnnAssign) else None
    if isinstance(stated, ast.Assign):
        target = stated.targets[0] if isinstance(stated.targets[0], ast.Name) else None
    return target.id if isinstance(target, ast.Name) else None


def spelled(hint: Any) -> str:
    """A type in words."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(spelled(each) for each in arguments)
    if origin is tuple:
        return f"list of {spelled(arguments[0])}"
    if origin is dict:
        return f"table of {spelled(arguments[1])}"
    return _PLAIN.get(hint.__name__, hint.__name__)


def types_below(kind: type) -> Iterator[type]:
    """The type and every type of ours that its fields hold, each once, in the order of first mention."""
    seen: dict[type, None] = {}
    waiting = [kind]
    while waiting:
        each = waiting.pop(0)
        if each in seen:
            continue
        seen[each] = None
        if is_value(each):
            for hint in typing.get_type_hints(each).values():
                waiting += _ours_in(hint)
    yield from seen


def _ours_in(hint: Any) -> list[type]:
    if typing.get_args(hint):
        return [found for each in typing.get_args(hint) for found in _ours_in(each)]
    is_ours = isinstance(hint, type) and (is_value(hint) or issubclass(hint, enum.Enum))
    return [hint] if is_ours else []


def is_value(kind: type) -> bool:
    """True for a type that has fields."""
    return issubclass(kind, Struct) or dataclasses.is_dataclass(kind)
