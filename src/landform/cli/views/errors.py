"""Errors as text: what, where, why, and the way out."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from typing import Any

from landform.cli.views.visible import visible_lines
from landform.errors import ExitCode, LandformError, ProjectInvalid, TerraformFailed


def show_error(error: LandformError, *, as_json: bool = False) -> None:
    """Print an expected failure to standard error; as one JSON document to standard output if asked."""
    if as_json:
        from landform.cli.views.console import print_json

        print_json(_document(error))
        return
    lines: list[str] = []
    if isinstance(error, ProjectInvalid):
        lines += [str(fault) for fault in error.faults]
    if isinstance(error, TerraformFailed):
        for diagnostic in error.diagnostics:
            lines += ["", _rendered(diagnostic)]
        lines += [""] if error.diagnostics else []
    word = {ExitCode.REFUSED: "refused", ExitCode.INTERRUPTED: "stopped"}.get(error.exit_code, "error")
    lines.append(f"{word}: {error.what}." + (f" {error.way_out}" if error.way_out else ""))
    shown = visible_lines("\n".join(lines).lstrip("\n"))
    sys.stderr.write("\n".join(shown) + "\n")


def _document(error: LandformError) -> dict[str, Any]:
    found: dict[str, Any] = {"what": error.what, "way_out": error.way_out, "exit_code": int(error.exit_code)}
    if isinstance(error, ProjectInvalid):
        found["faults"] = [
            {"path": fault.where.path, "line": fault.where.line, "what": fault.what, "way_out": fault.way_out}
            for fault in error.faults
        ]
    if isinstance(error, TerraformFailed):
        found["diagnostics"] = [_rendered(diagnostic) for diagnostic in error.diagnostics]
    return {"error": found}


def _rendered(diagnostic: Any) -> str:
    render = getattr(diagnostic, "render", None)
    return str(render()) if render is not None else str(diagnostic)


def report_bug(error: BaseException) -> None:
    """Keep the traceback in a private file and say where; it may hold values, so it is not shown."""
    handle, name = tempfile.mkstemp(prefix="landform-bug-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as report:
        traceback.print_exception(error, file=report)
    sys.stderr.write(
        f"error: landform has a bug: {type(error).__name__}. The report is in {name}; "
        "read it before you pass it on, it may hold values.\n"
    )
