"""What a month of use is taken to be, where the plan cannot say it: requests, gigabytes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from landform.errors import Fault, Location, ProjectInvalid
from landform.planning.changes import Change, stack_of
from landform.planning.environment_plan import EnvironmentPlan
from landform.review.cost.mappers import MAPPERS

_FILE = "usage.yaml"
_LAST_INDEX = re.compile(r"\[(?:\"(?:\\.|[^\"\\])*\"|\d+)\]\Z")


@dataclass(frozen=True, slots=True)
class Usage:
    """Figures by address, or by type for all others of it; ``lines`` says where each entry and key stands.

    An address without an index stands for each instance that has no entry of its own.
    """

    entries: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], Location] = field(default_factory=dict)

    def of(self, change: Change) -> Mapping[str, float]:
        """The figures of one resource; those nearest to it win, key by key."""
        if not self.entries:
            return {}
        names = (change.type, without_index(change.address), change.address)
        found: dict[str, float] = {}
        for name in names:
            found.update(self.entries.get(name, {}))
        return found


def check_usage(usage: Usage, plan: EnvironmentPlan, known_stacks: frozenset[str]) -> None:
    """Raise ProjectInvalid with every entry that nothing in the plan reads.

    Not checked are addresses in stacks the plan leaves out, and none of them where everything is destroyed.
    """
    faults = list(_faults(usage, plan, known_stacks))
    if faults:
        raise ProjectInvalid(faults)


def _faults(usage: Usage, plan: EnvironmentPlan, known_stacks: frozenset[str]) -> Iterator[Fault]:
    if not usage.entries:
        return
    managed = [each for each in plan.changes if each.mode == "managed"]
    kinds = {each.address: each.type for each in managed}
    kinds |= {without_index(address): kind for address, kind in kinds.items()}
    deferred = {each.stack for each in plan.deferred}
    left_out = (known_stacks | deferred) - ({each.stack for each in plan.stacks} - deferred)
    for name, figures in usage.entries.items():
        where = usage.lines.get((name,), Location(_FILE))
        if name not in MAPPERS and name not in kinds:
            if not plan.destroy and stack_of(name) not in left_out:
                yield Fault(where, f"{name!r} is neither a resource of the plan nor a type with a usage.",
                            _nearest(name, [*kinds, *MAPPERS]))  # fmt: skip
            continue
        kind = kinds.get(name, name)
        known = MAPPERS[kind].usage if kind in MAPPERS else ()
        for key in figures:
            if key not in known:
                yield Fault(
                    usage.lines.get((name, key), where), f"{kind} has no usage {key!r}.", _listed(known)
                )


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else ""


def _listed(known: tuple[str, ...]) -> str:
    return f"It has: {', '.join(known)}." if known else "It has none."


def without_index(address: str) -> str:
    """An address without the index of its instance: it stands for all of them."""
    return _LAST_INDEX.sub("", address) if address.endswith("]") else address
