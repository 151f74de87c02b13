"""Whether an environment, or some stacks of it, may be destroyed at all: asked before anything starts."""

from __future__ import annotations

from landform.errors import Refused
from landform.project import Project
from landform.project.graph import downstream_closure
from landform.workflows.place import Place, check_stacks, environment_of
from landform.workflows.states import read_states


def check_protection(project: Project, environment_name: str) -> None:
    """Raise Refused for a protected environment."""
    environment = environment_of(project, environment_name)
    if environment.protected:
        raise Refused(
            f"environment {environment.name!r} is protected",
            f"Set 'protected: false' in environments/{environment.name}/environment.yaml to lift it.",
        )


def check_dependents(place: Place, stacks: tuple[str, ...]) -> None:
    """Raise Refused for stacks that others still stand on."""
    check_stacks(place.project, stacks)
    others = downstream_closure(place.project.stack_by_name, stacks) - set(stacks)
    standing = [name for name, state in read_states(place, sorted(others)).items() if state.managed_count]
    if standing:
        chosen = " ".join(f"--stack {name}" for name in (*stacks, *standing))
        raise Refused(f"{', '.join(standing)} still stand on {', '.join(stacks)}", f"Take them too: {chosen}")
