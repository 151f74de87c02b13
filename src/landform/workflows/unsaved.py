"""A state that Terraform could not save: it leaves it in a file where it worked. No other has what it made.

Where Terraform works is a copy that other runs use too, so the file is moved to the run that it is of.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

_NAME = "errored.tfstate"
WHY = "Terraform could not save its state"


def keep_unsaved(step: Path) -> Path | None:
    """The state that the Terraform of a step (its run folder) could not save, None where it saved it."""
    kept = step / _NAME
    try:
        left = Path(json.loads((step / "spec.json").read_bytes())["cwd"]) / _NAME
    except FileNotFoundError:
        return None
    if left.is_file():
        shutil.move(left, kept)
        kept.chmod(0o600)
    return kept if kept.is_file() else None
