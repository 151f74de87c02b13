"""What the ``locals`` of a module refer to. Terraform's plan document leaves locals out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from landform.project.expressions import ExpressionError, closing_brace, segments

_BLOCK = re.compile(r"^[ \t]*locals[ \t]*\{", re.MULTILINE)
_ENTRY = re.compile(r"^[ \t]*([A-Za-z_][\w-]*)[ \t]*=(?!=)", re.MULTILINE)
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|(?:#|//)[^\n]*|/\*.*?\*/', re.DOTALL)
_REFERENCE = re.compile(r"(?<![\w.-])([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+)")


def local_references(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Each local of the module in ``folder`` with what it reads, such as ``aws_vpc.this.id``."""
    stamp = tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.tf")))
    return _read(stamp)


@lru_cache(maxsize=256)
def _read(stamp: tuple[tuple[Path, int], ...]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path, _ in stamp:
        text = _COMMENT.sub(lambda match: match.group(1) or "", path.read_text(encoding="utf-8"))
        for body in _bodies(text):
            found |= _entries(body)
    return found


def _bodies(text: str) -> Iterator[str]:
    for match in _BLOCK.finditer(text):
        try:
            yield text[match.end() : closing_brace(text, match.end())]
        except ExpressionError:
            return


def _entries(body: str) -> dict[str, tuple[str, ...]]:
    """Split a block's body at the names that stand on its own level, not inside brackets."""
    starts = [match for match in _ENTRY.finditer(body) if _is_top(body[: match.start()])]
    ends = [match.start() for match in starts[1:]] + [len(body)]
    return {
        match.group(1): _references(body[match.end() : end]) for match, end in zip(starts, ends, strict=True)
    }


def _is_top(before: str) -> bool:
    code = "".join(text for is_code, text in segments(before) if is_code)
    return sum(code.count(opening) for opening in "([{") == sum(code.count(closing) for closing in ")]}")


def _references(expression: str) -> tuple[str, ...]:
    code = "".join(text if is_code else " " for is_code, text in segments(expression))
    return tuple(dict.fromkeys(_REFERENCE.findall(code)))
