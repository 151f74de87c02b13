"""Where an unknown value comes from, followed through modules in a real plan."""

from __future__ import annotations

import pytest

from landform.planning.causes import Causes, split_address
from landform.planning.changes import Action
from landform.planning.environment_plan import PlanFrame, StackPlan, parse_plan
from planning.conftest import Root

_ROOT = """
module "network" {
  source = "./network"
  cidr   = "10.0.0.0/16"
}
module "web" {
  source = "./web"
  net    = local.stack_network.id
  nets   = local.stack_network.all
}
locals {
  stack_network = module.network
}
"""
_NETWORK = """
variable "cidr" {}
resource "terraform_data" "vpc" {
  triggers_replace = var.cidr
}
module "subnets" {
  source = "../subnet"
  vpc    = terraform_data.vpc.id
}
output "id" {
  value = terraform_data.vpc.id
}
output "all" {
  value = module.subnets.ids
}
"""
_SUBNET = """
variable "vpc" {}
resource "terraform_data" "each" {
  for_each = toset(["a", "b"])
  input    = var.vpc
}
output "ids" {
  value = { for key, one in terraform_data.each : key => one.id }
}
"""
_WEB = """
variable "net" {}
variable "nets" {}
locals {
  name = "web-${var.net}"
}
resource "terraform_data" "group" {
  triggers_replace = var.net
}
resource "terraform_data" "named" {
  input = local.name
}
resource "terraform_data" "rule" {
  for_each = { one = terraform_data.group.id }
  input    = { nested = [each.value, { net = var.nets["a"] }] }
}
resource "terraform_data" "fixed" {
  input = "constant"
}
"""
_FILES = {
    "main.tf": _ROOT,
    "network/main.tf": _NETWORK,
    "subnet/main.tf": _SUBNET,
    "web/main.tf": _WEB,
}
_LOCALS: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {(("web",), "name"): ("var.net",)}
_FRAME = PlanFrame("p", "dev", [StackPlan("network"), StackPlan("web", upstream=("network",))])


def _no_locals(_path: tuple[str, ...], _name: str) -> tuple[str, ...]:
    return ()


def _with_locals(path: tuple[str, ...], name: str) -> tuple[str, ...]:
    return _LOCALS.get((path, name), ())


@pytest.mark.terraform
def test_unknowns_are_followed_to_the_objects_that_supply_them(root: Root) -> None:
    root.write(_FILES)
    plan = parse_plan(root.plan(), _FRAME, _with_locals)
    causes = {change.local_address: dict(change.causes) for change in plan.stack("web").changes}
    vpc, group = "module.network.terraform_data.vpc.id", "module.web.terraform_data.group.id"
    subnets = "module.network.module.subnets.terraform_data.each"
    assert causes["terraform_data.group"] == {"triggers_replace": (vpc,)}
    assert causes["terraform_data.named"] == {"input": (vpc,)}
    assert causes['terraform_data.rule["one"]'] == {"input": (group, subnets)}
    assert causes["terraform_data.fixed"] == {}
    inner = {change.local_address: dict(change.causes) for change in plan.stack("network").changes}
    assert inner['module.subnets.terraform_data.each["a"]'] == {"input": (vpc,)}


@pytest.mark.terraform
def test_a_local_nobody_can_resolve_ends_the_trail(root: Root) -> None:
    root.write(_FILES)
    plan = parse_plan(root.plan(), _FRAME, _no_locals)
    (named,) = (each for each in plan.stack("web").changes if each.address.endswith(".named"))
    assert named.causes == {}


@pytest.mark.terraform
def test_a_replacement_two_modules_away_names_its_cause(root: Root) -> None:
    """The reason to plan an environment as one: the review says what caused the replacement."""
    root.write(_FILES)
    root.apply()
    root.write({"main.tf": _ROOT.replace("10.0.0.0/16", "10.9.0.0/16")})
    plan = parse_plan(root.plan(), _FRAME, _with_locals)
    web = {change.local_address: change for change in plan.stack("web").changes}
    group = web["terraform_data.group"]
    assert group.action is Action.REPLACE
    assert group.replace_paths == (("triggers_replace",),)
    assert group.causes == {"triggers_replace": ("module.network.terraform_data.vpc.id",)}
    assert (web["terraform_data.fixed"].action, web["terraform_data.fixed"].causes) == (Action.NO_OP, {})


@pytest.mark.terraform
def test_what_does_not_change_is_no_cause(root: Root) -> None:
    root.write(_FILES)
    root.apply()
    plan = parse_plan(root.plan("-replace=module.web.terraform_data.group"), _FRAME, _with_locals)
    causes = {change.local_address: dict(change.causes) for change in plan.changes if change.causes}
    assert causes == {'terraform_data.rule["one"]': {"input": ("module.web.terraform_data.group.id",)}}


def test_locals_that_read_each_other_end() -> None:
    configuration = {
        "root_module": {
            "module_calls": {
                "a": {
                    "module": {
                        "resources": [
                            {"address": "x.y", "expressions": {"in": {"references": ["local.loop"]}}}
                        ]
                    }
                }
            }
        }
    }
    causes = Causes(configuration, lambda _path, _name: ("local.loop",))
    assert causes.of_attribute("module.a.x.y", "in") == ()


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("aws_vpc.a", ((), "aws_vpc.a")),
        ("module.a.module.b-c.aws_vpc.a[0]", (("a", "b-c"), "aws_vpc.a[0]")),
        ('module.a["x.y"].module.b[0].data.aws_ami.z', (("a", "b"), "data.aws_ami.z")),
        ('module.a["x]y"].aws_vpc.a', (("a",), "aws_vpc.a")),
    ],
)
def test_an_address_is_split_into_modules_and_the_rest(
    address: str, parts: tuple[tuple[str, ...], str]
) -> None:
    assert split_address(address) == parts


def test_only_what_no_block_sets_is_left_out() -> None:
    """Laid out as in the configuration of a plan of the provider's: nested blocks, one of them dynamic."""
    reads = {"references": ["var.instance.size", "var.instance"]}
    disk = {"device": {"constant_value": "/dev/xvda"}, "ebs": [{"size": reads, "type": {}}]}
    expressions = {"disks": [disk], "options": reads}
    resource = {"address": "aws_x.y", "expressions": expressions}
    causes = Causes({"root_module": {"resources": [resource]}}, lambda *_: ())
    unknown = {
        "disks": [{"ebs": [{"size": True, "iops": True}], "label": True, "scratch": [{"mode": True}]}],
        "options": {"mode": True},
        "dynamic": [{"mode": True}],
    }
    assert set(causes.left_out('aws_x.y["a"]', unknown)) == {"disks.ebs.iops", "disks.label"}
    assert set(causes.left_out("aws_x.other", unknown)) == set()
