"""What each run of an environment came to: its release, its stacks, its versions. One record a run.

It is written when a run begins and again when it ends, so a run whose landform was killed is seen to have
begun. Releases, ages and ``status`` are read from here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from landform.errors import RecordsUnreadable
from landform.workflows.records import Records, read_all

_FOLDER = "runs"
_AT_A_TIME = 8
_OVER = ("done", "unchanged")


@dataclass(frozen=True, slots=True)
class Ran:
    """One run. ``release`` is a digest, ``at`` RFC 3339 in UTC, ``plan`` the digest of what it applied.

    ``phases`` maps each stack that the run was about to where it stands; ``whole``: that were all stacks of
    the environment. ``code`` maps each to the digest of its root and module, ``values`` to those of what it
    read.
    """

    run: str
    operation: str
    release: str
    at: str
    plan: str = ""
    whole: bool = True
    phases: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    by: str = ""

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The stacks of which the run did not make what it was to make."""
        return tuple(stack for stack, phase in self.phases.items() if phase not in _OVER)

    @property
    def applied_release(self) -> bool:
        """Whether it applied a release, whole or in part."""
        return bool(self.release) and self.operation != "destroy"


@dataclass(frozen=True, slots=True)
class StackRan:
    """The last run that was about a stack. ``failed``: it did not come to its end there."""

    ran: Ran
    failed: bool = False

    @property
    def destroyed(self) -> bool:
        """Whether it took the stack down."""
        return self.ran.operation == "destroy" and not self.failed


def keep_run(records: Records, ran: Ran) -> None:
    """Keep a run as it stands now. Raises RecordsUnreadable."""
    records.replace(f"{_FOLDER}/{ran.run}.json", json.dumps(asdict(ran), sort_keys=True).encode())


def runs_backwards(records: Records) -> Iterator[Ran]:
    """Every run of an environment, the newest first, read a few at a time; damaged records are left out."""
    names = [name for name in reversed(records.names(f"{_FOLDER}/")) if name.endswith(".json")]
    for start in range(0, len(names), _AT_A_TIME):
        for content in read_all(records, names[start : start + _AT_A_TIME]):
            ran = _parsed(content)
            if ran is not None:
                yield ran


def last_run(records: Records) -> Ran | None:
    """The newest run; None where there is none, or records can't be read."""
    with suppress(RecordsUnreadable):
        return next(runs_backwards(records), None)
    return None


def current_release(records: Records) -> str:
    """The digest of the release that the newest run to apply one applied; empty where there is none."""
    return next((ran.release for ran in runs_backwards(records) if ran.applied_release), "")


def last_runs(runs: Iterable[Ran], stacks: Sequence[str]) -> Mapping[str, StackRan]:
    """The last run of each stack, out of runs from the newest to the oldest; none for one that never was."""
    found: dict[str, StackRan] = {}
    for ran in runs:
        for stack in stacks:
            if stack not in found and stack in ran.phases:
                found[stack] = StackRan(ran, stack in ran.unfinished)
        if len(found) == len(stacks):
            break
    return found


def _parsed(content: bytes | None) -> Ran | None:
    try:
        raw: Mapping[str, Any] = json.loads(content or b"")
        return Ran(**raw)
    except (ValueError, TypeError):
        return None
