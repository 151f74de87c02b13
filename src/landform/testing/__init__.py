"""The pytest plugin: a module and its variables go in; plans, applied stacks and readable failures come out.

``plugin`` is what pytest loads: hooks and fixtures, each a few lines over the rest. ``marker`` and
``collection`` turn ``@pytest.mark.tf`` into a ``Case`` and its level, group and faults; ``workfolder`` and
``prepared`` copy and initialise a module; ``batch`` plans many cases in one process; ``bench`` runs terraform
and times it; ``plans``, ``stacks`` and ``modules`` are what tests hold in their hands; ``lifetimes`` ends
what was started. Never reaches an AWS account by default, never writes into a module's own folder, and is
imported by no other part of landform.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landform.testing.attributes import UNKNOWN, Attributes, Secret, SecretText
    from landform.testing.emulator import Emulator
    from landform.testing.failures import CommandFailed, ProviderMissing
    from landform.testing.levels import Level
    from landform.testing.marker import Case, Scope
    from landform.testing.modules import TestedModule
    from landform.testing.patience import HttpAnswer, http_answer, retry_until
    from landform.testing.plans import PlannedModule
    from landform.testing.stacks import Stack

__all__ = [
    "UNKNOWN",
    "Attributes",
    "Case",
    "CommandFailed",
    "Emulator",
    "HttpAnswer",
    "Level",
    "PlannedModule",
    "ProviderMissing",
    "Scope",
    "Secret",
    "SecretText",
    "Stack",
    "TestedModule",
    "http_answer",
    "retry_until",
]

_HOMES = {
    "attributes": ("UNKNOWN", "Attributes", "Secret", "SecretText"),
    "emulator": ("Emulator",),
    "failures": ("CommandFailed", "ProviderMissing"),
    "levels": ("Level",),
    "marker": ("Case", "Scope"),
    "modules": ("TestedModule",),
    "patience": ("HttpAnswer", "http_answer", "retry_until"),
    "plans": ("PlannedModule",),
    "stacks": ("Stack",),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"landform.testing.{module}"), name)
    message = f"module 'landform.testing' has no attribute {name!r}"
    raise AttributeError(message)
