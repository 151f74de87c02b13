"""Parameter groups and user groups of ElastiCache, which moto lacks, and what it leaves out of a cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moto.core.responses import ActionResult
    from moto.elasticache.models import ElastiCacheBackend
    from moto.elasticache.responses import ElastiCacheResponse

_Group = dict[str, Any]


def answer_for_elasticache() -> None:
    """Let moto answer for groups, and have a replication group hold what it was given, until it ends."""
    from moto.core.utils import camelcase_to_underscores
    from moto.elasticache.models import ElastiCacheBackend
    from moto.elasticache.responses import ElastiCacheResponse

    for operation, answer in RESPONDERS.items():
        setattr(ElastiCacheResponse, camelcase_to_underscores(operation), answer)
    _make_members(ElastiCacheBackend)
    _let_them_end(ElastiCacheBackend)
    ElastiCacheBackend.list_tags_for_resource = (  # type: ignore[method-assign]
        lambda self, arn: self.tagging_service.list_tags_for_resource(arn)
    )


def _result(value: Any) -> ActionResult:
    from moto.core.responses import ActionResult

    return ActionResult(value)


def _missing(code: str, name: str) -> Exception:
    from moto.elasticache.exceptions import ElastiCacheException

    return ElastiCacheException(code, f"{name} is not there.")


def _given(response: ElastiCacheResponse, name: str, default: Any = None) -> Any:
    return response._get_param(name, default)  # noqa: SLF001


def _kept(response: ElastiCacheResponse, kind: str) -> dict[str, _Group]:
    """The groups of a kind, by name, in the account and region of a request."""
    backend: Any = response.elasticache_backend
    groups: dict[str, _Group] = backend.__dict__.setdefault(f"landform_{kind}s", {})
    return groups


def _one(response: ElastiCacheResponse, kind: str, name: str) -> _Group:
    group = _kept(response, kind).get(name)
    if group is None:
        code = {"parametergroup": "CacheParameterGroupNotFound", "usergroup": "UserGroupNotFound"}[kind]
        raise _missing(code, name)
    return group


def _keep(response: ElastiCacheResponse, kind: str, name: str, group: _Group) -> ActionResult:
    backend = response.elasticache_backend
    arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:{kind}:{name}"
    backend.tagging_service.tag_resource(arn, _given(response, "Tags", []))
    _kept(response, kind)[name] = group | {"ARN": arn}
    return _result(_kept(response, kind)[name])


def _listed(response: ElastiCacheResponse, kind: str, name: str | None) -> list[_Group]:
    return [_one(response, kind, name)] if name else list(_kept(response, kind).values())


# --- parameter groups ---

_GROUP = "CacheParameterGroupName"


def _create_parameter_group(response: ElastiCacheResponse) -> ActionResult:
    names = (_GROUP, "CacheParameterGroupFamily", "Description")
    group: _Group = {name: _given(response, name) for name in names} | {"Parameters": {}}
    kept = _keep(response, "parametergroup", group[_GROUP], group)
    return _result({"CacheParameterGroup": kept.result})


def _describe_parameter_groups(response: ElastiCacheResponse) -> ActionResult:
    return _result({"CacheParameterGroups": _listed(response, "parametergroup", _given(response, _GROUP))})


def _describe_parameters(response: ElastiCacheResponse) -> ActionResult:
    """Those that were set; the engine's own defaults are not known here."""
    parameters = _one(response, "parametergroup", _given(response, _GROUP))["Parameters"]
    return _result(
        {
            "Parameters": [
                {"ParameterName": name, "ParameterValue": value, "Source": "user"}
                for name, value in parameters.items()
            ]
        }
    )


def _modify_parameter_group(response: ElastiCacheResponse) -> ActionResult:
    group = _one(response, "parametergroup", _given(response, _GROUP))
    for each in _given(response, "ParameterNameValues", []):
        group["Parameters"][each["ParameterName"]] = each["ParameterValue"]
    return _result({_GROUP: group[_GROUP]})


def _reset_parameter_group(response: ElastiCacheResponse) -> ActionResult:
    group = _one(response, "parametergroup", _given(response, _GROUP))
    for each in _given(response, "ParameterNameValues", []):
        group["Parameters"].pop(each["ParameterName"], None)
    return _result({_GROUP: group[_GROUP]})


def _delete_parameter_group(response: ElastiCacheResponse) -> ActionResult:
    name = _given(response, _GROUP)
    _one(response, "parametergroup", name)
    del _kept(response, "parametergroup")[name]
    return _result({})


def _delete_subnet_group(response: ElastiCacheResponse) -> ActionResult:
    name = _given(response, "CacheSubnetGroupName")
    if response.elasticache_backend.cache_subnet_groups.pop(name, None) is None:
        raise _missing("CacheSubnetGroupNotFoundFault", name)
    return _result({})


