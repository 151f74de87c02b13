"""The earlier versions of a state: what each was, and one of them by its id."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from landform.aws.state_versions import StateVersion
from landform.errors import LandformError
from landform.workflows.place import Place, check_stacks
from landform.workflows.state_homes import LocalHome, StateHome, own_home
from landform.workflows.state_listing import StateFacts, facts_of

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version, and the state it is; nothing more of one that is a delete marker."""

    version: StateVersion
    facts: StateFacts


@dataclass(frozen=True, slots=True)
class StateHistory:
    """The newest versions of a state. ``left_out`` counts the older ones that were not asked for."""

    stack: str
    versions: tuple[KnownVersion, ...]
    left_out: int = 0


def state_history(place: Place, stack: str, limit: int) -> StateHistory:
    """The ``limit`` newest versions of a stack's state. Raises LandformError where none are kept."""
    check_stacks(place.project, (stack,))
    home = own_home(place)
    found = versions_kept(place, home, stack)
    shown = found[:limit]
    with ThreadPoolExecutor(min(_AT_ONCE, len(shown) or 1)) as pool:
        known = tuple(pool.map(lambda each: _known(home, stack, each), shown))
    return StateHistory(stack, known, len(found) - len(shown))


def versions_kept(place: Place, home: StateHome, stack: str) -> Sequence[StateVersion]:
    """All versions, the newest first. Raises LandformError where there are none."""
    found = home.versions(stack)
    if found:
        return found
    if home.get(stack) is None:
        what = f"stack {stack!r} has no state in {place.environment.name}, and never had one there"
        raise LandformError(what, "Apply it first.")
    if isinstance(home, LocalHome):
        raise LandformError(
            f"there is no earlier state of {stack}",
            "The local backend keeps one, once it has changed; versions need the s3 backend.",
        )
    raise LandformError(
        f"the bucket keeps no versions of {home.address(stack)}",
        "Versions need a versioned bucket: turn versioning on; it holds from then on.",
    )


def find_version(versions: Sequence[StateVersion], start: str) -> StateVersion:
    """The version whose id is ``start`` or alone begins with it. Raises LandformError."""
    found = [each for each in versions if each.id == start] or [
        each for each in versions if start and each.id.startswith(start)
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(each.id for each in versions[:5]) + (", …" if len(versions) > 5 else "")
    what = f"{len(found)} versions begin with {start!r}" if found else f"there is no version {start!r}"
    raise LandformError(what, f"The newest are: {known}.")


def _known(home: StateHome, stack: str, version: StateVersion) -> KnownVersion:
    found = None if version.deleted else home.get_version(stack, version.id)
    return KnownVersion(version, facts_of(stack, home.address(stack), found))
