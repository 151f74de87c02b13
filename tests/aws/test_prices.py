"""Refreshing the price table from a Price List on this machine, which answers in pages as AWS does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from landform.aws import prices as asking
from landform.aws.prices import query_of
from landform.cli.prices import prices_app
from landform.errors import LandformError
from landform.project import Environment, Project, Stack
from landform.review.cost.prices import GLOBAL, shipped_prices
from landform.workflows.prices import price_table, refresh_prices
from local_server import answering


def _product(usage_type: str, *steps: tuple[str, str], **attributes: str) -> dict[str, Any]:
    """A product with prices in steps: (from how much on, USD)."""
    dimensions = {
        f"SKU.JRTCKXETXF.{start}": {"unit": "Hrs", "beginRange": start, "pricePerUnit": {"USD": usd}}
        for start, usd in steps
    }
    term = {"SKU.JRTCKXETXF": {"priceDimensions": dimensions, "effectiveDate": "2026-11-01T00:00:00Z"}}
    return {"product": {"attributes": {"usagetype": usage_type} | attributes}, "terms": {"OnDemand": term}}


@dataclass
class PriceList:
    """The stand-in: what it sells (service, region) → products, and the requests it got."""

    url: str = ""
    sold: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    denied: bool = False

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One page of one product each, as the real one has pages of a hundred."""
        wanted = {each["Field"]: each["Value"] for each in request["Filters"]}
        region = wanted.pop("regionCode")
        fitting = [
            each
            for each in self.sold.get((request["ServiceCode"], region), [])
            if all(each["product"]["attributes"].get(name) == value for name, value in wanted.items())
        ]
        page = int(request.get("NextToken", 0))
        more = {"NextToken": str(page + 1)} if page + 1 < len(fitting) else {}
        return {
            "FormatVersion": "aws_v1",
            "PriceList": [json.dumps(each) for each in fitting[page : page + 1]],
            **more,
        }


