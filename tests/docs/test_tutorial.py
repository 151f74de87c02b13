"""The tutorial works as it is written: its files, its commands, the outputs it shows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from docs.pages import ROOT, Block, blocks
from docs.transcripts import mismatch
from e2e.project_kit import LANDFORM, ProjectKit, run

pytestmark = pytest.mark.e2e

_PAGE = ROOT / "docs" / "tutorial.md"
_MARK = "@@ landform tutorial @@"


@dataclass(frozen=True)
class Step:
    """One command of the tutorial and what it shows of the output."""

    line: int
    command: str
    shown: str


def _steps(block: Block) -> Iterator[Step]:
    """The ``$`` lines of a console block, each with the lines up to the next."""
    parts = re.split(r"(?m)^\$ ", block.text)[1:]
    for part in parts:
        command, _, shown = part.partition("\n")
        yield Step(block.line, command, shown)


def _script() -> tuple[str, list[Step]]:
    """A shell script that follows the tutorial, printing a mark after each command."""
    lines: list[str] = []
    steps: list[Step] = []
    for block in blocks(_PAGE):
        if block.language == "console":
            for step in _steps(block):
                steps.append(step)
                lines += [step.command, f"printf '\\n%s\\n' '{_MARK}'"]
        elif block.title:
            assert "EOF" not in block.text
            folder = Path(block.title).parent
            lines += [f"mkdir -p '{folder}'", f"cat > '{block.title}' <<'EOF'\n{block.text}EOF"]
    return "\n".join(lines), steps


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder; whatever the tutorial leaves running in it is ended."""
    made = tmp_path_factory.mktemp("tutorial")
    yield made
    for project in made.iterdir():
        run([str(LANDFORM), "sandbox", "stop", "--project", str(project)], made, code=None)


def test_every_command_shows_what_the_tutorial_says(folder: Path) -> None:
    script, steps = _script()
    env = {**os.environ, "PATH": f"{LANDFORM.parent}:{os.environ['PATH']}", "COLUMNS": "80"}
    done = run(["bash", "-c", f"exec 2>&1\n{script}"], folder, env, code=None)
    outputs = done.out.split(f"\n{_MARK}\n")
    assert len(outputs) == len(steps) + 1, done.out
    wrong = {
        f"line {step.line}: {step.command}": f"{missing!r} is not in:\n{output}"
        for step, output in zip(steps, outputs, strict=False)
        if (missing := mismatch(step.shown, output))
    }
    assert wrong == {}
    assert ProjectKit(folder).processes() == {}
