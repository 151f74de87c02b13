"""Releases: which there are, what they hold, what differs, and what a move to one means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from landform.cli.views.ages import age
from landform.cli.views.console import console, print_json
from landform.cli.views.visible import visible

if TYPE_CHECKING:
    from landform.workflows.promotion import Move, ValueRow
    from landform.workflows.release import Release
    from landform.workflows.release_diff import ReleaseDiff
    from landform.workflows.releases import Compared, ReleaseUse

_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
_SHOWN = 12


def show_releases(found: Sequence[ReleaseUse], *, as_json: bool = False, no_color: bool = False) -> None:
    """A line a release: digest, when it ran last, by whom."""
    if as_json:
        print_json([_use_document(each) for each in found])
        return
    out = console(no_color)
    if not found:
        out.print("No releases: nothing was applied.")
        return
    table = Table(box=None, padding=(0, 2), header_style="bold")
    for name in ("release", "", "last run", "runs"):
        table.add_column(name, no_wrap=True)
    table.add_column("by", overflow="ellipsis", no_wrap=True)
    now = datetime.now(UTC)
    for each in found:
        last = each.runs[0] if each.runs else None
        mark = Text("current", style="green") if each.current else Text("")
        when, by = (age(last.at, now), visible(last.by)) if last else ("never", "")
        table.add_row(Text(each.digest[:12], style="bold"), mark, when, str(len(each.runs)), by)
    out.print(table)


def _use_document(use: ReleaseUse) -> dict[str, object]:
    runs = [{"run": each.run, "at": each.at, "by": each.by, "plan": each.plan} for each in use.runs]
    return {"release": use.digest, "current": use.current, "runs": runs}


def show_release(
    release: Release, files: Mapping[str, bytes], *, as_json: bool = False, no_color: bool = False
) -> None:
    """Versions first, then every file with its size."""
    if as_json:
        print_json({"release": release.digest, **json.loads(release.content)})
        return
    out = console(no_color)
    out.print(Text.assemble("release ", (release.digest, "bold")))
    for name, version in release.providers.items():
        out.print(Text(f"  provider {visible(name)} {visible(version)}"))
    for module in release.modules:
        if module.digest:
            known = f"{module.source} {module.version}".strip()
            out.print(Text(f"  module {visible(module.key)}: {visible(known)} ({module.digest[:12]})"))
    for name in release.sources:
        out.print(Text(f"  {len(files.get(name, b'')):8}  {visible(name)}"), soft_wrap=True)


def show_comparison(
    found: Compared, *, diff: bool = False, as_json: bool = False, no_color: bool = False
) -> None:
    """What differs between two releases; ``diff``: the lines, too."""
    if as_json:
        print_json(diff_document(found.diff))
        return
    out = console(no_color)
    _heading(out, found.diff)
    _differences(out, found.diff, whole=True)
    if diff:
        _lines(out, found.lines)


def show_move(move: Move, *, diff: bool = False, no_color: bool = False) -> None:
    """What comes to an environment: files, versions, values side by side, values that nothing reads."""
    out = console(no_color)
    target = move.place.environment.name
    out.print()
    out.print(Text.assemble(("  " + (f"{move.source} → " if move.source else "") + target, "bold")))
    _heading(out, move.diff)
    _differences(out, move.diff, whole=diff)
    if diff:
        _lines(out, move.text())
    if move.values:
        _values(out, move.values, move.source, target)
    for sentence in move.unread:
        out.print(Text(f"  not read by this release: {visible(sentence)}", style="yellow"), soft_wrap=True)


def diff_document(diff: ReleaseDiff) -> dict[str, object]:
    """A difference as JSON data."""
    versions = {name: {"old": old or None, "new": new or None} for name, (old, new) in diff.versions.items()}
    return {
        "old": diff.old or None,
        "new": diff.new,
        "files": dict(diff.files),
        "versions": versions,
        "stacks": list(diff.stacks),
    }


def _heading(out: Console, diff: ReleaseDiff) -> None:
    if diff.old:
        out.print(Text.assemble("  release ", (diff.old[:12], "bold"), " → ", (diff.new[:12], "bold")))
    else:
        out.print(Text.assemble("  release ", (diff.new[:12], "bold"), ", the first one here"))


def _differences(out: Console, diff: ReleaseDiff, *, whole: bool) -> None:
    if not diff.old and not whole:
        return
    if diff.is_empty:
        out.print("  They hold the same.")
    if diff.stacks:
        out.print(f"  touches {', '.join(diff.stacks)}")
    for name, (old, new) in diff.versions.items():
        out.print(Text(f"  ~ {visible(name)} {visible(old) or 'none'} → {visible(new) or 'none'}"))
    shown = list(diff.files.items()) if whole else list(diff.files.items())[:_SHOWN]
    for name, kind in shown:
        sign, style = _SIGNS[kind]
        out.print(Text.assemble((f"  {sign} ", style), visible(name)), soft_wrap=True)
    if len(shown) < len(diff.files):
        out.print(f"    … {len(diff.files) - len(shown)} more files; --diff shows all")


def _lines(out: Console, lines: Iterable[str]) -> None:
    for line in lines:
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        out.print(Text(f"    {visible(line, chr(9))}", style=style), soft_wrap=True)


def _values(out: Console, rows: Sequence[ValueRow], source: str, target: str) -> None:
    out.print()
    table = Table(box=None, padding=(0, 2), header_style="bold")
    table.add_column("values that differ", no_wrap=True)
    for name in (source, target):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(row.name, _value(row.source), _value(row.target))
    out.print(table)


def _value(value: object) -> Text:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return Text(visible(text, "\n\t"))
