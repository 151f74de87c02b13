"""What services cost that are billed by use or by the piece: containers, functions, storage, keys."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from landform.review.cost.attributes import Attributes, Unpriced
from landform.review.cost.components import Component, Gap, Map, Mapper, Part, Resource, costs
from landform.review.cost.compute import PUBLIC_IPV4

_CPU_UNITS = 1024
_MIB_IN_GB = 1024
_FREE_TMP_MIB = 512
_FREE_TASK_GB = 20
_STANDARD_SECONDS = 60


def _ecs_service(resource: Resource) -> Iterator[Part]:
    """Fargate tasks; on EC2 the instances are what costs."""
    service = resource.attributes
    share = _fargate_share(service)
    if share == 0:
        return
    task = _task(resource)
    platform = task.block("runtime_platform")
    if platform is not None and platform.text("operating_system_family", "LINUX") != "LINUX":
        raise Unpriced("no prices for Fargate on Windows")
    arm = platform is not None and platform.text("cpu_architecture", "X86_64") == "ARM64"
    key = f"aws_ecs_service:fargate:linux-{'arm64' if arm else 'x86'}"
    count = service.number("desired_count", 0)
    yield costs(f"{key}:vcpu", count * task.number("cpu") / _CPU_UNITS)
    yield costs(f"{key}:memory", count * task.number("memory") / _MIB_IN_GB)
    disk = task.block("ephemeral_storage")
    if disk is not None and disk.number("size_in_gib") > _FREE_TASK_GB:
        yield Gap(f"no price for task storage over {_FREE_TASK_GB} GB")
    network = service.block("network_configuration")
    if network is not None and network.flag("assign_public_ip"):
        yield costs(PUBLIC_IPV4, count)


def _fargate_share(service: Attributes) -> int:
    """1 where tasks run on Fargate, 0 where they run on instances. Raises Unpriced for what has no price."""
    strategy = {each.text("capacity_provider") for each in service.blocks("capacity_provider_strategy")}
    if strategy == {"FARGATE"}:
        return 1
    if strategy & {"FARGATE", "FARGATE_SPOT"}:
        raise Unpriced("Fargate Spot has no fixed price")
    if strategy:
        return 0
    kind = service.text("launch_type")
    if kind == "EXTERNAL":
        raise Unpriced("no prices for ECS Anywhere")
    return int(kind == "FARGATE")


def _task(resource: Resource) -> Attributes:
    named = resource.attributes.values.get("task_definition")
    found = resource.related("aws_ecs_task_definition", "task_definition", named)
    if len(found) != 1:
        raise Unpriced("its task definition is not in this plan")
    return found[0]


def _lambda(resource: Resource) -> Iterator[Part]:
    function = resource.attributes
    yield resource.used("aws_lambda_function:requests", "requests")
    architectures = function.get("architectures", ["x86_64"])
    key = f"aws_lambda_function:duration:{architectures[0]}"
    gigabytes = function.number("memory_size", 128) / _MIB_IN_GB
    yield _for_its_duration(resource, key, gigabytes)
    disk = function.block("ephemeral_storage")
    over = disk.number("size", _FREE_TMP_MIB) - _FREE_TMP_MIB if disk is not None else Decimal()
    if over > 0:
        yield _for_its_duration(
            resource, "aws_lambda_function:ephemeral_storage_over_512MB", over / _MIB_IN_GB
        )


def _for_its_duration(resource: Resource, key: str, gigabytes: Decimal) -> Component:
    """GB-seconds of a function: each request takes its average time."""
    requests, milliseconds = (resource.usage.get(name) for name in ("requests", "average_duration_ms"))
    if requests is None or milliseconds is None:
        return Component((key,), None, None, "average_duration_ms" if requests is not None else "requests")
    return costs(key, Decimal(str(requests)) * Decimal(str(milliseconds)) / 1000 * gigabytes)


def _alarm(resource: Resource) -> Iterator[Part]:
    alarm = resource.attributes
    queries = [each.block("metric") for each in alarm.blocks("metric_query")]
    metrics = [each for each in queries if each is not None] or [alarm]
    fast = any(each.number("period", _STANDARD_SECONDS) < _STANDARD_SECONDS for each in metrics)
    key = f"aws_cloudwatch_metric_alarm:{'high' if fast else 'standard'}_resolution"
    yield costs(key, len(metrics))


def _log_group(resource: Resource) -> Iterator[Part]:
    kind = resource.attributes.text("log_group_class", "STANDARD")
    if kind != "STANDARD":
        raise Unpriced(f"no prices for the log group class {kind}")
    yield resource.used("aws_cloudwatch_log_group:ingestion", "ingested_gb")
    yield resource.used("aws_cloudwatch_log_group:archive_storage", "storage_gb")
    yield resource.used("aws_cloudwatch_log_group:insights_scanned", "scanned_gb")


def _queue(resource: Resource) -> Iterator[Part]:
    kind = "fifo" if resource.attributes.flag("fifo_queue") else "standard"
    yield resource.used(f"aws_sqs_queue:{kind}", "requests")


def _file_system(resource: Resource) -> Iterator[Part]:
    if resource.attributes.get("availability_zone_name", None) is not None:
        raise Unpriced("no price for a file system in one zone")
    yield resource.used("aws_efs_file_system:standard", "storage_gb")


def _stage(resource: Resource) -> Iterator[Part]:
    """A stage costs nothing unless it has a cache."""
    if resource.attributes.flag("cache_cluster_enabled"):
        yield Gap("no price for its cache")


def _subscription(resource: Resource) -> Iterator[Part]:
    """Deliveries inside AWS cost nothing."""
    protocol = resource.attributes.text("protocol")
    if protocol not in ("sqs", "lambda", "firehose"):
        yield Gap(f"no price for deliveries by {protocol}")


def _parameter(resource: Resource) -> Iterator[Part]:
    """A parameter of the standard tier costs nothing."""
    tier = resource.attributes.text("tier", "Standard")
    if tier == "Intelligent-Tiering":
        raise Unpriced("the tier of the parameter follows from its size")
    if tier == "Advanced":
        yield costs("aws_ssm_parameter:advanced")


def _stream(resource: Resource) -> Iterator[Part]:
    mode = resource.attributes.block("stream_mode_details")
    if mode is not None and mode.text("stream_mode") == "ON_DEMAND":
        raise Unpriced("no prices for streams on demand")
    yield costs("aws_kinesis_stream:provisioned_shard", resource.attributes.number("shard_count"))


def _http_api(resource: Resource) -> Iterator[Part]:
    if resource.attributes.text("protocol_type") == "HTTP":
        yield resource.used("aws_apigatewayv2_api:http:requests", "requests")
    else:
        yield resource.used("aws_apigatewayv2_api:websocket:messages", "messages")
        yield resource.used("aws_apigatewayv2_api:websocket:connection", "connection_minutes")


def _state_machine(resource: Resource) -> Iterator[Part]:
    if resource.attributes.text("type", "STANDARD") == "EXPRESS":
        yield resource.used("aws_sfn_state_machine:express:requests", "requests")
        yield Gap("no price for the duration of express workflows")
    else:
        yield resource.used("aws_sfn_state_machine:standard:transitions", "transitions")


def _piece(key: str, **usage: str) -> Mapper:
    """A type billed by the piece under ``key``, if not empty, and by its use: usage key to price key."""

    def parts(resource: Resource) -> Iterator[Part]:
        if key:
            yield costs(key)
        for name, row in usage.items():
            yield resource.used(row, name)

    return Mapper(parts, tuple(usage))


def _mapper(parts: Map, *usage: str) -> Mapper:
    return Mapper(parts, usage)


_KEY = _piece("aws_kms_key:customer_managed", requests="aws_kms_key:requests")

MAPPERS = {
    "aws_api_gateway_rest_api": _piece("", requests="aws_api_gateway_rest_api:requests"),
    "aws_api_gateway_stage": _mapper(_stage),
    "aws_apigatewayv2_api": _mapper(_http_api, "requests", "messages", "connection_minutes"),
    "aws_cloudwatch_dashboard": _piece("aws_cloudwatch_dashboard"),
    "aws_cloudwatch_event_bus": _piece("", events="aws_cloudwatch_event_bus:custom_events"),
    "aws_cloudwatch_log_group": _mapper(_log_group, "ingested_gb", "storage_gb", "scanned_gb"),
    "aws_cloudwatch_metric_alarm": _mapper(_alarm),
    "aws_ebs_snapshot": _piece("", storage_gb="aws_ebs_snapshot:storage"),
    "aws_ecr_repository": _piece("", storage_gb="aws_ecr_repository:storage"),
    "aws_ecs_service": _mapper(_ecs_service),
    "aws_efs_file_system": _mapper(_file_system, "storage_gb"),
    "aws_kinesis_stream": _mapper(_stream),
    "aws_kms_key": _KEY,
    "aws_kms_replica_key": _KEY,
    "aws_lambda_function": _mapper(_lambda, "requests", "average_duration_ms"),
    "aws_s3_bucket": _piece(
        "",
        storage_gb="aws_s3_bucket:standard:storage",
        put_requests="aws_s3_bucket:standard:put_copy_post_list",
        get_requests="aws_s3_bucket:standard:get_other",
        infrequent_access_gb="aws_s3_bucket:standard_ia:storage",
        glacier_gb="aws_s3_bucket:glacier_flexible:storage",
        deep_archive_gb="aws_s3_bucket:deep_archive:storage",
    ),
    "aws_secretsmanager_secret": _piece(
        "aws_secretsmanager_secret", requests="aws_secretsmanager_secret:api"
    ),
    "aws_sfn_state_machine": _mapper(_state_machine, "transitions", "requests"),
    "aws_sns_topic": _piece("", requests_over_1m="aws_sns_topic:api_requests_over_1M"),
    "aws_sns_topic_subscription": _mapper(_subscription),
    "aws_sqs_queue": _mapper(_queue, "requests"),
    "aws_ssm_parameter": _mapper(_parameter),
    "aws_vpc_endpoint_subnet_association": _piece("aws_vpc_endpoint:interface:hours"),
}
