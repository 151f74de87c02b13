"""Which resources of a plan a line of a ``.tf`` file stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from landform.planning.causes import bare_address
from landform.planning.changes import stack_of

_HEADER = re.compile(
    r'^(?:(?P<kind>resource|data)\s+"(?P<type>[^"]+)"\s+"(?P<name>[^"]+)"'
    r"|(?:variable|output|module|locals|provider|terraform|moved|removed|import|check|ephemeral)\b.*\{)"
)
_BLOCK = re.compile(r"(?:(?<!module\.)\bdata\.)?\w+\.[\w-]+$")


def block_of(address: str) -> str:
    """The block of an address, without its modules: ``aws_lb.this`` or ``data.aws_ami.this``."""
    found = _BLOCK.search(bare_address(address))
    return found[0] if found else ""


class Sources:
    """The modules of a plan's stacks. ``folders`` are where each stack's module lies."""

    def __init__(self, folders: Mapping[str, Path], addresses: Sequence[str]) -> None:
        self._files: dict[Path, set[str]] = {}
        for stack, folder in folders.items():
            for path in sorted(folder.rglob("*.tf")) if folder.is_dir() else []:
                self._files.setdefault(path.resolve(), set()).add(stack)
        self._by_block: dict[tuple[str, str], list[str]] = {}
        for address in addresses:
            self._by_block.setdefault((stack_of(address) or "", block_of(address)), []).append(address)
        self._blocks: dict[Path, list[tuple[int, str]]] = {}

    def addresses(self, uri: str, line: int) -> tuple[str, ...]:
        """The addresses of the block around ``line`` of the file at ``uri``; none where it is not certain."""
        files = self._named(uri)
        if len(files) != 1:
            return ()
        block = self._block(files[0], line)
        stacks = sorted(self._files[files[0]]) if block else ()
        return tuple(address for stack in stacks for address in self._by_block.get((stack, block), ()))

    def _named(self, uri: str) -> list[Path]:
        """The files whose path ends as ``uri`` does: scanners start in folders of their own."""
        parts = PurePosixPath(unquote(urlsplit(uri).path)).parts
        wanted = tuple(part for part in parts if part not in ("/", ".", ".."))
        return [path for path in self._files if wanted and path.parts[-len(wanted) :] == wanted]

    def _block(self, path: Path, line: int) -> str:
        if path not in self._blocks:
            self._blocks[path] = _blocks(path)
        started = [block for first, block in self._blocks[path] if first <= line]
        return started[-1] if started else ""


def _blocks(path: Path) -> list[tuple[int, str]]:
    """(first line, ``type.name``) of each block; empty for a block that is no resource."""
    found: list[tuple[int, str]] = []
    for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        match = _HEADER.match(text)
        if match:
            name = f"{match['type']}.{match['name']}" if match["kind"] else ""
            found.append((number, f"data.{name}" if match["kind"] == "data" else name))
    return found
