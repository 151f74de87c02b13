"""What reads an object that ends: across stacks, through others, changed or not."""

from __future__ import annotations

from landform.planning.changes import Action, Change
from landform.planning.dependents import Dependents
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.review.risk import blast_radius

_VPC, _SUBNET, _LB = "module.net.aws_vpc.a", "module.net.aws_subnet.a", "module.web.aws_lb.a"
_GRAPH = Dependents({_VPC: frozenset({_SUBNET}), _SUBNET: frozenset({_LB, "module.web.aws_gone.a"})})


def _plan(**actions: Action) -> EnvironmentPlan:
    found = {
        "vpc": _VPC,
        "subnet_x": f'{_SUBNET}["x"]',
        "subnet_y": f'{_SUBNET}["y"]',
        "lb": _LB,
    }
    changes = [
        Change(
            address.split(".")[1], address, "aws_x", "managed", actions.get(name, Action.NO_OP), deposed=None
        )
        for name, address in found.items()
    ]
    return EnvironmentPlan("shop", "dev", (StackPlan("net", changes=tuple(changes)),))


def test_a_replacement_reaches_what_reads_it_even_unchanged() -> None:
    radius = blast_radius(_plan(vpc=Action.REPLACE), _GRAPH)
    assert radius == {_VPC: (f'{_SUBNET}["x"]', f'{_SUBNET}["y"]', _LB)}


def test_each_instance_has_the_radius_of_its_resource() -> None:
    radius = blast_radius(_plan(subnet_x=Action.DELETE, subnet_y=Action.REPLACE_FORGET), _GRAPH)
    assert radius == {f'{_SUBNET}["x"]': (_LB,), f'{_SUBNET}["y"]': (_LB,)}


def test_what_nobody_reads_has_none_and_what_stays_is_not_asked_about() -> None:
    assert blast_radius(_plan(lb=Action.REPLACE_CREATE_FIRST, vpc=Action.UPDATE), _GRAPH) == {_LB: ()}