@pytest.fixture
def price_list() -> Iterator[PriceList]:
    """A server that answers GetProducts."""
    found = PriceList()

    def answer(body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        assert headers["X-Amz-Target"] == "AWSPriceListService.GetProducts"
        request = json.loads(body)
        found.asked.append(request)
        found.headers.append(dict(headers))
        if found.denied:
            return 400, json.dumps({"__type": "AccessDeniedException", "Message": "not for you"})
        return 200, json.dumps(found.answer(request))

    with answering(answer) as found.url:
        yield found


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project in Virginia."""
    return _project(tmp_path, {"dev": "us-east-1", "qa": "us-east-1"})


def _project(tmp_path: Path, regions: Mapping[str, str]) -> Project:
    module = tmp_path / "modules" / "net"
    module.mkdir(parents=True)
    (module / "main.tf").write_text('output "id" {\n  value = 1\n}\n')
    environments = [Environment(name, region) for name, region in regions.items()]
    (tmp_path / "landform.yaml").write_text("project: shop\nstacks: {net: {module: net}}\n")
    for each in environments:
        (tmp_path / "environments" / each.name).mkdir(parents=True)
        (tmp_path / "environments" / each.name / "environment.yaml").write_text(f"region: {each.region}\n")
    return Project("shop", [Stack("net", "net")], environments, folder=tmp_path)


def _nat(price_list: PriceList) -> None:
    """A NAT gateway in both regions, among products that a careless query would take for it."""
    for region, prefix, usd in (("us-east-1", "", "0.0450000000"), ("eu-west-1", "EUW1-", "0.0480000000")):
        price_list.sold["AmazonEC2", region] = [
            _product(f"{prefix}NatGateway-Bytes", ("0", "0.05"), productFamily="NAT Gateway"),
            _product(f"{prefix}NatGateway-Hours", ("0", usd), productFamily="NAT Gateway"),
            _product(f"{prefix}Reserved-NatGateway-Hours", ("0", "9"), productFamily="NAT Gateway"),
        ]


def test_prices_of_all_regions_are_found_across_pages_and_used(price_list: PriceList, tmp_path: Path) -> None:
    project = _project(tmp_path, {"dev": "us-east-1", "prod": "eu-west-1"})
    _nat(price_list)
    done = refresh_prices(project, price_list.url)
    assert (done.found, done.regions) == (4, ("eu-west-1", "us-east-1"))
    assert any("aws_kms_key:customer_managed in eu-west-1" in each for each in done.missing)
    assert "aws_sqs_queue:standard" in done.unasked
    prices = price_table(project.folder)
    there, here = (prices.find("aws_nat_gateway:hours", region) for region in ("eu-west-1", "us-east-1"))
    assert there is not None
    assert here is not None
    assert (float(there.usd), float(here.usd)) == (0.048, 0.045)
    assert there.source == here.source == "AWS Price List"
    assert prices.find("aws_kms_key:customer_managed", "us-east-1") is not None


def test_a_price_in_steps_is_its_first_that_is_not_free_and_in_the_tables_unit(
    price_list: PriceList, project: Project
) -> None:
    price_list.sold["AWSLambda", "us-east-1"] = [
        _product("Request", ("0", "0"), ("1000000", "0.0000002"), ("90000000", "0.0000001"),
                 group="AWS-Lambda-Requests"),
    ]  # fmt: skip
    refresh_prices(project, price_list.url)
    price = price_table(project.folder).find("aws_lambda_function:requests", "us-east-1")
    assert price is not None
    assert (float(price.usd), price.unit) == (0.2, "1M requests")


def test_several_different_prices_are_none(price_list: PriceList, project: Project) -> None:
    _nat(price_list)
    twice = price_list.sold["AmazonEC2", "us-east-1"]
    twice.append(_product("USE1-NatGateway-Hours", ("0", "0.07"), productFamily="NAT Gateway"))
    done = refresh_prices(project, price_list.url)
    assert done.ambiguous == ("aws_nat_gateway:hours in us-east-1",)
    price = price_table(project.folder).find("aws_nat_gateway:hours", "us-east-1")
    assert price == shipped_prices().find("aws_nat_gateway:hours", "us-east-1")


@pytest.mark.parametrize("breaks", [lambda it: setattr(it, "denied", True), lambda it: it.sold.clear()])
def test_a_refresh_that_fails_leaves_the_last_one(
    price_list: PriceList, project: Project, breaks: Callable[[PriceList], None]
) -> None:
    _nat(price_list)
    path = refresh_prices(project, price_list.url).path
    before = path.read_bytes()
    breaks(price_list)
    with pytest.raises(LandformError):
        refresh_prices(project, price_list.url)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["prices.csv"]


def test_an_endpoint_of_ones_own_never_gets_the_users_credentials(
    price_list: PriceList, project: Project, planted: tuple[str, ...]
) -> None:
    _nat(price_list)
    refresh_prices(project, price_list.url)
    sent = json.dumps(price_list.headers)
    assert [each for each in planted if each in sent] == []


def test_the_commands_say_what_is_new_and_show_the_table(price_list: PriceList, project: Project) -> None:
    _nat(price_list)
    folder = ["--project", str(project.folder)]
    done = CliRunner().invoke(prices_app, ["refresh", *folder, "--endpoint-url", price_list.url])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("2 prices of us-east-1 in ")
    shown = CliRunner().invoke(prices_app, ["show", "aws_nat_gateway", *folder, "--json"])
    rows = json.loads(shown.output)
    first = {"resource": "aws_nat_gateway:data_processed", "region": "us-east-1", "price_usd": "0.05"}
    assert rows[0].items() >= first.items()
    assert all(row["source"] == "AWS Price List" for row in rows)


def test_every_query_asks_for_a_row_of_the_table_that_no_other_asks_for() -> None:
    """Else nobody would notice: a price would just grow old, or be that of something else."""
    regional = {price.key for price in shipped_prices().rows.values() if price.region != GLOBAL}
    queries = [query for key in regional if (query := query_of(key))]
    idle = [row[0] for row in asking._QUERIES if not any(re.fullmatch(row[0], key) for key in regional)]
    assert idle == []
    texts = [(each.service, *each.attributes.values(), each.usage_type) for each in queries]
    assert len(set(texts)) == len(texts) > 150
    assert not any("{" in text for each in texts for text in each)
