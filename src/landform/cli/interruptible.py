"""Ctrl-C as an error of ours."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import typer

from landform.errors import Interrupted


def interruptible(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with Ctrl-C as an error of ours: Typer would end with 1, and say only "Aborted"."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except (KeyboardInterrupt, typer.Abort):
            raise Interrupted("you interrupted it; nothing was changed") from None

    return run
