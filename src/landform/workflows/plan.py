"""The environment plan: compose, merge states, plan once, cut where Terraform can't plan yet."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from landform.engine.events import Event
from landform.engine.results import PlanOptions, PlanResult
from landform.engine.terraform import Terraform
from landform.errors import LandformError, TerraformFailed
from landform.generator import compose
from landform.generator.parts import module_source
from landform.generator.roots import environment_object
from landform.planning.causes import provisioners
from landform.planning.deferral import not_plannable_yet
from landform.planning.dependents import Dependents
from landform.planning.environment_plan import (
    Deferred,
    EnvironmentPlan,
    PlanFrame,
    StackPlan,
    parse_plan,
)
from landform.planning.redaction import Redactor, secrets_of_plan
from landform.planning.states import StackState, merge_states
from landform.project.graph import downstream_closure, upstream_closure
from landform.workflows import unrefreshed
from landform.workflows.initialised import LOCK, ensure_init
from landform.workflows.locals import locals_of
from landform.workflows.overriding import write_overrides
from landform.workflows.place import Place, check_stacks, scratch_root
from landform.workflows.states import read_states

if TYPE_CHECKING:
    from landform.generator import Composed

_NEEDS_INIT = (
    "Module not installed",
    "Module source has changed",
    "Inconsistent dependency lock file",
    "Required plugins are not installed",
    "Missing required provider",
    "Module version requirements",
)


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What to plan. ``stacks`` empty means all; others are planned with what they need.

    ``targets`` are the only addresses to plan, with what they depend on; none means all. ``brief``: of a plan
    that finds nothing to do, and nothing that has drifted, nothing more is asked; it has no objects then.
    """

    stacks: tuple[str, ...] = ()
    destroy: bool = False
    targets: tuple[str, ...] = ()
    brief: bool = False
    on_event: Callable[[Event], None] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A finished environment plan, what to hide when showing it, and the states it started from.

    ``chosen`` are the stacks the user named; none means all. ``dependents`` tells who reads whom,
    ``provisioners`` the kinds of provisioners by address without index. ``unrefreshed`` says why a
    destruction is planned from the states alone; empty where it is not.
    """

    plan: EnvironmentPlan
    redactor: Redactor
    states: Mapping[str, StackState]
    chosen: tuple[str, ...] = ()
    dependents: Dependents = field(default_factory=Dependents)
    provisioners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unrefreshed: str = ""


def plan_environment(place: Place, request: PlanRequest) -> Planned:
    """Plan an environment as one. Raises TerraformFailed with Terraform's own diagnostics."""
    check_stacks(place.project, request.stacks)
    wanted = upstream_closure(place.project.stack_by_name, request.stacks or place.project.order)
    states = read_states(place, sorted(wanted))
    with scratch_root(place.project.folder) as folder:
        return asyncio.run(_Planner(place, request, folder, states).run(wanted))


def known_secrets(place: Place) -> Redactor:
    """What must never be shown, as far as it is known before a plan: values of sensitive variables."""
    names = [name for name, each in place.project.effective_variables.items() if each.sensitive]
    found = [place.environment.values.get(name) for name in names]
    found += [place.env.get(f"TF_VAR_{name}") for name in names]
    return Redactor.of(value for value in found if value is not None)


