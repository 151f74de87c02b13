"""The environment plan against init + plan + show of each root by plain terraform."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.kit import LANDFORM, Figure, exports, run, seconds, terraform, write_project

_STACKS = 10


def chain() -> Iterator[Figure]:
    """Ten chained stacks, applied; nothing has changed, as on most days."""
    with tempfile.TemporaryDirectory() as temporary:
        project = write_project(Path(temporary) / "p", _STACKS, chained=True)
        try:
            run([LANDFORM, "apply", "dev", "--sandbox", "--yes"], project)
            env = exports(project)
            roots = sorted(path for path in (project / "generated").iterdir() if path.name.startswith("s"))
            whole = min(seconds(lambda: _landform(project)) for _ in range(2))
            one_by_one = seconds(lambda: _in_turn(roots, env))
            with ThreadPoolExecutor(_STACKS) as pool:
                at_once = seconds(lambda: list(pool.map(lambda root: _by_hand(root, env), roots)))
        finally:
            run([LANDFORM, "sandbox", "stop"], project)
    detail = f"{whole:.1f} s against {one_by_one:.1f} s"
    yield Figure(
        "plan of 10 stacks / plain terraform, one after another", whole / one_by_one, "", 0.10, detail
    )
    detail = f"{whole:.1f} s against {at_once:.1f} s"
    yield Figure("plan of 10 stacks / plain terraform, all at once", whole / at_once, "", 0.25, detail)


def one_stack() -> Iterator[Figure]:
    """What landform adds to terraform's own init, plan and show."""
    with tempfile.TemporaryDirectory() as temporary:
        project = write_project(Path(temporary) / "p", 1, chained=False)
        try:
            run([LANDFORM, "plan", "dev", "--sandbox"], project, expected=(2,))
            env = exports(project)
            root = project / "generated" / "s0000"
            _by_hand(root, env)
            bare = min(seconds(lambda: _by_hand(root, env)) for _ in range(5))
            cached = min(seconds(lambda: _landform(project)) for _ in range(5))
            fresh = min(seconds(lambda: _landform_fresh(project)) for _ in range(5))
        finally:
            run([LANDFORM, "sandbox", "stop"], project)
    detail = f"{fresh:.2f} s against {bare:.2f} s"
    yield Figure("landform over terraform, one stack, with init", fresh - bare, "s", 0.4, detail)
    detail = f"{cached:.2f} s against {bare:.2f} s"
    yield Figure("landform over terraform, one stack, init not needed", cached - bare, "s", 0.4, detail)


def _landform(project: Path) -> None:
    run([LANDFORM, "plan", "dev", "--sandbox", "--json"], project, expected=(0, 2))


def _landform_fresh(project: Path) -> None:
    (project / ".landform" / "data" / "dev" / "composed" / "landform-init").unlink()
    _landform(project)


def _in_turn(roots: list[Path], env: dict[str, str]) -> None:
    for root in roots:
        _by_hand(root, env)


def _by_hand(root: Path, env: dict[str, str]) -> None:
    tf, plan = terraform(), str(root / "by-hand.tfplan")
    init = [tf, "init", "-input=false"]
    backend = env.get("TF_VAR_state_dir")
    run([*init, f"-backend-config=workspace_dir={backend}/{root.name}", "-reconfigure"], root, env)
    facts = f"-var-file={root.parent / 'environments' / 'dev.tfvars'}"
    named = env | {"TF_WORKSPACE": "dev"}
    run([tf, "plan", "-input=false", facts, f"-out={plan}", "-lock=false"], root, named)
    run([tf, "show", "-json", plan], root, named)
