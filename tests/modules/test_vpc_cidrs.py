"""The vpc module's ranges, for hundreds of networks that hypothesis thinks of, in one plan of Terraform."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from landform.testing import TestedModule

pytestmark = [pytest.mark.e2e, pytest.mark.tf("cidr_plans", level="mock")]

_MANY = 200
_FIXED = {"public", "private", "data"}
_ZONES = [f"eu-west-1{letter}" for letter in "abcdefgh"]
_NAMES = ["cache", "edge", "mesh", "transit"]


@dataclass(frozen=True, slots=True)
class Example:
    """The input of one plan."""

    cidr: str
    zones: list[str]
    tiers: dict[str, int]
    reserved_cidrs: list[str]

    @property
    def range(self) -> IPv4Network:
        return IPv4Network(self.cidr)

    @property
    def room(self) -> tuple[int, int]:
        """How many zones and more tiers the range is large enough for, with no subnet below /28."""
        quarter = 2 ** (28 - self.range.prefixlen) // 4
        zones = min(8, quarter)
        return zones, min(4, quarter // zones)


@dataclass(frozen=True, slots=True)
class Growth:
    """A network, and the same one with more zones and tiers."""

    before: Example
    after: Example


@st.composite
def _growths(draw: st.DrawFn) -> Growth:
    cidr = draw(_ranges(16, 24))
    empty = Example(cidr, [], {}, sorted({draw(_ranges(6, 30)) for _ in range(draw(st.integers(0, 4)))}))
    zones, tiers = empty.room
    letters = draw(st.lists(st.sampled_from(_ZONES[:zones]), unique=True, min_size=1))
    names = draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=tiers))
    slots = draw(st.permutations(range(tiers)))
    after = replace(empty, zones=letters, tiers=dict(zip(names, slots, strict=False)))
    kept = draw(st.lists(st.sampled_from(letters), unique=True, min_size=1))
    stays = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    return Growth(replace(after, zones=kept, tiers={name: after.tiers[name] for name in stays}), after)


@st.composite
def _ranges(draw: st.DrawFn, shortest: int, longest: int) -> str:
    """Mostly in 10.0.0.0/12, so that ranges do meet."""
    prefix = draw(st.integers(shortest, longest))
    address = draw(st.integers(0, 2**20 - 1) | st.integers(0, 2**32 - 1))
    return str(IPv4Network((address if address >= 2**20 else (10 << 24) + address, prefix), strict=False))


def _thought_of() -> list[Growth]:
    """What hypothesis gives, without running anything: Terraform then answers for all of it at once."""
    found: list[Growth] = []

    @settings(
        max_examples=_MANY, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
    )
    @given(_growths())
    def collect(growth: Growth) -> None:
        found.append(growth)

    collect()
    return found


def test_ranges_are_inside_apart_and_stay_when_a_network_grows(tf_module: TestedModule) -> None:
    growths = _thought_of()
    assert len(growths) == _MANY
    examples = {
        f"{number}/{side}": example
        for number, growth in enumerate(growths)
        for side, example in (("before", growth.before), ("after", growth.after))
    }
    plans = tf_module.plan(examples={key: asdict(each) for key, each in examples.items()}).outputs.plans
    for key, example in examples.items():
        _is_sound(example, plans[key])
    for number in range(_MANY):
        before, after = (plans[f"{number}/{side}"]["subnets"] for side in ("before", "after"))
        moved = {key: (subnet, after[key]) for key, subnet in before.items() if after[key] != subnet}
        assert moved == {}, growths[number]


def _is_sound(example: Example, plan: Any) -> None:
    subnets = plan["subnets"]
    assert set(subnets) == {
        f"{tier}/{zone}" for tier in _FIXED | set(example.tiers) for zone in example.zones
    }
    ranges = [IPv4Network(subnet["cidr"]) for subnet in subnets.values()]
    assert all(each.subnet_of(example.range) and each.prefixlen <= 28 for each in ranges), example
    assert not any(one.overlaps(other) for one, other in combinations(ranges, 2)), example
    numbers = [subnet["ipv6_number"] for subnet in subnets.values()]
    assert len(set(numbers)) == len(numbers), example
    assert set(numbers) <= set(range(256)), example

    assert (plan["zones_per_tier"], plan["more_tiers"]) == example.room, example
    assert plan["zones_without_room"] == [], example
    reserved = [IPv4Network(each) for each in example.reserved_cidrs]
    refused = {str(each) for each in reserved if each.overlaps(example.range)}
    assert set(plan["overlaps"]) == refused, example
    if not refused:
        assert not any(each.overlaps(subnet) for each in reserved for subnet in ranges), example


def test_a_zone_without_room_is_named(tf_module: TestedModule) -> None:
    example = Example("10.0.0.0/24", _ZONES[2:6], {}, [])
    plan = tf_module.plan(examples={"small": asdict(example)}).outputs.plans["small"]
    assert plan["zones_without_room"] == _ZONES[4:6]
    assert plan["last_letter"] == "d"
