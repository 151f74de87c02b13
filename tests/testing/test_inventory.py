"""Inventories: a plan compared with a YAML file, and what is said where they differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from landform.project.yaml_file import read_yaml
from landform.testing.inventory import Inventory, check, parse_inventory
from landform.testing.inventory_writing import describe, refreshed, to_yaml
from landform.testing.plans import PlannedModule
from testing.suite import NOTE, Run

pytest_plugins = ("pytester",)
SECRET = "hunter2-is-secret"


def _created(address: str, after: dict[str, Any], unknown: Any = None, **more: Any) -> dict[str, Any]:
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown or {}} | more
    kind = address.rpartition("module.")[2].split(".")[-2] if "[" not in address else "aws_subnet"
    return {"address": address, "type": kind, "mode": "managed", "change": change}


@pytest.fixture
def plan() -> PlannedModule:
    """Two objects to create, one in a module, one to delete; a secret that is echoed elsewhere."""
    gone = _created("aws_eip.old", {}) | {"type": "aws_eip"}
    gone["change"] = {"actions": ["delete"], "before": {"a": 1}, "after": None}
    vpc = {
        "cidr": "10.0.0.0/16",
        "dns": True,
        "count": 1,
        "ports": [80, 443],
        "tags": {"a": "b"},
        "none": None,
    }
    outputs = {
        "cidr": {"actions": ["create"], "before": None, "after": "10.0.0.0/16"},
        "id": {"actions": ["create"], "before": None, "after_unknown": True},
    }
    return PlannedModule(
        {
            "resource_changes": [
                _created("aws_vpc.this", vpc, {"arn": True, "id": True}),
                _created(
                    'module.a["x"].aws_subnet.s["k.1"]',
                    {"password": SECRET, "note": f"it is {SECRET}"},
                    after_sensitive={"password": True},
                ),
                gone,
            ],
            "output_changes": outputs,
        }
    )


def _inventory(tmp_path: Path, text: str) -> tuple[Inventory, list[str]]:
    path = tmp_path / "inventory.yaml"
    path.write_text(text)
    inventory, faults = parse_inventory(read_yaml(path, "inventory.yaml"))
    return inventory, list(map(str, faults))


MATCHES = """
values:
  aws_vpc.this: {cidr: 10.0.0.0/16, ports: [80, 443], tags: {a: b}, id: <known after apply>, x: __missing__}
  module.a["x"].aws_subnet.s["k.1"]: {password: <sensitive>}
  aws_eip.old: __missing__
  aws_eip.never: __missing__
counts: {aws_vpc: 1, aws_subnet: 1, aws_eip: 0, modules: 1, resources: 2}
outputs: {cidr: 10.0.0.0/16, id: __missing__, other: __missing__}
actions: {aws_vpc.this: create, aws_eip.old: delete}
unknown: [aws_vpc.this.arn, outputs.id]
sensitive:
  module.a["x"].aws_subnet.s["k.1"]: [password]
