"""Terraform's own signs for what happens to an object, and their colours."""

from __future__ import annotations

from landform.planning.changes import Action

SIGNS: dict[Action, tuple[str, str]] = {
    Action.CREATE: ("+", "green"),
    Action.UPDATE: ("~", "yellow"),
    Action.REPLACE: ("-/+", "red"),
    Action.REPLACE_CREATE_FIRST: ("+/-", "red"),
    Action.REPLACE_FORGET: ("+/.", "red"),
    Action.DELETE: ("-", "red"),
    Action.FORGET: (".", "magenta"),
    Action.MOVE: ("→", "cyan"),
    Action.IMPORT: ("&", "cyan"),
    Action.READ: ("<=", "cyan"),
    Action.NO_OP: (" ", "dim"),
}
