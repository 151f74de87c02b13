"""What a sweep finds and lets be, because the environment says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from landform.errors import Location

_SAYS_SOMETHING = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Keep:
    """Resources that stay on purpose: ``pattern`` is one of ARNs, ids or names, where ``*`` is anything."""

    pattern: str
    reason: str

    def fits(self, names: Iterable[str]) -> bool:
        """Whether the pattern fits one of a resource's names."""
        return any(fnmatchcase(name, self.pattern) for name in names if name)


@dataclass(frozen=True, slots=True)
class SweepRules:
    """``sweep:`` of an environment."""

    keep: tuple[Keep, ...] = ()
    where: Location = field(default=Location("<python>"), compare=False)


def pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern; one such as ``*`` would keep everything."""
    if _SAYS_SOMETHING.search(pattern):
        return ""
    return f"{pattern!r} would keep everything: write a part of an ARN, an id or a name"


def reason_fault(reason: str) -> str:
    """What is wrong with a reason."""
    return "" if reason.strip() else "say why it stays"
