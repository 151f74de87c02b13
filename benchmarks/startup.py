"""How long the command line takes to start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.kit import LANDFORM, Figure, run, seconds


def startup() -> Iterator[Figure]:
    """``landform --help``, the quickest of ten; it imports neither boto3 nor Jinja2 nor pydantic."""
    quickest = min(seconds(lambda: run([LANDFORM, "--help"], Path())) for _ in range(10))
    yield Figure("landform --help", quickest, "s", 0.2)
