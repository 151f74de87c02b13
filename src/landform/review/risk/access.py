"""Who may do what: policy documents and attached policies that give more than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from landform.planning.changes import Action, Change
from landform.planning.redaction import HIDDEN
from landform.review.findings import Severity
from landform.review.risk.documents import Grant, Statement, parse, widened
from landform.review.risk.scene import Hit, Scene, about
from landform.review.risk.switches import Switch, flipped, lost
from landform.review.risk.values import is_sensitive, is_unknown

_LOW, _MEDIUM, _HIGH, _CRITICAL = Severity
_TRUST = "assume_role_policy"
_DOCUMENTS = (
    "policy", _TRUST, "inline_policy", "policy_document", "access_policies", "access_policy",
    "resource_policy", "repository_policy",
)  # fmt: skip
_IDENTITY_TYPES = ("aws_iam_", "aws_ssoadmin_")
_POWERFUL = ("iam", "sts", "organizations", "kms", "sso", "account")
"""Services with which one can give oneself the rest."""

_ESCALATING = (
    "iam:passrole", "iam:create", "iam:attach", "iam:put", "iam:update", "iam:add", "iam:set",
    "sts:assumerole", "lambda:updatefunctioncode", "ssm:sendcommand", "secretsmanager:getsecretvalue",
    "kms:decrypt",
)  # fmt: skip
_READING = ("get", "list", "describe", "head", "batchget", "lookup", "search", "view")

_MANAGED: Mapping[str, Severity] = {
    "AdministratorAccess": _CRITICAL,
    "IAMFullAccess": _CRITICAL,
    "PowerUserAccess": _HIGH,
    "AWSOrganizationsFullAccess": _CRITICAL,
    "AWSKeyManagementServicePowerUser": _HIGH,
    "SecretsManagerReadWrite": _HIGH,
}
_ATTACHED = ("policy_arn", "managed_policy_arns", "policy_arns", "managed_policy_arn")
_BOUNDARY = (Switch("permissions_boundary", lost, "loses its permissions boundary", _HIGH),)


def iam_widened(scene: Scene) -> Iterator[Hit]:
    """A policy gives more than before, in meaning and not in spelling, or a powerful one is attached."""
    for change, name, before, after in _documents(scene):
        for grant in widened(before, after):
            severity = _severity(change, name, grant)
            if severity is not None and not _is_exposure(name, grant):
                yield _hit(change, name, _says(name, grant), grant, severity)
        for denial in widened(after, before, allows=False):
            yield _hit(change, name, f"no longer denies {_few(denial.actions)} in its {name}", denial, _HIGH)
    yield from _attached(scene)
    yield from flipped(scene, _BOUNDARY)


def opened_by_policy(scene: Scene) -> Iterator[Hit]:
    """A resource's own policy lets everyone in."""
    for change, name, before, after in _documents(scene):
        for grant in widened(before, after) if any(map(_may_be_public, after)) else ():
            if _is_exposure(name, grant):
                yield _hit(change, name, f"lets everyone do {_few(grant.actions)} by its {name}", grant)


def _is_exposure(name: str, grant: Grant) -> bool:
    return name != _TRUST and grant.is_public


def _may_be_public(statement: Statement) -> bool:
    return statement.principals.negated or "*" in statement.principals.values


def _documents(scene: Scene) -> Iterator[tuple[Change, str, frozenset[Statement], frozenset[Statement]]]:
    """Each policy that changes, before and after; one that is no longer a policy, or not known, is none."""
    for name in _DOCUMENTS:
        for change in scene.touching(name):
            if is_unknown(change.unknown, [name]):
                continue
            before, after = _statements(change.before.value, name), _statements(change.after.value, name)
            if before or after:
                yield change, name, before, after


def _statements(value: Any, name: str) -> frozenset[Statement]:
    held = value.get(name) if isinstance(value, Mapping) else None
    blocks = held if isinstance(held, list) else [held]
    texts = [each.get("policy") if isinstance(each, Mapping) else each for each in blocks]
    parsed = [each for each in map(parse, texts) if each is not None]
    return frozenset().union(*parsed)


def _severity(change: Change, name: str, grant: Grant) -> Severity | None:
    """How bad a grant is; None for what a new object may well give."""
    new = change.action is Action.CREATE
    if name == _TRUST:
        return _of_trust(grant, new=new)
    if change.type.startswith(_IDENTITY_TYPES):
        return _of_identity(grant, new=new)
    if new:
        return None
    return _HIGH if grant.loosened or "*" in grant.actions else _MEDIUM


def _of_trust(grant: Grant, *, new: bool) -> Severity | None:
    if grant.is_public:
        return _CRITICAL
    return None if new else _HIGH


def _of_identity(grant: Grant, *, new: bool) -> Severity | None:
    everywhere = "*" in grant.resources or any(each.startswith("all but") for each in grant.resources)
    worst = max((_of_action(each, everywhere=everywhere) for each in grant.actions), key=_rank)
    if worst is not None:
        return worst
    if new:
        return None
    writes = any(not each.partition(":")[2].startswith(_READING) for each in grant.actions)
    return _HIGH if grant.loosened or (everywhere and writes) else _MEDIUM


def _of_action(action: str, *, everywhere: bool) -> Severity | None:
    service, _, verb = action.partition(":")
    if action in ("*", "*:*") or action.startswith("all but"):
        return _CRITICAL if everywhere else _HIGH
    if verb == "*":
        return _CRITICAL if everywhere and service in _POWERFUL else _HIGH if everywhere else _MEDIUM
    return _HIGH if everywhere and action.startswith(_ESCALATING) else None


def _rank(severity: Severity | None) -> int:
    return -1 if severity is None else severity.rank


def _says(name: str, grant: Grant) -> str:
    if grant.loosened:
        return f"drops or weakens a condition on {_few(grant.actions)} in its {name}"
    if name == _TRUST:
        return f"may be assumed by {_few(grant.principals)}"
    return f"gives {_few(grant.actions)} on {_few(grant.resources) or 'itself'} by its {name}"


def _hit(change: Change, name: str, says: str, grant: Grant, severity: Severity | None = None) -> Hit:
    """What is new, never the whole document; nothing of one that is sensitive."""
    if is_sensitive(change.before, (name,)) or is_sensitive(change.after, (name,)):
        return about(change, f"gives more by its {name}", f"{name}: {HIDDEN}", severity)
    sides = (("Action", grant.actions), ("Resource", grant.resources), ("Principal", grant.principals))
    told = "; ".join(f"{label} {_few(values, 6)}" for label, values in sides if any(values))
    return about(change, says, f"{name}: {told}", severity)


def _few(values: Iterable[str], most: int = 3) -> str:
    shown = [each for each in values if each]
    rest = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + rest


def _attached(scene: Scene) -> Iterator[Hit]:
    for name in _ATTACHED:
        for change in scene.touching(name):
            had, has = _arns(change.before.value, name), _arns(change.after.value, name)
            for arn in sorted(has - had):
                severity = _of_managed(arn)
                if severity is not None:
                    says = f"attaches {arn.rpartition('/')[2]}"
                    yield about(change, says, f"{name}: {arn}", severity)


def _of_managed(arn: str) -> Severity | None:
    if ":iam::aws:policy/" not in arn:
        return None
    policy = arn.rpartition("/")[2]
    return _MANAGED.get(policy, _HIGH if policy.endswith("FullAccess") else None)


def _arns(value: Any, name: str) -> set[str]:
    held = value.get(name) if isinstance(value, Mapping) else None
    return {str(each) for each in (held if isinstance(held, list) else [held]) if each}
