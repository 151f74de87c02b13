"""What machines cost: instances, groups of them, their volumes and public addresses, EKS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from landform.review.cost.attributes import Attributes, Unpriced
from landform.review.cost.components import Gap, Mapper, Part, Resource, costs

PUBLIC_IPV4 = "public_ipv4:in_use"
_FIRST_TIER_IOPS = 32_000
_GP3_IOPS, _GP3_THROUGHPUT = 3_000, 125
_SUBNETS = {
    "aws_autoscaling_group": "vpc_zone_identifier",
    "aws_eks_node_group": "subnet_ids",
    "aws_instance": "subnet_id",
}
_ROOT = "the size of its root volume is the image's own"


def linux(instance_type: str) -> str:
    """The key of an on-demand instance: Linux, shared hardware."""
    return f"aws_instance:{instance_type}:linux:on-demand:shared"


def volume(disk: Attributes, count: Decimal, prefix: str = "volume_") -> Iterator[Part]:
    """``count`` EBS volumes. AWS makes gp2 ones where no type is given."""
    kind, size = disk.text(f"{prefix}type", "gp2"), disk.number(f"{prefix}size")
    yield costs(f"aws_ebs_volume:{kind}:storage", size * count)
    if kind == "gp3":
        yield from _over("iops_over_3000", disk.number("iops", _GP3_IOPS) - _GP3_IOPS, count)
        over = disk.number("throughput", _GP3_THROUGHPUT) - _GP3_THROUGHPUT
        yield from _over("throughput_over_125", over, count)
    elif kind in ("io1", "io2"):
        iops = disk.number("iops")
        yield costs(f"aws_ebs_volume:{kind}:iops", iops * count)
        if kind == "io2" and iops > _FIRST_TIER_IOPS:
            yield Gap(f"io2 has other prices above {_FIRST_TIER_IOPS} IOPS")


def _over(row: str, over: Decimal, count: Decimal) -> Iterator[Part]:
    if over > 0:
        yield costs(f"aws_ebs_volume:gp3:{row}", over * count)


def _ebs_volume(resource: Resource) -> Iterator[Part]:
    yield from volume(resource.attributes, Decimal(1), prefix="")


def _refuse_special(machine: Attributes) -> None:
    """Raise Unpriced for what is not an on-demand instance on shared hardware."""
    market = machine.block("instance_market_options")
    if market is not None and market.text("market_type", "spot") == "spot":
        raise Unpriced("spot instances have no fixed price")
    placement = machine.block("placement") or machine
    tenancy = placement.text("tenancy", "default")
    if tenancy != "default":
        raise Unpriced(f"no prices for tenancy {tenancy}")


def _instance(resource: Resource) -> Iterator[Part]:
    """With its volumes, but for those that are resources of their own: AWS lists them in both places."""
    machine = resource.attributes
    _refuse_special(machine)
    yield costs(linux(machine.text("instance_type")))
    if machine.flag("monitoring"):
        yield costs("aws_instance:detailed_monitoring")
    yield from _public_addresses(resource, machine, Decimal(1))
    credit = machine.block("credit_specification")
    if credit is not None and credit.text("cpu_credits", "") == "unlimited":
        yield resource.used("aws_instance:cpu_credits_unlimited", "unlimited_vcpu_hours")
    roots = machine.blocks("root_block_device")
    if not roots:
        yield Gap(_ROOT)
    for disk in (*roots, *machine.blocks("ebs_block_device")):
        if not resource.others.named("aws_ebs_volume", str(disk.values.get("volume_id"))):
            yield from volume(disk, Decimal(1))


def _public_addresses(resource: Resource, card: Attributes, count: Decimal) -> Iterator[Part]:
    """A public address for each machine, where its card or else its subnet asks for one."""
    asked = card.get("associate_public_ip_address", None)
    if asked is not None:
        if str(asked).lower() == "true":
            yield costs(PUBLIC_IPV4, count)
        return
    found = _subnets(resource, _SUBNETS[resource.change.type])
    if not found or any(each.flag("map_public_ip_on_launch") for each in found):
        yield costs(PUBLIC_IPV4, 0, count)


def _subnets(resource: Resource, attribute: str) -> Sequence[Attributes]:
    """The subnets an attribute names, where all of them are in the plan."""
    value = resource.attributes.values.get(attribute)
    ids = [value] if isinstance(value, str) else value or [None]
    found = [resource.related("aws_subnet", attribute, each) for each in ids]
    return [each for some in found for each in some] if all(found) else []


def _autoscaling_group(resource: Resource) -> Iterator[Part]:
    group = resource.attributes
    is_given = group.get("desired_capacity", None) is not None
    count = group.number("desired_capacity" if is_given else "min_size")
    policy = group.block("mixed_instances_policy")
    if policy is not None:
        yield from _mixed(resource, policy, count)
        return
    template = group.block("launch_template")
    if template is not None:
        yield from _launched(
            resource, _template(resource, template, "launch_template", ("id", "name")), count
        )
        return
    name = group.values.get("launch_configuration")
    found = resource.related("aws_launch_configuration", "launch_configuration", name)
    yield from _launched(resource, _only(found, "launch configuration"), count)


def _template(resource: Resource, block: Attributes, attribute: str, names: tuple[str, str]) -> Attributes:
    # For a group that names its template by name, AWS's provider plans this text as the id.
    given = (block.values.get(name) for name in names)
    named = next((each for each in given if each and each != "unknown"), None)
    return _only(resource.related("aws_launch_template", attribute, named), "launch template")


def _only(found: Sequence[Attributes], what: str) -> Attributes:
    if not found:
        raise Unpriced(f"its {what} is not in this plan")
    if len(found) > 1:
        raise Unpriced(f"which {what} it uses is known after apply")
    return found[0]


def _launched(
    resource: Resource, template: Attributes, count: Decimal, types: Sequence[str] = ()
) -> Iterator[Part]:
    """``count`` machines made from a launch template or launch configuration; ``types`` override its own."""
    _refuse_special(template)
    yield costs([linux(each) for each in types or [template.text("instance_type")]], count)
    yield from _beside(resource, template, count)


def _beside(resource: Resource, template: Attributes, count: Decimal) -> Iterator[Part]:
    """Monitoring, addresses and volumes of machines made from a template."""
    monitoring = template.block("monitoring")
    if (monitoring is not None and monitoring.flag("enabled")) or template.flag("enable_monitoring"):
        yield costs("aws_instance:detailed_monitoring", count)
    card = template.block("network_interfaces") or template
    yield from _public_addresses(resource, card, count)
    mapped = [each.block("ebs") for each in template.blocks("block_device_mappings")]
    disks = [each for each in mapped if each is not None]
    disks += [*template.blocks("root_block_device"), *template.blocks("ebs_block_device")]
    if not disks:
        yield Gap(_ROOT)
    for disk in disks:
        yield from volume(disk, count)


def _mixed(resource: Resource, policy: Attributes, count: Decimal) -> Iterator[Part]:
    """A group of several types: from the cheapest to the dearest; its spot instances have no fixed price."""
    launch = policy.block("launch_template")
    specification = launch.block("launch_template_specification") if launch is not None else None
    if launch is None or specification is None:
        raise Unpriced("its launch template is known after apply")
    overrides = launch.blocks("override")
    if any(
        each.values.get("instance_requirements") or each.values.get("weighted_capacity") for each in overrides
    ):
        raise Unpriced("its instance types are chosen by requirements or weights")
    on_demand = _on_demand(policy, count)
    if on_demand < count:
        yield Gap(f"{count - on_demand} spot instances have no fixed price")
    names = ("launch_template_id", "launch_template_name")
    template = _template(resource, specification, "mixed_instances_policy", names)
    yield from _launched(resource, template, on_demand, [each.text("instance_type") for each in overrides])


def _on_demand(policy: Attributes, count: Decimal) -> Decimal:
    shares = policy.block("instances_distribution")
    if shares is None:
        return count
    first = min(shares.number("on_demand_base_capacity", 0), count)
    percent = shares.number("on_demand_percentage_above_base_capacity", 100)
    return first + ((count - first) * percent / 100).to_integral_value(ROUND_CEILING)


def _eks_cluster(resource: Resource) -> Iterator[Part]:
    """Extended support begins with the age of a version, which no plan says: from one price to the other."""
    cluster = resource.attributes
    keys = ["aws_eks_cluster:control_plane"]
    policy = cluster.block("upgrade_policy")
    standard = policy is not None and policy.text("support_type", "") == "STANDARD"
    if not standard and cluster.get("version", None) is not None:
        keys.append("aws_eks_cluster:control_plane_extended_support")
    yield costs(keys)


def _eks_node_group(resource: Resource) -> Iterator[Part]:
    nodes = resource.attributes
    if nodes.text("capacity_type", "ON_DEMAND") == "SPOT":
        raise Unpriced("spot instances have no fixed price")
    scaling = nodes.block("scaling_config")
    if scaling is None:
        raise Unpriced("scaling_config is not set")
    count = scaling.number("desired_size")
    types = nodes.get("instance_types", [])
    block = nodes.block("launch_template")
    if block is not None:
        template = _template(resource, block, "launch_template", ("id", "name"))
        yield from _launched(resource, template, count, types)
        return
    yield costs([linux(each) for each in types or ["t3.medium"]], count)
    disks = ("aws_ebs_volume:gp3:storage", "aws_ebs_volume:gp2:storage")
    yield costs(disks, nodes.number("disk_size", 20) * count)
    yield from _public_addresses(resource, nodes, count)


MAPPERS = {
    "aws_autoscaling_group": Mapper(_autoscaling_group),
    "aws_ebs_volume": Mapper(_ebs_volume),
    "aws_eks_cluster": Mapper(_eks_cluster),
    "aws_eks_node_group": Mapper(_eks_node_group),
    "aws_instance": Mapper(_instance, ("unlimited_vcpu_hours",)),
}