@dataclass(frozen=True, slots=True)
class _Planner:
    place: Place
    request: PlanRequest
    folder: Path
    states: Mapping[str, StackState]

    async def run(self, wanted: Collection[str]) -> Planned:
        deferred: dict[str, Deferred] = {}
        while True:
            planned = [name for name in self.place.project.order if name in wanted and name not in deferred]
            composed = compose(self.place.project, self.folder, planned)
            result, failed = await self._plan(composed)
            if not result.errored:
                break
            cut = not_plannable_yet(result.errors, self._folders(planned))
            if not cut:
                raise TerraformFailed(_failure(result), result.diagnostics)
            deferred |= self._with_dependents(cut, planned)
        document = await self._document(result)
        frame = PlanFrame(
            self.place.project.name,
            self.place.environment.name,
            [self._frame(name) for name in self._shown(planned)],
            composed.outputs,
            tuple(deferred.values()),
            self.request.destroy,
        )
        known = locals_of(self.place.project, document)
        return Planned(
            parse_plan(document, frame, known),
            secrets_of_plan(document) | known_secrets(self.place),
            self.states,
            self.request.stacks,
            Dependents.of_plan(document, known),
            provisioners(document.get("configuration", {})),
            unrefreshed.reason(failed) if failed else "",
        )

    async def _document(self, result: PlanResult) -> dict[str, Any]:
        """Terraform's document of the plan. To write one takes half as long as to plan."""
        if self.request.brief and not result.changes and not result.planned:
            return {"format_version": "1.0"}
        found: dict[str, Any] = json.loads(await self._terraform().show(self.folder / "environment.tfplan"))
        return found

    def _terraform(self) -> Terraform:
        return self.place.terraform(self.folder, self._data_dir)

    @property
    def _data_dir(self) -> Path:
        return self.place.composed_data

    async def _plan(self, composed: Composed) -> tuple[PlanResult, PlanResult | None]:
        self._write(composed)
        await self._init(force=False)
        result, failed = await self._run_plan()
        if result.errored and any(error.summary in _NEEDS_INIT for error in result.errors):
            await self._init(force=True)
            return await self._run_plan()
        return result, failed

    async def _run_plan(self) -> tuple[PlanResult, PlanResult | None]:
        var_files = (*self.place.var_files, *self._role_file())
        options = PlanOptions(var_files, self.request.targets, destroy=self.request.destroy, lock=False)
        file = self.folder / "environment.tfplan"
        return await unrefreshed.plan(self._terraform(), file, options, self.request.on_event)

    def _role_file(self) -> Iterator[Path]:
        """Where the role for plans is another one: ``var.environment`` with it, in no file people keep.

        It is not in the manifest, so a plan has the same digest whichever role made it.
        """
        environment = self.place.environment
        role_arn = environment.role_arn(self.place.purpose)
        if role_arn != environment.assume_role_arn:
            planned = replace(environment, assume_role_arn=role_arn)
            path = self.folder / "environment.tfvars.json"
            facts = {"environment": environment_object(self.place.project, planned)}
            path.write_text(json.dumps(facts), encoding="utf-8")
            yield path

    async def _init(self, *, force: bool) -> None:
        """Initialise with the providers the stacks' roots are locked to, and keep the lock for next time."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        kept = self._data_dir / LOCK
        with FileLock(self._data_dir / "landform.lock"):
            source = next((path for path in (*self._locks(), kept) if path.is_file()), None)
            if source is not None:
                shutil.copyfile(source, self.folder / LOCK)
            await ensure_init(self._terraform(), self._modules(), downloads=self.place.downloads, force=force)
            write_overrides(self.place, self._terraform())
            if (self.folder / LOCK).is_file():
                shutil.copyfile(self.folder / LOCK, kept)

    def _locks(self) -> list[Path]:
        return [self.place.project.folder / "generated" / name / LOCK for name in self.place.project.order]

    def _modules(self) -> list[Path]:
        return [module.folder for module in self.place.project.modules.values() if module.folder is not None]

    def _write(self, composed: Composed) -> None:
        for name, text in composed.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        state = self.folder / "terraform.tfstate.d" / self.place.environment.name / "terraform.tfstate"
        state.parent.mkdir(parents=True, exist_ok=True)
        chosen = {
            name: state
            for name, state in self.states.items()
            if not self.request.destroy or not self.request.stacks or name in self.request.stacks
        }
        descriptor = os.open(state, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(merge_states(chosen, composed.outputs, composed.aliases))

    def _shown(self, planned: list[str]) -> list[str]:
        """The stacks of the plan, in the order they will be worked on."""
        if not self.request.destroy:
            return planned
        return [name for name in reversed(planned) if not self.request.stacks or name in self.request.stacks]

    def _frame(self, name: str) -> StackPlan:
        stack = self.place.project.stack_by_name[name]
        return StackPlan(name, stack.module, tuple(sorted(stack.upstream)))

    def _folders(self, planned: list[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in planned:
            stack = self.place.project.stack_by_name[name]
            if stack.reads:
                found.setdefault(module_source(self.place.project, stack, self.folder), []).append(name)
        return found

    def _with_dependents(self, cut: tuple[Deferred, ...], planned: list[str]) -> dict[str, Deferred]:
        known = self.place.project.stack_by_name
        found = {each.stack: each for each in cut if each.stack in planned}
        if not found:
            raise LandformError("Terraform can't plan this environment, and no stack could be set aside")
        for name in planned:
            blocking = [one for one in found if one != name and name in downstream_closure(known, [one])]
            if name not in found and blocking:
                found[name] = Deferred(name, f"it needs {blocking[0]}, which is deferred")
        return found


def _failure(result: PlanResult) -> str:
    count = len(result.errors)
    return f"Terraform can't plan this environment: {count} error{'s' if count != 1 else ''}"
