"""The shop, the project of this repository, from nothing to applied, in the sandbox."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.kit import LANDFORM, Figure, run, seconds

_IN = ("dev", "--sandbox")


def reference() -> Iterator[Figure]:
    """The first plan of dev, its apply, and the plan after it."""
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary) / "p"
        run([LANDFORM, "new", str(project), "--name", "shop", "--example", "shop"], Path(temporary))
        try:
            run([LANDFORM, "sandbox", "start"], project)
            first = seconds(lambda: run([LANDFORM, "plan", *_IN], project, expected=(2,)))
            planned = json.loads(run([LANDFORM, "plan", *_IN, "--json"], project, expected=(2,)))
            applied = seconds(lambda: run([LANDFORM, "apply", *_IN, "--yes"], project))
            again = seconds(lambda: run([LANDFORM, "plan", *_IN], project))
        finally:
            run([LANDFORM, "sandbox", "stop"], project)
    detail = f"{planned['counts']['create']} resources in {len(planned['stacks'])} stacks"
    yield Figure("first plan of the shop, with init", first, "s", 12.0, detail)
    yield Figure("apply of the shop", applied, "s", 360.0, detail)
    yield Figure("plan of the applied shop", again, "s", 25.0, detail)
