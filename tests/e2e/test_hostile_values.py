"""Text that looks like code, from every place where a user may write it, arrives in AWS as that very text."""

from __future__ import annotations

import json

import pytest
import yaml

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit
from e2e.small_projects import project_file

pytestmark = pytest.mark.e2e

HOSTILE = {
    "function": '${file("/etc/passwd")}',
    "directive": "%{ if true }yes%{ else }no%{ endif }",
    "escaped": '$${x} %%{x} $$ %% $ % \\${x} \\" \\n',
    "quotes": """ '"` " ' """,
    "lines": "first\nsecond\r\n\tthird\n\nEOT\n",
    "heredoc": '<<EOT\n"\nEOT',
    "backslash": "C:\\temp\\new\\ ends with \\",
    "unicode": "Grüße, 世界 🌍 \u2028 \u00e9",
    "shell": "$(touch /tmp/x) `id`; rm -rf ~ && echo \x1b[31m",
    "json": '{"a": [1, "\\u0041"]}',
    "expression": "var.x == null ? module.x : local.y",
}
TAGS = {
    "Function": '${file("/etc/passwd")}',
    "Directive": "%{ if true }yes%{ endif }",
    "Escaped": "$${x} %%{x}",
    "Quotes": """ '"` " '""",
    "Lines": "first\nsecond\tthird",
    "Backslash": "C:\\temp\\new\\",
    "Unicode": "Grüße, 世界 🌍",
}
ECHO = """\
variable "from_json" {
  type = map(string)
}

variable "from_hcl" {
  type = map(string)
}

variable "from_yaml" {
  type = map(string)
}

locals {
  texts = merge(
    { for key, text in var.from_json : "json/${key}" => text },
    { for key, text in var.from_hcl : "hcl/${key}" => text },
    { for key, text in var.from_yaml : "yaml/${key}" => text },
  )
}

resource "aws_ssm_parameter" "this" {
  for_each       = local.texts
  name           = "/echo/${each.key}"
  type           = "String"
  insecure_value = each.value
}
"""


def test_hostile_text_arrives_in_aws_to_the_letter(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": _project_file(),
            "modules/echo/main.tf": ECHO,
            "environments/dev/environment.yaml": yaml.safe_dump({"region": "us-east-1", "tags": TAGS}),
            "environments/dev/terraform.tfvars.json": json.dumps({"from_json": HOSTILE}),
            "environments/dev/terraform.tfvars": f"from_hcl = {_hcl(HOSTILE)}\n",
        }
    )

    project.landform("apply", "dev", "--sandbox", "--yes")

    arrived = {name: value for name, (value, _) in project.parameters().items()}
    for source in ("json", "hcl", "yaml"):
        assert {key: arrived[f"/echo/{source}/{key}"] for key in HOSTILE} == HOSTILE
    assert TAGS.items() <= _tags(project, "/echo/json/function").items()
    project.landform("plan", "dev", "--sandbox")


@pytest.mark.parametrize("name", ["../x", "a b", "a/b", "${x}", 'a"b', "a\nb", "..", "modules"])
def test_a_name_that_is_no_name_is_refused_and_nothing_is_written(
    make_project: MakeProject, name: str
) -> None:
    project = make_project(
        {
            "landform.yaml": project_file(f"  {json.dumps(name)}:\n    module: echo\n"),
            "modules/echo/main.tf": 'output "x" {\n  value = 1\n}\n',
            "environments/dev/environment.yaml": "region: us-east-1\n",
        }
    )
    before = sorted(project.folder.parent.rglob("*"))

    refused = project.landform("plan", "dev", "--sandbox", code=1)

    assert "landform.yaml:4: " in refused.err
    assert repr(name) in refused.err
    assert sorted(project.folder.parent.rglob("*")) == before


def _project_file() -> str:
    """YAML by its own writer; of Terraform's marks only ``$${`` has a meaning there, and is doubled."""
    texts = {key: text.replace("$${", "$$${") for key, text in HOSTILE.items()}
    inputs = {"from_json": "${var.from_json}", "from_hcl": "${var.from_hcl}", "from_yaml": texts}
    return yaml.safe_dump(
        {"project": "shop", "stacks": {"echo": {"module": "echo", "inputs": inputs}}}, allow_unicode=True
    )


def _hcl(texts: dict[str, str]) -> str:
    """A map in Terraform's language, escaped as its documentation says."""
    escaped = {
        key: json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
        for key, text in texts.items()
    }
    return "{\n" + "".join(f"  {key} = {text}\n" for key, text in escaped.items()) + "}"


def _tags(project: ProjectKit, parameter: str) -> dict[str, str]:
    found = project.aws("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=parameter)
    return {tag["Key"]: tag["Value"] for tag in found["TagList"]}
