"""IAM policies as what they mean: names of actions, resources and principals are sets, and so are statements.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_ACTIONS = frozenset({"Action", "NotAction"})
_RESOURCES = frozenset({"Resource", "NotResource"})
_PRINCIPALS = frozenset({"Principal", "NotPrincipal"})
_ACCOUNT = re.compile(r"^arn:aws[\w-]*:iam::(\d{12}):root$")


class ValueSet(dict[str, Any]):
    """A set of values, each under what it is compared by."""

    @classmethod
    def of(cls, values: Iterable[Any], same: Callable[[str], str] = str) -> ValueSet:
        """The set of ``values``, compared by ``same`` of their text."""
        return cls((same(_text(value)), value) for value in values)


class Unordered(list[Any]):
    """A list whose order means nothing."""


def policy_in(document: Any) -> dict[str, Any] | None:
    """A policy document with sets for lists; None for a document that is no policy."""
    if not isinstance(document, dict) or "Statement" not in document:
        return None
    statements = listed(document["Statement"])
    if not all(isinstance(each, dict) and "Effect" in each for each in statements):
        return None
    return document | {"Statement": Unordered(_statement(each) for each in statements)}


def _statement(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _part(name, value) for name, value in raw.items()}


def _part(name: str, value: Any) -> Any:
    if name in _ACTIONS:
        return ValueSet.of(listed(value), str.lower)
    if name in _RESOURCES:
        return ValueSet.of(listed(value))
    if name in _PRINCIPALS and (value == "*" or isinstance(value, dict)):
        kinds = {"AWS": "*"} if value == "*" else value
        return {kind: ValueSet.of(listed(names), _account) for kind, names in kinds.items()}
    if name == "Condition" and isinstance(value, dict):
        return {operator: _conditions(keys) for operator, keys in value.items()}
    return value


def _conditions(keys: Any) -> Any:
    """The values by key; keys are told apart as IAM does it, without regard to case."""
    if not isinstance(keys, dict) or len({key.lower() for key in keys}) != len(keys):
        return keys
    return {key.lower(): ValueSet.of(listed(values)) for key, values in keys.items()}


def compared(value: Any) -> Any:
    """A part of a policy as it is compared: of a set, what its values stand for."""
    if isinstance(value, ValueSet):
        return sorted(value)
    return {key: compared(item) for key, item in value.items()} if isinstance(value, dict) else value


def _account(name: str) -> str:
    """An account's number stands for its root."""
    found = _ACCOUNT.match(name)
    return found.group(1) if found else name


def _text(value: Any) -> str:
    """A value as IAM reads it: the text "true" and true are the same to a condition."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def listed(value: Any) -> list[Any]:
    """One value, or several: a policy may leave the brackets out around one."""
    return value if isinstance(value, list) else [value]
