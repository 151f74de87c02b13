"""Which providers a module uses, by their local names: those that a mocked plan has to mock."""

from __future__ import annotations

import re
from pathlib import Path

from landform.testing.workfolder import find_tree

_OBJECT = re.compile(r'^\s*(?:resource|data|ephemeral)\s+"([A-Za-z0-9-]+)(?:_[^"]*)?"', re.MULTILINE)
_REQUIRED = re.compile(r"required_providers\s*\{(.*?)^\s*\}\s*^", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"^\s*([A-Za-z][\w-]*)\s*=\s*\{", re.MULTILINE)
_BUILT_IN = "terraform"


def provider_names(module: Path) -> list[str]:
    """The names in the tree of ``module``, without Terraform's built-in provider."""
    found: set[str] = set()
    for member in find_tree(module).members:
        for path in member.rglob("*.tf") if member.is_dir() else ():
            text = path.read_text(encoding="utf-8", errors="replace")
            found |= set(_OBJECT.findall(text))
            for block in _REQUIRED.findall(text + "\n"):
                found |= set(_NAME.findall(block))
    return sorted(found - {_BUILT_IN})
