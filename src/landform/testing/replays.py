"""Joins in where tests of level ``aws`` get their stack: recordings are written, and used instead of AWS."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from landform.testing.attributes import Attributes
from landform.testing.failures import is_told
from landform.testing.marker import Case, Scope
from landform.testing.recordings import Recording, RecordingKey, Replay, record, recording_key, replayed
from landform.testing.workfolder import LOCK, find_tree

if TYPE_CHECKING:
    from landform.testing.stacks import Stack

__tracebackhide__ = is_told
FOLDER = "recordings"
"""Where recordings lie, beside the file of their tests."""


class RecordedStack:
    """An applied module as a recording knows it: outputs and resources. Whatever would reach AWS fails."""

    def __init__(self, case: Case, recording: Recording) -> None:
        self.case = case
        self._recording = recording

    @property
    def outputs(self) -> Attributes:
        """The outputs by name."""
        return Attributes("outputs", dict(self._recording.outputs))

    @property
    def addresses(self) -> frozenset[str]:
        """Everything that was in its state, data sources too."""
        return frozenset(self._recording.resources)

    def __getitem__(self, address: str) -> Attributes:
        return Attributes(address, dict(self._recording.resources[address]))

    def __contains__(self, address: object) -> bool:
        return address in self._recording.resources

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._recording.resources))

    def __repr__(self) -> str:
        return f"<recording of {self.case.shown}: {len(self.addresses)} resources>"

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        pytest.fail(f"tf.{name} needs AWS, and this test runs on a recording", pytrace=False)


@dataclass(slots=True)
class Replays:
    """The recordings of one pytest process."""

    mode: Replay
    recording: bool
    _places: dict[str, Path] = field(default_factory=dict)

    def needs_account(self, item: pytest.Item, case: Case) -> bool:
        """Whether a test of level ``aws`` is to run there."""
        if self.mode is Replay.AUTO:
            return not recording_of(item, case).exists()
        return self.mode is Replay.NONE

    def pytest_landform_recorded(self, item: pytest.Item, case: Case) -> RecordedStack | None:
        """The recording to use for a test. Raises ``LandformError`` where it is out of date or missing."""
        place = recording_of(item, case)
        if self.recording:
            self._places[case.key] = place
        found = replayed(place, _key(case), self.mode)
        return RecordedStack(case, found) if found is not None else None

    @pytest.hookimpl(trylast=True)
    def pytest_landform_applied(self, stack: Stack) -> None:
        """Record what was applied first. Raises ``Refused`` where a secret would be in it."""
        place = self._places.pop(stack.origin.given.key, None)
        if place is not None:
            state = json.loads(stack.state)
            unique = {stack.unique: "unique"}
            secrets = stack.sensitive_variables
            record(place, _key(stack.origin.given), state, secrets=secrets, replace=unique)


def recording_of(item: pytest.Item, case: Case) -> Path:
    """The file of a test's recording: tests that share a stack share the recording."""
    names = [item.path.stem, case.module.name]
    if case.scope is Scope.FUNCTION:
        names.insert(1, item.name.partition("@")[0])
    else:
        names.append(_key(case).variables[:8])
    text = re.sub(r"[^A-Za-z0-9_.-]+", "-", ".".join(names))
    if len(text) > 100:
        text = f"{text[:90]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return item.path.parent / FOLDER / f"{text}.json"


def _key(case: Case) -> RecordingKey:
    """Of the variables as the test gives them: names that differ from run to run are put in later."""
    members = find_tree(case.module).members
    trees = [path if path.is_dir() else path.parent for path in members]
    return recording_key(dict.fromkeys(trees), case.vars, case.module / LOCK, {"region": case.region})
