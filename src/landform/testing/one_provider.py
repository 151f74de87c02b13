"""Whether a module tree has exactly one configuration of the AWS provider, read from its HCL.

A provider that serves many commands keeps one configuration only: in a tree with two, every resource would
silently land where the last one points. So whatever is not understood here counts as a second one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d+")
_SOURCES = frozenset(
    {"hashicorp/aws", "registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"}
)
_LOCAL = ("./", "../")
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class AwsConfiguration:
    """The AWS configuration of a module tree.

    ``why_not`` is empty where there is exactly one, else the reason to doubt it. ``region`` is the one that
    is written in it; "" where none is, so that the environment decides; None where an expression does.
    """

    why_not: str = ""
    region: str | None = ""


def read_aws_configuration(root: Path, data_dir: Path | None = None, *more: Path) -> AwsConfiguration:
    """Read the root and every module it calls; ``more`` are further files that count, such as test files.

    ``data_dir`` is the ``TF_DATA_DIR`` of an initialised root, whose manifest says where modules from
    elsewhere lie. Never raises for a file it cannot read: that is a reason for doubt.
    """
    try:
        regions = [*_module(root, "", _manifest(root, data_dir)), *_files_alone(more)]
    except _Doubt as doubt:
        return AwsConfiguration(str(doubt), None)
    if len(regions) > 1:
        return AwsConfiguration(f"there are {len(regions)} aws provider blocks", None)
    return AwsConfiguration("", regions[0] if regions else "")


class _Doubt(Exception):
    """Why this may be more than one configuration."""


def _module(folder: Path, key: str, manifest: Mapping[str, Path]) -> Iterator[str | None]:
    """The regions of the aws provider blocks of a module and of those it calls. Raises _Doubt."""
    if any(folder.glob("*.tofu*")):
        raise _Doubt(f"{folder} has files that only OpenTofu reads")
    files = sorted([*folder.glob("*.tf"), *folder.glob("*.tf.json")])
    if not files:
        raise _Doubt(f"{folder} has no .tf files")
    for path in files:
        content = _read(path)
        own = list(_providers(path, content))
        if own and key:
            raise _Doubt(f"{path} configures aws inside a module")
        yield from own
        _check_requirements(path, content)
        _check_resources(path, content)
        for name, call in _labelled(content, "module"):
            yield from _called(folder, f"{key}.{name}".lstrip("."), call, manifest)


def _called(
    folder: Path, key: str, call: Mapping[str, Any], manifest: Mapping[str, Path]
) -> Iterator[str | None]:
    passed = call.get("providers", {})
    if not isinstance(passed, Mapping) or any("." in f"{name}{given}" for name, given in passed.items()):
        raise _Doubt(f"module.{key} is given provider configurations")
    source = str(call.get("source", ""))
    target = folder / source if source.startswith(_LOCAL) else manifest.get(key)
    if target is None or key.count(".") > _DEEPEST:
        raise _Doubt(f"module.{key} ({source}) is not on this disk yet")
    yield from _module(target, key, manifest)


def _files_alone(paths: tuple[Path, ...]) -> Iterator[str | None]:
    for path in paths:
        yield from _providers(path, _read(path))


def _providers(path: Path, content: Mapping[str, Any]) -> Iterator[str | None]:
    for name, block in _labelled(content, "provider"):
        if name != "aws":
            continue
        if "alias" in block or "for_each" in block:
            raise _Doubt(f"{path} has an aws provider with an alias")
        region = block.get("region", "")
        yield region if region == "" or _REGION.fullmatch(str(region)) else None


def _check_requirements(path: Path, content: Mapping[str, Any]) -> None:
    for block in _blocks(content.get("terraform")):
        for required in _blocks(block.get("required_providers")):
            for name, wanted in required.items():
                source = str(wanted.get("source", "")).lower() if isinstance(wanted, Mapping) else ""
                if source in _SOURCES and name != "aws":
                    raise _Doubt(f"{path} has hashicorp/aws under the name {name}")
                if name == "aws" and isinstance(wanted, Mapping) and wanted.get("configuration_aliases"):
                    raise _Doubt(f"{path} asks for further aws configurations")


def _check_resources(path: Path, content: Mapping[str, Any]) -> None:
    """From provider 6 on a resource may name a region of its own."""
    for kind in ("resource", "data", "ephemeral"):
        for each, named in _labelled(content, kind):
            if not each.startswith("aws_"):
                continue
            for name, body in named.items():
                for block in _blocks(body):
                    if "region" in block:
                        raise _Doubt(f"{path}: {each}.{name} names a region of its own")
                    if "." in str(block.get("provider", "")):
                        raise _Doubt(f"{path}: {each}.{name} names a provider configuration")


def _labelled(content: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each block of a kind with its first label; one or many, HCL or JSON."""
    for group in _blocks(content.get(kind)):
        for name, bodies in group.items():
            for body in _blocks(bodies):
                yield name, body


def _blocks(value: Any) -> Iterator[Mapping[str, Any]]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            yield each


def _read(path: Path) -> Mapping[str, Any]:
    import pygohcl

    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if path.suffix == ".json" else pygohcl.loads(text)
    except (OSError, ValueError, pygohcl.HCLParseError, pygohcl.HCLInternalError) as error:
        raise _Doubt(f"{path} cannot be read ({error})") from None
    if not isinstance(found, Mapping):
        raise _Doubt(f"{path} is no configuration")
    return found


def _manifest(root: Path, data_dir: Path | None) -> dict[str, Path]:
    """Where ``terraform init`` put each module, by its key such as ``network.subnets``."""
    try:
        content = json.loads(((data_dir or root / ".terraform") / "modules" / "modules.json").read_bytes())
        return {str(one["Key"]): root / str(one["Dir"]) for one in content["Modules"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
