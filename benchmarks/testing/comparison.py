"""Every suite with every tool, alone and with two workers: a table, and figures for landform's own times."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.kit import Figure, terraform
from benchmarks.testing import rivals

_SUITES = Path(__file__).parent / "suites"
_OURS = "landform"
_RIVALS = ("tftest", "pytest-terraform")
_OUTCOME = re.compile(r"\d+ (?:passed|failed|skipped|errors?)\b")
_ROW = "{:24}{:18}{:>8}{:>7}{:>9}{:>7}  {}"
_HEADER = ("", "serial", "ratio", "-n 2", "ratio", "outcomes: serial / -n 2")


@dataclass(frozen=True, slots=True)
class Suite:
    """The same tests for each of ``tools``; ``limits`` are landform's seconds, serial and with ``-n 2``."""

    name: str
    what: str
    tools: tuple[str, ...]
    limits: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of pytest: what it took, start and end included, and how its tests ended."""

    seconds: float
    outcome: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where the suites run; ``missing`` says why a rival cannot, "" where it can."""

    folder: Path
    engine: Path
    missing: Mapping[str, str]

    @property
    def venv(self) -> Path:
        """The rivals' virtual environment."""
        return self.folder / "venv"


_ALL = (
    Suite("apply", "6 applied buckets", (_OURS, *_RIVALS), (20.0, 14.0)),
    Suite("plan", "10 plans of a bucket", (_OURS, "tftest"), (18.0, 18.0)),
)


def comparison() -> Iterator[Figure]:
    """Print a line for each suite and tool, with ratios to landform; the rivals make it last minutes."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(_SUITES, folder / "suites")
        place = Place(folder, Path(terraform()), rivals.install(folder / "venv", _RIVALS))
        load = f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()}"
        print(_ROW.format(load, *_HEADER), flush=True)
        ours = [(suite, _compare(suite, place)) for suite in _ALL]
    for suite, runs in ours:
        for run, limit, how in zip(runs, suite.limits, ("", ", -n 2"), strict=True):
            seconds = run.seconds if run.passed else math.inf
            yield Figure(f"pytest plugin, {suite.what}{how}", seconds, "s", limit, run.outcome)


def _compare(suite: Suite, place: Place) -> tuple[Run, Run]:
    """One row a tool, landform first; its own runs are returned."""
    ours = _pytest(suite, _OURS, place, 1), _pytest(suite, _OURS, place, 2)
    _show(suite, _OURS, ours, ours)
    for tool in suite.tools[1:]:
        if reason := place.missing[tool]:
            print(_ROW.format(suite.what, tool, "", "", "", "", f"not installed: {reason}"), flush=True)
        else:
            _show(suite, tool, (_pytest(suite, tool, place, 1), _pytest(suite, tool, place, 2)), ours)
    return ours


def _show(suite: Suite, tool: str, runs: tuple[Run, Run], ours: tuple[Run, Run]) -> None:
    cells = [
        text
        for run, own in zip(runs, ours, strict=True)
        for text in (f"{run.seconds:.1f} s", f"{run.seconds / own.seconds:.1f}")
    ]
    outcomes = " / ".join(run.outcome for run in runs)
    print(_ROW.format(suite.what, tool, *cells, outcomes), flush=True)


def _pytest(suite: Suite, tool: str, place: Place, workers: int) -> Run:
    """Run a suite with a tool; each run of a rival begins with an emulator of its own."""
    if tool == _OURS:
        return _run(sys.executable, suite, tool, place, os.environ, workers)
    with rivals.emulator(place.venv) as endpoint:
        env = rivals.environment(endpoint, place.engine)
        return _run(rivals.python(place.venv), suite, tool, place, env, workers)


def _run(python: str, suite: Suite, tool: str, place: Place, env: Mapping[str, str], workers: int) -> Run:
    # The rivals' environment has no hypothesis, whose plugin would add a second to each of landform's runs.
    argv = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    argv += ["-n", str(workers)] if workers > 1 else []
    argv.append(f"test_{suite.name}_{tool.replace('-', '_')}.py")
    folder = place.folder / "suites"
    began = time.perf_counter()
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    lines = (done.stdout.strip() or done.stderr.strip() or "it said nothing").splitlines()
    return Run(took, ", ".join(_OUTCOME.findall(lines[-1])) or lines[-1], done.returncode == 0)
