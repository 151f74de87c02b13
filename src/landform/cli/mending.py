"""The dialogue of ``drift``: what has drifted; with ``--revert`` or ``--accept`` what is done about it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import typer

from landform.cli.changing import Change, change_under_lock
from landform.cli.views.accepting import accepted_document, show_acceptances, show_accepted
from landform.cli.views.console import print_json
from landform.cli.views.drift import show_drift, show_left
from landform.cli.waiting import say_locked, say_waiting
from landform.errors import ExitCode, LandformError, Refused
from landform.project import Project
from landform.review.document import FORMAT_VERSION
from landform.workflows.accepting import Acceptance, accept, acceptances, check_may_accept
from landform.workflows.drifting import Drifted, as_it_runs, drift_of_environments, look_for_drift
from landform.workflows.environment_lock import lock_seconds, locked
from landform.workflows.place import Place, check_stacks
from landform.workflows.records import records_of
from landform.workflows.reverting import can_be_put_back, drift_of_stacks
from landform.workflows.seen_drift import forget_drift
from landform.workflows.unfinished import wait_for_unfinished
from landform.workflows.whereabouts import prove_whereabouts


def show_drift_of(
    project: Project, names: Sequence[str], where: tuple[bool, str | None], unmanaged: bool, shown: Change
) -> ExitCode:
    """Look for drift in environments, and show it. ``where``: in the sandbox, or in another emulator."""
    if not names:
        raise LandformError("no environment is named", "landform drift ENV, or --all.")
    found = drift_of_environments(project, names, *where, unmanaged=unmanaged)
    show_drift(found, as_json=shown.as_json, no_color=shown.no_color)
    if any(each.error for each in found):
        return ExitCode.FAILED
    return ExitCode.CHANGES if any(each.has_drift for each in found) else ExitCode.DONE


def revert_drift(place: Place, wanted: Change, stacks: tuple[str, ...]) -> ExitCode:
    """Plan exactly what has drifted, review, ask, apply: under the environment's lock."""
    _check(place, wanted, stacks)
    with locked(place, "drift --revert", lock_seconds(wanted.lock_timeout), say_locked):
        wait_for_unfinished(place, say_waiting)
        found = _found(place, stacks)
        back = tuple(each.address for each in found if can_be_put_back(each))
        left = [each for each in found if not can_be_put_back(each)]
        if not wanted.as_json:
            show_left(left, nothing=not back, no_color=wanted.no_color)
        if back:
            code = change_under_lock(as_it_runs(place), replace(wanted, reverts=back))
            if code is ExitCode.DONE:
                forget_drift(records_of(place), back)
            return code
        if wanted.as_json:
            print_json({"format_version": FORMAT_VERSION, "stages": []})
    return ExitCode.DONE


def accept_drift(place: Place, wanted: Change, stacks: tuple[str, ...]) -> ExitCode:
    """Show what the states will say, ask, have Terraform write it: under the environment's lock."""
    _check(place, wanted, stacks)
    check_may_accept(place)
    with locked(place, "drift --accept", lock_seconds(wanted.lock_timeout), say_locked):
        wait_for_unfinished(place, say_waiting)
        names = dict.fromkeys(each.stack for each in _found(place, stacks))
        with acceptances(place, tuple(names)) as (ready, taken):
            if not wanted.as_json:
                show_acceptances(taken, no_color=wanted.no_color)
            return _accept(ready, wanted, taken)


def _accept(place: Place, wanted: Change, taken: Sequence[Acceptance]) -> ExitCode:
    if not taken:
        if wanted.as_json:
            print_json(accepted_document((), None))
        return ExitCode.DONE
    _ask(place, wanted)
    done = accept(place, taken, lock_seconds(wanted.lock_timeout))
    if wanted.as_json:
        print_json(accepted_document(taken, done))
    else:
        show_accepted(place, done, no_color=wanted.no_color)
    phases = done.phases.values()
    return (
        ExitCode.FAILED if "failed" in phases else ExitCode.REFUSED if "refused" in phases else ExitCode.DONE
    )


def _ask(place: Place, wanted: Change) -> None:
    """Return only after a yes. Raises Refused after anything else."""
    if wanted.yes:
        return
    name = place.environment.name
    if not sys.stdin.isatty():
        raise Refused(
            f"there is no terminal to ask about the states of {name}", "Look at it, then add --yes."
        )
    typer.echo()
    asked = f"  Have the states of {name} say this? [y]es, [N]o"
    if typer.prompt(asked, default="n", show_default=False).strip().lower() not in ("y", "yes"):
        raise Refused("you said no; no state was written")


def _check(place: Place, wanted: Change, stacks: tuple[str, ...]) -> None:
    if wanted.as_json and not wanted.yes:
        raise Refused("--json leaves no room to ask", "Add --yes.")
    check_stacks(place.project, stacks)
    prove_whereabouts(place)


def _found(place: Place, stacks: tuple[str, ...]) -> tuple[Drifted, ...]:
    (found,) = look_for_drift([place])
    return drift_of_stacks(found, stacks)
