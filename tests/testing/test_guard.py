"""A real account is reached only where everything agrees, and for no more than was allowed."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from landform.errors import Refused
from landform.testing import costs
from landform.testing.costs import UNKNOWN_SIZE, UNKNOWN_TYPE, estimate
from landform.testing.emulator import Emulator, start_emulator
from landform.testing.guard import Permit, RealAwsSettings, check_real_aws
from landform.testing.ledger import Ledger, Spent
from landform.testing.levels import Level
from testing.aws_root import make_root


@dataclass(frozen=True)
class Case:
    level: Level = Level.AWS
    region: str = "eu-west-1"
    shown: str = "modules/queue"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with start_emulator(tmp_path_factory.mktemp("emulator")) as found:
        yield found


@pytest.fixture
def shell(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A shell with credentials of account 123456789012; only STS is answered by something else than AWS."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "own")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", emulator.endpoint_url)
    return monkeypatch


@pytest.fixture
def settings(tmp_path: Path) -> RealAwsSettings:
    return RealAwsSettings(
        run="r1",
        ledger=tmp_path / "ledger.json",
        cloud="aws",
        allowed_accounts=("123456789012",),
        allowed_regions=("eu-west-1", "eu-central-1"),
        max_usd=5,
        max_minutes=60,
    )


@pytest.mark.usefixtures("shell")
def test_with_everything_agreed_there_is_a_permit(settings: RealAwsSettings) -> None:
    permit = check_real_aws(settings, [Case(), Case(Level.APPLY, "us-east-1")])
    assert permit is not None
    assert permit.account_id == "123456789012"
    access = permit.access("eu-central-1")
    assert not access.is_emulated
    assert access.env["AWS_REGION"] == "eu-central-1"
    assert access.env["TF_AWS_DEFAULT_TAGS_landform-run"] == "r1"
    with pytest.raises(Refused, match="us-east-1"):
        permit.access("us-east-1")


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"cloud": "emulator"}, "--tf-cloud=aws is not given"),
        ({"allowed_accounts": ()}, "tf_allowed_accounts lists no account"),
        ({"allowed_accounts": ("*",)}, "no account id"),
        ({"allowed_accounts": ("999999999999",)}, "of account 123456789012"),
        ({"allowed_regions": ()}, "tf_allowed_regions lists no region"),
        ({"allowed_regions": ("us-east-1",)}, "modules/queue is in eu-west-1"),
        ({"max_usd": None}, "--tf-max-usd is not given"),
        ({"max_usd": 0.0}, "is no limit"),
        ({"max_usd": float("inf")}, "is no limit"),
        ({"max_usd": float("nan")}, "is no limit"),
        ({"max_minutes": None}, "--tf-max-minutes is not given"),
    ],
)
@pytest.mark.usefixtures("shell")
def test_each_thing_that_is_missing_is_a_usage_error(
    settings: RealAwsSettings, change: dict[str, Any], missing: str
) -> None:
    with pytest.raises(pytest.UsageError, match=r"account|region|limit|given") as error:
        check_real_aws(replace(settings, **change), [Case()])
    assert missing in str(error.value)


def test_nothing_is_asked_before_the_rest_agrees_and_all_faults_come_at_once(
    shell: pytest.MonkeyPatch, settings: RealAwsSettings, emulator: Emulator
) -> None:
    before = emulator.calls()
    with pytest.raises(pytest.UsageError) as error:
        check_real_aws(replace(settings, cloud="emulator", max_usd=None, max_minutes=None), [Case(), Case()])
    assert len(str(error.value).splitlines()) == 4
    assert not emulator.calls() - before
    assert check_real_aws(replace(settings, cloud="emulator"), [Case(Level.APPLY)]) is None
    assert check_real_aws(settings, []) is None
    shell.delenv("AWS_ACCESS_KEY_ID")
    shell.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(pytest.UsageError, match="no AWS credentials"):
        check_real_aws(settings, [Case()])


# --- plans --------------------------------------------------------------------------------------------------


def _permit(settings: RealAwsSettings) -> Permit:
    return Permit("123456789012", settings, datetime(2030, 1, 1, tzinfo=UTC))


def _change(kind: str, *actions: str, **after: Any) -> dict[str, Any]:
    return {
        "address": f"{kind}.x",
        "type": kind,
        "mode": "managed",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": list(actions or ("create",)), "after": after},
    }


def _plan(*changes: dict[str, Any], **provider: Any) -> dict[str, Any]:
    block = {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "expressions": provider}
    return {
        "resource_changes": list(changes),
        "configuration": {"provider_config": {"aws": block}},
        "variables": {"good": {"value": "eu-west-1"}, "bad": {"value": "us-east-1"}},
    }


def _imported() -> dict[str, Any]:
    change = _change("aws_s3_bucket", "no-op", "create")
    change["change"]["importing"] = {"id": "b"}
    return change


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (_plan(_change("aws_organizations_account")), "of a kind no test may make"),
        (_plan(_change("aws_iam_access_key")), "of a kind no test may make"),
        (_plan(_imported()), "would be imported"),
        (_plan(_change("aws_s3_bucket", tags_all={"landform-run": "other"})), "would not bear the tags"),
        (_plan(_change("aws_s3_bucket", tags_all=None)), "would not bear the tags"),
        (_plan(assume_role=[{"role_arn": {}}]), "provider aws sets assume_role"),
        (_plan(profile={"constant_value": "prod"}), "provider aws sets profile"),
        (_plan(region={"constant_value": "us-east-1"}), "provider aws is in us-east-1"),
        (_plan(region={"references": ["var.bad"]}), "provider aws is in us-east-1"),
        (_plan(region={"references": ["data.x.y"]}), "not known before apply"),
    ],
)
def test_a_plan_that_goes_too_far_is_refused_and_costs_nothing(
    settings: RealAwsSettings, plan: dict[str, Any], reason: str
) -> None:
    permit = _permit(settings)
    with pytest.raises(Refused, match=reason):
        permit.approve("a case", plan)
    assert permit.ledger.total() == Spent(0, 0)


def test_an_ordinary_plan_is_booked(settings: RealAwsSettings) -> None:
    permit = _permit(settings)
    tags = {**permit.tags, "more": "x"}
    assert permit.tags == {"landform-run": "r1", "landform-expires": "2030-01-01T00:00:00Z"}
    changes = (_change("aws_nat_gateway", tags_all=tags), _change("aws_route", region="x"))
    plan = _plan(*changes, region={"references": ["var.good"]})
    assert permit.approve("a case", plan, minutes=20).unknown == ()
    assert permit.ledger.total() == Spent(0.045, 20)


def test_what_is_not_in_the_table_costs_more_not_less() -> None:
    def usd(kind: str, minutes: float = 5, **after: Any) -> float:
        return estimate(_plan(_change(kind, **after)), minutes).usd

    assert usd("aws_vpc") == 0
    assert usd("aws_instance", instance_type="t3.micro") == pytest.approx(0.0104, abs=1e-4)
    assert usd("aws_instance", 150, instance_type="t3.micro") == pytest.approx(0.0312, abs=1e-4)
    assert usd("aws_instance", instance_type="p5.48xlarge") == pytest.approx(UNKNOWN_SIZE / 730)
    assert usd("aws_instance") == pytest.approx(UNKNOWN_SIZE / 730)
    assert usd("aws_brand_new_thing") == pytest.approx(UNKNOWN_TYPE / 730)
    assert usd("aws_kms_key") == 1
    assert estimate(_plan(_change("aws_brand_new_thing")), 5).unknown == ("aws_brand_new_thing.x",)
    assert estimate(_plan(_change("aws_instance", "delete")), 5).usd == 0
    builtin = _change("terraform_data") | {"provider_name": "terraform.io/builtin/terraform"}
    assert estimate(_plan(builtin), 5).usd == 0


def test_every_price_says_where_it_is_from() -> None:
    with Path(costs.__file__).with_name("rough_prices.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 150
    assert [
        row for row in rows if not row["source"] or not row["as_of"] or float(row["monthly_usd"]) < 0
    ] == []
    keys = [(row["type"], row["attribute"], row["value"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert [row for row in rows if row["as_of"] == "recalled" and float(row["monthly_usd"]) > 0] == []


def test_the_ledger_refuses_the_case_that_is_too_much(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "run" / "ledger.json", max_usd=1, max_minutes=30)
    ledger.charge("one", 0.6, 10)
    with pytest.raises(Refused, match=r"two would cost about 0\.60 USD .* 0\.60 of 1 USD") as refusal:
        ledger.charge("two", 0.6, 10)
    assert "--tf-max-usd" in refusal.value.way_out
    with pytest.raises(Refused):
        ledger.charge("two", 0.1, 25)
    ledger.settle("one", 0.3, 5)
    ledger.charge("two", 0.6, 10)
    assert ledger.total().usd == pytest.approx(0.9)
    assert ledger.total().minutes == 15
    ledger.path.write_text("half a led")
    with pytest.raises(Refused, match="cannot be read"):
        ledger.charge("three", 0.0, 0.0)


def test_the_ledger_is_one_for_all_workers(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from landform.errors import Refused\n"
        "from landform.testing.ledger import Ledger\n"
        "ledger = Ledger(pathlib.Path(sys.argv[1]), 10, 1000)\n"
        "done = 0\n"
        "for number in range(20):\n"
        "    try: ledger.charge(f'{sys.argv[2]}-{number}', 0.5, 1); done += 1\n"
        "    except Refused: pass\n"
        "print(done)\n"
    )
    argv = [sys.executable, "-c", script, str(tmp_path / "ledger.json")]
    workers = [subprocess.Popen([*argv, name], stdout=subprocess.PIPE, text=True) for name in "ab"]
    done = [int(worker.communicate()[0]) for worker in workers]
    assert sum(done) == 20
    assert len(json.loads((tmp_path / "ledger.json").read_text())) == 20


BUCKET = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  default_tags { tags = { mine = "too" } }
}
resource "aws_sqs_queue" "q" { tags = { own = "tag" } }
"""


@pytest.mark.e2e
def test_the_provider_puts_the_tags_on_what_it_plans(
    settings: RealAwsSettings, emulator: Emulator, tmp_path: Path
) -> None:
    permit = _permit(settings)
    tags = {name: value for name, value in permit.access("eu-west-1").env.items() if "_TAGS_" in name}
    assert len(tags) == 2
    root = make_root(tmp_path / "root", BUCKET, {**emulator.access(region="eu-west-1").env, **tags})
    root.init()
    assert root.plan()
    document = root.document()
    assert permit.approve("a case", document).usd > 0
    borne = document["resource_changes"][0]["change"]["after"]["tags_all"]
    assert borne == {"mine": "too", "own": "tag", **permit.tags}
    with pytest.raises(Refused, match="would not bear"):
        _permit(replace(settings, run="another")).approve("a case", document)
