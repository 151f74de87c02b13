"""Cost Explorer is asked for the environment's days, page by page; where it can't be, there is nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from landform.aws.emulator import emulated_access
from landform.aws.session import AwsClient, client
from landform.aws.spending import REGION, daily_spend
from landform.errors import LandformError
from local_server import answering

FIRST, LAST = date(2026, 11, 28), date(2026, 11, 30)
TAGS = {"Project": "shop", "Environment": "dev"}


@dataclass
class Bill:
    """What Cost Explorer says: a day for each amount, one a page; or an error's code."""

    url: str = ""
    amounts: tuple[str, ...] = ("1.5", "0.0000001", "2")
    error: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """One page."""
        number = int(request.get("NextPageToken", 0))
        days = [
            {
                "TimePeriod": {"Start": f"2026-11-{28 + number}", "End": f"2026-11-{29 + number}"},
                "Total": {"UnblendedCost": {"Amount": amount, "Unit": "USD"}},
            }
            for amount in self.amounts[number : number + 1]
        ]
        more = {"NextPageToken": str(number + 1)} if number + 1 < len(self.amounts) else {}
        return {"ResultsByTime": days, **more}

    @property
    def client(self) -> AwsClient:
        """A client of it."""
        return client(emulated_access(self.url, None, REGION), "ce")


@pytest.fixture
def bill() -> Iterator[Bill]:
    """A server that answers GetCostAndUsage."""
    found = Bill()

    def answer(body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        assert headers["X-Amz-Target"] == "AWSInsightsIndexService.GetCostAndUsage"
        request = json.loads(body)
        found.asked.append(request)
        said = {"__type": found.error, "Message": "no"} if found.error else found.answer(request)
        return 400 if found.error else 200, json.dumps(said)

    with answering(answer) as found.url:
        yield found


def test_each_day_has_what_was_billed_for_the_tags(bill: Bill) -> None:
    assert daily_spend(bill.client, FIRST, LAST, TAGS) == {
        date(2026, 11, 28): (1.5, "USD"), date(2026, 11, 29): (1e-07, "USD"), LAST: (2.0, "USD"),
    }  # fmt: skip
    assert len(bill.asked) == 3
    asked = bill.asked[0]
    assert asked["TimePeriod"] == {"Start": "2026-11-28", "End": "2026-12-01"}  # which is not included
    assert asked["Granularity"] == "DAILY"
    assert asked["Filter"]["And"] == [
        {"Tags": {"Key": "Project", "Values": ["shop"]}}, {"Tags": {"Key": "Environment", "Values": ["dev"]}},
    ]  # fmt: skip


@pytest.mark.parametrize("error", ["AccessDeniedException", "DataUnavailableException"])
def test_who_may_not_ask_gets_nothing(bill: Bill, error: str) -> None:
    bill.error = error
    assert daily_spend(bill.client, FIRST, LAST, TAGS) is None


def test_a_bill_without_days_is_none(bill: Bill) -> None:
    bill.amounts = ()
    assert daily_spend(bill.client, FIRST, LAST, TAGS) is None


def test_any_other_error_is_one(bill: Bill) -> None:
    bill.error = "ValidationException"
    with pytest.raises(LandformError, match="could not ask Cost Explorer"):
        daily_spend(bill.client, FIRST, LAST, TAGS)
