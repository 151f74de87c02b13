"""How each type is priced: one literal table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from landform.review.cost import compute, databases, network, services
from landform.review.cost.components import Mapper, Part, Resource, costs

MAPPERS: Mapping[str, Mapper] = compute.MAPPERS | network.MAPPERS | databases.MAPPERS | services.MAPPERS
"""By type. A type that is not here has a price only where a row of the table has its bare name."""


def _bare(resource: Resource) -> Iterator[Part]:
    yield costs(resource.change.type)


BY_ITS_NAME = Mapper(_bare)
"""A type without a mapper, where somebody wrote a price for each resource of it."""
