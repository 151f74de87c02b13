"""A review tells when an environment would be applied with other providers or modules than last time."""

from __future__ import annotations

from collections.abc import Mapping

from landform.planning.environment_plan import EnvironmentPlan
from landform.review.risk import RiskContext, find_risks
from landform.workflows.ran import Ran, keep_run
from landform.workflows.records import records_of
from landform.workflows.versions import Versions, last_versions, versions_now
from workflows.place_kit import Shop

AWS = "registry.terraform.io/hashicorp/aws"
LOCK = 'provider "%s" {\n  version     = "%s"\n  constraints = ">= 5.0"\n}\n'


def test_a_major_version_more_is_a_high_risk(shop: Shop) -> None:
    shop.write({"generated/net/.terraform.lock.hcl": LOCK % (AWS, "5.100.0")})
    place = shop.place()
    then = versions_now(place)
    keep_run(records_of(place), _ran(1, providers=then.providers, modules=then.modules))
    shop.write({"generated/net/.terraform.lock.hcl": LOCK % (AWS, "6.0.0")})

    before, now = last_versions(records_of(place)), versions_now(place)

    assert before == Versions({AWS: "5.100.0"}, {"module.net": "m"})
    context = RiskContext(previous_providers=before.providers, providers=now.providers)
    (found,) = find_risks(EnvironmentPlan("shop", "dev", ()), context)
    assert (found.severity, found.evidence) == ("high", "5.100.0 → 6.0.0")


def test_the_last_run_counts_and_a_damaged_record_is_none(shop: Shop) -> None:
    records = records_of(shop.place())
    assert last_versions(records) == Versions()
    keep_run(records, _ran(2, providers={"a": "2"}))
    keep_run(records, _ran(1, providers={"a": "1"}))
    assert last_versions(records).providers == {"a": "2"}
    records.put("runs/3.json", b"{")
    assert last_versions(records).providers == {"a": "2"}


def _ran(number: int, **known: Mapping[str, str]) -> Ran:
    return Ran(f"2026010{number}-000000-dev-apply-0001", "apply", "", "2026-01-01T00:00:00Z", **known)  # type: ignore[arg-type]
