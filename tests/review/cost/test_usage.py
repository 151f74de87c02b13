"""A usage file that says something of nothing is refused, all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from landform.errors import Location, ProjectInvalid
from landform.planning.environment_plan import Deferred, EnvironmentPlan
from landform.review.cost.costing import cost_of
from landform.review.cost.usage import Usage, without_index
from review.cost.plans import context, dollars, line, plan, resource

_NAT = 'module.network.aws_nat_gateway.this["us-east-1a"]'


def _gateway(zone: str) -> str:
    return f'this["us-east-1{zone}"]'


def _faults(entries: Mapping[str, Mapping[str, float]], of: EnvironmentPlan, **more: Any) -> list[str]:
    lines: dict[tuple[str, ...], Location] = {
        (name,): Location("usage.yaml", 1 + 10 * place) for place, name in enumerate(entries)
    }
    lines |= {
        (name, key): Location("usage.yaml", 2 + 10 * place)
        for place, (name, figures) in enumerate(entries.items())
        for key in figures
    }
    with pytest.raises(ProjectInvalid) as caught:
        cost_of(of, context(usage=Usage(entries, lines), **more))
    return [str(fault) for fault in caught.value.faults]


def test_every_unknown_address_type_and_key_is_said_with_its_line() -> None:
    there = plan(resource("aws_nat_gateway", {}, stack="network", name=_gateway("a")),
                 resource("aws_vpc", {}, stack="network"))  # fmt: skip
    assert _faults(
        {
            "module.network.aws_nat_gateway.thiss": {"data_processed_gb": 1},
            _NAT: {"gigabytes": 1},
            "aws_nat_gatway": {"data_processed_gb": 1},
            "module.network.aws_vpc.this": {"requests": 1},
        },
        there,
    ) == [
        "usage.yaml:1: 'module.network.aws_nat_gateway.thiss' is neither a resource of the plan nor a type "
        "with a usage. Did you mean 'module.network.aws_nat_gateway.this'?",
        "usage.yaml:12: aws_nat_gateway has no usage 'gigabytes'. It has: data_processed_gb.",
        "usage.yaml:21: 'aws_nat_gatway' is neither a resource of the plan nor a type with a usage. "
        "Did you mean 'aws_nat_gateway'?",
        "usage.yaml:32: aws_vpc has no usage 'requests'. It has none.",
    ]


def test_addresses_of_stacks_that_are_not_planned_are_left_alone() -> None:
    usage = Usage({"module.app.aws_sqs_queue.jobs": {"requests": 1}})
    network = resource("aws_eip", {}, stack="network")
    cost_of(plan(network), context(usage=usage, stacks=frozenset({"network", "app"})))
    cost_of(plan(network, deferred=(Deferred("app", "unknown"),)), context(usage=usage))
    cost_of(plan(network, destroy=True), context(usage=usage))
    assert len(_faults(usage.entries, plan(network), stacks=frozenset({"network"}))) == 1


def test_the_figures_nearest_to_a_resource_win_key_by_key() -> None:
    usage = Usage(
        {
            "aws_nat_gateway": {"data_processed_gb": 100},
            "module.network.aws_nat_gateway.this": {"data_processed_gb": 200},
            _NAT: {"data_processed_gb": 300},
        }
    )
    found = [
        line(resource("aws_nat_gateway", {}, stack="network", name=name),
             resource("aws_nat_gateway", {}, stack="network", name=_gateway("a")), usage=usage).after
        for name in (_gateway("a"), _gateway("b"))
    ]  # fmt: skip
    assert [dollars(each) for each in found] == [46.35, 41.85]
    elsewhere = resource("aws_nat_gateway", {}, stack="other")
    gateways = [resource("aws_nat_gateway", {}, stack="network", name=_gateway("a"))]
    assert dollars(line(elsewhere, *gateways, usage=usage).after) == 37.35


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("module.a.x.y", "module.a.x.y"),
        ("module.a.x.y[0]", "module.a.x.y"),
        ('module.a.x.y["b.c[0]"]', "module.a.x.y"),
        ('module.a.module.b["k"].x.y', 'module.a.module.b["k"].x.y'),
        (r'module.a.x.y["say \"hi\"]"]', "module.a.x.y"),
    ],
)
def test_an_address_without_its_own_index(address: str, bare: str) -> None:
    assert without_index(address) == bare
