"""The matrix of stacks and environments, and a line for each environment."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from landform.cli.views.ages import age
from landform.cli.views.console import console, print_json
from landform.cli.views.releases import diff_document
from landform.cli.views.visible import visible
from landform.workflows.release_diff import ReleaseDiff
from landform.workflows.status import EnvironmentStatus, ProjectStatus, StackStatus, Standing

_STYLES = {
    Standing.NEVER: "dim",
    Standing.APPLIED: "green",
    Standing.CHANGED: "yellow",
    Standing.FAILED: "red",
    Standing.ELSEWHERE: "cyan",
}


def show_status(found: ProjectStatus, *, as_json: bool = False, no_color: bool = False) -> None:
    """Stacks as rows, environments as columns; below, what is known of each environment."""
    if as_json:
        print_json(
            {
                "format_version": "1.0",
                "stacks": [_stack_document(each) for each in found.stacks],
                "environments": [_environment_document(each) for each in found.environments],
            }
        )
        return
    out = console(no_color)
    out.print(_matrix(found))
    lines = [line for each in found.environments if (line := _line(each))]
    if lines:
        out.print()
    for line in lines:
        out.print(line)


def _stack_document(status: StackStatus) -> dict[str, object]:
    return {
        "environment": status.environment,
        "stack": status.stack,
        "standing": str(status.standing),
        "resources": status.resources,
        "serial": status.serial,
        "applied_at": status.at or None,
        "release": status.release or None,
    }


def _environment_document(status: EnvironmentStatus) -> dict[str, object]:
    seen = status.drift
    return {
        "environment": status.name,
        "releases": list(status.releases),
        "since": status.since or None,
        "locked_by": status.locked or None,
        "drift": {"seen_at": seen.at or None, "stacks": {k: list(v) for k, v in seen.stacks.items()}},
        "promotes_from": status.promotes_from or None,
        "promotion_brings": diff_document(status.brings) if status.brings else None,
    }


def _matrix(found: ProjectStatus) -> Table:
    environments = list(dict.fromkeys(each.environment for each in found.stacks))
    cells = {(each.stack, each.environment): each for each in found.stacks}
    table = Table(box=None, padding=(0, 2), header_style="bold")
    table.add_column("stack", style="bold", no_wrap=True)
    for name in environments:
        table.add_column(name, no_wrap=True)
    for stack in dict.fromkeys(each.stack for each in found.stacks):
        table.add_row(stack, *(_cell(cells[(stack, name)]) for name in environments))
    return table


def _cell(status: StackStatus) -> Text:
    count = f", {status.resources} resource{'s' if status.resources != 1 else ''}" if status.resources else ""
    return Text.assemble((str(status.standing), _STYLES[status.standing]), (count, "dim"))


def _line(status: EnvironmentStatus) -> Text | None:
    """What is known of an environment; nothing of one that never ran."""
    now = datetime.now(UTC)
    parts: list[str] = []
    if len(status.releases) == 1:
        parts.append(f"release {status.releases[0][:12]}, {age(status.since, now)}")
    elif status.releases:
        parts.append(f"{len(status.releases)} releases: {', '.join(each[:12] for each in status.releases)}")
    if status.drift.count:
        stacks = ", ".join(status.drift.stacks)
        parts.append(f"drift in {stacks} ({status.drift.count}), seen {age(status.drift.at, now)}")
    if status.brings and not status.brings.is_empty:
        parts.append(f"{status.promotes_from} would bring {_brought(status.brings)}")
    if status.locked:
        parts.append(f"locked by {visible(status.locked)}")
    return Text.assemble((f"  {status.name}  ", "bold"), "; ".join(parts)) if parts else None


def _brought(diff: ReleaseDiff) -> str:
    if not diff.old:
        return f"release {diff.new[:12]}, the first one"
    files = f"{len(diff.files)} file{'s' if len(diff.files) != 1 else ''}"
    versions = f", {len(diff.versions)} versions" if diff.versions else ""
    return f"{files}{versions}" + (f" ({', '.join(diff.stacks)})" if diff.stacks else "")
