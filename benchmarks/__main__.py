"""Runs every benchmark and prints one line a figure; exit 1 where a limit is exceeded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from benchmarks.contention import contention
from benchmarks.drift import drift
from benchmarks.generation import thousand_stacks
from benchmarks.kit import Figure
from benchmarks.plans import chain, one_stack
from benchmarks.reference import reference
from benchmarks.releases import release, status
from benchmarks.review import large_page, large_plan
from benchmarks.startup import startup
from benchmarks.sweep import sweep
from benchmarks.testing.comparison import comparison

_ALL: dict[str, Callable[[], Iterator[Figure]]] = {
    "startup": startup,
    "generation": thousand_stacks,
    "one-stack": one_stack,
    "chain": chain,
    "drift": drift,
    "release": release,
    "status": status,
    "contention": contention,
    "reference": reference,
    "review": large_plan,
    "page": large_page,
    "sweep": sweep,
    "testing": comparison,
}


def main(wanted: list[str]) -> int:
    """Run the benchmarks named, or all."""
    over = False
    for name, bench in _ALL.items():
        if wanted and name not in wanted:
            continue
        for figure in bench():
            print(figure, flush=True)
            over |= figure.value > figure.limit
    return int(over)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
