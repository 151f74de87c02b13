"""What the tables name exists in the AWS provider: a misspelt attribute would be a rule that never speaks."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from landform.engine import clean_environment, find_engine, prepare_cli_config
from landform.review.remedies import REMEDIES, SNAPSHOTS
from landform.review.risk import attributes
from landform.review.risk.ending_types import DNS, GUARDS, IDENTITY, KEYS, SERVING
from landform.review.risk.stateful import STATEFUL
from landform.review.risk.switches import Switch

_ROOT = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
"""
_SINCE_6 = ["aws_eks_cluster.deletion_protection"]
"""What the provider has since 6.0, and this one has not."""
_SWITCHES: tuple[Switch, ...] = (
    *attributes.PROTECTION,
    *attributes.ENCRYPTION,
    *attributes.RETENTION,
    *attributes.EXPOSURE,
    *attributes.CAPACITY,
    *attributes.INTERRUPTION,
)


@pytest.mark.e2e
def test_every_type_and_attribute_of_the_tables_exists(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_ROOT, encoding="utf-8")
    _terraform(tmp_path, "init", "-input=false")
    schemas = json.loads(_terraform(tmp_path, "providers", "schema", "-json"))["provider_schemas"]
    (provider,) = schemas.values()
    blocks = {name: schema["block"] for name, schema in provider["resource_schemas"].items()}
    assert [
        name for name in (*STATEFUL, *IDENTITY, *DNS, *KEYS, *SERVING, *GUARDS) if name not in blocks
    ] == []
    missing = [f"{kind}.{path}" for kind, path in _named() if not _has(blocks[kind], path.split("."))]
    assert missing == _SINCE_6
    orphans = [each.path for each in _SWITCHES if not each.types and not _anywhere(blocks, each.path)]
    assert orphans == []


def _terraform(folder: Path, *argv: str) -> str:
    engine = find_engine(constraint=">= 1.10, < 2")
    env = clean_environment(os.environ)
    config = prepare_cli_config(os.environ).path
    if config is not None:
        env["TF_CLI_CONFIG_FILE"] = str(config)
    done = subprocess.run(
        [str(engine.path), *argv], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _named() -> Iterator[tuple[str, str]]:
    """Each attribute that a table names together with its type."""
    yield from ((kind, each.path) for each in _SWITCHES for kind in each.types)
    yield from ((kind, kept.path) for kind, row in STATEFUL.items() for kept in row.kept)
    yield from ((kind, each.attribute) for each in REMEDIES for kind in each.types)
    for how in SNAPSHOTS:
        yield from ((kind, name) for name in (how.attribute, how.skip) if name for kind in how.types)
    yield from ((kind, guarded) for kind, (_, guarded, _) in GUARDS.items() if guarded)


def _anywhere(blocks: Mapping[str, Any], path: str) -> bool:
    return any(_has(block, path.split(".")) for block in blocks.values())


def _has(block: Mapping[str, Any], names: Sequence[str]) -> bool:
    name, *rest = names
    attribute = block.get("attributes", {}).get(name)
    if attribute is not None:
        inside = json.dumps(attribute.get("type", attribute.get("nested_type")))
        return all(f'"{each}"' in inside for each in rest)
    nested = block.get("block_types", {}).get(name)
    return nested is not None and (not rest or _has(nested["block"], rest))
