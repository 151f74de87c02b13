"""Hands a state to Terraform, which takes its lock and writes it: landform writes none itself.

Not in the stack's own root: that needs its providers and modules, and what lies there may be of another day.
A scratch root that holds the same backend block, and nothing else, is the same backend, with the same lock.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from landform.engine import Terraform
from landform.errors import Interrupted, TerraformFailed
from landform.generator import generated_files
from landform.generator.files import write_text
from landform.generator.parts import GENERATED
from landform.workflows.journal import Run
from landform.workflows.place import Place, scratch_root


@dataclass(frozen=True, slots=True)
class Pusher:
    """Pushes states of one place, for one run. ``files`` are the project's generated ones."""

    place: Place
    run: Run
    files: dict[str, str]

    @classmethod
    def of(cls, place: Place, run: Run) -> Pusher:
        """A pusher to where landform.yaml says that states are."""
        return cls(place, run, generated_files(place.project))

    def push(self, stack: str, document: bytes) -> None:
        """Have Terraform take ``document`` as the state of a stack. Raises TerraformFailed.

        Terraform works on by itself where landform is killed, and is waited for by the next command.
        """
        self.run.record("push started", stack=stack)
        try:
            asyncio.run(self._push(stack, document))
        except KeyboardInterrupt:
            self.run.record("interrupted", stack=stack)
            raise Interrupted(
                f"you interrupted the push of the state of {stack}; Terraform has ended",
                f"See what is there: landform state list {self.place.environment.name}{self.place.flags}",
            ) from None
        finally:
            self.run.clear(stack)
        self.run.record("push ended", stack=stack)

    async def _push(self, stack: str, document: bytes) -> None:
        async with backend_root(self.place, stack, self.files) as terraform:
            state = terraform.folder / "pushed.tfstate"
            descriptor = os.open(state, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(document)
            pushed = await terraform.state_push(state, self.run.step_folder(stack))
        if not pushed.succeeded:
            raise TerraformFailed(f"terraform did not take the state of {stack}", pushed.diagnostics)


@asynccontextmanager
async def backend_root(place: Place, stack: str, files: Mapping[str, str]) -> AsyncIterator[Terraform]:
    """Terraform in a root that has a stack's backend and nothing else; ``files`` are the generated ones."""
    with scratch_root(place.home) as root:
        write_text(root / "backend.tf", files[f"{GENERATED}/{stack}/backend.tf"])
        terraform = place.terraform(root, root / ".terraform")
        await terraform.init(_backend_config(place, root, stack, files))
        yield terraform


def _backend_config(place: Place, root: Path, stack: str, files: Mapping[str, str]) -> Path | None:
    """As the stack's root gets it, but generated anew: what lies there may be of another day."""
    path = place.backend_config(stack)
    name = Path(os.path.relpath(path, place.home)).as_posix() if path else ""
    if path is None or name not in files:
        return path
    write_text(root / path.name, files[name])
    return root / path.name
