"""How AWS is asked whether an object is still there, and what its answer means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ID, ARN, NAME = "{id}", "{arn}", "{name}"
"""In a request, what stands for the object's id, its ARN, and the last part of its id."""
LEFT, RIGHT = "{left}", "{right}"
"""The two parts of an id that is made of two names, such as ``cluster:node-group``."""
CLUSTER = "{cluster}"
"""The cluster in the ARN of a service of ECS."""

_MISSING = re.compile(r"(?:NotFound|NoSuch\w*|DoesNotExist|NonExistentQueue)(?:Exception|Fault)?\Z|\A404\Z")
"""AWS's error codes for what is not there: ``InvalidVolume.NotFound``, ``NoSuchBucket``, ``404`` …"""


class Fate(StrEnum):
    """What has become of an object."""

    GONE = "gone"
    PENDING = "pending deletion"
    THERE = "still there"
    NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, slots=True)
class Seen:
    """What AWS says of one object. ``why`` explains the fate; ``facts`` are its answer where it is there."""

    fate: Fate
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Describer:
    """The call that describes one type. https://docs.aws.amazon.com/ has each operation's page.

    ``request`` holds ``ID`` and its like; where it is in a list, up to ``most`` objects are asked for at
    once. ``found`` is the path to the objects in the answer, ``key`` where an object has what was asked for
    (empty: the only object is the one). ``state`` is where it says how it is: in ``gone`` or ``pending``
    that is no longer there, or not for long. ``until`` is when that ends, and its being set means pending
    where there is no ``state``. ``attributes``: Terraform's names of the parts that its price depends on.
    ``by`` is ``ARN`` for a type whose id in a state is not the service's.
    """

    service: str
    operation: str
    request: Mapping[str, Any]
    found: str = ""
    key: str = ""
    most: int = 1
    state: str = ""
    gone: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()
    until: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    by: str = ID


def is_missing(code: str) -> bool:
    """Whether an error code of AWS says that the object is not there."""
    return bool(_MISSING.search(code))


def name_of(id_: str) -> str:
    """The last part of an id, ARN or URL."""
    return re.split(r"[/:]", id_)[-1]


def words_of(id_: str, arn: str) -> dict[str, str]:
    """What the words of a request stand for."""
    left, _, right = id_.partition(":")
    cluster = arn.split("/")[1] if arn.count("/") > 1 else "default"
    return {ID: id_, ARN: arn or id_, NAME: name_of(id_), LEFT: left, RIGHT: right, CLUSTER: cluster}


def filled(template: Any, words: Sequence[Mapping[str, str]]) -> Any:
    """A request for objects; only whole words are replaced, so nothing in an id can become another one."""
    if isinstance(template, Mapping):
        return {name: filled(value, words) for name, value in template.items()}
    if isinstance(template, list):
        return [each for item in template for each in _several(item, words)]
    return words[0].get(template, template) if isinstance(template, str) else template


def _several(item: Any, words: Sequence[Mapping[str, str]]) -> list[Any]:
    if isinstance(item, str) and item in words[0]:
        return [each[item] for each in words]
    return [filled(item, words)]


def values_at(value: Any, path: str) -> Iterator[Any]:
    """Everything at a path such as ``Reservations.Instances``; lists on the way are gone through."""
    if isinstance(value, list):
        for each in value:
            yield from values_at(each, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, Mapping):
        head, _, rest = path.partition(".")
        yield from values_at(value.get(head), rest)


def judged(describer: Describer, facts: Mapping[str, Any]) -> Seen:
    """What an object that AWS has described is."""
    state = str(next(values_at(facts, describer.state), "")) if describer.state else ""
    if _is_one_of(state, describer.gone):
        return Seen(Fate.GONE, state)
    until = next(values_at(facts, describer.until), None) if describer.until else None
    if _is_one_of(state, describer.pending) or (until is not None and not describer.state):
        return Seen(Fate.PENDING, f"until {until:%Y-%m-%d}" if hasattr(until, "year") else state, facts)
    return Seen(Fate.THERE, state, facts)


def _is_one_of(state: str, states: frozenset[str]) -> bool:
    """Some services write a state otherwise than their own model has it: ``deleted`` for ``Deleted``."""
    return state.casefold() in {each.casefold() for each in states}


def attributes_of(describer: Describer, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an answer on which a price depends, under Terraform's names.

    ``path[]`` is a list of all values there, ``path=text`` whether the value is the text.
    """
    found: dict[str, Any] = {}
    for name, where in describer.attributes.items():
        path, _, text = where.partition("=")
        values = list(values_at(facts, path.removesuffix("[]")))
        if path.endswith("[]"):
            found[name] = values
        elif values:
            found[name] = values[0] == text if text else values[0]
    return found
