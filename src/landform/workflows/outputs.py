"""The outputs of an environment's stacks, read from their states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from landform.workflows.place import Place, check_stacks
from landform.workflows.plan import known_secrets
from landform.workflows.states import read_states


@dataclass(frozen=True, slots=True)
class StackOutput:
    """One output. ``sensitive``: its module says so, or its value holds that of a sensitive variable."""

    stack: str
    name: str
    value: Any
    sensitive: bool = False


def environment_outputs(place: Place, stacks: tuple[str, ...] = ()) -> list[StackOutput]:
    """Outputs of all stacks, or of some, in apply order."""
    check_stacks(place.project, stacks)
    hide = known_secrets(place)
    wanted = [name for name in place.project.order if not stacks or name in stacks]
    found: list[StackOutput] = []
    for name, state in read_states(place, wanted).items():
        outputs = (state.document or {}).get("outputs", {})
        found += [
            StackOutput(name, key, value, bool(output.get("sensitive")) or hide.data(value) != value)
            for key, output in sorted(outputs.items())
            for value in [output.get("value")]
        ]
    return found
