"""The root of one stack: initialised as its lock says, planned, and its plan read."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from landform.engine.terraform import Terraform
from landform.generator.parts import output_names
from landform.generator.roots import root_folder
from landform.planning.environment_plan import EnvironmentPlan, PlanFrame, StackPlan, parse_plan
from landform.planning.redaction import Redactor, secrets_of_plan
from landform.workflows.frozen import keep_lock
from landform.workflows.initialised import LOCK, ensure_init
from landform.workflows.overriding import write_overrides
from landform.workflows.place import Place


@dataclass(frozen=True, slots=True)
class StackRoot:
    """The root of a stack in a frozen place."""

    place: Place
    stack: str

    @property
    def terraform(self) -> Terraform:
        """Terraform in the root."""
        folder = root_folder(self.place.project, self.stack)
        return self.place.terraform(folder, self.place.data_dir(self.stack))

    async def init(self) -> None:
        """Initialise it with the providers that the environment was planned with."""
        terraform = self.terraform
        lock = terraform.folder / LOCK
        kept = self.place.composed_data / LOCK
        if not lock.exists() and kept.exists():
            shutil.copyfile(kept, lock)
        module = self.place.project.modules[self.stack].folder
        await ensure_init(
            terraform,
            [module] if module else [],
            self.place.backend_config(self.stack),
            downloads=self.place.downloads,
        )
        write_overrides(self.place, terraform)
        keep_lock(self.place, self.stack)

    async def read(self, plan: Path) -> tuple[EnvironmentPlan, Redactor]:
        """A plan of the root that was saved, and what to hide of it."""
        document = json.loads(await self.terraform.show(plan))
        project = self.place.project
        stack = project.stack_by_name[self.stack]
        outputs = {name: (self.stack, name) for name, _, _ in output_names(project, stack)}
        frame = PlanFrame(project.name, self.place.environment.name, [StackPlan(self.stack)], outputs)
        return parse_plan(document, frame, lambda *_: ()), secrets_of_plan(document)
