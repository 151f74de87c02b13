"""A review tells when an environment would be applied with other providers or modules than last time."""

from __future__ import annotations

from landform.planning.environment_plan import EnvironmentPlan
from landform.review.risk import RiskContext, find_risks
from landform.workflows.records import records_of
from landform.workflows.versions import Versions, keep_versions, last_versions, versions_now
from workflows.place_kit import Shop

AWS = "registry.terraform.io/hashicorp/aws"
LOCK = 'provider "%s" {\n  version     = "%s"\n  constraints = ">= 5.0"\n}\n'


def test_a_major_version_more_is_a_high_risk(shop: Shop) -> None:
    shop.write({"generated/net/.terraform.lock.hcl": LOCK % (AWS, "5.100.0")})
    place = shop.place()
    keep_versions(place, records_of(place), "20260101-000000-dev-apply-0001")
    shop.write({"generated/net/.terraform.lock.hcl": LOCK % (AWS, "6.0.0")})

    before, now = last_versions(records_of(place)), versions_now(place)

    assert before == Versions({AWS: "5.100.0"}, {"module.net": "m"})
    context = RiskContext(previous_providers=before.providers, providers=now.providers)
    (found,) = find_risks(EnvironmentPlan("shop", "dev", ()), context)
    assert (found.severity, found.evidence) == ("high", "5.100.0 → 6.0.0")


def test_the_last_run_counts_and_a_damaged_record_is_none(shop: Shop) -> None:
    records = records_of(shop.place())
    assert last_versions(records) == Versions()
    records.put("versions/2.json", b'{"providers": {"a": "2"}, "modules": {}}')
    records.put("versions/1.json", b'{"providers": {"a": "1"}, "modules": {}}')
    assert last_versions(records).providers == {"a": "2"}
    records.put("versions/3.json", b"{")
    assert last_versions(records) == Versions()
