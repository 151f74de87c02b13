"""The options that many commands share, spelt and explained once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landform.project import Project, Remedies
    from landform.workflows.place import Place


class RemedyName(StrEnum):
    """The values of ``--remedies``, without loading what they are for."""

    BLOCK = "block"
    DISARM = "disarm"
    PURGE = "purge"


EnvironmentName = Annotated[str, typer.Argument(metavar="ENV", help="Environment, such as dev.")]
StackName = Annotated[str, typer.Argument(metavar="STACK", help="Stack, such as network.")]
ProjectFolder = Annotated[
    Path, typer.Option("--project", help="Folder with landform.yaml.", show_default="this folder")
]
Stacks = Annotated[
    list[str],
    typer.Option("--stack", metavar="NAME", help="Only this stack and what it needs; may be repeated."),
]
OnlyStacks = Annotated[
    list[str], typer.Option("--stack", metavar="NAME", help="Only this stack; may be repeated.")
]
Sandbox = Annotated[
    bool, typer.Option("--sandbox", help="Use AWS emulated inside this machine; no account needed.")
]
EndpointUrl = Annotated[
    str | None,
    typer.Option("--endpoint-url", metavar="URL", help="Use another emulator, such as LocalStack."),
]
ShowSensitive = Annotated[bool, typer.Option("--show-sensitive", help="Print sensitive values too.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Print without colours.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show what Terraform says as it works.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show every attribute that changes.")]
PlanDigest = Annotated[
    str, typer.Option("--plan", metavar="DIGEST", help="Exactly this plan, or nothing at all.")
]
Resume = Annotated[
    str, typer.Option("--resume", metavar="RUN", help="Go on with a run that ended half way, as approved.")
]
FromState = Annotated[
    bool,
    typer.Option("--from-state", help="Read no configuration: destroy what the states hold, whatever it is."),
]
Confirm = Annotated[
    str,
    typer.Option(
        "--confirm", metavar="TEXT", help="With --from-state, instead of a terminal: 'ENV from state'."
    ),
]
LockTimeout = Annotated[
    str,
    typer.Option(
        "--lock-timeout", metavar="TIME", help="Wait so long for somebody else's lock, such as 10m."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show and plan it only. Exit 2: there are changes.")]
BreakGlass = Annotated[
    str,
    typer.Option(
        "--break-glass", metavar="REASON", help="In an emergency: go around approvals and verdict; recorded."
    ),
]

RemedyLevel = Annotated[
    RemedyName | None,
    typer.Option(
        "--remedies",
        help="What may be done to objects that resist: nothing, switch protection off, empty too.",
    ),
]

Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file instead.")
]
PipRequirement = Annotated[
    str,
    typer.Option("--install", metavar="REQUIREMENT", help="What pip installs.", show_default="this version"),
]
TerraformRelease = Annotated[
    str, typer.Option("--terraform", metavar="VERSION", help="A release; else the pinned one.")
]

KeptRelease = Annotated[
    str,
    typer.Option("--release", metavar="DIGEST", help="Run this kept release, not what lies in the folder."),
]

HERE = Path()


def level_of(remedies: RemedyName | None) -> Remedies | None:
    """The level of ``--remedies``."""
    from landform.project import Remedies

    return Remedies(remedies.value) if remedies else None


def load(folder: Path) -> Project:
    """The project of ``--project``."""
    from landform.project import load_project

    return load_project(folder)


def load_standing(folder: Path, environment: str) -> Project:
    """The project of ``--project`` for a command that reads neither modules nor inputs nor values."""
    from landform.project import load_standing as load_it

    return load_it(folder, environment)


def place_in(
    project: Project, environment: str, sandbox: bool, endpoint_url: str | None, *, to_read: bool = False
) -> Place:
    """Where a command works that has its project: the environment, its AWS and the engine.

    ``to_read``: with the role for plans.
    """
    from landform.project import Purpose
    from landform.workflows.place import PlaceOptions, open_place

    purpose = Purpose.PLAN if to_read else Purpose.APPLY
    return open_place(project, environment, PlaceOptions(sandbox, endpoint_url, purpose=purpose))


def place(
    folder: Path, environment: str, sandbox: bool, endpoint_url: str | None, release: str = ""
) -> Place:
    """Where a command works: the environment, its AWS and the engine; and the release, where one is named."""
    return _of_release(place_in(load(folder), environment, sandbox, endpoint_url), release)


def place_to_read(
    folder: Path, environment: str, sandbox: bool, endpoint_url: str | None, release: str = ""
) -> Place:
    """The same for a command that changes nothing but records: it works with the role for plans."""
    return _of_release(place_in(load(folder), environment, sandbox, endpoint_url, to_read=True), release)


def place_standing(
    folder: Path, environment: str, sandbox: bool, endpoint_url: str | None, *, to_read: bool = False
) -> Place:
    """Where a command works that reads states and records: modules, inputs and values may be broken."""
    project = load_standing(folder, environment)
    return place_in(project, environment, sandbox, endpoint_url, to_read=to_read)


def _of_release(found: Place, release: str) -> Place:
    if not release:
        return found
    from landform.workflows.releasing import open_named_release

    return open_named_release(found, release)