# --- user groups ---


def _create_user_group(response: ElastiCacheResponse) -> ActionResult:
    name = _given(response, "UserGroupId")
    group = {
        "UserGroupId": name,
        "Engine": _given(response, "Engine"),
        "UserIds": list(_given(response, "UserIds", [])),
        "Status": "active",
    }
    return _keep(response, "usergroup", name, group)


def _describe_user_groups(response: ElastiCacheResponse) -> ActionResult:
    return _result({"UserGroups": _listed(response, "usergroup", _given(response, "UserGroupId"))})


def _modify_user_group(response: ElastiCacheResponse) -> ActionResult:
    group = _one(response, "usergroup", _given(response, "UserGroupId"))
    removed = set(_given(response, "UserIdsToRemove", []))
    group["UserIds"] = [each for each in group["UserIds"] if each not in removed]
    group["UserIds"] += _given(response, "UserIdsToAdd", [])
    return _result(group)


def _delete_user_group(response: ElastiCacheResponse) -> ActionResult:
    group = _one(response, "usergroup", _given(response, "UserGroupId"))
    del _kept(response, "usergroup")[group["UserGroupId"]]
    return _result(group | {"Status": "deleting"})


RESPONDERS: Final[dict[str, Callable[[ElastiCacheResponse], ActionResult]]] = {
    "CreateCacheParameterGroup": _create_parameter_group,
    "DescribeCacheParameterGroups": _describe_parameter_groups,
    "DescribeCacheParameters": _describe_parameters,
    "ModifyCacheParameterGroup": _modify_parameter_group,
    "ResetCacheParameterGroup": _reset_parameter_group,
    "DeleteCacheParameterGroup": _delete_parameter_group,
    "DeleteCacheSubnetGroup": _delete_subnet_group,
    "CreateUserGroup": _create_user_group,
    "DescribeUserGroups": _describe_user_groups,
    "ModifyUserGroup": _modify_user_group,
    "DeleteUserGroup": _delete_user_group,
}
"""Operations of ElastiCache that moto lacks to what answers them."""


# --- replication groups ---


def _make_members(backend: type[ElastiCacheBackend]) -> None:
    """Have the nodes of a replication group be caches one can ask for, as many as it was given.

    The provider reads versions, groups and windows from the first of them.
    """
    create = backend.create_replication_group

    def create_with_members(self: ElastiCacheBackend, **given: Any) -> Any:
        from moto.elasticache.models import CacheCluster

        nodes = given["num_cache_clusters"]
        replicas = given["replicas_per_node_group"] or (nodes or 1) - 1
        group = create(self, **given | {"replicas_per_node_group": replicas})
        for name in group.member_clusters:
            member = CacheCluster.__new__(CacheCluster)
            vars(member).update(_member(name, group))
            self.cache_clusters[name] = member
        return group

    backend.create_replication_group = create_with_members  # type: ignore[method-assign, assignment]


def _member(name: str, group: Any) -> dict[str, Any]:
    """What DescribeCacheClusters tells of a node of the group."""
    same = (
        "replication_group_id", "engine", "engine_version", "cache_node_type", "cache_subnet_group_name",
        "preferred_maintenance_window", "auto_minor_version_upgrade", "snapshot_retention_limit",
        "snapshot_window", "transit_encryption_enabled", "transit_encryption_mode",
        "at_rest_encryption_enabled", "port",
    )  # fmt: skip
    topic = group.notification_topic_arn
    return {each: getattr(group, each) for each in same} | {
        "cache_cluster_id": name,
        "cache_cluster_status": "available",
        "num_cache_nodes": 1,
        "cache_parameter_group": {"CacheParameterGroupName": group.cache_parameter_group_name},
        "security_groups": [
            {"SecurityGroupId": each, "Status": "active"} for each in group.security_group_ids or []
        ],
        "notification_configuration": {"TopicArn": topic, "TopicStatus": "active"} if topic else None,
        "arn": group.arn.replace(":replicationgroup:", ":cluster:").rpartition(":")[0] + f":{name}",
    }


def _let_them_end(backend: type[ElastiCacheBackend]) -> None:
    """Have a replication group that was deleted be gone with its nodes: moto would delete it for ever."""
    delete = backend.delete_replication_group

    def delete_for_good(self: ElastiCacheBackend, *args: Any, **given: Any) -> Any:
        group = delete(self, *args, **given)
        del self.replication_groups[group.replication_group_id]
        for name in group.member_clusters:
            self.cache_clusters.pop(name, None)
        return group

    backend.delete_replication_group = delete_for_good  # type: ignore[method-assign]
