"""The files of small projects: what the emulator makes at once, in as few stacks as a test needs."""

from __future__ import annotations

from collections.abc import Mapping

BUCKET = "shop-tfstate"
S3 = f'{{s3: {{bucket: "{BUCKET}", region: us-east-1}}}}'
ENVIRONMENT = 'region: us-east-1\naccount_id: "123456789012"\n'
VALUES = 'cidr     = "10.0.0.0/16"\ngreeting = "hello"\n'

NETWORK = """\
variable "cidr" {
  type = string
}

resource "aws_ssm_parameter" "cidr" {
  name           = "/shop/cidr"
  type           = "String"
  insecure_value = var.cidr
}

resource "aws_cloudwatch_log_group" "flow" {
  name_prefix = "flow-"
}

output "log_group" {
  value = aws_cloudwatch_log_group.flow.name
}
"""

WEB = """\
variable "log_group" {
  type = string
}

variable "greeting" {
  type = string
}

resource "aws_ssm_parameter" "greeting" {
  name           = "/shop/greeting"
  type           = "String"
  insecure_value = var.greeting
}

resource "aws_ssm_parameter" "logs" {
  name           = "/shop/logs"
  type           = "String"
  insecure_value = var.log_group
}

output "logs" {
  value = aws_ssm_parameter.logs.name
}
"""

# Waits at its gate, a folder, until the file "open" is there: a slow resource that is never in a hurry.
GATED = """\
variable "gate" {
  type = string
}

resource "aws_cloudwatch_log_group" "before" {
  name_prefix = "before-"
}

resource "terraform_data" "gate" {
  input = aws_cloudwatch_log_group.before.name

  provisioner "local-exec" {
    command = "cd '${var.gate}' && touch reached && until [ ! -e $PWD ] || [ -e open ]; do sleep 0.1; done"
  }
}

resource "aws_cloudwatch_log_group" "after" {
  name_prefix = "after-"
  depends_on  = [terraform_data.gate]
}
"""


def project_file(stacks: str, backend: str = S3, more: str = "") -> str:
    """A ``landform.yaml`` with these stacks, indented by two."""
    return f"project: shop\nbackend: {backend}\n{more}stacks:\n{stacks}"


def two_stacks(backend: str = S3) -> Mapping[str, str]:
    """``network`` and ``web``, which reads the name of its log group; in dev, and in a protected prod."""
    return {
        "landform.yaml": project_file(
            "  network:\n    module: network\n    inputs: {cidr: '${var.cidr}'}\n"
            "  web:\n    module: web\n"
            "    inputs: {log_group: '${stack.network.log_group}', greeting: '${var.greeting}'}\n",
            backend,
        ),
        "modules/network/main.tf": NETWORK,
        "modules/web/main.tf": WEB,
        "environments/dev/environment.yaml": ENVIRONMENT,
        "environments/dev/terraform.tfvars": VALUES,
        "environments/prod/environment.yaml": ENVIRONMENT + "protected: true\n",
        "environments/prod/terraform.tfvars": VALUES,
    }


def gated_stack(gate: str) -> Mapping[str, str]:
    """One stack that makes a log group, waits at ``gate``, and makes another one."""
    return {
        "landform.yaml": project_file("  slow:\n    module: slow\n    inputs: {gate: '${var.gate}'}\n"),
        "modules/slow/main.tf": GATED,
        "environments/dev/environment.yaml": ENVIRONMENT,
        "environments/dev/terraform.tfvars": f'gate = "{gate}"\n',
    }
