"""Everything wrong with a project is said in one run, at its place, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.errors import Fault, ProjectInvalid
from landform.project import Backend, BackendKind, Environment, Project, Stack, Variable, load_project

Write = Callable[[Mapping[str, str]], Path]

_YAML = """\
project: shop
backend: {s3: {bucket: "state-{acount_id}"}}
variables:
  odd: {type: strng, default: 1}
stacks:
  network:
    module: net
    inputs:
      cidr: ${var.cidr}
      zones: two
      zons: 3
  lonely:
    module: net
  ../x:
    module: net
    inputs: {cidr: a}
  app:
    module: app
    depends_on: [netwrk]
    inputs:
      net: ${stack.netwrok.id}
      rules: [{port: 80}, {prt: 81}]
  other:
    module: app
    inpts: {}
    inputs: {net: "${stack.network.ip}"}
  first:
    module: app
    inputs: {net: "${stack.second.url}"}
  second:
    module: app
    inputs: {net: "${stack.first.url}"}
  gone:
    module: nett
  bad:
    module: broken
  open:
    module: net
    inputs:
      cidr: ${var.cidr
  env:
    module: net
    inputs: {cidr: "${environment.regoin}"}
  app:
    module: app
"""
_PROD = """\
region: us-east-1
promotes_from: stagin
protect: true
teardown: {schedul: x}
"""
_FILES = {
    "landform.yaml": _YAML,
    "modules/broken/main.tf": 'variable "a" {\n  type =\n}\n',
    "environments/dev/environment.yaml": "region: us-east-1\naccount_id: 123456789012\n",
    "environments/dev/terraform.tfvars": 'cidr = cidrsubnet("10.0.0.0/8", 8, 1)\n',
    "environments/staging/environment.yaml": "region: us-east-1\nregion: us-east-2\n",
    "environments/staging/terraform.tfvars": "# nothing yet\n",
    "environments/prod/environment.yaml": _PROD,
    "environments/prod/terraform.tfvars": '\ncdir = "x"\n',
    "environments/default/environment.yaml": "region: us-east-1\n",
    "environments/Eu West/environment.yaml": "region: mars\n",
}
_EXPECTED = {
    ("environments/default/environment.yaml:1", "environment name 'default' is", ""),
    ("environments/default/terraform.tfvars", "variable 'cidr' has no value in 'default'", "TF_VAR_cidr"),
    ("environments/dev/environment.yaml:2", "account_id: put the account id in quotes", ""),
    ("environments/dev/terraform.tfvars:1", "Functions may not be called here", "Values are literals here"),
    ("environments/Eu West/environment.yaml:1", "bad environment name 'Eu West'", ""),
    ("environments/Eu West/environment.yaml:1", "region: 'mars' is not a valid value", ""),
    ("environments/prod/environment.yaml:1", "unknown environment 'stagin'", "Did you mean 'staging'?"),
    ("environments/prod/environment.yaml:3", "unknown key 'protect'", "Did you mean 'protected'?"),
    ("environments/prod/environment.yaml:4", "unknown key 'schedul'", "Did you mean 'schedule'?"),
    ("environments/prod/terraform.tfvars:2", "unknown variable 'cdir'", "Did you mean 'cidr'?"),
    ("environments/staging/environment.yaml:2", "duplicate key 'region'", "Remove one of the two."),
    ("landform.yaml:2", "the unknown field {acount_id}", "Did you mean 'account_id'?"),
    ("landform.yaml:4", "'strng' is not a Terraform type", "Write string, number"),
    ("landform.yaml:10", "input 'zones' is the string 'two', wants number", ""),
    ("landform.yaml:11", "module 'net' has no input 'zons'", "Did you mean 'zones'?"),
    ("landform.yaml:12", "stack 'lonely' lacks the input 'cidr'", "Add 'cidr' under its inputs (Range of"),
    ("landform.yaml:14", "bad stack name '../x'", ""),
    ("landform.yaml:19", "depends_on names the unknown stack 'netwrk'", "Did you mean 'network'?"),
    ("landform.yaml:21", "input 'net' reads the unknown stack 'netwrok'", "Did you mean 'network'?"),
    ("landform.yaml:22", "input 'rules' [1] lacks the attribute 'port'", ""),
    ("landform.yaml:25", "unknown key 'inpts'", "Did you mean 'inputs'?"),
    ("landform.yaml:26", "stack 'network' has no output 'ip'", "There are: id, password."),
    ("landform.yaml:27", "in a circle: first → second → first", "Remove one of these references."),
    ("landform.yaml:34", "unknown module 'nett'", "Did you mean 'net'?"),
    ("landform.yaml:40", "'${' is never closed", ""),
    ("landform.yaml:43", "an environment has no field 'regoin'", "Did you mean 'region'?"),
    ("landform.yaml:44", "duplicate key 'app': it stands on line 17 already", "Remove one of the two."),
    ("modules/broken/main.tf:2", "not valid HCL: Invalid expression", ""),
}


def _faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(ProjectInvalid) as refusal:
        load_project(folder)
    return refusal.value.faults


def _matches(fault: Fault, expected: tuple[str, str, str]) -> bool:
    where, what, way_out = expected
    return str(fault.where) == where and what in fault.what and way_out in fault.way_out


def test_a_project_full_of_faults_gives_each_of_them_once_and_no_other(
    write: Write, modules: dict[str, str]
) -> None:
    found = _faults(write(modules | _FILES))
    missing = [one for one in _EXPECTED if not any(_matches(fault, one) for fault in found)]
    beyond = [str(fault) for fault in found if not any(_matches(fault, one) for one in _EXPECTED)]
    assert (missing, beyond) == ([], [])
    assert len(found) == len(_EXPECTED)


def test_reading_a_bad_project_writes_nothing(write: Write, modules: dict[str, str]) -> None:
    folder = write(modules | _FILES)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    _faults(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_good_project_has_no_fault(write: Write, good: dict[str, str]) -> None:
    project = load_project(write(good))
    assert project.order == ("network", "app")
    assert project.environment_by_name["dev"].values == {"cidr": "10.0.0.0/16"}


_TWICE = """\
project: Shop
backend: {s3: {bucket: "state-{nowhere}"}}
variables:
  odd: {type: strng, default: 1}
  count: {type: number, default: 1}
stacks:
  network: {module: net, inputs: {cidr: "${var.cidr}", zones: two, zons: 3}}
  a b: {module: net, inputs: {cidr: x}}
  app: {module: app, depends_on: [web], inputs: {net: "${stack.netwrok.id}"}}
  web: {module: nett, version: "1.0", inputs: {source: "${stack.app.uri}"}}
"""
_TWICE_DEV = "{region: us-east-1, promotes_from: dev, tags: {'aws:x': y}}\n"


def test_the_same_model_from_python_has_the_same_faults(write: Write, modules: dict[str, str]) -> None:
    dev = {"environments/dev/environment.yaml": _TWICE_DEV, "environments/dev/terraform.tfvars": "cdir = 1\n"}
    folder = write({**modules, **dev, "landform.yaml": _TWICE})
    with pytest.raises(ProjectInvalid) as refusal:
        Project(
            "Shop",
            [
                Stack("network", "net", {"cidr": "${var.cidr}", "zones": "two", "zons": 3}),
                Stack("a b", "net", {"cidr": "x"}),
                Stack("app", "app", {"net": "${stack.netwrok.id}"}, depends_on=("web",)),
                Stack("web", "nett", {"source": "${stack.app.uri}"}, version="1.0"),
            ],
            [Environment("dev", "us-east-1", promotes_from="dev", tags={"aws:x": "y"}, values={"cdir": 1})],
            folder=folder,
            backend=Backend(BackendKind.S3, "state-{nowhere}"),
            variables=[
                Variable("odd", "strng", required=False, default=1),
                Variable("count", "number", required=False, default=1),
            ],
        )
    from_python = {(fault.what, fault.way_out) for fault in refusal.value.faults}
    assert from_python == {(fault.what, fault.way_out) for fault in _faults(folder)}
    assert len(from_python) == 17


def test_python_can_say_a_name_twice_and_is_told(write: Write, modules: dict[str, str]) -> None:
    twice = [Stack("a", "net", {"cidr": "x"}), Stack("a", "net", {"cidr": "x"})]
    with pytest.raises(ProjectInvalid, match="1 fault in the project") as refusal:
        Project("shop", twice, folder=write(modules))
    assert refusal.value.faults[0].what == "duplicate stack 'a'."


def test_a_fault_of_a_shared_module_is_said_once(write: Write, good: dict[str, str]) -> None:
    good["modules/net/main.tf"] += "variable {\n"
    good["landform.yaml"] += "  second: {module: net, inputs: {cidr: x}}\n"
    found = _faults(write(good))
    assert [fault.where.path for fault in found] == ["modules/net/main.tf"]


def test_values_of_a_secret_may_come_from_the_shell(
    write: Write, good: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good["landform.yaml"] += "      secret: ${var.token}\n"
    (fault,) = _faults(write(good))
    assert fault.way_out == "Set it there, or as TF_VAR_token (it is sensitive)."
    monkeypatch.setenv("TF_VAR_token", "x")
    load_project(write(good))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("account_id: 123456789012", 'put the account id in quotes ("012345678901")'),
        ('account_id: "12345"', "an AWS account id has 12 digits"),
        ('region: "us-east-1; rm"', "is not a valid value"),
        ("assume_role_arn: arn:aws:iam::1:role/x", "is not a valid value"),
        ("approvals: {required: -1}", "approvals.required: input should be greater than or equal to 0"),
        ("budget: {monthly: 1}", "unknown key 'monthly'"),
        ("tags: {aws:x: y}", "AWS keeps the prefix 'aws:' for itself"),
    ],
)
def test_environment_yaml_is_strict(write: Write, good: dict[str, str], line: str, says: str) -> None:
    text = line if line.startswith("region") else f"region: us-east-1\n{line}"
    good["environments/dev/environment.yaml"] = f"{text}\n"
    assert any(says in fault.what for fault in _faults(write(good)))


@pytest.mark.parametrize("name", ["count", "source", "environment", "state_dir"])
def test_a_variable_that_a_root_cant_have_is_refused(write: Write, good: dict[str, str], name: str) -> None:
    good["landform.yaml"] = good["landform.yaml"].replace("var.cidr", f"var.{name}")
    good["environments/dev/terraform.tfvars"] = f'{name} = "x"\n'
    assert [str(fault.where) for fault in _faults(write(good))] == ["landform.yaml:6"]


def test_an_input_cant_become_a_meta_argument_of_the_module_block(write: Write) -> None:
    files = {
        "landform.yaml": "project: shop\nstacks:\n  a: {module: x/y/aws, inputs: {count: 2, source: z}}\n"
    }
    assert [fault.what.split(":")[0] for fault in _faults(write(files))] == [
        "bad input name 'count'",
        "bad input name 'source'",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("[]", "valid dictionary"),
        ("project: shop\n", "'stacks' is missing"),
        ("project: shop\nstacks: {}\n", "the project has no stacks"),
        ("project: shop\nstacks: {a: }\n", "stacks.a: input should be a valid dictionary"),
        ("project: shop\nstakcs: {}\n", "unknown key 'stakcs'"),
        ("project: Shop\nstacks: {a: {module: x/y/z}}\n", "bad project name 'Shop'"),
        ("project: shop\nstacks: {1: {module: x/y/z}}\n", "valid string"),
        ('project: shop\nbackend: {s3: {bucket: "a{b"}}\nstacks: {a: {module: x/y/z}}\n', "backend bucket"),
    ],
)
def test_a_broken_landform_yaml_is_a_fault_and_never_a_crash(write: Write, text: str, says: str) -> None:
    assert any(says in fault.what for fault in _faults(write({"landform.yaml": text})))


def test_no_project_here_says_how_to_start_one(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path)
    assert "landform new" in fault.way_out
