"""What a module refuses: that every wrong value is told, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landform.testing import TestedModule

Wrong = Mapping[str, tuple[object, list[str]]]
"""For each variable a wrong value, and a sentence of each error that it must lead to."""


def refuses_each(module: TestedModule, wrong: Wrong) -> str:
    """Assert that a plan with all wrong values says all of their sentences and no more; what it said."""
    values = {name: value for name, (value, _) in wrong.items()}
    return refuses(module, values, [sentence for _, sentences in wrong.values() for sentence in sentences])


def refuses(
    module: TestedModule, values: Mapping[str, Any], expected: Sequence[str], together: int = 0
) -> str:
    """The same for any values. ``together``: how many sentences are parts of another one's error."""
    with module.fails() as refused:
        module.plan(**values)
    told = "\n".join(refused.errors)
    assert [sentence for sentence in expected if sentence not in told] == []
    assert len(refused.errors) == len(expected) - together
    return told
