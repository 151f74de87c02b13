"""Many plans and two applies at once on one state bucket: nothing may fail, wait for ever or get lost."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.kit import LANDFORM, Figure, run, seconds, write_project

_PLANS = 40
_AT_ONCE = 8
"""Each plan is a Terraform and a provider, some 700 MB: forty of them would need 28 GB."""
_ENVIRONMENTS = ("dev", "staging", "prod")
_S3 = '{s3: {bucket: "bench-tfstate", region: us-east-1}}'


def contention() -> Iterator[Figure]:
    """Forty plans of three environments, while two of them are applied; all share one bucket."""
    with tempfile.TemporaryDirectory() as temporary:
        project = write_project(Path(temporary) / "p", 2, chained=True, backend=_S3)
        for name in _ENVIRONMENTS:
            folder = project / "environments" / name
            folder.mkdir(exist_ok=True)
            (folder / "environment.yaml").write_text("region: us-east-1\n")
        module = project / "modules" / "pair" / "main.tf"
        module.write_text(module.read_text().replace('"/${var.name}', '"/${terraform.workspace}/${var.name}'))
        try:
            run([LANDFORM, "sandbox", "start"], project)
            took = seconds(lambda: _all_at_once(project))
            _intact(project)
        finally:
            run([LANDFORM, "sandbox", "stop"], project)
    yield Figure(f"{_PLANS} plans, {_AT_ONCE} at once, beside 2 applies", took, "s", 240.0)


def _all_at_once(project: Path) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as plans, ThreadPoolExecutor(2) as applies:
        done = [applies.submit(_apply, project, name) for name in _ENVIRONMENTS[:2]]
        done += [
            plans.submit(_plan, project, _ENVIRONMENTS[number % len(_ENVIRONMENTS)])
            for number in range(_PLANS)
        ]
        for each in done:
            each.result()


def _apply(project: Path, environment: str) -> None:
    run([LANDFORM, "apply", environment, "--sandbox", "--yes"], project)


def _plan(project: Path, environment: str) -> None:
    run([LANDFORM, "plan", environment, "--sandbox", "--json"], project, expected=(0, 2))


def _intact(project: Path) -> None:
    """What was applied is there and needs nothing; no lock is left."""
    for name in _ENVIRONMENTS[:2]:
        run([LANDFORM, "plan", name, "--sandbox"], project, expected=(0,))
        locks = json.loads(run([LANDFORM, "state", "locks", name, "--sandbox", "--json"], project))
        if locks["locks"] or locks["quarantine"]:
            message = f"left in {name}: {locks}"
            raise RuntimeError(message)
