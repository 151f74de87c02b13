"""The fixtures: each a few lines over the parts that do the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from landform.testing.collecting import LIFETIMES_OF

if TYPE_CHECKING:
    from landform.testing.emulator import Emulator
    from landform.testing.lifetimes import Lifetimes
    from landform.testing.marker import Case
    from landform.testing.modules import TestedModule
    from landform.testing.patience import HttpAnswer
    from landform.testing.plans import PlannedModule
    from landform.testing.stacks import Stack


@pytest.fixture
def tf(request: pytest.FixtureRequest) -> Stack:
    """The module of the marker, applied; it stands as long as the marker's ``scope`` says."""
    return _lifetimes(request.config).stack(request.node, _case(request))  # type: ignore[return-value]


@pytest.fixture
def tf_plan(request: pytest.FixtureRequest) -> PlannedModule:
    """The plan of the marker's module, made in one process with those of other tests."""
    from landform.testing.collection import PLANNED, WANTED
    from landform.testing.failures import CommandFailed

    lifetimes = _lifetimes(request.config)
    wanted = request.node.stash[WANTED]
    case = lifetimes.fill(_case(request), f"{PLANNED} {request.node.nodeid}")
    found = lifetimes.planned(wanted.batch or request.node.nodeid, case)
    if isinstance(found, CommandFailed):
        raise found
    lifetimes.bench.seen.append(found)
    return found


@pytest.fixture
def tf_module(request: pytest.FixtureRequest) -> TestedModule:
    """The module of the marker, for the test to drive: ``plan``, ``apply``, ``fails`` …"""
    from landform.testing.modules import TestedModule

    lifetimes = _lifetimes(request.config)
    item = request.node
    case = lifetimes.fill(_case(request), f"tf_module {item.nodeid}")
    return TestedModule(
        lifetimes.bench, case, lifetimes.owner(item, case.scope), lambda wanted: lifetimes.open(item, wanted)
    )


@pytest.fixture
def tf_emulator(request: pytest.FixtureRequest) -> Emulator:
    """The emulated AWS that the test's stack is in, or one of its own; emptied when the scope ends."""
    from landform.testing.collection import WANTED

    wanted = request.node.stash[WANTED]
    return _lifetimes(request.config).emulator(request.node, wanted.case)


@pytest.fixture
def tf_unique(request: pytest.FixtureRequest) -> str:
    """A short name of lower-case letters and digits that no other test, worker or run has."""
    return _lifetimes(request.config).unique(request.node.nodeid)


@pytest.fixture
def tf_http() -> Callable[..., HttpAnswer]:
    """``http_answer``: GET an address until it answers as it should."""
    from landform.testing.patience import http_answer

    return http_answer


@pytest.fixture
def retry_until() -> Callable[..., Any]:
    """``retry_until``: call something until it returns what is true."""
    from landform.testing.patience import retry_until as call

    return call


def _case(request: pytest.FixtureRequest) -> Case:
    from landform.testing.collection import WANTED

    case = request.node.stash[WANTED].case
    if case is None:
        pytest.fail(f"{request.fixturename} needs @pytest.mark.tf(module)", pytrace=False)
    return case  # type: ignore[no-any-return]


def _lifetimes(config: pytest.Config) -> Lifetimes:
    return config.stash[LIFETIMES_OF]()


def __tracebackhide__(error: pytest.ExceptionInfo[BaseException]) -> bool:  # noqa: N807 - pytest's name
    """See ``landform.testing.failures.is_told``; this module is read by every pytest, so it imports late."""
    from landform.testing.failures import is_told

    return is_told(error)
