"""``landform review``: plans of any root through the installed command, and files that are no plan."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

LANDFORM = Path(sys.executable).parent / "landform"
SECRET = "hunter2-hunter2"
Terraform = Callable[..., subprocess.CompletedProcess[str]]

_ROOT = """
variable "password" {
  type      = string
  sensitive = true
  default   = "hunter2-hunter2"
}
resource "terraform_data" "own" {
  input = { password = var.password }
}
module "web" {
  source = "./web"
  above  = terraform_data.own.id
}
output "address" { value = module.web.address }
"""
_WEB = """
variable "above" { type = string }
resource "terraform_data" "server" {
  input = { above = var.above, size = "large" }
}
output "address" { value = terraform_data.server.output }
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory, terraform: Terraform) -> Path:
    """A folder with a root, its saved plan, the plan's JSON, its log, and a state; no project."""
    folder = tmp_path_factory.mktemp("root")
    (folder / "web").mkdir()
    (folder / "main.tf").write_text(_ROOT)
    (folder / "web" / "main.tf").write_text(_WEB)
    terraform(folder, "init", "-input=false")
    log = terraform(folder, "plan", "-input=false", "-out=the.tfplan", "-json").stdout
    (folder / "log.json").write_text(log)
    (folder / "plan.txt").write_text(terraform(folder, "show", "-no-color", "the.tfplan").stdout)
    (folder / "plan.json").write_text(terraform(folder, "show", "-json", "the.tfplan").stdout)
    terraform(folder, "apply", "-input=false", "the.tfplan")
    (folder / "state.json").write_text(terraform(folder, "show", "-json").stdout)
    terraform(folder, "plan", "-input=false", "-out=same.tfplan")
    (folder / "same.json").write_text(terraform(folder, "show", "-json", "same.tfplan").stdout)
    return folder


