"""Which stacks Terraform can't plan yet, read from its own errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from landform.planning.changes import stack_of
from landform.planning.environment_plan import Deferred

_NOT_YET = ("Invalid count argument", "Invalid for_each argument", "Invalid provider configuration")


class Problem(Protocol):
    """What is needed of an engine's diagnostic."""

    @property
    def summary(self) -> str:
        """First line of the message."""

    @property
    def detail(self) -> str:
        """The rest of it."""

    @property
    def address(self) -> str | None:
        """Address of the object it is about."""

    @property
    def context(self) -> str | None:
        """The block it is in, such as ``resource "aws_x" "y"``."""

    @property
    def filename(self) -> str | None:
        """File it is about, relative to the root."""


def not_plannable_yet(
    problems: Iterable[Problem], folders: Mapping[str, Sequence[str]]
) -> tuple[Deferred, ...]:
    """Stacks whose ``count`` or ``for_each`` hangs on a value that only an apply can tell.

    Terraform names the file, not the call: ``folders`` maps a module's folder, as the root names it,
    to the stacks that call it and read another stack. Empty where any problem is of another kind: then
    the plan has simply failed.
    """
    found: dict[str, Deferred] = {}
    for problem in problems:
        stacks = _stacks(problem, folders)
        if not (problem.summary in _NOT_YET and "until apply" in _flat(problem.detail)) or not stacks:
            return ()
        reason = f"{problem.context or problem.filename}: {problem.summary.lower()}, known only after apply"
        for stack in stacks:
            found.setdefault(stack, Deferred(stack, reason))
    return tuple(found.values())


def _stacks(problem: Problem, folders: Mapping[str, Sequence[str]]) -> Sequence[str]:
    own = stack_of(problem.address) if problem.address else None
    if own is not None:
        return (own,)
    folder = (problem.filename or "").rpartition("/")[0]
    matching = [name for name in folders if folder == name or folder.startswith(f"{name}/")]
    if matching:
        return folders[max(matching, key=len)]
    downloaded = re.search(r"/modules/([\w-]+)(?:[./]|$)", folder)
    return (downloaded.group(1),) if downloaded else ()


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
