"""What a state holds: addresses, a line each, or the attributes of some objects."""

from __future__ import annotations

import json
from typing import Any

import typer

from landform.cli.views.console import print_json
from landform.cli.views.visible import visible, visible_lines
from landform.planning.state_instances import Instance
from landform.workflows.state_showing import StateContents


def show_contents(found: StateContents, *, as_json: bool = False) -> None:
    """Show addresses, or attributes where some objects were asked for."""
    if as_json:
        print_json(_document(found))
        return
    for each in found.instances:
        typer.echo(visible(each.address) + (f"  ({each.status})" if each.status else ""))
        for line in _attributes(each) if found.with_attributes else ():
            typer.echo(line)
    if not found.instances:
        typer.echo(f"The state of {found.stack} (serial {found.serial}) holds nothing.")


def _attributes(instance: Instance) -> list[str]:
    lines: list[str] = []
    for name, value in sorted(instance.attributes.items()):
        text = json.dumps(value, ensure_ascii=False, indent=2)
        first, *rest = visible_lines(text)
        lines += [f"  {visible(name)} = {first}", *(f"  {line}" for line in rest)]
    return lines


def _document(found: StateContents) -> dict[str, Any]:
    return {
        "format_version": "1.0",
        "stack": found.stack,
        "serial": found.serial,
        "lineage": found.lineage,
        "resources": [_resource(each, found.with_attributes) for each in found.instances],
    }


def _resource(instance: Instance, with_attributes: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "address": instance.address,
        "mode": instance.mode,
        "type": instance.type,
        "provider": instance.provider,
        "status": instance.status or None,
    }
    return shown | ({"attributes": instance.attributes} if with_attributes else {})
