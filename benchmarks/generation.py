"""A large project: load, check and render."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.kit import Figure, run, seconds, write_project

_WORK = """
from pathlib import Path
from landform.generator import generated_files
from landform.project import load_project
print(len(generated_files(load_project(Path('.')))))
"""


def thousand_stacks() -> Iterator[Figure]:
    """1,000 chained stacks in a fresh interpreter, imports included; the quickest of three."""
    with tempfile.TemporaryDirectory() as temporary:
        project = write_project(Path(temporary) / "p", 1000, chained=True)
        took = min(seconds(lambda: run([sys.executable, "-c", _WORK], project)) for _ in range(3))
    yield Figure("1,000 stacks: load, check, render", took, "s", 3.0)
