"""A review of a large plan that somebody else made: how long it takes, and how much memory."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.kit import Figure, run

_MODULES = 40
_RESOURCES = 16_000
_SEED = 20_000
_REGION = "eu-west-1"
_ACCOUNT = "123456789012"
_ACTIONS = (
    [["no-op"]] * 70 + [["create"]] * 12 + [["update"]] * 12 + [["delete", "create"]] * 3 + [["delete"]] * 3
)

_MEASURED = """
import json, resource, sys, time
began = time.process_time()
sys.argv = ["landform", "review", sys.argv[1], "--format", sys.argv[2], "--output", sys.argv[3]]
from landform.cli.app import main
with open("/proc/self/statm") as statm:
    baseline = int(statm.read().split()[1]) * resource.getpagesize()
try:
    main()
except SystemExit as ended:
    code = ended.code
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps([time.process_time() - began, peak - baseline, int(code or 0)]))
"""


def large_plan() -> Iterator[Figure]:
    """16,000 resources, 3 of 10 changing, from file to JSON in a fresh process."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        plan = write_plan(folder / "plan.json", _RESOURCES)
        size = plan.stat().st_size
        took, memory = min(_review(plan, "json", folder / "review.json") for _ in range(2))
    detail = f"{size / 1e6:.0f} MB, {_RESOURCES:,} resources"
    yield Figure("review of a large plan", took, "s", 6.0, detail)
    yield Figure("review of a large plan: memory / size of the file", memory / size, "", 5.0, detail)


