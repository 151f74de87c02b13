"""Projects to measure on, and how times are taken and shown."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LANDFORM = str(Path(sys.executable).parent / "landform")

MODULE = """
variable "name" { type = string }
variable "above" {
  type    = string
  default = "none"
}
resource "aws_ssm_parameter" "first" {
  name  = "/${var.name}/first"
  type  = "String"
  value = var.above
}
resource "aws_ssm_parameter" "second" {
  name  = "/${var.name}/second"
  type  = "String"
  value = aws_ssm_parameter.first.arn
}
output "arn" { value = aws_ssm_parameter.second.arn }
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. ``limit`` is what it should not exceed, in the figure's own unit."""

    what: str
    value: float
    unit: str
    limit: float
    detail: str = ""

    def __str__(self) -> str:
        mark = "ok " if self.value <= self.limit else "OVER"
        return f"{mark:5}{self.what:58}{self.value:8.3f} {self.unit:3} (limit {self.limit:g})  {self.detail}"


def write_project(folder: Path, stacks: int, *, chained: bool, backend: str = "local") -> Path:
    """A project of ``stacks`` stacks of two resources each; chained: each reads the one before."""
    (folder / "modules" / "pair").mkdir(parents=True)
    (folder / "modules" / "pair" / "main.tf").write_text(MODULE)
    lines = ["project: bench", f"backend: {backend}", "stacks:"]
    for number in range(stacks):
        above = f', above: "${{stack.s{number - 1:04}.arn}}"' if chained and number else ""
        lines.append(f"  s{number:04}: {{module: pair, inputs: {{name: 's{number:04}'{above}}}}}")
    (folder / "landform.yaml").write_text("\n".join(lines) + "\n")
    (folder / "environments" / "dev").mkdir(parents=True)
    (folder / "environments" / "dev" / "environment.yaml").write_text("region: us-east-1\n")
    return folder


def run(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None, expected: tuple[int, ...] = (0,)
) -> str:
    """Run a command to its end; its output."""
    done = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in expected:
        message = f"{' '.join(argv)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        raise RuntimeError(message)
    return done.stdout


def exports(project: Path) -> dict[str, str]:
    """The environment for plain terraform in the project's sandbox."""
    script = f'eval "$({LANDFORM} sandbox env dev)"; env -0'
    printed = run(["bash", "-c", script], project)
    return dict(line.split("=", 1) for line in printed.split("\0") if "=" in line)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, by the clock on the wall."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def terraform() -> str:
    """The engine landform uses."""
    return run([LANDFORM, "engine", "path"], Path(os.sep)).strip()
