"""What has lost its other half."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from landform.cli.views.console import print_json
from landform.cli.views.states import state_document
from landform.cli.views.visible import visible
from landform.workflows.orphans import Orphans, Unmanaged

_ADVICE = "Import it, delete it, or restore the state that knew it: landform state versions."


def show_orphans(found: Orphans, *, as_json: bool = False) -> None:
    """Three parts; each says so where it is empty."""
    if as_json:
        print_json(_document(found))
        return
    for line in _lines(found):
        typer.echo(visible(line))


def _lines(found: Orphans) -> Iterator[str]:
    yield f"States without a stack: {len(found.states) or 'none'}"
    for each in found.states:
        held = each.fault or f"{each.resources} resources, serial {each.serial}"
        yield f"  {each.stack}: {held}  {each.address}"
    yield f"Stacks without a state: {', '.join(found.stacks) or 'none'}"
    yield f"Tagged resources in no state: {len(found.unmanaged) or 'none'}  (in {', '.join(found.regions)})"
    for unmanaged in found.unmanaged:
        yield from _unmanaged(unmanaged)
    if found.locked:
        yield f"Somebody works on {', '.join(found.locked)}: what that makes is in no state before it ends."
    if found.unmanaged:
        yield _ADVICE
    for name in found.not_asked:
        yield f"Not looked at: the region of {name}, which only Terraform can tell"


def _unmanaged(each: Unmanaged) -> Iterator[str]:
    yield f"  {each.resource.arn}"
    tags = {name: value for name, value in each.resource.tags.items() if name in ("Stack", "Name")}
    if tags:
        yield f"    {', '.join(f'{name}={value}' for name, value in sorted(tags.items()))}"
    if each.mentioned_by:
        yield f"    named by {', '.join(each.mentioned_by)}"


def _document(found: Orphans) -> dict[str, Any]:
    return {
        "format_version": "1.0",
        "environment": found.environment,
        "states": [state_document(each) for each in found.states],
        "stacks_without_state": list(found.stacks),
        "resources": [
            {
                "arn": each.resource.arn,
                "region": each.resource.region,
                "tags": dict(each.resource.tags),
                "mentioned_by": list(each.mentioned_by),
            }
            for each in found.unmanaged
        ],
        "regions": list(found.regions),
        "not_asked": list(found.not_asked),
        "locked": list(found.locked),
    }
