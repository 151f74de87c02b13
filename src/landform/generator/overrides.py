"""Override files: they set attributes of resources inside modules for one run, and leave all else as it is.

Terraform merges them over what a module says:
https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from landform.generator.hcl import quote

FILE = "landform_override.tf"
_MODULE = re.compile(r'module\.([\w-]+)(?:\[(?:"(?:\\.|[^"\\])*"|\d+)\])?\.')
_REST = re.compile(r'(\w+)\.([\w-]+)(?:\[("(?:\\.|[^"\\])*"|\d+)\])?\Z')


@dataclass(frozen=True, slots=True)
class Setting:
    """One attribute of one object, by its address, and its new value. ``others`` are its other attributes."""

    address: str
    attribute: str
    value: bool | str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A resource block: the module calls that lead to it, its type and name."""

    modules: tuple[str, ...]
    type: str
    name: str


def at_once(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Those that can be set in one run: copies of a module have one configuration, so their values agree."""
    taken: dict[tuple[_Place, str, str], bool | str] = {}
    found = []
    for each in settings:
        place, index = _split(each.address)
        if taken.setdefault((place, index, each.attribute), each.value) == each.value:
            found.append(each)
    return tuple(found)


def override_files(settings: Iterable[Setting]) -> Mapping[str, str]:
    """``{module: text}`` of an override file for each module that is called, named as in ``modules.json``.

    Everything but the settings is ignored, so a change of the configuration that waits is not made with them.
    """
    blocks: dict[_Place, list[Setting]] = defaultdict(list)
    for each in settings:
        blocks[_split(each.address)[0]].append(each)
    texts: dict[str, str] = defaultdict(str)
    for place, own in sorted(blocks.items(), key=lambda item: (item[0].modules, item[0].type, item[0].name)):
        texts[".".join(place.modules)] += _block(place, own)
    return texts


def _block(place: _Place, settings: Collection[Setting]) -> str:
    attributes = sorted({each.attribute for each in settings})
    lines = [
        f"  {name} = {_value([each for each in settings if each.attribute == name])}" for name in attributes
    ]
    others = sorted({name for each in settings for name in each.others} - set(attributes))
    lines += ["  lifecycle {", f"    ignore_changes = [{', '.join(others)}]", "  }"]
    return "\n".join([f"resource {quote(place.type)} {quote(place.name)} {{", *lines, "}", ""])


def _value(settings: Collection[Setting]) -> str:
    if len({each.value for each in settings}) == 1:
        return _literal(next(iter(settings)).value)
    by_index = {_split(each.address)[1]: each.value for each in settings}
    pairs = ", ".join(f"{_key(index)} = {_literal(value)}" for index, value in sorted(by_index.items()))
    key = "each.key" if all(index.startswith('"') for index in by_index) else "tostring(count.index)"
    return f"lookup({{ {pairs} }}, {key}, null)"


def _key(index: str) -> str:
    """An index of an address as a key: those of ``for_each`` are quoted, and escaped, as in HCL already."""
    return index if index.startswith('"') else f'"{index}"'


def _literal(value: bool | str) -> str:
    return quote(value) if isinstance(value, str) else str(value).lower()


def _split(address: str) -> tuple[_Place, str]:
    modules, rest = [], address
    while found := _MODULE.match(rest):
        modules.append(found.group(1))
        rest = rest[found.end() :]
    resource = _REST.match(rest)
    if resource is None:
        raise ValueError(f"{address} is no address of a managed resource")
    kind, name, index = resource.groups()
    return _Place(tuple(modules), kind, name), index or ""