"""


def test_every_section_can_agree(plan: PlannedModule, tmp_path: Path) -> None:
    inventory, faults = _inventory(tmp_path, MATCHES)
    assert faults == []
    assert [str(one) for one in check(inventory, plan)] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("values: {aws_vpc.this: {cidr: 10.0.0.0/8}}", "values: aws_vpc.this.cidr: expected '10.0.0.0/8', "),
        ("values: {aws_vpc.this: {dns: 1}}", "values: aws_vpc.this.dns: expected 1, planned True"),
        ("values: {aws_vpc.this: {count: true}}", "expected True, planned 1"),
        ("values: {aws_vpc.this: {ports: [80]}}", "expected 1 elements [80], planned 2 elements [80, 443]"),
        ("values: {aws_vpc.this: {ports: [80, 44]}}", "aws_vpc.this.ports[1]: expected 44, planned 443"),
        ("values: {aws_vpc.this: {tags: {c: d}}}", "aws_vpc.this.tags.c: expected 'd', planned nothing"),
        ("values: {aws_vpc.this: {tags: __missing__}}", "expected nothing, planned {'a': 'b'}"),
        ("values: {aws_vpc.this: __missing__}", "expected nothing, planned 'an object'"),
        ("values: {aws_vpc.thi: {}}", "expected an object, planned none. Did you mean 'aws_vpc.this'?"),
        ("values: {aws_eip.old: {a: 1}}", "values: aws_eip.old: expected an object, planned none."),
        ("values: {aws_vpc.this: {id: vpc-1}}", "expected 'vpc-1', planned '<known after apply>'"),
        ("values: {aws_vpc.this: {cidr: <known after apply>}}", "planned '10.0.0.0/16'"),
        ("counts: {aws_vpc: 0}", "counts: aws_vpc: expected 0, planned 1"),
        ("counts: {aws_nat_gateway: 1}", "counts: aws_nat_gateway: expected 1, planned 0"),
        ("outputs: {cidr: __missing__}", "outputs: cidr: expected nothing, planned '10.0.0.0/16'"),
        ("outputs: {cid: x}", "outputs: cid: expected 'x', planned none. Did you mean 'cidr'?"),
        ("actions: {aws_vpc.this: update}", "actions: aws_vpc.this: expected 'update', planned 'create'"),
        ("unknown: [aws_vpc.this.cidr]", "unknown: aws_vpc.this.cidr: expected known after apply"),
        ("unknown: [aws_vpc.thi.id]", "unknown: aws_vpc.thi.id: expected known after apply, planned nothing"),
        ("sensitive: [aws_vpc.this.cidr]", "sensitive: aws_vpc.this.cidr: expected sensitive"),
    ],
)
def test_each_difference_names_address_path_and_both_sides(
    plan: PlannedModule, tmp_path: Path, text: str, told: str
) -> None:
    inventory, faults = _inventory(tmp_path, text)
    assert faults == []
    (found,) = check(inventory, plan)
    assert told in str(found)


def test_a_wrong_expectation_of_a_secret_shows_neither(plan: PlannedModule, tmp_path: Path) -> None:
    address = """'module.a["x"].aws_subnet.s["k.1"]'"""
    inventory, _ = _inventory(tmp_path, f"values: {{{address}: {{password: another-secret}}}}")
    (found,) = check(inventory, plan)
    assert "another-secret" not in str(found)
    assert SECRET not in str(found)
    inventory, _ = _inventory(tmp_path, f"values: {{{address}: {{password: {SECRET}}}}}")
    assert check(inventory, plan) == []


def test_everything_wrong_with_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    text = "value: {}\ncounts:\n  aws_vpc: one\n  aws_eip: -1\nactions: {a.b: creat}\nunknown: x\n"
    text += "values: {a.b: 3}\n"
    _, faults = _inventory(tmp_path, text)
    assert [fault.partition(" ")[0] for fault in faults] == [
        f"inventory.yaml:{line}:" for line in (1, 7, 3, 4, 5, 6)
    ]
    assert "Did you mean 'values'?" in faults[0]
    assert "Did you mean 'create'?" in faults[4]
    assert _inventory(tmp_path, "- a\n")[1] == [
        "inventory.yaml:1: an inventory is a mapping with values, counts, outputs …."
    ]


def test_a_written_plan_agrees_with_itself_and_holds_no_secret(plan: PlannedModule, tmp_path: Path) -> None:
    text = to_yaml(describe(plan))
    assert SECRET not in text
    written, faults = _inventory(tmp_path, text)
    assert (faults, written.is_empty) == ([], False)
    # What echoes a secret was hidden in the file, so it is the one thing that differs from the plan itself.
    assert [one.where.rpartition(".")[2] for one in check(written, plan)] == ["note"]
    assert yaml.safe_load(text)["unknown"] == {"aws_vpc.this": ["arn", "id"]}


def test_a_refreshed_inventory_keeps_its_shape(plan: PlannedModule, tmp_path: Path) -> None:
    inventory, _ = _inventory(
        tmp_path,
        """
        values: {aws_vpc.this: {cidr: old, tags: {a: old}}, aws_vpc.gone: {a: 1}, aws_eip.old: __missing__}
        counts: {aws_eip: 7, resources: 7}
        outputs: {id: __missing__, cidr: old}
        unknown: [aws_vpc.this.cidr, aws_vpc.this.id]
        """,
    )
    assert refreshed(inventory, plan) == {
        "values": {
            "aws_vpc.this": {"cidr": "10.0.0.0/16", "tags": {"a": "b"}},
            "aws_eip.old": "__missing__",
        },
        "counts": {"aws_eip": 0, "resources": 2},
        "outputs": {"id": "__missing__", "cidr": "10.0.0.0/16"},
        "unknown": ["aws_vpc.this.id"],
    }


FILES = {
    "modules/note/main.tf": NOTE,
    "modules/note/tests/tftest.yaml": """
        module: ..
        common_tfvars: common.tfvars
        level: mock
        tests:
          good:
            vars: {keys: [a]}
          wrong:
            tfvars: [more.tfvars]
            inventory: [good.yaml]
          empty:
            vars: {}
          nothing:
            inventory: nothing.yaml
          absent:
          extra:
            extra_files: [more/*.tf]
            inventory: extra.yaml
    """,
    "modules/note/tests/common.tfvars": 'name = "abc"\n',
    "modules/note/tests/more.tfvars": 'keys = ["b", "c"]\n',
    "modules/note/tests/good.yaml": """
        # kept
        values:
          terraform_data.this: {input: {name: abc}}
          terraform_data.many["a"]: {input: a}
        counts: {terraform_data: 2, modules: 0}
    """,
    "modules/note/tests/empty.yaml": "",
    "modules/note/tests/nothing.yaml": "values: {}\ncounts:\n",
    "modules/note/tests/more/more.tf": 'resource "terraform_data" "more" {}\n',
    "modules/note/tests/extra.yaml": "values: {terraform_data.more: {}}\n",
}


@pytest.mark.terraform
def test_inventories_are_tests_and_can_be_written_again(run_suite: Run) -> None:
    files = {
        **FILES,
        "modules/note/tests/good.yaml": FILES["modules/note/tests/good.yaml"].replace("        ", ""),
    }
    result = run_suite(files, "modules", "-v")
    result.assert_outcomes(passed=2, failed=4)
    result.stdout.fnmatch_lines(["plan * 2 *"])  # one process for the module, one for it with the extra file
    text = result.stdout.str()
    result.stdout.fnmatch_lines(
        [
            "*tests/tftest.yaml:8: the plan is not that of modules/note/tests/good.yaml: 2 differences",
            "  counts: terraform_data: expected 2, planned 3",
            "To write what is planned now: pytest 'modules/note/tests/tftest.yaml::wrong' --tf-update",
        ]
    )
    assert '  values: terraform_data.many["a"]: expected an object, planned none. ' in text
    assert "empty.yaml is empty: it checks nothing" in text
    assert "nothing.yaml is empty: it checks nothing" in text
    assert "absent.yaml is not there" in text
    assert "tftest.yaml::absent' --tf-update=missing" in text

    folder = Path("modules/note/tests")
    run_suite({}, "modules", "--tf-update=missing").assert_outcomes(passed=3, failed=3)
    assert (folder / "empty.yaml").read_text() == ""
    assert "terraform_data.this" in (folder / "absent.yaml").read_text()
    run_suite({}, "modules", "-k", "wrong or empty or nothing", "--tf-update").assert_outcomes(
        passed=3, deselected=3
    )
    assert (folder / "good.yaml").read_text().lstrip().startswith("# kept\nvalues:\n  terraform_data.this:\n")
    run_suite({}, "modules", "-k", "not good").assert_outcomes(passed=5, deselected=1)


def test_a_broken_file_is_one_clear_collection_error(run_suite: Run) -> None:
    tests = """
        module: ..
        tests:
          one:
            tfvar: x
            vars: {nam: x}
            inventory: bad.yaml
          two: {tfvars: none.tfvars, inventory: broken.yaml}
          three: {inventory: []}
    """
    files = {
        "a/main.tf": NOTE,
        "a/tests/tftest.yaml": tests.removeprefix("\n"),
        "a/tests/bad.yaml": "values: {}\nvalue: 1\n",
        "a/tests/broken.yaml": "values: [\n",
        "a/tests/tftest_other.yaml": "module: ../b\ntests: {x: {}}\n",
        "a/tests/tftest_none.yaml": "module: ..\n",
    }
    result = run_suite(files)
    result.assert_outcomes(errors=3)
    text = result.stdout.str()
    for line in (
        "a/tests/tftest.yaml:4: there is no 'tfvar' here. Did you mean 'tfvars'?",
        "a/tests/tftest.yaml:3: module a has no variable 'nam'. Did you mean 'name'?",
        "a/tests/tftest.yaml:7: there is no file a/tests/none.tfvars.",
        "a/tests/tftest.yaml:8: without an inventory nothing is checked.",
        "a/tests/bad.yaml:2: an inventory has no 'value'. Did you mean 'values'?",
        "a/tests/broken.yaml:2: not valid YAML",
        "a/tests/tftest_other.yaml:1: no .tf files in a/b",
        "a/tests/tftest_none.yaml:1: it needs 'module' and 'tests', a mapping with at least one test.",
    ):
        assert line in text, line
