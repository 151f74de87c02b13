"""Reads the states of an environment's stacks straight from their backend, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from landform.aws.state_objects import get_state
from landform.errors import StateUnreadable
from landform.planning.states import StackState, parse_state
from landform.project import BackendKind
from landform.project.state_keys import state_object_key
from landform.workflows.place import Place

_AT_ONCE = 16


def read_states(place: Place, stacks: Iterable[str]) -> Mapping[str, StackState]:
    """The state of each stack; one that was never applied has none. Raises StateUnreadable."""
    names = list(stacks)
    if place.project.backend.kind is BackendKind.LOCAL:
        return {name: parse_state(name, _local(place, name)) for name in names}
    backend, environment = place.project.backend, place.environment
    client = place.client("s3", backend.region or environment.region)
    bucket = backend.bucket_for(place.project.name, environment)
    keys = [state_object_key(place.project, environment.name, name) for name in names]
    with ThreadPoolExecutor(min(_AT_ONCE, len(names) or 1)) as pool:
        found = list(pool.map(lambda key: get_state(client, bucket, key), keys))
    return {name: parse_state(name, text) for name, text in zip(names, found, strict=True)}


def _local(place: Place, stack: str) -> bytes | None:
    path = place.state_dir / stack / place.environment.name / "terraform.tfstate"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateUnreadable(f"the state of stack {stack!r} can't be read: {error}") from error
