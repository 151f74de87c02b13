"""The engine: a root folder goes in, typed events and results come out.

In: a folder of plain Terraform, an environment of variables, paths of value files. Out: events as they
come, diagnostics whole, plans, states and outcomes. It finds and installs ``terraform`` or ``tofu``, and
everything that is asked of them goes through here. It never knows what an environment or a stack is, reads
no project file, decides nothing about a plan, and never writes a state itself.

The modules: ``binary`` (which engine), ``versions`` (constraints), ``install`` (a pinned release),
``environment`` (what an engine may inherit), ``cli_config`` (mirrors, plugin cache), ``events`` (what it
says), ``results`` (what a command came to), ``supervision`` (what changes state), ``terraform`` (the
commands).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landform.engine.binary import Engine, Product, check_version, find_engine
    from landform.engine.cli_config import CliConfig, prepare_cli_config
    from landform.engine.environment import clean_environment
    from landform.engine.events import Diagnostic, Event
    from landform.engine.install import install_engine
    from landform.engine.results import ApplyResult, OutputValue, PlanOptions, PlanResult
    from landform.engine.supervision import OnOrphan, Outcome, OutcomeKind
    from landform.engine.terraform import Terraform, adopt_apply

__all__ = [
    "ApplyResult",
    "CliConfig",
    "Diagnostic",
    "Engine",
    "Event",
    "OnOrphan",
    "Outcome",
    "OutcomeKind",
    "OutputValue",
    "PlanOptions",
    "PlanResult",
    "Product",
    "Terraform",
    "adopt_apply",
    "check_version",
    "clean_environment",
    "find_engine",
    "install_engine",
    "prepare_cli_config",
]

_HOMES = {
    "binary": ("Engine", "Product", "check_version", "find_engine"),
    "cli_config": ("CliConfig", "prepare_cli_config"),
    "environment": ("clean_environment",),
    "events": ("Diagnostic", "Event"),
    "install": ("install_engine",),
    "results": ("ApplyResult", "OutputValue", "PlanOptions", "PlanResult"),
    "supervision": ("OnOrphan", "Outcome", "OutcomeKind"),
    "terraform": ("Terraform", "adopt_apply"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"landform.engine.{module}"), name)
    message = f"module 'landform.engine' has no attribute {name!r}"
    raise AttributeError(message)
