"""Secrets in what machines and containers start with: found in any wrapping, and never shown."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from review.risk.plans import change, of_rule

_KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"
_SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"
_PRIVATE = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n"
_PASSWORD = "correct-horse"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _found(kind: str, after: Any, before: Any = None) -> list[str]:
    found = of_rule("secret-in-user-data", change(kind, before, after))
    for finding in found:
        for secret in (_KEY_ID, _SECRET_KEY, "MIIEpAIBAAKCAQEA", _PASSWORD, "hunter22"):
            assert secret not in f"{finding.title}{finding.evidence}{finding.advice}"
    return [finding.evidence for finding in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"export AWS_ACCESS_KEY_ID={_KEY_ID}", "an AWS access key"),
        (f"aws_secret_access_key = {_SECRET_KEY}", "an AWS secret key"),
        (f"cat > key <<E\n{_PRIVATE}", "a private key"),
        (f"DB_PASSWORD={_PASSWORD}", "a password"),
        (f'password: "{_PASSWORD}"', "a password"),
        (f"postgres://app:{_PASSWORD}@db/app", "a password in an address"),
        ("token=ghp_" + "a" * 36, "a GitHub token"),
    ],
)
def test_a_secret_is_found_in_plain_text_base64_and_gzip(text: str, kind: str) -> None:
    script = f"#!/bin/sh\n\n{text}\n"
    expected = [f"user_data: {kind} in line {4 if kind == 'a private key' else 3}"]
    zipped = base64.b64encode(gzip.compress(script.encode())).decode()
    for written in (script, _base64(script), zipped):
        assert _found("aws_launch_template", {"user_data": written}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "PASSWORD=$DB_PASSWORD",
        "PASSWORD=$(aws secretsmanager get-secret-value --secret-id db)",
        "password={{resolve:secretsmanager:db}}",
        "password=",
        "password: changeme",
        "DB_PASSWORD_FILE=/run/secrets/db",
        "password=/prod/db/password",
        "postgres://app:$PASSWORD@db/app",
        "https://example.org:8443/path@2",
        "-----BEGIN PUBLIC KEY-----",
        "0b6d5c0a8f1e2d3c4b5a69788796a5b4c3d2e1f0",
    ],
)
def test_a_reference_or_a_placeholder_is_no_secret(text: str) -> None:
    for written in (text, _base64(text)):
        assert _found("aws_launch_template", {"user_data": written}) == []


def test_environment_variables_are_read_by_their_names() -> None:
    containers = [{"name": "web", "environment": [{"name": "DB_PASSWORD", "value": _PASSWORD}]}]
    task = {"container_definitions": json.dumps(containers)}
    assert _found("aws_ecs_task_definition", task) == [
        "container_definitions[0].environment[0].value: a password in line 1"
    ]
    function = {"environment": [{"variables": {"DB_PASSWORD": _PASSWORD, "TABLE": "orders"}}]}
    assert _found("aws_lambda_function", function) == [
        "environment[0].variables.DB_PASSWORD: a password in line 1"
    ]
    variable = {"name": "DB_PASSWORD", "value": "prod-db-password", "type": "SECRETS_MANAGER"}
    assert _found("aws_codebuild_project", {"environment": [{"environment_variable": [variable]}]}) == []


def test_a_container_that_only_reads_a_secret_has_none() -> None:
    reads = [{"name": "web", "secrets": [{"name": "DB_PASSWORD", "valueFrom": "arn:aws:secretsmanager:::x"}]}]
    assert _found("aws_ecs_task_definition", {"container_definitions": json.dumps(reads)}) == []


def test_a_secret_that_stood_there_before_is_not_told_again() -> None:
    before = {"user_data": f"PASSWORD={_PASSWORD}"}
    after = {"user_data": f"echo hello\nPASSWORD={_PASSWORD}"}
    assert _found("aws_launch_template", after, before) == []
    other = {"user_data": "PASSWORD=hunter22"}
    assert _found("aws_launch_template", other, before) == ["user_data: a password in line 1"]
