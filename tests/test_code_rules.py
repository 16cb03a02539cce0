"""Rules of the code that no linter checks: where attributes are set, how long modules are, which names are used."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path
    for root in ("archive", "cli/archive_cli", "manifests/archive_manifests")
    for path in (ROOT / root).rglob("*.py")
)
STANDALONE = "archive/verify/alone/verify.py"
"""One file on purpose, so that it can be copied out of a bag and run."""
LONGEST_MODULE = 400
PRIVATE_DIALECT = re.compile(
    r"(?:\A|_)(?:told|tells?|telling|hands|lanes?|crew|ear|asked|bury|buried|owning|kept|held_at|films?)(?:_|\Z)"
)
FILE_API = {"tell"}
"""Names of the interface of files, which code that behaves like a file has to use."""


def parsed(paths: list[Path]) -> dict[str, ast.Module]:
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """The program, parsed once, and forgotten after these tests."""
    return parsed(SOURCES)


def is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def attributes_set(function: ast.AST) -> Iterator[tuple[str, int]]:
    """Names of `self.x = …`, `self.x: T = …` and their kin, with the line."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_self(node):
            yield node.attr, node.lineno


def declared(body: list[ast.stmt]) -> set[str]:
    """Attributes that a class declares: in its body, in `__slots__`, in `__init__`, by a property's setter."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.FunctionDef) and node.name in ("__init__", "__post_init__"):
            names |= {name for name, _ in attributes_set(node)}
        elif isinstance(node, ast.FunctionDef):
            names |= {node.name} if any(isinstance(each, ast.Attribute) for each in node.decorator_list) else set()
    return names


def late_attributes(tree: ast.AST, inherited: dict[str, set[str]]) -> Iterator[str]:
    for owner in ast.walk(tree):
        if not isinstance(owner, ast.ClassDef):
            continue
        known = declared(owner.body)
        for base in owner.bases:
            known |= inherited.get(ast.unparse(base).rpartition(".")[2], set())
        for method in owner.body:
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name != "__init__":
                yield from (
                    f"{owner.name}.{name} in {method.name}, line {line}"
                    for name, line in attributes_set(method)
                    if name not in known
                )


def classes(trees: dict[str, ast.Module]) -> dict[str, list[tuple[str, ast.ClassDef]]]:
    found: dict[str, list[tuple[str, ast.ClassDef]]] = defaultdict(list)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                found[node.name].append((path, node))
    return found


def test_every_attribute_is_set_in_init_or_declared_in_the_class(trees: dict[str, ast.Module]) -> None:
    inherited = {name: set().union(*(declared(node.body) for _, node in each)) for name, each in classes(trees).items()}
    late = {path: list(late_attributes(tree, inherited)) for path, tree in trees.items() if path != STANDALONE}
    assert {path: each for path, each in late.items() if each} == {}


def test_an_attribute_that_only_another_method_sets_is_found() -> None:
    source = """
class Late:
    declared: int

    def __init__(self) -> None:
        self.early = 1

    def begin(self) -> None:
        self.early, self.declared = 2, 3
        self.late = 4
"""
    assert list(late_attributes(ast.parse(source), {})) == ["Late.late in begin, line 10"]


def test_no_class_name_is_used_twice(trees: dict[str, ast.Module]) -> None:
    public = {name: each for name, each in classes(trees).items() if not name.startswith("_")}
    twice = {name: sorted(path for path, _ in each) for name, each in public.items()}
    assert {name: paths for name, paths in twice.items() if len(paths) > 1 and set(paths) != {STANDALONE}} == {}


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES
    }
    assert {path: count for path, count in lengths.items() if count > LONGEST_MODULE and path != STANDALONE} == {}


def identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_names_are_common_engineering_words(trees: dict[str, ast.Module]) -> None:
    tests = parsed([*(ROOT / "tests").rglob("*.py")])
    named = {
        (path, name)
        for path, tree in (trees | tests).items()
        for name in identifiers(tree)
        if PRIVATE_DIALECT.search(name.lower()) and name not in FILE_API and path != STANDALONE
    }
    assert sorted(named) == []
