"""The objects that a state holds, one by one, with what of them may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landform.planning.redaction import Redactor, marked
from landform.planning.states import StackState, instance_address

MANAGED = "managed"


@dataclass(frozen=True, slots=True)
class Instance:
    """One object. ``address`` names a deposed one by its key too; ``status`` is ``tainted`` or empty.

    ``sensitive`` marks parts of ``attributes``, as a plan's ``after_sensitive`` does.
    """

    address: str
    mode: str
    type: str
    provider: str
    status: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False)
    sensitive: Any = False

    @property
    def is_managed(self) -> bool:
        """Whether Terraform made it, and did not only read it."""
        return self.mode == MANAGED


def instances_of(state: StackState) -> Iterator[Instance]:
    """Every object of a state, in the state's order, those of its root module too."""
    for resource in (state.document or {}).get("resources", ()):
        for raw in resource.get("instances", ()):
            attributes = raw.get("attributes") or {}
            deposed = f" (deposed {raw['deposed']})" if raw.get("deposed") else ""
            yield Instance(
                instance_address(resource, raw) + deposed,
                resource["mode"],
                resource["type"],
                str(resource.get("provider", "")),
                str(raw.get("status", "")),
                attributes,
                _sensitive(resource["type"], attributes, raw.get("sensitive_attributes") or ()),
            )


def managed_addresses(state: StackState) -> tuple[str, ...]:
    """The addresses of all objects that a state manages."""
    return tuple(each.address for each in instances_of(state) if each.is_managed)


def secrets_of_state(state: StackState) -> Redactor:
    """Every value that a state marks as sensitive: in its objects and its outputs."""
    outputs = ((state.document or {}).get("outputs") or {}).values()
    found = [output.get("value") for output in outputs if output.get("sensitive")]
    for each in instances_of(state):
        found += marked(each.attributes, each.sensitive)
    return Redactor.of(found)


def _sensitive(kind: str, attributes: Mapping[str, Any], paths: Iterable[Sequence[Any]]) -> Any:
    found = [tuple(_key(step) for step in path) for path in paths]
    if kind == "terraform_remote_state":  # its outputs carry no mark here, whatever they were upstream
        found.append(("outputs",))
    return _marks(attributes, found)


def _key(step: Mapping[str, Any]) -> Any:
    """An attribute's name, or the key of a map or list."""
    value = step.get("value")
    return value.get("value") if isinstance(value, Mapping) else value


def _marks(value: Any, paths: Sequence[tuple[Any, ...]]) -> Any:
    """The tree of marks for paths. A path that can't be followed marks all there is where it ends."""
    if not paths:
        return False
    if any(not path for path in paths):
        return True
    if isinstance(value, Mapping) and all(path[0] in value for path in paths):
        return {key: _marks(item, _below(paths, key)) for key, item in value.items()}
    if isinstance(value, list) and all(isinstance(path[0], int) for path in paths):
        return [_marks(item, _below(paths, number)) for number, item in enumerate(value)]
    return True


def _below(paths: Sequence[tuple[Any, ...]], key: Any) -> list[tuple[Any, ...]]:
    return [path[1:] for path in paths if path[0] == key]
