"""What bringing an earlier state back changes."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from landform.cli.views.visible import visible
from landform.planning.state_difference import StateDifference
from landform.workflows.restoring import Restoration


def show_restoration(wanted: Restoration) -> None:
    """Show every object that goes, comes back or changes, and what the next plan makes of it."""
    then, now = wanted.then, wanted.now
    held = f"serial {now.serial}" if now.document else "none"
    typer.echo(
        f"{wanted.stack}: state now: {held}; version {visible(wanted.version.id)} of "
        f"{wanted.version.written:%Y-%m-%d %H:%M:%S} UTC: serial {then.serial}"
    )
    if wanted.other_lineage:
        typer.echo(
            f"  The state now holds nothing and has another lineage; it becomes {visible(then.lineage)}."
        )
    for line in _lines(wanted.difference):
        typer.echo(f"  {visible(line)}")


def _lines(difference: StateDifference) -> Iterator[str]:
    yield from (f"- {address}: gone from the state" for address in difference.gone)
    yield from (f"+ {address}: back in the state" for address in difference.back)
    for each in difference.changed:
        yield f"~ {each.address}: {', '.join(each.attributes)}"
    yield from (f"~ output {name}" for name in difference.outputs)
    counts = f"{len(difference.gone)} gone, {len(difference.back)} back, {len(difference.changed)} changed"
    yield f"{counts}, {difference.same} the same. Nothing in AWS is touched."
    if difference.gone:
        yield "After this the next plan will make what is gone once more: what stands is in no state then."
    if difference.back:
        yield "After this the next plan will look for what is back, and make what does not stand any more."
    if difference.changed:
        yield "After this the next plan will read what has changed from AWS, and report it as drift."
