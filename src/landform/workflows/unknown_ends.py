"""Ends of a Terraform after which something may stand that no state has.

It was killed. Or it could not save its state: then it ends as after any error, and leaves the state in a file
where it worked. Or the answer to a change got lost: the provider asks again by itself and hears that there is
one of that name already, or gives up.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from landform.engine.events import Diagnostic, Severity
from landform.engine.supervision import OutcomeKind

_UNSAVED = "errored.tfstate"
_LOST = re.compile(
    r"already ?exists?\b|AlreadyExists|AlreadyOwnedByYou|\.Duplicate\b|request send failed"
    r"|exceeded maximum number of attempts|connection (reset|refused)|\bEOF\b|i/o timeout|deadline exceeded",
    re.IGNORECASE,
)


def why_unknown(step: Path, outcome: OutcomeKind, diagnostics: Iterable[Diagnostic] = ()) -> str:
    """Why nobody knows all that a step has made; empty where it is known. ``step`` is its run folder."""
    if keep_unsaved(step):
        return "Terraform could not save its state"
    if outcome is OutcomeKind.UNKNOWN:
        return "Terraform was killed"
    errors = (each.render() for each in diagnostics if each.severity is Severity.ERROR)
    return "the answer to a change may have got lost" if any(map(_LOST.search, errors)) else ""


def keep_unsaved(step: Path) -> Path | None:
    """The state that the Terraform of a step could not save, None where it saved it.

    It is moved to the step: where Terraform works is a copy that other runs use too.
    """
    kept = step / _UNSAVED
    try:
        left = Path(json.loads((step / "spec.json").read_bytes())["cwd"]) / _UNSAVED
    except FileNotFoundError:
        return None
    if left.is_file():
        shutil.move(left, kept)
        kept.chmod(0o600)
    return kept if kept.is_file() else None
