"""A shop in an emulated account, with states that say what they like, and things that are in none of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from landform.aws.credentials import Access
from landform.aws.session import AwsClient, client, clients
from landform.workflows.place import Place
from workflows.place_kit import Shop

REGION = "us-east-1"
TAGS = {"Project": "shop", "Environment": "dev"}


def account_number(name: str) -> str:
    """An account for a test of its own, so that tests can share an emulator."""
    return f"{int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10**12:012}"


def pairs(tags: Mapping[str, str] = TAGS) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": name, "Value": value} for name, value in tags.items()]


@dataclass
class Account:
    """The emulated account of one shop."""

    shop: Shop
    access: Access

    def place(self) -> Place:
        """The place of its environment dev."""
        return replace(self.shop.place(), access=self.access)

    def client(self, service: str, region: str = REGION) -> AwsClient:
        """A client made for the test."""
        return client(self.access, service, region)

    def environment(self, text: str) -> None:
        """Have ``environment.yaml`` be this, below the region."""
        self.shop.write({"environments/dev/environment.yaml": f"region: {REGION}\n{text}"})

    def state(self, objects: Sequence[tuple[str, Mapping[str, Any]]], stack: str = "net") -> None:
        """Have a stack's state manage objects, by type and attributes."""
        provider = 'provider["registry.terraform.io/hashicorp/aws"]'
        resources = [
            {
                "module": f"module.{stack}", "mode": "managed", "type": kind, "name": f"o{number}",
                "provider": provider, "instances": [{"attributes": attributes}],
            }
            for number, (kind, attributes) in enumerate(objects)
        ]  # fmt: skip
        document = {
            "version": 4, "terraform_version": "1.11.4", "serial": len(resources), "lineage": "l",
            "outputs": {}, "resources": resources,
        }  # fmt: skip
        path = self.place().state_dir / stack / "dev" / "terraform.tfstate"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))

    def vpc(self) -> str:
        """A VPC with tags."""
        found = self.client("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=spec("vpc"))
        return str(found["Vpc"]["VpcId"])


def spec(kind: str, tags: Mapping[str, str] = TAGS) -> list[dict[str, Any]]:
    """Tags as EC2 takes them."""
    return [{"ResourceType": kind, "Tags": pairs(tags)}]


@dataclass(frozen=True, slots=True)
class Wrapped(Place):
    """A place whose clients are wrapped by a function, which is told the service."""

    wrap: Any = None

    def clients(self) -> Callable[[str, str | None], AwsClient]:
        """See ``Place``."""
        make = clients(self.access)
        return lambda service, region: self.wrap(service, make(service, region))


def wrapped(place: Place, wrap: Any) -> Wrapped:
    """The same place with such clients."""
    return Wrapped(**{each.name: getattr(place, each.name) for each in fields(Place)}, wrap=wrap)
