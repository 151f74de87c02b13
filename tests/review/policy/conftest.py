"""A project whose policies are asked about a small plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Write = Callable[[Mapping[str, str]], Path]

SECRET = "hunter2-hunter2"
_PROJECT = """\
project: shop
stacks:
  web: {module: x/y/aws}
"""


def plan_document() -> dict[str, Any]:
    """A plan as ``terraform show -json`` writes it: a bucket, and a database with a secret."""
    bucket = {"acl": "private", "tags": {"Name": "a"}, "tags_all": {"Name": "a"}}
    database = {"password": SECRET, "instance_class": "db.t4g.micro"}
    return {
        "format_version": "1.2",
        "resource_changes": [
            _created("module.web.aws_s3_bucket.logs", bucket, {"id": True}, {}),
            _created("module.web.aws_db_instance.main", database, {"id": True}, {"password": True}),
        ],
    }


def _created(address: str, after: Any, unknown: Any, sensitive: Any) -> dict[str, Any]:
    change = {"actions": ["create"], "before": None, "after": after}
    marks = {"after_unknown": unknown, "after_sensitive": sensitive, "before_sensitive": False}
    return {
        "address": address,
        "type": address.split(".")[-2],
        "mode": "managed",
        "change": change | marks,
    }


@pytest.fixture
def project(write: Write) -> Callable[..., Path]:
    """A function that writes a project with policies and returns its folder; ``plan.json`` lies in it."""

    def write_project(files: Mapping[str, str] | None = None, policy: str = "", dev: str = "") -> Path:
        whole = {
            "landform.yaml": _PROJECT + policy,
            "environments/dev/environment.yaml": "region: us-east-1\n" + dev,
            "plan.json": json.dumps(plan_document()),
        }
        return write(whole | {f"policies/{name}": text for name, text in (files or {}).items()})

    return write_project
