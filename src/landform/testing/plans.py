"""A plan as tests read it: sets of addresses, planned values, and lines to show when it is another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from landform.engine.events import Diagnostic
from landform.planning.changes import Action, Change, OutputChange, parse_change, parse_output
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.redaction import Redactor, secrets_of_plan
from landform.project.names import did_you_mean
from landform.review import ChangeReview, review_plan
from landform.review.review import short
from landform.testing.attributes import Attributes, marked_view

Document = Mapping[str, Any]

_MANY = 8
_GONE = (Action.DELETE, Action.FORGET)


class Addresses(frozenset[str]):
    """Addresses of one kind of change. Equal to any set; knows its plan, for the failure's text."""

    kind: str
    plan: PlannedModule

    @classmethod
    def of(cls, kind: str, plan: PlannedModule, found: Iterable[str]) -> Addresses:
        """The addresses ``found`` in ``plan``."""
        made = cls(found)
        made.kind, made.plan = kind, plan
        return made

    # Said again so that type checkers let a test compare it with an ordinary set.
    def __eq__(self, other: object) -> bool:
        return super().__eq__(other)

    __hash__ = frozenset.__hash__

    def __repr__(self) -> str:
        return repr(set(self))


class PlannedModule:
    """What terraform would do for one module with one set of variables.

    Addresses are whole, with modules and ``count`` and ``for_each`` keys. ``plan["aws_s3_bucket.logs"]`` has
    the planned values: ``UNKNOWN`` where only the apply will tell, secrets that don't show themselves.

    An empty ``document`` is that of a plan without changes, loaded when somebody looks closer.
    """

    def __init__(
        self,
        document: Document,
        *,
        load_document: Callable[[], Document] | None = None,
        diagnostics: tuple[Diagnostic, ...] = (),
        secrets: Redactor | None = None,
    ) -> None:
        self._document = document
        self._load = load_document
        self.diagnostics = diagnostics
        self.outputs_read: set[str] = set()
        self.redactor = secrets_of_plan(document) | (secrets or Redactor())

    @cached_property
    def _stack(self) -> StackPlan:
        document = self._document or self.document
        changes = tuple(map(_change, document.get("resource_changes", ())))
        outputs = tuple(
            parse_output("", name, raw) for name, raw in document.get("output_changes", {}).items()
        )
        drift = tuple(map(_change, document.get("resource_drift", ())))
        return StackPlan("", changes=changes, outputs=outputs, drift=drift)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every planned change, the ones that do nothing included."""
        return self._stack.changes

    @property
    def output_changes(self) -> tuple[OutputChange, ...]:
        """What happens to each output."""
        return self._stack.outputs

    @property
    def is_noop(self) -> bool:
        """Whether applying it would do nothing, new values of outputs included."""
        return not self._document or not self._stack.has_changes

    @property
    def creates(self) -> Addresses:
        """What is made."""
        return self._of("creates", lambda action: action is Action.CREATE)

    @property
    def updates(self) -> Addresses:
        """What is changed in place."""
        return self._of("updates", lambda action: action is Action.UPDATE)

    @property
    def replaces(self) -> Addresses:
        """What gets a successor, in either order."""
        return self._of("replaces", lambda action: action.is_replacement)

    @property
    def deletes(self) -> Addresses:
        """What ends without a successor."""
        return self._of("deletes", lambda action: action is Action.DELETE)

    @property
    def reads(self) -> Addresses:
        """Data sources that can be read only during the apply."""
        found = (each.address for each in self.changes if each.action is Action.READ)
        return Addresses.of("reads", self, found)

    def _of(self, kind: str, wanted: Callable[[Action], bool]) -> Addresses:
        found = (each.address for each in self.changes if each.mode == "managed" and wanted(each.action))
        return Addresses.of(kind, self, found)

    @property
    def counts(self) -> Counter[str]:
        """How many objects of each type there will be; a type that is not there counts 0."""
        return Counter(
            each.type for each in self.changes if each.mode == "managed" and each.action not in _GONE
        )

    @property
    def addresses(self) -> frozenset[str]:
        """All addresses that the plan knows."""
        return frozenset(each.address for each in self.changes)

    @property
    def outputs(self) -> Attributes:
        """The outputs' planned values."""
        values = {
            each.name: marked_view(each.after.value, each.after.sensitive, each.unknown)
            for each in self.output_changes
            if each.action is not Action.DELETE
        }
        return Attributes("outputs", values, self.outputs_read)

    @property
    def document(self) -> Document:
        """Terraform's whole plan document (``planned_values``, ``configuration``, ``prior_state`` …).

        The first look costs a plan of its own where the plan came out of a batch. It holds sensitive values
        in the clear.
        """
        if self._load is not None:
            self._document, self._load = self._load(), None
            self.redactor |= secrets_of_plan(self._document)
        return self._document

    def change(self, address: str) -> Change:
        """The change of one object. Raises ``KeyError`` with the nearest address."""
        found = next((each for each in self.changes if each.address == address), None)
        if found is None:
            raise KeyError(f"the plan has no {address}. {did_you_mean(address, self.addresses)}")
        return found

    def __getitem__(self, address: str) -> Attributes:
        change = self.change(address)
        after = change.after
        return Attributes(address, marked_view(after.value or {}, after.sensitive, change.unknown))

    def __contains__(self, address: object) -> bool:
        return address in self.addresses

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.addresses))

    def lines(self) -> list[str]:
        """The plan as a person reads it: one line for each change, its differences below; redacted."""
        reviewed = review_plan(EnvironmentPlan("", "", (self._stack,)), self.redactor).stacks[0]
        lines = [line for change in reviewed.changes for line in _lines(change)]
        for output in reviewed.outputs:
            after = "(known after apply)" if output.unknown else short(output.after)
            lines.append(f"{output.action} output {output.name}  {short(output.before)} → {after}")
        return lines or ["no changes"]

    def __repr__(self) -> str:
        shown = [line for line in self.lines() if not line.startswith(" ")]
        return f"<plan: {'; '.join(shown[:_MANY])}{'; …' if len(shown) > _MANY else ''}>"


