"""Write the pages of all modules and what lists them, or with ``--check`` say which are stale.

Exit 0 where all is as it should be, 1 where ``--check`` found something stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.module_pages.page import count_table, module_list, page
from tools.module_pages.reading import read_module

_ROOT = Path(__file__).resolve().parents[2]
_LIST = re.compile(r'(<!-- Written by "make docs". -->\n).*?(<!-- End. -->)', re.DOTALL)


def written_files(root: Path) -> dict[Path, str]:
    """Every file this tool writes, with the text it should have."""
    folders = sorted(path.parent for path in root.glob("modules/*/versions.tf"))
    modules = [read_module(folder) for folder in folders]
    docs = root / "docs"
    lists = {
        docs / "index.md": module_list([each.name for each in modules]),
        docs / "explanation" / "modules-compared.md": count_table(modules),
    }
    pages = {docs / "reference" / "modules" / f"{each.name}.md": page(each) for each in modules}
    return pages | {path: _with_list(path, text) for path, text in lists.items()}


def _with_list(path: Path, written: str) -> str:
    inside = f"\n{written}\n\n"
    text, found = _LIST.subn(lambda match: match[1] + inside + match[2], path.read_text(encoding="utf-8"))
    if found != 1:
        sys.exit(f"{path} has no place for the list of modules: {_LIST.pattern}")
    return text


def stale(root: Path, files: Mapping[Path, str]) -> list[Path]:
    """The files that differ, are missing, or belong to no module any more."""
    left = set((root / "docs" / "reference" / "modules").glob("*.md")) - set(files)
    differing = {
        path for path, text in files.items() if not path.is_file() or path.read_text("utf-8") != text
    }
    return sorted(left | differing)


def main(words: list[str]) -> int:
    """Write or check; the words are those of the command line."""
    files = written_files(_ROOT)
    found = stale(_ROOT, files)
    if words == ["--check"]:
        for path in found:
            print(f"{path.relative_to(_ROOT)} is not what its module says; run: make docs", file=sys.stderr)
        return int(bool(found))
    for path in found:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path in files:
            path.write_text(files[path], encoding="utf-8")
        else:
            path.unlink()
        print(path.relative_to(_ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
