"""What a network costs: gateways, addresses, load balancers, endpoints, names, distribution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from landform.review.cost.attributes import Unpriced
from landform.review.cost.components import Mapper, Part, Resource, costs
from landform.review.cost.compute import PUBLIC_IPV4
from landform.review.cost.prices import HOURS_A_MONTH

_LEAST_ZONES = {"application": 2, "network": 1, "gateway": 1}
_MOST_ZONES = 6


def _nat_gateway(resource: Resource) -> Iterator[Part]:
    """Its public address is counted where it is allocated."""
    yield costs("aws_nat_gateway:hours")
    yield resource.used("aws_nat_gateway:data_processed", "data_processed_gb")


def _eip(resource: Resource) -> Iterator[Part]:
    yield costs(PUBLIC_IPV4)


def _load_balancer(resource: Resource) -> Iterator[Part]:
    balancer = resource.attributes
    kind = balancer.text("load_balancer_type", "application")
    yield costs(f"aws_lb:{kind}:hours")
    unit = "nlcu" if kind == "network" else "lcu"
    yield resource.used(f"aws_lb:{kind}:{unit}", f"{unit}_hours")
    if not balancer.flag("internal") and kind != "gateway":
        mapped = balancer.count("subnet_mapping")
        attribute = "subnet_mapping" if mapped else "subnets"
        least, most = _zones(resource, attribute, _LEAST_ZONES.get(kind, 1))
        own = sum(bool(each.values.get("allocation_id")) for each in balancer.blocks("subnet_mapping"))
        yield costs(PUBLIC_IPV4, least - own, most - own)


def _zones(resource: Resource, attribute: str, least: int) -> tuple[int, int]:
    """How many zones a list of subnets lies in, at least and at most: it holds one subnet a zone."""
    known = resource.attributes.count(attribute)
    if known:
        return known, known
    subnets = resource.others.behind("aws_subnet", resource.change, attribute)
    zones = {each.values.get("availability_zone") for each in subnets}
    most = _MOST_ZONES if not zones or None in zones else max(least, len(zones))
    return least, most


def _classic_balancer(resource: Resource) -> Iterator[Part]:
    yield costs("aws_elb:classic:hours")
    yield resource.used("aws_elb:classic:data_processed", "data_processed_gb")
    if not resource.attributes.flag("internal"):
        least, most = _zones(resource, "subnets", 1)
        yield costs(PUBLIC_IPV4, least, most)


def _vpc_endpoint(resource: Resource) -> Iterator[Part]:
    """Gateway endpoints, to S3 and DynamoDB, cost nothing."""
    kind = resource.attributes.text("vpc_endpoint_type", "Gateway")
    if kind == "Gateway":
        return
    if kind != "Interface":
        raise Unpriced(f"no prices for endpoints of type {kind}")
    least, most = _zones(resource, "subnet_ids", 1)
    yield costs("aws_vpc_endpoint:interface:hours", least, most)
    yield resource.used("aws_vpc_endpoint:interface:data", "data_processed_gb")


def _transit_attachment(resource: Resource) -> Iterator[Part]:
    yield costs("aws_ec2_transit_gateway_vpc_attachment:hours")


def _zone(resource: Resource) -> Iterator[Part]:
    """AWS bills a zone for the whole month, on the day it is made and then on each month's first."""
    yield replace(costs("aws_route53_zone"), hours=HOURS_A_MONTH)


def _record(resource: Resource) -> Iterator[Part]:
    """Queries of an alias to an AWS resource are free."""
    if not resource.attributes.count("alias"):
        yield resource.used("aws_route53_record:standard_queries", "queries")


def _distribution(resource: Resource) -> Iterator[Part]:
    for row, name in (
        ("data_out", "data_out_gb"),
        ("https_requests", "https_requests"),
        ("http_requests", "http_requests"),
        ("invalidations_over_1000", "invalidated_paths_over_1000"),
    ):
        yield resource.used(f"aws_cloudfront_distribution:{row}", name)


def _cloudfront_function(resource: Resource) -> Iterator[Part]:
    yield resource.used("aws_cloudfront_function:invocations", "invocations")


_BALANCER = Mapper(_load_balancer, ("lcu_hours", "nlcu_hours"))

MAPPERS = {
    "aws_alb": _BALANCER,
    "aws_cloudfront_distribution": Mapper(
        _distribution, ("data_out_gb", "https_requests", "http_requests", "invalidated_paths_over_1000")
    ),
    "aws_cloudfront_function": Mapper(_cloudfront_function, ("invocations",)),
    "aws_ec2_transit_gateway_vpc_attachment": Mapper(_transit_attachment),
    "aws_eip": Mapper(_eip),
    "aws_elb": Mapper(_classic_balancer, ("data_processed_gb",)),
    "aws_lb": _BALANCER,
    "aws_nat_gateway": Mapper(_nat_gateway, ("data_processed_gb",)),
    "aws_route53_record": Mapper(_record, ("queries",)),
    "aws_route53_zone": Mapper(_zone),
    "aws_vpc_endpoint": Mapper(_vpc_endpoint, ("data_processed_gb",)),
}
