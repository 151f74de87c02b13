"""The Markdown pages of this repository and their fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(
    r"(?ms)^(?P<indent> *)(?P<fence>`{3,})(?P<language>\w+)?(?: title=\"(?P<title>[^\"]+)\")?\n"
    r"(?P<text>.*?)^(?P=indent)(?P=fence)$"
)


@dataclass(frozen=True)
class Block:
    """A fenced block. ``title`` names the file it is the whole text of; ``line`` is where it begins."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Every page that a reader may open, in a stable order."""
    folders = ("", "docs/**/", "modules/*/", "examples/*/")
    found = [page for folder in folders for page in ROOT.glob(f"{folder}*.md")]
    return sorted(found)


def blocks(page: Path, language: str | None = None) -> Iterator[Block]:
    """The fenced blocks of a page, of one language or of all."""
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        found = match["language"] or ""
        if language in (None, found):
            line = text.count("\n", 0, match.start()) + 1
            yield Block(page, line, found, match["title"] or "", dedent(match["text"]))


def all_blocks(language: str) -> list[Block]:
    """The blocks of one language on all pages."""
    return [block for page in pages() for block in blocks(page, language)]
