"""What a state says of the providers that made its objects, and of the stacks that were read."""

from __future__ import annotations

import pytest

from landform.errors import StateUnreadable
from landform.planning.state_providers import StateProvider, providers_of, stacks_read_by
from planning.state_kit import instances, resource, state

AWS = "registry.terraform.io/hashicorp/aws"


def test_each_configuration_is_named_once_with_the_regions_of_its_objects() -> None:
    inner = 'module.web.module.in_it.provider["registry.terraform.io/hashicorp/aws"].far'
    arns = [{"attributes": {"arn": f"arn:aws:sqs:{region}:1:q"}} for region in ("eu-west-1", "us-east-1")]
    found = providers_of(
        state(
            instances("aws_sqs_queue", "q", *arns),
            resource("aws_iam_role", "r", arn="arn:aws:iam::1:role/r"),
            resource("aws_ssm_parameter", "p", arn="arn:aws:ssm:eu-central-1:1:parameter/p")
            | {"provider": inner, "module": "module.web.module.in_it"},
            resource("aws_s3_bucket", "b", arn="arn:aws:s3:::b", region="us-west-2") | {"provider": inner},
            resource("aws_vpc", "read", mode="data", arn="arn:aws:ec2:ap-south-1:1:vpc/v"),
        )
    )

    assert set(found) == {
        StateProvider((), AWS, "", frozenset({"eu-west-1", "us-east-1"})),
        StateProvider(("web", "in_it"), AWS, "far", frozenset({"eu-central-1", "us-west-2"})),
    }


@pytest.mark.parametrize(
    "address",
    [
        "",
        "provider.aws",
        'provider["a/b/c"] { region = "x" }',
        'provider["a/b/c\\"] {}"]',
        'module.web["k"].provider["registry.terraform.io/hashicorp/aws"]',
        'provider["registry.terraform.io/hashicorp/aws"].a b',
    ],
)
def test_what_is_no_provider_is_refused_and_never_becomes_code(address: str) -> None:
    with pytest.raises(StateUnreadable, match="names a provider"):
        providers_of(state(resource("aws_sqs_queue") | {"provider": address}))


def test_stacks_are_those_that_the_root_itself_read() -> None:
    root = resource("terraform_remote_state", "network", mode="data")
    del root["module"]
    own = resource("terraform_remote_state", "elsewhere", mode="data")

    assert stacks_read_by(state(root, own, resource("aws_vpc"))) == {"network"}
