"""``landform teardown``: its commands, one a file."""

from __future__ import annotations

from collections.abc import Callable

import typer

from landform.cli.interruptible import interruptible
from landform.cli.teardown_certificate import certificate
from landform.cli.teardown_extend import extend
from landform.cli.teardown_hold import hold
from landform.cli.teardown_release import release
from landform.cli.teardown_run import run
from landform.cli.teardown_savings import savings
from landform.cli.teardown_schedule import schedule
from landform.cli.teardown_status import status

teardown_app = typer.Typer(
    help="Environments that go by schedule: what comes next, holds, the job, what was proven and saved.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_COMMANDS: dict[str, Callable[..., None]] = {
    "status": status,
    "hold": hold,
    "extend": extend,
    "release": release,
    "run": run,
    "schedule": schedule,
    "certificate": certificate,
    "savings": savings,
}
for _name, _command in _COMMANDS.items():
    teardown_app.command(_name)(interruptible(_command))
