"""What states manage is listed with what AWS calls it, and where it is."""

from __future__ import annotations

from landform.planning.former import former_objects
from landform.planning.states import StackState

_AWS = 'provider["registry.terraform.io/hashicorp/aws"]'


def _state(*resources: dict[str, object]) -> StackState:
    frame = {"module": "module.web", "mode": "managed", "provider": _AWS, "name": "o"}
    return StackState("web", {"resources": [frame | each for each in resources]})


def test_each_object_has_its_id_its_arn_and_its_region() -> None:
    arn = "arn:aws:sns:eu-central-1:1:t"
    state = _state(
        {"type": "aws_vpc", "instances": [{"attributes": {"id": "vpc-1"}}]},
        {"type": "aws_sns_topic", "instances": [{"attributes": {"id": arn, "arn": arn}}]},
        {"type": "aws_eip", "provider": f"{_AWS}.us_east_1", "instances": [{"attributes": {"id": "e-1"}}]},
        {
            "type": "aws_eip",
            "name": "p",
            "instances": [{"attributes": {"id": "e-2", "region": "eu-north-1"}}],
        },
        {"type": "aws_vpc", "name": "d", "mode": "data", "instances": [{"attributes": {"id": "vpc-2"}}]},
        {"type": "random_id", "instances": [{"attributes": {"id": "abc"}}]},
        {"type": "aws_key_pair", "instances": [{"index_key": 'a"b', "attributes": {"id": 5}}]},
    )
    found = former_objects([state], "eu-west-1", {("web", "us_east_1"): "us-east-1"})
    assert [(each.type, each.id, each.arn, each.region, each.only_in_state) for each in found] == [
        ("aws_vpc", "vpc-1", "", "eu-west-1", False),
        ("aws_sns_topic", arn, arn, "eu-central-1", False),
        ("aws_eip", "e-1", "", "us-east-1", False),
        ("aws_eip", "e-2", "", "eu-north-1", False),
        ("random_id", "abc", "", "eu-west-1", True),
        ("aws_key_pair", "", "", "eu-west-1", False),
    ]
    assert found[-1].address == 'module.web.aws_key_pair.o["a\\"b"]'
    assert {each.stack for each in found} == {"web"}


def test_what_a_state_says_is_never_shown() -> None:
    state = _state(
        {"type": "aws_db_instance", "instances": [{"attributes": {"id": "x", "password": "hunter2"}}]}
    )
    assert "hunter2" not in repr(former_objects([state], "eu-west-1"))
