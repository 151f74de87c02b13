"""The terminal, and how JSON is printed."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from rich.console import Console

_NARROW = 80


def console(no_color: bool = False, *, stderr: bool = False) -> Console:
    """A console of the terminal's width, 80 columns where there is none. ``NO_COLOR`` is obeyed."""
    width = (
        None if (sys.stderr if stderr else sys.stdout).isatty() else int(os.environ.get("COLUMNS", _NARROW))
    )
    return Console(
        stderr=stderr,
        no_color=no_color or None,
        width=width,
        highlight=False,
        emoji=False,
        markup=False,
        soft_wrap=False,
    )


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
