"""Terraform's failures as assertion text: what, which resource, which line, why, and no secrets."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import replace

import pytest

from landform.engine.events import Diagnostic, Severity
from landform.engine.supervision import Outcome
from landform.errors import LandformError, TerraformFailed
from landform.planning.redaction import Redactor

GENERATED = ("landform_test", "landform_cases/")
"""How the names of the files begin that the plugin adds to a copy."""
_SHOWN = 10
_NOT_INSTALLED = (
    "Failed to query available provider packages",
    "Failed to install provider",
    "Required plugins are not installed",
    "Incompatible provider version",
)
_BLOCKS = {"var": "variable", "output": "output", "check": "check", "module": "module"}


class CommandFailed(TerraformFailed, AssertionError):
    """A terraform command that failed in a test; ``str()`` is the whole story, already redacted."""


class ProviderMissing(CommandFailed):
    """A module can't be initialised here, because a provider is neither mirrored nor to be downloaded."""

    @property
    def reason(self) -> str:
        """One line of it."""
        found = [one for one in self.diagnostics if isinstance(one, Diagnostic)]
        return " ".join(f"{found[0].summary}: {found[0].detail}".split())[:200] if found else self.what


def command_failed(
    what: str, diagnostics: Sequence[Diagnostic], redactor: Redactor, ending: str = ""
) -> CommandFailed:
    """The failure of one command, such as ``terraform apply of modules/queue``."""
    errors = [_of_the_users(one) for one in diagnostics if one.severity is Severity.ERROR]
    parts = [f"{what} failed{f' ({ending})' if ending else ''}"]
    parts += [one.render() for one in errors[:_SHOWN]]
    if len(errors) > _SHOWN:
        parts.append(f"… and {len(errors) - _SHOWN} more errors")
    missing = bool(errors) and all(one.summary in _NOT_INSTALLED for one in errors)
    kind = ProviderMissing if missing else CommandFailed
    return kind(redactor.text("\n\n".join(parts)), tuple(diagnostics))


def _of_the_users(diagnostic: Diagnostic) -> Diagnostic:
    """Without the lines of generated files: they say nothing to a reader, and may hold any variable."""
    if not diagnostic.filename.startswith(GENERATED):
        return diagnostic
    return replace(diagnostic, filename="the test's variables", line=0, code="", context="")


def is_told(error: pytest.ExceptionInfo[BaseException]) -> bool:
    """Whether an error's text says everything: tracebacks then end at the test's own line.

    Modules name it as their ``__tracebackhide__``.
    """
    return isinstance(error.value, LandformError)


def from_error(what: str, error: TerraformFailed, redactor: Redactor) -> CommandFailed:
    """The engine's own error, told the same way."""
    found = [one for one in error.diagnostics if isinstance(one, Diagnostic)]
    ending = re.search(r"exit code \d+|killed by \S+", error.what)
    return command_failed(what, found, redactor, ending.group(0).rstrip(":") if ending else error.what)


def ending_of(outcome: Outcome) -> str:
    """How a supervised command ended, in words."""
    if outcome.signal:
        return f"killed by {signal.Signals(outcome.signal).name}"
    return "nobody saw it end" if outcome.returncode is None else f"exit code {outcome.returncode}"


def is_about(diagnostic: Diagnostic, place: str) -> bool:
    """Whether an error is about ``place``: ``var.name``, ``output.name``, ``check.name`` or an address."""
    if diagnostic.severity is not Severity.ERROR:
        return False
    address = diagnostic.address
    if address and (address == place or address.startswith(f"{place}[")):
        return True
    kind, _, name = place.rpartition(".")
    if kind in _BLOCKS:
        named = (f'{_BLOCKS[kind]} "{name}"', f"{place} ")
        return diagnostic.context == named[0] or any(
            value.startswith(named[1]) for value in diagnostic.values
        )
    return diagnostic.context == f'resource "{kind}" "{name}"'
