"""A variable's description taken apart: what it says of the whole, and of each attribute.

The modules write ``name: what it is.`` inside the description of an object, one or more to a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.module_pages.shapes import Attribute


def take_apart(text: str, known: Sequence[Attribute]) -> tuple[str, dict[str, str]]:
    """What is said of the variable itself, and of the attributes by path."""
    names = "|".join(re.escape(each.name) for each in known)
    if not names:
        return _joined(text), {}
    heads = re.compile(rf"(?:^|(?<=[.;] ))((?:{names})(?:,? (?:and )?(?:{names}))*): ", re.MULTILINE)
    before, *rest = heads.split(text)
    found: dict[str, str] = {}
    for head, said in zip(rest[::2], rest[1::2], strict=True):
        for name in re.findall(r"[\w-]+", head):
            path = _path(name, known)
            if path and path not in found:
                found[path] = _sentence(said)
    return _joined(before), found


def _path(name: str, known: Sequence[Attribute]) -> str:
    """The attribute that is meant: of several of that name the outermost."""
    paths = [each.path for each in known if each.name == name]
    return min(paths, key=lambda path: path.count("."), default="")


def _joined(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    """As the module has it: a first letter may be that of a value."""
    return f"{_joined(text).rstrip('.;')}."
