"""Stacks × environments: applied, changed since, or never applied. Reads states only, plans nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from landform.generator import generated_files
from landform.planning.states import StackState
from landform.project import Project
from landform.workflows.applied import applied_record, stack_digest
from landform.workflows.place import Place, PlaceOptions, open_place
from landform.workflows.states import read_states


class Standing(StrEnum):
    """What ``status`` says of a stack in an environment."""

    NEVER = "never"
    APPLIED = "applied"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class StackStatus:
    """One cell. ``resources`` is the number of managed objects; ``at`` is when it was applied from here.

    ``changed``: its code or values differ from what was applied. ``elsewhere``: there is a state, but this
    checkout did not apply it, so only a plan tells whether anything changed.
    """

    environment: str
    stack: str
    standing: Standing
    resources: int = 0
    serial: int = 0
    at: str = ""


def project_status(
    project: Project, environments: tuple[str, ...], options: PlaceOptions
) -> list[StackStatus]:
    """The status of every stack in each environment."""
    generated = generated_files(project)
    found: list[StackStatus] = []
    for name in environments or tuple(project.environment_by_name):
        place = open_place(project, name, options)
        states = read_states(place, project.order)
        found += [_status(place, states[stack], generated) for stack in project.order]
    return found


def _status(place: Place, state: StackState, generated: Mapping[str, str]) -> StackStatus:
    name, stack = place.environment.name, state.stack
    if not state.managed_count:
        return StackStatus(name, stack, Standing.NEVER, serial=state.serial)
    record = applied_record(place, stack)
    if record is None:
        return StackStatus(name, stack, Standing.ELSEWHERE, state.managed_count, state.serial)
    same = record["digest"] == stack_digest(place, stack, generated)
    standing = Standing.APPLIED if same else Standing.CHANGED
    return StackStatus(name, stack, standing, state.managed_count, state.serial, str(record["at"]))
