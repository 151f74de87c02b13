"""Versions and Terraform's version constraints (``>= 1.10, < 2``, ``~> 1.11``, ``1.11.4``).

The rules are those of hashicorp/go-version, which Terraform uses for ``required_version``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import total_ordering

_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z.~-]+))?(?:\+[0-9A-Za-z.~-]+)?")
_CLAUSE = re.compile(r"\s*(>=|<=|!=|~>|=|>|<)?\s*(\S+)\s*")


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """``numbers`` as they were written (1 to 4 of them) and the prerelease, '' for a release."""

    numbers: tuple[int, ...]
    prerelease: str = ""

    @property
    def base(self) -> tuple[int, ...]:
        """The numbers filled up to four, so that 1.11 and 1.11.0 are the same."""
        return (*self.numbers, 0, 0, 0)[:4]

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers)) + (f"-{self.prerelease}" if self.prerelease else "")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key() == other._key()

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        # A release comes after its prereleases; of their parts, numbers come before words (semver.org, 11).
        parts = tuple(
            (0, int(part), "") if part.isdigit() else (1, 0, part) for part in self.prerelease.split(".")
        )
        return (self.base, not self.prerelease, parts)


def parse_version(text: str) -> Version:
    """Read ``1.11.4`` or ``1.12.0-beta1``. Raises ``ValueError`` with a sentence."""
    match = _VERSION.fullmatch(text.strip())
    if not match:
        message = f"{text!r} is not a version: write it like 1.11.4 or 1.12.0-beta1"
        raise ValueError(message)
    return Version(tuple(int(number) for number in match[1].split(".")), match[2] or "")


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a project accepts: every clause has to hold."""

    text: str
    clauses: tuple[tuple[str, Version], ...]

    def allows(self, version: Version) -> bool:
        """Whether ``version`` meets every clause; no clause at all allows everything."""
        return all(_OPERATORS[operator](version, bound) for operator, bound in self.clauses)

    def __str__(self) -> str:
        return self.text


def parse_constraint(text: str) -> Constraint:
    """Read clauses separated by commas. Raises ``ValueError`` with a sentence that names the bad clause."""
    clauses = []
    for clause in text.split(",") if text.strip() else ():
        match = _CLAUSE.fullmatch(clause)
        if not match:
            message = f"{text!r} is not a version constraint: {clause.strip()!r} should look like '>= 1.10'"
            raise ValueError(message)
        try:
            clauses.append((match[1] or "=", parse_version(match[2])))
        except ValueError as fault:
            message = f"{text!r} is not a version constraint: {fault}"
            raise ValueError(message) from None
    return Constraint(text.strip(), tuple(clauses))


def _comparable(version: Version, bound: Version) -> bool:
    """A prerelease is accepted only by a clause that names a prerelease of the same version."""
    if not version.prerelease:
        return True
    return bool(bound.prerelease) and version.base == bound.base


def _pessimistic(version: Version, bound: Version) -> bool:
    if not _comparable(version, bound) or (bound.prerelease and not version.prerelease) or version < bound:
        return False
    fixed = max(len(bound.numbers) - 1, 0)
    return version.base[:fixed] == bound.base[:fixed]


_OPERATORS: dict[str, Callable[[Version, Version], bool]] = {
    "=": lambda version, bound: version == bound,
    "!=": lambda version, bound: version != bound,
    ">": lambda version, bound: _comparable(version, bound) and version > bound,
    ">=": lambda version, bound: _comparable(version, bound) and version >= bound,
    "<": lambda version, bound: _comparable(version, bound) and version < bound,
    "<=": lambda version, bound: _comparable(version, bound) and version <= bound,
    "~>": _pessimistic,
}
