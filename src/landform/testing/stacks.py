"""An applied module: its outputs, its resources by address, clients of its AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from landform.engine import OnOrphan, PlanOptions
from landform.engine.supervision import kill
from landform.errors import StateUnreadable
from landform.planning.redaction import Redactor, marked, secrets_of_plan
from landform.planning.states import instance_address, parse_state
from landform.project.names import did_you_mean
from landform.testing.attributes import Attributes, marked_view, marks_of_paths
from landform.testing.failures import CommandFailed, command_failed, ending_of, is_told
from landform.testing.levels import Level
from landform.testing.marker import Case, check_values
from landform.testing.plans import PlannedModule
from landform.testing.workfolder import write_values

if TYPE_CHECKING:
    from pathlib import Path

    from landform.aws.credentials import Access
    from landform.aws.session import AwsClient
    from landform.engine import ApplyResult, Terraform
    from landform.testing.bench import Bench, WorkFolder
    from landform.testing.emulator import Emulator

__tracebackhide__ = is_told
PLANNED = "planned"
"""The file of a stack's last plan."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a stack before it is made.

    ``test`` is the first that asked for it, ``given`` is its case before ``{unique}`` was replaced by
    ``unique``.
    """

    test: str
    unique: str
    given: Case
    emulator: Emulator | None = None


class Stack:
    """One module, applied. It is read from its state file: no process is started for a look.

    ``stack["aws_sqs_queue.this"]`` takes whole addresses, with modules and ``count`` and ``for_each`` keys,
    as Terraform writes them.
    """

    def __init__(self, bench: Bench, case: Case, work: WorkFolder, origin: Origin) -> None:
        self._bench, self._work = bench, work
        self.case, self.origin = case, origin
        self._values: Mapping[str, Any] = case.vars
        self._steps = 0
        self.outputs_read: set[str] = set()

    @property
    def folder(self) -> Path:
        """The root it was applied from: a copy of the module, with its state."""
        return self._work.root

    @property
    def terraform(self) -> Terraform:
        """The engine in that root."""
        return self._work.terraform

    @property
    def access(self) -> Access:
        """How its AWS is reached."""
        return self._work.access

    @property
    def work(self) -> WorkFolder:
        """The copy with all that belongs to it."""
        return self._work

    @property
    def unique(self) -> str:
        """The short name in its variables that no other stack has."""
        return self.origin.unique

    @property
    def variables(self) -> Mapping[str, Any]:
        """The values it was applied with, or will be."""
        return self._values

    @property
    def sensitive_variables(self) -> list[Any]:
        """The values of variables that the module declares sensitive."""
        declared = self.case.known.variables
        return [
            value for name, value in self._values.items() if name in declared and declared[name].sensitive
        ]

    @property
    def state(self) -> bytes:
        """The state file as it is, b"" where nothing was applied. It holds secrets in the clear."""
        try:
            return (self.folder / "terraform.tfstate").read_bytes()
        except FileNotFoundError:
            return b""

    @property
    def is_empty(self) -> bool:
        """Whether it manages nothing: not applied yet, or destroyed."""
        return not any(each["mode"] == "managed" for each in self._document.get("resources", ()))

    @property
    def outputs(self) -> Attributes:
        """The outputs by name; sensitive ones don't show themselves."""
        found = self._document.get("outputs", {})
        values = {name: marked_view(one["value"], one.get("sensitive", False)) for name, one in found.items()}
        return Attributes("outputs", values, self.outputs_read)

    @property
    def addresses(self) -> frozenset[str]:
        """Everything in its state, data sources too."""
        return frozenset(self._instances())

    def __getitem__(self, address: str) -> Attributes:
        found = self._instances()
        if address not in found:
            keyed = sorted(other for other in found if other.startswith(f"{address}["))
            way_out = f"There are {', '.join(keyed)}." if keyed else did_you_mean(address, found)
            raise KeyError(f"the state has no {address}. {way_out}")
        instance = found[address]
        marks = marks_of_paths(instance.get("sensitive_attributes") or ())
        return Attributes(address, marked_view(instance.get("attributes") or {}, marks))

    def __contains__(self, address: object) -> bool:
        return address in self._instances()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._instances()))

    def client(self, service: str, region: str | None = None) -> AwsClient:
        """A boto3 client of the AWS it was applied to."""
        return self._bench.client(self.access, service, region)

    def plan(self, **variables: Any) -> PlannedModule:
        """What terraform would do now; ``variables`` are for this plan only."""
        self._give(variables)
        try:
            case = replace(self.case, vars={**self._values, **variables})
            plan = make_plan(self._bench, case, self._work)
        finally:
            self._give({})
        self._bench.seen.append(plan)
        return plan

    def apply(self, **variables: Any) -> Stack:
        """Apply (again), from now on with these variables too. Raises ``CommandFailed``."""
        check_values(self.case, variables)
        self._values = {**self._values, **variables}
        self._give({})
        hook, config = self._bench.config.hook, self._bench.config
        hook.pytest_landform_applying(config=config, stack=self)
        try:
            self._make()
        finally:
            self._learn()
        self._bench.providers.check(self.terraform, self.access, self.state)
        hook.pytest_landform_applied(config=config, stack=self)
        return self

    def destroy(self) -> None:
        """Destroy everything in it. Raises ``CommandFailed``."""
        if self.is_empty:
            return
        self._change("destroy")

    def put_back(self, state: bytes) -> None:
        """Take ``state`` for its state again, after its emulator was put back to that moment."""
        (self.folder / "terraform.tfstate").write_bytes(state)

    def __repr__(self) -> str:
        return f"<stack of {self.case.shown}: {len(self.addresses)} resources>"

    def _make(self) -> None:
        """In an emulator at once; in a real account exactly the plan that was looked at before."""
        if self.case.level is not Level.AWS:
            self._change("apply")
            return
        document = make_plan(self._bench, self.case, self._work, whole=True).document
        config = self._bench.config
        config.hook.pytest_landform_approve(config=config, stack=self, document=document)
        self._run("apply", lambda run: self.terraform.apply(
            self._work.top / PLANNED, run, on_orphan=OnOrphan.INTERRUPT
        ))  # fmt: skip

    def _change(self, command: str) -> None:
        options = PlanOptions(destroy=command == "destroy")
        self._run(command, lambda run: self._bench.ready(self._work).apply_unreviewed(run, options))

    def _run(self, command: str, change: Callable[[Path], Coroutine[Any, Any, ApplyResult]]) -> None:
        self._steps += 1
        what = f"terraform {command} of {self.case.shown}"
        run_folder = self._work.top / f"step-{self._steps}"
        try:
            result = self._bench.run(command, what, change(run_folder))
        except CommandFailed:
            if self.access.is_emulated:  # in a real account it goes on: what it makes must not be lost
                kill(run_folder)
            raise
        if not result.succeeded:
            raise command_failed(
                what, result.diagnostics, self._bench.secrets, ending_of(result.outcome)
            ) from None

    def _give(self, variables: Mapping[str, Any]) -> None:
        check_values(self.case, variables)
        values = {**self._values, **variables}
        self._bench.learn_values(self.case, values)
        write_values(self.folder, values)

    def _learn(self) -> None:
        """Everything the state marks as sensitive is hidden from now on."""
        with suppress(StateUnreadable):
            document = self._document
            found: list[object] = [
                one["value"] for one in document.get("outputs", {}).values() if one.get("sensitive")
            ]
            for instance in self._instances().values():
                marks = marks_of_paths(instance.get("sensitive_attributes") or ())
                found += marked(instance.get("attributes"), marks)
            self._bench.learn(Redactor.of(found))

    @property
    def _document(self) -> Mapping[str, Any]:
        return parse_state("", self.state).document or {}

    def _instances(self) -> dict[str, Mapping[str, Any]]:
        return {
            instance_address(resource, instance): {
                **instance,
                "attributes": _plain(instance.get("attributes") or {}),
            }
            for resource in self._document.get("resources", ())
            for instance in resource["instances"]
            if not instance.get("deposed")
        }


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of no fixed type lie in a state with their type beside them: the value alone."""
    return {name: value["value"] if _is_typed(value) else value for name, value in attributes.items()}


def _is_typed(value: Any) -> bool:
    if not isinstance(value, Mapping) or value.keys() != {"value", "type"}:
        return False
    return isinstance(value["type"], list) or value["type"] in ("string", "number", "bool")


def make_plan(bench: Bench, case: Case, work: WorkFolder, *, whole: bool = False) -> PlannedModule:
    """Plan; show where there are changes or the ``whole`` document is wanted. Raises ``CommandFailed``."""
    out = work.top / PLANNED
    what = f"terraform plan of {case.shown}"
    result = bench.run("plan", what, bench.ready(work).plan(out))
    if result.errored:
        raise command_failed(what, result.diagnostics, bench.secrets, "exit code 1") from None

    def shown() -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads(bench.run("show", what, bench.ready(work).show(out)))
        bench.learn(secrets_of_plan(document))
        return document

    # A plan without changes needs no second process to say so; its file stays for who wants to see more.
    if not result.changes and not whole:
        out = out.rename(work.top / f"{PLANNED}-{len(list(work.top.glob(f'{PLANNED}-*')))}")
    document, load = (shown(), None) if result.changes or whole else ({}, shown)
    plan = PlannedModule(document, load_document=load, diagnostics=result.diagnostics, secrets=bench.secrets)
    bench.learn(plan.redactor)
    bench.config.hook.pytest_landform_planned(config=bench.config, case=case, plan=plan)
    return plan
