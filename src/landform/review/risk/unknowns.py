"""Security attributes whose value nobody can review, because only the apply will tell it."""

from __future__ import annotations

from collections.abc import Iterator

from landform.planning.changes import Action, Change
from landform.review.findings import Severity
from landform.review.risk.scene import Hit, Scene, about
from landform.review.risk.values import is_unknown

_CONFIGURED = (
    "assume_role_policy", "policy_document", "resource_policy", "repository_policy",
    "cidr_ipv4", "cidr_ipv6", "public_access_cidrs", "permissions_boundary", "authorization_type",
)  # fmt: skip
"""No provider computes these: unknown means that the configuration made them so."""

_MAYBE_COMPUTED = (
    "policy", "inline_policy", "access_policies", "access_policy", "cidr_blocks", "ipv6_cidr_blocks",
    "ingress", "principal", "principals", "allowed_principals", "publicly_accessible",
    "managed_policy_arns", "acl",
)  # fmt: skip
"""The provider may fill these in: they count where what they read changes in this plan."""


def unknown_in_security(scene: Scene) -> Iterator[Hit]:
    """A policy, a range of addresses or a principal that is known only after the apply."""
    for name in _CONFIGURED + _MAYBE_COMPUTED:
        for change in scene.touching(name):
            if is_unknown(change.unknown, [name]) and _is_configured(change, name):
                yield _hit(change, name)


def _is_configured(change: Change, name: str) -> bool:
    return name in _CONFIGURED or name in change.causes


def _hit(change: Change, name: str) -> Hit:
    sources = change.causes.get(name, ())
    tail = f" ← {', '.join(sources)}" if sources else ""
    severity = Severity.MEDIUM if change.action is Action.CREATE else Severity.HIGH
    return about(
        change, f"has a {name} that can't be reviewed yet", f"{name}: (known after apply){tail}", severity
    )
