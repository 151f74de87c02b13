"""The command line: its commands, and the one place where errors become text and exit codes."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from landform import __version__
from landform.cli.apply import apply
from landform.cli.approve import approve
from landform.cli.audit import audit
from landform.cli.ci import ci_app
from landform.cli.destroy import destroy
from landform.cli.doctor import doctor
from landform.cli.drift import drift
from landform.cli.engine import engine_app
from landform.cli.generate import generate
from landform.cli.graph import graph
from landform.cli.interruptible import interruptible
from landform.cli.new import new
from landform.cli.new_environment import new_environment
from landform.cli.output import output
from landform.cli.plan import plan
from landform.cli.policy import policy_app
from landform.cli.prices import prices_app
from landform.cli.promote import promote
from landform.cli.rebuild import rebuild
from landform.cli.release import release_app
from landform.cli.review import review
from landform.cli.rollback import rollback
from landform.cli.sandbox import sandbox_app
from landform.cli.show import show
from landform.cli.state import state_app
from landform.cli.status import status
from landform.cli.sweep import sweep
from landform.cli.teardown import teardown_app
from landform.cli.test import test_app
from landform.cli.validate import validate
from landform.errors import ExitCode, LandformError

_HELP = """Plan, review, apply, promote and destroy whole Terraform environments, stack by stack.

Exit codes: 0 done or no changes, 1 failed, 2 changes present, 3 refused, 4 a bug,
5 something is left over, 130 interrupted.
"""

app = typer.Typer(
    name="landform",
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


for _command in (
    new,
    new_environment,
    doctor,
    generate,
    validate,
    plan,
    review,
    show,
    approve,
    apply,
    promote,
    rollback,
    audit,
    output,
    status,
    drift,
    graph,
    destroy,
    rebuild,
    sweep,
):
    app.command()(interruptible(_command))
app.add_typer(teardown_app, name="teardown")
app.add_typer(release_app, name="release")
app.add_typer(state_app, name="state")
app.add_typer(sandbox_app, name="sandbox")
app.add_typer(engine_app, name="engine")
app.add_typer(test_app, name="test")
app.add_typer(policy_app, name="policy")
app.add_typer(prices_app, name="prices")
app.add_typer(ci_app, name="ci")


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"landform {__version__}")
        raise typer.Exit


def main() -> None:
    """Run a command; every expected failure is a sentence and an exit code, the rest is a bug report."""
    try:
        code = app(standalone_mode=False)
    except LandformError as error:
        from landform.cli.views.errors import show_error

        show_error(error, as_json="--json" in sys.argv)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(ExitCode.FAILED) from None
    except Exception as error:
        raise SystemExit(_unexpected(error)) from None
    raise SystemExit(code or ExitCode.DONE)


def _unexpected(error: Exception) -> ExitCode:
    """Bad usage is shown as Typer shows it, but ends with 1: its own 2 means "changes present" here."""
    show_usage = getattr(error, "show", None)
    if show_usage is not None and hasattr(error, "format_message"):
        show_usage()
        return ExitCode.FAILED
    from landform.cli.views.errors import report_bug

    report_bug(error)
    return ExitCode.BUG
