"""An ARN is known where a state manages it, however the provider spells it; a mention is no more."""

from __future__ import annotations

import pytest

from landform.planning.inventory import Inventory, inventory_of
from planning.state_kit import resource, state

LOGS = "arn:aws:logs:eu-west-1:111111111111:log-group:/shop/web"
LB = "arn:aws:elasticloadbalancing:eu-west-1:111111111111"
EC2 = "arn:aws:ec2:eu-west-1:111111111111"
TASK = "arn:aws:ecs:eu-west-1:111111111111:task-definition/web"
SECRET = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds!db-1"
ROLE = "arn:aws:iam::111111111111:role/web"


@pytest.fixture(scope="module")
def known() -> Inventory:
    """What one state manages."""
    return inventory_of(
        [
            state(
                resource("aws_cloudwatch_log_group", arn=LOGS, id="/shop/web", kms_key_id=None),
                resource("aws_vpc", arn=f"{EC2}:vpc/vpc-0a1b2c3d4e5f60718", id="vpc-0a1b2c3d4e5f60718"),
                resource("aws_nat_gateway", id="nat-0a1b2c3d4e5f60718", subnet_id="subnet-0123456789abcdef0"),
                resource(
                    "aws_lb", arn=f"{LB}:loadbalancer/app/web/50dc", id=f"{LB}:loadbalancer/app/web/50dc"
                ),
                resource("aws_lb_listener", arn=f"{LB}:listener/app/web/50dc/f2f7", load_balancer_arn="x"),
                resource("aws_lb_target_group", arn=f"{LB}:targetgroup/web/73e2"),
                resource(
                    "aws_ecs_task_definition", arn=f"{TASK}:7", id="web", revision=7, execution_role_arn=ROLE
                ),
                resource(
                    "aws_autoscaling_group", arn="arn:aws:autoscaling:x:1:autoScalingGroup:u", id="web-asg"
                ),
                resource("aws_db_instance", id="db-1", master_user_secret=[{"secret_arn": SECRET}]),
                resource(
                    "aws_instance",
                    id="i-0a1b2c3d4e5f60718",
                    root_block_device=[{"volume_id": "vol-0a1b2c3d4e5f60718"}],
                    iam_instance_profile="x",
                ),
                resource(
                    "aws_key_pair",
                    id="deploy",
                    key_pair_id="key-0a1b2c3d4e5f60718",
                    arn=f"{EC2}:key-pair/deploy",
                ),
                resource("aws_volume_attachment", id="vai-1", volume_id="vol-0ffffffffffffffff"),
            )
        ]
    )


@pytest.mark.parametrize(
    "arn",
    [
        LOGS,
        f"{LOGS}:*",
        f"{EC2}:vpc/vpc-0a1b2c3d4e5f60718",
        f"{EC2}:natgateway/nat-0a1b2c3d4e5f60718",
        f"{EC2}:instance/i-0a1b2c3d4e5f60718",
        f"{EC2}:volume/vol-0a1b2c3d4e5f60718",
        f"{EC2}:key-pair/key-0a1b2c3d4e5f60718",
        f"{LB}:listener/app/web/50dc/f2f7",
        f"{LB}:targetgroup/web/73e2",
        f"{TASK}:7",
        f"{TASK}:6",
        SECRET,
    ],
)
def test_managed_things_are_known(known: Inventory, arn: str) -> None:
    assert known.knows(arn)


@pytest.mark.parametrize(
    "arn",
    [
        f"{LOGS}-2",
        f"{EC2}:vpc/vpc-0b1b2c3d4e5f60718",
        f"{LB}:listener/app/web/50dc/0000",  # another listener of a load balancer that is known
        f"{LB}:loadbalancer/app/web/50dd",
        f"{LB}:targetgroup/web/73e3",
        f"{TASK}-2:7",
        "arn:aws:ssm:eu-west-1:111111111111:parameter/web",  # "web" is the id of something else
        "arn:aws:rds:eu-west-1:111111111111:snapshot:db-1",
    ],
)
def test_other_things_are_not(known: Inventory, arn: str) -> None:
    assert not known.knows(arn)


def test_what_is_only_mentioned_is_not_managed_and_says_by_whom(known: Inventory) -> None:
    assert not known.knows(ROLE)
    assert known.mentioned_by(ROLE) == ("module.web.aws_ecs_task_definition.this",)
    subnet, volume = f"{EC2}:subnet/subnet-0123456789abcdef0", f"{EC2}:volume/vol-0ffffffffffffffff"
    assert not known.knows(subnet)
    assert known.mentioned_by(subnet) == ("module.web.aws_nat_gateway.this",)
    assert known.mentioned_by(volume) == ("module.web.aws_volume_attachment.this",)


def test_what_a_managed_group_has_started_is_known_by_awss_own_tag(known: Inventory) -> None:
    instance = f"{EC2}:instance/i-0bbbbbbbbbbbbbbbb"
    assert known.knows(instance, {"aws:autoscaling:groupName": "web-asg"})
    assert not known.knows(instance, {"aws:autoscaling:groupName": "other-asg"})
    assert not known.knows(instance, {"groupName": "web-asg"})


def test_data_is_not_managed() -> None:
    found = inventory_of([state(resource("aws_vpc", mode="data", id="vpc-0a1b2c3d4e5f60718"))])
    assert not found.knows(f"{EC2}:vpc/vpc-0a1b2c3d4e5f60718")
