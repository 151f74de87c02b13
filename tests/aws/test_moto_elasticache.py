"""What the emulator answers of ElastiCache beside moto: groups, and the nodes of a replication group."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from moto.core.utils import camelcase_to_underscores
from moto.elasticache.responses import ElastiCacheResponse

from landform.aws.emulator import emulated_access
from landform.aws.moto_elasticache import RESPONDERS
from landform.aws.sandbox import Sandbox
from landform.aws.session import AwsClient, client

_TAGS = [{"Key": "Stack", "Value": "cache"}]


@pytest.fixture
def cache(sandbox: Sandbox) -> AwsClient:
    """ElastiCache of the sandbox that these tests share."""
    return client(emulated_access(sandbox.endpoint_url, None, "us-east-1"), "elasticache")


def test_each_responder_is_an_operation_of_aws_and_none_of_motos() -> None:
    """Where moto answers itself, the responder has to go."""
    assert set(RESPONDERS) <= set(
        botocore.session.get_session().get_service_model("elasticache").operation_names
    )
    own = {
        name
        for name, member in vars(ElastiCacheResponse).items()
        if getattr(member, "__module__", "").startswith("moto.")
    }
    assert not own & {camelcase_to_underscores(name) for name in RESPONDERS}


def test_a_parameter_group_holds_what_was_set_until_it_goes(cache: AwsClient) -> None:
    name = {"CacheParameterGroupName": "own"}
    made = cache.create_cache_parameter_group(
        **name, CacheParameterGroupFamily="valkey8", Description="d", Tags=_TAGS
    )["CacheParameterGroup"]
    assert cache.describe_cache_parameter_groups(**name)["CacheParameterGroups"] == [made]
    assert cache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"] == _TAGS

    values = [{"ParameterName": each, "ParameterValue": "1"} for each in ("a", "b")]
    cache.modify_cache_parameter_group(**name, ParameterNameValues=values)
    cache.reset_cache_parameter_group(**name, ParameterNameValues=values[1:])
    assert cache.describe_cache_parameters(**name, Source="user")["Parameters"] == [
        {**values[0], "Source": "user"}
    ]
    cache.delete_cache_parameter_group(**name)
    with pytest.raises(ClientError, match="CacheParameterGroupNotFound"):
        cache.describe_cache_parameter_groups(**name)


def test_a_user_group_knows_its_users_until_it_goes(cache: AwsClient) -> None:
    name = {"UserGroupId": "clients"}
    cache.create_user_group(**name, Engine="valkey", UserIds=["a", "b"], Tags=_TAGS)
    cache.modify_user_group(**name, UserIdsToAdd=["c"], UserIdsToRemove=["a"])
    (group,) = cache.describe_user_groups(**name)["UserGroups"]
    assert (group["Status"], group["Engine"], group["UserIds"]) == ("active", "valkey", ["b", "c"])
    assert cache.list_tags_for_resource(ResourceName=group["ARN"])["TagList"] == _TAGS
    cache.delete_user_group(**name)
    with pytest.raises(ClientError, match="UserGroupNotFound"):
        cache.describe_user_groups(**name)


@pytest.mark.parametrize(
    ("given", "nodes"),
    [
        ({"NumCacheClusters": 1}, ["g-001"]),
        ({"NumCacheClusters": 3}, ["g-001", "g-002", "g-003"]),
        (
            {"NumNodeGroups": 2, "ReplicasPerNodeGroup": 1, "ClusterMode": "enabled"},
            ["g-0001-001", "g-0001-002", "g-0002-001", "g-0002-002"],
        ),
    ],
    ids=["one", "replicas", "shards"],
)
def test_a_replication_group_has_its_nodes_and_goes_with_them(
    cache: AwsClient, given: dict[str, Any], nodes: list[str]
) -> None:
    cache.create_replication_group(
        ReplicationGroupId="g",
        ReplicationGroupDescription="d",
        Engine="valkey",
        EngineVersion="8.0",
        CacheParameterGroupName="own",
        SecurityGroupIds=["sg-1"],
        **given,
    )
    (group,) = cache.describe_replication_groups(ReplicationGroupId="g")["ReplicationGroups"]
    assert group["MemberClusters"] == nodes
    (node,) = cache.describe_cache_clusters(CacheClusterId=nodes[-1])["CacheClusters"]
    assert (node["Engine"], node["EngineVersion"]) == ("valkey", "8.0")
    assert node["CacheParameterGroup"]["CacheParameterGroupName"] == "own"
    assert node["SecurityGroups"] == [{"SecurityGroupId": "sg-1", "Status": "active"}]

    cache.delete_replication_group(ReplicationGroupId="g")
    with pytest.raises(ClientError, match="ReplicationGroupNotFound"):
        cache.describe_replication_groups(ReplicationGroupId="g")
    assert cache.describe_cache_clusters()["CacheClusters"] == []
