"""Secrets written into what a machine or a container starts with, for everyone who may look."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landform.planning.changes import Change, Path
from landform.review.diff import shown_path
from landform.review.risk.scene import Hit, Scene, about
from landform.review.risk.values import leaves

_PLACES = (
    "user_data", "user_data_base64", "container_definitions", "environment.variables",
    "environment.environment_variable", "launch_specification.user_data",
)  # fmt: skip
_LARGEST = 1 << 20
_REFERENCES = ("PARAMETER_STORE", "SECRETS_MANAGER")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class _Secret:
    """One kind of secret. No text without any of ``marks``, in lower case, is worth the search."""

    kind: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]


_SECRETS = (
    _Secret("an AWS access key", ("akia", "asia"), re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    _Secret(
        "an AWS secret key",
        ("secret",),
        re.compile(
            r"""(?i)aws_?secret_?(?:access_?)?key["']?\s*[=:]\s*["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"""
        ),
    ),
    _Secret("a private key", ("-----begin",), re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")),
    _Secret(
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{60,}"),
    ),
    _Secret("a Slack token", ("xox",), re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    _Secret(
        "a password",
        ("passw", "_pwd"),
        re.compile(
            r"""(?i)(?:password|passwd|mysql_pwd)["']?\s*[=:]\s*["']?"""
            r"""(?![$<{%`*(/]|arn:|ssm:|(?:true|false|null|none|changeme)\b)[^\s"'\\$,;<>{}`()]{6,}"""
        ),
    ),
    _Secret(
        "a password in an address",
        ("://",),
        re.compile(r"\b[a-z][a-z0-9+]*://[^\s:/@$]+:(?![$<{%`*])[^\s:/@${}]{6,}@"),
    ),
)
"""Only what is a secret with high confidence: a reference to one, or a placeholder, is none."""


def secret_in_user_data(scene: Scene) -> Iterator[Hit]:
    """A secret that this change writes where it was not before. The secret itself is never shown."""
    for place in _PLACES:
        names = place.split(".")
        for change in scene.touching(names[0]):
            for path, kind, line in _written(change, names):
                says = f"has {kind} in its {names[0]}"
                yield about(change, says, f"{shown_path(path)}: {kind} in line {line}")


def _written(change: Change, names: list[str]) -> Iterator[tuple[Path, str, int]]:
    """Where, which kind and in which line of the text, for each secret that is new."""
    old: list[str] | None = None
    for path, text in _texts(change.after.value, names):
        plain = text.lower()
        for secret in _SECRETS:
            for found in secret.pattern.finditer(text) if any(mark in plain for mark in secret.marks) else ():
                if old is None:
                    old = [each for _, each in _texts(change.before.value, names)]
                if not any(found.group(0) in each for each in old):
                    yield path, secret.kind, text.count("\n", 0, found.start()) + 1
                    break


def _texts(value: Any, names: list[str]) -> Iterator[tuple[Path, str]]:
    for path, found in leaves(value, names):
        yield from _scalars(found, path)


def _scalars(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Each text, decoded; an entry of a map as ``name=value``, since the name tells what the value is."""
    if isinstance(value, str):
        held = _data(value)
        if held is None:
            yield path, _decoded(value[:_LARGEST])
        else:
            yield from _scalars(held, path)
    elif isinstance(value, Mapping):
        if isinstance(value.get("name"), str) and isinstance(value.get("value"), str):
            if value.get("type") not in _REFERENCES:
                yield (*path, "value"), f"{value['name']}={value['value']}"
            return
        for key, item in value.items():
            if isinstance(item, str):
                yield (*path, str(key)), f"{key}={item}"
            else:
                yield from _scalars(item, (*path, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, (*path, index))


def _data(text: str) -> Any:
    """What a JSON text such as ``container_definitions`` holds; None where it is no JSON."""
    try:
        return json.loads(text) if text.lstrip()[:1] in ("[", "{") else None
    except ValueError:
        return None


def _decoded(text: str) -> str:
    """Base64 and gzip undone, where it is that and gives text."""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
        if raw.startswith(_GZIP):
            raw = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, _LARGEST)
        return raw.decode()
    except (binascii.Error, ValueError, zlib.error):
        return text
