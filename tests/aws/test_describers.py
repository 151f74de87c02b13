"""Each row of the tables is a call that AWS has, with parts that its answer has; what is missing is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

from landform.aws.arns import named_by
from landform.aws.deleters import DELETERS
from landform.aws.describer import Fate, Seen, attributes_of, filled, is_missing, judged, words_of
from landform.aws.describers import DESCRIBERS
from landform.aws.emulator import emulated_access
from landform.aws.sandbox import Sandbox
from landform.aws.seeing import Thing, look_at
from landform.aws.session import AwsClient, client

_ARN = "arn:aws:ecs:us-east-1:123456789012:service/some-cluster/some-name"
_WORDS = [words_of("some-cluster:some-name", _ARN)]
_MODELS: dict[str, Any] = {}


def _operation(service: str, operation: str) -> Any:
    if service not in _MODELS:
        made = Session().create_client(
            service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        _MODELS[service] = made.meta
    meta = _MODELS[service]
    return meta.service_model.operation_model(meta.method_to_api_mapping[operation])


def _shape(shape: Any, path: str) -> Any:
    """The shape at a path; a part that the answer does not have is a KeyError."""
    for name in filter(None, path.removesuffix("[]").partition("=")[0].split(".")):
        while shape.type_name == "list":
            shape = shape.member
        if shape.type_name == "map":
            return shape.value
        shape = shape.members[name]
    return shape


@pytest.mark.parametrize("kind", DESCRIBERS)
def test_a_describer_asks_what_aws_understands_and_reads_what_aws_answers(kind: str) -> None:
    describer = DESCRIBERS[kind]
    operation = _operation(describer.service, describer.operation)
    request = filled(describer.request, _WORDS * describer.most)
    assert not ParamValidator().validate(request, operation.input_shape).has_errors()
    found = _shape(operation.output_shape, describer.found) if operation.output_shape else None
    for path in (describer.key, describer.state, describer.until, *describer.attributes.values()):
        assert not path or _shape(found, path) is not None
    if describer.state:
        known = {each.casefold() for each in getattr(_shape(found, describer.state), "enum", ())}
        assert not known or known & {each.casefold() for each in describer.gone | describer.pending}


@pytest.mark.parametrize("kind", DELETERS)
def test_a_deleter_is_a_call_of_aws(kind: str) -> None:
    deleter = DELETERS[kind]
    operation = _operation(deleter.service, deleter.operation)
    request = filled({deleter.argument: deleter.value}, _WORDS)
    assert not ParamValidator().validate(request, operation.input_shape).has_errors()
    assert kind in DESCRIBERS


@pytest.mark.parametrize(
    "code",
    [
        "InvalidVolume.NotFound", "InvalidAllocationID.NotFound", "NoSuchEntity", "NoSuchBucket", "404",
        "ResourceNotFoundException", "DBInstanceNotFound", "DBProxyNotFoundFault", "NotFoundException",
        "AWS.SimpleQueueService.NonExistentQueue", "ApplicationDoesNotExistException", "TargetGroupNotFound",
    ],
)  # fmt: skip
def test_aws_says_in_many_words_that_something_is_missing(code: str) -> None:
    assert is_missing(code)


@pytest.mark.parametrize("code", ["AccessDenied", "Throttling", "403", "UnauthorizedOperation", "4041", ""])
def test_no_other_answer_means_that_it_is_gone(code: str) -> None:
    assert not is_missing(code)


@pytest.mark.parametrize(
    ("arn", "kind", "id_"),
    [
        ("arn:aws:ec2:us-east-1:1:volume/vol-1", "aws_ebs_volume", "vol-1"),
        ("arn:aws:logs:us-east-1:1:log-group:/aws/lambda/f:*", "aws_cloudwatch_log_group", "/aws/lambda/f"),
        ("arn:aws:logs:us-east-1:1:log-group:/aws/lambda/f", "aws_cloudwatch_log_group", "/aws/lambda/f"),
        ("arn:aws:s3:::a-bucket", "aws_s3_bucket", "a-bucket"),
        ("arn:aws:rds:us-east-1:1:snapshot:final", "aws_db_snapshot", "final"),
        ("arn:aws:iam::1:role/path/name", "aws_iam_role", "name"),
        ("arn:aws:ssm:us-east-1:1:parameter/shop/x", "aws_ssm_parameter", "/shop/x"),
        ("arn:aws:ssm:us-east-1:1:parameter/x", "", "arn:aws:ssm:us-east-1:1:parameter/x"),
        ("arn:aws:new:us-east-1:1:thing/x", "", "arn:aws:new:us-east-1:1:thing/x"),
        ("no arn", "", "no arn"),
    ],
)
def test_an_arn_names_a_type_and_its_id(arn: str, kind: str, id_: str) -> None:
    assert (named_by(arn).type, named_by(arn).id) == (kind, id_)


def test_an_id_cannot_become_another_part_of_a_request() -> None:
    words = [words_of("{arn}", "arn:x"), words_of("*", "arn:y")]
    assert filled({"Filters": [{"Name": "{id}x", "Values": ["{id}"]}]}, words) == {
        "Filters": [{"Name": "{id}x", "Values": ["{arn}", "*"]}]
    }


def test_states_and_dates_decide_what_is_pending() -> None:
    key = {"KeyState": "PendingDeletion", "DeletionDate": datetime(2026, 1, 2, tzinfo=UTC)}
    assert judged(DESCRIBERS["aws_kms_key"], key).why == "until 2026-01-02"
    assert judged(DESCRIBERS["aws_kms_key"], key).fate is Fate.PENDING
    assert judged(DESCRIBERS["aws_kms_key"], {"KeyState": "Enabled"}).fate is Fate.THERE
    assert judged(DESCRIBERS["aws_secretsmanager_secret"], {"Name": "x"}).fate is Fate.THERE
    assert judged(DESCRIBERS["aws_instance"], {"State": {"Name": "terminated"}}).fate is Fate.GONE
    assert judged(DESCRIBERS["aws_nat_gateway"], {"State": "deleting"}).fate is Fate.PENDING


def test_a_price_gets_terraforms_names() -> None:
    facts = {
        "Type": "network",
        "Scheme": "internal",
        "AvailabilityZones": [{"SubnetId": "a"}, {"SubnetId": "b"}],
    }
    assert attributes_of(DESCRIBERS["aws_lb"], facts) == {
        "load_balancer_type": "network", "internal": True, "subnets": ["a", "b"],
    }  # fmt: skip


def test_many_are_looked_at_and_each_has_its_own_fate(sandbox: Sandbox) -> None:
    access = emulated_access(sandbox.endpoint_url, None, "us-east-1")
    ec2 = client(access, "ec2")
    volumes = [ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"] for _ in range(120)]
    client(access, "logs").create_log_group(logGroupName="web-2")
    zone = client(access, "route53").create_hosted_zone(Name="shop.example", CallerReference="x")
    zone_id = zone["HostedZone"]["Id"].rpartition("/")[2]
    change = {"Name": "*.shop.example", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"x"'}]}
    client(access, "route53").change_resource_record_sets(
        HostedZoneId=zone_id,
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": change}]},
    )
    wanted = {
        **{("aws_ebs_volume", each): Fate.THERE for each in volumes},
        ("aws_ebs_volume", "vol-*"): Fate.GONE,
        ("aws_ebs_volume", "vol-00000000000000000"): Fate.GONE,
        ("aws_cloudwatch_log_group", "web"): Fate.GONE,
        ("aws_cloudwatch_log_group", "web-2"): Fate.THERE,
        ("aws_route53_record", f"{zone_id}_*.shop.example_TXT"): Fate.THERE,
        ("aws_route53_record", f"{zone_id}_a.shop.example_TXT"): Fate.GONE,
        ("aws_route53_record", "no record"): Fate.NOT_LOOKED_AT,
        ("aws_s3_bucket", "nobody-has-this"): Fate.GONE,
        ("aws_s3_bucket", "Not A Bucket/..;$(x)"): Fate.NOT_LOOKED_AT,
        ("aws_iam_role", "nobody"): Fate.GONE,
        ("aws_lb", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/1"): Fate.GONE,
        ("aws_ssm_parameter", "/nobody"): Fate.GONE,
        ("aws_sqs_queue", "https://sqs.us-east-1.amazonaws.com/123456789012/nobody"): Fate.GONE,
        ("aws_route_table_association", "rtbassoc-1"): Fate.NOT_LOOKED_AT,
        ("aws_vpc", ""): Fate.NOT_LOOKED_AT,
    }
    things = {key: Thing(*key, arn="", region="us-east-1") for key in wanted}
    seen = look_at(lambda service, region: client(access, service, region), things.values())
    assert {key: seen[thing].fate for key, thing in things.items()} == wanted


def test_what_aws_denies_is_not_taken_for_gone(one_account: tuple[str, list[str]]) -> None:
    endpoint, _ = one_account
    access = emulated_access(endpoint, None, "us-east-1")

    def client_of(service: str, region: str) -> AwsClient:
        return client(access, service, region)

    page = Thing("aws_cloudfront_distribution", "E1", "", "us-east-1")
    seen: Seen = look_at(client_of, [page])[page]
    assert seen.fate is Fate.NOT_LOOKED_AT
    assert seen.why == "AccessDenied: not for you"
