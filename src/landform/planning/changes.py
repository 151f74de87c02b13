"""One planned change, typed, from ``terraform show -json``.

Format: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Path = tuple[str | int, ...]


class Action(StrEnum):
    """What Terraform will do with an object, in Terraform's words; the two replacements differ in order."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    REPLACE = "replace"
    REPLACE_CREATE_FIRST = "replace (create first)"
    REPLACE_FORGET = "replace (old one is forgotten)"
    DELETE = "delete"
    FORGET = "forget"
    MOVE = "move"
    IMPORT = "import"
    NO_OP = "no-op"

    @property
    def is_replacement(self) -> bool:
        """Whether the object gets a successor."""
        return self in _REPLACEMENTS

    @property
    def destroys(self) -> bool:
        """Whether an existing object ends."""
        return self in (Action.DELETE, Action.REPLACE, Action.REPLACE_CREATE_FIRST)


_REPLACEMENTS = (Action.REPLACE, Action.REPLACE_CREATE_FIRST, Action.REPLACE_FORGET)

_BY_ACTIONS: Mapping[tuple[str, ...], Action] = {
    ("create",): Action.CREATE,
    ("read",): Action.READ,
    ("update",): Action.UPDATE,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE_CREATE_FIRST,
    ("create", "forget"): Action.REPLACE_FORGET,
    ("delete",): Action.DELETE,
    ("forget",): Action.FORGET,
}

TRIGGERED = "replace_triggered_by"

_REASONS: Mapping[str, str] = {
    "replace_because_tainted": "tainted: an earlier apply left it half made",
    "replace_because_cannot_update": "can't be changed in place",
    "replace_by_request": "asked for with -replace",
    "replace_by_triggers": TRIGGERED,
    "delete_because_no_resource_config": "no longer in the configuration",
    "delete_because_wrong_repetition": "count or for_each changed its kind",
    "delete_because_count_index": "its count index is gone",
    "delete_because_each_key": "its for_each key is gone",
    "delete_because_no_module": "its module is gone",
    "delete_because_no_move_target": "its move target is gone",
    "read_because_config_unknown": "its arguments are not known yet",
    "read_because_dependency_pending": "it waits for a pending change",
    "read_because_check_nested": "read for a check",
    "delete_because_enabled_false": "its enabled is false",
    "forgot_because_lifecycle_destroy_in_state": "destroy = false, as the state has it",
    "forgot_because_lifecycle_destroy_in_config": "destroy = false",
}
"""Terraform's reasons and the three of OpenTofu. They are hints: the action says what happens."""

_OF_REPLACEMENTS = "replace_"


@dataclass(frozen=True, slots=True)
class Values:
    """One side of a change: the object (None where there is none) and what in it is sensitive."""

    value: Any = None
    sensitive: Any = False


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one object. ``address`` is the same in the stack's own root and in the composed root.

    ``unknown`` mirrors the new value with true where it is known only after apply; ``replace_paths`` are the
    attributes that force a replacement; ``causes`` maps an attribute to the addresses its unknown comes from;
    ``left_out`` are unknown attributes in blocks (``root.ebs.iops``) that come from nowhere: nobody set them.
    ``triggers``: what it depends on and what changes, where ``replace_triggered_by`` asks for a replacement;
    Terraform does not say which of them. ``index`` is its ``count`` index or ``for_each`` key; of a deferred
    change it may be a wildcard, ``index_unknown``. ``generated_config`` is HCL that an import wrote.
    """

    stack: str
    address: str
    type: str
    mode: str
    action: Action
    before: Values = field(default_factory=Values, repr=False)
    after: Values = field(default_factory=Values, repr=False)
    unknown: Any = field(default=False, repr=False)
    replace_paths: tuple[Path, ...] = ()
    reason: str = ""
    previous_address: str | None = None
    import_id: str | None = None
    deposed: str | None = None
    causes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    triggers: tuple[str, ...] = ()
    provider: str = ""
    index: int | str | None = None
    index_unknown: bool = False
    generated_config: str = field(default="", repr=False)

    @property
    def local_address(self) -> str:
        """The address without ``module.<stack>.``."""
        return self.address.removeprefix(f"module.{self.stack}.")

    @property
    def key(self) -> tuple[str, str | None]:
        """What identifies the object among a plan's changes."""
        return (self.address, self.deposed)


@dataclass(frozen=True, slots=True)
class OutputChange:
    """What happens to one output of a stack."""

    stack: str
    name: str
    action: Action
    before: Values = field(default_factory=Values, repr=False)
    after: Values = field(default_factory=Values, repr=False)
    unknown: Any = False


def parse_change(raw: Mapping[str, Any]) -> Change:
    """One entry of ``resource_changes`` or ``resource_drift``. Unknown words degrade, never fail."""
    change = raw["change"]
    address = str(raw["address"])
    importing = change.get("importing")
    action = _action(change["actions"], raw.get("previous_address"), importing)
    return Change(
        stack=stack_of(address) or "",
        address=address,
        type=str(raw.get("type", "")),
        mode=str(raw.get("mode", "managed")),
        action=action,
        before=Values(change.get("before"), change.get("before_sensitive", False)),
        after=Values(change.get("after"), change.get("after_sensitive", False)),
        unknown=change.get("after_unknown", False),
        replace_paths=tuple(tuple(path) for path in change.get("replace_paths") or ()),
        reason=_reason(str(raw.get("action_reason") or ""), action),
        previous_address=raw.get("previous_address"),
        import_id=_import_id(importing),
        deposed=raw.get("deposed"),
        provider=str(raw.get("provider_name", "")),
        index=raw.get("index"),
        index_unknown=bool(raw.get("index_unknown")),
        generated_config=str(change.get("generated_config") or ""),
    )


def _reason(word: str, action: Action) -> str:
    """In words. A new object may carry a reason to replace it, which then means nothing."""
    if not word or (word.startswith(_OF_REPLACEMENTS) and not action.is_replacement):
        return ""
    return _REASONS.get(word, "unspecified")


def _action(actions: Sequence[str], previous: object, importing: object) -> Action:
    known = _BY_ACTIONS.get(tuple(actions))
    if known is not None:
        return known
    if actions and set(actions) != {"no-op"}:
        return _unheard_of(actions)
    if importing is not None:
        return Action.IMPORT
    return Action.MOVE if previous else Action.NO_OP


def _unheard_of(actions: Sequence[str]) -> Action:
    """The worst that a combination of a later Terraform can mean: it must show, never pass for no change."""
    if "delete" in actions:
        return Action.REPLACE if "create" in actions else Action.DELETE
    if "forget" in actions:
        return Action.REPLACE_FORGET if "create" in actions else Action.FORGET
    return Action.UPDATE


def _import_id(importing: Any) -> str | None:
    if importing is None:
        return None
    identity = importing.get("identity")
    if isinstance(identity, Mapping):
        return ", ".join(f"{name}={value}" for name, value in identity.items())
    return str(importing.get("id") or identity or "known after apply")


def stack_of(address: str) -> str | None:
    """The stack an address belongs to: the first module call's name."""
    found = re.match(r"(?:data\.)?module\.([A-Za-z_][\w-]*)", address)
    return found.group(1) if found else None


def parse_output(stack: str, name: str, raw: Mapping[str, Any]) -> OutputChange:
    """One entry of ``output_changes``; there the change lies directly under the name."""
    return OutputChange(
        stack,
        name,
        _action(raw["actions"], None, None),
        Values(raw.get("before"), raw.get("before_sensitive", False)),
        Values(raw.get("after"), raw.get("after_sensitive", False)),
        raw.get("after_unknown", False),
    )
