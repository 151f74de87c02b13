"""What AWS has billed for resources with certain tags, by day, from Cost Explorer: $0.01 a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from landform.aws.failures import error_code, explained
from landform.aws.session import AwsClient

REGION = "us-east-1"
"""Where Cost Explorer is, for all regions."""

_METRIC = "UnblendedCost"
_NOT_HERE = ("AccessDeniedException", "AccessDenied", "DataUnavailableException")


def daily_spend(
    client: AwsClient, first: date, last: date, tags: Mapping[str, str]
) -> dict[date, tuple[float, str]] | None:
    """Amount and currency of each day from ``first`` to ``last``; None where that can't be had.

    That is: the permission is missing, Cost Explorer is not switched on or has nothing yet. Tags count from
    the day on which the payer's account made them cost allocation tags. Raises LandformError for all else.
    """
    from botocore.exceptions import ClientError

    asked: dict[str, Any] = {
        "TimePeriod": {"Start": first.isoformat(), "End": (last + timedelta(days=1)).isoformat()},
        "Granularity": "DAILY",
        "Metrics": [_METRIC],
        "Filter": {"And": [{"Tags": {"Key": key, "Values": [value]}} for key, value in tags.items()]},
    }
    found: dict[date, tuple[float, str]] = {}
    with explained("ask Cost Explorer"):
        try:
            while True:
                answer = client.get_cost_and_usage(**asked)
                found |= dict(map(_day, answer["ResultsByTime"]))
                if not answer.get("NextPageToken"):
                    return found or None
                asked["NextPageToken"] = answer["NextPageToken"]
        except ClientError as error:
            if error_code(error) in _NOT_HERE:
                return None
            raise


def _day(result: Mapping[str, Any]) -> tuple[date, tuple[float, str]]:
    cost = result["Total"][_METRIC]
    return date.fromisoformat(result["TimePeriod"]["Start"]), (float(cost["Amount"]), str(cost["Unit"]))
