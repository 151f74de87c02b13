"""``landform state``: its commands, one a file."""

from __future__ import annotations

from collections.abc import Callable

import typer

from landform.cli.interruptible import interruptible
from landform.cli.state_bootstrap import bootstrap
from landform.cli.state_lift import lift
from landform.cli.state_list import list_
from landform.cli.state_locks import locks
from landform.cli.state_migrate import migrate
from landform.cli.state_orphans import orphans
from landform.cli.state_restore import restore
from landform.cli.state_show import show
from landform.cli.state_unlock import unlock
from landform.cli.state_versions import versions

state_app = typer.Typer(
    help="The states of an environment: their bucket, what they hold, their versions, locks.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_COMMANDS: dict[str, Callable[..., None]] = {
    "bootstrap": bootstrap,
    "list": list_,
    "show": show,
    "versions": versions,
    "restore": restore,
    "orphans": orphans,
    "migrate": migrate,
    "locks": locks,
    "unlock": unlock,
    "lift": lift,
}
for _name, _command in _COMMANDS.items():
    state_app.command(_name)(interruptible(_command))
