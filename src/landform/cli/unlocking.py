"""The dialogue of ``state unlock``: the lock, a question, and what follows from it."""

from __future__ import annotations

import sys

import typer

from landform.cli.views.locks import show_locks
from landform.errors import LandformError, Refused
from landform.workflows.held_locks import HeldLock, held_locks
from landform.workflows.owners import Life
from landform.workflows.place import Place, check_stacks
from landform.workflows.unlocking import release


def release_a_lock(place: Place, stack: str, *, force: bool, yes: bool) -> None:
    """Release the lock of a state, or the environment's own; a live one only with ``force``."""
    check_stacks(place.project, (stack,) if stack else ())
    found = [each for each in held_locks(place) if each.stack == stack]
    if not found:
        raise LandformError(f"{_name(place, stack)} is not locked", "See: landform state locks ENV")
    (lock,) = found
    show_locks(found, ())
    _confirm(place, lock, force, yes)
    release(place, lock)
    typer.echo(f"Released the lock of {_name(place, stack)}.")
    if stack:
        typer.echo(f"{stack} is in quarantine: the next apply looks for what is in no state first.")


def _confirm(place: Place, lock: HeldLock, force: bool, yes: bool) -> None:
    name = lock.stack or place.environment.name
    if lock.life is Life.DEAD:
        if yes:
            return
        _need_terminal("Look at it, then add --yes.")
        answer = typer.prompt("  Release it? [y]es, [N]o", default="n", show_default=False)
        if answer.strip().lower() not in ("y", "yes"):
            raise Refused("you said no; nothing was released")
        return
    if not force:
        lives = "lives" if lock.life is Life.ALIVE else "may live"
        raise Refused(
            f"the owner of this lock {lives}: {lock.why}",
            "Stop it there. If you are sure that it has ended: --force.",
        )
    _need_terminal("A lock whose owner may live is released by somebody who types its name.")
    answer = typer.prompt(f"  Type {name} to release it", default="", show_default=False)
    if answer.strip() != name:
        raise Refused(f"{name} was not typed; nothing was released")


def _need_terminal(way_out: str) -> None:
    if not sys.stdin.isatty():
        raise Refused("there is no terminal to ask", way_out)


def _name(place: Place, stack: str) -> str:
    return f"the state of {stack}" if stack else f"the environment {place.environment.name}"