def _run(folder: Path, *argv: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    env = os.environ | {"COLUMNS": "100"}
    done = subprocess.run(
        [LANDFORM, "review", *argv],
        cwd=folder,
        env=env,
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert SECRET not in out + err
    assert done.returncode != 4, err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def _made(address: str, before: Any = None, after: Any = None, **more: Any) -> dict[str, Any]:
    word = "create" if before is None else "delete" if after is None else "update"
    change = {"actions": [word], "before": before, "after": after, "after_unknown": {}} | more
    kind = address.split(".")[-2]
    return {"address": address, "mode": "managed", "type": kind, "name": "this", "change": change}


def _document(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [*changes]} | more


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes ``plan.json`` of some changes into an empty folder, and returns the folder."""

    def write_plan(*changes: dict[str, Any], **more: Any) -> Path:
        (tmp_path / "plan.json").write_text(json.dumps(_document(*changes, **more)))
        return tmp_path

    return write_plan


_DATABASE = _made("module.data.aws_db_instance.main", {"arn": "arn:aws:rds:us-east-1:123456789012:db:a"})


@pytest.mark.terraform
def test_a_plan_is_shown_by_module_the_root_under_a_name_of_its_own(plan: Path) -> None:
    done = _run(plan, "plan.json")
    assert done.returncode == 2
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "2 to create   in 2 of 2 stacks" in lines
    (root,) = [line for line in lines if line.startswith("root module")]
    (web,) = [line for line in lines if line.startswith("web")]
    assert "1 change" in root
    assert "./web" in web
    assert lines.index(root) < lines.index(web), "the module reads the root"


@pytest.mark.terraform
def test_standard_input_says_the_same_in_any_encoding(plan: Path) -> None:
    text = (plan / "plan.json").read_text()
    from_file = json.loads(_run(plan, "plan.json", "--json").stdout)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        done = _run(plan, "-", "--format", "json", stdin=text.encode(encoding))
        document = json.loads(done.stdout)
        assert (document["environment"], document["stacks"]) == ("stdin", from_file["stacks"])


@pytest.mark.terraform
@pytest.mark.parametrize("form", ["text", "markdown", "html", "json", "sarif", "junit"])
def test_every_format_can_be_had_and_written_to_a_file(plan: Path, form: str, tmp_path: Path) -> None:
    printed = _run(plan, "plan.json", "--format", form)
    written = _run(plan, "plan.json", "--format", form, "--output", str(tmp_path / "out"))
    assert (printed.returncode, written.returncode, written.stdout) == (2, 2, "")
    text = (tmp_path / "out").read_text()
    assert "root module" in text or form in ("sarif", "junit")
    if form in ("json", "sarif"):
        assert json.loads(text) == json.loads(printed.stdout)
    if form == "junit":
        assert ET.fromstring(text).tag == "testsuites"


@pytest.mark.terraform
def test_nothing_to_do_is_exit_0_and_only_outputs_is_not(plan: Path, write: Callable[..., Path]) -> None:
    assert _run(plan, "same.json").returncode == 0
    change = {"actions": ["create"], "before": None, "after": 1, "after_unknown": False}
    folder = write(output_changes={"size": change})
    done = _run(folder, "plan.json")
    assert done.returncode == 2
    assert "outputs: size" in done.stdout


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("file", "says", "way_out"),
    [
        (
            "the.tfplan",
            "saved plan as Terraform keeps it",
            "terraform show -json the.tfplan | landform review -",
        ),
        ("terraform.tfstate", "is a state file, not a plan", "terraform plan -out="),
        ("state.json", "the JSON of a state", "terraform plan -out="),
        ("log.json", "is the log of terraform plan -json", "terraform show -json"),
        ("plan.txt", "prints for people", "terraform show -json"),
        ("web", "web can't be read: Is a directory", "terraform show -json"),
    ],
)
def test_what_terraform_makes_besides_is_told_apart(plan: Path, file: str, says: str, way_out: str) -> None:
    done = _run(plan, file)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {file} ")
    assert says in done.stderr
    assert way_out in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ('{"format_version": "1.2", "resource_changes": [{"address"', "not JSON, or not all of it: "),
        ('{"format_version": "1.2", "planned_values": {}} {}', "Extra data: line 1"),
        ('{"format_version": "2.0", "resource_changes": []}', "format 2.0 can't be read; format 1 can"),
        ('{"resource_changes": []}', "format unknown can't be read"),
        ("[" * 100_000, "begins as a list"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"format_version": "1.2", "resource_changes": {}}', "resource_changes is no list"),
        ('{"format_version": "1.2", "resource_changes": [1]}', "resource_changes[0] has no address"),
        (json.dumps(_document(_DATABASE | {"change": None})), "aws_db_instance.main) has no change"),
        (json.dumps(_document(_DATABASE | {"change": {"actions": "delete"}})), "has no list of actions"),
        (json.dumps(_document(_DATABASE, configuration=[])), "configuration is no object"),
        (json.dumps(_document(configuration={"root_module": [SECRET]})), "a value of another kind"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "it.json").write_text(text)
    for argv, stdin, name in ((["it.json"], "", "it.json"), (["-"], text, "standard input")):
        done = _run(tmp_path, *argv, stdin=stdin.encode())
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"error: {name}")
        assert says in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_file_too_large_to_hold_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "plan.json").open("wb") as stream:
        stream.truncate(2**30 + 1)
    done = _run(tmp_path, "plan.json")
    assert done.returncode == 1
    assert "larger than 1,024 MiB" in done.stderr


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"errored": True, "complete": False}, "Terraform could not finish this plan"),
        ({"complete": False}, "another plan is needed after this one"),
        (
            {"deferred_changes": [{"reason": "resource_config_unknown", "resource_change": _DATABASE}]},
            "1 of the changes can be planned only after",
        ),
    ],
)
def test_a_plan_that_is_not_whole_is_shown_and_never_passes(
    write: Callable[..., Path], more: dict[str, Any], says: str
) -> None:
    folder = write(_made("aws_s3_bucket.this", None, {"bucket": "b"}), **more)
    done = _run(folder, "plan.json", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 3
    assert document["verdict"]["result"] == "unknown"
    assert says in document["verdict"]["reasons"][0]
    assert document["counts"]["create"] == 1


def test_findings_deny_only_from_the_severity_that_is_asked_for(write: Callable[..., Path]) -> None:
    folder = write(_DATABASE)
    assert _run(folder, "plan.json").returncode == 2
    assert _run(folder, "plan.json", "--deny-at", "critical").returncode == 3
    document = json.loads(_run(folder, "plan.json", "--deny-at", "high", "--json").stdout)
    assert document["verdict"]["result"] == "deny"
    assert document["findings"][0]["rule"] == "data-loss"


def test_findings_of_another_program_count_too(write: Callable[..., Path]) -> None:
    folder = write(_made("aws_s3_bucket.this", None, {"bucket": "b"}))
    result = {"ruleId": "R1", "level": "error", "message": {"text": "aws_s3_bucket.this is open"}}
    run = {"tool": {"driver": {"name": "Checkov"}}, "results": [result]}
    (folder / "found.sarif").write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
    done = _run(folder, "plan.json", "--sarif", "found.sarif", "--deny-at", "high")
    assert done.returncode == 3
    assert "Checkov: R1" in done.stdout


def test_policies_of_a_folder_are_asked_and_a_folder_without_any_is_no_pass(
    write: Callable[..., Path],
) -> None:
    folder = write(_made("aws_s3_bucket.this", None, {"bucket": SECRET}, after_sensitive={"bucket": True}))
    (folder / "own" / "policies").mkdir(parents=True)
    assert "there are no policies in" in _run(folder, "plan.json", "--policy", "own").stderr
    (folder / "own" / "policies" / "names.py").write_text(
        "from landform.policy import *\n"
        "@policy(type='aws_s3_bucket')\n"
        "def named(bucket):\n    return deny('its address is ' + bucket.address)\n"
    )
    for named in ("own", "own/policies"):
        done = _run(folder, "plan.json", "--policy", named)
        assert done.returncode == 3
        assert "its address is aws_s3_bucket.this" in done.stdout


_INSTANCE = _made("aws_instance.this", None, {"instance_type": "t3.micro"})
_ASKED = {"provider_config": {"aws": {"name": "aws", "expressions": {"region": {"references": ["var.r"]}}}}}


@pytest.mark.parametrize(
    ("changes", "more", "argv"),
    [
        ([_INSTANCE, _DATABASE], {}, []),
        ([_INSTANCE], {"configuration": _ASKED, "variables": {"r": {"value": "us-east-1"}}}, []),
        ([_INSTANCE], {}, ["--region", "us-east-1"]),
    ],
    ids=["from an ARN", "from the provider", "as asked"],
)
def test_it_is_priced_in_the_region_that_is_told(
    write: Callable[..., Path], changes: list[Any], more: dict[str, Any], argv: list[str]
) -> None:
    document = json.loads(_run(write(*changes, **more), "plan.json", "--json", *argv).stdout)
    assert document["region"] == "us-east-1"
    (line,) = [each for each in document["cost"]["lines"] if each["address"] == "aws_instance.this"]
    assert line["after"]["low"] > 0
    assert line["stack"] == "root module"


def test_without_a_region_there_is_no_cost_and_that_is_said(write: Callable[..., Path]) -> None:
    done = _run(write(_INSTANCE), "plan.json", "--json")
    assert json.loads(done.stdout)["cost"] is None
    assert "--region REGION" in done.stderr


def test_providers_and_modules_are_named_with_their_versions(write: Callable[..., Path]) -> None:
    aws = {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "version_constraint": "~> 5.0"}
    call = {"source": "terraform-aws-modules/vpc/aws", "version_constraint": "5.1.0", "module": {}}
    configuration = {"provider_config": {"aws": aws}, "root_module": {"module_calls": {"data": call}}}
    done = _run(write(_DATABASE, configuration=configuration), "plan.json")
    assert "hashicorp/aws ~> 5.0" in done.stdout
    assert "terraform-aws-modules/vpc/aws 5.1.0" in done.stdout


def test_a_secret_of_the_state_alone_is_hidden_where_it_is_echoed(write: Callable[..., Path]) -> None:
    read = {"address": "data.x.this", "values": {"p": SECRET, "q": 1}, "sensitive_values": {"p": True}}
    state = {"values": {"root_module": {"resources": [read]}}}
    folder = write(_made("aws_instance.this", None, {"user_data": f"echo {SECRET}"}), prior_state=state)
    for form in ("text", "markdown", "html", "json"):
        assert "(sensitive value)" in _run(folder, "plan.json", "--diff", "--format", form).stdout