def large_page() -> Iterator[Figure]:
    """The page of 2,000 changes: its size, and how soon it can be used where there is a Chromium."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        page = folder / "review.html"
        took, _ = _review(write_plan(folder / "plan.json", 6_500), "html", page)
        size = page.stat().st_size / 1e6
        yield Figure("page of 2,000 changes", size, "MB", 3.0, f"made in {took:.1f} s")
        yield from _opened(page, folder)


def _opened(page: Path, folder: Path) -> Iterator[Figure]:
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from cli.views.browser import CHROMIUM, browser

    if CHROMIUM is None:
        return
    (folder / "browser").mkdir()
    with browser(folder / "browser") as opened:
        took = min(opened.open(page) for _ in range(3))
    yield Figure("page of 2,000 changes: ready in Chromium", took, "s", 1.0, "the best of three")


def _review(plan: Path, form: str, output: Path) -> tuple[float, float]:
    """(seconds of processor time, bytes over what the interpreter needs anyway)."""
    printed = run([sys.executable, "-c", _MEASURED, str(plan), form, str(output)], plan.parent)
    took, memory, code = json.loads(printed)
    if code != 2:
        message = f"landform review ended with {code}, not with 2"
        raise RuntimeError(message)
    return took, memory


def write_plan(path: Path, resources: int) -> Path:
    """A plan as ``terraform show -json`` writes it, of so many resources in modules that read one another.

    Three of ten resources change. The same every time; about 5 KB a resource, as plans of AWS have it.
    """
    made = [_resource(number, random.Random(_SEED + number)) for number in range(resources)]
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {"region": {"value": _REGION}},
        "planned_values": {"root_module": _tree(made, "after")},
        "resource_changes": [_change(each) for each in made],
        "output_changes": {},
        "prior_state": {
            "format_version": "1.0",
            "terraform_version": "1.11.4",
            "values": {"root_module": _tree(made, "before")},
        },
        "configuration": _configuration(resources),
        "timestamp": "2026-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }
    path.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
    return path


def _resource(number: int, chance: random.Random) -> dict[str, Any]:
    """One resource with both sides; ``number`` says where it is and of which type."""
    kind, make = _TYPES[number // _MODULES % len(_TYPES)]
    actions = chance.choice(_ACTIONS)
    old = make(number, chance) if actions != ["create"] else None
    new = None if actions == ["delete"] else dict(old) if old is not None else make(number, chance)
    unknown: dict[str, Any] = {}
    if new is not None and actions != ["no-op"]:
        new["tags"] = new["tags_all"] = new["tags"] | {"Release": f"r{chance.randrange(1_000_000)}"}
    if new is not None and "create" in actions:
        unknown = {"id": True, "arn": True, "tags": {}, "tags_all": {}} | dict.fromkeys(_READING[kind], True)
        for name in unknown:
            if unknown[name] is True:
                new.pop(name, None)
    return {
        "module": f"m{number % _MODULES:02}",
        "type": kind,
        "name": f"r{number // _MODULES:04}",
        "actions": actions,
        "before": old,
        "after": new,
        "unknown": unknown,
        "sensitive": {"password": True} if kind == "aws_db_instance" else {},
    }


def _change(made: Mapping[str, Any]) -> dict[str, Any]:
    change: dict[str, Any] = {
        "actions": made["actions"],
        "before": made["before"],
        "after": made["after"],
        "after_unknown": made["unknown"],
        "before_sensitive": made["sensitive"] if made["before"] is not None else False,
        "after_sensitive": made["sensitive"] if made["after"] is not None else False,
    }
    if made["actions"] == ["delete", "create"]:
        change["replace_paths"] = [[next(iter(_READING[made["type"]]), "id")]]
    return _head(made) | {"module_address": f"module.{made['module']}", "change": change}


def _head(made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "address": f"module.{made['module']}.{made['type']}.{made['name']}",
        "mode": "managed",
        "type": made["type"],
        "name": made["name"],
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }


def _tree(made: list[dict[str, Any]], side: str) -> dict[str, Any]:
    modules: dict[str, list[dict[str, Any]]] = {}
    for each in made:
        if each[side] is not None:
            depends_on = [f"module.{each['module']}.{other}" for other in _others(int(each["name"][1:]))]
            more = {"schema_version": 1, "values": each[side], "sensitive_values": each["sensitive"]}
            more |= {"depends_on": depends_on} if side == "before" else {}
            modules.setdefault(each["module"], []).append(_head(each) | more)
    return {
        "child_modules": [
            {"address": f"module.{name}", "resources": found} for name, found in modules.items()
        ]
    }


def _others(position: int) -> list[str]:
    """What the resource at ``position`` in its module reads: the ones before it."""
    return [
        f"{_TYPES[other % len(_TYPES)][0]}.r{other:04}" for other in range(max(position - 2, 0), position)
    ]


def _configuration(resources: int) -> dict[str, Any]:
    calls = {}
    for number in range(_MODULES):
        inside = range(-(-(resources - number) // _MODULES))
        above = {"upstream": {"references": [f"module.m{number - 1:02}.first", f"module.m{number - 1:02}"]}}
        calls[f"m{number:02}"] = {
            "source": "./modules/service",
            "expressions": {"name": {"constant_value": f"m{number:02}"}} | (above if number else {}),
            "module": {
                "outputs": {"first": {"expression": {"references": ["aws_instance.r0000.id"]}}},
                "resources": [_block(position) for position in inside],
                "variables": {"name": {}, "upstream": {}},
            },
        }
    region = {"region": {"references": ["var.region"]}}
    aws = {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "expressions": region}
    root = {"module_calls": calls, "variables": {"region": {}}}
    return {"provider_config": {"aws": aws | {"version_constraint": "~> 5.0"}}, "root_module": root}


def _block(position: int) -> dict[str, Any]:
    kind = _TYPES[position % len(_TYPES)][0]
    others = _others(position) or ["var.upstream"]
    read = {"references": [f"{others[-1]}.id", others[-1], "var.name", "var.upstream"]}
    expressions = dict.fromkeys(_READING[kind], read) | {"tags": {"references": ["var.name"]}}
    head = {"address": f"{kind}.r{position:04}", "mode": "managed", "type": kind, "name": f"r{position:04}"}
    return head | {"provider_config_key": "aws", "expressions": expressions, "schema_version": 1}


def _hex(chance: random.Random) -> str:
    return f"{chance.randrange(16**17):017x}"


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{_REGION}:{_ACCOUNT}:{rest}"


def _tags(number: int) -> dict[str, Any]:
    tags = {"Name": f"m{number % _MODULES:02}-{number}", "CostCenter": "4711", "Team": "platform"}
    return {"tags": tags, "tags_all": tags | {"ManagedBy": "terraform", "Environment": "prod"}}


def _instance(number: int, chance: random.Random) -> dict[str, Any]:
    name = f"i-{_hex(chance)}"
    disk = {
        "delete_on_termination": True,
        "encrypted": True,
        "iops": 3000,
        "kms_key_id": _arn("kms", "key/1"),
    }
    disk |= {"volume_id": f"vol-{_hex(chance)}", "volume_size": 40, "volume_type": "gp3", "throughput": 125}
    metadata = {"http_endpoint": "enabled", "http_put_response_hop_limit": 2, "http_tokens": "required"}
    return _tags(number) | {
        "ami": f"ami-{_hex(chance)}",
        "arn": _arn("ec2", f"instance/{name}"),
        "associate_public_ip_address": False,
        "availability_zone": f"{_REGION}{chance.choice('abc')}",
        "cpu_core_count": 2,
        "cpu_threads_per_core": 2,
        "credit_specification": [{"cpu_credits": "unlimited"}],
        "disable_api_termination": False,
        "ebs_block_device": [disk | {"device_name": f"/dev/sd{letter}"} for letter in "fg"],
        "ebs_optimized": True,
        "id": name,
        "instance_type": chance.choice(["t3.micro", "m5.large", "c5.xlarge"]),
        "key_name": "ops",
        "metadata_options": [metadata],
        "monitoring": True,
        "primary_network_interface_id": f"eni-{_hex(chance)}",
        "private_dns": f"ip-10-0-{number % 250}-{number % 199}.{_REGION}.compute.internal",
        "private_ip": f"10.0.{number % 250}.{number % 199}",
        "root_block_device": [disk | {"device_name": "/dev/xvda"}],
        "subnet_id": f"subnet-{_hex(chance)}",
        "user_data": f"#!/bin/sh\necho {_hex(chance)} > /etc/release\nsystemctl restart app\n",
        "vpc_security_group_ids": [f"sg-{_hex(chance)}" for _ in range(3)],
    }


def _group(number: int, chance: random.Random) -> dict[str, Any]:
    rules = [
        {"cidr_blocks": [f"10.{port % 250}.0.0/16"], "description": f"service {port}", "from_port": port,
         "ipv6_cidr_blocks": [], "prefix_list_ids": [], "protocol": "tcp", "security_groups": [],
         "self": False, "to_port": port}
        for port in sorted(chance.sample(range(1024, 9999), 6))
    ]  # fmt: skip
    name = f"sg-{_hex(chance)}"
    return _tags(number) | {
        "arn": _arn("ec2", f"security-group/{name}"),
        "description": "Managed by Terraform",
        "egress": rules[:2],
        "id": name,
        "ingress": rules[2:],
        "name": f"group-{number}",
        "owner_id": _ACCOUNT,
        "revoke_rules_on_delete": False,
        "vpc_id": f"vpc-{_hex(chance)}",
    }


def _role(number: int, chance: random.Random) -> dict[str, Any]:
    statements = [
        {"Sid": f"S{each}", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
         "Resource": f"arn:aws:s3:::bucket-{_hex(chance)}/*"}
        for each in range(5)
    ]  # fmt: skip
    return _tags(number) | {
        "arn": f"arn:aws:iam::{_ACCOUNT}:policy/app-{number}",
        "description": "",
        "id": f"arn:aws:iam::{_ACCOUNT}:policy/app-{number}",
        "name": f"app-{number}",
        "path": "/",
        "policy": json.dumps({"Version": "2012-10-17", "Statement": statements}),
        "policy_id": f"ANPA{_hex(chance).upper()}",
    }


def _database(number: int, chance: random.Random) -> dict[str, Any]:
    name = f"db-{number}"
    return _tags(number) | {
        "address": f"{name}.abc.{_REGION}.rds.amazonaws.com",
        "allocated_storage": 100,
        "arn": _arn("rds", f"db:{name}"),
        "availability_zone": f"{_REGION}a",
        "backup_retention_period": 7,
        "deletion_protection": True,
        "enabled_cloudwatch_logs_exports": ["postgresql", "upgrade"],
        "engine": "postgres",
        "engine_version": "16.4",
        "id": f"db-{_hex(chance)}",
        "identifier": name,
        "instance_class": "db.t4g.medium",
        "kms_key_id": _arn("kms", "key/1"),
        "multi_az": True,
        "parameter_group_name": "default.postgres16",
        "password": f"secret-{_hex(chance)}",
        "port": 5432,
        "skip_final_snapshot": False,
        "storage_encrypted": True,
        "storage_type": "gp3",
        "username": "root",
        "vpc_security_group_ids": [f"sg-{_hex(chance)}" for _ in range(2)],
    }


def _bucket(number: int, chance: random.Random) -> dict[str, Any]:
    name = f"bucket-{_hex(chance)}"
    encryption = {"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}
    return _tags(number) | {
        "arn": f"arn:aws:s3:::{name}",
        "bucket": name,
        "bucket_domain_name": f"{name}.s3.amazonaws.com",
        "bucket_regional_domain_name": f"{name}.s3.{_REGION}.amazonaws.com",
        "force_destroy": False,
        "grant": [{"id": _hex(chance), "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}],
        "hosted_zone_id": "Z1BKCTXD74EZPE",
        "id": name,
        "region": _REGION,
        "server_side_encryption_configuration": [{"rule": [encryption | {"bucket_key_enabled": True}]}],
        "versioning": [{"enabled": True, "mfa_delete": False}],
    }


_TYPES = (
    ("aws_instance", _instance),
    ("aws_security_group", _group),
    ("aws_iam_policy", _role),
    ("aws_instance", _instance),
    ("aws_db_instance", _database),
    ("aws_security_group", _group),
    ("aws_s3_bucket", _bucket),
)

_READING: Mapping[str, tuple[str, ...]] = {
    "aws_instance": ("subnet_id", "vpc_security_group_ids", "private_ip"),
    "aws_security_group": ("vpc_id", "owner_id"),
    "aws_iam_policy": ("policy_id",),
    "aws_db_instance": ("kms_key_id", "vpc_security_group_ids", "address"),
    "aws_s3_bucket": ("hosted_zone_id",),
}
"""The attributes of each type that read another resource; their first one forces a replacement."""
