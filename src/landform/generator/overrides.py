"""Override files: they set attributes of resources inside modules for one run, and leave all else as it is.

Terraform merges them over what a module says:
https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TypeAlias

from landform.generator.hcl import quote

FILE = "landform_override.tf"
_MODULE = re.compile(r'module\.([\w-]+)(?:\[(?:"(?:\\.|[^"\\])*"|\d+)\])?\.')
_REST = re.compile(r'(\w+)\.([\w-]+)(?:\[("(?:\\.|[^"\\])*"|\d+)\])?\Z')


@dataclass(frozen=True, slots=True)
class Setting:
    """One attribute of one object, by its address, and its new value. ``others`` are its other attributes."""

    address: str
    attribute: str
    value: bool | int | str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """A resource block: the folder of its module, its type and name."""

    folder: str
    type: str
    name: str


Folders: TypeAlias = Mapping[str, str]
"""The folder of each module that is called, named as in ``modules.json``; two may share one."""


def at_once(settings: Iterable[Setting], folders: Folders) -> tuple[Setting, ...]:
    """Those that can be set in one run; the others come later.

    A block sets an attribute of all its objects, in all calls of its module. So those that are set together
    have the same attributes to set, and the same values where their indexes are the same.
    """
    blocks: dict[_Block, dict[str, list[Setting]]] = defaultdict(lambda: defaultdict(list))
    for each in settings:
        modules, kind, name, _ = _split(each.address)
        block = _Block(folders.get(modules, f"no folder of {modules}"), kind, name)
        blocks[block][each.address].append(each)
    return tuple(each for objects in blocks.values() for each in _agreeing(objects))


def _agreeing(objects: Mapping[str, Sequence[Setting]]) -> Iterator[Setting]:
    names = [{each.attribute for each in own} for own in objects.values()]
    first = next(iter(objects.values()))[0].attribute
    together = set.intersection(*names) or {first}
    taken: dict[str, dict[str, bool | int | str]] = {}
    for address, own in objects.items():
        wanted = {each.attribute: each.value for each in own if each.attribute in together}
        if wanted and taken.setdefault(_split(address)[3], wanted) == wanted:
            yield from (each for each in own if each.attribute in together)


def override_files(settings: Iterable[Setting], folders: Folders) -> Mapping[str, str]:
    """``{folder: text}`` of an override file for each of these folders that a setting is about.

    Everything but the settings is ignored, so a change of the configuration that waits is not made with them.
    """
    blocks: dict[_Block, list[Setting]] = defaultdict(list)
    for each in settings:
        modules, kind, name, _ = _split(each.address)
        if modules in folders:
            blocks[_Block(folders[modules], kind, name)].append(each)
    texts: dict[str, str] = defaultdict(str)
    for block, own in sorted(blocks.items(), key=lambda item: astuple(item[0])):
        texts[block.folder] += _block(block, own)
    return texts


def _block(block: _Block, settings: Collection[Setting]) -> str:
    attributes = sorted({each.attribute for each in settings})
    lines = [
        f"  {name} = {_value([each for each in settings if each.attribute == name])}" for name in attributes
    ]
    others = sorted({name for each in settings for name in each.others} - set(attributes))
    lines += ["  lifecycle {", f"    ignore_changes = [{', '.join(others)}]", "  }"]
    return "\n".join([f"resource {quote(block.type)} {quote(block.name)} {{", *lines, "}", ""])


def _value(settings: Collection[Setting]) -> str:
    if len({each.value for each in settings}) == 1:
        return _literal(next(iter(settings)).value)
    by_index = {_split(each.address)[3]: each.value for each in settings}
    pairs = ", ".join(f"{_key(index)} = {_literal(value)}" for index, value in sorted(by_index.items()))
    key = "each.key" if all(index.startswith('"') for index in by_index) else "tostring(count.index)"
    return f"lookup({{ {pairs} }}, {key}, null)"


def _key(index: str) -> str:
    """An index of an address as a key: those of ``for_each`` are quoted, and escaped, as in HCL already."""
    return index if index.startswith('"') else f'"{index}"'


def _literal(value: bool | int | str) -> str:
    return quote(value) if isinstance(value, str) else str(value).lower()


def _split(address: str) -> tuple[str, str, str, str]:
    """The modules that lead to an object, without indexes, its type, its name and its index."""
    modules, rest = [], address
    while found := _MODULE.match(rest):
        modules.append(found.group(1))
        rest = rest[found.end() :]
    resource = _REST.match(rest)
    if resource is None:
        raise ValueError(f"{address} is no address of a managed resource")
    kind, name, index = resource.groups()
    return ".".join(modules), kind, name, index or ""
