"""Follows a page as it is written: its files, its commands, the outputs it shows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.pages import Block, blocks
from docs.transcripts import mismatch
from e2e.project_kit import LANDFORM, run

_MARK = "@@ landform walkthrough @@"


@dataclass(frozen=True)
class Step:
    """One command of a page and what it shows of the output."""

    line: int
    command: str
    shown: str


def follow(page: Path, folder: Path) -> dict[str, str]:
    """Do in the empty ``folder`` what a page says; what is not as it says, by line and command."""
    script, steps = _script(page)
    path = f"{LANDFORM.parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "COLUMNS": "80", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = run(["bash", "-c", f"exec 2>&1\n{script}"], folder, env, code=None)
    outputs = done.out.split(f"\n{_MARK}\n")
    assert len(outputs) == len(steps) + 1, done.out
    return {
        f"line {step.line}: {step.command}": f"{missing!r} is not in:\n{output}"
        for step, output in zip(steps, outputs, strict=False)
        if (missing := mismatch(step.shown, output))
    }


def _script(page: Path) -> tuple[str, list[Step]]:
    """A shell script that follows the page, printing a mark after each command."""
    lines: list[str] = []
    steps: list[Step] = []
    for block in blocks(page):
        if block.language == "console":
            for step in _steps(block):
                steps.append(step)
                lines += [step.command, f"printf '\\n%s\\n' '{_MARK}'"]
        elif block.title:
            assert "EOF" not in block.text
            folder = Path(block.title).parent
            lines += [f"mkdir -p '{folder}'", f"cat > '{block.title}' <<'EOF'\n{block.text}EOF"]
    return "\n".join(lines), steps


def _steps(block: Block) -> Iterator[Step]:
    """The ``$`` lines of a console block, each with the lines up to the next."""
    parts = re.split(r"(?m)^\$ ", block.text)[1:]
    for part in parts:
        command, _, shown = part.partition("\n")
        yield Step(block.line, command, shown)
