"""One change as a line: Terraform's sign, the address, what matters in it; and its diff on request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from landform.cli.views.phrases import folded
from landform.cli.views.symbols import SIGNS
from landform.review import AttributeDiff, ChangeReview
from landform.review.review import short

_MARGIN = 5
_GAP = 2
_VALUE = 72


def column_width(changes: Sequence[ChangeReview], width: int) -> int:
    """How wide the addresses' column is: the longest that leaves the rest of the line some room."""
    limit = max(24, int((width - _MARGIN) * 0.62))
    lengths = [len(change.local_address) for change in changes]
    return max((length for length in lengths if length <= limit), default=limit)


def change_lines(change: ChangeReview, column: int, width: int) -> Iterator[Text]:
    """One line, or two where the address leaves no room for what matters."""
    sign, style = SIGNS[change.action]
    line = Text.assemble((sign.rjust(4) + " ", style))
    line.append_text(_address(change.local_address, style))
    matters = _matters(change, style)
    room = width - _MARGIN - column - _GAP
    fits = len(change.local_address) <= column
    if not matters.plain or not (fits or change.action.is_replacement):
        yield line
    elif fits and (matters.cell_len <= room or not change.action.is_replacement):
        line.append(" " * (column - len(change.local_address) + _GAP))
        matters.truncate(room, overflow="ellipsis")
        yield line + matters
    else:
        yield line
        matters.truncate(width - _MARGIN - _GAP, overflow="ellipsis")
        yield Text(" " * (_MARGIN + _GAP)) + matters


def _matters(change: ChangeReview, style: str) -> Text:
    """Why an object is replaced and what causes it; else its telling attributes."""
    text = Text()
    if change.action.is_replacement:
        text.append(change.why)
        for source in change.caused_by[:1]:
            text.append(f" ← {_from(source, change)}", style="cyan")
        return text
    text.append(change.headline, style="dim" if style == "green" else "")
    if change.why:
        text.append(f"  {change.why}" if change.headline else change.why, style=style)
    return text


def _from(source: str, change: ChangeReview) -> str:
    """A source without the stack's own prefix, so that another stack's name stands out."""
    own = change.address.removesuffix(change.local_address)
    return source.removeprefix(own).removeprefix("module.")


def _address(address: str, style: str) -> Text:
    head, bracket, index = address.partition("[")
    kind, dot, name = head.rpartition(".")
    return Text.assemble((kind + dot, "dim"), (name + bracket + index, style))


def diff_lines(change: ChangeReview, width: int) -> Iterator[Text]:
    """Every attribute that differs, one a line."""
    for each in change.attributes:
        line = Text(" " * (_MARGIN + _GAP)) + _diff(each)
        line.truncate(max(width, 60), overflow="ellipsis")
        yield line
    if change.folded:
        yield Text(" " * (_MARGIN + _GAP) + f"({folded(change)})", style="dim")


def _diff(each: AttributeDiff) -> Text:
    line = Text(f"{each.path}  ")
    line.append(f"({each.note}) " if each.note else "", style="dim")
    if each.before is not None:
        line.append(_value(each.before), style="red")
        line.append(" → ")
    if each.unknown:
        line.append("(known after apply)", style="dim")
        line.append(f" ← {', '.join(each.sources[:2])}" if each.sources else "", style="cyan")
    elif each.sensitive and each.before is not None:
        line.append("(sensitive, changed)", style="green")
    else:
        line.append(_value(each.after), style="green")
    if each.forces_replacement:
        line.append("  # forces replacement", style="red")
    return line


def _value(value: Any) -> str:
    return short(value, _VALUE)
