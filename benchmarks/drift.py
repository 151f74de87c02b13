"""Drift of all environments against ``terraform plan -refresh-only`` in each root, one after another."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.kit import LANDFORM, Figure, exports, run, seconds, terraform, write_project

_STACKS = 7
_ENVIRONMENTS = ("dev", "staging", "prod")


def drift() -> Iterator[Figure]:
    """Three environments of seven chained stacks, applied; nothing has drifted, as on most days."""
    with tempfile.TemporaryDirectory() as temporary:
        project = write_project(Path(temporary) / "p", _STACKS, chained=True)
        for name in _ENVIRONMENTS:
            folder = project / "environments" / name
            folder.mkdir(exist_ok=True)
            (folder / "environment.yaml").write_text("region: us-east-1\n")
        module = project / "modules" / "pair" / "main.tf"
        module.write_text(module.read_text().replace('"/${', '"/${terraform.workspace}/${'))
        try:
            for name in _ENVIRONMENTS:
                run([LANDFORM, "apply", name, "--sandbox", "--yes"], project)
            env = exports(project)
            roots = sorted(path for path in (project / "generated").iterdir() if path.name.startswith("s"))
            for root in roots:
                _init(root, env)
            whole = min(seconds(lambda: _landform(project)) for _ in range(2))
            one_by_one = seconds(lambda: _in_turn(roots, env))
        finally:
            run([LANDFORM, "sandbox", "stop"], project)
    detail = f"{whole:.1f} s against {one_by_one:.1f} s"
    what = f"drift of {len(_ENVIRONMENTS)} environments x {_STACKS} stacks / plan -refresh-only"
    yield Figure(what, whole / one_by_one, "", 0.15, detail)


def _landform(project: Path) -> None:
    found = json.loads(run([LANDFORM, "drift", "--all", "--sandbox", "--json"], project))
    standings = [stack["standing"] for each in found["environments"] for stack in each["stacks"]]
    if standings != ["in sync"] * _STACKS * len(_ENVIRONMENTS):
        message = f"drift says {standings}"
        raise RuntimeError(message)


def _init(root: Path, env: dict[str, str]) -> None:
    states = f"-backend-config=workspace_dir={env['TF_VAR_state_dir']}/{root.name}"
    run([terraform(), "init", "-input=false", states, "-reconfigure"], root, env)


def _in_turn(roots: list[Path], env: dict[str, str]) -> None:
    for name in _ENVIRONMENTS:
        for root in roots:
            facts = f"-var-file={root.parent / 'environments' / f'{name}.tfvars'}"
            argv = [terraform(), "plan", "-refresh-only", "-input=false", "-lock=false", facts]
            run(argv, root, env | {"TF_WORKSPACE": name})
