"""The source tree as the convention tests read it: paths, text and syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "landform"


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        """Its path in the repository, for messages."""
        return self.path.relative_to(REPOSITORY).as_posix()

    @property
    def part(self) -> str:
        """The folder of ``landform`` it belongs to, or its own name where it lies at the top."""
        return self.path.relative_to(SOURCE).parts[0].removesuffix(".py")

    @cached_property
    def text(self) -> str:
        """Its source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    def imports(self, *, for_types: bool = True) -> Iterator[tuple[str, str]]:
        """(module, name) of every import, inside functions too; the name is empty for ``import x``.

        ``for_types``: also what only a type checker reads.
        """
        left_out = set() if for_types else self._read_by_a_type_checker
        for node in ast.walk(self.tree):
            if node in left_out:
                continue
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield "." * node.level + (node.module or ""), alias.name
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, ""

    @cached_property
    def _read_by_a_type_checker(self) -> set[ast.AST]:
        return {
            inner
            for node in ast.walk(self.tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for statement in node.body
            for inner in ast.walk(statement)
        }


@cache
def modules() -> list[Module]:
    """Every module of landform."""
    return [Module(path) for path in sorted(SOURCE.rglob("*.py"))]


@cache
def modules_of_tests() -> list[Module]:
    """Every module of the tests."""
    return [Module(path) for path in sorted((REPOSITORY / "tests").rglob("*.py"))]


def text_files() -> Iterator[tuple[str, str]]:
    """(path, text) of every file of the repository that is text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = REPOSITORY / name
        try:
            yield name, path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
