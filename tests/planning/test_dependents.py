"""Who reads whom, from real plans: across stacks, through modules, in the state and by depends_on."""

from __future__ import annotations

from typing import Any

import pytest

from landform.planning.causes import bare_address, provisioners
from landform.planning.dependents import Dependents
from planning.conftest import Root
from planning.test_causes import _FILES, _ROOT, _with_locals

_VPC, _SUBNETS = "module.network.terraform_data.vpc", "module.network.module.subnets.terraform_data.each"
_GROUP, _NAMED, _RULE = (f"module.web.terraform_data.{name}" for name in ("group", "named", "rule"))


@pytest.mark.terraform
def test_dependents_are_found_across_stacks_and_through_locals(root: Root) -> None:
    root.write(_FILES)
    graph = Dependents.of_plan(root.plan(), _with_locals)
    assert graph.of(_VPC) == {_SUBNETS, _GROUP, _NAMED, _RULE}
    assert graph.of(_SUBNETS) == {_RULE}
    assert graph.of(_GROUP) == {_RULE}
    assert graph.of("module.web.terraform_data.fixed") == frozenset()


@pytest.mark.terraform
def test_the_state_remembers_what_the_configuration_no_longer_says(root: Root) -> None:
    root.write(_FILES)
    root.apply()
    without = _FILES["web/main.tf"].replace("triggers_replace = var.net", "triggers_replace = 1")
    gone = _FILES["network/main.tf"].replace("triggers_replace = var.cidr", "input = 1")
    root.write({"web/main.tf": without, "network/main.tf": gone, "main.tf": _ROOT})
    graph = Dependents.of_plan(root.plan(), _with_locals)
    assert _GROUP in graph.of(_VPC)


_WHOLE = """
module "a" {
  source = "./a"
}
module "b" {
  source     = "./b"
  everything = module.a
}
module "c" {
  source     = "./c"
  depends_on = [module.b]
}
"""
_A = """
resource "terraform_data" "one" {}
resource "terraform_data" "two" {
  depends_on = [terraform_data.one]
  provisioner "local-exec" {
    command = "true"
  }
}
output "one" { value = terraform_data.one.id }
output "two" { value = terraform_data.two.id }
"""
_B = """
variable "everything" {}
resource "terraform_data" "all" { input = var.everything }
"""
_C = 'resource "terraform_data" "last" {}\n'


@pytest.mark.terraform
def test_a_whole_module_stands_for_all_in_it(root: Root) -> None:
    root.write({"main.tf": _WHOLE, "a/main.tf": _A, "b/main.tf": _B, "c/main.tf": _C})
    document = root.plan()
    graph = Dependents.of_plan(document, lambda *_: ())
    one, two, everything, last = (
        f"module.{name}" for name in ("a.terraform_data.one", "a.terraform_data.two",
                                      "b.terraform_data.all", "c.terraform_data.last")
    )  # fmt: skip
    assert graph.direct == {
        one: frozenset({two, everything}),
        two: frozenset({everything}),
        everything: frozenset({last}),
    }
    assert graph.of(one) == {two, everything, last}
    assert provisioners(document["configuration"]) == {two: ("local-exec",)}


def test_a_circle_ends() -> None:
    graph = Dependents({"a": frozenset({"b"}), "b": frozenset({"a"})})
    assert graph.of("a") == {"b"}
    assert graph.of("b") == {"a"}


def test_a_data_source_in_between_is_followed() -> None:
    def reads(*references: str) -> dict[str, Any]:
        return {"x": {"references": list(references)}}

    resources = [
        {"address": "aws_vpc.a", "expressions": {}},
        {"address": "data.aws_subnets.a", "expressions": reads("aws_vpc.a.id", "aws_vpc.a")},
        {"address": "aws_lb.a", "expressions": reads("data.aws_subnets.a.ids[0]", "data.aws_subnets.a.ids")},
    ]
    graph = Dependents.of_plan({"configuration": {"root_module": {"resources": resources}}}, lambda *_: ())
    assert graph.of("aws_vpc.a") == {"data.aws_subnets.a", "aws_lb.a"}


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ('module.a["x.y"].module.b[0].aws_vpc.c["d]"]', "module.a.module.b.aws_vpc.c"),
        ("module.a.data.aws_ami.b[12]", "module.a.data.aws_ami.b"),
    ],
)
def test_an_address_without_its_keys(address: str, bare: str) -> None:
    assert bare_address(address) == bare