def _change(raw: Mapping[str, Any]) -> Change:
    # A bare module has no stack: without a name nothing is cut off an address.
    return replace(parse_change(raw), stack="")


def _lines(change: ChangeReview) -> Iterator[str]:
    why = f"  ({change.why})" if change.why else ""
    yield f"{change.action} {change.address}  {change.headline}{why}".rstrip()
    if change.action is Action.CREATE:
        return
    for each in change.attributes[: _MANY * 2]:
        after = "(known after apply)" if each.unknown else short(each.after)
        forced = "  forces replacement" if each.forces_replacement else ""
        yield f"    {each.path}: {short(each.before)} → {after}{forced}"


def explain_difference(left: object, right: object) -> list[str] | None:
    """Lines for ``assert plan.creates == {…}``; None where neither side is a plan's addresses."""
    if isinstance(left, Addresses) and isinstance(right, set | frozenset):
        actual, expected = left, right
    elif isinstance(right, Addresses) and isinstance(left, set | frozenset):
        actual, expected = right, left
    else:
        return None
    actions = {each.address: each.action for each in actual.plan.changes}
    lines = [f"what the plan {actual.kind} is not what was expected"]
    for address in sorted(map(str, expected - actual)):
        is_now = f"planned: {actions[address]}" if address in actions else "not in the plan"
        near = "" if address in actions else f" {did_you_mean(address, actions)}"
        lines.append(f"  missing     {address} ({is_now}){near if 'mean' in near else ''}")
    lines += [f"  unexpected  {address}" for address in sorted(actual - expected)]
    return [*lines, "the plan:", *(f"  {line}" for line in actual.plan.lines()[:40])]
