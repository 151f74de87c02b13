"""The rules, as one literal table. An ``id`` is stable: policies and exemptions name it."""

from __future__ import annotations

from collections.abc import Iterator

from landform.review.findings import Severity
from landform.review.risk.access import iam_widened, opened_by_policy
from landform.review.risk.attributes import CAPACITY, ENCRYPTION, EXPOSURE, PROTECTION, RETENTION
from landform.review.risk.data_loss import data_loss
from landform.review.risk.embedded import secret_in_user_data
from landform.review.risk.endings import (
    calmed,
    dns_touched,
    guards_gone,
    identity_touched,
    kms_touched,
    outage,
)
from landform.review.risk.openings import opened_ports
from landform.review.risk.scene import Hit, Rule, Scene
from landform.review.risk.shape import (
    import_then_destroy,
    index_shift,
    orphan,
    provisioner_runs,
    tainted,
    version_change,
)
from landform.review.risk.switches import flipped
from landform.review.risk.unknowns import unknown_in_security

_LOW, _MEDIUM, _HIGH, _CRITICAL = Severity


def _protection_off(scene: Scene) -> Iterator[Hit]:
    yield from calmed(scene, flipped(scene, PROTECTION), _CRITICAL)
    yield from calmed(scene, guards_gone(scene), _CRITICAL)


def _exposure_widened(scene: Scene) -> Iterator[Hit]:
    yield from opened_ports(scene)
    yield from flipped(scene, EXPOSURE)
    yield from opened_by_policy(scene)


def _encryption_off(scene: Scene) -> Iterator[Hit]:
    return flipped(scene, ENCRYPTION)


def _retention_shortened(scene: Scene) -> Iterator[Hit]:
    return calmed(scene, flipped(scene, RETENTION), _HIGH)


def _capacity_to_zero(scene: Scene) -> Iterator[Hit]:
    return flipped(scene, CAPACITY)


RULES: tuple[Rule, ...] = (
    Rule(
        "data-loss",
        _CRITICAL,
        data_loss,
        "What holds data is deleted or replaced: databases, buckets, disks, queues, images, secrets, logs.",
        "Save the data first, or keep the object with a removed block (destroy = false) or moved.",
    ),
    Rule(
        "protection-off",
        _CRITICAL,
        _protection_off,
        "A protection is switched off: deletion protection, final snapshot, versioning, backups, audit log.",
        "Switch it on again, or say in the review why it has to go.",
    ),
    Rule(
        "exposure-widened",
        _CRITICAL,
        _exposure_widened,
        "More of the internet gets in: ingress, public flags, public access blocks, policies for everyone.",
        "Name the addresses or principals that need it; put what is public behind a load balancer.",
    ),
    Rule(
        "iam-widened",
        _CRITICAL,
        iam_widened,
        "A policy allows more, or denies less, than before; a powerful policy is attached.",
        "Give the actions and resources that are needed, by name.",
    ),
    Rule(
        "encryption-off",
        _HIGH,
        _encryption_off,
        "Data is no longer encrypted, at rest or on its way.",
        "Keep it on; to change the key, set another key.",
    ),
    Rule(
        "retention-shortened",
        _CRITICAL,
        _retention_shortened,
        "Backups, logs, messages or objects are kept for less time.",
        "Copy what has to stay before the apply: what is too old goes soon after.",
    ),
    Rule(
        "identity-touched",
        _CRITICAL,
        identity_touched,
        "A role, user, identity provider or user pool is deleted or replaced.",
        "Find who uses it, outside of this project too: a new one of the same name is another identity.",
    ),
    Rule(
        "dns-touched",
        _CRITICAL,
        dns_touched,
        "A zone, record or certificate is deleted or replaced, or a record answers otherwise.",
        "Lower the TTL a day ahead; a new zone has new name servers, which the parent has to learn.",
    ),
    Rule(
        "kms-touched",
        _CRITICAL,
        kms_touched,
        "A key is deleted, replaced or disabled: what it encrypted can't be read without it.",
        "Encrypt with another key first; until the deletion window ends, it can be cancelled.",
    ),
    Rule(
        "import-then-destroy",
        _CRITICAL,
        import_then_destroy,
        "An object is imported and destroyed by the same apply.",
        "Write its configuration as the object is, until the plan only imports.",
    ),
    Rule(
        "secret-in-user-data",
        _CRITICAL,
        secret_in_user_data,
        "A key, token or password stands in user data, a container definition or an environment variable.",
        "Keep it in Secrets Manager or SSM and read it at start; then change it, for it is in the state.",
    ),
    Rule(
        "outage",
        _HIGH,
        outage,
        "What serves others is deleted, replaced with the old one going first, or restarted by an update.",
        "Use create_before_destroy where names allow it, or choose a quiet time.",
    ),
    Rule(
        "capacity-to-zero",
        _HIGH,
        _capacity_to_zero,
        "Tasks, instances, replicas or concurrency go down to none.",
        "If that is to be, say so; otherwise keep at least one.",
    ),
    Rule(
        "unknown-in-security",
        _HIGH,
        unknown_in_security,
        "A policy, a range of addresses or a principal is known only after the apply.",
        "Apply what it reads first and plan again, or build it from values that are known.",
    ),
    Rule(
        "orphan",
        _HIGH,
        orphan,
        "An object is no longer managed but goes on existing, and costing.",
        "Note who looks after it, or import it where it belongs.",
    ),
    Rule(
        "index-shift",
        _HIGH,
        index_shift,
        "With count, an item was taken out of the middle: the others take each other's place.",
        "Use for_each with a stable key, and moved blocks to get there.",
    ),
    Rule(
        "provisioner-runs",
        _HIGH,
        provisioner_runs,
        "A provisioner runs a command that no plan shows.",
        "Read the command; user data or an image does the same in the open.",
    ),
    Rule(
        "version-change",
        _HIGH,
        version_change,
        "A provider or a module has another version than at the last apply.",
        "Read its changelog; apply the new version by itself, with no other change.",
    ),
    Rule(
        "tainted",
        _MEDIUM,
        tainted,
        "An object is replaced only because an earlier apply left it half made.",
        "If it works, terraform untaint keeps it.",
    ),
)
"""Every rule, the gravest first. The severity is the worst that a rule says; it may find less."""
