"""Keeps the tests of one xdist group in one worker.

xdist 3.8 marks groups in the names of tests; from pytest 9.2 on those names can't be changed, and its
``loadgroup`` hands every test out by itself. So the workers write down who belongs together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

_GROUPS = "groups.json"


class GroupScheduling(LoadGroupScheduling):  # type: ignore[misc]
    """``loadgroup``, with the groups that the workers found; ``folder`` is what they share."""

    def __init__(self, config: pytest.Config, log: Producer, folder: Path) -> None:
        super().__init__(config, log)
        self._folder = folder

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        try:
            found: Mapping[str, str] = json.loads((self._folder / _GROUPS).read_bytes())
        except FileNotFoundError:  # workers on another machine: their names are all there is
            return {}
        return found

    def _split_scope(self, nodeid: str) -> str:
        found = self._groups.get(nodeid)
        return found if found is not None else super()._split_scope(nodeid)


def write_groups(folder: Path, groups: Sequence[tuple[str, str]]) -> None:
    """Write down (test, group) for the scheduler; every worker writes the same."""
    fresh = folder / f"{_GROUPS}.{os.getpid()}"
    fresh.write_text(json.dumps(dict(groups)))
    fresh.replace(folder / _GROUPS)
