"""IAM policy documents as sets of permissions, so that order and spelling make no difference.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

_NOBODY = frozenset({""})
_ACCOUNT = re.compile(r"^AWS:(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$")
_RESTRICTING = frozenset({
    "aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip", "aws:sourcearn",
    "aws:sourceaccount", "aws:sourceorgid", "aws:principalarn", "aws:principalaccount",
    "aws:principalorgid", "aws:principalorgpaths", "aws:userid", "kms:calleraccount",
    "s3:dataaccesspointaccount",
})  # fmt: skip
"""Keys of conditions that say who, from where, or on whose behalf."""

_ANYTHING = frozenset({"*", "0.0.0.0/0", "::/0"})


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension of a statement: these values or, where ``negated``, all others."""

    values: frozenset[str] = _NOBODY
    negated: bool = False

    def covers(self, other: str | Part) -> bool:
        """Whether everything in ``other``, one value or a negated part, is in this one."""
        if isinstance(other, str):
            if self.negated:
                return not any(_match(value, other) or _match(other, value) for value in self.values)
            return any(_match(value, other) for value in self.values)
        if self.negated:
            return all(any(_match(each, value) for each in other.values) for value in self.values)
        return "*" in self.values

    def atoms(self) -> Iterable[str | Part]:
        """What it consists of, each to be covered by itself."""
        return (self,) if self.negated else self.values


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; ``key`` is in lower case, as IAM compares it."""

    operator: str
    key: str
    values: frozenset[str]

    @property
    def restricts(self) -> bool:
        """Whether it binds even ``Principal: *`` to someone."""
        operator = self.operator.lower()
        binding = "not" not in operator and not operator.endswith("ifexists")
        return binding and self.key in _RESTRICTING and not self.values & _ANYTHING

    def follows_from(self, others: Iterable[Condition]) -> bool:
        """Whether one of ``others`` is as strict or stricter."""
        return any(self._is_implied_by(other) for other in others)

    def _is_implied_by(self, other: Condition) -> bool:
        if (self.operator, self.key) != (other.operator, other.key):
            return False
        if "not" in self.operator.lower():
            return other.values >= self.values
        return other.values <= self.values


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy, canonical."""

    allows: bool
    actions: Part
    resources: Part
    principals: Part
    conditions: frozenset[Condition]

    @property
    def is_restricted(self) -> bool:
        """Whether its conditions bind it to some account, network or source."""
        return any(each.restricts for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a statement gives that was not given before; ``loosened``: only a condition is weaker."""

    statement: Statement
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...]
    loosened: bool = False

    @property
    def is_public(self) -> bool:
        """Whether anyone at all gets it."""
        everyone = "*" in self.principals or self.statement.principals.negated
        return everyone and not self.statement.is_restricted


def parse(text: Any) -> frozenset[Statement] | None:
    """The statements of a policy; None where ``text`` is no policy document."""
    try:
        document = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if not isinstance(document, dict) or "Statement" not in document:
        return None
    return frozenset(_statement(each) for each in _list(document["Statement"]) if isinstance(each, dict))


def widened(
    before: Iterable[Statement], after: Iterable[Statement], *, allows: bool = True
) -> Iterator[Grant]:
    """What ``after`` allows (or, without ``allows``, denies) and ``before`` does not."""
    old = [each for each in before if each.allows is allows]
    for statement in after:
        if statement.allows is not allows or statement in old:
            continue
        new = _uncovered(statement, old)
        if new:
            yield new


def _uncovered(statement: Statement, old: list[Statement]) -> Grant | None:
    atoms = list(
        product(statement.actions.atoms(), statement.resources.atoms(), statement.principals.atoms())
    )
    strict = [each for each in old if all(one.follows_from(statement.conditions) for one in each.conditions)]
    missing = [atom for atom in atoms if not any(_covers(each, atom) for each in strict)]
    if not missing:
        return None
    loosened = all(any(_covers(each, atom) for each in old) for atom in missing)
    sides = [tuple(sorted({_shown(atom[index]) for atom in missing})) for index in range(3)]
    return Grant(statement, sides[0], sides[1], sides[2], loosened)


def _covers(statement: Statement, atom: tuple[str | Part, str | Part, str | Part]) -> bool:
    action, resource, principal = atom
    return (
        statement.actions.covers(action)
        and statement.resources.covers(resource)
        and statement.principals.covers(principal)
    )


def _shown(atom: str | Part) -> str:
    return atom if isinstance(atom, str) else f"all but {', '.join(sorted(atom.values))}"


def _match(pattern: str, text: str) -> bool:
    if pattern in (text, "*"):
        return True
    account = _ACCOUNT.match(pattern)
    if account is not None:
        return bool(re.match(rf"AWS:arn:[\w-]+:(?:iam|sts)::{account.group(1)}:", text))
    return ("*" in pattern or "?" in pattern) and fnmatchcase(text, pattern.replace("[", "[[]"))


def _statement(raw: Mapping[str, Any]) -> Statement:
    return Statement(
        raw.get("Effect") == "Allow",
        _part(raw, "Action", lambda value: {str(each).lower() for each in _list(value)}),
        _part(raw, "Resource", lambda value: {str(each) for each in _list(value)}),
        _part(raw, "Principal", lambda value: set(_principals(value))),
        frozenset(_conditions(raw.get("Condition"))),
    )


def _part(raw: Mapping[str, Any], name: str, read: Any) -> Part:
    if name in raw:
        return Part(frozenset(read(raw[name])))
    if f"Not{name}" in raw:
        return Part(frozenset(read(raw[f"Not{name}"])), negated=True)
    return Part()


def _principals(value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield "*" if value == "*" else str(value)
        return
    for kind, names in value.items():
        for name in map(str, _list(names)):
            written = f"{kind}:{name}"
            account = _ACCOUNT.match(written)
            yield f"AWS:{account.group(1)}" if account else "*" if written == "AWS:*" else written


def _conditions(value: Any) -> Iterator[Condition]:
    for operator, keys in (value if isinstance(value, Mapping) else {}).items():
        for key, values in (keys if isinstance(keys, Mapping) else {}).items():
            yield Condition(str(operator), str(key).lower(), frozenset(_text(each) for each in _list(values)))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
