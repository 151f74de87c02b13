"""The plan as rules see it, made from a reviewed plan, from a file, or from a few dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landform.planning.changes import Action, Change, Values, stack_of
from landform.planning.environment_plan import EnvironmentPlan
from landform.planning.foreign import environment_plan_of
from landform.planning.marks import part
from landform.planning.plan_file import read_plan_file
from landform.review.policy.patterns import matches
from landform.review.policy.values import UNKNOWN, Attributes, Reads, view

_GOES = ("delete", "forget")
_INDEX = re.compile(r"\[(?:\"[^\"]*\"|\d+)\]")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a plan, with what happens to it.

    ``action`` is one of create, update, replace (in any order), delete, forget, move, import, read, no-op.
    ``before`` is what it is now, and ``after`` what it will be; one of them is empty where it is not there.
    """

    address: str
    stack: str
    type: str
    mode: str
    action: str
    before: Attributes = field(repr=False)
    after: Attributes = field(repr=False)
    _change: Change = field(repr=False)
    _plan: Plan = field(repr=False, compare=False)

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self._plan.environment

    @property
    def destroys(self) -> bool:
        """Whether an existing object ends, with or without a successor."""
        return self._change.action.destroys

    @property
    def has_tags(self) -> bool:
        """Whether its type takes tags."""
        sides = (self._change.after.value, self._change.unknown)
        return any(
            name in side for side in sides if isinstance(side, Mapping) for name in ("tags", "tags_all")
        )

    def tag(self, name: str) -> Any:
        """One tag as it will be, the environment's own tags included: None without it, or ``UNKNOWN``."""
        found = _tag(self._change, "tags", name)
        if found is None:
            found = _tag(self._change, "tags_all", name)
            if found is UNKNOWN and self._plan.default_tags is not None:
                found = self._plan.default_tags.get(name)
        if found is UNKNOWN:
            self._plan.reads.append(f"tags.{name}")
        return found


def _tag(change: Change, attribute: str, name: str) -> Any:
    value, unknown = part(change.after.value, attribute), part(change.unknown, attribute)
    if unknown is True or value is UNKNOWN:
        return UNKNOWN
    sensitive = part(change.after.sensitive, attribute)
    return view(part(value, name), sensitive is True or part(sensitive, name), part(unknown, name), "", [])


@dataclass(frozen=True, slots=True)
class Plan:
    """What an environment would become. ``resources`` are all of it, what stays as it is included.

    ``default_tags`` are those that the provider gives to every resource, None where nobody can say. ``reads``
    gathers the unknown values that were read since it was last cleared.
    """

    environment: str
    project: str = ""
    destroy: bool = False
    changes: tuple[Change, ...] = field(default=(), repr=False)
    default_tags: Mapping[str, str] | None = None
    reads: Reads = field(default_factory=list, repr=False, compare=False)
    _made: list[Resource] = field(default_factory=list, repr=False, compare=False)

    @property
    def resources(self) -> Sequence[Resource]:
        """Every resource and data source."""
        if not self._made:
            self._made.extend(_resource(change, self) for change in self.changes)
        return self._made

    def of_type(self, pattern: str) -> Iterator[Resource]:
        """The managed resources that there will be of a type, such as ``aws_s3_bucket`` or ``aws_s3_*``."""
        for each in self.resources:
            if each.mode == "managed" and each.action not in _GOES and matches(pattern, each.type):
                yield each


def _resource(change: Change, plan: Plan) -> Resource:
    word = "replace" if change.action.is_replacement else str(change.action)
    old, new, reads = change.before, change.after, plan.reads
    before = Attributes(old.value, old.sensitive, None, "", reads)
    after = Attributes(new.value, new.sensitive, change.unknown, "", reads)
    return Resource(change.address, change.stack, change.type, change.mode, word, before, after, change, plan)


def view_of(plan: EnvironmentPlan, default_tags: Mapping[str, str] | None = None) -> Plan:
    """An environment plan as rules see it."""
    return Plan(plan.environment, plan.project, plan.destroy, plan.changes, default_tags)


def plan_of(
    after: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    before: Mapping[str, Mapping[str, Any]] | None = None,
    replaced: Sequence[str] = (),
    environment: str = "dev",
    destroy: bool = False,
) -> Plan:
    """A plan for a test, from ``{address: attributes}`` as they will be and as they are.

    What is only in ``after`` is created, only in ``before`` deleted, in both updated, or left alone where it
    is equal. ``replaced`` are addresses that are replaced. Values may be ``UNKNOWN`` or ``Sensitive(…)``.
    """
    old, new = before or {}, after or {}
    changes = tuple(
        _test_change(address, old.get(address), new.get(address), address in replaced)
        for address in dict.fromkeys([*new, *old])
    )
    return Plan(environment, destroy=destroy, changes=changes)


def _test_change(
    address: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, replaced: bool
) -> Change:
    words = ["", "", *_INDEX.sub("", address).split(".")]
    mode = "data" if words[-3] == "data" and words[-4:-3] != ["module"] else "managed"
    if after is None:
        action = Action.DELETE
    elif before is None:
        action = Action.CREATE
    else:
        action = Action.REPLACE if replaced else Action.UPDATE
        action = Action.NO_OP if not replaced and repr(before) == repr(after) else action
    return Change(stack_of(address) or "", address, words[-2], mode, action, Values(before), Values(after))


def read_plan(path: Path | str, *, environment: str = "dev") -> Plan:
    """The plan of a file that ``terraform show -json`` wrote. Raises LandformError for another file."""
    return view_of(environment_plan_of(read_plan_file(Path(path)), environment))
