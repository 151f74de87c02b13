"""Objects whose end, or whose way of ending, is a risk of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from landform.planning.changes import Action, Change
from landform.review.findings import Severity
from landform.review.risk.attributes import INTERRUPTION
from landform.review.risk.ending_types import DNS, GUARDS, IDENTITY, KEYS, SERVING
from landform.review.risk.scene import Hit, Scene, about, lower
from landform.review.risk.switches import Switch, becomes, differs, flipped
from landform.review.risk.values import first, is_sensitive, reasons, shown

_MEDIUM, _CRITICAL = Severity.MEDIUM, Severity.CRITICAL

_KEY_SWITCHES = (
    Switch("is_enabled", becomes(False), "is disabled: what it encrypted can't be read", _CRITICAL),
    Switch("enabled", becomes(False), "is disabled", _CRITICAL, types=frozenset({"aws_kms_external_key"})),
    Switch("target_key_id", differs, "points to another key", types=frozenset({"aws_kms_alias"})),
)
_DNS_SWITCHES = tuple(
    Switch(path, differs, "answers otherwise", _MEDIUM, types=frozenset({"aws_route53_record"}))
    for path in ("records", "alias.name", "type", "failover_routing_policy.type")
)


def identity_touched(scene: Scene) -> Iterator[Hit]:
    """Who may log in, or act for whom, ends."""
    return _ended(scene, IDENTITY)


def dns_touched(scene: Scene) -> Iterator[Hit]:
    """Names stop answering, or answer otherwise."""
    yield from _ended(scene, DNS)
    yield from flipped(scene, _DNS_SWITCHES)


def kms_touched(scene: Scene) -> Iterator[Hit]:
    """Keys end, or are switched off: with them everything they encrypted."""
    yield from _ended(scene, KEYS, calm=False)
    yield from flipped(scene, _KEY_SWITCHES)


def _ended(scene: Scene, types: Mapping[str, Severity], *, calm: bool = True) -> Iterator[Hit]:
    """``calm``: one level lower where the environment is made to be thrown away."""
    for change in scene.of_types(types):
        if change.action.destroys and not change.deposed:
            severity = types[change.type]
            if calm and scene.context.ephemeral:
                severity = lower(severity)
            yield about(change, _verb(change), ", ".join(reasons(change, scene.context.redactor)), severity)


def _verb(change: Change) -> str:
    if not change.action.is_replacement:
        window = first(change.before.value, "deletion_window_in_days")
        return "will be deleted" + (f", {window} days after the apply" if window else "")
    order = "after its successor is there" if change.action is Action.REPLACE_CREATE_FIRST else "first"
    return f"will be replaced: the old one is deleted {order}"


def outage(scene: Scene) -> Iterator[Hit]:
    """What serves others is gone for a while, for good, or restarts."""
    for change in scene.of_types(SERVING):
        if change.action is Action.REPLACE:
            says = "is deleted before its successor is made: it is down meanwhile"
        elif change.action is Action.DELETE and not scene.plan.destroy and not change.deposed:
            says = "is deleted: what reaches it fails"
        else:
            continue
        yield about(change, says, ", ".join(reasons(change, scene.context.redactor)), SERVING[change.type])
    for hit in flipped(scene, INTERRUPTION, in_place=True):
        yield replace(hit, severity=hit.severity or _MEDIUM)


def guards_gone(scene: Scene) -> Iterator[Hit]:
    """What protects something is deleted, and that something stays."""
    guards = [change for change in scene.of_types(GUARDS) if change.action is Action.DELETE]
    ended = _ended_ids(scene) if guards else frozenset()
    for change in guards if not scene.plan.destroy else ():
        says, guarded, severity = GUARDS[change.type]
        subject = first(change.before.value, guarded) if guarded else None
        if subject is not None and str(subject) in ended:
            continue
        evidence = f"action: {change.action}"
        if subject is not None:
            secret = is_sensitive(change.before, (guarded,))
            evidence += f", {guarded}: {shown(subject, scene.context.redactor, sensitive=secret)}"
        yield about(change, f"is deleted: that {says}", evidence, severity)


def _ended_ids(scene: Scene) -> frozenset[str]:
    """The ids and ARNs of what ends for good; a guard often has the id of what it guards."""
    gone = [each for each in scene.changes if each.action is Action.DELETE and each.type not in GUARDS]
    return frozenset(str(first(each.before.value, name)) for each in gone for name in ("id", "arn"))


def calmed(scene: Scene, hits: Iterable[Hit], default: Severity) -> Iterator[Hit]:
    """The same, one level lower where the environment is made to be thrown away."""
    for hit in hits:
        severity = hit.severity or default
        yield replace(hit, severity=lower(severity) if scene.context.ephemeral else severity)
