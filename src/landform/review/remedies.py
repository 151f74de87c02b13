"""What makes objects resist being destroyed, by type, and what ends it: data, from the provider's own docs.

``terraform destroy`` obeys what the state says, and not the configuration: each of these is set by an apply
of its own before. Nothing here touches an object that is in no state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landform.project import Remedies


@dataclass(frozen=True, slots=True)
class Remedy:
    """One attribute of some types. At ``armed`` it resists (None: at any but ``value``); ``value`` ends that.

    ``level`` is the least that an environment has to allow. ``only_full``: it resists only while something
    is in it. ``optional``: no destroy fails by it, and it is set where the level allows it.
    """

    types: frozenset[str]
    attribute: str
    armed: bool | str | None
    value: bool | int | str
    why: str
    level: Remedies = Remedies.DISARM
    only_full: bool = False
    optional: bool = False


def _of(types: str) -> frozenset[str]:
    return frozenset(f"aws_{each}" for each in types.split())


_PROTECTION = "deletion protection is on"

REMEDIES = (
    Remedy(
        _of("db_instance rds_cluster rds_global_cluster docdb_cluster neptune_cluster eks_cluster"),
        "deletion_protection", True, False, _PROTECTION,
    ),
    Remedy(_of("dynamodb_table dsql_cluster"), "deletion_protection_enabled", True, False, _PROTECTION),
    Remedy(_of("lb alb"), "enable_deletion_protection", True, False, _PROTECTION),
    Remedy(_of("cognito_user_pool"), "deletion_protection", "ACTIVE", "INACTIVE", _PROTECTION),
    Remedy(_of("networkfirewall_firewall"), "delete_protection", True, False, _PROTECTION),
    Remedy(_of("instance"), "disable_api_termination", True, False, "termination protection is on"),
    Remedy(
        _of("autoscaling_group"), "protect_from_scale_in", True, False,
        "its instances are protected from scaling in",
    ),
    Remedy(
        _of("iam_role"), "force_detach_policies", False, True,
        "it has policies that are in no state", only_full=True,
    ),
    Remedy(
        _of("s3_bucket"), "force_destroy", False, True,
        "it has objects in it", Remedies.PURGE, only_full=True,
    ),
    Remedy(
        _of("ecr_repository"), "force_delete", False, True,
        "it has images in it", Remedies.PURGE, only_full=True,
    ),
    Remedy(
        _of("route53_zone"), "force_destroy", False, True,
        "it has records that are in no state", Remedies.PURGE, only_full=True,
    ),
    Remedy(
        _of("backup_vault"), "force_destroy", False, True,
        "it has recovery points in it", Remedies.PURGE, only_full=True,
    ),
    Remedy(
        _of("secretsmanager_secret"), "recovery_window_in_days", None, 0,
        "its name is taken for the days of its recovery window", Remedies.PURGE, optional=True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SnapshotRemedy:
    """A final snapshot that needs a new name each time. ``skip`` is the attribute that does without it."""

    types: frozenset[str]
    attribute: str = "final_snapshot_identifier"
    skip: str = "skip_final_snapshot"


SNAPSHOTS = (
    SnapshotRemedy(_of("db_instance rds_cluster docdb_cluster neptune_cluster redshift_cluster")),
    SnapshotRemedy(_of("elasticache_cluster elasticache_replication_group"), skip=""),
    SnapshotRemedy(_of("memorydb_cluster"), "final_snapshot_name", skip=""),
)


def remedies_of(kind: str) -> Iterator[Remedy]:
    """The remedies for a type of resource."""
    return (each for each in REMEDIES if kind in each.types)


def snapshot_of(kind: str) -> SnapshotRemedy | None:
    """How a type names its final snapshot, None where it makes none."""
    return next((each for each in SNAPSHOTS if kind in each.types), None)
