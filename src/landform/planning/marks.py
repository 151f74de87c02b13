"""The trees that Terraform lays beside a value: true where something in it is unknown, or sensitive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def any_true(tree: Any) -> bool:
    """Whether a tree of marks marks anything."""
    if isinstance(tree, bool) or tree is None:
        return tree is True
    if isinstance(tree, Mapping):
        return any(map(any_true, tree.values()))
    return isinstance(tree, list) and any(map(any_true, tree))


def part(tree: Any, key: Any) -> Any:
    """What stands under ``key`` in a tree of values or of marks; None where nothing does."""
    if isinstance(tree, Mapping):
        return tree.get(key)
    if isinstance(tree, list) and isinstance(key, int):
        return tree[key] if key < len(tree) else None
    return None
